"""Compares the conditions on federal money under two laws: the state of each at the place, and which law breaches it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from comity.board.figures import ConditionComparison
from comity.classification.view import UNKNOWN
from comity.decision.words import EVIDENCE_WORDS
from comity.finding import Finding, grave
from comity.funding.at_stake import find_at_stake, read_money
from comity.funding.page import ELEMENTS, STATES
from comity.funding.view import ConditionView
from comity.law.library import Library
from comity.law.places import Jurisdiction

BREACHED: dict[bool | str, str] = {
    True: "breaches it",
    False: "does not breach it",
    UNKNOWN: "whether it breaches it is not known",
}
FACTS = {"against": "is against it on", "for": "supports it on", "both": "is both for and against it on"}


class FundingComparison(Struct, frozen=True):
    """The applicable conditions, and how the share of the budget compares with those that courts have decided about."""

    conditions: tuple[ConditionComparison, ...] = ()
    share_comparison: str = ""


def compare_conditions(
    where: Jurisdiction,
    on: date,
    *,
    laws: Sequence[tuple[Jurisdiction, date]],
    library: Library,
    folders: Sequence[Path] = (),
) -> tuple[FundingComparison, list[Finding]]:
    """The conditions that apply at a place on a day, under each of two laws; empty, with findings, where a record is faulty."""
    money, findings = read_money(folders, library)
    if grave(findings):
        return FundingComparison(), list(grave(findings))
    first, second = (find_at_stake(where, on, money, library, folders, law) for law in laws)
    conditions = [_compare(id, first.conditions[id], second.conditions[id]) for id in second.conditions]
    return FundingComparison(tuple(conditions), second.stake.beside if second.stake else ""), []


def _compare(id: str, first: ConditionView, second: ConditionView) -> ConditionComparison:
    return ConditionComparison(
        id=id,
        title=second.title,
        state=STATES[second.state],
        demands=second.demands,
        first=BREACHED[first.breached],
        second=BREACHED[second.breached],
        facts=_describe_facts(second),
        source=f"{second.citation or second.by} ({EVIDENCE_WORDS[second.evidence]})",
    )


def _describe_facts(condition: ConditionView) -> str:
    """Which way the recorded facts point, element by element. This is no verdict."""
    names = {
        direction: [_element_name(element.element) for element in condition.elements if element.facts == direction]
        for direction in FACTS
    }
    parts = [f"{FACTS[direction]} {_join(elements)}" for direction, elements in names.items() if elements]
    return f"What is recorded {', '.join(parts)}. Courts decide." if parts else ""


def _element_name(element: str) -> str:
    return ELEMENTS[element][0].lower() + ELEMENTS[element][1:]


def _join(names: Sequence[str]) -> str:
    quoted = [f'"{name}"' for name in names]
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}" if len(quoted) > 1 else quoted[0]
