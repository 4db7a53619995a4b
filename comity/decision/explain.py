"""A decision with its whole explanation: one request, the law in force for it, and why the answer is what it is.

What requests have in common is worked out once a stack and kept, within bounds: an action's answer for each combination of
answers to the questions that decide it, and of each warning, obligation and limit whether it applies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from operator import itemgetter
from typing import Any, TypeAlias

from msgspec import Struct

from comity.decision import grounds
from comity.decision.decision import ActionAnswer, Decision, Ground, Limited, Owed, Warned, Yielded
from comity.decision.decision import Known as DecisiveFact
from comity.decision.durations import due, in_words
from comity.decision.facts_known import FactsKnown, TypedFacts, described
from comity.decision.missing import missing_facts
from comity.decision.open_facts import OpenFacts
from comity.decision.reasoner import ByDiagrams, BySearch, Either, Outcomes, Reasoner, Truths
from comity.engine.compiled.compiled import Compiled
from comity.engine.compiled.reader import list_questions
from comity.engine.compiled.typed import Table
from comity.engine.outcome import Outcome, outcome_of
from comity.engine.questions.answers import UNKNOWN
from comity.engine.questions.diagram import Diagrams
from comity.engine.questions.questions import Questions, known_truths, questions
from comity.engine.questions.splits import atoms_of
from comity.facts.request import Request
from comity.language import syntax
from comity.language.sentence import clause
from comity.law.in_force import Stack
from comity.law.instrument import ACTIONS

Answers: TypeAlias = tuple[int, ...]
SURELY, PERHAPS, NOT = 2, 1, 0  # whether a condition is so
CORES_MAX = 1_000  # explanations of one action that are kept: some kilobytes each


class Core(Struct, frozen=True):
    """What decides one action, the same for all requests that answer the deciding questions alike."""

    possible: Outcomes
    outcome: Outcome
    determining: tuple[str, ...]
    yielding: tuple[Yielded, ...]
    decider: str
    decisive: tuple[str, ...]
    open: OpenFacts | None


class Beside(Struct, frozen=True):
    """What goes with the answers: what is owed and how long a hold may last."""

    obligations: tuple[Owed, ...]
    limits: tuple[Limited, ...]
    named: frozenset[str]


class Explainer:
    """Decides requests under one stack, with the whole explanation."""

    def __init__(self, stack: Stack) -> None:
        self.asked: Questions = questions(stack)
        standing = self.asked.standing
        self.actions = (*ACTIONS, *sorted({effect.action for effect in standing} - {*ACTIONS, ""}))
        self.diagrams = Diagrams(self.asked)
        self.compiled = Compiled(self.asked, self.actions, self.diagrams)
        self.reasoner: Reasoner = ByDiagrams(self.diagrams)
        self.lists = list_questions(self.asked)
        self.conditions: dict[syntax.Condition, int] = {}
        self.parts = {action: _Action(self, action) for action in self.actions}
        self.beside = _Beside(self)
        self.deciding = [(action, part.get, part.left) for action, part in self.parts.items()]
        self.status = [_status(self, condition) for condition in self.conditions]

    def decide(self, request: Request) -> Decision:
        """The decision on a request whose place and day are the stack's."""
        stack = self.asked.stack
        known = TypedFacts(stack, request.values)
        answers = self.compiled.answers(known.values)
        return self.decided(answers, known, place=request.place, at=request.at, day=stack.day)

    def decided(self, answers: Answers, known: FactsKnown, *, place: str, at: datetime, day: date) -> Decision:
        """The decision on a request of which the answers to the questions are known, in the order of the splits."""
        statuses = tuple([table[get(answers)] for get, table in self.status])
        found: dict[str, Ground] = {}
        actions: dict[str, ActionAnswer] = {}
        for action, part in self.parts.items():
            core, warnings, named = part.of(answers, statuses)
            found |= named
            decisive = tuple([self.known(fact, known) for fact in core.decisive]) if core.decisive else ()
            missing = core.open.missing(known) if core.open else ()
            actions[action] = ActionAnswer(
                core.outcome, core.possible, core.determining, core.yielding, missing, warnings, decisive, core.decider
            )
        beside, named = self.beside.of(statuses)
        found |= named
        version = self.asked.stack.version
        return Decision(place, at, day, version, actions, beside.obligations, beside.limits, found)

    def outcomes(self, answers: Answers) -> dict[str, Outcomes]:
        """The open outcomes of each action, by the answers to the questions."""
        return {action: left[get(answers)] for action, get, left in self.deciding}

    def known(self, fact: str, known: FactsKnown) -> DecisiveFact:
        """A decisive fact: its value for people, and where it came from."""
        return DecisiveFact(fact, described(fact, known), source_of(fact, known, self.asked.stack))

    def number_of(self, condition: syntax.Condition) -> int:
        """The place of a condition among those of which it is looked up whether they are so."""
        return self.conditions.setdefault(condition, len(self.conditions))

    # What other rooms ask of a stack that was prepared.

    def left(self, action: str, truths: Truths) -> Outcomes:
        """The outcomes of an action that some truths leave open."""
        return self.reasoner.left(action, truths)

    def limits(self, truths: Truths) -> Iterable[Limited]:
        """The limits on a hold that apply or may."""
        return limits_of(self.asked, lambda condition: self.reasoner.applies(condition, truths))

    def grounds(self, named: Iterable[str]) -> dict[str, Ground]:
        """The citation and evidence mark of every provision and instrument that an answer names."""
        return grounds_of(self.asked.stack, named)


class _Action:
    """The tables of one action."""

    def __init__(self, explainer: Explainer, action: str) -> None:
        self.explainer, self.action = explainer, action
        asked = explainer.asked
        self.places = reads(asked, grounds.deciding(asked, action))
        self.get = getter(self.places)
        self.left = Table(self._left)
        self.cores = Table(self._core, most=CORES_MAX)
        self.warnings_about = grounds.warnings_about(asked, action)
        self.get_status = getter([explainer.number_of(warning.condition) for warning in self.warnings_about])
        self.warnings = Table(self._warnings)
        self.named = Table(self._named, most=CORES_MAX)

    def of(self, answers: Answers, statuses: Sequence[int]) -> tuple[Core, tuple[Warned, ...], dict[str, Ground]]:
        """What decides the action, its warnings, and the citations of what these name."""
        key, applying = self.get(answers), self.get_status(statuses)
        return self.cores[key], self.warnings[applying], self.named[key, applying]

    def _truths(self, key: Answers) -> Truths:
        return given_by(self.explainer.asked, self.places, key)

    def _left(self, key: Answers) -> Outcomes:
        return self.explainer.reasoner.left(self.action, self._truths(key))

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

    def _warnings(self, applying: Sequence[int]) -> tuple[Warned, ...]:
        pairs = zip(self.warnings_about, applying, strict=True)
        return tuple(Warned(about.provision, about.text, so == PERHAPS) for about, so in pairs if so)

    def _named(self, entry: tuple[Answers, Sequence[int]]) -> dict[str, Ground]:
        key, applying = entry
        core = self.cores[key]
        named = names_in(core.determining, core.yielding, self.warnings[applying])
        return grounds_of(self.explainer.asked.stack, named)


class _Beside:
    """The tables of what goes with the answers."""

    def __init__(self, explainer: Explainer) -> None:
        self.explainer = explainer
        asked = explainer.asked
        self.conditions = [
            condition
            for condition, effect in zip(asked.conditions, asked.standing, strict=True)
            if effect.kind in ("obliges", "limits")
        ]
        self.get = getter([explainer.number_of(condition) for condition in self.conditions])
        self.table = Table(self._beside)

    def of(self, statuses: Sequence[int]) -> tuple[Beside, dict[str, Ground]]:
        """What is owed and how long a hold may last, and the citations of what these name."""
        found: tuple[Beside, dict[str, Ground]] = self.table[self.get(statuses)]
        return found

    def _beside(self, applying: Sequence[int]) -> tuple[Beside, dict[str, Ground]]:
        asked = self.explainer.asked
        says = {condition: (so > NOT, so == SURELY) for condition, so in zip(self.conditions, applying, strict=True)}
        obligations = tuple(obligations_of(asked, says.__getitem__))
        limits = tuple(limits_of(asked, says.__getitem__))
        named = frozenset({owed.provision for owed in obligations} | {limit.provision for limit in limits})
        return Beside(obligations, limits, named), grounds_of(asked.stack, named)


def _status(explainer: Explainer, condition: syntax.Condition) -> tuple[Callable[[Answers], Any], Table]:
    """Whether a condition is so, by the answers to the questions that it asks."""
    places = reads(explainer.asked, [condition])

    def status(key: Answers) -> int:
        some, always = explainer.reasoner.applies(condition, given_by(explainer.asked, places, key))
        return SURELY if always else PERHAPS if some else NOT

    return getter(places), Table(status)


def getter(places: Sequence[int]) -> Callable[[Sequence[int]], tuple[int, ...]]:
    """A function that takes the entries at some places out of a tuple, as a tuple."""
    if not places:
        return lambda entries: ()
    if len(places) == 1:
        [place] = places
        return lambda entries: (entries[place],)
    return itemgetter(*places)


def decide(stack: Stack, request: Request) -> Decision:
    """One request under one stack, with the whole explanation."""
    return Explainer(stack).decide(request)


def decide_by_definition(stack: Stack, request: Request) -> Decision:
    """The same by searching alone, with nothing kept: what every faster way is held to."""
    asked = questions(stack)
    diagrams = Diagrams(asked)
    reasoner = BySearch(asked, diagrams.turns_on)
    known = TypedFacts(stack, request.values)
    truths = known_truths(asked, known.values)
    found: dict[str, Ground] = {}
    actions: dict[str, ActionAnswer] = {}
    for action in (*ACTIONS, *sorted({effect.action for effect in asked.standing} - {*ACTIONS, ""})):
        possible = reasoner.left(action, truths)
        answer = answer_of(reasoner, action, truths, possible)
        warnings = tuple(
            Warned(about.provision, about.text, not always)
            for about in grounds.warnings_about(asked, action)
            for some, always in [reasoner.applies(about.condition, truths)]
            if some
        )
        facts = decisive_facts(reasoner, action, truths)
        decisive = tuple(DecisiveFact(fact, described(fact, known), source_of(fact, known, stack)) for fact in facts)
        missing = missing_facts(reasoner, action, known.values, truths) if len(possible) > 1 else ()
        named = names_in(answer.determining, answer.yielding, warnings)
        found |= grounds_of(stack, named)
        actions[action] = ActionAnswer(
            answer.outcome, possible, answer.determining, answer.yielding, missing, warnings, decisive, answer.decider
        )
    obligations = tuple(obligations_of(asked, lambda condition: reasoner.applies(condition, truths)))
    limits = tuple(limits_of(asked, lambda condition: reasoner.applies(condition, truths)))
    found |= grounds_of(stack, {owed.provision for owed in obligations} | {limit.provision for limit in limits})
    return Decision(request.place, request.at, stack.day, stack.version, actions, obligations, limits, found)


def answer_of(reasoner: Reasoner, action: str, truths: Truths, possible: Outcomes) -> ActionAnswer:
    """The outcome of an action with the provisions that it rests on."""
    determining = grounds.determining(reasoner, action, truths, possible)
    provisions = reasoner.asked.stack.provisions
    deciders = (provisions[name].decider for name in determining if provisions[name].decider)
    return ActionAnswer(
        outcome_of(possible),
        possible,
        determining,
        grounds.yielding(reasoner, action, truths),
        decider=next(deciders, "") if "permitted" in possible else "",
    )


def decisive_facts(reasoner: Reasoner, action: str, truths: Truths) -> tuple[str, ...]:
    """The known facts that alone leave open what all that is known leaves open, in the vocabulary's order."""
    order = reasoner.asked.stack.vocabulary.order
    facts = {fact for split in grounds.decisive(reasoner, action, truths) for fact in split.facts}
    return tuple(sorted(facts, key=lambda fact: order.get(fact, len(order))))


def source_of(fact: str, known: FactsKnown, stack: Stack) -> str:
    """Where a known fact comes from: the request, or what is true of the place."""
    of_place = stack.fact_sources.get(fact)
    return "request" if of_place is None or known.given(fact) else f"true of {of_place.place_path}: {of_place.source}"


def obligations_of(asked: Questions, applies: Callable[[syntax.Condition], Either]) -> Iterator[Owed]:
    """What is owed, or may be."""
    for condition, effect in zip(asked.conditions, asked.standing, strict=True):
        owed = asked.stack.provisions[effect.provision].obligation
        if effect.kind == "obliges" and owed:
            some, always = applies(condition)
            if some:
                words = "" if always else clause(effect.when, asked.stack.vocabulary)
                yield Owed(effect.provision, owed.bearer, owed.deed, owed.to, due(owed), words)


def limits_of(asked: Questions, applies: Callable[[syntax.Condition], Either]) -> Iterator[Limited]:
    """The limits on a hold that apply, or may."""
    for condition, effect in zip(asked.conditions, asked.standing, strict=True):
        limit = asked.stack.provisions[effect.provision].limit
        if effect.kind == "limits" and limit and effect.action == "hold":
            some, always = applies(condition)
            if some:
                words = "" if always else clause(effect.when, asked.stack.vocabulary)
                yield Limited(effect.provision, "", in_words(limit), words)


def grounds_of(stack: Stack, named: Iterable[str]) -> dict[str, Ground]:
    """The citation and evidence mark of every provision and instrument that is named."""
    found: dict[str, Ground] = {}
    for name in sorted(named):
        provision, instrument = stack.provisions.get(name), stack.instruments.get(name)
        if provision:
            cite = provision.cite or stack.instruments[provision.instrument].title
            found[name] = Ground(name, cite, provision.evidence, provision.plain)
        elif instrument:
            found[name] = Ground(name, instrument.title, instrument.evidence, instrument.summary)
    return found


def names_in(determining: Iterable[str], yielding: Iterable[Yielded], warnings: Iterable[Warned]) -> set[str]:
    """The provisions and instruments that an answer names."""
    yields = {name for entry in yielding for name in (entry.provision, entry.to)}
    return {*determining, *yields, *(warning.provision for warning in warnings)}


def given_by(asked: Questions, places: Iterable[int], answers: Iterable[int]) -> Truths:
    """The truths that the answers to some questions, named by their places, give to their atoms."""
    return {
        atom: so
        for place, answer in zip(places, answers, strict=True)
        if answer != UNKNOWN
        for atom, so in zip(asked.splits[place].atoms, asked.splits[place].answers[answer], strict=True)
    }


def reads(asked: Questions, conditions: Iterable[syntax.Condition]) -> tuple[int, ...]:
    """The questions that some conditions ask, by their places."""
    atoms = {atom for condition in conditions for atom in atoms_of(condition)}
    return tuple(place for place, split in enumerate(asked.splits) if any(atom in atoms for atom in split.atoms))
