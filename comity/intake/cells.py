"""A table as it came: every cell as text, every row with its number in the source, and the rows that cannot be read.

Rows in = rows out + rows refused. A cell that says nothing is NULL.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet
from msgspec import Struct

from comity.finding import Finding, Place

ROW = "row"
SAYING_NOTHING = ["", "NA", "N/A", "NULL"]
BYTES_A_BLOCK = 1 << 24
CSV_HELP = "save it as CSV in UTF-8, with the names of the columns in its first row"


class Refused(Struct, frozen=True):
    """A row that is not decided: its number (the first row under the headings is 1), a code, and what is wrong."""

    row: int
    code: str
    message: str


class Cells(Struct, frozen=True):
    """The cells of a table as text, after the column `row` with each row's number; and the rows refused."""

    source: str
    table: pa.Table
    refused: tuple[Refused, ...] = ()

    @property
    def read(self) -> int:
        """How many rows the source has, those refused included."""
        return int(self.table.num_rows) + len(self.refused)

    def named(self, name: str) -> pa.ChunkedArray:
        return self.table.column(name)

    def refuse(self, rows: dict[int, tuple[str, str]]) -> Cells:
        """Without the rows of these numbers, each with a code and what is wrong."""
        if not rows:
            return self
        left = self.table.filter(pc.invert(pc.is_in(self.table.column(ROW), value_set=pa.array(list(rows), pa.int64()))))
        refused = (*self.refused, *(Refused(row, *why) for row, why in rows.items()))
        return Cells(self.source, left, tuple(sorted(refused, key=lambda own: own.row)))


def cells_of(table: Any) -> tuple[Cells | None, list[Finding]]:
    """The cells of a path to CSV or Parquet, or of a frame that can be taken as Arrow (Arrow, pandas, polars)."""
    if isinstance(table, (str, Path)):
        return _of_file(Path(table))
    if hasattr(table, "__arrow_c_stream__") or isinstance(table, pa.Table):
        return _numbered("table", pa.table(table), [])
    place, help = Place("table"), "give a path, or an Arrow, pandas or polars frame"
    return None, [Finding("not-a-table", place, f"a {type(table).__name__} is not a table", help)]


def _of_file(path: Path) -> tuple[Cells | None, list[Finding]]:
    readers: dict[str, Callable[[Path], tuple[Cells | None, list[Finding]]]] = {".csv": _of_csv, ".parquet": _of_parquet}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        message = f'a file that ends in "{path.suffix}" is not read here'
        return None, [Finding("not-a-table", Place(str(path)), message, f"one of {', '.join(readers)}")]
    try:
        return reader(path)
    except FileNotFoundError:
        return None, [Finding("no-file", Place(str(path)), "there is no such file", "name a file that exists")]
    except (pa.ArrowInvalid, UnicodeDecodeError, csv.Error) as fault:
        words = " ".join(str(fault).split())
        return None, [Finding("not-a-table", Place(str(path)), f"cannot be read as a table: {words}", CSV_HELP)]


def _of_parquet(path: Path) -> tuple[Cells | None, list[Finding]]:
    return _numbered(str(path), parquet.read_table(path), [])


def _of_csv(path: Path) -> tuple[Cells | None, list[Finding]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        names = next(csv.reader(lines), [])
    faulty: list[arrow_csv.InvalidRow] = []

    def refuse(row: arrow_csv.InvalidRow) -> str:
        faulty.append(row)
        return "skip"

    table = arrow_csv.read_csv(
        io.BytesIO(path.read_bytes()),
        arrow_csv.ReadOptions(use_threads=False, block_size=BYTES_A_BLOCK),  # with threads, rows lose their numbers
        arrow_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=refuse),
        arrow_csv.ConvertOptions(column_types={name: pa.string() for name in names}, strings_can_be_null=False),
    )
    return _numbered(str(path), table, [Refused(row.number - 1, "cut-row", _of_width(row)) for row in faulty])


def _of_width(row: arrow_csv.InvalidRow) -> str:
    lines = row.text.count("\n")
    tail = f", and it runs on over {lines + 1} lines: a quotation mark is left open" if lines else ""
    return f"it has {row.actual_columns} cells where the headings are {row.expected_columns}{tail}"


def _numbered(source: str, table: pa.Table, refused: list[Refused]) -> tuple[Cells | None, list[Finding]]:
    names = [name for name in table.schema.names if name != ROW]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        message = f'two columns are called "{doubled[0]}"'
        return None, [Finding("doubled-column", Place(source, 1), message, "give one of them another name")]
    gone = {own.row for own in refused}
    numbers = [number for number in range(1, table.num_rows + len(refused) + 1) if number not in gone]
    columns = [_text(table.column(name).combine_chunks()) for name in names]
    made = pa.table([pa.array(numbers, pa.int64()), *columns], names=[ROW, *names])
    return Cells(source, made, tuple(refused)), []


def _text(column: pa.Array) -> pa.Array:
    """A column as text, without the space around it, and NULL where it says nothing."""
    text = pc.utf8_trim_whitespace(column.cast(pa.string()))
    return pc.if_else(pc.is_in(text, value_set=pa.array(SAYING_NOTHING)), pa.scalar(None, pa.string()), text)


def read_each(column: pa.ChunkedArray, read: Callable[[str], Any], type_: pa.DataType) -> pa.Array:
    """A column of text read into values, each distinct text once; NULL stays NULL."""
    encoded = column.combine_chunks().dictionary_encode()
    values = pa.array([read(text) for text in encoded.dictionary.to_pylist()], type_)
    taken: pa.Array = values.take(encoded.indices)
    return taken
