"""Reasons about every request at once: whether there is one of which something is so, and which.

The solver is given the law's own conditions, apart from the normal form and the questions of the other engines, so that
a fault in those shows. What it cannot settle in time is a third answer, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import z3
from msgspec import Struct

from comity.engine.outcome import CERTAIN, Outcome
from comity.engine.questions.questions import DECIDING
from comity.engine.solver.logic import Truth, all_of
from comity.engine.solver.views import Found, View, Views
from comity.facts.kinds import Value
from comity.language import syntax
from comity.law.in_force import Stack

MILLISECONDS_MAX = 10_000


class Possible(Struct, frozen=True):
    """The outcomes that some completion has, each with such a request; and those that the solver could not settle."""

    witnesses: dict[Outcome, dict[str, Value]]
    unsettled: tuple[Outcome, ...] = ()

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        return tuple(self.witnesses)


class Every:
    """One stack, about which questions are put to the solver; each sees no more of the stack than it needs."""

    def __init__(
        self, stack: Stack, milliseconds_max: int = MILLISECONDS_MAX, values: Mapping[str, Value] = {}
    ) -> None:
        self.stack, self.milliseconds_max, self.values = stack, milliseconds_max, values
        self.kept: dict[tuple[syntax.Condition, ...], Views] = {}

    @cached_property
    def context(self) -> z3.Context:
        """The solver's memory; one for each stack, so that what it finds does not depend on other stacks."""
        return z3.Context()

    def of_action(self, action: str) -> list[int]:
        """The effects that decide an action, by their places in the stack."""
        return [index for index, own in enumerate(self.stack.standing) if own.action == action and own.kind in DECIDING]

    def views(self, effects: Iterable[int], beside: Iterable[syntax.Condition] = ()) -> Views:
        """The stack as seen for some effects and further conditions."""
        conditions = tuple(dict.fromkeys((*(self.stack.standing[index].when for index in effects), *beside)))
        if conditions not in self.kept:
            self.kept[conditions] = Views(self.stack, conditions, self.values, self.milliseconds_max, self.context)
        return self.kept[conditions]

    def outcome(self, action: str, outcome: Outcome, *beside: syntax.Condition) -> Found:
        """A request of which an action has an outcome, and some further conditions are so."""

        def wanted(view: View) -> Truth:
            return all_of((*(view.truth(own) for own in beside), view.outcome(action, outcome)))

        return self.views(self.of_action(action), beside).find(wanted)

    def possible(self, action: str, values: Mapping[str, Value]) -> Possible:
        """The outcomes of an action under every completion of a request; the facts of the place fill what it leaves out."""
        own = Every(self.stack, self.milliseconds_max, {**self.stack.facts, **values})
        found = {outcome: own.outcome(action, outcome) for outcome in CERTAIN}
        witnesses = {outcome: answer.values for outcome, answer in found.items() if answer.values is not None}
        return Possible(witnesses, tuple(outcome for outcome, answer in found.items() if not answer.settled))
