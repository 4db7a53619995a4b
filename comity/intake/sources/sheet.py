"""A sheet of a workbook while it is read: its first rows, and blocks of rows without what is no row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

Whole = np.ndarray[Any, np.dtype[np.int64]]
ROWS_A_BLOCK = 20_000


class Plan(Struct, frozen=True):
    """What to read of a sheet: the places of some columns (None for one that it lacks), below how many rows; or how many rows
    it has, where `places` is None. `headings` are those of the columns, so that a row that repeats them is seen.
    """

    sheet: int
    above: int
    places: tuple[int | None, ...] | None = None
    headings: tuple[str, ...] = ()


class SheetBlock(Struct, frozen=True):
    """Some rows: columns of text, the number of each row, and the lines of the account that they stand for."""

    columns: list[pa.Array]
    numbers: Whole
    counts: dict[str, int]


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


def without_headings(block: SheetBlock, plan: Plan) -> SheetBlock:
    """The block without the rows that repeat the headings."""
    places = [at for at, heading in enumerate(plan.headings) if heading and plan.places and plan.places[at] is not None]
    if not places or not len(block.numbers):
        return block
    repeats = pa.array(np.ones(len(block.numbers), bool))
    for at in places:
        repeats = pc.and_(repeats, pc.fill_null(pc.equal(block.columns[at], plan.headings[at]), False))
    count = pc.sum(repeats).as_py() or 0
    if not count:
        return block
    keep = pc.invert(repeats)
    counts = {**block.counts, "rows": block.counts["rows"] - count, "headings": block.counts.get("headings", 0) + count}
    numbers = block.numbers[keep.to_numpy(zero_copy_only=False)]
    return SheetBlock([column.filter(keep) for column in block.columns], numbers, counts)


def block_of(columns: Sequence[Sequence[str | None]], numbers: Sequence[int], counts: dict[str, int]) -> SheetBlock:
    """A block of columns that are lists of Python."""
    arrays = [pa.array(column, pa.string()) for column in columns]
    return SheetBlock(arrays, np.array(numbers, np.int64), {**counts, "rows": len(numbers)})
