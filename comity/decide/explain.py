"""A decision with its whole explanation: one request, the law in force for it, and why the answer is what it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import Struct

from comity.decide import grounds
from comity.decide.compiled import Compiled
from comity.decide.decision import ActionAnswer, Decision, Ground, Limited, Missing, Outcome, Owed
from comity.decide.decision import Known as DecisiveFact
from comity.decide.diagram import Diagrams
from comity.decide.grounds import Truths
from comity.decide.missing import missing_facts
from comity.decide.one import Questions, completed, known_truths, outcome_of, possible, questions
from comity.decide.questions_in_python import UNKNOWN
from comity.facts.kinds import KnownList, KnownSet, Value
from comity.facts.request import Request
from comity.language.sentence import clause
from comity.law.in_force import Stack
from comity.law.instrument import ACTIONS, Limit, Obligation

KEPT_MAX = 100_000  # explanations kept for one stack; beyond that they are made anew


class Explained(Struct, frozen=True):
    """What follows from the truths of the atoms alone, the same for every request alike in these."""

    truths: Truths
    answers: dict[str, ActionAnswer]
    decisive: dict[str, tuple[str, ...]]
    obligations: tuple[Owed, ...]
    limits: tuple[Limited, ...]
    grounds: dict[str, Ground]


class Explainer:
    """Decides requests under one stack, with the whole explanation.

    `plain` has it search as the definition does, instead of by diagram and compiled questions.
    """

    def __init__(self, stack: Stack, plain: bool = False) -> None:
        self.asked: Questions = questions(stack)
        self.plain = plain
        self.actions = (*ACTIONS, *sorted({own.action for own in self.asked.standing} - {*ACTIONS, ""}))
        self.diagrams = Diagrams(self.asked)
        self.compiled = Compiled(self.asked, self.actions, self.diagrams)
        self.kept: dict[tuple[int, ...], Explained] = {}
        self.kept_missing: dict[object, tuple[Missing, ...]] = {}

    def left(self, action: str, truths: Truths) -> tuple[Outcome, ...]:
        """The outcomes of an action that some truths leave open."""
        return possible(self.asked, action, truths) if self.plain else self.diagrams.possible(action, truths)

    def decide(self, request: Request) -> Decision:
        """The decision on a request whose place and day are the stack's."""
        stack = self.asked.stack
        values = completed(stack, request.values)
        key = self.key(values)
        explained = self.kept.get(key)
        if explained is None:
            explained = self.explain(known_truths(self.asked, values) if self.plain else given_by(self.asked, key))
            if len(self.kept) < KEPT_MAX:
                self.kept[key] = explained
        answers = {action: self.of_request(action, explained, key, values, request.values) for action in self.actions}
        return Decision(
            request.place,
            request.at,
            stack.day,
            stack.version,
            answers,
            explained.obligations,
            explained.limits,
            explained.grounds,
        )

    def key(self, values: Mapping[str, Value]) -> tuple[int, ...]:
        """The answer to every question: equal for requests that are alike in all that the law asks."""
        return self.compiled.answers(values)

    def explain(self, truths: Truths) -> Explained:
        answers = {action: self.answer(action, truths) for action in self.actions}
        decisive = {action: self.decisive(action, truths) for action in self.actions}
        obligations, limits = tuple(self.obligations(truths)), tuple(self.limits(truths))
        named = {name for answer in answers.values() for name in _named(answer)}
        named |= {own.provision for own in obligations} | {own.provision for own in limits}
        return Explained(truths, answers, decisive, obligations, limits, self.grounds(named))

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
        self, action: str, explained: Explained, key: tuple[int, ...], values: Mapping[str, Value], given: Mapping[str, Value]
    ) -> ActionAnswer:
        """The answer with what only this request can say: the values of its facts, and what it lacks."""
        answer = explained.answers[action]
        facts = explained.decisive[action]
        if not facts and len(answer.possible) == 1:
            return answer
        decisive = tuple(
            [DecisiveFact(fact, shown(values[fact]), self.source(fact, given)) for fact in facts if fact in values]
        )
        missing = self.missing(action, key, values, explained.truths) if len(answer.possible) > 1 else ()
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

    def missing(
        self, action: str, key: tuple[int, ...], values: Mapping[str, Value], truths: Truths
    ) -> tuple[Missing, ...]:
        """What is missing depends also on which records are there, not on the truths alone."""
        records = msgspec.msgpack.encode([(own, value) for own, value in values.items() if isinstance(value, (KnownList, KnownSet))])
        whole = (action, key, records, frozenset(values))
        if whole not in self.kept_missing:
            turns_on = [self.asked.splits[index] for index in sorted(self.diagrams.turns_on(action, truths))]
            made = missing_facts(self.asked, action, values, truths, self.left, turns_on)
            if len(self.kept_missing) >= KEPT_MAX:
                return made
            self.kept_missing[whole] = made
        return self.kept_missing[whole]

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


def given_by(asked: Questions, answers: Sequence[int]) -> Truths:
    """The truths that answers give to the atoms."""
    return {
        atom: so
        for split, answer in zip(asked.splits, answers, strict=True)
        if answer != UNKNOWN
        for atom, so in zip(split.atoms, split.answers[answer], strict=True)
    }


def due(owed: Obligation) -> str:
    """When an obligation is due, in words: `within 24 hours of receipt`, `every quarter`, `by 2017-05-19`."""
    after = owed.after.replace("_", " ")
    since = f"within {owed.within}" + (f" of {after}" if after else "") if owed.within else f"after {after}" if after else ""
    return ", ".join(filter(None, (since, owed.every and f"every {owed.every}", owed.by and f"by {owed.by}")))


def in_words(limit: Limit) -> str:
    """A limit in words."""
    if limit.until:
        return f"until {limit.until} on the day of {(limit.of or 'release_eligible').replace('_', ' ')}"
    start = {"receipt": "receipt of the request", "release_eligible": "when release is due"}[limit.starts]
    days = ", weekends and holidays not counted" if limit.clock == "excluding_weekends_holidays" else ""
    return f"{limit.hours} hours from {start}{days}"


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
