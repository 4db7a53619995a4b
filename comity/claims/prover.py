"""One stack about which claims are proved: what the solver finds is decided again by the plain engine, which has the last word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from msgspec import structs

from comity.claims.simplest import plainest
from comity.claims.witness import Shows, Values, witness
from comity.decision import grounds
from comity.engine.outcome import Outcome
from comity.engine.questions.questions import Questions, completed, known_truths, questions, standing_of
from comity.engine.search.search import open_truths, possible, stands_at_all
from comity.engine.solver.solver import MILLISECONDS_MAX, Every
from comity.engine.solver.views import Found, Wanted
from comity.facts.kinds import Value
from comity.language import syntax
from comity.language.evaluate import Known, truth
from comity.language.logic import Kleene
from comity.law.in_force import Stack
from comity.law.instrument import ACTIONS

DECIDED_ON = "decision.on"


class Prover:
    """A stack without the facts of its place: a claim is about every request, whatever is true of the place today.

    Only the day of the decision is fixed: it is the day of the law, unless it may be `any_day`. `facts` are fixed too, where
    they are given.
    """

    def __init__(
        self,
        stack: Stack,
        milliseconds_max: int = MILLISECONDS_MAX,
        facts: Mapping[str, Value] = {},
        any_day: bool = False,
        asked: Questions | None = None,
    ) -> None:
        fixed = {DECIDED_ON: stack.day} if DECIDED_ON in stack.vocabulary.entries and not any_day else {}
        self.stack = structs.replace(stack, facts={**fixed, **facts})
        self.every = Every(self.stack, milliseconds_max, self.stack.facts)
        self.prepared = asked

    @cached_property
    def asked(self) -> Questions:
        """The questions of the stack, in normal form; taken from those given, since a place's facts do not change them."""
        return structs.replace(self.prepared, stack=self.stack) if self.prepared else questions(self.stack)

    @property
    def actions(self) -> tuple[str, ...]:
        """The five actions that are always answered, and any further ones that this law speaks of."""
        return (*ACTIONS, *sorted({own.action for own in self.stack.standing if own.action} - {*ACTIONS}))

    def truths(self, values: Mapping[str, Value]) -> grounds.Truths:
        return known_truths(self.asked, completed(self.stack, values))

    def possible(self, action: str, values: Mapping[str, Value]) -> tuple[Outcome, ...]:
        """The outcomes that a request leaves open, by the plain engine."""
        return possible(self.asked, action, self.truths(values))

    def surely(self, condition: syntax.Condition, values: Mapping[str, Value]) -> bool:
        """Whether a condition is surely so of what is known."""
        return truth(condition, Known(completed(self.stack, values), self.stack.vocabulary)) is True

    def surely_stands(self, index: int, values: Mapping[str, Value]) -> bool:
        """Whether an effect stands however the rest turns out, by the plain engine."""
        return stands_at_all(self.asked, index, self.truths(values))[1]

    def surely_applies(self, index: int, values: Mapping[str, Value]) -> bool:
        """Whether an effect applies however the rest turns out, by the plain engine."""
        condition = self.asked.conditions[index]
        return open_truths(self.asked, [condition], lambda applies: applies[0], self.truths(values))[1]

    def standing(self, action: str, values: Mapping[str, Value]) -> dict[int, Kleene]:
        """Of each effect that decides an action whether it stands, as far as that can be told without looking at what is open."""
        indices = self.every.of_action(action)
        known = Known(completed(self.stack, values), self.stack.vocabulary)
        applies = [truth(self.stack.standing[index].when, known) for index in indices]
        return standing_of(self.asked, indices, applies)

    def determining(self, action: str, values: Mapping[str, Value]) -> tuple[str, ...]:
        """The provisions on which the answer on an action rests."""
        truths = self.truths(values)
        return grounds.determining(self.asked, action, truths, possible(self.asked, action, truths))

    def find(self, effects: Sequence[int], wanted: Wanted, beside: Sequence[syntax.Condition] = ()) -> Found:
        """A request, still with everything that the solver said of it."""
        return self.every.views(effects, beside).find(wanted)

    def shown(self, found: Found, shows: Shows) -> Values | None:
        """The request found, confirmed and reduced; None where there is none."""
        if found.values is None:
            return None
        given = {path: value for path, value in found.values.items() if path not in self.stack.facts}
        return plainest(witness(given, shows, self.stack.vocabulary, self.stack.day), shows, self.stack.vocabulary)
