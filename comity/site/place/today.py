"""What law says of the standard requests on the day of the site: the plain detainer with reasons, and all twelve as a table."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from comity.decision.card import COMMANDS, describe_decider
from comity.decision.decision import Decision
from comity.decision.research import NOT_RESEARCHED, is_researched
from comity.decision.words import describe_action, shorten_action
from comity.engine.outcome import Outcome
from comity.law.instrument import ACTIONS, FURTHER_ACTIONS
from comity.site.answers import FIRST, Answers
from comity.site.place_law import Source
from comity.site.site import Site
from comity.site.standard_requests import PLAIN, form_of_day, standard_requests

UNRESEARCHED = "unresearched"


class Answer(Struct, frozen=True):
    """An outcome as a page shows it: the key of its colour, and its word: MUST, MUST NOT, MAY, DEPENDS, no rule applies."""

    key: str
    word: str


class ActionToday(Struct, frozen=True, kw_only=True):
    """What law says of one action of the plain detainer today, why, and since when; `since` is empty where it was so before 2007.

    `possible` has the outcomes that remain where the answer depends, and `question` the fact to find out first.
    """

    action: str
    words: str
    answer: Answer
    since: str
    decider: str
    sources: tuple[Source, ...]
    possible: tuple[Answer, ...] = ()
    question: str = ""


class RequestToday(Struct, frozen=True, kw_only=True):
    """One of the standard requests with its answers, by action in the order of the table's columns."""

    words: str
    says: str
    answers: tuple[Answer, ...]


def answer_of(outcome: Outcome, *, researched: bool = True) -> Answer:
    """An outcome with its word; where the law of the State was not researched, no rule is not an answer."""
    if outcome == "unaddressed" and not researched:
        return Answer(UNRESEARCHED, NOT_RESEARCHED)
    return Answer(outcome, COMMANDS[outcome])


def plain_decision(site: Site, path: str) -> Decision:
    """The decision on the plain detainer at a place at noon of the day of the site."""
    plain = next(request for request in standard_requests() if request.id == PLAIN)
    zone, form = site.places[path].zone, form_of_day(site.law.library, site.on)
    return site.law.decide(plain.at(path, site.on, zone, form))


def actions_today(site: Site, path: str) -> Iterator[ActionToday]:
    """The five actions of a detainer, and others of which law here speaks, as the plain detainer of today has them."""
    decision = plain_decision(site, path)
    researched = is_researched(decision.researched_to)
    for action, answer in decision.actions.items():
        if action not in ACTIONS and not (action in FURTHER_ACTIONS and answer.determining):
            continue
        sources = (
            Source(decision.grounds[name].cite, name.partition("#")[0])
            for name in answer.determining
            if name in decision.grounds
        )
        is_open = len(answer.possible) > 1
        yield ActionToday(
            action=action,
            words=describe_action(action),
            answer=answer_of(answer.outcome, researched=researched),
            since=_since(site.answers(path), action),
            decider=describe_decider(answer),
            sources=tuple(dict.fromkeys(sources)),
            possible=tuple(answer_of(outcome) for outcome in answer.possible) if is_open else (),
            question=answer.missing[0].question or answer.missing[0].fact if is_open and answer.missing else "",
        )


def _since(spans: list[Answers], action: str) -> str:
    """The day from which the plain detainer has had the same answer on an action; empty where it had it before 2007."""
    today = spans[-1].by_request[PLAIN].get(action)
    since = spans[-1].since
    for span in reversed(spans):
        if span.by_request[PLAIN].get(action) != today:
            break
        since = span.since
    return "" if since == FIRST else since.isoformat()


def request_columns() -> tuple[str, ...]:
    """The heads of the table of requests: the five actions of a detainer in a few words."""
    return tuple(f"{words[:1].upper()}{words[1:]}" for words in map(shorten_action, ACTIONS))


def requests_today(site: Site, path: str) -> Iterator[RequestToday]:
    """The twelve standard requests, each with its answers of today."""
    today, researched = site.answers(path)[-1], is_researched(site.view(path).researched_to)
    for request in standard_requests():
        answers = (answer_of(today.outcome(request.id, action), researched=researched) for action in ACTIONS)
        yield RequestToday(words=request.words, says=request.says, answers=tuple(answers))
