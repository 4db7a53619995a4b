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

Answers: TypeAlias = Mapping[str, ActionAnswer]
TOPIC_ORDER = {"authority": 0, "liability": 0, "": 1, "form": 1, "dispute": 2, "money": 3, "history": 4}
CERTAIN_FIRST = {False: 0, True: 1}
SHOWN_APART = ("money", "history")
AGENCY_NOT_GIVEN = "agency.kind"  # the fact that would tell which of several instruments bind
AGENCY_TEXT = "The request does not say which agency received it; these bind only some agencies, and count here."
LAST_DAY_NUMBER = 99_991_231


class Risk(Struct, frozen=True):
    """A warning with the actions that it is about, every provision that says it, and its rank from 1.

    `counts` is false where these answers do not run the risk: a liability for doing what the answer forbids, money, history, and
    orders for others.
    """

    warned: Warned
    actions: tuple[str, ...]
    provisions: tuple[str, ...]
    counts: bool
    rank: int = 0


def rank_risks(answers: Answers, asked: Collection[str]) -> list[Risk]:
    """All warnings of a decision, ranked; `asked` are the actions that the request is known to ask for."""
    merged = sorted(_merged(answers), key=lambda risk: _order(risk, asked))
    return [structs.replace(risk, rank=number) for number, risk in enumerate(merged, 1)]


def _merged(answers: Answers) -> Iterable[Risk]:
    """Each warning once: those of several actions, and provisions that say the same, are one."""
    groups: dict[str, list[tuple[str, Warned]]] = {}
    for action, answer in answers.items():
        for warned in answer.warnings:
            key = warned.same_as or warned.provision
            groups.setdefault(key if warned.topic or warned.same_as else f"{key} {warned.text}", []).append(
                (action, warned)
            )
    for key, given in groups.items():
        of_agency = key == AGENCY_NOT_GIVEN
        members = [
            (action, structs.replace(warned, text=AGENCY_TEXT) if of_agency else warned) for action, warned in given
        ]
        texts = dict.fromkeys(warned.text for _, warned in members if not warned.same_as)
        for text in texts or dict.fromkeys(warned.text for _, warned in members[:1]):
            yield _of_text(text, key, members, answers)


def _of_text(text: str, key: str, members: list[tuple[str, Warned]], answers: Answers) -> Risk:
    of_text = [(action, warned) for action, warned in members if warned.text == text or warned.same_as]
    first = min((warned for _, warned in of_text if warned.text == text), key=lambda warned: warned.maybe)
    actions = tuple(dict.fromkeys(action for action, _ in of_text))
    provisions = tuple(dict.fromkeys(warned.provision for _, warned in of_text))
    counts = any(_counts(action, warned, answers) for action, warned in of_text)
    return Risk(first, actions, tuple(sorted(provisions, key=lambda name: name != key)), counts)


def _counts(action: str, warned: Warned, answers: Answers) -> bool:
    """Whether an answer runs the risk of which a warning tells."""
    if warned.parties_only or warned.topic in SHOWN_APART:
        return False
    outcome = answers[action].outcome
    return not (
        (warned.about == "doing" and outcome == "forbidden") or (warned.about == "declining" and outcome == "required")
    )


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


def with_ranks(answers: Answers, asked: Collection[str]) -> dict[str, ActionAnswer]:
    """The answers with the rank of each warning."""
    risks = rank_risks(answers, asked)
    ranks = {(name, risk.warned.text): risk.rank for risk in risks for name in risk.provisions}
    of_provision = {name: rank for (name, _), rank in ranks.items()}

    def ranked(warned: Warned) -> Warned:
        rank = ranks.get((warned.provision, warned.text)) or of_provision[warned.provision]
        return structs.replace(warned, rank=rank)

    return {
        action: structs.replace(answer, warnings=tuple(ranked(warned) for warned in answer.warnings))
        for action, answer in answers.items()
    }
