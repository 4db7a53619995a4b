"""Goes through a table piece by piece, for whatever is asked of it: what was read, refused and not understood is counted here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from comity.facts.columns import ROW
from comity.intake import headings
from comity.intake.cells import Cells, Opened, Refused
from comity.intake.form import instrument_of, out_of_time
from comity.intake.locations import Whereabouts, whereabouts
from comity.intake.table import DECIDED, FORM, RECEIVED, Reader, Stored
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
ROWS_APART = 100_000  # the counts of pieces are put together once there are more
DUPLICATE = "duplicate_likely"
NONE = -1
Numbers = np.ndarray[Any, np.dtype[np.int64]]
Progress = Callable[[int], None]


class Piece(Struct, frozen=True):
    """Some rows that were read, where they were, their days, and the columns by which they are counted."""

    stored: Stored
    where: Whereabouts
    days: pa.Array
    columns: dict[str, Any]


class Pieces:
    """The pieces of a table, and what has been counted of those gone through."""

    def __init__(
        self,
        opened: Opened,
        reader: Reader,
        library: Library,
        place: str,
        group_by: Sequence[str],
        without_duplicates: bool,
    ) -> None:
        self.opened, self.reader, self.library = opened, reader, library
        self.place, self.group_by, self.without_duplicates = place, tuple(group_by), without_duplicates
        self.rows = self.left_out = 0
        self.refused: list[Refused] = []
        self.findings: Counter[str] = Counter()
        self.examples: dict[str, str] = {}
        self.counts: dict[tuple[str, ...], list[pa.Table]] = {}
        self.paths: tuple[str, ...] = ()

    def each(self, progress: Progress | None) -> Iterator[Piece]:
        """Every piece in turn; `progress` is told how many rows have been read once a piece is done."""
        for cells in self.opened.pieces():
            stored = self.reader.stored(cells)
            self.paths = stored.paths
            self.rows += stored.cells.read
            self.refused += stored.cells.refused
            self.add_findings(stored.findings, stored.examples)
            yield self.piece(self.kept(stored))
            if progress:
                progress(self.rows)
        for own in self.refused:
            self.add_findings({own.code: 1}, {own.code: f"row {own.row}: {own.message}"})

    def kept(self, stored: Stored) -> Stored:
        """Without likely duplicates, where that was asked."""
        if not self.without_duplicates or DUPLICATE not in stored.cells.table.schema.names:
            return stored
        marked = pc.equal(pc.utf8_lower(stored.cells.named(DUPLICATE)), "true").fill_null(False)
        stays = pc.invert(marked)
        self.left_out += pc.sum(marked).as_py() or 0
        cells = Cells(stored.cells.source, stored.cells.table.filter(stays), stored.cells.refused)
        return Stored(cells, stored.facts.filter(stays), stored.paths, stored.findings, stored.examples)

    def piece(self, stored: Stored) -> Piece:
        where = whereabouts(stored, self.library, self.place)
        self.add_findings(where.findings, where.examples)
        self.add_forms(stored)
        days = stored.facts.column(DECIDED).combine_chunks()
        month = pc.strftime(days, "%Y-%m")
        columns: dict[str, Any] = {CLASS: where.classes, PLACE: where.places, YEAR: pc.year(days), MONTH: month}
        asked = {GROUPS[own] for own in self.group_by}
        for name, column in ((FACILITY, headings.FACILITY), (STATE, headings.STATE)):
            if name in asked:
                columns[name] = _told(stored, column)
        if headings.LIFTED in stored.cells.table.schema.names:
            columns[LIFTED] = _told(stored, headings.LIFTED)
        return Piece(stored, where, days, columns)

    def add_findings(self, findings: Mapping[str, int], examples: Mapping[str, str]) -> None:
        self.findings.update(findings)
        for code, example in examples.items():
            self.examples.setdefault(code, example)

    def add_forms(self, stored: Stored) -> None:
        """Counts the forms that were not in use on their day."""
        if FORM not in stored.paths:
            return
        for pair in stored.facts.group_by([FORM, RECEIVED]).aggregate([(ROW, "count")]).to_pylist():
            message = out_of_time(self.library.instruments.get(instrument_of(str(pair[FORM]))), pair[RECEIVED])
            if message:
                self.add_findings({"form-out-of-time": pair[f"{ROW}_count"]}, {"form-out-of-time": message})

    def add_counts(self, columns: Mapping[str, Any], answers: Numbers) -> None:
        """Counts the rows of a piece by the number of their answer and by each column of its own, and by what was asked together.

        Never by all columns at once: nearly every row of a long table would have a count of its own.
        """
        given = pa.array(answers, mask=answers == NONE)
        for view in self.views(columns):
            table = pa.table({**{name: _plain(columns[name]) for name in view}, ANSWER: given})
            weighed = table.append_column(COUNT, pa.array(np.ones(table.num_rows, np.int64)))
            kept = self.counts.setdefault(view, [])
            kept.append(_summed(weighed))
            if sum(own.num_rows for own in kept[1:]) > max(kept[0].num_rows, ROWS_APART):
                kept[:] = [_summed(pa.concat_tables(kept))]

    def views(self, columns: Collection[str]) -> Iterable[tuple[str, ...]]:
        """By which columns rows are counted: each by itself, and those that were asked for together, in their order."""
        together = tuple(GROUPS[own] for own in self.group_by)
        return dict.fromkeys([*((name,) for name in COUNTED if name in columns), *([together] if together else [])])

    def counted(self) -> dict[tuple[str, ...], pa.Table]:
        """The counts of all pieces together, by the columns by which they were counted."""
        return {view: _summed(pa.concat_tables(kept)) for view, kept in self.counts.items()}


def named(names: Sequence[str], numbers: Numbers) -> pa.DictionaryArray:
    """The names that numbers stand for, NULL for NONE; each name once in the dictionary, as frames demand."""
    distinct = {name: place for place, name in enumerate(dict.fromkeys(names))}
    places = np.array([*(distinct[name] for name in names), NONE], np.int64)[numbers]
    return pa.DictionaryArray.from_arrays(
        pa.array(places, pa.int32(), mask=numbers == NONE), pa.array([*distinct], pa.string())
    )


def _told(stored: Stored, column: str) -> pa.Array:
    if column not in stored.cells.table.schema.names:
        return pa.nulls(stored.facts.num_rows, pa.string())
    return stored.cells.named(column).combine_chunks()


def _plain(column: Any) -> Any:
    return column.dictionary_decode() if isinstance(column, pa.DictionaryArray) else column


def _summed(table: pa.Table) -> pa.Table:
    summed = table.group_by([name for name in table.schema.names if name != COUNT]).aggregate([(COUNT, "sum")])
    return summed.rename_columns([name.removesuffix("_sum") for name in summed.schema.names])
