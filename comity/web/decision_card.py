"""The answer on a case as its page shows it: what the law says now, what is still to find out, until when, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from comity.decision.card import COMMANDS, cited, describe_decider, risk_in_words, until_of
from comity.decision.decision import Decision
from comity.decision.risks import Risk
from comity.decision.words import EVIDENCE_WORDS
from comity.desk.case import Case
from comity.desk.deciding import decide_case
from comity.desk.desk import Desk
from comity.desk.owed import Due, due_of
from comity.law.instrument import BEYOND_ACTIONS
from comity.present.page import Text

RISKS_MAX = 5


class Answer(Struct, frozen=True, kw_only=True):
    """One action: its outcome, on what it rests, and who decides where the law leaves a choice."""

    action: str
    outcome: str
    cites: tuple[str, ...]
    decider: str
    possible: str = ""  # where it depends: `must or must not`


class Card(Struct, frozen=True, kw_only=True):
    """What the law says of a case at a moment."""

    decision: Decision
    answers: tuple[Answer, ...]
    questions: tuple[str, ...]  # the facts that may still change an outcome, the most decisive first
    decides: dict[str, tuple[str, ...]]  # by fact, the actions that depend on it
    limits: tuple[str, ...]
    due: tuple[Due, ...]
    risks: tuple[str, ...]
    sources: tuple[str, ...]  # the authorities of the answers, each with how sure its encoding is
    choices: tuple[str, ...]  # the actions of which the law leaves the choice
    depends: bool = False  # whether it is open whether the person may be held
    number: int = 0  # of the recorded decision that says the same, 0 where none does


def card_for(desk: Desk, case: Case, now: datetime) -> Card | None:
    """The card of the detainer that counts, under the law held now; None where none counts or it cannot be decided."""
    governing = case.governing
    if governing is None:
        return None
    decision, _, _ = decide_case(case, governing.number, desk.bound, desk.library, now)
    if decision is None:
        return None
    recorded = case.decision_on(governing.number)
    outcomes = {action: answer.outcome for action, answer in decision.actions.items()}
    same = recorded is not None and recorded.outcomes == outcomes and not case.reopened
    asked = _asked_first(decision)
    return Card(
        decision=decision,
        answers=tuple(_answers(decision)),
        questions=tuple(asked),
        decides=asked,
        limits=tuple(block.text for block in until_of(decision) if isinstance(block, Text)),
        due=due_of(decision, case),
        risks=tuple(risk_in_words(risk, decision) for risk in _counting(decision)),
        sources=tuple(_sources(decision)),
        choices=tuple(action for action, answer in decision.actions.items() if answer.outcome == "permitted"),
        depends=outcomes.get("hold") == "undetermined",
        number=recorded.number if recorded and same else 0,
    )


def _answers(decision: Decision) -> list[Answer]:
    return [
        Answer(
            action=action,
            outcome=answer.outcome,
            cites=tuple(dict.fromkeys(cited(name, decision) for name in answer.determining)),
            decider=describe_decider(answer),
            possible=_joined([COMMANDS[outcome].lower() for outcome in answer.possible]),
        )
        for action, answer in decision.actions.items()
        if action not in BEYOND_ACTIONS
    ]


def _joined(words: list[str]) -> str:
    """`must, must not or no rule applies`; empty for one outcome, which stands beside it already."""
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else ""


def _counting(decision: Decision) -> list[Risk]:
    return [risk for risk in decision.risks() if risk.counts][:RISKS_MAX]


def _sources(decision: Decision) -> Iterable[str]:
    """The citation of each authority of the answers, and how sure its encoding is."""
    names = (
        name
        for action, answer in decision.actions.items()
        if action not in BEYOND_ACTIONS
        for name in answer.determining
    )
    grounds = (decision.grounds[name] for name in names if name in decision.grounds)
    return dict.fromkeys(
        f"{ground.cite} ({EVIDENCE_WORDS.get(ground.evidence, ground.evidence)})" for ground in grounds
    )


def _asked_first(decision: Decision) -> dict[str, tuple[str, ...]]:
    """The facts that may still change an outcome, those of a hold first, each with the actions that depend on it."""
    found: dict[str, list[str]] = {}
    for action, answer in decision.actions.items():
        for item in answer.missing:
            path = item.fact.partition("[")[0]
            found.setdefault(path, []).append(action)
    return {path: tuple(dict.fromkeys(actions)) for path, actions in found.items()}
