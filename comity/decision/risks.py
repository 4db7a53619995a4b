"""The warnings of a decision in the order in which they matter, each once, and which of them concern these answers.

Order: certain before possible; a constitution before other law, so that "find out first" where citizenship is claimed is the
first warning of all; about the action asked; binding before persuasive; authority and liability before form, form before dispute;
later before earlier. Money has a command of its own; history and orders for others are shown in full only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TypeAlias

from msgspec import Struct, structs

from comity.decision.answer import ActionAnswer, Warned
from comity.engine.outcome import Outcome

Answers: TypeAlias = Mapping[str, ActionAnswer]
TOPIC_ORDER = {"authority": 0, "liability": 0, "": 1, "form": 1, "dispute": 2, "money": 3, "history": 4}
CERTAIN_FIRST = {False: 0, True: 1}
SHOWN_APART = {"money": "Federal money", "history": "History"}
FOR_OTHERS = "Orders for parties of whom this place is not one"
OF_DOING, OF_DECLINING = "Risks of doing what is forbidden here", "Risks of declining what is required here"
WHY_NOT = (OF_DOING, OF_DECLINING, FOR_OTHERS, *SHOWN_APART.values())  # in the order in which a page shows them
AGENCY_NOT_GIVEN = "agency.kind"  # the fact that would tell which of several instruments bind
AGENCY_TEXT = "The request does not say which agency received it; these bind only some agencies, and count here."
LAST_DAY_NUMBER = 99_991_231
RANKED_MAX = 1_000  # combinations of answers of which the ranks are kept, with the tuples that they are known by
RANKED: dict[tuple[object, ...], tuple[tuple[object, ...], tuple[tuple[Warned, ...], ...]]] = {}


class Risk(Struct, frozen=True):
    """A warning with the actions that it is about, every provision that says it, and its rank from 1.

    `why_not` says why these answers do not run the risk, and is empty where they do: a liability for doing what the answer
    forbids, money, history, and orders for others.
    """

    warned: Warned
    actions: tuple[str, ...]
    provisions: tuple[str, ...]
    why_not: str = ""
    rank: int = 0

    @property
    def counts(self) -> bool:
        """Whether the answers run the risk."""
        return not self.why_not


def rank_risks(
    warnings: Iterable[tuple[str, Warned]], outcomes: Mapping[str, Outcome], asked: Collection[str] = ()
) -> list[Risk]:
    """Warnings about actions, each once and ranked, under the outcomes of the actions as far as these are known."""
    merged = sorted(_merged(warnings, outcomes), key=lambda risk: _order(risk, asked))
    return [structs.replace(risk, rank=number) for number, risk in enumerate(merged, 1)]


def _merged(warnings: Iterable[tuple[str, Warned]], outcomes: Mapping[str, Outcome]) -> Iterable[Risk]:
    """Each warning once: those of several actions, and provisions that say the same, are one."""
    groups: dict[str, list[tuple[str, Warned]]] = {}
    for action, warned in warnings:
        key = warned.same_as or warned.provision
        key = key if warned.topic or warned.same_as else f"{key} {warned.text}"
        groups.setdefault(key, []).append((action, warned))
    for key, given in groups.items():
        of_agency = key == AGENCY_NOT_GIVEN
        members = [
            (action, structs.replace(warned, text=AGENCY_TEXT) if of_agency else warned) for action, warned in given
        ]
        texts = dict.fromkeys(warned.text for _, warned in members if not warned.same_as)
        for text in texts or dict.fromkeys(warned.text for _, warned in members[:1]):
            yield _of_text(text, key, members, outcomes)


def _of_text(text: str, key: str, members: list[tuple[str, Warned]], outcomes: Mapping[str, Outcome]) -> Risk:
    of_text = [(action, warned) for action, warned in members if warned.text == text or warned.same_as]
    first = min((warned for _, warned in of_text if warned.text == text), key=lambda warned: warned.maybe)
    actions = tuple(dict.fromkeys(action for action, _ in of_text))
    provisions = tuple(dict.fromkeys(warned.provision for _, warned in of_text))
    reasons = [_why_not(warned, outcomes.get(action)) for action, warned in of_text]
    ordered = tuple(sorted(provisions, key=lambda name: name != key))
    return Risk(first, actions, ordered, reasons[0] if all(reasons) else "")


def _why_not(warned: Warned, outcome: Outcome | None) -> str:
    """Why an answer does not run the risk of which a warning tells; empty where it does."""
    if warned.parties_only:
        return FOR_OTHERS
    if warned.topic in SHOWN_APART:
        return SHOWN_APART[warned.topic]
    if warned.about == "doing" and outcome == "forbidden":
        return OF_DOING
    if warned.about == "declining" and outcome == "required":
        return OF_DECLINING
    return ""


def _order(risk: Risk, asked: Collection[str]) -> tuple[object, ...]:
    warned = risk.warned
    is_asked = not asked or any(action in asked for action in risk.actions)
    return (
        not risk.counts,
        CERTAIN_FIRST[warned.maybe],
        not warned.constitutional,
        not is_asked,
        warned.force == "persuasive",
        TOPIC_ORDER[warned.topic],
        LAST_DAY_NUMBER - int(warned.since.replace("-", "") or 0),
        risk.provisions,
    )


def risks_of(answers: Answers, asked: Collection[str]) -> list[Risk]:
    """All warnings of a decision's answers, ranked."""
    warnings = [(action, warned) for action, answer in answers.items() for warned in answer.warnings]
    return rank_risks(warnings, {action: answer.outcome for action, answer in answers.items()}, asked)


def with_ranks(answers: Answers, asked: Collection[str]) -> dict[str, ActionAnswer]:
    """The answers with the rank of each warning.

    Decisions of one stack share their tuples of warnings, so what was ranked is found again by their identity.
    """
    key = (tuple(asked), *((action, answer.outcome, id(answer.warnings)) for action, answer in answers.items()))
    found = RANKED.get(key)
    if found is None:
        if len(RANKED) >= RANKED_MAX:
            RANKED.clear()
        found = RANKED[key] = (
            tuple(answer.warnings for answer in answers.values()), _ranked_warnings(answers, asked)
        )  # fmt: skip
    return {
        action: structs.replace(answer, warnings=warnings)
        for (action, answer), warnings in zip(answers.items(), found[1], strict=True)
    }


def _ranked_warnings(answers: Answers, asked: Collection[str]) -> tuple[tuple[Warned, ...], ...]:
    """The warnings of each action, with their ranks."""
    risks = risks_of(answers, asked)
    ranks = {(name, risk.warned.text): risk.rank for risk in risks for name in risk.provisions}
    of_provision = {name: rank for (name, _), rank in ranks.items()}

    def ranked(warned: Warned) -> Warned:
        rank = ranks.get((warned.provision, warned.text)) or of_provision[warned.provision]
        return structs.replace(warned, rank=rank)

    return tuple(tuple(ranked(warned) for warned in answer.warnings) for answer in answers.values())
