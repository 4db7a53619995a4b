"""Decides a request under one stack and explains the decision.

Explanations are computed once and cached per stack, within bounds: the answer for an action by the answers to the questions
that decide it, and whether each warning, obligation and limit applies by the answers to its own questions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from functools import cached_property, partial
from itertools import chain
from operator import itemgetter
from typing import Any, TypeAlias

from msgspec import Struct, structs

from comity.decision import grounds
from comity.decision.answer import ActionAnswer, Ground, Limited, Warned, Yielded
from comity.decision.answer import Known as DecisiveFact
from comity.decision.beside import Beside, StatusKey, beside_of, either_of, limits_of, status_key, with_beside
from comity.decision.decision import Decision
from comity.decision.facts_known import FactsKnown, TypedFacts, described
from comity.decision.missing import missing_facts
from comity.decision.open_facts import OpenFacts
from comity.decision.reasoner import ByDiagrams, BySearch, Outcomes, Reasoner, Truths
from comity.decision.warned import Conditional, warnings_about
from comity.engine.compiled.compiled import Compiled, open_bits
from comity.engine.compiled.lists import ListQuestions
from comity.engine.compiled.request_source import list_questions
from comity.engine.compiled.typed import Table
from comity.engine.outcome import Outcome, outcome_of
from comity.engine.questions.answers import UNKNOWN
from comity.engine.questions.bounds import BRANCHES_MAX
from comity.engine.questions.diagram import OUTCOMES_OF_BITS, Diagrams
from comity.engine.questions.questions import Questions, known_truths, questions
from comity.engine.questions.splits import atoms_of
from comity.facts.kinds import KnownSet
from comity.facts.request import Request
from comity.language import syntax
from comity.law.in_force import Stack
from comity.law.instrument import ACTIONS, BEYOND_ACTIONS, DEEDS, Provision

Answers: TypeAlias = tuple[int, ...]
SURELY, PERHAPS, NOT = 2, 1, 0  # whether a condition is true
ASKS = "request.asks"
BEYOND = frozenset(BEYOND_ACTIONS)
NO_RULE = ActionAnswer("unaddressed", ("unaddressed",))
CORES_MAX = 1_000  # explanations of one action in the cache: some kilobytes each


class Core(Struct, frozen=True):
    """The explanation of one action. Requests with the same answers to the deciding questions share it."""

    possible: Outcomes
    outcome: Outcome
    determining: tuple[str, ...]
    yielding: tuple[Yielded, ...]
    decider: str
    decisive: tuple[str, ...]
    open: OpenFacts | None
    named: dict[str, Ground]


class Explainer:
    """Decides requests under one stack, with explanations.

    Raises `TooLarge` where the diagrams of the stack would have more than `branches_max` branches.
    """

    def __init__(self, stack: Stack, branches_max: int = BRANCHES_MAX) -> None:
        self.asked: Questions = questions(stack)
        standing = self.asked.standing
        spoken_of = {effect.action for effect in standing} - {*ACTIONS, ""}
        self.actions = (*ACTIONS, *sorted(spoken_of - {*BEYOND_ACTIONS}))
        self.diagrams = Diagrams(self.asked, branches_max)
        self.compiled = Compiled(self.asked, self.actions, self.diagrams)
        self.reasoner: Reasoner = ByDiagrams(self.diagrams)
        self._ground = Table(lambda name: grounds.ground_of(stack, name))
        self.parts = {action: _Action(self, action) for action in self.actions}
        self.beyond = {action: _Action(self, action) for action in BEYOND_ACTIONS if action in spoken_of}
        self.beside = _Beside(self)
        self.deciding = [(action, part.places, part.left) for action, part in self.parts.items()]

    @cached_property
    def lists(self) -> dict[str, ListQuestions]:
        """The questions about each list, by its path."""
        return list_questions(self.asked)

    def decide(self, request: Request) -> Decision:
        """The decision on a request whose place and day are the stack's."""
        stack = self.asked.stack
        known = TypedFacts(stack, request.values)
        answers = self.compiled.answers(known.values)
        return self.decided(answers, known, place=request.place, at=request.at, day=stack.day)

    def decided(self, answers: Answers, known: FactsKnown, *, place: str, at: datetime, day: date) -> Decision:
        """The decision on a request, from the answers to the questions, in the order of the splits."""
        statuses = tuple(chain.from_iterable([table[get(answers)] for get, table in self.status]))
        found: dict[str, Ground] = {}
        actions: dict[str, ActionAnswer] = {}
        for action, part in self.parts_for(asked_in(known.get(ASKS))):
            if part is None:
                actions[action] = NO_RULE
                continue
            core = part.cores[part.get(answers)]
            warnings, named = part.warnings[part.get_status(statuses)]
            found |= core.named
            found |= named
            decisive = tuple([self.known(fact, known) for fact in core.decisive]) if core.decisive else ()
            missing = core.open.missing(known) if core.open else ()
            actions[action] = ActionAnswer(
                core.outcome, core.possible, core.determining, core.yielding, missing, warnings, decisive, core.decider
            )
        beside, named = self.beside.of(statuses)
        found |= named
        version = self.asked.stack.version
        return Decision(
            place, at, day, version, actions, beside.obligations, beside.limits, found,
            asked_by_form=beside.asked_by_form,
        )  # fmt: skip

    def possible(self, request: Request, actions: Collection[str]) -> dict[str, Outcomes]:
        """The possible outcomes of those of some actions that `decide` answers, without an explanation."""
        known = TypedFacts(self.asked.stack, request.values).values
        answers = self.compiled.answers(known)
        parts = ((action, part) for action, part in self.parts_for(asked_in(known.get(ASKS))) if action in actions)
        return {action: part.left[part.get(answers)] if part else NO_RULE.possible for action, part in parts}

    def outcomes(self, answers: Answers, asked: Collection[str] = ()) -> dict[str, Outcomes]:
        """The possible outcomes of each action, from the answers to the questions; `asked` are those that the request asks for."""
        parts = self.parts_for(asked)
        return {action: part.left[part.get(answers)] if part else NO_RULE.possible for action, part in parts}

    def parts_for(self, asked: Collection[str]) -> Iterable[tuple[str, _Action | None]]:
        """The actions that are answered, each with its tables: those of the jail, and of the others those that are asked for."""
        if BEYOND.isdisjoint(asked):
            return self.parts.items()
        return [
            *self.parts.items(),
            *((action, self.beyond.get(action)) for action in BEYOND_ACTIONS if action in asked),
        ]

    def known(self, fact: str, known: FactsKnown) -> DecisiveFact:
        """A decisive fact: its value as text, and its source."""
        return DecisiveFact(fact, described(fact, known), source_of(fact, known, self.asked.stack))

    @cached_property
    def status(self) -> list[tuple[Callable[[Answers], Any], Table]]:
        """Tables of whether conditions are true, or effects prevail: one for all that the same questions decide.

        Made for the first explanation, since outcomes alone need none. Tells `parts` and `beside` where each status then stands.
        """
        parts: list[_Action | _Beside] = [*self.parts.values(), *self.beyond.values(), self.beside]
        groups: dict[tuple[int, ...], list[StatusKey]] = {}
        for key in dict.fromkeys(key for part in parts for key in part.status_keys):
            groups.setdefault(_places_of(self.asked, key), []).append(key)
        place_of = {key: place for place, key in enumerate(key for keys in groups.values() for key in keys)}
        for part in parts:
            part.get_status = getter([place_of[key] for key in part.status_keys])
        return [(getter(places), Table(partial(_statuses, self, keys, places))) for places, keys in groups.items()]

    # The methods below are for other rooms.

    def left(self, action: str, truths: Truths) -> Outcomes:
        """The outcomes of an action that are possible under some truths."""
        return self.reasoner.left(action, truths)

    def limits(self, truths: Truths) -> Iterable[Limited]:
        """The limits on a hold that apply or may."""
        return limits_of(self.asked, lambda index: self.reasoner.applies(self.asked.conditions[index], truths))

    def grounds(self, named: Iterable[str]) -> dict[str, Ground]:
        """The citation and evidence mark of each provision and instrument that an answer names; of one, always the same object."""
        return {name: ground for name in sorted(named) if (ground := self._ground[name])}


class _Action:
    """The tables of one action."""

    def __init__(self, explainer: Explainer, action: str) -> None:
        self.explainer, self.action = explainer, action
        asked = explainer.asked
        self.places = reads(asked, grounds.deciding(asked, action))
        self.get = getter(self.places)
        self.left = Table(self._left)
        self.cores = Table(self._core, most=CORES_MAX)
        self.get_status: Callable[[Sequence[int]], tuple[int, ...]] = getter(())
        self.warnings = Table(self._warnings)

    @cached_property
    def warnings_about(self) -> list[Conditional]:
        """The warnings that may go with the answer."""
        return warnings_about(self.explainer.asked, self.action)

    @cached_property
    def either(self) -> list[tuple[Warned, Warned]]:
        """Each of these warnings as it is given where it may apply, and where it does."""
        return [(given(about, False), given(about, True)) for about in self.warnings_about]

    @property
    def status_keys(self) -> list[StatusKey]:
        """The conditions of these warnings."""
        return [about.condition for about in self.warnings_about]

    def _truths(self, key: Answers) -> Truths:
        return given_by(self.explainer.asked, self.places, key)

    def _left(self, key: Answers) -> Outcomes:
        diagram = self.explainer.diagrams.of_action(self.action)
        return OUTCOMES_OF_BITS[open_bits(diagram, dict(zip(self.places, key, strict=True)))]

    def _core(self, key: Answers) -> Core:
        reasoner, truths = self.explainer.reasoner, self._truths(key)
        possible = self.left[key]
        answer = answer_of(reasoner, self.action, truths, possible)
        is_open = len(possible) > 1
        return Core(
            possible,
            answer.outcome,
            answer.determining,
            answer.yielding,
            answer.decider,
            decisive_facts(reasoner, self.action, truths),
            self._open(key, truths) if is_open else None,
            self.explainer.grounds(grounds.names_in(answer.determining, answer.yielding, ())),
        )

    def _open(self, key: Answers, truths: Truths) -> OpenFacts:
        return OpenFacts(
            self.explainer.reasoner,
            self.explainer.lists,
            action=self.action,
            places=self.places,
            answers=key,
            truths=truths,
            left=self.left.__getitem__,
        )

    def _warnings(self, applying: Sequence[int]) -> tuple[tuple[Warned, ...], dict[str, Ground]]:
        """The warnings that apply or may, and the citations of what they come from."""
        warnings = tuple([either[so == SURELY] for either, so in zip(self.either, applying, strict=True) if so])
        return warnings, self.explainer.grounds(grounds.names_in((), (), warnings))


class _Beside:
    """The tables of obligations and limits."""

    def __init__(self, explainer: Explainer) -> None:
        self.explainer = explainer
        asked = explainer.asked
        self.effects = [index for index, effect in enumerate(asked.standing) if effect.kind in (*DEEDS, "limits")]
        self.status_keys = [status_key(asked, index) for index in self.effects]
        self.get_status: Callable[[Sequence[int]], tuple[int, ...]] = getter(())
        self.table = Table(self._beside)

    def of(self, statuses: Sequence[int]) -> tuple[Beside, dict[str, Ground]]:
        """The obligations and limits, and the citations of the provisions they name."""
        found: tuple[Beside, dict[str, Ground]] = self.table[self.get_status(statuses)]
        return found

    def _beside(self, applying: Sequence[int]) -> tuple[Beside, dict[str, Ground]]:
        asked = self.explainer.asked
        says = {index: (so > NOT, so == SURELY) for index, so in zip(self.effects, applying, strict=True)}
        beside = beside_of(asked, says.__getitem__)
        return beside, self.explainer.grounds(beside.named)


def _places_of(asked: Questions, key: StatusKey) -> tuple[int, ...]:
    """The indices of the questions that decide whether a condition is true, or an effect prevails."""
    if isinstance(key, int):
        return reads(asked, [asked.conditions[index] for index in asked.deciding_whether_stands(key)])
    return reads(asked, [key])


def _statuses(
    explainer: Explainer, keys: Iterable[StatusKey], places: Sequence[int], answers: Answers
) -> tuple[int, ...]:
    """Whether each of some conditions is true, or effect prevails, by the answers to the questions that decide them."""
    truths = given_by(explainer.asked, places, answers)
    both = [either_of(explainer.reasoner, key, truths) for key in keys]
    return tuple([SURELY if always else PERHAPS if some else NOT for some, always in both])


def getter(places: Sequence[int]) -> Callable[[Sequence[int]], tuple[int, ...]]:
    """A function that returns the entries of a tuple at some indices, as a tuple."""
    if not places:
        return lambda entries: ()
    if len(places) == 1:
        [place] = places
        return lambda entries: (entries[place],)
    return itemgetter(*places)


def asked_in(asks: object) -> frozenset[str]:
    """The actions that a request is known to ask for."""
    return asks.members if isinstance(asks, KnownSet) else frozenset()


def decide(stack: Stack, request: Request) -> Decision:
    """Decides one request under one stack, with explanations."""
    return Explainer(stack).decide(request)


def decide_by_definition(stack: Stack, request: Request) -> Decision:
    """Decides by search alone and without caches. Tests compare `Explainer` with it."""
    asked = questions(stack)
    diagrams = Diagrams(asked)
    reasoner = BySearch(asked, diagrams.turns_on)
    known = TypedFacts(stack, request.values)
    truths = known_truths(asked, known.values)
    found: dict[str, Ground] = {}
    actions: dict[str, ActionAnswer] = {}
    further = {effect.action for effect in asked.standing} - {*ACTIONS, *BEYOND_ACTIONS, ""}
    beyond = [action for action in BEYOND_ACTIONS if action in asked_in(known.get(ASKS))]
    for action in (*ACTIONS, *sorted(further), *beyond):
        if action not in (*ACTIONS, *further) and action not in {effect.action for effect in asked.standing}:
            actions[action] = NO_RULE
            continue
        possible = reasoner.left(action, truths)
        answer = answer_of(reasoner, action, truths, possible)
        warnings = tuple(
            given(about, always)
            for about in warnings_about(asked, action)
            for some, always in [reasoner.applies(about.condition, truths)]
            if some
        )
        facts = decisive_facts(reasoner, action, truths)
        decisive = tuple(DecisiveFact(fact, described(fact, known), source_of(fact, known, stack)) for fact in facts)
        missing = missing_facts(reasoner, action, known.values, truths) if len(possible) > 1 else ()
        named = grounds.names_in(answer.determining, answer.yielding, warnings)
        found |= grounds.grounds_of(stack, named)
        actions[action] = ActionAnswer(
            answer.outcome, possible, answer.determining, answer.yielding, missing, warnings, decisive, answer.decider
        )
    beside = beside_of(asked, lambda index: either_of(reasoner, status_key(asked, index), truths))
    found |= grounds.grounds_of(stack, beside.named)
    return with_beside(Decision(request.place, request.at, stack.day, stack.version, actions, grounds=found), beside)


def given(about: Conditional, surely: bool) -> Warned:
    """A warning as it is given, where its condition is so or may be."""
    return about.warned if surely else structs.replace(about.warned, maybe=True)


def answer_of(reasoner: Reasoner, action: str, truths: Truths, possible: Outcomes) -> ActionAnswer:
    """The outcome of an action with its determining and yielding provisions."""
    determining = grounds.determining(reasoner, action, truths, possible)
    return ActionAnswer(
        outcome_of(possible),
        possible,
        determining,
        grounds.yielding(reasoner, action, truths),
        decider=_decider([reasoner.asked.stack.provisions[name] for name in determining], possible),
    )


def _decider(determining: Iterable[Provision], possible: Outcomes) -> str:
    """Who decides where the action may be permitted; where it is required, whose order the duty waits for, else empty."""
    if "permitted" in possible:
        permitting = (
            provision for provision in determining if {effect.kind for effect in provision.effects} != {"requires"}
        )
        return next((provision.decider for provision in permitting if provision.decider), "")
    deciders = [provision.decider for provision in determining] if possible == ("required",) else []
    return deciders[0] if deciders and all(deciders) else ""


def decisive_facts(reasoner: Reasoner, action: str, truths: Truths) -> tuple[str, ...]:
    """A minimal set of known facts that gives the same outcomes as all known facts, in the vocabulary's order."""
    order = reasoner.asked.stack.vocabulary.order
    facts = {fact for split in grounds.decisive(reasoner, action, truths) for fact in split.facts}
    return tuple(sorted(facts, key=lambda fact: (order.get(fact, len(order)), fact)))


def source_of(fact: str, known: FactsKnown, stack: Stack) -> str:
    """The source of a known fact: the request, or a fact of the place."""
    of_place = stack.fact_sources.get(fact)
    return "request" if of_place is None or known.given(fact) else f"true of {of_place.place_path}: {of_place.source}"


def given_by(asked: Questions, places: Iterable[int], answers: Iterable[int]) -> Truths:
    """The truths of atoms that follow from the answers to some questions, given by index."""
    return {
        atom: so
        for place, answer in zip(places, answers, strict=True)
        if answer != UNKNOWN
        for atom, so in zip(asked.splits[place].atoms, asked.splits[place].answers[answer], strict=True)
    }


def reads(asked: Questions, conditions: Iterable[syntax.Condition]) -> tuple[int, ...]:
    """The indices of the questions that some conditions ask."""
    places = asked.places
    found = {places.get(atom) for condition in conditions for atom in atoms_of(condition)}
    return tuple(sorted(place for place in found if place is not None))
