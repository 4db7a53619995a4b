"""Reads the holds of a table, by the names of its columns, as columns of days; and the rows from which no hold can be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from comity.finding import Finding, Place, phrase
from comity.intake.cells import ROW, Cells, Opened, read_each
from comity.intake.day_cells import SENTINELS, read_day, read_moment_cell
from comity.money.many import Flags, Holds, Whole
from comity.money.overlaps import person_keys
from comity.money.rates import DAYS_MAX
from comity.period import legal_day_of
from comity.whole import whole_number

STARTS = ("held_from", "start", "custody.release_eligible_on", "custody.release_eligible_at")
ENDS = ("held_until", "end")
PERSONS = ("person", "unique_identifier")
DAYS, PERIOD = "days", "period"
COLUMNS = (*STARTS, *ENDS, *PERSONS, DAYS, PERIOD)
# Columns that often name a person. They are not taken for a key unasked: two people may have one name.
LIKELY_PERSONS = (
    *(
        "name",
        "full_name",
        "person_name",
        "person_id",
        "person_number",
        "inmate",
        "inmate_id",
        "inmate_name",
        "inmate_number",
    ),
    *("subject", "subject_id", "subject_name", "so_number", "alien_number", "a_number", "jacket_number"),
)
BETWEEN_WORDS = re.compile(r"[\s_-]+")
COUNT = re.compile(r"([0-9]{1,15})(?:\.0+)?(?: days?(?: 00:00:00(?:\.0+)?)?)?")
FIRST_YEAR, LAST_YEAR = 1900, 2200
MISSING = -1  # the value of a cell that is empty or cannot be read
HELP = f"call the columns {STARTS[0]} and {ENDS[0]}, {STARTS[0]} and {DAYS}, or {PERIOD} and {DAYS}, or name them with `columns`"


class HoldColumns(Struct, frozen=True, kw_only=True):
    """The column of each part of a hold; empty where the table has none.

    `one_person` says that every row is about one person, although no column names them.
    """

    start: str
    end: str
    days: str
    period: str = ""
    person: str = ""
    one_person: bool = False

    @property
    def names(self) -> frozenset[str]:
        """The headings of the columns that are there."""
        return frozenset({self.start, self.end, self.days, self.period, self.person} - {""})


class HoldsRead(Struct, frozen=True, kw_only=True):
    """The holds of some rows, the number of each row and the key of its person; `cells` has the rows refused among them.

    `shifted` has the numbers of the rows with a moment of midnight in UTC that is another day at the place.
    """

    shifted: Whole
    holds: Holds
    rows: Whole
    persons: pa.Array | None
    cells: Cells


def find_hold_columns(opened: Opened) -> tuple[HoldColumns | None, list[Finding]]:
    """The columns that describe the holds of a table, whatever the case and spaces of their names.

    None, and a finding, where there are none. A finding that is not grave names a column that may say whose the holds are.
    """

    def first(names: Sequence[str]) -> str:
        return next(filter(None, (_heading(opened, name) for name in names)), "")

    columns = HoldColumns(
        start=first(STARTS), end=first(ENDS), days=first([DAYS]), period=first([PERIOD]), person=first(PERSONS)
    )
    if (columns.start and (columns.end or columns.days)) or (columns.period and columns.days):
        return columns, [] if columns.person else _likely_person(opened)
    message = "no columns say from when until when people were held"
    return None, [Finding("no-hold", Place(opened.source, 1), message, HELP)]


def _heading(opened: Opened, name: str) -> str:
    """The heading that is a name as it is, or the only one that is it in another spelling; empty where there is none."""
    if name in opened.names:
        return name
    others = [heading for heading in opened.names if _plain(heading) == name]
    return others[0] if len(others) == 1 else ""


def _plain(heading: str) -> str:
    return BETWEEN_WORDS.sub("_", heading.strip().casefold())


def _likely_person(opened: Opened) -> list[Finding]:
    likely = next((heading for heading in opened.names if _plain(heading) in LIKELY_PERSONS), None)
    if likely is None:
        return []
    message = phrase(
        'no column is called {}, so overlapping holds of one person are not recognised; "{}" may name the person',
        PERSONS[0],
        likely,
    )
    help = f"call it {PERSONS[0]} if it does"
    return [Finding("no-person", Place(opened.source, 1), message, help, grave=False)]


def read_holds(cells: Cells, columns: HoldColumns, zone: str) -> HoldsRead:
    """The holds of some rows; a row from which none can be read is refused with the reason."""
    reading = _Reading(cells, columns, zone)
    refused = reading.refused()
    left = cells.refuse(refused)
    good = np.array([number not in refused for number in reading.rows.tolist()], bool)
    holds = Holds(reading.since[good], reading.until[good], reading.days[good])
    persons = left.named(columns.person).combine_chunks() if columns.person else None
    shifted = reading.rows[good & reading.shifted()]
    return HoldsRead(shifted=shifted, holds=holds, rows=reading.rows[good], persons=persons, cells=left)


class _Reading:
    """Reads the columns of some rows. A value that a row lacks, or that cannot be read, is `MISSING`."""

    def __init__(self, cells: Cells, columns: HoldColumns, zone: str) -> None:
        self.cells, self.columns, self.zone = cells, columns, ZoneInfo(zone)
        self.rows: Whole = cells.named(ROW).to_numpy()
        self.start = self.read(columns.start, self.read_day)
        self.end = self.read(columns.end, self.read_day)
        self.count = self.read(columns.days, _read_count)
        begins, ends = self.read(columns.period, _first_day), self.read(columns.period, _day_after)
        single = (self.end < 0) & (begins < 0)
        self.since = np.where(begins >= 0, begins, self.start)
        until = np.where(begins >= 0, ends, np.where(single, self.start + self.count, self.end))
        self.until = np.where(until == self.since, until + 1, until)  # a hold within one day is one day
        of_one = self.of_one_person() & (self.end >= 0) & (begins < 0) & (self.count > 0)
        self.contradicts: Flags = of_one & (self.until >= self.since) & (self.count != self.until - self.since)
        self.days = np.where(single | of_one | (self.count < 0), 0, self.count)

    def of_one_person(self) -> Flags:
        """Which rows are about one person: days beside a first and a last day are then no sum over several people."""
        if self.columns.one_person or not self.columns.person:
            return np.full(len(self.rows), self.columns.one_person)
        keys = person_keys(self.cells.named(self.columns.person).combine_chunks())
        flags: Flags = keys.is_valid().to_numpy(zero_copy_only=False)
        return flags

    def read(self, name: str, read_cell: Callable[[str], int | None]) -> Whole:
        """The values of a column as whole numbers."""
        if not name:
            return np.full(len(self.rows), MISSING, np.int64)
        values = read_each(self.cells.named(name), read_cell, pa.int64())
        numbers: Whole = pc.fill_null(values, MISSING).to_numpy(zero_copy_only=False)
        return numbers

    def read_day(self, text: str) -> int | None:
        """A day, or the local day of a moment; None outside of the years from 1900 to 2199, and for what programs write for none."""
        day = read_day(text) or _local_day(text, self.zone)
        return day.toordinal() if day and FIRST_YEAR <= day.year < LAST_YEAR and day not in SENTINELS else None

    def shifted(self) -> Flags:
        """Which rows have a moment of midnight in UTC that is another day at the place: a day may have been meant."""
        flags = np.zeros(len(self.rows), bool)
        for name in filter(None, (self.columns.start, self.columns.end)):
            marks = read_each(self.cells.named(name), self.is_shifted, pa.bool_())
            flags |= pc.fill_null(marks, False).to_numpy(zero_copy_only=False)
        return flags

    def is_shifted(self, text: str) -> bool:
        moment = None if read_day(text) else read_moment_cell(text)
        if moment is None or moment.utcoffset() or moment.time() != time():
            return False
        return _local_day(text, self.zone) != moment.date()

    def refused(self) -> dict[int, tuple[str, str]]:
        """Why no hold can be read from some rows: a code and a message by row number."""
        wrong = (self.since < 0) | (self.until < self.since) | self.unreadable(self.columns.days, self.count)
        wrong |= self.unreadable(self.columns.end, self.end) | self.unreadable(self.columns.period, self.since)
        wrong |= (self.count < 0) & ((self.end < 0) | (self.since != self.start))
        wrong |= self.contradicts
        return {int(self.rows[at]): self.explain(int(at)) for at in np.flatnonzero(wrong)}

    def unreadable(self, name: str, values: Whole) -> Flags:
        """Where a cell is filled in and cannot be read."""
        if not name:
            return np.zeros(len(self.rows), bool)
        filled: Flags = pc.is_valid(self.cells.named(name)).to_numpy()
        return filled & (values < 0)

    def explain(self, at: int) -> tuple[str, str]:
        columns = self.columns
        names = (columns.start, columns.end, columns.period, columns.days)
        cells = {name: self.cells.named(name)[at].as_py() for name in names if name}
        if columns.days and cells[columns.days] is not None and self.count[at] < 0:
            return (
                "not-days",
                f'"{cells[columns.days]}" in {columns.days} is not a number of days from 1 to {DAYS_MAX:,}',
            )
        for name, value in ((columns.start, self.start), (columns.end, self.end), (columns.period, self.since)):
            if name and cells[name] is not None and value[at] < 0:
                return (
                    "not-a-day",
                    f'"{cells[name]}" in {name} is not a {"month or year" if name == columns.period else "day"}',
                )
        if self.start[at] >= 0 and 0 <= self.end[at] < self.start[at]:
            return (
                "ends-before-it-starts",
                f"the hold starts on {cells[columns.start]} and ends before that, on {cells[columns.end]}",
            )
        if self.contradicts[at]:
            counted = int(self.until[at] - self.since[at])
            span = f"from {cells[columns.start]} to {cells[columns.end]}"
            message = f"{columns.days} says {self.count[at]:,}, and {span} are {counted:,}, without the day of leaving"
            return "days-and-end", message
        empty = ", ".join(name for name in cells if cells[name] is None)
        return "no-days", f"the row does not say how long the hold was: {empty} is empty"


def _read_count(text: str) -> int | None:
    """A number of days from 1: as `3`, or as pandas and DuckDB write one, `3.0`, `3 days` or `3 days 00:00:00`."""
    found = COUNT.fullmatch(text)
    count = whole_number(found[1]) if found else None
    return count if count and count <= DAYS_MAX else None


def _first_day(text: str) -> int | None:
    span = legal_day_of(text)
    return span.first.toordinal() if span else None


def _day_after(text: str) -> int | None:
    span = legal_day_of(text)
    return (span.last + timedelta(1)).toordinal() if span else None


def _local_day(text: str, zone: ZoneInfo) -> date | None:
    try:
        moment = read_moment_cell(text) or datetime.fromisoformat(text)
        return moment.astimezone(zone).date() if moment.tzinfo else None
    except (ValueError, OverflowError):  # the local day may be outside of the calendar
        return None
