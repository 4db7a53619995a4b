"""What a day in jail costs and what is paid for one, by place and day, each rate with its source: read from tables of law.

Three kinds of rate are kept apart and never stand in for each other: what a day costs on *average*, what one day more costs
(*marginal*), and the *federal* rate at which a hold may be charged; nothing, where none was agreed. What SCAAP paid is no
rate: it is a part of officers' salaries of a whole year, and the days of a hold are not its measure.
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
from comity.money.amount import dollars, read_amount
from comity.money.sourced import Row, Sheet
from comity.whole import whole_number

COLUMNS = ("place", "kind", "amount", "days", "from", "until", "source", "evidence", "note")
SHEET = Sheet("rate", "rates.csv", COLUMNS)
Kind: TypeAlias = Literal["average", "marginal", "federal"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SCAAP = "scaap"
# So that cents times days, and the sum of a quarter of a million rows, stay within 64 bits.
DAYS_MAX, DAY_CENTS_MAX = 1_000_000, 1_000_000


class Rate(Struct, frozen=True):
    """An amount for a number of days, from a day and until the day before another. A published sum over published days is
    such a rate as it stands; divided, it would not come out again. `kind` is one of `KINDS`, or `scaap` with no days."""

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
        return f"{dollars(self.cents)} {'a day' if self.days == 1 else f'for {self.days:,} days'}"


class Rates(Struct, frozen=True):
    """Every rate that was read."""

    all: tuple[Rate, ...] = ()

    def of(self, kind: str, places: Iterable[str]) -> tuple[Rate, ...]:
        """The rates of a kind at the nearest of some places that has any, by their days; no two of them share one."""
        for place in places:
            found = [own for own in self.all if (own.place, own.kind) == (place, kind)]
            if found:
                return tuple(sorted(found, key=lambda own: own.since))
        return ()


def rate_on(rates: Sequence[Rate], day: date) -> Rate | None:
    """The rate of a day, if one is known."""
    return next((own for own in rates if own.since <= day < own.until), None)


def read_rates(folders: Iterable[Path], gazetteer: Gazetteer) -> tuple[Rates, list[Finding]]:
    """The rates of some folders of law, and the faults in them; what a later one says of a place and kind replaces the earlier."""
    found, findings = SHEET.read(folders, gazetteer, _rate, lambda own: (own.place, own.kind), _shared)
    return Rates(found), findings


def _rate(row: Row) -> tuple[Rate | None, list[Finding]]:
    cells, said = row.cells, row.source
    cents, findings = read_amount(cells["amount"], row.at)
    span, faults = SHEET.days(row)
    findings += [*faults, *(Finding(SHEET.what, row.at, message, help) for message, help in _faults(cells))]
    if findings or span is None:
        return None, findings
    days = int(cells["days"] or 0)
    if days and cents > DAY_CENTS_MAX * days:
        help = f"at most {dollars(DAY_CENTS_MAX)} a day; are amount and days of the same span?"
        return None, [Finding(SHEET.what, row.at, f"{dollars(cents)} for {days:,} days is no rate of a jail", help)]
    return Rate(cells["place"], cells["kind"], cents, days, *span, said.source, said.evidence, said.note), []


def _faults(cells: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """What is wrong with a row beside what every published figure must have, and what would be right."""
    if cells["kind"] not in (*KINDS, SCAAP):
        yield f'a rate cannot be "{cells["kind"]}"', f"one of {', '.join((*KINDS, SCAAP))}"
    if not _days_fit(cells["kind"], cells["days"]):
        yield (
            f'"{cells["days"]}" is no number of days that the amount is for',
            f"a number from 1, and nothing for {SCAAP}",
        )


def _days_fit(kind: str, days: str) -> bool:
    return not days if kind == SCAAP else 1 <= (whole_number(days) or 0) <= DAYS_MAX


def _shared(own: Rate, other: Rate) -> str:
    both = own.since < other.until and other.since < own.until
    return f"{own.place} has two rates of the kind {own.kind} for {max(own.since, other.since)}" if both else ""


def first_day_without(rates: Sequence[Rate], since: date, until: date) -> date | None:
    """The first day of a span on which no rate is known; nothing where each has one."""
    day = since
    while day < until:
        own = rate_on(rates, day)
        if own is None:
            return day
        day = max(own.until, day + timedelta(1))
    return None
