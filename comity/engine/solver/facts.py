"""A request for the solver: known facts are constants, and every other fact is a free variable of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import count
from typing import Any, TypeAlias

import z3
from msgspec import Struct

from comity.engine.solver.days import Calendar, SomeDay, certain
from comity.engine.solver.logic import Truth
from comity.facts import kinds
from comity.facts.kinds import KnownList, KnownSet, Scalar, Value
from comity.facts.vocabulary import Vocabulary, kind_of

Term: TypeAlias = Any  # a literal, an expression, or one of the three below


class SymbolicChoice(Struct, frozen=True, eq=False):
    """A choice, as the index of its member among the members."""

    place: Any
    members: tuple[str, ...]


class SymbolicName(Struct, frozen=True, eq=False):
    """A name, as a number; each name that a condition mentions has one.

    Every other number is some other name.
    """

    number: Any


class SymbolicRecord:
    """A record that may be in a list, with the fields that conditions have asked for."""

    def __init__(
        self, request: SymbolicRequest, kind: kinds.Records, *, known: Mapping[str, Scalar | KnownSet], there: Truth
    ) -> None:
        self.request, self.kind, self.known, self.there = request, kind, known, there
        self.fields: dict[str, Term] = {}
        self.sets: dict[str, dict[str, Truth]] = {}

    def field(self, name: str) -> Term:
        """A field that is not a set."""
        if name not in self.fields:
            self.fields[name] = self.request.scalar(self.kind.fields[name], self.known.get(name))
        return self.fields[name]

    def members(self, name: str) -> dict[str, Truth]:
        """For each possible member of a field that is a set, whether it is in it."""
        if name not in self.sets:
            kind, value = self.kind.fields[name], self.known.get(name)
            assert isinstance(kind, kinds.Set)
            self.sets[name] = self.request.set_of(kind, value if isinstance(value, KnownSet) else None)
        return self.sets[name]

    def completed(self, model: Any) -> dict[str, Scalar | KnownSet]:
        """The record in a model of the solver, with its known fields."""
        fields: dict[str, Scalar | KnownSet] = {
            name: self.request.scalar_in(model, term) for name, term in self.fields.items()
        }
        return {**self.known, **fields, **{name: _set_in(model, members) for name, members in self.sets.items()}}


class SymbolicRequest:
    """The facts of one request as terms of the solver, created on first use.

    A known fact is a constant; an unknown one is a free variable, and `rules` has the bounds of its kind. So the models of
    the rules are exactly the complete requests that agree with the known facts.
    """

    def __init__(self, vocabulary: Vocabulary, values: Mapping[str, Value], context: Any) -> None:
        self.vocabulary, self.values, self.context = vocabulary, values, context
        self.rules: list[Any] = []
        self.scalars: dict[str, Term] = {}
        self.sets: dict[str, dict[str, Truth]] = {}
        self.lists: dict[str, list[SymbolicRecord]] = {}
        self.names: list[str] = []
        self.numbers = count()
        self.calendar = Calendar(self.number, self.rules, context)

    def fact(self, path: str) -> Term:
        """A fact that is neither a set nor a list; also the force of an instrument."""
        if path not in self.scalars:
            self.scalars[path] = self.scalar(kind_of(path, self.vocabulary), self.values.get(path))
        return self.scalars[path]

    def members(self, path: str) -> dict[str, Truth]:
        """For each possible member of a set, whether it is in it."""
        if path not in self.sets:
            kind, value = kind_of(path, self.vocabulary), self.values.get(path)
            assert isinstance(kind, kinds.Set)
            self.sets[path] = self.set_of(kind, value if isinstance(value, KnownSet) else None)
        return self.sets[path]

    def records(self, path: str, free: int) -> list[SymbolicRecord]:
        """The known records of a list, then `free` more that may be there or not.

        There are no further ones if the list is known whole.
        """
        if path not in self.lists:
            kind, value = kind_of(path, self.vocabulary), self.values.get(path)
            assert isinstance(kind, kinds.Records)
            known = value if isinstance(value, KnownList) else KnownList((), whole=False)
            records = [SymbolicRecord(self, kind, known=item, there=True) for item in known.items]
            records += [
                SymbolicRecord(self, kind, known={}, there=self.truth()) for _ in range(0 if known.whole else free)
            ]
            self.lists[path] = records
        return self.lists[path]

    def set_of(self, kind: kinds.Set, known: KnownSet | None) -> dict[str, Truth]:
        """For each possible member, whether it is in a set that may be known in part."""
        if known is None:
            return {member: self.truth() for member in kind.members}
        return {
            member: True if member in known.members else False if known.whole else self.truth()
            for member in kind.members
        }

    def scalar(self, kind: kinds.Kind, known: Any) -> Term:
        """A value of a kind: the known one, or a free variable."""
        match kind:
            case kinds.Choice(members):
                return known if known is not None else self.choice(members)
            case kinds.Text():
                return SymbolicName(self.number_of(known) if known is not None else self.whole(0))
            case kinds.Day():
                return certain(known) if isinstance(known, date) else self.calendar.free()
            case kinds.Number(_, minimum):
                return known if known is not None else self.whole(minimum)
        return known if known is not None else self.truth()

    def number_of(self, name: str) -> int:
        """The number of a name; a new one if it has none yet."""
        if name not in self.names:
            self.names.append(name)
        return self.names.index(name)

    def truth(self) -> Any:
        """A free truth."""
        return z3.Bool(f"t{next(self.numbers)}", self.context)

    def number(self) -> Any:
        """A free integer."""
        return z3.Int(f"n{next(self.numbers)}", self.context)

    def whole(self, least: int) -> Any:
        """A free integer that is at least `least`."""
        number = self.number()
        self.rules.append(number >= least)
        return number

    def choice(self, members: tuple[str, ...]) -> SymbolicChoice:
        """A free choice among members."""
        place = self.whole(0)
        self.rules.append(place < len(members))
        return SymbolicChoice(place, members)

    def completed(self, model: Any) -> dict[str, Value]:
        """The facts of the request in a model: all that were asked for or known before."""
        values = dict(self.values)
        values |= {path: self.scalar_in(model, term) for path, term in self.scalars.items()}
        values |= {path: _set_in(model, members) for path, members in self.sets.items()}
        for path, records in self.lists.items():
            there = [record for record in records if _truth_in(model, record.there)]
            values[path] = KnownList(tuple(record.completed(model) for record in there))
        return values

    def scalar_in(self, model: Any, term: Term) -> Scalar:
        """The value of a term in a model."""
        match term:
            case SymbolicChoice(place, members):
                return members[_whole_in(model, place)]
            case SymbolicName(number):
                place = _whole_in(model, number)
                return self.names[place] if place < len(self.names) else f"another name, {place}"
            case SomeDay(number):
                return date.fromordinal(_whole_in(model, number))
            case bool() | int() | str():
                return term
        return _truth_in(model, term) if z3.is_bool(term) else _whole_in(model, term)


def _whole_in(model: Any, term: Any) -> int:
    return term if isinstance(term, int) else int(model.eval(term, model_completion=True).as_long())


def _truth_in(model: Any, term: Truth) -> bool:
    return term if isinstance(term, bool) else z3.is_true(model.eval(term, model_completion=True))


def _set_in(model: Any, members: Mapping[str, Truth]) -> KnownSet:
    return KnownSet(frozenset(member for member, within in members.items() if _truth_in(model, within)))
