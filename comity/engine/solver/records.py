"""Implications between bodies: what a record that satisfies one body must satisfy, whatever the rest of the request is.

The view that only counts may say that a list has a robbery, yet no robbery of any grade. Reasoning about one record shows
that this is impossible, and why. That becomes a rule for the counts, and the view with all records is seldom needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import z3

from comity.engine.solver.effort import Effort
from comity.engine.solver.facts import SymbolicRequest
from comity.engine.solver.lists import Body
from comity.engine.solver.logic import negated

BODY, CONTRARY = "is", "is not"


class OneRecord:
    """One free record of a list, about which implications between bodies are proved.

    Takes a request with nothing known about its lists, so that an implication is true of every record of every request.
    `satisfies` translates a body for a record; the solver gives up after `steps_max` steps.
    """

    def __init__(self, request: SymbolicRequest, satisfies: Any, steps_max: int, effort: Effort) -> None:
        self.request, self.satisfies, self.effort = request, satisfies, effort
        self.solver = z3.Solver(ctx=request.context)
        self.solver.set("rlimit", steps_max)
        self.names: dict[tuple[Body, bool], Any] = {}
        self.ruled = 0

    def follows(self, body: Body, absent: Iterable[Body]) -> list[Body] | None:
        """Those `absent` bodies of which a record that satisfies `body` must satisfy one.

        None if a record may satisfy `body` and none of them, or if that is not settled.
        """
        others = {self.name(other, False).decl().name(): other for other in absent}
        asked = [self.name(body, True), *(self.name(other, False) for other in others.values())]
        self.solver.add(*self.request.rules[self.ruled :])
        self.ruled = len(self.request.rules)
        answer = self.solver.check(*asked)
        self.effort.note(self.solver)
        if answer != z3.unsat:
            return None
        core = [literal.decl().name() for literal in self.solver.unsat_core()]
        return [others[name] for name in core if name in others]

    def name(self, body: Body, so: bool) -> Any:
        """A truth that implies that the record satisfies a body, or does not (`so`)."""
        if (body, so) not in self.names:
            [record] = self.request.records(body[0], 1)[-1:]
            truth = self.satisfies(body[1], record)
            name = z3.Bool(f"{BODY if so else CONTRARY} {len(self.names)}", self.request.context)
            self.solver.add(z3.Implies(name, truth if so else negated(truth)))
            self.names[body, so] = name
        return self.names[body, so]


def present_and_absent(model: Any, counts: Mapping[Body, Any]) -> tuple[list[Body], list[Body]]:
    """The bodies that some record satisfies in a model of counts, and the others."""
    numbers = {
        body: count if isinstance(count, int) else model.eval(count, model_completion=True).as_long()
        for body, count in counts.items()
    }
    return [body for body, number in numbers.items() if number], [
        body for body, number in numbers.items() if not number
    ]


def of_list(bodies: Iterable[Body], path: str) -> list[Body]:
    """The bodies that are asked of one list."""
    return [body for body in bodies if body[0] == path]
