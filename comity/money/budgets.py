"""What of a county's budget is federal money, by place and day, as published: how much a choice could put at stake at most."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path

from msgspec import Struct

from comity.finding import Finding
from comity.law.places import Gazetteer
from comity.money.amount import read_amount
from comity.money.sourced import Row, Sheet, Source, both_hold, holding

SHEET = Sheet(
    "budget", "budgets.csv", ("place", "from", "until", "federal", "total", "percent", "source", "evidence", "note")
)


class Budget(Struct, frozen=True):
    """The federal money in a budget, from a day and until the day before another, and the whole of it where that was published.

    `percent` is the share as published, where the whole was not: worked out of it, the whole would be nobody's figure.
    """

    place: str
    federal: int
    total: int | None
    percent: int | None
    since: date
    until: date
    source: Source

    @property
    def share(self) -> Fraction | None:
        """What part of the budget is federal, exactly as it is known."""
        if self.total:
            return Fraction(self.federal, self.total)
        return Fraction(self.percent, 100) if self.percent else None


class Budgets(Struct, frozen=True):
    """Every budget that was read."""

    all: tuple[Budget, ...] = ()

    def on(self, places: Iterable[str], day: date) -> Budget | None:
        """The budget of a day at the nearest of some places that has one."""
        return holding(self.all, places, day)


def read_budgets(folders: Iterable[Path], gazetteer: Gazetteer) -> tuple[Budgets, list[Finding]]:
    """The budgets of some folders of law, and the faults in them; what a later one says of a place replaces the earlier."""
    found, findings = SHEET.read(folders, gazetteer, _budget, lambda own: own.place, both_hold)
    return Budgets(found), findings


def _budget(row: Row) -> tuple[Budget | None, list[Finding]]:
    federal, findings = read_amount(row.cells["federal"], row.at)
    total, faults = read_amount(row.cells["total"], row.at) if row.cells["total"] else (None, [])
    percent, more = SHEET.count(row, "percent")
    days, wrong = SHEET.days(row)
    findings += [*faults, *more, *wrong, *_too_much(row, federal, total, percent)]
    if findings or days is None:
        return None, findings
    return Budget(row.cells["place"], federal, total, percent, *days, row.source), []


def _too_much(row: Row, federal: int, total: int | None, percent: int | None) -> Iterable[Finding]:
    if total is not None and federal > total:
        yield Finding(
            SHEET.what,
            row.at,
            "more of the budget is federal than there is of it",
            "are federal and total the right way round?",
        )
    if percent is not None and (percent > 100 or total is not None):
        help = "a whole number to 100, and only where no total was published"
        yield Finding(SHEET.what, row.at, f"{percent} is no share beside these amounts", help)
