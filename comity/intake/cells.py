"""Opens tables and reads them in pieces: cells as text, each row with its number in the source, and the rows refused.

Rows in = rows out + rows refused. An empty or redacted cell is NULL. CSV, Parquet and frames are never in memory whole;
a sheet of a workbook is, because its format requires it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet
from msgspec import Struct

from comity.finding import Finding, InputFault, Place, phrase
from comity.intake.cell_text import as_text
from comity.intake.damage import CELL_BYTES_MAX, NOT_TEXT, quote
from comity.intake.frames import UNFIT, arrow_of
from comity.intake.headings import distinct_names, names_of
from comity.intake.sheets import LOOKED_AT, BadSheet, Known, open_sheet

ROW = "row"
BYTES_A_BLOCK = 1 << 22  # the reader holds up to 32 of them
ROWS_A_PIECE = 250_000
HELP = phrase("save it as CSV in UTF-8, with the names of the columns in its first row")


class Refused(Struct, frozen=True):
    """A row that is not decided: its number (the first row under the headings is 1), a code, and what is wrong."""

    row: int
    code: str
    message: str


class Cells(Struct, frozen=True):
    """Some rows of a table as text, with their numbers in the column `row`, and the rows refused among them."""

    source: str
    table: pa.Table
    refused: tuple[Refused, ...] = ()

    @property
    def read(self) -> int:
        """How many rows these are in the source, including those refused."""
        return int(self.table.num_rows) + len(self.refused)

    def named(self, name: str) -> pa.ChunkedArray:
        return self.table.column(name)

    def refuse(self, rows: dict[int, tuple[str, str]]) -> Cells:
        """The cells without some rows, given by number with a code and what is wrong."""
        if not rows:
            return self
        left = self.table.filter(
            pc.invert(pc.is_in(self.table.column(ROW), value_set=pa.array(list(rows), pa.int64())))
        )
        refused = (*self.refused, *(Refused(row, *why) for row, why in rows.items()))
        return Cells(self.source, left, tuple(sorted(refused, key=lambda refusal: refusal.row)))


class Opened(Struct, frozen=True, kw_only=True):
    """A table that can be read: the names of all columns, its pieces, and how many rows it has where that is known.

    The pieces hold the columns asked for. Reading them raises `InputFault` where a file is damaged further on.
    """

    source: str
    names: tuple[str, ...]
    pieces: Callable[[], Iterator[Cells]]
    rows: int | None = None


class _Raw(Struct, frozen=True):
    """A source opened: its headings as written, and a function that reads some of its columns in pieces.

    `pieces` takes the names of all columns, those wanted, and a list to which it adds the rows that it refuses, before or
    after the piece to which they belong.
    """

    headings: Sequence[str]
    pieces: Callable[[Sequence[str], Sequence[str], list[Refused]], Iterator[pa.Table]]
    rows: int | None = None


def open_table(table: Any, read: Collection[str] | None = None) -> tuple[Opened | None, list[Finding]]:
    """Opens a path to CSV, XLSX or Parquet, or a frame that converts to Arrow (Arrow, pandas, polars).

    `read` names the columns to read, by default all. None of them may occur twice, except the one that is known to.
    """
    raw: _Raw | None
    if isinstance(table, (str, Path)):
        source, (raw, findings) = str(table), _of_file(Path(table), read or ())
    elif hasattr(table, "__arrow_c_stream__") or isinstance(table, pa.Table):
        source, (raw, findings) = "table", _of_frame(table)
    else:
        help = phrase("give a path, or an Arrow, pandas or polars frame")
        message = phrase("a {type} is not a table", type=type(table).__name__)
        return None, [Finding("not-a-table", Place(phrase("table")), message, help)]
    if raw is None:
        return None, findings
    headings = names_of(raw.headings)
    names, doubled = distinct_names(headings, headings if read is None else read)
    if doubled:
        message = phrase('two columns are called "{}", or have a name that means the same', doubled)
        help = phrase("give one of them another name")
        return None, [Finding("doubled-column", Place(source, 1), message, help)]
    wanted = [name for name in names if name != ROW and (read is None or name in read)]
    pieces = partial(_pieces, source, names, wanted=wanted, raw=raw)
    return Opened(source=source, names=tuple(names), pieces=pieces, rows=raw.rows), []


def _pieces(source: str, names: Sequence[str], *, wanted: Sequence[str], raw: _Raw) -> Iterator[Cells]:
    """The pieces with their rows numbered, and cells without a value set to NULL."""
    last = 0
    waiting: list[Refused] = []
    last_piece: Cells | None = None  # it takes the rows refused after it
    try:
        for table in raw.pieces(names, wanted, waiting):
            if last_piece:
                yield last_piece
            numbers, last = _numbers(last, table.num_rows, {refusal.row for refusal in waiting})
            refused = tuple(refusal for refusal in waiting if refusal.row <= last)
            waiting[:] = waiting[len(refused) :]
            columns = [as_text(table.column(name)) for name in wanted]
            rows = pa.table([pa.array(numbers, pa.int64()), *columns], names=[ROW, *wanted])
            last_piece = _without_damage(Cells(source, rows, refused))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, UnicodeDecodeError) as fault:
        raise InputFault([_unreadable(source, fault)]) from None
    last_piece = last_piece or Cells(source, _no_rows(wanted))
    yield Cells(source, last_piece.table, (*last_piece.refused, *waiting))


def _no_rows(wanted: Sequence[str]) -> pa.Table:
    return pa.schema([(ROW, pa.int64()), *((name, pa.string()) for name in wanted)]).empty_table()


def _without_damage(cells: Cells) -> Cells:
    """The cells without the rows in which a cell is too long, or is not text."""
    why: dict[int, tuple[str, str]] = {}
    for name in cells.table.column_names[1:]:
        column = cells.named(name)
        if (pc.max(pc.binary_length(column)).as_py() or 0) > CELL_BYTES_MAX:
            long = cells.table.filter(pc.greater(pc.binary_length(column), CELL_BYTES_MAX))
            message = f"{name} holds more than {CELL_BYTES_MAX:,} bytes"
            why |= dict.fromkeys(long.column(ROW).to_pylist(), ("cell-too-long", message))
        if pc.any(pc.starts_with(column, NOT_TEXT)).as_py():
            for row in cells.table.filter(pc.starts_with(column, NOT_TEXT)).select([ROW, name]).to_pylist():
                text = quote(row[name].removeprefix(NOT_TEXT))
                why[row[ROW]] = ("not-text", f"{text} in {name} holds half of a character pair, which is not text")
    return cells.refuse(why)


def _numbers(last: int, count: int, gone: Collection[int]) -> tuple[list[int], int]:
    """The numbers of the next rows after `last`, of which those in `gone` were refused."""
    numbers: list[int] = []
    while len(numbers) < count:
        span = range(last + 1, last + 1 + count - len(numbers))
        numbers += [number for number in span if number not in gone] if gone else span
        last = span[-1]
    return numbers, last


def _of_file(path: Path, read: Collection[str]) -> tuple[_Raw | None, list[Finding]]:
    def known(headings: Sequence[str]) -> int:
        return len({*names_of(headings)} & {*read})

    readers: dict[str, Callable[[Path], _Raw]] = {
        ".csv": lambda path: _of_csv(path, known),
        ".parquet": _of_parquet,
        ".xlsx": lambda path: _of_workbook(path, known),
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        message = phrase('a file with the ending "{}" cannot be read', path.suffix)
        help = phrase("one of {endings}", endings=", ".join(readers))
        return None, [Finding("not-a-table", Place(str(path)), message, help)]
    try:
        return reader(path), []
    except FileNotFoundError:
        message, help = phrase("there is no such file"), phrase("name a file that exists")
        return None, [Finding("no-file", Place(str(path)), message, help)]
    except (pa.ArrowInvalid, UnicodeDecodeError, csv.Error, BadSheet) as fault:
        return None, [_unreadable(str(path), fault)]


def _unreadable(source: str, fault: Exception) -> Finding:
    words = " ".join(str(fault).split())
    return Finding("not-a-table", Place(source), phrase("cannot be read as a table: {}", words), HELP)


def _of_frame(frame: Any) -> tuple[_Raw | None, list[Finding]]:
    try:
        return _of_arrow(arrow_of(frame)), []
    except UNFIT as fault:
        return None, [_unreadable("table", fault)]


def _of_arrow(table: pa.Table) -> _Raw:
    def pieces(names: Sequence[str], wanted: Sequence[str], refused: list[Refused]) -> Iterator[pa.Table]:
        named = table.rename_columns(names)
        rows = named.select(wanted) if wanted else named
        yield from (rows.slice(at, ROWS_A_PIECE) for at in range(0, max(rows.num_rows, 1), ROWS_A_PIECE))

    return _Raw(table.schema.names, pieces, table.num_rows)


def _of_parquet(path: Path) -> _Raw:
    file = parquet.ParquetFile(path)
    headings = file.schema_arrow.names

    def pieces(names: Sequence[str], wanted: Sequence[str], refused: list[Refused]) -> Iterator[pa.Table]:
        doubled = len(set(headings)) < len(headings)  # a column cannot be selected by a name that occurs twice
        selected = (
            None if doubled else [heading for heading, name in zip(headings, names, strict=True) if name in wanted]
        )
        new = dict(zip(headings, names, strict=True))
        for batch in file.iter_batches(ROWS_A_PIECE, columns=selected):
            rows = pa.Table.from_batches([batch])
            yield rows.rename_columns(names if doubled else [new[name] for name in rows.schema.names])

    return _Raw(headings, pieces, file.metadata.num_rows)


def _of_workbook(path: Path, known: Known) -> _Raw:
    sheet = open_sheet(path, known)

    def pieces(names: Sequence[str], wanted: Sequence[str], refused: list[Refused]) -> Iterator[pa.Table]:
        places = [names.index(name) for name in wanted]
        for columns in sheet.pieces(places, ROWS_A_PIECE):
            yield pa.table([pa.array(column, pa.string()) for column in columns], names=list(wanted))

    return _Raw(sheet.headings, pieces, sheet.rows)


def _of_csv(path: Path, known: Known) -> _Raw:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(lines)
        headings, above = next(reader, []), reader.line_num
        if not known(headings):  # there may be titles above, as in a workbook
            candidates = [(headings, above), *_rows_below(reader)]
            headings, above = max(candidates, key=lambda candidate: known(candidate[0]))
    if not headings:
        raise csv.Error("it is empty")

    def pieces(names: Sequence[str], wanted: Sequence[str], refused: list[Refused]) -> Iterator[pa.Table]:
        return _csv_pieces(path, names, wanted, above=above, refused=refused)

    return _Raw(headings, pieces)


def _rows_below(reader: Any) -> Iterator[tuple[list[str], int]]:
    """The rows that may be the headings, each with the lines down to it; a row with a huge cell ends the search."""
    try:
        for row in islice(reader, LOOKED_AT):
            yield row, reader.line_num
    except csv.Error:
        return


def _csv_pieces(
    path: Path, names: Sequence[str], wanted: Sequence[str], *, above: int, refused: list[Refused]
) -> Iterator[pa.Table]:
    """The rows of a file in pieces; a row with more or fewer cells than the headings is refused."""

    def refuse(row: arrow_csv.InvalidRow) -> str:
        refused.append(Refused(row.number - above, "cut-row", _of_width(row)))
        return "skip"

    try:
        reader = arrow_csv.open_csv(
            path,
            # With threads the numbers of refused rows would not be known.
            arrow_csv.ReadOptions(
                use_threads=False, block_size=BYTES_A_BLOCK, column_names=list(names), skip_rows=above
            ),
            arrow_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=refuse),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
                include_columns=list(wanted) or None,
            ),
        )
    except pa.ArrowInvalid:
        if path.stat().st_size > BYTES_A_BLOCK or _more_than(path, above):
            raise
        return  # there is nothing under the headings
    batches: list[pa.RecordBatch] = []
    for batch in reader:
        batches.append(batch)
        if sum(batch.num_rows for batch in batches) >= ROWS_A_PIECE:
            yield pa.Table.from_batches(batches)
            batches = []
    yield pa.Table.from_batches(batches, reader.schema)


def _more_than(path: Path, lines: int) -> bool:
    """Whether a file has text after its first lines."""
    with path.open("rb") as file:
        return any(line.strip() for number, line in enumerate(file) if number >= lines)


def _of_width(row: arrow_csv.InvalidRow) -> str:
    lines = row.text.count("\n")
    tail = f", and it spans {lines + 1} lines: a quotation mark is left open" if lines else ""
    return f"it has {row.actual_columns} cells where the headings are {row.expected_columns}{tail}"


def read_each(column: pa.ChunkedArray, read: Callable[[str], Any], type_: pa.DataType) -> pa.Array:
    """A column of text read into values of a type, each distinct text once; NULL stays NULL."""
    encoded = column.combine_chunks().dictionary_encode()
    values = pa.array([read(text) for text in encoded.dictionary.to_pylist()], type_)
    column_of_values: pa.Array = values.take(encoded.indices)
    return column_of_values
