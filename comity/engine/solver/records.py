"""What no record can be: some things asked of a list follow from others, whatever the rest of the request is.

A view that only counts may say that a list has a robbery and no felony robbery of any grade. A look at one record tells
that this cannot be, and why: so the next count is wiser, and the records themselves are seldom needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import z3

from comity.engine.solver.facts import Request
from comity.engine.solver.lists import Body
from comity.engine.solver.logic import negated

BODY, CONTRARY = "is", "is not"


class OneRecord:
    """One record of a list and what may be asked of it, all at once."""

    def __init__(self, request: Request, told: Any, steps_max: int) -> None:
        self.request, self.told = request, told
        self.solver = z3.Solver(ctx=request.context)
        self.solver.set("rlimit", steps_max)
        self.names: dict[tuple[Body, bool], Any] = {}
        self.ruled = 0

    def follows(self, body: Body, absent: Iterable[Body]) -> list[Body] | None:
        """Of some bodies that no record satisfies, those of which a record that satisfies another must satisfy one.

        None where a record may satisfy the one and none of the others, or where that is not settled.
        """
        others = {self.name(own, False).decl().name(): own for own in absent}
        asked = [self.name(body, True), *(self.name(own, False) for own in others.values())]
        self.solver.add(*self.request.rules[self.ruled :])
        self.ruled = len(self.request.rules)
        if self.solver.check(*asked) != z3.unsat:
            return None
        core = [own.decl().name() for own in self.solver.unsat_core()]
        return [others[name] for name in core if name in others]

    def name(self, body: Body, so: bool) -> Any:
        """A name for a body's being so of the record, or not so."""
        if (body, so) not in self.names:
            [record] = self.request.records(body[0], 1)[-1:]
            truth = self.told(body[1], record)
            name = z3.Bool(f"{BODY if so else CONTRARY} {len(self.names)}", self.request.context)
            self.solver.add(z3.Implies(name, truth if so else negated(truth)))
            self.names[body, so] = name
        return self.names[body, so]


def present_and_absent(model: Any, counts: Mapping[Body, Any]) -> tuple[list[Body], list[Body]]:
    """The bodies that some record satisfies in a model of counts, and those that none does."""
    numbers = {
        body: own if isinstance(own, int) else model.eval(own, model_completion=True).as_long()
        for body, own in counts.items()
    }
    return [own for own, number in numbers.items() if number], [own for own, number in numbers.items() if not number]


def of_list(bodies: Iterable[Body], path: str) -> list[Body]:
    """The bodies that are asked of one list."""
    return [own for own in bodies if own[0] == path]
