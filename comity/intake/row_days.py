"""The days of the rows of a table: when each request was received, and when it was or is decided.

A moment with an offset from UTC is the local day at the place of its row. A row whose day cannot be read is refused, since
its law is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct, structs

from comity.facts.request import DERIVED_DAYS, FIRST_YEAR, LAST_YEAR
from comity.finding import Phrase, phrase
from comity.intake import headings
from comity.intake.blanks import is_word_for_nothing
from comity.intake.cells import ROW, Cells, Noted
from comity.intake.damage import quote
from comity.intake.day_cells import (
    EXCHANGED,
    EXCHANGED_MIN,
    SENTINELS,
    days_exchanged,
    may_be_exchanged,
    not_a_day,
    read_day,
    read_moment_cell,
    sentinel_day,
)

RECEIVED, DECIDED = "request.received_on", "decision.on"
RECEIVED_AT = DERIVED_DAYS[RECEIVED]
DAY_COLUMNS = (RECEIVED, DECIDED, headings.RECEIVED, RECEIVED_AT)
# Takes rows and roughly their days, and gives the time zone of each row's place: a column of texts, empty where not known.
Zones = Callable[[Cells, pa.Array], pa.DictionaryArray]


class LocalDays(Struct, frozen=True):
    """A column read as days, NULL where a cell is blank or wrong; `wrong` says by text what is wrong with it.

    `shifted` marks the rows whose moment is midnight in UTC and another day at their place; None where there are none.
    """

    days: pa.Array
    wrong: Mapping[str, Phrase] = {}
    shifted: pa.Array | None = None


class RowDays(Struct, frozen=True, kw_only=True):
    """The rows that have days: when each request was received, NULL where not said, and the day of decision.

    `shifted` counts by column the moments of midnight in UTC that are another day at their place.
    """

    cells: Cells
    received: pa.Array
    decided: pa.Array
    shifted: Mapping[str, pa.Array] = {}

    def refuse(self, rows: dict[int, tuple[str, str]]) -> RowDays:
        """The days without some rows, given by number with a code and what is wrong."""
        if not rows:
            return self
        left = self.cells.refuse(rows)
        stay = pc.is_in(self.cells.named(ROW).combine_chunks(), value_set=left.named(ROW).combine_chunks())
        shifted = {name: marks.filter(stay) for name, marks in self.shifted.items()}
        received, decided = self.received.filter(stay), self.decided.filter(stay)
        return RowDays(cells=left, received=received, decided=decided, shifted=shifted)


def local_days(cells: Cells, name: str, zones: Zones | None = None) -> LocalDays:
    """The local days of a column. Each distinct text is read once, and a moment once for each time zone."""
    encoded = cells.named(name).combine_chunks().dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    days = [read_day(text) for text in texts]
    moments = {at: moment for at, text in enumerate(texts) if not days[at] and (moment := read_moment_cell(text))}
    wrong: dict[str, Phrase] = {}
    for at, text in enumerate(texts):
        fault = _fault(text, days[at], moments.get(at), name, needs_zone=zones is None)
        if fault:
            wrong[text] = fault
        if fault or at in moments:
            days[at] = None
        if fault:
            moments.pop(at, None)
    column = pa.array(days, pa.date32()).take(encoded.indices)
    if not moments or zones is None:
        return LocalDays(column, wrong)
    rough = pa.array([moments[at].date() if at in moments else days[at] for at in range(len(texts))], pa.date32())
    at_places, shifted = _days_at_places(encoded, moments, zones(cells, rough.take(encoded.indices)))
    return LocalDays(pc.coalesce(column, at_places), wrong, shifted)


def _fault(text: str, day: date | None, moment: datetime | None, name: str, *, needs_zone: bool) -> Phrase | None:
    """What is wrong with a text in a column of days; None where it is a day, or a word for nothing."""
    day = day or (moment.date() if moment else None)
    if day is None:
        return None if is_word_for_nothing(text) else not_a_day(text, name)
    odd = find_odd_day(day, text, name)
    if odd:
        return odd
    if moment and needs_zone:
        return phrase("{} in {column} is a moment, and its local day needs a place", quote(text), column=name)
    return None


def find_odd_day(day: date, text: str, column: str) -> Phrase | None:
    """What is wrong with a day, written as `text`, that cannot be meant: the year is impossible, or programs write it for none."""
    if day in SENTINELS:
        return sentinel_day(text, column)
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        span = f"{FIRST_YEAR} to {LAST_YEAR - 1}"
        return phrase("{} in {column} is outside of the years {span}", quote(text), column=column, span=span)
    return None


def _days_at_places(
    encoded: pa.DictionaryArray, moments: Mapping[int, datetime], zones: pa.DictionaryArray
) -> tuple[pa.Array, pa.Array | None]:
    """The local day of each moment at the place of its row; without a zone, the day as it is written."""
    names = [*zones.dictionary.to_pylist(), ""]
    text_at = encoded.indices.fill_null(len(encoded.dictionary)).to_numpy(zero_copy_only=False).astype(np.int64)
    zone_at = zones.indices.fill_null(len(names) - 1).to_numpy(zero_copy_only=False)
    distinct, of_row = np.unique(text_at * len(names) + zone_at, return_inverse=True)
    days: list[date | None] = []
    shifted = []
    for text, zone in (divmod(key, len(names)) for key in distinct.tolist()):
        moment = moments.get(text)
        local = moment.astimezone(ZoneInfo(names[zone])) if moment and names[zone] else moment
        days.append(local.date() if local else None)
        is_midnight = moment is not None and not moment.utcoffset() and moment.time() == time()
        shifted.append(bool(is_midnight and moment and days[-1] != moment.date()))
    marks = pa.array(np.array(shifted, bool)[of_row]) if any(shifted) else None
    return pa.array(days, pa.date32()).take(pa.array(of_row)), marks


def read_row_days(cells: Cells, zones: Zones | None = None) -> RowDays:
    """The days of rows; those without a day, or with one that cannot be read, are refused with a reason."""
    names = [name for name in DAY_COLUMNS if name in cells.table.schema.names]
    read = {name: local_days(cells, name, zones) for name in names}
    nothing = pa.nulls(cells.table.num_rows, pa.date32())
    given = [read[name].days for name in (RECEIVED, headings.RECEIVED) if name in read]
    at = read[RECEIVED_AT].days if RECEIVED_AT in read else nothing
    received = pc.coalesce(*given, at) if given else at
    decided = pc.coalesce(read[DECIDED].days, received) if DECIDED in read else received
    differ = pc.not_equal(read[RECEIVED].days if RECEIVED in read else nothing, at).fill_null(False)
    cells = structs.replace(cells, noted=(*cells.noted, *_exchanged(cells, read)))
    why = _refusals(cells, {name: column.wrong for name, column in read.items()}, decided, differ)
    shifted = {name: column.shifted for name, column in read.items() if column.shifted is not None}
    return RowDays(cells=cells, received=received, decided=decided, shifted=shifted).refuse(why)


def _exchanged(cells: Cells, read: Mapping[str, LocalDays]) -> Iterator[Noted]:
    """Notes on the rows whose day and month a spreadsheet program may have exchanged."""
    for name, column in read.items():
        if len(column.wrong) >= EXCHANGED_MIN and may_be_exchanged(
            column.days.drop_null().unique().to_pylist(), column.wrong
        ):
            rows = cells.table.filter(column.days.is_valid()).column(ROW).combine_chunks()
            yield Noted(EXCHANGED, days_exchanged(name), rows)


def no_day(columns: Iterable[str]) -> Phrase:
    """What is wrong with a row whose columns of days are all empty."""
    return phrase("{names} is empty", names=" and ".join(columns))


def _refusals(
    cells: Cells, wrong: Mapping[str, Mapping[str, Phrase]], decided: pa.Array, differ: pa.Array
) -> dict[int, tuple[str, str]]:
    """The rows that are refused for their days, each with a code and what is wrong."""
    why: dict[int, tuple[str, str]] = {}
    for name, faults in wrong.items():
        if faults:
            texts = pa.array([*faults], pa.string())
            rows = cells.table.filter(pc.is_in(cells.named(name), value_set=texts)).select([ROW, name]).to_pylist()
            why |= {row[ROW]: ("no-day", faults[row[name]]) for row in rows}
    without = cells.table.filter(decided.is_null()).column(ROW).to_pylist()
    empty = no_day(wrong)
    for row in without:
        why.setdefault(row, ("no-day", empty))
    if pc.any(differ).as_py():
        message = phrase("{day} is another day than {moment} at the place", day=RECEIVED, moment=RECEIVED_AT)
        for row in cells.table.filter(differ).column(ROW).to_pylist():
            why.setdefault(row, ("day-and-moment", message))
    return why
