"""A stack as formulas of the solver, in each of the views of lists, and the search for a request in them.

What the solver gives up on is a third answer, never a guess.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal, TypeAlias

import z3
from msgspec import Struct, structs

from comity.engine.outcome import Outcome
from comity.engine.solver.conditions import Answers, Conditions
from comity.engine.solver.effort import Effort
from comity.engine.solver.facts import SymbolicRequest
from comity.engine.solver.lists import FEW, FreeRecords, RecordCounts, WitnessRecords, asked_of_lists, slots_needed
from comity.engine.solver.logic import Truth, all_of, any_of, negated
from comity.engine.solver.records import OneRecord, of_list, present_and_absent
from comity.facts.kinds import KnownList, Value
from comity.language import syntax
from comity.law.in_force import Stack
from comity.law.instrument import EffectKind

# In steps of the solver, about five million a second; unlike seconds, they give up on the same questions on every machine.
QUICK_STEPS_MAX, LESSON_STEPS_MAX, EACH_STEPS_MAX = 5_000_000, 1_000_000, 500_000
LESSONS_MAX = 40
QUESTION_PARTS, CONDITION_PARTS = (
    10,
    3,
)  # what a question, and each condition in it, costs beside the solver's own steps


class Found(Struct, frozen=True):
    """A request that was looked for.

    Without `values` there is none, or if not `settled`, that is not known.
    """

    values: dict[str, Value] | None
    settled: bool = True

    @property
    def never(self) -> bool:
        """Whether it is proved that there is no such request."""
        return self.values is None and self.settled


class View:
    """A stack as formulas over one request, with lists in one of their views.

    Takes a request and a translation of conditions; gives formulas for whether an effect applies, whether it stands, and
    whether an action has an outcome, each translated once. `find` asks the solver for a model of a formula.
    """

    def __init__(
        self,
        stack: Stack,
        request: SymbolicRequest,
        conditions: Conditions | Answers,
        *,
        milliseconds_max: int,
        steps_max: int = 0,
        effort: Effort | None = None,
    ) -> None:
        self.stack, self.request, self.conditions = stack, request, conditions
        self.steps_max, self.effort = steps_max, effort or Effort()
        self.truths: dict[syntax.Condition, Truth] = {}
        self.standing: dict[int, Truth] = {}
        self.outcomes: dict[tuple[str, Outcome], Truth] = {}
        self.solver = z3.Solver(ctx=request.context)
        self.solver.set("timeout", milliseconds_max)
        self.ruled = 0
        self.model: Any = None

    def truth(self, condition: syntax.Condition) -> Truth:
        """Whether a closed condition is true."""
        if condition not in self.truths:
            self.effort.read(CONDITION_PARTS)
            self.truths[condition] = self.conditions.truth(condition)
        return self.truths[condition]

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
            self.outcomes[action, outcome] = self.outcome_formula(action, outcome)
        return self.outcomes[action, outcome]

    def outcome_formula(self, action: str, outcome: Outcome) -> Truth:
        def some(kind: EffectKind) -> Truth:
            return any_of(
                self.stands(index)
                for index, effect in enumerate(self.stack.standing)
                if (effect.action, effect.kind) == (action, kind)
            )

        required = some("requires")
        match outcome:
            case "required":
                return all_of((required, negated(some("forbids"))))
            case "in_conflict":
                return all_of((required, some("forbids"))) if required is not False else False
        forbidden = some("forbids")
        if outcome == "forbidden":
            return all_of((forbidden, negated(required)))
        permitted = some("permits")
        no_duty = (negated(required), negated(forbidden))
        return all_of((*no_duty, permitted if outcome == "permitted" else negated(permitted)))

    def find(self, wanted: Truth) -> Found:
        """A request for which a formula is true, as far as this view can tell."""
        if wanted is False:
            return Found(None)
        if self.effort.exhausted:
            return Found(None, settled=False)
        self.effort.read(QUESTION_PARTS)
        self.solver.set("rlimit", self.effort.steps_for(self.steps_max))
        self.rule()
        self.solver.push()
        self.solver.add(wanted)
        answer = self.solver.check()
        self.effort.note(self.solver)
        self.model = self.solver.model() if answer == z3.sat else None
        values = self.request.completed(self.model) if self.model is not None else None
        self.solver.pop()
        return Found(values, answer != z3.unknown)

    def needed(self, given: Sequence[Truth], so: Truth) -> list[int]:
        """The indices of those of the truths `given` that suffice for `so`.

        All of them if that is not settled. They suffice if the truths and the negation of `so` have no model. Then each
        truth is left out if the others are shown to suffice without it.
        """
        self.solver.set("rlimit", EACH_STEPS_MAX)
        self.rule()
        self.solver.push()
        self.solver.add(negated(so))
        names = [z3.Bool(f"given {place}", self.request.context) for place in range(len(given))]
        self.solver.add(*(z3.Implies(name, truth) for name, truth in zip(names, given, strict=True)))
        needed = list(range(len(given)))
        if self.solver.check(*names) == z3.unsat:
            needed = _places(self.solver, names)
            for place in list(needed):
                rest = [place_left for place_left in needed if place_left != place]
                if place in needed and self.solver.check(*(names[place_left] for place_left in rest)) == z3.unsat:
                    needed = [place_left for place_left in rest if place_left in _places(self.solver, names)]
        self.solver.pop()
        return needed

    def rule(self) -> None:
        """Gives the solver the rules that were added to the request since the last time."""
        self.solver.add(*self.request.rules[self.ruled :])
        self.ruled = len(self.request.rules)


def _places(solver: Any, names: Sequence[Any]) -> list[int]:
    core = {literal.decl().name() for literal in solver.unsat_core()}
    return [place for place, name in enumerate(names) if name.decl().name() in core]


Wanted: TypeAlias = Callable[[View], Truth]
Way: TypeAlias = Literal["answers", "few", "counts", "witnesses"]


class Views:
    """The views of a stack for some conditions, each built when first needed.

    `find` tries the fast views first: `few` records may find a request, `counts` may prove that there is none. `witnesses`
    decides what they leave open. The view `answers` is for `View.needed` only.
    """

    def __init__(
        self,
        stack: Stack,
        conditions: Iterable[syntax.Condition],
        *,
        values: Mapping[str, Value],
        milliseconds_max: int,
        context: Any,
        effort: Effort,
    ) -> None:
        self.stack, self.values, self.milliseconds_max, self.context = stack, values, milliseconds_max, context
        self.effort = effort
        self.asked = asked_of_lists(conditions, stack.vocabulary)
        self.needed = slots_needed(self.asked)
        self.views: dict[Way, View] = {}

    def find(self, wanted: Wanted) -> Found:
        """A request for which `wanted` is true, or a proof of none, or neither in time."""
        if not self.affords("few"):
            return Found(None, settled=False)
        few = self.view("few")
        found = few.find(wanted(few))
        if found.values is not None or (found.settled and all(number <= FEW for number in self.needed.values())):
            return found
        if self.affords("counts") and self.never(wanted):
            return Found(None)
        if not self.affords("witnesses"):
            return Found(None, settled=False)
        witnesses = self.view("witnesses")
        return witnesses.find(wanted(witnesses))

    def affords(self, name: Way) -> bool:
        """Whether a view is there, or its formulas may be built."""
        bodies = Counter(path for path, _ in self.asked)
        records = {
            path: min(self.needed[path], FEW) if name == "few" else 1 if name == "counts" else self.needed[path]
            for path in bodies
        }
        parts = sum(number * records[path] for path, number in bodies.items())
        return name in self.views or self.effort.affords(parts)

    def never(self, wanted: Wanted) -> bool:
        """Whether counts alone prove that there is no request.

        A solution of counts may combine bodies that no record can combine. Then an implication between those bodies is added
        as a rule, and the counts are tried again.
        """
        view = self.view("counts")
        formula = wanted(view)
        assert isinstance(view.conditions, Conditions) and isinstance(view.conditions.lists, RecordCounts)
        counts = view.conditions.lists
        for _ in range(LESSONS_MAX):
            found = view.find(formula)
            lessons = self.lessons(view, counts) if found.values is not None and not self.effort.exhausted else []
            if not lessons:
                return found.never
            view.request.rules += lessons
        return False

    def lessons(self, view: View, counts: RecordCounts) -> list[Truth]:
        """The implications that the counts found last violate, as rules for counts."""
        present, absent = present_and_absent(view.model, counts.counts)
        self.effort.read(len(counts.counts) + len(present) * len(absent))
        rules = []
        for body in present:
            others = None if self.effort.exhausted else self.record.follows(body, of_list(absent, body[0]))
            if others is not None:
                rules.append(
                    z3.Implies(counts.counts[body] >= 1, any_of(counts.counts[other] >= 1 for other in others))
                )
        return rules

    @cached_property
    def record(self) -> OneRecord:
        """One free record, for proving implications between bodies."""
        request = SymbolicRequest(self.stack.vocabulary, self.unlisted, self.context)
        conditions = Conditions(request, RecordCounts(request))
        return OneRecord(
            request,
            lambda body, record: structs.replace(conditions, record=record).truth(body),
            LESSON_STEPS_MAX,
            self.effort,
        )

    @property
    def unlisted(self) -> dict[str, Value]:
        """The known facts without the lists, since a lesson is about any record."""
        return {path: value for path, value in self.values.items() if not isinstance(value, KnownList)}

    def view(self, name: Way) -> View:
        """The stack in one view of lists."""
        if name not in self.views:
            request = SymbolicRequest(self.stack.vocabulary, self.values, self.context)
            most = 0 if name == "witnesses" else QUICK_STEPS_MAX
            self.views[name] = View(
                self.stack,
                request,
                self.conditions(name, request),
                milliseconds_max=self.milliseconds_max,
                steps_max=most,
                effort=self.effort,
            )
        return self.views[name]

    def conditions(self, name: Way, request: SymbolicRequest) -> Conditions | Answers:
        """The translation of conditions that a view uses."""
        match name:
            case "answers":
                return Answers(request)
            case "few":
                return Conditions(
                    request, FreeRecords(request, {path: min(number, FEW) for path, number in self.needed.items()})
                )
            case "counts":
                return Conditions(request, RecordCounts(request))
            case "witnesses":
                return Conditions(request, WitnessRecords(request, self.asked))
