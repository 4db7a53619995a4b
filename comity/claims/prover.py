"""A stack about which claims are proved. What the solver finds counts only once the reference engine has confirmed it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias, TypeVar

from msgspec import structs

from comity.claims.built_request import build_request
from comity.claims.effect_index import EffectIndex
from comity.claims.plain_standing import PlainStanding
from comity.claims.simplest import simplest
from comity.claims.witness import Shows, Values, confirm, witness
from comity.decision import grounds
from comity.decision.reasoner import ByDiagrams, BySearch, Reasoner, Truths
from comity.engine.outcome import Outcome
from comity.engine.questions.bounds import BRANCHES_MAX, TooLarge, checked_branches_max
from comity.engine.questions.diagram import Diagrams
from comity.engine.questions.implications import implies
from comity.engine.questions.questions import Questions, completed, known_truths, questions
from comity.engine.questions.splits import Atom, atoms_of
from comity.engine.solver.logic import Truth, any_of
from comity.engine.solver.solver import MILLISECONDS_MAX, Solver
from comity.engine.solver.views import Found, View, Wanted
from comity.facts.kinds import KnownList, Value
from comity.language import syntax
from comity.language.evaluate import Known, truth
from comity.language.logic import Kleene
from comity.law.in_force import Stack
from comity.law.instrument import ACTIONS, DUTIES

DECIDED_ON = "decision.on"
# Atoms that are read, in all, to reduce one request to what matters; in a check of law files, which has seconds for all.
REDUCED_ATOMS_MAX, CHECKED_ATOMS_MAX = 2_000_000, 150_000
DETERMINING_MAX = 300  # effects on an action of which each is asked, by diagrams, whether it prevails for an example
TOGETHER_MAX = 50  # effects about which the solver is asked in one formula
WantedOf: TypeAlias = Callable[[int, View], Truth]
Answer = TypeVar("Answer")
ShowsOf: TypeAlias = Callable[[int, Mapping[str, Value]], bool]


def actions_of(stack: Stack) -> tuple[str, ...]:
    """The five actions that are always answered, and any others that a law names."""
    return (*ACTIONS, *sorted({effect.action for effect in stack.standing if effect.action} - {*ACTIONS}))


class Prover:
    """A stack without the facts of its place, about which claims are proved.

    A claim is about every request, whatever is true of the place today. The day of the decision is fixed to the day of
    the law, unless it may be `any_day`; `facts` are fixed as given. The solver gives up on a question after
    `milliseconds_max`, and on all that are left after `steps_max` of its steps, if that is not 0. `asked` are the stack's
    questions, and `diagrams` its diagrams, if they are prepared already; `too_large` if these are known to be too large.
    """

    def __init__(
        self,
        stack: Stack,
        *,
        milliseconds_max: int = MILLISECONDS_MAX,
        facts: Mapping[str, Value] = {},
        any_day: bool = False,
        asked: Questions | None = None,
        diagrams: Diagrams | None = None,
        too_large: bool = False,
        steps_max: int = 0,
    ) -> None:
        fixed = {DECIDED_ON: stack.day} if DECIDED_ON in stack.vocabulary.entries and not any_day else {}
        self.stack = structs.replace(stack, facts={**fixed, **facts})
        self.solver = Solver(self.stack, milliseconds_max, self.stack.facts, steps_max)
        self.given_questions = asked
        in_check = steps_max > 0
        self.branches_max = checked_branches_max(len(stack.standing)) if in_check else BRANCHES_MAX
        self.reduced_max = CHECKED_ATOMS_MAX if in_check else REDUCED_ATOMS_MAX
        self.given_diagrams, self.too_large, self.reducing = diagrams, too_large, False
        # The truths of the request that was looked at last: the same request is often asked about several effects.
        self.recent: tuple[Mapping[str, Value], dict[tuple[int, ...] | None, Truths]] = ({}, {})
        self.atoms_read = 0
        self.cached_duties: dict[str, EffectIndex] = {}
        self.found_last: dict[str, int] = {}
        self.cached_read: dict[str, tuple[str, ...]] = {}

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

    def truths(self, values: Mapping[str, Value], indices: Sequence[int] | None = None) -> Truths:
        """What a request says of each atom that it decides; of those in the conditions of some effects, if these are given.

        Those suffice for what follows from these conditions. An atom that is known and implies another decides that one
        as well, record by record.
        """
        if self.recent[0] is not values:
            self.recent = values, {}
        key = None if indices is None else tuple(indices)
        cached = self.recent[1]
        if key not in cached:
            atoms = self.asked.of_atom if key is None else {atom for index in key for atom in self.atoms(index)}
            self.atoms_read += len(atoms)
            self.solver.effort.read(len(atoms) * _records_in(values) // 10)
            cached[key] = known_truths(self.asked, completed(self.stack, values), atoms)
        return cached[key]

    def atoms(self, index: int) -> Sequence[Atom]:
        """The atoms of the condition of an effect."""
        return atoms_of(self.asked.conditions[index])

    def possible(self, action: str, values: Mapping[str, Value]) -> tuple[Outcome, ...]:
        """The possible outcomes of a request, by the reference engine, or by diagrams while a request is reduced."""
        truths = self.truths(values, self.solver.of_action(action))
        return self._reason(lambda reasoner: reasoner.left(action, truths))

    def surely(self, condition: syntax.Condition, values: Mapping[str, Value]) -> bool:
        """Whether a condition is true whatever the unknown facts are."""
        return truth(condition, Known(completed(self.stack, values), self.stack.vocabulary)) is True

    def surely_stands(self, index: int, values: Mapping[str, Value]) -> bool:
        """Whether an effect prevails whatever the unknown facts are, by the same engine."""
        truths = self.truths(values, self.asked.deciding_whether_stands(index))
        return self._reason(lambda reasoner: reasoner.stands(index, truths))[1]

    def surely_applies(self, index: int, values: Mapping[str, Value]) -> bool:
        """Whether an effect applies whatever the unknown facts are, by the same engine."""
        truths = self.truths(values, [index])
        return self._reason(lambda reasoner: reasoner.applies(self.asked.conditions[index], truths))[1]

    @cached_property
    def plain_reasoner(self) -> Reasoner:
        """What follows from known facts, by the reference engine."""
        return BySearch(self.asked, lambda action, truths: ())

    @cached_property
    def diagrams(self) -> Reasoner:
        """The same by diagrams, which the tests hold to the plain engine."""
        return ByDiagrams(self.given_diagrams or Diagrams(self.asked, self.branches_max))

    def _by_diagrams(self, ask: Callable[[Reasoner], Answer]) -> Answer:
        """An answer by diagrams, or by the reference engine if the diagrams of this stack are too large."""
        if not self.too_large:
            try:
                return ask(self.diagrams)
            except TooLarge:
                self.too_large = True
        return ask(self.plain_reasoner)

    def _reason(self, ask: Callable[[Reasoner], Answer]) -> Answer:
        """By the reference engine; by diagrams while a request is reduced, since a search for what is unknown can be endless.

        Raises `TooLarge` where the diagrams are too large.
        """
        if not self.reducing:
            return ask(self.plain_reasoner)
        if self.too_large:
            raise TooLarge
        try:
            return ask(self.diagrams)
        except TooLarge:
            self.too_large = True
            raise

    def built(self, index: int) -> Values:
        """A complete request for which an effect probably applies, made from its condition without the solver."""
        effect = self.stack.standing[index]
        return build_request(
            effect.when, self.read(effect.action), self.stack.vocabulary, self.stack.day, self.stack.facts
        )

    def read(self, action: str) -> tuple[str, ...]:
        """The facts that the effects on an action read."""
        if action not in self.cached_read:
            splits = self.asked.splits_of_action(action)
            self.cached_read[action] = tuple(dict.fromkeys(fact for split in splits for fact in split.facts))
        return self.cached_read[action]

    def find_each(
        self, effects: Sequence[int], indices: Sequence[int], wanted: WantedOf, shows: ShowsOf
    ) -> dict[int, Kleene]:
        """For each of some effects whether there is a request for which `wanted` is true; None where that was not settled.

        They are looked for together, since one proof can show of many that there is no such request. `effects` are those
        that decide them. `shows` is what the reference engine says of a request that the solver found.
        """
        answers: dict[int, Kleene] = {}
        pending = [list(indices[at : at + TOGETHER_MAX]) for at in range(0, len(indices), TOGETHER_MAX)]
        while pending:
            left = pending.pop()
            if self.solver.effort.exhausted:
                answers |= dict.fromkeys(left)
                continue
            found = self.find(effects, lambda view, left=left: any_of(wanted(index, view) for index in left))  # type: ignore[misc]
            if found.values is not None:
                values = found.values
                so = [index for index in left if shows(index, values)]
                confirm(values, lambda _, so=so: bool(so))  # type: ignore[misc]
                answers |= dict.fromkeys(so, True)
                pending += [rest] if (rest := [index for index in left if index not in so]) else []
            elif found.settled or len(left) == 1:
                answers |= dict.fromkeys(left, False if found.settled else None)
            else:
                pending += [left[: len(left) // 2], left[len(left) // 2 :]]
        return answers

    def standing_duty(self, action: str, values: Mapping[str, Value]) -> int | None:
        """A duty on an action that prevails for a request, or may, by the plain interpreter; None if surely none does.

        The duty that was found last is tried first, since it often prevails again.
        """
        if action not in self.cached_duties:
            duties = [index for index in self.solver.of_action(action) if self.stack.standing[index].kind in DUTIES]
            self.cached_duties[action] = EffectIndex(self.stack, duties)
        plain, last = self.plain(values), self.found_last.get(action)
        if last is not None and plain.stands(last) is not False:
            return last
        for index in self.cached_duties[action].candidates({**self.stack.facts, **values}):
            if plain.stands(index) is not False:
                self.found_last[action] = index
                return index
        return None

    def always_defeats(self, duty: int, index: int) -> bool:
        """Whether it can be seen, without the solver, that a duty prevails whenever another effect applies."""
        conditions = self.asked.conditions
        return not self.stack.standing[duty].yields_to and implies(conditions[index], conditions[duty])

    def plain(self, values: Mapping[str, Value]) -> PlainStanding:
        """Which effects apply to a request and which prevail, by the plain interpreter."""
        return PlainStanding(self.stack, values)

    def determining(self, action: str, values: Mapping[str, Value]) -> tuple[str, ...]:
        """The determining provisions of an action's outcome; of very many, those that the plain interpreter shows to prevail."""
        if len(self.solver.of_action(action)) > DETERMINING_MAX and (
            plainly := self._plainly_determining(action, values)
        ):
            return plainly
        truths = self.truths(values, self.solver.of_action(action))
        return self._by_diagrams(
            lambda reasoner: grounds.determining(reasoner, action, truths, reasoner.left(action, truths))
        )

    def _plainly_determining(self, action: str, values: Mapping[str, Value]) -> tuple[str, ...]:
        plain, standing = self.plain(values), self.stack.standing
        prevailing = {index for index in self.solver.of_action(action) if plain.stands(index) is True}
        duties = {index for index in prevailing if standing[index].kind in DUTIES}
        permissions = {index for index in prevailing if standing[index].kind == "permits"}
        return tuple(sorted({standing[index].provision for index in duties or permissions}))

    def find(self, effects: Sequence[int], wanted: Wanted, conditions: Sequence[syntax.Condition] = ()) -> Found:
        """A request for which `wanted` is true, with every fact that the solver chose."""
        return self.solver.views(effects, conditions).find(wanted)

    def shown(self, found: Found, shows: Shows) -> Values | None:
        """The request found, confirmed by the reference engine and then reduced, by diagrams, to what matters.

        None if there is none.
        """
        if found.values is None:
            return None
        given = {path: value for path, value in found.values.items() if path not in self.stack.facts}
        confirm(given, shows)
        self.reducing = True
        most = self.atoms_read + self.reduced_max

        def shows_in_time(values: Mapping[str, Value]) -> bool:
            """The same until too much was read, or a diagram would be too large; then every fact that is left is kept."""
            if values is given:
                return True  # confirmed above
            try:
                return self.atoms_read < most and shows(values)
            except TooLarge:
                return False

        try:
            reduced = witness(given, shows_in_time, self.stack.vocabulary, self.stack.day)
            return simplest(reduced, shows_in_time, self.stack.vocabulary)
        finally:
            self.reducing = False


def _records_in(values: Mapping[str, Value]) -> int:
    return 1 + sum(len(value.items) for value in values.values() if isinstance(value, KnownList))
