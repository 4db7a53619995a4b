"""What courts ask of a condition on federal money (the Spending Clause test), each question with the decisions behind it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path

from msgspec import Struct

from comity.finding import Finding, did_you_mean
from comity.funding.condition import ELEMENTS, Element
from comity.law.places import Gazetteer
from comity.money.sourced import Row, Sheet, Source

COLUMNS = ("place", "element", "asks", "percent", "of", "from", "until", "source", "evidence", "note")
SHEET = Sheet("measure", "spending-clause.csv", COLUMNS)


class Measure(Struct, frozen=True):
    """One decision on one element: what it asks, and for coercion the share that it was about, `of` what, and what became of it."""

    element: Element
    asks: str
    since: date
    until: date
    source: Source
    percent: int | None = None
    of: str = ""

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.percent, 100) if self.percent else None


def read_measures(folders: Iterable[Path], gazetteer: Gazetteer) -> tuple[tuple[Measure, ...], list[Finding]]:
    """The measures of some folders of law, and the faults in them."""
    return SHEET.read(folders, gazetteer, _measure, lambda own: (own.element, own.source.source), _twice)


def _measure(row: Row) -> tuple[Measure | None, list[Finding]]:
    days, findings = SHEET.days(row)
    percent, faults = SHEET.count(row, "percent")
    findings += faults
    element = next((own for own in ELEMENTS if own == row.cells["element"]), None)
    if element is None:
        help = did_you_mean(row.cells["element"], ELEMENTS) or f"one of {', '.join(ELEMENTS)}"
        findings.append(Finding(SHEET.what, row.at, f'there is no element "{row.cells["element"]}"', help))
    if findings or element is None or days is None:
        return None, findings
    return Measure(element, row.cells["asks"], *days, row.source, percent, row.cells["of"]), []


def _twice(own: Measure, _other: Measure) -> str:
    return f"the element {own.element} has one decision twice"
