"""Opens tables and reads them in pieces: cells as text, each row with its number in the source, and the rows refused.

Rows in = rows out + rows refused. An empty or redacted cell is NULL. How each kind of file is read is in `intake.sources`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct, structs

from comity.finding import Finding, InputFault, Phrase, Place, phrase
from comity.intake.cell_text import as_text
from comity.intake.damage import CELL_BYTES_MAX, NOT_TEXT, quote
from comity.intake.frames import UNFIT, arrow_of
from comity.intake.headings import distinct_names, names_of
from comity.intake.sources.columnar import open_frame
from comity.intake.sources.files import open_file
from comity.intake.sources.source import Block, Known, Ledger, Reading, Refused, Source, Unreadable

ROW = "row"
HELP = phrase("save it as CSV in UTF-8, with the names of the columns in its first row")


class Noted(Struct, frozen=True):
    """What is odd about some rows, given by their numbers: a code and words for it, or a fact that was said and not understood."""

    code: str
    message: Phrase
    rows: pa.Array
    fact: str = ""


class Cells(Struct, frozen=True):
    """Some rows of a table as text, with their numbers in the column `row`, and the rows refused among them.

    All are rows of one sheet; `sheet` is empty unless the workbook has several. `noted` is what a map of columns found odd.
    """

    source: str
    table: pa.Table
    refused: tuple[Refused, ...] = ()
    sheet: str = ""
    noted: tuple[Noted, ...] = ()

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
        refused = (*self.refused, *(Refused(row, *why, self.sheet) for row, why in rows.items()))
        return structs.replace(self, table=left, refused=tuple(sorted(refused, key=lambda refusal: refusal.row)))


class Opened(Struct, frozen=True, kw_only=True):
    """A table that can be read: the names of all columns, its pieces, and how many rows it has where that is known.

    `headings` are the names as the source writes them. The pieces hold the columns asked for. Reading them raises `InputFault`
    where a file is damaged further on. After the last piece, `reading` accounts for every line of the source.
    """

    source: str
    names: tuple[str, ...]
    pieces: Callable[[], Iterator[Cells]]
    rows: int | None = None
    ledger: Ledger
    headings: tuple[str, ...] = ()

    def reading(self) -> Reading:
        """How the table was read: its format, what was found out about it, and what became of each line so far."""
        return self.ledger.reading()


def open_table(
    table: Any, read: Collection[str] | None = None, known: Known | None = None
) -> tuple[Opened | None, list[Finding]]:
    """Opens the path of a file or folder, or a frame that converts to Arrow (Arrow, pandas, polars).

    `read` names the columns to read, by default all. None of them may occur twice, except the one that is known to. `known` says
    how many of some headings are known, to find the row of headings; by default, those that are read.
    """
    opened: Source | None
    if isinstance(table, (str, Path)):
        source, (opened, findings) = str(table), _open_file(Path(table), known or _known_among(read or ()))
    elif hasattr(table, "__arrow_c_stream__") or isinstance(table, pa.Table):
        source, (opened, findings) = "table", _open_frame(table)
    else:
        help = phrase("give a path, or an Arrow, pandas or polars frame")
        message = phrase("a {type} is not a table", type=type(table).__name__)
        return None, [Finding("not-a-table", Place(phrase("table")), message, help)]
    if opened is None:
        return None, findings
    headings = names_of(opened.headings)
    names, doubled = distinct_names(headings, headings if read is None else read)
    if doubled:
        message = phrase('two columns are called "{}", or have a name that means the same', doubled)
        help = phrase("give one of them another name")
        return None, [Finding("doubled-column", Place(source, 1), message, help)]
    wanted = [name for name in names if name != ROW and (read is None or name in read)]
    pieces = partial(_pieces, source, names, wanted=wanted, opened=opened)
    written = tuple(
        " ".join(heading.split()) if published == name else name
        for heading, published, name in zip(opened.headings, headings, names, strict=True)
    )
    return Opened(
        source=source, names=tuple(names), pieces=pieces, rows=opened.rows, ledger=opened.ledger, headings=written
    ), []  # fmt: skip


def readable_twice(table: Any) -> Any:
    """A table that can be opened more than once: a stream is read into memory, what cannot be converted stays as it is."""
    if isinstance(table, pa.Table) or not hasattr(table, "__arrow_c_stream__"):
        return table
    try:
        return arrow_of(table)
    except UNFIT:
        return table


def _pieces(source: str, names: Sequence[str], *, wanted: Sequence[str], opened: Source) -> Iterator[Cells]:
    """The pieces with their rows numbered, and cells without a value set to NULL; at least one piece."""
    rows, pieces = 0, 0
    try:
        for block in opened.blocks(names, wanted):
            cells = _cells(source, block, wanted)
            rows, pieces = rows + cells.read, pieces + 1
            yield cells
    except (pa.ArrowException, UnicodeDecodeError, Unreadable) as fault:
        raise InputFault([unreadable_table(source, fault)]) from None
    opened.ledger.check(rows)
    if not pieces:
        yield Cells(source, pa.schema([(ROW, pa.int64()), *((name, pa.string()) for name in wanted)]).empty_table())


def _cells(source: str, block: Block, wanted: Sequence[str]) -> Cells:
    columns = [as_text(block.table.column(name)) for name in wanted]
    rows = pa.table([block.numbers, *columns], names=[ROW, *wanted])
    return _without_damage(Cells(source, rows, tuple(block.refused), block.sheet))


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
                why[row[ROW]] = ("not-text", f"{text} in {name} is not text: it cannot be written in UTF-8")
    return cells.refuse(why)


def _known_among(read: Collection[str]) -> Known:
    return lambda headings: len({*names_of(headings)} & {*read})


def _open_file(path: Path, known: Known) -> tuple[Source | None, list[Finding]]:
    try:
        return open_file(path, known), []
    except FileNotFoundError:
        message, help = phrase("there is no such file"), phrase("name a file that exists")
        return None, [Finding("no-file", Place(str(path)), message, help)]
    except (pa.ArrowException, OSError, UnicodeDecodeError, Unreadable) as fault:
        return None, [unreadable_table(str(path), fault)]


def unreadable_table(source: str, fault: Exception) -> Finding:
    """The finding for a source that cannot be read as a table."""
    words = " ".join(str(fault).split())
    return Finding("not-a-table", Place(source), phrase("cannot be read as a table: {}", words), HELP)


def _open_frame(frame: Any) -> tuple[Source | None, list[Finding]]:
    try:
        return open_frame(arrow_of(frame)), []
    except UNFIT as fault:
        return None, [unreadable_table("table", fault)]


def read_each(column: pa.ChunkedArray, read: Callable[[str], Any], type_: pa.DataType) -> pa.Array:
    """A column of text read into values of a type, each distinct text once; NULL stays NULL."""
    encoded = column.combine_chunks().dictionary_encode()
    values = pa.array([read(text) for text in encoded.dictionary.to_pylist()], type_)
    column_of_values: pa.Array = values.take(encoded.indices)
    return column_of_values
