"""What was measured of trust in the police and of crime where jails or police work with immigration officers, or decline to.

Each finding has its method and its limits. Which ones a brief may show is decided by a rule that does not read which way they
point: see `choose_findings`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from comity.finding import Finding, did_you_mean
from comity.law.instrument import EVIDENCE
from comity.law.library import TRUST_FILE as FILE
from comity.law.places import Gazetteer
from comity.money.sourced import Row, Sheet, Source
from comity.period import LegalDay

COLUMNS = (
    "id", "place", "claim", "figure", "where", "design", "method", "limits", "direction", "published", "source", "evidence", "note",
)  # fmt: skip
SHEET = Sheet("study", FILE, COLUMNS)
FINDINGS_MAX = 3
REQUIRED = ("id", "claim", "figure", "where", "method", "limits", "published")
Design: TypeAlias = Literal["staggered", "matched", "survey", "count", "opinion"]
DESIGNS: tuple[Design, ...] = get_args(Design)  # the method that says most about a cause first
DESIGN_WORDS: dict[Design, str] = {
    "staggered": "places where a policy began at different times, compared with places where it had not begun",
    "matched": "similar places or people, compared",
    "survey": "what people say in a random survey",
    "count": "a count of events, compared with nothing",
    "opinion": "an opinion",
}
Direction: TypeAlias = Literal["against", "for", "neither"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
DIRECTION_WORDS: dict[Direction, str] = {
    "against": "against cooperation: it finds a cost of cooperating, or that a gain from it or a cost of declining is absent",
    "for": "for cooperation: it finds a cost of declining, or that a gain from it or a cost of cooperating is absent",
    "neither": "neither way",
}


class Study(Struct, frozen=True, kw_only=True):
    """One finding: what it claims, the figure, where and how it was measured, its limits, and which way it points."""

    id: str
    place: str
    claim: str
    figure: str
    where: str
    design: Design
    method: str
    limits: str
    direction: Direction
    published: LegalDay
    source: Source


def read_studies(folders: Iterable[Path], gazetteer: Gazetteer) -> tuple[tuple[Study, ...], list[Finding]]:
    """The studies in some folders of law, and their faults; under one id a later folder replaces an earlier one."""
    return SHEET.read(folders, gazetteer, of_row=_study, key=lambda study: study.id, clash=_twice)


def choose_findings(studies: Iterable[Study], known_on: date | None = None) -> tuple[Study, ...]:
    """The studies that a brief may show, at most FINDINGS_MAX: those that were published by `known_on`, in `order_studies`."""
    known = (study for study in studies if known_on is None or study.published.last <= known_on)
    return tuple(order_studies(known)[:FINDINGS_MAX])


def order_studies(studies: Iterable[Study]) -> list[Study]:
    """Studies by the strength of their method, then by their mark of evidence, the newest first, then by id.

    The rule is the same whichever way a study points: it never reads `direction`.
    """
    return sorted(studies, key=_order)


def _order(study: Study) -> tuple[int, int, int, str]:
    marked = EVIDENCE.index(study.source.evidence)
    return DESIGNS.index(study.design), marked, -study.published.last.toordinal(), study.id


def _study(row: Row) -> tuple[Study | None, list[Finding]]:
    cells = row.cells
    findings = [
        Finding(SHEET.what, row.at, f"the study has no {column}", f"fill in {column}")
        for column in REQUIRED
        if not cells[column]
    ]
    published, faults = SHEET.day(row, "published")
    design = next((known for known in DESIGNS if known == cells["design"]), None)
    direction = next((known for known in DIRECTIONS if known == cells["direction"]), None)
    findings += faults
    if design is None:
        findings.append(_unknown_word(row, "design", DESIGNS))
    if direction is None:
        findings.append(_unknown_word(row, "direction", DIRECTIONS))
    if findings or design is None or direction is None or published is None:
        return None, findings
    study = Study(
        id=cells["id"], place=cells["place"], claim=cells["claim"], figure=cells["figure"], where=cells["where"],
        design=design, method=cells["method"], limits=cells["limits"], direction=direction, published=published,
        source=row.source,
    )  # fmt: skip
    return study, []


def _unknown_word(row: Row, column: str, words: tuple[str, ...]) -> Finding:
    help = did_you_mean(row.cells[column], words) or f"one of {', '.join(words)}"
    return Finding(SHEET.what, row.at, f'"{row.cells[column]}" is not a {column}', help)


def _twice(study: Study, _other: Study) -> str:
    return f"two studies have the id {study.id}"
