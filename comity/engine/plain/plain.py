"""Decides one request by the law in force: the plain engine, which is the definition. Kept plain, never optimised.

The possible outcomes of an action are its outcomes under every completion of the missing facts. So the engine takes
the conditions apart until each is decided, asking in turn each question that is still open and matters, with each
answer that it can have.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

from msgspec import Struct

from comity.decision.decision import CERTAIN, UNDETERMINED, Outcome
from comity.engine.questions.normal import normal
from comity.engine.questions.splits import QUANTIFIERS, Atom, Split, atoms_of, implies, splits_of
from comity.facts.kinds import Value
from comity.language import syntax
from comity.language.connect import ALWAYS, NEVER, all_of, any_of, denial
from comity.language.evaluate import Known, truth
from comity.language.logic import Kleene, conjunction, disjunction, negation
from comity.law.in_force import Stack
from comity.law.instrument import DUTIES
from comity.law.precedence import Standing

Open: TypeAlias = frozenset[str]  # what is still open: outcomes, or the truths "so" and "not so"
Conclude: TypeAlias = Callable[[Sequence[Kleene]], Open]
CALLS_A_QUESTION, CALLS_BESIDE = 4, 1_000
DECIDING = (*DUTIES, "permits", "protects")


class Questions(Struct, frozen=True, dict=True):
    """A stack with its conditions in normal form and the questions that they ask: made once, used for each request."""

    stack: Stack
    standing: tuple[Standing, ...]
    conditions: tuple[syntax.Condition, ...]
    splits: tuple[Split, ...]

    @cached_property
    def of_atom(self) -> Mapping[Atom, tuple[Split, int]]:
        """The split that settles each atom, and the atom's place in it."""
        return {atom: (own, index) for own in self.splits for index, atom in enumerate(own.atoms)}

    @cached_property
    def implied(self) -> Mapping[Atom, frozenset[Atom]]:
        """The atoms that a quantifier makes so by being so, and those that these make so in turn."""
        quantified: list[Atom] = [own.atoms[0] for own in self.splits if isinstance(own.atoms[0], QUANTIFIERS)]
        direct = {one: {other for other in quantified if other != one and implies(one, other)} for one in quantified}
        return {one: frozenset(_reached(one, direct)) for one in quantified if direct[one]}

    @cached_property
    def implying(self) -> Mapping[Atom, frozenset[Atom]]:
        """The same the other way round: the atoms that make an atom so."""
        targets = {other for others in self.implied.values() for other in others}
        return {other: frozenset(one for one, others in self.implied.items() if other in others) for other in targets}

    def fits(self, given: Mapping[Atom, bool], assumed: Mapping[Atom, bool]) -> bool:
        """Whether an answer contradicts nothing: neither a known truth of its own atoms nor an implication.

        The implications hold in chains, so answers that agree two by two can be completed somehow.
        """
        if any(assumed.get(atom, so) != so for atom, so in given.items()):
            return False
        implied, implying = self.implied, self.implying
        for atom, so in given.items():
            others, against = (implied, False) if so else (implying, True)
            if any(assumed.get(other) is against for other in others.get(atom, ())):
                return False
        return True

    def splits_of_action(self, action: str) -> list[Split]:
        """The questions on which the outcome of an action may turn."""
        read = {atom for index in self.of_action(action) for atom in atoms_of(self.conditions[index])}
        return [own for own in self.splits if any(atom in read for atom in own.atoms)]

    def of_action(self, action: str) -> list[int]:
        """The effects that decide an action, by their places in the stack."""
        return [index for index, own in enumerate(self.standing) if own.action == action and own.kind in DECIDING]


def _reached(start: Atom, direct: Mapping[Atom, set[Atom]]) -> set[Atom]:
    found: set[Atom] = set()
    pending = [start]
    while pending:
        fresh = direct[pending.pop()] - found
        found |= fresh
        pending += fresh
    return found - {start}


def questions(stack: Stack) -> Questions:
    """Prepares a stack for deciding."""
    conditions = tuple(normal(own.when, stack.vocabulary) for own in stack.standing)
    splits = splits_of(conditions, stack.vocabulary)
    _go_as_deep_as(len(splits))
    return Questions(stack, stack.standing, conditions, splits)


def _go_as_deep_as(questions: int) -> None:
    """Every engine goes down by a few calls a question; Python's own bound on calls is raised where it would stop that."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), CALLS_A_QUESTION * questions + CALLS_BESIDE))


def completed(stack: Stack, values: Mapping[str, Value]) -> dict[str, Value]:
    """The facts of a request, and where it is silent, those that are true of the place."""
    return {**stack.facts, **values}


def known_truths(asked: Questions, values: Mapping[str, Value]) -> dict[Atom, bool]:
    """What the facts say of each atom that they decide."""
    known = Known(values, asked.stack.vocabulary)
    found = {atom: truth(atom, known) for atom in asked.of_atom}
    return {atom: value for atom, value in found.items() if value is not None}


def possible(asked: Questions, action: str, truths: Mapping[Atom, bool]) -> tuple[Outcome, ...]:
    """The outcomes of an action under every completion of what is not known."""
    indices = asked.of_action(action)
    found = _Search(asked, dict(truths)).open([asked.conditions[i] for i in indices], _outcomes(asked, indices))
    return tuple(outcome for outcome in CERTAIN if outcome in found)


def outcome_of(possible: Sequence[Outcome]) -> Outcome:
    """The one outcome that is open, or `undetermined`."""
    return possible[0] if len(possible) == 1 else UNDETERMINED


def standing_of(asked: Questions, indices: Sequence[int], applies: Sequence[Kleene]) -> dict[int, Kleene]:
    """Whether each effect stands: it applies, and nothing that it yields to stands."""
    stands: dict[int, Kleene] = {}
    for index, own in zip(indices, applies, strict=True):
        defeated = disjunction(stands[to.to] for to in asked.standing[index].yields_to)
        stands[index] = conjunction((own, negation(defeated)))
    return stands


def stands_at_all(asked: Questions, index: int, truths: Mapping[Atom, bool]) -> tuple[bool, bool]:
    """Whether an effect stands under some completion, and whether under every one."""
    indices = asked.of_action(asked.standing[index].action)

    def stands(applies: Sequence[Kleene]) -> Kleene:
        return standing_of(asked, indices, applies)[index]

    return open_truths(asked, [asked.conditions[i] for i in indices], stands, truths)


def open_truths(
    asked: Questions,
    conditions: Sequence[syntax.Condition],
    holds: Callable[[Sequence[Kleene]], Kleene],
    truths: Mapping[Atom, bool],
) -> tuple[bool, bool]:
    """Whether something that follows from conditions is so under some completion, and whether under every one."""

    def conclude(applies: Sequence[Kleene]) -> Open:
        own = holds(applies)
        return frozenset(name for name, value in (("so", True), ("not so", False)) if own is None or own is value)

    found = _Search(asked, dict(truths)).open(conditions, conclude)
    return "so" in found, "not so" not in found


def _outcomes(asked: Questions, indices: Sequence[int]) -> Conclude:
    """Which outcomes are open, given what is decided of each effect."""

    def conclude(applies: Sequence[Kleene]) -> Open:
        stands = standing_of(asked, indices, applies)
        required, forbidden, permitted = (
            disjunction(own for index, own in stands.items() if asked.standing[index].kind == kind)
            for kind in ("requires", "forbids", "permits")
        )
        return frozenset(
            _outcome(r, f, p) for r in _either(required) for f in _either(forbidden) for p in _either(permitted)
        )

    return conclude


def _outcome(required: bool, forbidden: bool, permitted: bool) -> Outcome:
    if required:
        return "in_conflict" if forbidden else "required"
    if forbidden:
        return "forbidden"
    return "permitted" if permitted else "unaddressed"


def _either(value: Kleene) -> tuple[bool, ...]:
    return (True, False) if value is None else (value,)


class _Search:
    """Finds what is open by splitting; what is left of the conditions is simplified after each answer."""

    def __init__(self, asked: Questions, truths: dict[Atom, bool]) -> None:
        self.asked, self.truths = asked, truths
        self.found: set[str] = set()
        self.seen: set[object] = set()

    def open(self, conditions: Sequence[syntax.Condition], conclude: Conclude) -> Open:
        self.conclude = conclude
        self.descend(tuple(reduced(condition, self.truths) for condition in conditions), self.truths)
        return frozenset(self.found)

    def descend(self, rest: tuple[syntax.Condition, ...], assumed: Mapping[Atom, bool]) -> None:
        still_open = self.conclude([_decided(own) for own in rest])
        if still_open <= self.found:
            return
        if len(still_open) == 1:
            self.found |= still_open
            return
        atom = next(found for own in rest if (found := _first_atom(own)))
        split, _ = self.asked.of_atom[atom]
        for answer in split.answers:
            given = dict(zip(split.atoms, answer, strict=True))
            if self.asked.fits(given, assumed):
                self.visit(tuple(reduced(own, given) for own in rest), {**assumed, **given})

    def visit(self, rest: tuple[syntax.Condition, ...], assumed: Mapping[Atom, bool]) -> None:
        """Descends unless the same is left as was left before, with the same answers that bear on others."""
        bearing = frozenset((atom, so) for atom, so in assumed.items() if atom in self.related)
        if (rest, bearing) not in self.seen:
            self.seen.add((rest, bearing))
            self.descend(rest, assumed)

    @cached_property
    def related(self) -> frozenset[Atom]:
        return frozenset((*self.asked.implied, *self.asked.implying))


def reduced(condition: syntax.Condition, truths: Mapping[Atom, bool]) -> syntax.Condition:
    """What is left of a condition once some of its atoms are known."""
    match condition:
        case syntax.Truth():
            return condition
        case syntax.Not(body):
            return denial(reduced(body, truths))
        case syntax.And(parts):
            return all_of(reduced(part, truths) for part in parts)
        case syntax.Or(parts):
            return any_of(reduced(part, truths) for part in parts)
        case _:
            value = truths.get(condition)
            return condition if value is None else ALWAYS if value else NEVER


def _decided(condition: syntax.Condition) -> Kleene:
    return condition.value if isinstance(condition, syntax.Truth) else None


def _first_atom(condition: syntax.Condition) -> Atom | None:
    match condition:
        case syntax.Truth():
            return None
        case syntax.Not(body):
            return _first_atom(body)
        case syntax.And(parts) | syntax.Or(parts):
            return _first_atom(parts[0])
        case _:
            return condition
