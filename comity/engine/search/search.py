"""Decides a request by searching the answers to the questions that are still open.

The possible outcomes of an action are its outcomes under every completion of the missing facts. The search takes the
conditions apart until each is decided, and asks in turn each open question that matters, with each answer it can have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

from comity.engine.outcome import CERTAIN, Outcome
from comity.engine.questions.questions import Questions, standing_of
from comity.engine.questions.splits import Atom
from comity.language import syntax
from comity.language.connect import ALWAYS, NEVER, all_of, any_of, denial
from comity.language.logic import Kleene, disjunction

Open: TypeAlias = frozenset[str]  # what is still possible: outcomes, or the truths "so" and "not so"
Conclude: TypeAlias = Callable[[Sequence[Kleene]], Open]


def possible(asked: Questions, action: str, truths: Mapping[Atom, bool]) -> tuple[Outcome, ...]:
    """The outcomes of an action under every completion of what is not known."""
    indices = asked.of_action(action)
    found = _Search(asked, dict(truths)).open([asked.conditions[i] for i in indices], _outcomes(asked, indices))
    return tuple(outcome for outcome in CERTAIN if outcome in found)


def stands_at_all(asked: Questions, index: int, truths: Mapping[Atom, bool]) -> tuple[bool, bool]:
    """Whether an effect prevails under some completion, and whether under every one."""
    indices = asked.deciding_whether_stands(index)

    def stands(applies: Sequence[Kleene]) -> Kleene:
        return standing_of(asked, indices, applies)[index]

    return open_truths(asked, [asked.conditions[i] for i in indices], stands, truths)


def open_truths(
    asked: Questions,
    conditions: Sequence[syntax.Condition],
    holds: Callable[[Sequence[Kleene]], Kleene],
    truths: Mapping[Atom, bool],
) -> tuple[bool, bool]:
    """Whether something that depends on conditions is true under some completion, and whether under every one."""

    def conclude(applies: Sequence[Kleene]) -> Open:
        truth = holds(applies)
        return frozenset(name for name, value in (("so", True), ("not so", False)) if truth is None or truth is value)

    found = _Search(asked, dict(truths)).open(conditions, conclude)
    return "so" in found, "not so" not in found


def _outcomes(asked: Questions, indices: Sequence[int]) -> Conclude:
    """The possible outcomes, given whether each effect applies."""

    def conclude(applies: Sequence[Kleene]) -> Open:
        stands = standing_of(asked, indices, applies)
        required, forbidden, permitted = (
            disjunction(truth for index, truth in stands.items() if asked.standing[index].kind == kind)
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
    """Finds what is possible by splitting on questions; the conditions are simplified after each answer."""

    def __init__(self, asked: Questions, truths: dict[Atom, bool]) -> None:
        self.asked, self.truths = asked, truths
        self.found: set[str] = set()
        self.seen: set[object] = set()

    def open(self, conditions: Sequence[syntax.Condition], conclude: Conclude) -> Open:
        self.conclude = conclude
        self.descend(tuple(reduced(condition, self.truths) for condition in conditions), self.truths)
        return frozenset(self.found)

    def descend(self, rest: tuple[syntax.Condition, ...], assumed: Mapping[Atom, bool]) -> None:
        still_open = self.conclude([_decided(condition) for condition in rest])
        if still_open <= self.found:
            return
        if len(still_open) == 1:
            self.found |= still_open
            return
        atom = next(found for condition in rest if (found := _first_atom(condition)))
        split, _ = self.asked.of_atom[atom]
        for answer in split.answers:
            given = dict(zip(split.atoms, answer, strict=True))
            if self.asked.fits(given, assumed):
                self.visit(tuple(reduced(condition, given) for condition in rest), {**assumed, **given})

    def visit(self, rest: tuple[syntax.Condition, ...], assumed: Mapping[Atom, bool]) -> None:
        """Descends, unless the same conditions with the same related answers were visited before."""
        related = frozenset((atom, so) for atom, so in assumed.items() if atom in self.related)
        if (rest, related) not in self.seen:
            self.seen.add((rest, related))
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
