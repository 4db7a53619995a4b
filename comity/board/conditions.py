"""The conditions on federal money that bear on a choice between two laws: how each stands at the place, and which law breaches it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from comity.board.figures import Bearing
from comity.classification.view import UNKNOWN
from comity.decision.page import EVIDENCE_WORDS
from comity.finding import Finding, grave
from comity.funding.at_stake import money_of, staked
from comity.funding.page import ELEMENTS, STATES
from comity.funding.view import ConditionView
from comity.law.library import Library
from comity.law.places import Jurisdiction

BREACHED: dict[bool | str, str] = {
    True: "breaches it",
    False: "does not breach it",
    UNKNOWN: "whether it breaches it is not known",
}


class Borne(Struct, frozen=True):
    """The conditions that bear on a choice, and how the share of the budget is to those about which courts decided."""

    conditions: tuple[Bearing, ...] = ()
    beside: str = ""


def bearing_on(
    where: Jurisdiction,
    on: date,
    laws: Sequence[tuple[Jurisdiction, date]],
    library: Library,
    folders: Sequence[Path] = (),
) -> tuple[Borne, list[Finding]]:
    """What bears on a place on a day, under each of two laws; nothing, and the findings, where what is recorded of it is faulty."""
    money, findings = money_of(folders, library)
    if grave(findings):
        return Borne(), list(grave(findings))
    first, second = (staked(where, on, money, library, folders, law) for law in laws)
    made = tuple(_bearing(id, first.conditions[id], second.conditions[id]) for id in second.conditions)
    return Borne(made, second.stake.beside if second.stake else ""), []


def _bearing(id: str, first: ConditionView, second: ConditionView) -> Bearing:
    source = f"{second.citation or second.by} ({EVIDENCE_WORDS[second.evidence]})"
    before, after = (BREACHED[own.breached] for own in (first, second))
    return Bearing(id, second.title, STATES[second.state], second.demands, before, after, _facts(second), source)


def _facts(own: ConditionView) -> str:
    """Which way the recorded facts point, element by element, and that this is no verdict."""
    sides = {
        side: [_named(each.element) for each in own.elements if each.facts == side]
        for side in ("against", "for", "both")
    }
    words = {
        "against": "speaks against it on",
        "for": "speaks for it on",
        "both": "speaks for and against it on",
    }
    parts = [f"{words[side]} {_joined(names)}" for side, names in sides.items() if names]
    return f"What is recorded {', '.join(parts)}. Courts decide." if parts else ""


def _named(element: str) -> str:
    return ELEMENTS[element][0].lower() + ELEMENTS[element][1:]


def _joined(names: Sequence[str]) -> str:
    quoted = [f'"{name}"' for name in names]
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}" if len(quoted) > 1 else quoted[0]
