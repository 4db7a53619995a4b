"""The holds of a table, by the names of its columns, as columns of days; and the rows of which no hold can be made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from comity.finding import Finding, Place
from comity.intake.cells import ROW, Cells, Opened, day_written, read_each
from comity.money.many import Holds, Whole
from comity.money.rates import DAYS_MAX
from comity.period import legal_day_of

STARTS = ("held_from", "start", "custody.release_eligible_on", "custody.release_eligible_at")
ENDS = ("held_until", "end")
PERSONS = ("person", "unique_identifier")
DAYS, PERIOD = "days", "period"
COLUMNS = (*STARTS, *ENDS, *PERSONS, DAYS, PERIOD)
FIRST_YEAR, LAST_YEAR = 1900, 2200
HELP = f"call the columns {STARTS[0]} and {ENDS[0]}, {STARTS[0]} and {DAYS}, or {PERIOD} and {DAYS}"


class Named(Struct, frozen=True):
    """Which column says what; empty where none does."""

    start: str
    end: str
    days: str
    period: str
    person: str


class HoldsRead(Struct, frozen=True):
    """The holds of some rows, the number of each row and its key of a person, and the cells with the rows refused among them."""

    holds: Holds
    rows: Whole
    persons: pa.Array | None
    cells: Cells


def named_in(opened: Opened) -> tuple[Named | None, list[Finding]]:
    """What tells the holds of a table; nothing, and why, where its columns do not."""

    def first(names: Sequence[str]) -> str:
        return next((name for name in names if name in opened.names), "")

    own = Named(first(STARTS), first(ENDS), first([DAYS]), first([PERIOD]), first(PERSONS))
    if (own.start and (own.end or own.days)) or (own.period and own.days):
        return own, []
    return None, [
        Finding("no-hold", Place(opened.source, 1), "no columns say from when until when people were held", HELP)
    ]


def holds_in(cells: Cells, named: Named, zone: str) -> HoldsRead:
    """The holds of some rows; one of which that cannot be made is refused with the reason."""
    reading = _Reading(cells, named, zone)
    refused = reading.refused()
    left = cells.refuse(refused)
    keep = np.array([number not in refused for number in reading.rows.tolist()], bool)
    holds = Holds(reading.since[keep], reading.until[keep], reading.days[keep])
    persons = left.named(named.person).combine_chunks() if named.person else None
    return HoldsRead(holds, reading.rows[keep], persons, left)


class _Reading:
    """Reads the columns of some rows. What a row does not say, or says badly, is below nothing in a column."""

    def __init__(self, cells: Cells, named: Named, zone: str) -> None:
        self.cells, self.named, self.zone = cells, named, ZoneInfo(zone)
        self.rows: Whole = cells.named(ROW).to_numpy()
        self.start = self.column(named.start, self.day_of)
        self.end = self.column(named.end, self.day_of)
        self.count = self.column(named.days, _count_of)
        begun, over = self.column(named.period, _begun), self.column(named.period, _over)
        single = (self.end < 0) & (begun < 0)
        self.since = np.where(begun >= 0, begun, self.start)
        until = np.where(begun >= 0, over, np.where(single, self.start + self.count, self.end))
        self.until = np.where(until == self.since, until + 1, until)  # a hold within one day is one day
        self.days = np.where(single | (self.count < 0), 0, self.count)

    def column(self, name: str, read: Callable[[str], int | None]) -> Whole:
        if not name:
            return np.full(len(self.rows), -1, np.int64)
        values = read_each(self.cells.named(name), read, pa.int64())
        found: Whole = pc.fill_null(values, -1).to_numpy(zero_copy_only=False)
        return found

    def day_of(self, text: str) -> int | None:
        """A day, or the local day of a moment; out of the years that this is about it is none."""
        day = day_written(text) or _local_day(text, self.zone)
        return day.toordinal() if day and FIRST_YEAR <= day.year < LAST_YEAR else None

    def refused(self) -> dict[int, tuple[str, str]]:
        """Why no hold can be made of some rows."""
        wrong = (self.since < 0) | (self.until < self.since) | self.unsaid(self.named.days, self.count)
        wrong |= self.unsaid(self.named.end, self.end) | self.unsaid(self.named.period, self.since)
        wrong |= (self.count < 0) & ((self.end < 0) | (self.since != self.start))
        return {int(self.rows[at]): self.why(int(at)) for at in np.flatnonzero(wrong)}

    def unsaid(self, name: str, values: Whole) -> Whole:
        """Where a cell says something, and it cannot be read."""
        if not name:
            return np.zeros(len(self.rows), bool)
        said: Whole = pc.is_valid(self.cells.named(name)).to_numpy()
        return said & (values < 0)

    def why(self, at: int) -> tuple[str, str]:
        cells = {name: self.cells.named(name)[at].as_py() for name in (*self.shown(), self.named.days) if name}
        if self.named.days and cells[self.named.days] is not None and self.count[at] < 0:
            return (
                "not-days",
                f'"{cells[self.named.days]}" in {self.named.days} is no number of days, from 1 to {DAYS_MAX:,}',
            )
        for name, value in (
            (self.named.start, self.start),
            (self.named.end, self.end),
            (self.named.period, self.since),
        ):
            if name and cells[name] is not None and value[at] < 0:
                return "not-a-day", f'"{cells[name]}" in {name} is no {"month or year" if name == PERIOD else "day"}'
        if self.start[at] >= 0 and 0 <= self.end[at] < self.start[at]:
            return (
                "ends-before-it-starts",
                f"the hold starts on {cells[self.named.start]} and ends on {cells[self.named.end]}, before that",
            )
        return (
            "no-days",
            f"the row does not say how long: {', '.join(name for name in cells if cells[name] is None)} is empty",
        )

    def shown(self) -> tuple[str, ...]:
        return self.named.start, self.named.end, self.named.period


def _count_of(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 1 <= int(text) <= DAYS_MAX else None


def _begun(text: str) -> int | None:
    span = legal_day_of(text)
    return span.first.toordinal() if span else None


def _over(text: str) -> int | None:
    span = legal_day_of(text)
    return (span.last + timedelta(1)).toordinal() if span else None


def _local_day(text: str, zone: ZoneInfo) -> date | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(zone).date() if moment.tzinfo else None
