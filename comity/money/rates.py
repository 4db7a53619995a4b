"""What a day in jail costs and what is paid for one, by place and day, each rate with its source: read from tables of law.

Three kinds of rate are kept apart and never replace each other: what a day costs on *average*, what one more day costs
(*marginal*), and the *federal* rate at which a hold may be charged, which is zero where none was agreed. What SCAAP paid is not
a rate: it is a part of officers' salaries for a whole year, and does not depend on the days of a hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from comity.finding import Finding
from comity.law.instrument import Evidence
from comity.law.places import Gazetteer
from comity.money.amount import format_dollars, read_amount
from comity.money.sourced import Row, Sheet
from comity.whole import whole_number

COLUMNS = ("place", "kind", "amount", "days", "from", "until", "source", "evidence", "note")
SHEET = Sheet("rate", "rates.csv", COLUMNS)
Kind: TypeAlias = Literal["average", "marginal", "federal"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SCAAP = "scaap"
# So that cents times days, and the sum of a quarter of a million rows, stay within 64 bits.
DAYS_MAX, DAY_CENTS_MAX = 1_000_000, 1_000_000


class Rate(Struct, frozen=True, kw_only=True):
    """An amount in cents for a number of days, from the day `since` to the day before `until`.

    A published sum over published days is kept as it is: divided and multiplied again it would not give the same sum.
    `kind` is one of `KINDS`, or `scaap` with no days.
    """

    place: str
    kind: str
    cents: int
    days: int
    since: date
    until: date
    source: str
    evidence: Evidence
    note: str = ""

    @property
    def words(self) -> str:
        """`$113.00 a day`, `$5,082.52 for 227 days`."""
        return f"{format_dollars(self.cents)} {'a day' if self.days == 1 else f'for {self.days:,} days'}"


class Rates(Struct, frozen=True):
    """All rates that were read."""

    all: tuple[Rate, ...] = ()

    def of(self, kind: str, places: Iterable[str]) -> tuple[Rate, ...]:
        """The rates of a kind at the nearest of some places that has any, by their days; no two of them share a day."""
        for place in places:
            found = [rate for rate in self.all if (rate.place, rate.kind) == (place, kind)]
            if found:
                return tuple(sorted(found, key=lambda rate: rate.since))
        return ()


def rate_on(rates: Sequence[Rate], day: date) -> Rate | None:
    """The rate of a day, if one is known."""
    return next((rate for rate in rates if rate.since <= day < rate.until), None)


def read_rates(folders: Iterable[Path], gazetteer: Gazetteer) -> tuple[Rates, list[Finding]]:
    """The rates in some folders of law, and their faults; for one place and kind a later folder replaces an earlier one."""
    found, findings = SHEET.read(
        folders, gazetteer, of_row=_rate, key=lambda rate: (rate.place, rate.kind), clash=_overlap_fault
    )
    return Rates(found), findings


def _rate(row: Row) -> tuple[Rate | None, list[Finding]]:
    cells, source = row.cells, row.source
    cents, findings = read_amount(cells["amount"], row.at)
    span, faults = SHEET.days(row)
    findings += [*faults, *(Finding(SHEET.what, row.at, message, help) for message, help in _faults(cells))]
    if findings or span is None:
        return None, findings
    days = int(cells["days"] or 0)
    if days and cents > DAY_CENTS_MAX * days:
        message = f"{format_dollars(cents)} for {days:,} days is too much for a jail"
        help = f"at most {format_dollars(DAY_CENTS_MAX)} a day; are amount and days of the same span?"
        return None, [Finding(SHEET.what, row.at, message, help)]
    since, until = span
    rate = Rate(
        place=cells["place"], kind=cells["kind"], cents=cents, days=days, since=since, until=until, source=source.source,
        evidence=source.evidence, note=source.note,
    )  # fmt: skip
    return rate, []


def _faults(cells: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """The messages and help texts of what is wrong in the columns of this table alone."""
    if cells["kind"] not in (*KINDS, SCAAP):
        yield f'"{cells["kind"]}" is not a kind of rate', f"one of {', '.join((*KINDS, SCAAP))}"
    if not _days_fit(cells["kind"], cells["days"]):
        yield (
            f'"{cells["days"]}" is not the number of days that the amount is for',
            f"write a number from 1, or nothing for {SCAAP}",
        )


def _days_fit(kind: str, days: str) -> bool:
    return not days if kind == SCAAP else 1 <= (whole_number(days) or 0) <= DAYS_MAX


def _overlap_fault(rate: Rate, other: Rate) -> str:
    shared = rate.since < other.until and other.since < rate.until
    return f"{rate.place} has two rates of the kind {rate.kind} for {max(rate.since, other.since)}" if shared else ""


def first_day_without(rates: Sequence[Rate], since: date, until: date) -> date | None:
    """The first day of a span on which no rate is known; None where each day has one."""
    day = since
    while day < until:
        rate = rate_on(rates, day)
        if rate is None:
            return day
        day = max(rate.until, day + timedelta(1))
    return None
