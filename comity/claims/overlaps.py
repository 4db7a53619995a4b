"""Which provisions can apply to one request: all pairs of effects on the same action.

Most pairs are settled without the solver. A request for which one effect applies is merged with one for which another
does, and the reference engine says which effects apply to the result; an overlap found this way needs no proof. The
solver decides only the remaining pairs, and sees only the two conditions of a pair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TypeAlias

from msgspec import Struct

from comity.claims.prover import Prover
from comity.claims.witness import Values
from comity.engine.solver.logic import all_of
from comity.engine.solver.views import View
from comity.facts.kinds import KnownList, KnownSet, Value
from comity.language.evaluate import Known, truth

Pair: TypeAlias = tuple[int, int]


class Overlaps(Struct, frozen=True):
    """Pairs of effects, by their places in the stack, that can apply together.

    `unsettled` are the pairs not settled in time. All other pairs of one action are proved to exclude each other.
    """

    together: frozenset[Pair]
    unsettled: frozenset[Pair] = frozenset()


def find_overlaps(prover: Prover) -> Overlaps:
    """The pairs of effects on one action that can apply to one request."""
    together: set[Pair] = set()
    unsettled: set[Pair] = set()
    for action in prover.actions:
        effects = prover.solver.of_action(action)
        found = _OfAction(prover, effects)
        together |= found.together
        for pair in found.left():
            answer = prover.find(pair, lambda view, pair=pair: _both(view, pair))  # type: ignore[misc]
            if answer.values is not None:
                together.add(pair)
            elif not answer.settled:
                unsettled.add(pair)
    return Overlaps(frozenset(together), frozenset(unsettled))


def _both(view: View, pair: Pair) -> object:
    return all_of(view.applies(index) for index in pair)


class _OfAction:
    """The pairs of one action that merged requests show to overlap."""

    def __init__(self, prover: Prover, effects: Sequence[int]) -> None:
        self.prover, self.effects = prover, effects
        self.together: set[Pair] = set()
        alone = {index: prover.find([index], lambda view, index=index: view.applies(index)) for index in effects}  # type: ignore[misc]
        self.alone = {index: found.values for index, found in alone.items() if found.values is not None}
        self.never = {index for index, found in alone.items() if found.never}
        for index, values in self.alone.items():
            self.grow(index, values)

    def left(self) -> list[Pair]:
        """The pairs that are still open; an effect that never applies overlaps with none."""
        pairs = combinations([index for index in self.effects if index not in self.never], 2)
        return [pair for pair in pairs if pair not in self.together]

    def grow(self, index: int, values: Values) -> None:
        """Merges other requests into one, and records the effects that apply together."""
        grown = values
        for other, more in self.alone.items():
            if other != index and _pair(index, other) not in self.together:
                merged = _merged(grown, more)
                grown = merged if self.applies(other, merged) and self.applies(index, merged) else grown
        if grown is not values:
            self.together |= set(combinations([effect for effect in self.effects if self.applies(effect, grown)], 2))

    def applies(self, index: int, values: Mapping[str, Value]) -> bool:
        """Whether an effect surely applies to a request."""
        stack = self.prover.stack
        return truth(stack.standing[index].when, Known({**stack.facts, **values}, stack.vocabulary)) is True


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def _merged(one: Mapping[str, Value], other: Mapping[str, Value]) -> Values:
    """Two requests merged: the records and set members of both, and the first's plain facts."""
    merged = {**other, **one}
    for path in one.keys() & other.keys():
        merged[path] = _joined(one[path], other[path])
    return merged


def _joined(one: Value, other: Value) -> Value:
    if isinstance(one, KnownList) and isinstance(other, KnownList):
        return KnownList(
            (*one.items, *(item for item in other.items if item not in one.items)), one.whole and other.whole
        )
    if isinstance(one, KnownSet) and isinstance(other, KnownSet):
        return KnownSet(one.members | other.members, one.whole and other.whole)
    return one
