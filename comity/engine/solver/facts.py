"""A request for the solver: what is known of it is fixed, and everything else is free within its kind."""

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


class Chosen(Struct, frozen=True, eq=False):
    """A choice: the place of its member among the members."""

    place: Any
    members: tuple[str, ...]


class Named(Struct, frozen=True, eq=False):
    """A name, as a number; each name that a condition mentions has one, and all further numbers are other names."""

    number: Any


class Record:
    """A record that a list may hold: whether it is there, and what of it conditions have asked for so far."""

    def __init__(
        self, request: Request, kind: kinds.Records, known: Mapping[str, Scalar | KnownSet], there: Truth
    ) -> None:
        self.request, self.kind, self.known, self.there = request, kind, known, there
        self.fields: dict[str, Term] = {}
        self.sets: dict[str, dict[str, Truth]] = {}

    def field(self, name: str) -> Term:
        """A plain field."""
        if name not in self.fields:
            self.fields[name] = self.request.scalar(self.kind.fields[name], self.known.get(name))
        return self.fields[name]

    def members(self, name: str) -> dict[str, Truth]:
        """Whether each member is in a field that is a set."""
        if name not in self.sets:
            kind, value = self.kind.fields[name], self.known.get(name)
            assert isinstance(kind, kinds.Set)
            self.sets[name] = self.request.set_of(kind, value if isinstance(value, KnownSet) else None)
        return self.sets[name]

    def completed(self, model: Any) -> dict[str, Scalar | KnownSet]:
        """The record as a model has it, with what is known of it."""
        fields: dict[str, Scalar | KnownSet] = {
            name: self.request.scalar_in(model, term) for name, term in self.fields.items()
        }
        return {**self.known, **fields, **{name: _set_in(model, members) for name, members in self.sets.items()}}


class Request:
    """The facts of one request as the solver sees them, made as conditions ask for them; `rules` must hold of all."""

    def __init__(self, vocabulary: Vocabulary, values: Mapping[str, Value], context: Any) -> None:
        self.vocabulary, self.values, self.context = vocabulary, values, context
        self.rules: list[Any] = []
        self.scalars: dict[str, Term] = {}
        self.sets: dict[str, dict[str, Truth]] = {}
        self.lists: dict[str, list[Record]] = {}
        self.names: list[str] = []
        self.numbers = count()
        self.calendar = Calendar(self.number, self.rules, context)

    def fact(self, path: str) -> Term:
        """A plain fact; the uncertain force of an instrument is one too."""
        if path not in self.scalars:
            self.scalars[path] = self.scalar(kind_of(path, self.vocabulary), self.values.get(path))
        return self.scalars[path]

    def members(self, path: str) -> dict[str, Truth]:
        """Whether each member is in a set."""
        if path not in self.sets:
            kind, value = kind_of(path, self.vocabulary), self.values.get(path)
            assert isinstance(kind, kinds.Set)
            self.sets[path] = self.set_of(kind, value if isinstance(value, KnownSet) else None)
        return self.sets[path]

    def records(self, path: str, free: int) -> list[Record]:
        """The records that are known, then so many that may join them."""
        if path not in self.lists:
            kind, value = kind_of(path, self.vocabulary), self.values.get(path)
            assert isinstance(kind, kinds.Records)
            known = value if isinstance(value, KnownList) else KnownList((), whole=False)
            made = [Record(self, kind, item, True) for item in known.items]
            made += [Record(self, kind, {}, self.truth()) for _ in range(0 if known.whole else free)]
            self.lists[path] = made
        return self.lists[path]

    def set_of(self, kind: kinds.Set, known: KnownSet | None) -> dict[str, Truth]:
        if known is None:
            return {member: self.truth() for member in kind.members}
        return {
            member: True if member in known.members else False if known.whole else self.truth()
            for member in kind.members
        }

    def scalar(self, kind: kinds.Kind, known: Any) -> Term:
        """A plain value of a kind: what is known of it, or a free one."""
        match kind:
            case kinds.Choice(members):
                return known if known is not None else self.choice(members)
            case kinds.Text():
                return Named(self.number_of(known) if known is not None else self.whole(0))
            case kinds.Day():
                return certain(known) if isinstance(known, date) else self.calendar.free()
            case kinds.Number(_, minimum):
                return known if known is not None else self.whole(minimum)
        return known if known is not None else self.truth()

    def number_of(self, name: str) -> int:
        """The number that stands for a name."""
        if name not in self.names:
            self.names.append(name)
        return self.names.index(name)

    def truth(self) -> Any:
        return z3.Bool(f"t{next(self.numbers)}", self.context)

    def number(self) -> Any:
        return z3.Int(f"n{next(self.numbers)}", self.context)

    def whole(self, least: int) -> Any:
        own = self.number()
        self.rules.append(own >= least)
        return own

    def choice(self, members: tuple[str, ...]) -> Chosen:
        place = self.whole(0)
        self.rules.append(place < len(members))
        return Chosen(place, members)

    def completed(self, model: Any) -> dict[str, Value]:
        """The request with every fact that was asked for known, as a model of the solver's has it."""
        made = dict(self.values)
        made |= {path: self.scalar_in(model, term) for path, term in self.scalars.items()}
        made |= {path: _set_in(model, members) for path, members in self.sets.items()}
        for path, records in self.lists.items():
            there = [own for own in records if _truth_in(model, own.there)]
            made[path] = KnownList(tuple(own.completed(model) for own in there))
        return made

    def scalar_in(self, model: Any, term: Term) -> Scalar:
        match term:
            case Chosen(place, members):
                return members[_whole_in(model, place)]
            case Named(number):
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
