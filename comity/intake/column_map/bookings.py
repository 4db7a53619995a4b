"""Makes one request of the rows of one booking, as a jail lists a booking with a row for each charge.

The lists of the rows are joined. Everything else must be the same in all rows of a booking, or empty in some: where it differs,
nobody can say which is right, and all rows of the booking are refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import structs

from comity.finding import phrase
from comity.intake.cells import ROW, Cells, Noted
from comity.intake.column_map.lists import merge
from comity.intake.damage import quote
from comity.intake.sources.source import ROWS_A_PIECE

ROWS_MAX = 5_000_000  # of a table whose rows are joined; they are held in memory
DIFFERS, REPEATED = "booking-differs", "repeated-row"
Numbers = np.ndarray[Any, np.dtype[np.int64]]


class Merged:
    """The rows of one sheet with one row for each booking; `joined` counts the rows that went into an earlier one."""

    def __init__(self, cells: Cells, joined: int) -> None:
        self.cells, self.joined = cells, joined


def merge_bookings(pieces: Iterable[Cells], booking: str, lists: Collection[str]) -> Iterator[Merged]:
    """The pieces with the rows of each booking joined, within each sheet; `lists` are the columns that hold lists."""
    waiting: list[Cells] = []
    for cells in pieces:
        if waiting and cells.sheet != waiting[0].sheet:
            yield from _pieces_of(_merge(_together(waiting), booking, lists))
            waiting = []
        waiting.append(cells)
    if waiting:
        yield from _pieces_of(_merge(_together(waiting), booking, lists))


def _together(pieces: list[Cells]) -> Cells:
    return structs.replace(
        pieces[0],
        table=pa.concat_tables([cells.table for cells in pieces]),
        refused=tuple(refusal for cells in pieces for refusal in cells.refused),
        noted=tuple(noted for cells in pieces for noted in cells.noted),
    )


def _pieces_of(merged: Merged) -> Iterator[Merged]:
    """The rows in pieces; the first has all refused rows and notes."""
    table = merged.cells.table
    yield Merged(structs.replace(merged.cells, table=table.slice(0, ROWS_A_PIECE)), merged.joined)
    for at in range(ROWS_A_PIECE, table.num_rows, ROWS_A_PIECE):
        yield Merged(structs.replace(merged.cells, table=table.slice(at, ROWS_A_PIECE), refused=()), 0)


def _merge(cells: Cells, booking: str, lists: Collection[str]) -> Merged:
    key = cells.named(booking).combine_chunks().dictionary_encode()
    group: Numbers = key.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    alone = group < 0
    group[alone] = len(key.dictionary) + np.arange(int(alone.sum()))
    count = int(group.max()) + 1 if len(group) else 0
    sizes = np.bincount(group, minlength=count)
    if not (sizes > 1).any():
        return Merged(structs.replace(cells, table=cells.table.drop_columns([booking])), 0)
    first: Numbers = np.full(count, len(group), np.int64)
    np.minimum.at(first, group, np.arange(len(group)))
    columns: dict[str, Any] = {ROW: cells.named(ROW).take(pa.array(first))}
    differs: dict[int, str] = {}
    unread = {noted.fact: noted.rows for noted in cells.noted if noted.fact}
    for name in cells.table.column_names:
        if name in (ROW, booking):
            continue
        column = cells.named(name).combine_chunks()
        if name in lists:
            columns[name] = _joined_lists(column, group, first, sizes, _marks(cells, unread.get(name)))
        else:
            columns[name] = _one_value(column, group, count, differs, name)
    refused: dict[int, tuple[str, str]] = {
        row: (DIFFERS, phrase("rows of its booking differ in {column}", column=quote(differs[at])))
        for row, at in zip(cells.named(ROW).to_pylist(), group.tolist(), strict=True)
        if at in differs
    } if differs else {}  # fmt: skip
    order = np.argsort(first, kind="stable")
    stay = order[~np.isin(order, np.array([*differs], np.int64))]
    table = pa.table(columns).take(pa.array(stay))
    dropped = structs.replace(cells, table=cells.table.select([ROW])).refuse(refused)
    joined = dropped.table.num_rows - table.num_rows
    noted = _of_first_rows(structs.replace(cells, noted=(*cells.noted, *_repeated(cells, booking))), group, first)
    merged = structs.replace(dropped, table=table, noted=noted)
    return Merged(merged, joined)


def _repeated(cells: Cells, booking: str) -> Iterator[Noted]:
    """A note on rows that are the same as another row of their booking in every column that is read."""
    said = cells.table.filter(cells.named(booking).is_valid())
    names = [name for name in said.column_names if name != ROW]
    counted = said.group_by(names).aggregate([(ROW, "min"), (ROW, "count")])
    rows = counted.filter(pc.greater(counted.column(f"{ROW}_count"), 1)).column(f"{ROW}_min").combine_chunks()
    if len(rows):
        message = phrase(
            "rows of its booking are the same in every column that is read; what they charge was counted for each row"
        )
        yield Noted(REPEATED, message, rows)


def _marks(cells: Cells, rows: pa.Array | None) -> Any:
    """Which rows are among some, by their numbers."""
    if rows is None:
        return np.zeros(cells.table.num_rows, bool)
    return pc.is_in(cells.named(ROW).combine_chunks(), value_set=rows).to_numpy(zero_copy_only=False)


def _of_first_rows(cells: Cells, group: Numbers, first: Numbers) -> tuple[Noted, ...]:
    """The notes on rows, each on the row that stands for its booking."""
    numbers = cells.named(ROW).to_numpy()
    order = np.argsort(numbers, kind="stable")
    notes = []
    for noted in cells.noted:
        places = order[np.searchsorted(numbers, noted.rows.to_numpy(), sorter=order)]
        notes.append(structs.replace(noted, rows=pa.array(np.unique(numbers[first[group[places]]]))))
    return tuple(notes)


def _one_value(column: pa.Array, group: Numbers, count: int, differs: dict[int, str], name: str) -> pa.Array:
    """The one value that the rows of each booking have; bookings with several are named in `differs`."""
    encoded = column.dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    said = codes >= 0
    most: Numbers = np.full(count, -1, np.int64)
    least: Numbers = np.full(count, len(encoded.dictionary), np.int64)
    np.maximum.at(most, group[said], codes[said])
    np.minimum.at(least, group[said], codes[said])
    for at in np.flatnonzero((most >= 0) & (most != least)).tolist():
        differs.setdefault(at, name)
    return encoded.dictionary.take(pa.array(most, mask=most < 0))


def _joined_lists(column: pa.Array, group: Numbers, first: Numbers, sizes: Numbers, unread: Any) -> pa.Array:
    """The lists of the rows of each booking as one; each distinct combination of lists is joined once."""
    encoded = column.dictionary_encode()
    dictionary = [*encoded.dictionary.to_pylist(), None]
    codes: Numbers = encoded.indices.fill_null(len(dictionary) - 1).to_numpy(zero_copy_only=False).astype(np.int64)
    order = np.argsort(group, kind="stable")
    sorted_codes, sorted_unread = codes[order].tolist(), unread[order].tolist()
    ends = np.cumsum(sizes).tolist()
    texts: list[str | None] = [dictionary[code] for code in codes[first].tolist()]
    joined: dict[tuple[tuple[int, ...], bool], str | None] = {}
    for at in np.flatnonzero(sizes > 1).tolist():
        since, until = ends[at - 1] if at else 0, ends[at]
        key = (tuple(sorted_codes[since:until]), any(sorted_unread[since:until]))
        if key not in joined:
            joined[key] = merge([dictionary[code] for code in key[0]], key[1])
        texts[at] = joined[key]
    return pa.array(texts, pa.string())
