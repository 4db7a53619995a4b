"""Reasons about every request at once: which outcomes some completion of what is missing has, with a witness for each.

The solver is given the law's own conditions, apart from the normal form and the questions of the other engines, so that
a fault in those shows. What it cannot settle is a third answer, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import z3
from msgspec import Struct

from comity.decide.decision import CERTAIN, Outcome
from comity.decide.every_conditions import Conditions, all_of, any_of, negated, slots_needed
from comity.decide.every_facts import Request, Truth
from comity.decide.one import DECIDING
from comity.facts.kinds import Value
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
    """One stack as the solver sees it."""

    def __init__(self, stack: Stack, milliseconds_max: int = MILLISECONDS_MAX) -> None:
        self.stack, self.milliseconds_max = stack, milliseconds_max

    def possible(self, action: str, values: Mapping[str, Value]) -> Possible:
        """The outcomes of an action under every completion of a request; the facts of the place fill what it leaves out."""
        effects = [index for index, own in enumerate(self.stack.standing) if own.action == action and own.kind in DECIDING]
        closed = [self.stack.standing[index].when for index in effects]
        request = Request(self.stack.vocabulary, {**self.stack.facts, **values}, slots_needed(closed))
        conditions = Conditions(request)
        formulas = self.outcomes(effects, [conditions.truth(when) for when in closed])
        solver = z3.Solver()
        solver.set("timeout", self.milliseconds_max)
        solver.add(*request.rules)
        return _settled(solver, request, formulas)

    def outcomes(self, effects: Sequence[int], applies: Sequence[Truth]) -> dict[Outcome, Truth]:
        """When each outcome comes out: an effect stands where it applies and nothing that it yields to stands."""
        stands: dict[int, Truth] = {}
        for index, own in zip(effects, applies, strict=True):
            defeated = any_of(stands[to.to] for to in self.stack.standing[index].yields_to)
            stands[index] = all_of((own, negated(defeated)))
        required, forbidden, permitted = (
            any_of(own for index, own in stands.items() if self.stack.standing[index].kind == kind)
            for kind in ("requires", "forbids", "permits")
        )
        no_duty = (negated(required), negated(forbidden))
        return {
            "required": all_of((required, negated(forbidden))),
            "permitted": all_of((*no_duty, permitted)),
            "forbidden": all_of((forbidden, negated(required))),
            "unaddressed": all_of((*no_duty, negated(permitted))),
            "in_conflict": all_of((required, forbidden)),
        }


def _settled(solver: Any, request: Request, formulas: Mapping[Outcome, Truth]) -> Possible:
    witnesses: dict[Outcome, dict[str, Value]] = {}
    unsettled: list[Outcome] = []
    for outcome in CERTAIN:
        if formulas[outcome] is False:
            continue
        solver.push()
        solver.add(formulas[outcome])
        answer = solver.check()
        if answer == z3.sat:
            witnesses[outcome] = request.completed(solver.model())
        elif answer == z3.unknown:
            unsettled.append(outcome)
        solver.pop()
    return Possible(witnesses, tuple(unsettled))
