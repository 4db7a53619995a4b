"""Reads a table in pieces for a replay or a comparison, and counts what was read, refused and not understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct, structs

from comity.facts.columns import ROW
from comity.intake import headings
from comity.intake.cells import Cells, Opened, Refused
from comity.intake.form import find_form_out_of_use, instrument_of
from comity.intake.locations import LOCAL_OPEN, Locations, find_locations
from comity.intake.table import DECIDED, FORM, RECEIVED, FactRows, Reader
from comity.law.library import Library

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
COUNT, ANSWER, DAY = "requests", "answer", "day"
COUNTED = (LAW, CLASS, PLACE, YEAR, MONTH, LIFTED)
COUNTS_MAX = 100_000  # the counts of pieces are merged once there are more
DUPLICATE = "duplicate_likely"
NONE = -1
Numbers = np.ndarray[Any, np.dtype[np.int64]]
Progress = Callable[[int], None]


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
        without_duplicates: bool = False,
        law_is_named: bool = False,
    ) -> None:
        self.opened, self.reader, self.library = opened, reader, library
        self.place, self.group_by, self.without_duplicates = place, tuple(group_by), without_duplicates
        self.law_is_named = law_is_named  # then it decides all rows, whoever runs the facility
        self.rows = self.left_out = 0
        self.refused: list[Refused] = []
        self.findings: Counter[str] = Counter()
        self.examples: dict[str, str] = {}
        self.placed: Counter[str] = Counter()
        self.counts: dict[tuple[str, ...], list[pa.Table]] = {}
        self.paths: tuple[str, ...] = ()

    def each(self, progress: Progress | None) -> Iterator[Piece]:
        """Every piece in turn; `progress` is called with the number of rows read after each piece."""
        for cells in self.opened.pieces():
            rows = self.reader.read_rows(cells)
            self.paths = rows.paths
            self.rows += rows.cells.read
            self.refused += rows.cells.refused
            self.add_findings(rows.findings, rows.examples)
            yield self.piece(self.drop_duplicates(rows))
            if progress:
                progress(self.rows)
        for refusal in self.refused:
            self.add_findings({refusal.code: 1}, {refusal.code: f"row {refusal.row}: {refusal.message}"})

    def drop_duplicates(self, rows: FactRows) -> FactRows:
        """The rows without likely duplicates, where they are to be left out."""
        if not self.without_duplicates or DUPLICATE not in rows.cells.table.schema.names:
            return rows
        marked = pc.equal(pc.utf8_lower(rows.cells.named(DUPLICATE)), "true").fill_null(False)
        unmarked = pc.invert(marked)
        self.left_out += pc.sum(marked).as_py() or 0
        cells = Cells(rows.cells.source, rows.cells.table.filter(unmarked), rows.cells.refused)
        return structs.replace(rows, cells=cells, facts=rows.facts.filter(unmarked))

    def piece(self, rows: FactRows) -> Piece:
        where = find_locations(rows, self.library, self.place)
        findings = {code: rows for code, rows in where.findings.items() if code != LOCAL_OPEN or not self.law_is_named}
        self.add_findings(findings, {code: where.examples[code] for code in findings})
        self.placed.update(where.placed)
        self.add_forms(rows)
        days = rows.facts.column(DECIDED).combine_chunks()
        month = pc.strftime(days, "%Y-%m")
        columns: dict[str, Any] = {CLASS: where.classes, PLACE: where.places, YEAR: pc.year(days), MONTH: month}
        asked = {GROUPS[name] for name in self.group_by}
        for name, column in ((FACILITY, headings.FACILITY), (STATE, headings.STATE)):
            if name in asked:
                columns[name] = _cells_of(rows, column)
        if headings.LIFTED in rows.cells.table.schema.names:
            columns[LIFTED] = _cells_of(rows, headings.LIFTED)
        return Piece(rows=rows, locations=where, days=days, columns=columns)

    def add_findings(self, findings: Mapping[str, int], examples: Mapping[str, str]) -> None:
        self.findings.update(findings)
        for code, example in examples.items():
            self.examples.setdefault(code, str(example))  # a phrase is no text for JSON

    def add_forms(self, rows: FactRows) -> None:
        """Counts the forms that were not in use on the day of their request."""
        if FORM not in rows.paths:
            return
        for pair in rows.facts.group_by([FORM, RECEIVED]).aggregate([(ROW, "count")]).to_pylist():
            message = find_form_out_of_use(self.library.instruments.get(instrument_of(str(pair[FORM]))), pair[RECEIVED])
            if message:
                self.add_findings({"form-out-of-time": pair[f"{ROW}_count"]}, {"form-out-of-time": message})

    def add_counts(self, columns: Mapping[str, Any], answers: Numbers) -> None:
        """Counts the rows of a piece by their answer and each column separately, and by the columns of `group_by` together.

        Never by all columns at once: nearly every row of a long table would be a separate count.
        """
        numbers = pa.array(answers, mask=answers == NONE)
        for view in self.views(columns):
            table = pa.table({**{name: _plain(columns[name]) for name in view}, ANSWER: numbers})
            weighted = table.append_column(COUNT, pa.array(np.ones(table.num_rows, np.int64)))
            tables = self.counts.setdefault(view, [])
            tables.append(_summed(weighted))
            if sum(table.num_rows for table in tables[1:]) > max(tables[0].num_rows, COUNTS_MAX):
                tables[:] = [_summed(pa.concat_tables(tables))]

    def views(self, columns: Collection[str]) -> Iterable[tuple[str, ...]]:
        """The columns by which rows are counted: each separately, and those of `group_by` together, in their order."""
        together = tuple(GROUPS[name] for name in self.group_by)
        return dict.fromkeys([*((name,) for name in COUNTED if name in columns), *([together] if together else [])])

    def counted(self) -> dict[tuple[str, ...], pa.Table]:
        """The counts of all pieces together, by the columns by which they were counted."""
        return {view: _summed(pa.concat_tables(tables)) for view, tables in self.counts.items()}


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


def _summed(table: pa.Table) -> pa.Table:
    summed = table.group_by([name for name in table.schema.names if name != COUNT]).aggregate([(COUNT, "sum")])
    return summed.rename_columns([name.removesuffix("_sum") for name in summed.schema.names])
