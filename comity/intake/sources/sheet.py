"""A sheet of a workbook while it is read: its first rows, and blocks of rows without what is no row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from comity.intake.sources.heading_rows import OTHERWISE, headings_again
from comity.intake.sources.source import Unreadable

Whole = np.ndarray[Any, np.dtype[np.int64]]
ROWS_A_BLOCK = 20_000
MERGED_CELLS = (
    "has {count} merged cells of several rows below its headings: only the first of these rows has the value, and the others are "
    "blank there"
)
LOOKED_INTO = 3  # columns in which a heading shows a row that may repeat the headings
OTHER_ORDER = (
    "row {row} has headings again, in another order than at the beginning: the sheet holds several tables, one below the other; "
    "make a sheet of each"
)


class Plan(Struct, frozen=True):
    """What to read of a sheet: the places of some columns (None for one that it lacks), below how many rows; or how many rows
    it has, where `places` is None. `headings` are those of the columns, so that a row that repeats them is seen; `width` is how
    many columns the sheet has.
    """

    sheet: int
    above: int
    places: tuple[int | None, ...] | None = None
    headings: tuple[str, ...] = ()
    width: int = 0


class SheetBlock(Struct, frozen=True):
    """Some rows: columns of text, the number of each row, and the lines of the account that they stand for.

    `hidden` is how many of the rows the sheet does not show.
    """

    columns: list[pa.Array]
    numbers: Whole
    counts: dict[str, int]
    hidden: int = 0


class Sheet(Protocol):
    """What a reader of workbooks offers of each sheet."""

    name: str
    hidden: bool

    def top(self, rows: int) -> list[list[str]]:
        """The first rows as text; a blank row is an empty list."""

    def blocks(self, plan: Plan) -> Iterator[SheetBlock]:
        """The rows that a plan names."""

    def count(self, above: int) -> int:
        """How many rows are filled, below some."""

    def oddities(self, plan: Plan) -> list[str]:
        """What a person should know of the sheet, each as the end of a sentence about it; once its blocks are read."""


def without_headings(block: SheetBlock, plan: Plan) -> SheetBlock:
    """The block without the rows that repeat the headings; raises `Unreadable` where they come again in another order."""
    places = [at for at, heading in enumerate(plan.headings) if heading and plan.places and plan.places[at] is not None]
    if not places or not len(block.numbers):
        return block
    names = pa.array([plan.headings[at] for at in places], pa.string())
    suspects = pa.array(np.zeros(len(block.numbers), bool))
    for at in places[:LOOKED_INTO]:
        suspects = pc.or_(suspects, pc.is_in(block.columns[at], value_set=names))
    keep_row = np.ones(len(block.numbers), bool)
    for row in np.flatnonzero(suspects.to_numpy(zero_copy_only=False)).tolist():
        kind = headings_again([block.columns[at][row].as_py() or "" for at in places], [names.to_pylist()])
        if kind == OTHERWISE:
            raise Unreadable(OTHER_ORDER.format(row=block.numbers[row]))
        keep_row[row] = not kind
    count = int((~keep_row).sum())
    if not count:
        return block
    keep = pa.array(keep_row)
    counts = {**block.counts, "rows": block.counts["rows"] - count, "headings": block.counts.get("headings", 0) + count}
    numbers = block.numbers[keep.to_numpy(zero_copy_only=False)]
    return SheetBlock([column.filter(keep) for column in block.columns], numbers, counts, block.hidden)


def block_of(columns: Sequence[Sequence[str | None]], numbers: Sequence[int], counts: dict[str, int]) -> SheetBlock:
    """A block of columns that are lists of Python."""
    arrays = [pa.array(column, pa.string()) for column in columns]
    return SheetBlock(arrays, np.array(numbers, np.int64), {**counts, "rows": len(numbers)})
