"""A stack about which claims are proved. What the solver finds counts only once the plain engine has confirmed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from msgspec import structs

from comity.claims.simplest import simplest
from comity.claims.witness import Shows, Values, witness
from comity.decision import grounds
from comity.decision.reasoner import BySearch, Truths
from comity.engine.outcome import Outcome
from comity.engine.questions.questions import Questions, completed, known_truths, questions, standing_of
from comity.engine.search.search import open_truths, possible, stands_at_all
from comity.engine.solver.solver import MILLISECONDS_MAX, Solver
from comity.engine.solver.views import Found, Wanted
from comity.facts.kinds import Value
from comity.language import syntax
from comity.language.evaluate import Known, truth
from comity.language.logic import Kleene
from comity.law.in_force import Stack
from comity.law.instrument import ACTIONS

DECIDED_ON = "decision.on"


def actions_of(stack: Stack) -> tuple[str, ...]:
    """The five actions that are always answered, and any others that a law names."""
    return (*ACTIONS, *sorted({effect.action for effect in stack.standing if effect.action} - {*ACTIONS}))


class Prover:
    """A stack without the facts of its place, about which claims are proved.

    A claim is about every request, whatever is true of the place today. The day of the decision is fixed to the day of
    the law, unless it may be `any_day`; `facts` are fixed as given. The solver gives up on a question after
    `milliseconds_max`. `asked` are the stack's questions, if they are prepared already.
    """

    def __init__(
        self,
        stack: Stack,
        *,
        milliseconds_max: int = MILLISECONDS_MAX,
        facts: Mapping[str, Value] = {},
        any_day: bool = False,
        asked: Questions | None = None,
    ) -> None:
        fixed = {DECIDED_ON: stack.day} if DECIDED_ON in stack.vocabulary.entries and not any_day else {}
        self.stack = structs.replace(stack, facts={**fixed, **facts})
        self.solver = Solver(self.stack, milliseconds_max, self.stack.facts)
        self.given_questions = asked

    @cached_property
    def asked(self) -> Questions:
        """The questions of the stack. Those of the same stack with other facts are the same."""
        return (
            structs.replace(self.given_questions, stack=self.stack) if self.given_questions else questions(self.stack)
        )

    @property
    def actions(self) -> tuple[str, ...]:
        """The five actions that are always answered, and any others that this law names."""
        return actions_of(self.stack)

    def truths(self, values: Mapping[str, Value]) -> Truths:
        """What a request says of each atom that it decides."""
        return known_truths(self.asked, completed(self.stack, values))

    def possible(self, action: str, values: Mapping[str, Value]) -> tuple[Outcome, ...]:
        """The possible outcomes of a request, by the plain engine."""
        return possible(self.asked, action, self.truths(values))

    def surely(self, condition: syntax.Condition, values: Mapping[str, Value]) -> bool:
        """Whether a condition is true whatever the unknown facts are."""
        return truth(condition, Known(completed(self.stack, values), self.stack.vocabulary)) is True

    def surely_stands(self, index: int, values: Mapping[str, Value]) -> bool:
        """Whether an effect prevails whatever the unknown facts are, by the plain engine."""
        return stands_at_all(self.asked, index, self.truths(values))[1]

    def surely_applies(self, index: int, values: Mapping[str, Value]) -> bool:
        """Whether an effect applies whatever the unknown facts are, by the plain engine."""
        condition = self.asked.conditions[index]
        return open_truths(self.asked, [condition], lambda applies: applies[0], self.truths(values))[1]

    def standing(self, action: str, values: Mapping[str, Value]) -> dict[int, Kleene]:
        """Whether each effect that decides an action prevails, from the known facts alone."""
        indices = self.solver.of_action(action)
        known = Known(completed(self.stack, values), self.stack.vocabulary)
        applies = [truth(self.stack.standing[index].when, known) for index in indices]
        return standing_of(self.asked, indices, applies)

    def determining(self, action: str, values: Mapping[str, Value]) -> tuple[str, ...]:
        """The determining provisions of an action's outcome."""
        truths = self.truths(values)
        return grounds.determining(
            BySearch(self.asked, lambda action, truths: ()), action, truths, possible(self.asked, action, truths)
        )

    def find(self, effects: Sequence[int], wanted: Wanted, conditions: Sequence[syntax.Condition] = ()) -> Found:
        """A request for which `wanted` is true, with every fact that the solver chose."""
        return self.solver.views(effects, conditions).find(wanted)

    def shown(self, found: Found, shows: Shows) -> Values | None:
        """The request found, confirmed by the plain engine and reduced to what matters.

        None if there is none.
        """
        if found.values is None:
            return None
        given = {path: value for path, value in found.values.items() if path not in self.stack.facts}
        return simplest(witness(given, shows, self.stack.vocabulary, self.stack.day), shows, self.stack.vocabulary)
