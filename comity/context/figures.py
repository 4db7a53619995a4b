"""Published counts and estimates of people at a place: foreign-born residents, unauthorized immigrants, people held on detainers.

A figure is context beside the law. No decision reads one, and the language of conditions has no name for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from comity.finding import Finding, did_you_mean
from comity.law.library import CONTEXT_FILE as FILE
from comity.law.places import Gazetteer
from comity.money.sourced import Row, Sheet, Source
from comity.period import LegalDay

COLUMNS = ("place", "what", "figure", "of", "from", "until", "area", "by", "published", "source", "evidence", "note")
SHEET = Sheet("count", FILE, COLUMNS)
What: TypeAlias = Literal["foreign_born", "unauthorized", "detainers"]
KINDS: tuple[What, ...] = get_args(What)
REQUIRED = {
    "figure": "how many people it counts",
    "from": "the first year, month or day that it is about",
    "until": "the last year, month or day that it is about",
    "by": "who counted or estimated",
}


class Count(Struct, frozen=True, kw_only=True):
    """How many people somebody counted or estimated at a place, for the time from `since` to `until`, both included.

    `total` is all residents in the same count, where it was published. `area` names the area counted, where it is not the place
    itself. `published` is the day on which the count became known, where that is recorded.
    """

    place: str
    what: What
    number: int
    since: LegalDay
    until: LegalDay
    by: str
    source: Source
    total: int | None = None
    area: str = ""
    published: LegalDay | None = None

    @property
    def share(self) -> Fraction | None:
        """The part of all residents, exactly as it is known."""
        return Fraction(self.number, self.total) if self.total else None

    def known_on(self, day: date) -> bool:
        """Whether the count was certainly published by a day."""
        return self.published is not None and self.published.last <= day


def read_counts(folders: Iterable[Path], gazetteer: Gazetteer) -> tuple[tuple[Count, ...], list[Finding]]:
    """The counts in some folders of law, and their faults.

    A later folder replaces what earlier ones have of the same kind, by the same maker, for the same place.
    """
    return SHEET.read(
        folders, gazetteer, of_row=_count, key=lambda count: (count.place, count.what, count.by), clash=_twice
    )


def _count(row: Row) -> tuple[Count | None, list[Finding]]:
    findings = [
        Finding(SHEET.what, row.at, f"a count needs a {column}", f"say {what}")
        for column, what in REQUIRED.items()
        if not row.cells[column]
    ]
    number, number_faults = SHEET.count(row, "figure")
    total, total_faults = SHEET.count(row, "of")
    since, since_faults = SHEET.day(row, "from")
    until, until_faults = SHEET.day(row, "until")
    published, published_faults = SHEET.day(row, "published")
    findings += [*number_faults, *total_faults, *since_faults, *until_faults, *published_faults]
    what = next((kind for kind in KINDS if kind == row.cells["what"]), None)
    if what is None:
        help = did_you_mean(row.cells["what"], KINDS) or f"one of {', '.join(KINDS)}"
        findings.append(Finding(SHEET.what, row.at, f'"{row.cells["what"]}" is not counted here', help))
    if since and until and until.last < since.first:
        findings.append(Finding(SHEET.what, row.at, "the count ends before it begins", "write from before until"))
    if number and total and number > total:
        help = "are figure and of the right way round?"
        findings.append(Finding(SHEET.what, row.at, "more people are counted than there are residents", help))
    if findings or what is None or number is None or since is None or until is None:
        return None, findings
    count = Count(
        place=row.cells["place"], what=what, number=number, since=since, until=until, by=row.cells["by"],
        source=row.source, total=total, area=row.cells["area"], published=published,
    )  # fmt: skip
    return count, []


def _twice(count: Count, other: Count) -> str:
    if (count.since, count.until) != (other.since, other.until):
        return ""
    return f"{count.place} has two figures of {count.what} by {count.by} for the same time"
