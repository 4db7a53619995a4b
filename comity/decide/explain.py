"""A decision with its whole explanation: one request, the law in force for it, and why the answer is what it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeAlias

from comity.decide import grounds
from comity.decide.decision import ActionAnswer, Decision, Ground, Limited, Missing, Outcome, Owed
from comity.decide.decision import Known as DecisiveFact
from comity.decide.diagram import Diagrams
from comity.decide.missing import missing_facts
from comity.decide.one import Questions, completed, known_truths, outcome_of, possible, questions
from comity.decide.splits import Atom, Split
from comity.facts.kinds import KnownList, KnownSet, Value
from comity.facts.request import Request
from comity.language.sentence import clause
from comity.law.in_force import Stack
from comity.law.instrument import ACTIONS, Limit, Obligation

Truths: TypeAlias = Mapping[Atom, bool]


class Explainer:
    """Decides requests under one stack, with the whole explanation.

    What follows from the truths of the atoms alone is kept, so that requests alike in these are explained once;
    `plain` has it search as the definition does, instead of by diagram.
    """

    def __init__(self, stack: Stack, plain: bool = False) -> None:
        self.asked: Questions = questions(stack)
        self.diagrams = Diagrams(self.asked)
        self.left = self.searched if plain else self.diagrams.possible
        self.actions = (*ACTIONS, *sorted({own.action for own in self.asked.standing} - {*ACTIONS, ""}))

    def searched(self, action: str, truths: Truths) -> tuple[Outcome, ...]:
        return possible(self.asked, action, truths)

    def decide(self, request: Request, at: datetime | None = None) -> Decision:
        """The decision on a request whose place and day are the stack's."""
        stack = self.asked.stack
        values = completed(stack, request.values)
        truths = known_truths(self.asked, values)
        answers = {action: self.answer(action, values, request.values, truths) for action in self.actions}
        made = Decision(
            request.place,
            at or request.at,
            stack.day,
            stack.version,
            answers,
            tuple(self.obligations(truths)),
            tuple(self.limits(truths)),
        )
        named = {name for answer in answers.values() for name in _named(answer)}
        named |= {own.provision for own in made.obligations} | {own.provision for own in made.limits}
        return _with_grounds(made, stack, named)

    def answer(self, action: str, values: Mapping[str, Value], given: Mapping[str, Value], truths: Truths) -> ActionAnswer:
        open_outcomes = self.left(action, truths)
        outcome = outcome_of(open_outcomes)
        determining = grounds.determining(self.asked, action, truths, open_outcomes)
        return ActionAnswer(
            outcome,
            open_outcomes,
            determining,
            grounds.yielding(self.asked, action, truths),
            self.missing(action, values, truths) if len(open_outcomes) > 1 else (),
            grounds.warnings(self.asked, action, truths),
            self.decisive(grounds.decisive(self.asked, action, truths, self.left), values, given),
            self.decider(determining) if "permitted" in open_outcomes else "",
        )

    def missing(self, action: str, values: Mapping[str, Value], truths: Truths) -> tuple[Missing, ...]:
        turns_on = [self.asked.splits[index] for index in sorted(self.diagrams.turns_on(action, truths))]
        return missing_facts(self.asked, action, values, truths, self.left, turns_on)

    def decider(self, determining: Iterable[str]) -> str:
        return next((own for name in determining if (own := self.asked.stack.provisions[name].decider)), "")

    def decisive(
        self, splits: Iterable[Split], values: Mapping[str, Value], given: Mapping[str, Value]
    ) -> tuple[DecisiveFact, ...]:
        order = self.asked.stack.vocabulary.order
        facts = sorted({fact for own in splits for fact in own.facts if fact in values}, key=lambda fact: order.get(fact, 0))
        return tuple(DecisiveFact(fact, shown(values[fact]), self.source(fact, given)) for fact in facts)

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


def decide(stack: Stack, request: Request, plain: bool = False) -> Decision:
    """One request under one stack, with the whole explanation."""
    return Explainer(stack, plain).decide(request)


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
    return {*answer.determining, *(own.provision for own in answer.yielding), *(own.to for own in answer.yielding), *(own.provision for own in answer.warnings)}


def _with_grounds(made: Decision, stack: Stack, named: Iterable[str]) -> Decision:
    """The decision with the citation and evidence mark of every provision and instrument that it names."""
    found = {}
    for name in sorted(named):
        provision, instrument = stack.provisions.get(name), stack.instruments.get(name)
        if provision:
            found[name] = Ground(name, provision.cite or stack.instruments[provision.instrument].title, provision.evidence, provision.plain)
        elif instrument:
            found[name] = Ground(name, instrument.title, instrument.evidence, instrument.summary)
    return Decision(
        made.place, made.at, made.day, made.law_version, made.actions, made.obligations, made.limits, found, made.findings
    )
