"""The federal money in a county's budget, by place and day, as published: the most that a choice could put at stake."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from msgspec import Struct

from comity.finding import Finding
from comity.law.places import Gazetteer
from comity.money.amount import basis_points, read_amount
from comity.money.sourced import Row, Sheet, Source, find_figure, overlap_fault

SHEET = Sheet(
    "budget", "budgets.csv", ("place", "from", "until", "federal", "total", "percent", "source", "evidence", "note")
)


class BudgetFigures(Struct, frozen=True, kw_only=True):
    """The federal money in a budget in cents, from `since` to the day before `until`, with the source of the figures.

    The share is in hundredths of a percent, also where it was published and the total was not.
    """

    federal_cents: int
    total_cents: int | None
    share_basis_points: int | None
    since: date
    until: date
    source: str
    evidence: str
    note: str = ""


class Budget(Struct, frozen=True, kw_only=True):
    """The federal money in a budget and, where it was published, the total, in cents, from `since` to the day before `until`.

    `percent` is the federal share as published, where the total was not. A total computed from it would have no source.
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
        """The federal part of the budget, exactly as it is known."""
        if self.total:
            return Fraction(self.federal, self.total)
        return Fraction(self.percent, 100) if self.percent else None

    @property
    def figures(self) -> dict[str, Any]:
        """The fields of `BudgetFigures`, for a view that has further ones."""
        return {
            "federal_cents": self.federal,
            "total_cents": self.total,
            "share_basis_points": None if self.share is None else basis_points(self.share),
            "since": self.since,
            "until": self.until,
            "source": self.source.source,
            "evidence": self.source.evidence,
            "note": self.source.note,
        }


class Budgets(Struct, frozen=True):
    """All budgets that were read."""

    all: tuple[Budget, ...] = ()

    def on(self, places: Iterable[str], day: date) -> Budget | None:
        """The budget of a day at the nearest of some places that has one."""
        return find_figure(self.all, places, day)


def read_budgets(folders: Iterable[Path], gazetteer: Gazetteer) -> tuple[Budgets, list[Finding]]:
    """The budgets in some folders of law, and their faults; for one place a later folder replaces an earlier one."""
    found, findings = SHEET.read(
        folders, gazetteer, of_row=_budget, key=lambda budget: budget.place, clash=overlap_fault
    )
    return Budgets(found), findings


def _budget(row: Row) -> tuple[Budget | None, list[Finding]]:
    federal, findings = read_amount(row.cells["federal"], row.at)
    total, total_faults = read_amount(row.cells["total"], row.at) if row.cells["total"] else (None, [])
    percent, percent_faults = SHEET.count(row, "percent")
    days, day_faults = SHEET.days(row)
    findings += [*total_faults, *percent_faults, *day_faults]
    findings += _share_faults(row, federal=federal, total=total, percent=percent)
    if findings or days is None:
        return None, findings
    since, until = days
    budget = Budget(
        place=row.cells["place"],
        federal=federal,
        total=total,
        percent=percent,
        since=since,
        until=until,
        source=row.source,
    )
    return budget, []


def _share_faults(row: Row, *, federal: int, total: int | None, percent: int | None) -> Iterable[Finding]:
    if total is not None and federal > total:
        message = "the federal money is more than the total of the budget"
        yield Finding(SHEET.what, row.at, message, "are federal and total the right way round?")
    if percent is not None and (percent > 100 or total is not None):
        help = "write a whole number up to 100, and only where no total was published"
        yield Finding(SHEET.what, row.at, f"{percent} is not a share that fits these amounts", help)
