"""Reasons about every possible request at once: whether one exists with a property, and which.

The solver (Z3) is given the conditions as the law has them, not the normal form and the questions that the other engines
share, so that a fault in those shows. What it cannot settle in time is a third answer, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import z3
from msgspec import Struct

from comity.engine.outcome import CERTAIN, Outcome
from comity.engine.questions.questions import DECIDING
from comity.engine.solver.effort import Effort
from comity.engine.solver.logic import Truth, all_of
from comity.engine.solver.views import Found, View, Views
from comity.facts.kinds import Value
from comity.language import syntax
from comity.law.in_force import Stack
from comity.law.instrument import DUTIES

MILLISECONDS_MAX = 10_000


class Possible(Struct, frozen=True):
    """The outcomes that some completion has, each with one such completion.

    `unsettled` are the outcomes that were not settled in time.
    """

    witnesses: dict[Outcome, dict[str, Value]]
    unsettled: tuple[Outcome, ...] = ()

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The outcomes that are possible."""
        return tuple(self.witnesses)


class Solver:
    """One stack, about whose requests the solver answers questions.

    `values` are facts that are the same in every request. Unknown facts are free variables, an effect stands if it applies
    and nothing that it yields to stands, and an outcome is a formula over the effects that stand. So a solution is a complete
    request, and no solution is a proof that there is none. A question sees only the effects and conditions that it needs,
    since the time that the solver takes grows with what it sees; it gives up on one after `milliseconds_max`, and on all
    that are left once `steps_max` steps were spent, if that is not 0.
    """

    def __init__(
        self,
        stack: Stack,
        milliseconds_max: int = MILLISECONDS_MAX,
        values: Mapping[str, Value] = {},
        steps_max: int = 0,
    ) -> None:
        self.effort = Effort(steps_max)
        self.stack, self.milliseconds_max, self.values = stack, milliseconds_max, values
        self.cached_views: dict[tuple[syntax.Condition, ...], Views] = {}

    @cached_property
    def context(self) -> z3.Context:
        """The memory of the solver.

        One for each stack, so that what it finds does not depend on other stacks.
        """
        return z3.Context()

    def of_action(self, action: str) -> list[int]:
        """The effects that decide an action, by their places in the stack."""
        return self.deciding.get(action, [])

    @cached_property
    def deciding(self) -> dict[str, list[int]]:
        """The effects that decide each action."""
        found: dict[str, list[int]] = {}
        for index, effect in enumerate(self.stack.standing):
            if effect.kind in DECIDING:
                found.setdefault(effect.action, []).append(index)
        return found

    def views(self, effects: Iterable[int], conditions: Iterable[syntax.Condition] = ()) -> Views:
        """The views of the stack that show some effects and conditions."""
        seen = tuple(dict.fromkeys((*(self.stack.standing[index].when for index in effects), *conditions)))
        if seen not in self.cached_views:
            self.cached_views[seen] = Views(
                self.stack,
                seen,
                values=self.values,
                milliseconds_max=self.milliseconds_max,
                context=self.context,
                effort=self.effort,
            )
        return self.cached_views[seen]

    def outcome(self, action: str, outcome: Outcome, *conditions: syntax.Condition) -> Found:
        """A request for which an action has an outcome and some conditions are true."""

        def wanted(view: View) -> Truth:
            return all_of((*(view.truth(condition) for condition in conditions), view.outcome(action, outcome)))

        if outcome == "in_conflict" and not {*DUTIES} <= {
            self.stack.standing[index].kind for index in self.of_action(action)
        }:
            return Found(None)  # no duty is there to contradict another, whatever the conditions are
        return self.views(self.of_action(action), conditions).find(wanted)

    def possible(self, action: str, values: Mapping[str, Value]) -> Possible:
        """The possible outcomes of an action over all completions of a request.

        Where the request is silent, the facts of the place are used.
        """
        return self.completing(values).possible_everywhere(action)

    def completing(self, values: Mapping[str, Value]) -> Solver:
        """A solver of the completions of one request, for several questions about it: its memory takes time to set up."""
        return Solver(self.stack, self.milliseconds_max, {**self.stack.facts, **values})

    def possible_everywhere(self, action: str) -> Possible:
        """The outcomes of an action that some request has in which the values of this solver hold."""
        found = {outcome: self.outcome(action, outcome) for outcome in CERTAIN}
        witnesses = {outcome: answer.values for outcome, answer in found.items() if answer.values is not None}
        return Possible(witnesses, tuple(outcome for outcome, answer in found.items() if not answer.settled))
