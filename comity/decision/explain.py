"""A decision with its whole explanation: one request, the law in force for it, and why the answer is what it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from comity.decision import grounds
from comity.decision.decision import ActionAnswer, Decision, Ground, Limited, Missing, Owed
from comity.decision.decision import Known as DecisiveFact
from comity.decision.grounds import Truths
from comity.decision.missing import missing_facts, searched
from comity.engine.compiled.compiled import Compiled
from comity.engine.outcome import Outcome, outcome_of
from comity.engine.questions.answers import UNKNOWN
from comity.engine.questions.diagram import Diagrams
from comity.engine.questions.questions import Questions, completed, known_truths, questions
from comity.engine.questions.splits import Split, atoms_of
from comity.engine.search.search import possible
from comity.facts.kinds import KnownList, KnownSet, Value
from comity.facts.request import Request
from comity.language import syntax
from comity.language.kinding import fields_of
from comity.language.sentence import clause
from comity.law.in_force import Stack
from comity.law.instrument import ACTIONS, Limit, Obligation

KEPT_MAX = 100_000  # explanations kept of each sort for one stack; beyond that they are made anew
Answers: TypeAlias = tuple[int, ...]


class OfAction(Struct, frozen=True):
    """An action's answer, the same for every request alike in what law asks about that action."""

    key: Answers
    truths: Truths
    answer: ActionAnswer
    decisive: tuple[str, ...]
    grounds: dict[str, Ground]


class Beside(Struct, frozen=True):
    """What goes with the answers: what is owed and how long a hold may last."""

    obligations: tuple[Owed, ...]
    limits: tuple[Limited, ...]
    grounds: dict[str, Ground]


class Explainer:
    """Decides requests under one stack, with the whole explanation.

    What requests have in common is worked out once: an action's answer for each combination of answers to the
    questions that bear on it. `plain` has it search as the definition does, instead of by diagram and compiled
    questions, and keep nothing.
    """

    def __init__(self, stack: Stack, plain: bool = False) -> None:
        self.asked: Questions = questions(stack)
        self.plain = plain
        self.actions = (*ACTIONS, *sorted({own.action for own in self.asked.standing} - {*ACTIONS, ""}))
        self.diagrams = Diagrams(self.asked)
        self.compiled = Compiled(self.asked, self.actions, self.diagrams)
        self.reads = {action: reads(self.asked, grounds.bearing(self.asked, action)) for action in self.actions}
        self.reads_beside = reads(self.asked, grounds.beside(self.asked))
        self.alike = {action: Alike(self.asked, own) for action, own in self.reads.items()}
        self.kept: dict[str, dict[Answers, OfAction]] = {action: {} for action in self.actions}
        self.kept_beside: dict[Answers, Beside] = {}
        self.kept_missing: dict[object, tuple[Missing, ...]] = {}

    def left(self, action: str, truths: Truths) -> tuple[Outcome, ...]:
        """The outcomes of an action that some truths leave open."""
        return possible(self.asked, action, truths) if self.plain else self.diagrams.possible(action, truths)

    def after(self, action: str, truths: Truths, splits: Sequence[Split]) -> list[tuple[Outcome, ...]]:
        """The sets of outcomes that answering some questions can leave open."""
        return (
            searched(self.asked, action, truths, splits, self.left)
            if self.plain
            else self.diagrams.after(action, truths, splits)
        )

    def decide(self, request: Request) -> Decision:
        """The decision on a request whose place and day are the stack's."""
        stack = self.asked.stack
        values = completed(stack, request.values)
        found: dict[str, Ground] = {}
        answers: dict[str, ActionAnswer] = {}
        given = None if self.plain else self.compiled.answers(values)
        truths = known_truths(self.asked, values) if self.plain else {}
        for action in self.actions:
            own = self.of_action(action, truths) if given is None else self.kept_of_action(action, given)
            found |= own.grounds
            answers[action] = self.of_request(action, own, values, request.values)
        beside = self.beside(truths) if given is None else self.kept_beside_of(given)
        found |= beside.grounds
        return Decision(
            request.place, request.at, stack.day, stack.version, answers, beside.obligations, beside.limits, found
        )

    def kept_of_action(self, action: str, given: Sequence[int]) -> OfAction:
        key, kept = tuple([given[place] for place in self.reads[action]]), self.kept[action]
        own = kept.get(key)
        if own is None:
            own = self.of_action(action, given_by(self.asked, self.reads[action], key), key)
            if len(kept) < KEPT_MAX:
                kept[key] = own
        return own

    def kept_beside_of(self, given: Sequence[int]) -> Beside:
        key = tuple([given[place] for place in self.reads_beside])
        own = self.kept_beside.get(key)
        if own is None:
            own = self.beside(given_by(self.asked, self.reads_beside, key))
            if len(self.kept_beside) < KEPT_MAX:
                self.kept_beside[key] = own
        return own

    def of_action(self, action: str, truths: Truths, key: Answers = ()) -> OfAction:
        answer = self.answer(action, truths)
        return OfAction(key, truths, answer, self.decisive(action, truths), self.grounds(_named(answer)))

    def beside(self, truths: Truths) -> Beside:
        obligations, limits = tuple(self.obligations(truths)), tuple(self.limits(truths))
        named = {own.provision for own in obligations} | {own.provision for own in limits}
        return Beside(obligations, limits, self.grounds(named))

    def answer(self, action: str, truths: Truths) -> ActionAnswer:
        open_outcomes = self.left(action, truths)
        determining = grounds.determining(self.asked, action, truths, open_outcomes)
        return ActionAnswer(
            outcome_of(open_outcomes),
            open_outcomes,
            determining,
            grounds.yielding(self.asked, action, truths),
            warnings=grounds.warnings(self.asked, action, truths),
            decider=self.decider(determining) if "permitted" in open_outcomes else "",
        )

    def of_request(
        self, action: str, own: OfAction, values: Mapping[str, Value], given: Mapping[str, Value]
    ) -> ActionAnswer:
        """The answer with what only this request can say: the values of its facts, and what it lacks."""
        answer, facts = own.answer, own.decisive
        if not facts and len(answer.possible) == 1:
            return answer
        decisive = tuple(
            [DecisiveFact(fact, shown(values[fact]), self.source(fact, given)) for fact in facts if fact in values]
        )
        missing = self.missing(action, own, values) if len(answer.possible) > 1 else ()
        return ActionAnswer(
            answer.outcome,
            answer.possible,
            answer.determining,
            answer.yielding,
            missing,
            answer.warnings,
            decisive,
            answer.decider,
        )

    def missing(self, action: str, own: OfAction, values: Mapping[str, Value]) -> tuple[Missing, ...]:
        """What is missing depends also on which facts are there and which of their parts are open, not on the truths alone."""
        key = (action, own.key, self.alike[action].key(values))
        made = None if self.plain else self.kept_missing.get(key)
        if made is None:
            turns_on = [self.asked.splits[index] for index in sorted(self.diagrams.turns_on(action, own.truths))]
            made = missing_facts(self.asked, action, values, own.truths, self.left, self.after, turns_on)
            if not self.plain and len(self.kept_missing) < KEPT_MAX:
                self.kept_missing[key] = made
        return made

    def decider(self, determining: Iterable[str]) -> str:
        return next((own for name in determining if (own := self.asked.stack.provisions[name].decider)), "")

    def decisive(self, action: str, truths: Truths) -> tuple[str, ...]:
        order = self.asked.stack.vocabulary.order
        facts = {fact for own in grounds.decisive(self.asked, action, truths, self.left) for fact in own.facts}
        return tuple(sorted(facts, key=lambda fact: order.get(fact, len(order))))

    def source(self, fact: str, given: Mapping[str, Value]) -> str:
        known = self.asked.stack.fact_sources.get(fact)
        return "request" if fact in given or known is None else f"true of {known.place_path}: {known.source}"

    def obligations(self, truths: Truths) -> Iterable[Owed]:
        vocabulary = self.asked.stack.vocabulary
        for own, when, sure in grounds.of_kind(self.asked, "obliges", truths):
            owed = self.asked.stack.provisions[own.provision].obligation
            if owed:
                condition = "" if sure else clause(when, vocabulary)
                yield Owed(own.provision, owed.bearer, owed.deed, owed.to, due(owed), condition)

    def limits(self, truths: Truths) -> Iterable[Limited]:
        vocabulary = self.asked.stack.vocabulary
        for own, when, sure in grounds.of_kind(self.asked, "limits", truths):
            limit = self.asked.stack.provisions[own.provision].limit
            if limit and own.action == "hold":
                yield Limited(own.provision, "", in_words(limit), "" if sure else clause(when, vocabulary))

    def grounds(self, named: Iterable[str]) -> dict[str, Ground]:
        """The citation and evidence mark of every provision and instrument that an answer names."""
        stack, found = self.asked.stack, {}
        for name in sorted(named):
            provision, instrument = stack.provisions.get(name), stack.instruments.get(name)
            if provision:
                cite = provision.cite or stack.instruments[provision.instrument].title
                found[name] = Ground(name, cite, provision.evidence, provision.plain)
            elif instrument:
                found[name] = Ground(name, instrument.title, instrument.evidence, instrument.summary)
        return found


def decide(stack: Stack, request: Request, plain: bool = False) -> Decision:
    """One request under one stack, with the whole explanation."""
    return Explainer(stack, plain).decide(request)


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
    return tuple(place for place, own in enumerate(asked.splits) if any(atom in atoms for atom in own.atoms))


class Alike:
    """Tells requests apart by what of the facts that some questions read is there, and which of their parts are open."""

    def __init__(self, asked: Questions, places: Iterable[int]) -> None:
        splits = [asked.splits[place] for place in places]
        self.facts = sorted({path for own in splits for path in own.facts})
        self.fields: dict[str, set[str]] = {path: set() for path in self.facts}
        for own in splits:
            for path in own.facts:
                self.fields[path] |= {field for atom in own.atoms for field in fields_of(atom)}

    def key(self, values: Mapping[str, Value]) -> object:
        """Equal for requests that are alike in these facts; of a record it counts only where one of its fields is open."""
        return tuple([self._of(path, values.get(path)) for path in self.facts])

    def _of(self, path: str, value: Value | None) -> object:
        match value:
            case None:
                return None
            case KnownSet(_, whole):
                return whole
            case KnownList(items, whole):
                fields = self.fields[path]
                return whole, tuple([_open_record(item, fields) for item in items])
        return True


def _open_record(item: Mapping[str, object], fields: Iterable[str]) -> object:
    """The record where one of these fields is open, else True: a record that is known adds no question of its own."""
    known = tuple([item.get(field) for field in fields])
    is_open = any(own is None or (isinstance(own, KnownSet) and not own.whole) for own in known)
    return known if is_open else True


def due(owed: Obligation) -> str:
    """When an obligation is due, in words: `within 24 hours of receipt`, `every quarter`, `by 2017-05-19`."""
    after = owed.after.replace("_", " ")
    since = (
        f"within {owed.within}" + (f" of {after}" if after else "")
        if owed.within
        else f"after {after}"
        if after
        else ""
    )
    return ", ".join(filter(None, (since, owed.every and f"every {owed.every}", owed.by and f"by {owed.by}")))


def in_words(limit: Limit) -> str:
    """A limit in words."""
    if limit.until:
        return f"until {limit.until} on the day of {(limit.of or 'release_eligible').replace('_', ' ')}"
    start = {
        "receipt": "receipt of the request",
        "release_eligible": "when release is due",
        "earlier": "receipt of the request or when release is due, whichever is earlier",
    }[limit.starts]
    days = f", weekends{_left_out(limit)} not counted" if limit.clock == "excluding_weekends_holidays" else ""
    return f"{limit.hours} hours from {start}{days}"


def _left_out(limit: Limit) -> str:
    """The holidays that a limit leaves out beside weekends."""
    return {(): "", ("federal",): " and holidays"}.get(limit.holidays, " and the holidays that it lists")


def shown(value: Value) -> str:
    """A value for people."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, KnownSet):
        return (", ".join(sorted(value.members)) or "none") + ("" if value.whole else ", perhaps more")
    if isinstance(value, KnownList):
        count = len(value.items)
        return ("none" if not count else f"{count} on record") + ("" if value.whole else ", perhaps more")
    return str(value)


def _named(answer: ActionAnswer) -> set[str]:
    yields = {name for own in answer.yielding for name in (own.provision, own.to)}
    return {*answer.determining, *yields, *(own.provision for own in answer.warnings)}
