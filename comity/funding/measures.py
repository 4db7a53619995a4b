"""What courts ask about a condition on federal money (the Spending Clause test), each question with the decisions behind it."""

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


class Measure(Struct, frozen=True, kw_only=True):
    """One decision on one element: the question that it asks and, for coercion, the share of what (`of`) it decided about."""

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
    """The measures in some folders of law, and their faults."""
    return SHEET.read(
        folders, gazetteer, of_row=_measure, key=lambda measure: (measure.element, measure.source.source), clash=_twice
    )


def _measure(row: Row) -> tuple[Measure | None, list[Finding]]:
    days, findings = SHEET.days(row)
    percent, faults = SHEET.count(row, "percent")
    findings += faults
    element = next((known for known in ELEMENTS if known == row.cells["element"]), None)
    if element is None:
        help = did_you_mean(row.cells["element"], ELEMENTS) or f"one of {', '.join(ELEMENTS)}"
        findings.append(Finding(SHEET.what, row.at, f'there is no element "{row.cells["element"]}"', help))
    if findings or element is None or days is None:
        return None, findings
    since, until = days
    measure = Measure(
        element=element, asks=row.cells["asks"], since=since, until=until, source=row.source, percent=percent,
        of=row.cells["of"],
    )  # fmt: skip
    return measure, []


def _twice(measure: Measure, _other: Measure) -> str:
    return f"the element {measure.element} has one decision twice"
