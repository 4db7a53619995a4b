"""A table as it came, piece by piece: every cell as text, every row with its number in the source, and the rows refused.

Rows in = rows out + rows refused. A cell that says nothing, or was blacked out, is NULL. CSV, Parquet and frames are
never in memory whole; a sheet of a workbook is, as its format demands.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet
from msgspec import Struct

from comity.finding import Finding, InputFault, Place
from comity.intake.headings import names_of, told_apart
from comity.intake.sheets import LOOKED_AT, BadSheet, Known, open_sheet
from comity.period import day_of

ROW = "row"
# What the publishers write where nothing is known, and where the agency blacked it out.
SAYING_NOTHING = ["", "NA", "N/A", "NULL"]
BLACKED_OUT = r"^\(?b\)?\(\d\).*$"
BYTES_A_BLOCK = 1 << 22  # the reader holds up to 32 of them
ROWS_A_PIECE = 250_000
DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.0+)?)?)?")
HELP = "save it as CSV in UTF-8, with the names of the columns in its first row"


class Refused(Struct, frozen=True):
    """A row that is not decided: its number (the first row under the headings is 1), a code, and what is wrong."""

    row: int
    code: str
    message: str


class Cells(Struct, frozen=True):
    """Some rows of a table as text, after the column `row` with each row's number; and the rows refused among them."""

    source: str
    table: pa.Table
    refused: tuple[Refused, ...] = ()

    @property
    def read(self) -> int:
        """How many rows these were in the source, those refused included."""
        return int(self.table.num_rows) + len(self.refused)

    def named(self, name: str) -> pa.ChunkedArray:
        return self.table.column(name)

    def refuse(self, rows: dict[int, tuple[str, str]]) -> Cells:
        """Without the rows of these numbers, each with a code and what is wrong."""
        if not rows:
            return self
        left = self.table.filter(
            pc.invert(pc.is_in(self.table.column(ROW), value_set=pa.array(list(rows), pa.int64())))
        )
        refused = (*self.refused, *(Refused(row, *why) for row, why in rows.items()))
        return Cells(self.source, left, tuple(sorted(refused, key=lambda own: own.row)))


class Opened(Struct, frozen=True):
    """A table that can be read: all its columns by name, its pieces, and how many rows it has where that is known.

    The pieces hold the columns asked for. Reading them raises `InputFault` where a file turns out to be damaged further on.
    """

    source: str
    names: tuple[str, ...]
    pieces: Callable[[], Iterator[Cells]]
    rows: int | None = None


class _Raw(Struct, frozen=True):
    """A source opened: its headings as they stand, and what gives its columns `kept` out of `names`, piece by piece.

    Rows that cannot be read are added to the list, before or after the piece that they belong to.
    """

    headings: Sequence[str]
    pieces: Callable[[Sequence[str], Sequence[str], list[Refused]], Iterator[pa.Table]]
    rows: int | None = None


def open_table(table: Any, read: Collection[str] | None = None) -> tuple[Opened | None, list[Finding]]:
    """A path to CSV, XLSX or Parquet, or a frame that can be taken as Arrow (Arrow, pandas, polars).

    `read` names the columns that matter, which are all where nothing is said: none of them may stand twice, but for
    the one that is known to.
    """
    raw: _Raw | None
    if isinstance(table, (str, Path)):
        source, (raw, findings) = str(table), _of_file(Path(table), read or ())
    elif hasattr(table, "__arrow_c_stream__") or isinstance(table, pa.Table):
        source, raw, findings = "table", _of_frame(pa.table(table)), []
    else:
        help = "give a path, or an Arrow, pandas or polars frame"
        return None, [Finding("not-a-table", Place("table"), f"a {type(table).__name__} is not a table", help)]
    if raw is None:
        return None, findings
    named = names_of(raw.headings)
    names, doubled = told_apart(named, named if read is None else read)
    if doubled:
        message = f'two columns are called "{doubled}", or mean it'
        return None, [Finding("doubled-column", Place(source, 1), message, "give one of them another name")]
    kept = [name for name in names if name != ROW and (read is None or name in read)]
    return Opened(source, tuple(names), lambda: _pieces(source, names, kept, raw), raw.rows), []


def _pieces(source: str, names: Sequence[str], kept: Sequence[str], raw: _Raw) -> Iterator[Cells]:
    """The pieces with their rows numbered, and the cells that say nothing made NULL."""
    last = 0
    waiting: list[Refused] = []
    held: Cells | None = None  # the last piece takes the rows refused after it
    try:
        for table in raw.pieces(names, kept, waiting):
            if held:
                yield held
            numbers, last = _numbers(last, table.num_rows, {own.row for own in waiting})
            told = tuple(own for own in waiting if own.row <= last)
            waiting[:] = waiting[len(told) :]
            columns = [_text(table.column(name)) for name in kept]
            held = Cells(source, pa.table([pa.array(numbers, pa.int64()), *columns], names=[ROW, *kept]), told)
    except (pa.ArrowInvalid, UnicodeDecodeError) as fault:
        raise InputFault([_unreadable(source, fault)]) from None
    held = held or Cells(source, pa.table([pa.array([], own) for own in _types(kept)], names=[ROW, *kept]))
    yield Cells(source, held.table, (*held.refused, *waiting))


def _types(kept: Sequence[str]) -> list[pa.DataType]:
    return [pa.int64(), *(pa.string() for _ in kept)]


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
        ".csv": lambda own: _of_csv(own, known),
        ".parquet": _of_parquet,
        ".xlsx": lambda own: _of_workbook(own, known),
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        message = f'a file that ends in "{path.suffix}" is not read here'
        return None, [Finding("not-a-table", Place(str(path)), message, f"one of {', '.join(readers)}")]
    try:
        return reader(path), []
    except FileNotFoundError:
        return None, [Finding("no-file", Place(str(path)), "there is no such file", "name a file that exists")]
    except (pa.ArrowInvalid, UnicodeDecodeError, csv.Error, BadSheet) as fault:
        return None, [_unreadable(str(path), fault)]


def _unreadable(source: str, fault: Exception) -> Finding:
    words = " ".join(str(fault).split())
    return Finding("not-a-table", Place(source), f"cannot be read as a table: {words}", HELP)


def _of_frame(table: pa.Table) -> _Raw:
    def pieces(names: Sequence[str], kept: Sequence[str], refused: list[Refused]) -> Iterator[pa.Table]:
        own = table.rename_columns(names).select(kept) if kept else table.rename_columns(names)
        yield from (own.slice(at, ROWS_A_PIECE) for at in range(0, max(own.num_rows, 1), ROWS_A_PIECE))

    return _Raw(table.schema.names, pieces, table.num_rows)


def _of_parquet(path: Path) -> _Raw:
    file = parquet.ParquetFile(path)
    headings = file.schema_arrow.names

    def pieces(names: Sequence[str], kept: Sequence[str], refused: list[Refused]) -> Iterator[pa.Table]:
        doubled = len(set(headings)) < len(headings)  # such a column cannot be asked for by its name
        wanted = None if doubled else [heading for heading, name in zip(headings, names, strict=True) if name in kept]
        new = dict(zip(headings, names, strict=True))
        for batch in file.iter_batches(ROWS_A_PIECE, columns=wanted):
            own = pa.Table.from_batches([batch])
            yield own.rename_columns(names if doubled else [new[name] for name in own.schema.names])

    return _Raw(headings, pieces, file.metadata.num_rows)


def _of_workbook(path: Path, known: Known) -> _Raw:
    sheet = open_sheet(path, known)

    def pieces(names: Sequence[str], kept: Sequence[str], refused: list[Refused]) -> Iterator[pa.Table]:
        places = [names.index(name) for name in kept]
        for columns in sheet.pieces(places, ROWS_A_PIECE):
            yield pa.table([pa.array(own, pa.string()) for own in columns], names=list(kept))

    return _Raw(sheet.headings, pieces, sheet.rows)


def _of_csv(path: Path, known: Known) -> _Raw:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(lines)
        headings, above = next(reader, []), reader.line_num
        if not known(headings):  # there may be titles above, as in a workbook
            below = [(row, reader.line_num) for row in islice(reader, LOOKED_AT)]
            headings, above = max([(headings, above), *below], key=lambda own: known(own[0]))
    if not headings:
        raise csv.Error("it is empty")

    def pieces(names: Sequence[str], kept: Sequence[str], refused: list[Refused]) -> Iterator[pa.Table]:
        return _csv_pieces(path, names, kept, above, refused)

    return _Raw(headings, pieces)


def _csv_pieces(
    path: Path, names: Sequence[str], kept: Sequence[str], above: int, refused: list[Refused]
) -> Iterator[pa.Table]:
    """The blocks of a file, some at a time; a row of another width than the headings is refused."""

    def refuse(row: arrow_csv.InvalidRow) -> str:
        refused.append(Refused(row.number - above, "cut-row", _of_width(row)))
        return "skip"

    try:
        reader = arrow_csv.open_csv(
            path,
            # With threads, rows would lose their numbers.
            arrow_csv.ReadOptions(
                use_threads=False, block_size=BYTES_A_BLOCK, column_names=list(names), skip_rows=above
            ),
            arrow_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=refuse),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
                include_columns=list(kept) or None,
            ),
        )
    except pa.ArrowInvalid:
        if path.stat().st_size > BYTES_A_BLOCK or _more_than(path, above):
            raise
        return  # there is nothing under the headings
    kept_batches: list[pa.RecordBatch] = []
    for batch in reader:
        kept_batches.append(batch)
        if sum(own.num_rows for own in kept_batches) >= ROWS_A_PIECE:
            yield pa.Table.from_batches(kept_batches)
            kept_batches = []
    yield pa.Table.from_batches(kept_batches, reader.schema)


def _more_than(path: Path, lines: int) -> bool:
    """Whether a file has text after its first lines."""
    with path.open("rb") as own:
        return any(line.strip() for number, line in enumerate(own) if number >= lines)


def _of_width(row: arrow_csv.InvalidRow) -> str:
    lines = row.text.count("\n")
    tail = f", and it runs on over {lines + 1} lines: a quotation mark is left open" if lines else ""
    return f"it has {row.actual_columns} cells where the headings are {row.expected_columns}{tail}"


def _text(column: pa.Array) -> pa.Array:
    """A column as text, without the space around it, and NULL where it says nothing."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    text = pc.utf8_trim_whitespace(column.cast(pa.string()))
    empty = pc.or_(
        pc.is_in(text, value_set=pa.array(SAYING_NOTHING)),
        pc.match_substring_regex(text, BLACKED_OUT, ignore_case=True),
    )
    return pc.if_else(empty, pa.scalar(None, pa.string()), text)


def day_written(text: str) -> date | None:
    """The day that a cell names, at midnight where it names an hour; None where it is no such day."""
    found = DAY.fullmatch(text)
    return day_of(found[1]) if found else None


def read_each(column: pa.ChunkedArray, read: Callable[[str], Any], type_: pa.DataType) -> pa.Array:
    """A column of text read into values, each distinct text once; NULL stays NULL."""
    encoded = column.combine_chunks().dictionary_encode()
    values = pa.array([read(text) for text in encoded.dictionary.to_pylist()], type_)
    taken: pa.Array = values.take(encoded.indices)
    return taken
