"""A stack as the solver sees it, in the ways in which lists can be seen, and what it finds in each.

What the solver gives up on is a third answer, never a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal, TypeAlias

import z3
from msgspec import Struct, structs

from comity.engine.outcome import Outcome
from comity.engine.solver.conditions import Answers, Conditions
from comity.engine.solver.facts import Request
from comity.engine.solver.lists import FEW, Counts, Records, Witnesses, asked_of_lists, slots_needed
from comity.engine.solver.logic import Truth, all_of, any_of, negated
from comity.engine.solver.records import OneRecord, of_list, present_and_absent
from comity.facts.kinds import KnownList, Value
from comity.language import syntax
from comity.law.in_force import Stack

# In steps of the solver's own, about five million a second: so what is given up on, and so what is shown, is always the same.
QUICK_STEPS_MAX, LESSON_STEPS_MAX, EACH_STEPS_MAX = 5_000_000, 1_000_000, 500_000
LESSONS_MAX = 40


class Found(Struct, frozen=True):
    """A request of which something is so; without `values` there is none, or where not `settled` that is not known."""

    values: dict[str, Value] | None
    settled: bool = True

    @property
    def never(self) -> bool:
        """Whether it is proved that there is none."""
        return self.values is None and self.settled


class View:
    """A stack as the solver sees it, with the records of lists seen in one way (`every_lists`)."""

    def __init__(
        self,
        stack: Stack,
        request: Request,
        conditions: Conditions | Answers,
        milliseconds_max: int,
        steps_max: int = 0,
    ) -> None:
        self.stack, self.request, self.conditions = stack, request, conditions
        self.steps_max = steps_max
        self.told: dict[syntax.Condition, Truth] = {}
        self.standing: dict[int, Truth] = {}
        self.outcomes: dict[tuple[str, Outcome], Truth] = {}
        self.solver = z3.Solver(ctx=request.context)
        self.solver.set("timeout", milliseconds_max)
        self.ruled = 0
        self.model: Any = None

    def truth(self, condition: syntax.Condition) -> Truth:
        """Whether a closed condition is so."""
        if condition not in self.told:
            self.told[condition] = self.conditions.truth(condition)
        return self.told[condition]

    def applies(self, index: int) -> Truth:
        """Whether an effect of the stack applies."""
        return self.truth(self.stack.standing[index].when)

    def stands(self, index: int) -> Truth:
        """Whether an effect applies and nothing that it yields to stands."""
        if index not in self.standing:
            defeated = any_of(self.stands(to.to) for to in self.stack.standing[index].yields_to)
            self.standing[index] = all_of((self.applies(index), negated(defeated)))
        return self.standing[index]

    def outcome(self, action: str, outcome: Outcome) -> Truth:
        """Whether an action has an outcome."""
        if (action, outcome) not in self.outcomes:
            self.outcomes[action, outcome] = self.written(action, outcome)
        return self.outcomes[action, outcome]

    def written(self, action: str, outcome: Outcome) -> Truth:
        required, forbidden, permitted = (
            any_of(
                self.stands(index)
                for index, own in enumerate(self.stack.standing)
                if (own.action, own.kind) == (action, kind)
            )
            for kind in ("requires", "forbids", "permits")
        )
        match outcome:
            case "required":
                return all_of((required, negated(forbidden)))
            case "forbidden":
                return all_of((forbidden, negated(required)))
            case "in_conflict":
                return all_of((required, forbidden))
        no_duty = (negated(required), negated(forbidden))
        return all_of((*no_duty, permitted if outcome == "permitted" else negated(permitted)))

    def find(self, wanted: Truth) -> Found:
        """A request of which something is so, as far as this view can tell."""
        if wanted is False:
            return Found(None)
        self.solver.set("rlimit", self.steps_max)
        self.rule()
        self.solver.push()
        self.solver.add(wanted)
        answer = self.solver.check()
        self.model = self.solver.model() if answer == z3.sat else None
        made = self.request.completed(self.model) if self.model is not None else None
        self.solver.pop()
        return Found(made, answer != z3.unknown)

    def needed(self, given: Sequence[Truth], so: Truth) -> list[int]:
        """Which of some truths are enough for something to be so, by their places; all of them where that is not settled."""
        self.solver.set("rlimit", EACH_STEPS_MAX)
        self.rule()
        self.solver.push()
        self.solver.add(negated(so))
        names = [z3.Bool(f"given {place}", self.request.context) for place in range(len(given))]
        self.solver.add(*(z3.Implies(name, own) for name, own in zip(names, given, strict=True)))
        kept = list(range(len(given)))
        if self.solver.check(*names) == z3.unsat:
            kept = _places(self.solver, names)
            for place in list(kept):
                rest = [own for own in kept if own != place]
                if place in kept and self.solver.check(*(names[own] for own in rest)) == z3.unsat:
                    kept = [own for own in rest if own in _places(self.solver, names)]
        self.solver.pop()
        return kept

    def rule(self) -> None:
        """Gives the solver the rules that facts have brought with them since."""
        self.solver.add(*self.request.rules[self.ruled :])
        self.ruled = len(self.request.rules)


def _places(solver: Any, names: Sequence[Any]) -> list[int]:
    core = {own.decl().name() for own in solver.unsat_core()}
    return [place for place, name in enumerate(names) if name.decl().name() in core]


Wanted: TypeAlias = Callable[[View], Truth]
Way: TypeAlias = Literal["answers", "few", "counts", "witnesses"]


class Views:
    """A stack as seen in the three ways, for what some conditions ask; each made when it is first needed."""

    def __init__(
        self,
        stack: Stack,
        conditions: Iterable[syntax.Condition],
        values: Mapping[str, Value],
        milliseconds_max: int,
        context: Any,
    ) -> None:
        self.stack, self.values, self.milliseconds_max, self.context = stack, values, milliseconds_max, context
        self.asked = asked_of_lists(conditions, stack.vocabulary)
        self.needed = slots_needed(self.asked)
        self.made: dict[Way, View] = {}

    def find(self, wanted: Wanted) -> Found:
        """A request of which something is so. Few records may show one, counts alone that there is none; all records do both."""
        few = self.view("few")
        found = few.find(wanted(few))
        if found.values is not None or (found.settled and all(number <= FEW for number in self.needed.values())):
            return found
        if self.never(wanted):
            return Found(None)
        witnesses = self.view("witnesses")
        return witnesses.find(wanted(witnesses))

    def never(self, wanted: Wanted) -> bool:
        """Whether counts alone show that there is none, made wiser by what no record can be."""
        view = self.view("counts")
        formula = wanted(view)
        assert isinstance(view.conditions, Conditions) and isinstance(view.conditions.lists, Counts)
        counts = view.conditions.lists
        for _ in range(LESSONS_MAX):
            found = view.find(formula)
            lessons = self.lessons(view, counts) if found.values is not None else []
            if not lessons:
                return found.never
            view.request.rules += lessons
        return False

    def lessons(self, view: View, counts: Counts) -> list[Truth]:
        """What follows for lists from what each record would have to be in the request found last."""
        present, absent = present_and_absent(view.model, counts.made)
        made = []
        for body in present:
            others = self.record.follows(body, of_list(absent, body[0]))
            if others is not None:
                made.append(z3.Implies(counts.made[body] >= 1, any_of(counts.made[own] >= 1 for own in others)))
        return made

    @cached_property
    def record(self) -> OneRecord:
        request = Request(self.stack.vocabulary, self.unlisted, self.context)
        conditions = Conditions(request, Counts(request))
        return OneRecord(
            request, lambda body, record: structs.replace(conditions, record=record).truth(body), LESSON_STEPS_MAX
        )

    @property
    def unlisted(self) -> dict[str, Value]:
        """What is known, without the lists: a lesson is about any record."""
        return {path: value for path, value in self.values.items() if not isinstance(value, KnownList)}

    def view(self, name: Way) -> View:
        if name not in self.made:
            request = Request(self.stack.vocabulary, self.values, self.context)
            most = 0 if name == "witnesses" else QUICK_STEPS_MAX
            self.made[name] = View(self.stack, request, self.conditions(name, request), self.milliseconds_max, most)
        return self.made[name]

    def conditions(self, name: Way, request: Request) -> Conditions | Answers:
        match name:
            case "answers":
                return Answers(request)
            case "few":
                return Conditions(
                    request, Records(request, {path: min(number, FEW) for path, number in self.needed.items()})
                )
            case "counts":
                return Conditions(request, Counts(request))
            case "witnesses":
                return Conditions(request, Witnesses(request, self.asked))
