"""Reads a table in pieces for a replay or a comparison, and counts what was read, refused and not understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct, structs

from comity.facts.columns import ROW
from comity.facts.row_codes import Numbers, distinct_rows
from comity.finding import phrase
from comity.intake import headings
from comity.intake.cells import Cells, Opened
from comity.intake.damage import quote
from comity.intake.form import find_form_out_of_use, instrument_of
from comity.intake.locations import OF_PLACES, Key, Locations, find_locations
from comity.intake.row_days import DECIDED, RECEIVED
from comity.intake.sources.source import Refused
from comity.intake.table import FORM, FactRows, Reader, example_of
from comity.intake.units import is_marked, odd_units
from comity.law.in_force import Stack
from comity.law.instrument import Instrument
from comity.law.jails.table import Facility
from comity.law.library import Library
from comity.law.register import first_encoded
from comity.records.local_law import LOCAL_LAW, local_law_at, local_law_of

LAW, CLASS, PLACE, YEAR, MONTH, FACILITY, STATE, LIFTED = (
    *("law", "facility_class", "place", "year", "month", "facility", "state", "lift_reason"),
)
GROUPS = {
    "county": PLACE,
    PLACE: PLACE,
    YEAR: YEAR,
    MONTH: MONTH,
    FACILITY: FACILITY,
    STATE: STATE,
    "class": CLASS,
    LAW: LAW,
}
COUNT, ANSWER, DAY, SHEET = "requests", "answer", "day", "sheet"
COUNTED = (LAW, CLASS, PLACE, YEAR, MONTH, LIFTED, LOCAL_LAW)
OF_PLACE = (PLACE, LOCAL_LAW)
COUNTS_MAX = 100_000  # the counts of pieces are merged once there are more
DUPLICATE = "duplicate_likely"
NONE = -1
SHORT = 1 << 15  # numbers below are sorted by their digits, in a third of the time
Progress = Callable[[int], None]
Item = TypeVar("Item")


class Piece(Struct, frozen=True, kw_only=True):
    """Some rows that were read, their locations, their days, and the columns by which they are counted."""

    rows: FactRows
    locations: Locations
    days: pa.Array
    columns: dict[str, Any]


class Pieces:
    """The pieces of a table, and the counts of those read so far."""

    def __init__(
        self,
        opened: Opened,
        reader: Reader,
        library: Library,
        *,
        group_by: Sequence[str],
        place: str = "",
        law: Stack | None = None,
        without_duplicates: bool = False,
    ) -> None:
        """`place` is where all rows are, and `law` the one law that is applied, whose place's local days are meant."""
        self.opened, self.library = opened, library
        self.reader = structs.replace(reader, zones=self.zones_of)
        self.law, self.first_encoded = law, first_encoded(library)
        self.place, self.group_by, self.without_duplicates = place, tuple(group_by), without_duplicates
        self.law_is_named = law is not None  # then it decides all rows, whoever runs the facility
        self.rows = self.left_out = 0
        self.refused: list[Refused] = []
        self.findings: Counter[str] = Counter()
        self.examples: dict[str, str] = {}
        self.placed: Counter[str] = Counter()
        self.counts: dict[tuple[str, ...], list[pa.Table]] = {}
        self.paths: tuple[str, ...] = ()
        self.facilities: dict[Key, Facility] = {}
        self.reading = opened.reading()

    def each(self, progress: Progress | None) -> Iterator[Piece]:
        """Every piece in turn; `progress` is called with the number of rows read after each piece."""
        for rows in one_ahead(map(self.reader.read_rows, self.opened.pieces())):
            self.paths = rows.paths
            self.rows += rows.cells.read
            self.add_refused(rows.cells.refused)
            self.add_findings(rows.findings, rows.examples)
            yield self.piece(self.drop_duplicates(rows))
            if progress:
                progress(self.rows)
        self.reading = self.opened.ledger.check(self.rows)

    def add_refused(self, refused: Iterable[Refused]) -> None:
        for refusal in refused:
            self.add_findings(
                {refusal.code: 1}, {refusal.code: example_of(refusal.row, refusal.message, refusal.sheet)}
            )
            self.refused.append(structs.replace(refusal, message=str(refusal.message)))

    def zones_of(self, cells: Cells, days: pa.Array) -> pa.DictionaryArray:
        """The time zone of the place of each row, for moments that are to be local days; empty where the place is not certain."""
        facts = pa.table({ROW: cells.named(ROW), DECIDED: days})
        rows = FactRows(cells=cells, facts=facts, paths=(), unread={}, findings={}, examples={})
        place = self.law.place if self.law else self.place
        places = find_locations(rows, self.library, place, self.facilities).places
        paths = [path and self.library.gazetteer.places[path].zone for path in places.dictionary.to_pylist()]
        return pa.DictionaryArray.from_arrays(places.indices, pa.array(paths, pa.string()).fill_null(""))

    def drop_duplicates(self, rows: FactRows) -> FactRows:
        """The rows without likely duplicates, where they are to be left out."""
        if not self.without_duplicates or DUPLICATE not in rows.cells.table.schema.names:
            return rows
        encoded = rows.cells.named(DUPLICATE).combine_chunks().dictionary_encode()
        marks = [is_marked(text) for text in encoded.dictionary.to_pylist()]
        for at, text in enumerate(encoded.dictionary.to_pylist()):
            if marks[at] is None:
                message = phrase(
                    "{} in {column} is neither yes nor no, and its row is not left out", quote(text), column=DUPLICATE
                )
                self.add_rows("unknown-mark", message, rows, pc.equal(encoded.indices, at).fill_null(False))
        marked = pa.array([mark is True for mark in marks], pa.bool_()).take(encoded.indices).fill_null(False)
        self.left_out += pc.sum(marked).as_py() or 0
        return rows.filter(pc.invert(marked))

    def piece(self, rows: FactRows) -> Piece:
        where = find_locations(rows, self.library, self.place, self.facilities)
        findings = {
            code: rows for code, rows in where.findings.items() if code not in OF_PLACES or not self.law_is_named
        }
        self.add_findings(findings, {code: where.examples[code] for code in findings})
        self.placed.update(where.placed)
        self.add_forms(rows)
        for code, message, marked in odd_units(rows.cells, rows.facts.column(DECIDED).combine_chunks()):
            self.add_rows(code, message, rows, marked)
        days = rows.facts.column(DECIDED).combine_chunks()
        self.add_later(rows, days)
        distinct = days.dictionary_encode()
        month = pc.strftime(distinct.dictionary, "%Y-%m").take(distinct.indices)
        columns: dict[str, Any] = {CLASS: where.classes, PLACE: where.places, YEAR: pc.year(days), MONTH: month}
        columns[LOCAL_LAW] = self.local_law(where.places, days)
        asked = {GROUPS[name] for name in self.group_by}
        for name, column in ((FACILITY, headings.FACILITY), (STATE, headings.STATE)):
            if name in asked:
                columns[name] = _cells_of(rows, column)
        if headings.LIFTED in rows.cells.table.schema.names:
            columns[LIFTED] = _cells_of(rows, headings.LIFTED)
        return Piece(rows=rows, locations=where, days=days, columns=columns)

    def add_later(self, rows: FactRows, days: pa.Array) -> None:
        """Counts the rows of days to which no law was followed, as a day of 2041 is: a later change is not known."""
        last = max((row.to for row in self.library.researched.values()), default=None)
        later = pc.greater(days, pa.scalar(last, pa.date32())).fill_null(False)
        if pc.any(later).as_py():
            message = phrase("the day is later than {last}, to which law was followed here at most", last=last)
            self.add_rows("later-than-researched", message, rows, later)

    def local_law(self, places: pa.DictionaryArray, days: pa.Array) -> pa.DictionaryArray:
        """For each row whether law of the place itself is encoded: of its own place, or of that whose law was named."""
        if self.law is None:
            return local_law_of(places, days, self.first_encoded)
        says = local_law_at(self.library, self.law.place, self.law.day)
        return as_dictionary([says], np.zeros(len(days), np.int64))

    def add_findings(self, findings: Mapping[str, int], examples: Mapping[str, str]) -> None:
        self.findings.update(findings)
        for code, example in examples.items():
            self.examples.setdefault(code, example)

    def add_rows(self, code: str, message: str, rows: FactRows, marked: pa.Array) -> None:
        """Counts the rows that a column of booleans marks, with the first as an example."""
        first = rows.cells.named(ROW).combine_chunks()[pc.index(marked, True).as_py()].as_py()
        self.add_findings({code: pc.sum(marked).as_py()}, {code: example_of(first, message, rows.cells.sheet)})

    def add_forms(self, rows: FactRows) -> None:
        """Counts the forms that were not in use on the day of their request."""
        if FORM not in rows.paths:
            return
        days = pc.coalesce(rows.facts.column(RECEIVED), rows.facts.column(DECIDED)).combine_chunks()
        encoded = rows.facts.column(FORM).combine_chunks().dictionary_encode()
        for at, form in enumerate(encoded.dictionary.to_pylist()):
            instrument = self.library.instruments.get(instrument_of(form))
            received = days.filter(pc.equal(encoded.indices, at).fill_null(False))
            outside = received.filter(_is_out_of_use(instrument, received)) if instrument else []
            if len(outside):
                message = find_form_out_of_use(instrument, outside[0].as_py())
                self.add_findings({"form-out-of-time": len(outside)}, {"form-out-of-time": message})

    def add_counts(self, columns: Mapping[str, Any], answers: Numbers) -> None:
        """Counts the rows of a piece by their answer and each column separately, and by the columns of `group_by` together.

        Never by all columns at once: nearly every row of a long table would be a separate count.
        """
        numbers = pa.array(answers, mask=answers == NONE)
        for view in self.views(columns):
            tables = self.counts.setdefault(view, [])
            tables.append(_counted({**{name: columns[name] for name in view}, ANSWER: numbers}))
            if sum(table.num_rows for table in tables[1:]) > max(tables[0].num_rows, COUNTS_MAX):
                tables[:] = [_summed(tables)]

    def views(self, columns: Collection[str]) -> Iterable[tuple[str, ...]]:
        """The columns by which rows are counted: each separately, and those of `group_by` together, in their order."""
        together = tuple(GROUPS[name] for name in self.group_by)
        single = [(name,) for name in COUNTED if name in columns]
        return dict.fromkeys([*single, OF_PLACE, *([together] if together else [])])

    def counted(self) -> dict[tuple[str, ...], pa.Table]:
        """The counts of all pieces together, by the columns by which they were counted."""
        return {view: _summed(tables) for view, tables in self.counts.items()}


def sheet_of(piece: Piece) -> dict[str, pa.Array]:
    """The column with the sheet of each row, where the table has several sheets."""
    sheet = piece.rows.cells.sheet
    return {SHEET: as_dictionary([sheet], np.zeros(len(piece.days), np.int64))} if sheet else {}


def _is_out_of_use(form: Instrument, received: pa.Array) -> pa.BooleanArray:
    """For days of receipt, what `find_form_out_of_use` says of one."""
    early = pc.less(received, pa.scalar(form.effective.first))
    return pc.or_(early, pc.greater_equal(received, pa.scalar(form.ended.last))) if form.ended else early


def one_ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items, each made by a thread while the one before it is used: reading waits for the disk, or runs in Arrow."""
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = thread.submit(next, items, None)
            yield item


def rows_by_number(numbers: Numbers) -> Iterator[tuple[int, Numbers]]:
    """The rows that have each number, in their order; those with NONE are left out."""
    if not len(numbers):
        return
    order = np.argsort(numbers.astype(np.int16) if numbers.max() < SHORT else numbers, kind="stable")
    distinct, starts = np.unique(numbers[order], return_index=True)
    for number, rows in zip(distinct.tolist(), np.split(order, starts[1:]), strict=True):
        if number != NONE:
            yield number, rows


def rows_by_unread(rows: FactRows, fills: Collection[str]) -> Iterator[tuple[frozenset[str], Any]]:
    """The facts among `fills` that some rows state and that were not understood, with a mask of these rows.

    The mask is None where it is that of all rows, as it is in a table that was understood.
    """
    paths = [path for path in rows.unread if path in fills]
    if not paths:
        yield frozenset(), None
        return
    bits = np.zeros(rows.facts.num_rows, np.int64)
    for place, path in enumerate(paths):
        bits |= rows.unread[path].to_numpy(zero_copy_only=False).astype(np.int64) << place
    for key in np.unique(bits).tolist():
        yield frozenset(path for place, path in enumerate(paths) if key >> place & 1), bits == key


def as_dictionary(names: Sequence[str], numbers: Numbers) -> pa.DictionaryArray:
    """The names with these numbers, NULL for NONE; each name once in the dictionary, as pandas and polars require."""
    distinct = {name: place for place, name in enumerate(dict.fromkeys(names))}
    places = np.array([*(distinct[name] for name in names), NONE], np.int64)[numbers]
    return pa.DictionaryArray.from_arrays(
        pa.array(places, pa.int32(), mask=numbers == NONE), pa.array([*distinct], pa.string())
    )


def _cells_of(rows: FactRows, column: str) -> pa.Array:
    if column not in rows.cells.table.schema.names:
        return pa.nulls(rows.facts.num_rows, pa.string())
    return rows.cells.named(column).combine_chunks()


def _plain(column: Any) -> Any:
    return column.dictionary_decode() if isinstance(column, pa.DictionaryArray) else column


def _counted(columns: Mapping[str, Any], weights: Numbers | None = None) -> pa.Table:
    """The distinct rows of some columns, and how many rows have each; with `weights`, for how many each row counts."""
    first, of_row = distinct_rows(columns.values(), len(columns[ANSWER]))
    counts = np.bincount(of_row, weights, minlength=len(first)).astype(np.int64)
    rows = pa.array(first)
    return pa.table({**{name: _plain(column.take(rows)) for name, column in columns.items()}, COUNT: counts})


def _summed(tables: Sequence[pa.Table]) -> pa.Table:
    """Counts of several pieces as one table."""
    every = pa.concat_tables(tables)
    columns = {name: every.column(name).combine_chunks() for name in every.schema.names if name != COUNT}
    return _counted(columns, every.column(COUNT).to_numpy())
