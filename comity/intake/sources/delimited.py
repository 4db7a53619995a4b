"""Reads delimited text (CSV and its relatives): finds separator, encoding and headings, and parses blocks with Arrow."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
from msgspec import Struct, structs

from comity.intake.sources.archive import GZIP, ZIP, chunks, opened
from comity.intake.sources.encodings import UTF8, UTF8_MARKED, Decoding, find_encoding, plain_chunks
from comity.intake.sources.heading_rows import TWO_ROWS, HeadingRows, find_headings
from comity.intake.sources.quotes import SPACED, without_spaces
from comity.intake.sources.records import Rows, Splitter
from comity.intake.sources.source import (
    ROWS_A_PIECE,
    ROWS_AT_FIRST,
    Block,
    Known,
    Ledger,
    Reading,
    Refused,
    Source,
    Unreadable,
)

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
USUAL = {".tsv": "\t", ".psv": "|"}
HEAD_BYTES = 1 << 18
SAMPLED = 60  # rows that decide on the separator
EMPTY = "it is empty"
ENDED = "most rows end with one separator more than the headings, which is not read"
SPACES = "spaces between separators and quotation marks are not read"
TEXT_FORMULA = r'^="([^"]*)"$'  # as programs write a text that a spreadsheet must not take for a number


class _Head(Struct, frozen=True, kw_only=True):
    """What the beginning of a file shows. `lines` are the headings as written; `above` and `blank` the lines before them."""

    encoding: str
    mark: int
    separator: str
    headings: HeadingRows
    lines: tuple[bytes, ...]
    above: int
    blank: int
    notes: tuple[str, ...] = ()


def open_delimited(path: Path, ending: str, known: Known) -> Source:
    """A file of delimited text; raises `Unreadable` where it has no headings."""
    head = _read_head(path, ending, known)
    ledger = Ledger(_reading(path, ending, head))
    below = head.above + len(head.lines)
    above = {"lines": below, "headings": len(head.lines), "titles": head.above - head.blank, "blank": head.blank}

    def blocks(names: Sequence[str], wanted: Sequence[str]) -> Iterator[Block]:
        ledger.clear()
        ledger.add(above)
        spaced = SPACES in head.notes
        splitter = Splitter(
            head.separator, len(names), line=below + 1, headings=head.lines, ledger=ledger, spaced=spaced
        )
        with opened(path) as file:
            file.read(head.mark)
            text = _without_lines(plain_chunks(chunks(file), head.encoding), below)
            yield from _blocks(splitter.split(text), names, wanted, separator=head.separator)

    return Source(head.headings.headings, blocks, ledger)


def _reading(path: Path, ending: str, head: _Head) -> Reading:
    named, notes = SEPARATORS[head.separator], [*head.notes]
    if head.separator != USUAL.get(ending, ","):
        notes.append(f"the cells are separated by {named}")
    if head.encoding not in (UTF8, UTF8_MARKED):
        notes.append(f"the text is in {head.encoding}")
    if head.headings.rows > 1:
        notes.append(TWO_ROWS)
    packed = {GZIP: "gzip", ZIP: "zip"}.get(path.suffix.lower(), "")
    return Reading(format="delimited text", separator=named, encoding=head.encoding, packed=packed, notes=tuple(notes))


def _read_head(path: Path, ending: str, known: Known) -> _Head:
    with opened(path) as file:
        content = _read_up_to(file, HEAD_BYTES)
    encoding, mark = find_encoding(content)
    try:
        text = b"".join(plain_chunks([content[mark:]], encoding))
    except UnicodeDecodeError:  # it ends within a character
        text = b"".join(islice(plain_chunks([content[mark:]], encoding), 1))
    if len(content) == HEAD_BYTES:
        text = text.rpartition(b"\n")[0]
        if not text:
            raise Unreadable(f"its first line has more than {HEAD_BYTES >> 10} KB")
    text = Decoding().decode(text)[0]
    notes = (SPACES,) if SPACED.search(text) else ()
    lines = (without_spaces(text) if notes else text).splitlines(keepends=True)
    if not text.strip():
        raise Unreadable(EMPTY)
    separator, headings, ends = _find_separator([line.decode() for line in lines], USUAL.get(ending, ","), known)
    rows = _rows([line.decode() for line in lines[ends[headings.at + headings.rows - 1] :]], separator)[0]
    if _end_with_separator(rows, len(headings.headings)):
        headings = structs.replace(headings, headings=(*headings.headings, ""))
        notes = (*notes, ENDED)
    above = ends[headings.at - 1] if headings.at else 0
    below = ends[headings.at + headings.rows - 1]
    blank = sum(1 for line in lines[:above] if not line.strip())
    return _Head(
        encoding=encoding, mark=mark, separator=separator, headings=headings, lines=tuple(lines[above:below]),
        above=above, blank=blank, notes=notes,
    )  # fmt: skip


def _end_with_separator(rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether most rows end with one separator more than the headings of this width."""
    filled = [row for row in rows if any(row)]
    return width > 1 and sum(len(row) == width + 1 and not row[-1] for row in filled) * 2 > len(filled)


def _read_up_to(file: Any, size: int) -> bytes:
    content = b""
    while len(content) < size and (more := file.read(size - len(content))):
        content += more
    return content


def _find_separator(lines: Sequence[str], usual: str, known: Known) -> tuple[str, HeadingRows, list[int]]:
    """The separator with which most headings are known and most rows are as wide as the headings; the headings found with it;
    and the number of the last line of each row.
    """
    best: tuple[Any, str, HeadingRows, list[int]] | None = None
    for separator in SEPARATORS:
        rows, ends = _rows(lines, separator)
        found = find_headings(rows, known)
        if found is None:
            continue
        width = len(found.headings)
        body = [row for row in rows[found.at + found.rows :] if row]
        even = width > 1 and sum(1 for row in body if len(row) == width) >= 0.8 * len(body)
        score = known(found.headings), even, separator == usual, width
        if best is None or score > best[0]:
            best = score, separator, found, ends
    if best is None:
        raise Unreadable(EMPTY)
    return best[1:]


def _rows(lines: Sequence[str], separator: str) -> tuple[list[list[str]], list[int]]:
    """The first rows, and the number of the last line of each; a row with a huge cell ends them."""
    reader = csv.reader(lines, delimiter=separator)
    rows, ends = [], []
    try:
        for row in islice(reader, SAMPLED):
            rows.append([cell[2:-1] if cell[:2] == '="' and cell[-1] == '"' else cell for cell in row])
            ends.append(reader.line_num)
    except csv.Error:
        pass
    return rows, ends


def _without_lines(text: Iterator[bytes], count: int) -> Iterator[bytes]:
    """A text in chunks, without its first lines."""
    for chunk in text:
        lines = chunk.split(b"\n", count)
        count -= len(lines) - 1
        yield lines[-1] if not count else b""
        if not count:
            break
    yield from text


def _blocks(rows: Iterator[Rows], names: Sequence[str], wanted: Sequence[str], *, separator: str) -> Iterator[Block]:
    """The rows in blocks of a size at which it pays to decide them."""
    tables: list[Block] = []
    enough = ROWS_AT_FIRST
    for some in rows:
        tables.append(_parse(some, names, wanted, separator=separator))
        if sum(block.table.num_rows for block in tables) >= enough:
            yield _joined(tables)
            tables, enough = [], ROWS_A_PIECE
    if tables:
        yield _joined(tables)


def _joined(blocks: Sequence[Block]) -> Block:
    table = pa.concat_tables([block.table for block in blocks])
    numbers = pa.concat_arrays([block.numbers for block in blocks])
    return Block(table, numbers, [refused for block in blocks for refused in block.refused])


def _parse(rows: Rows, names: Sequence[str], wanted: Sequence[str], *, separator: str) -> Block:
    """Some rows as columns of text; a row with more or fewer cells than the headings is refused."""
    if not rows.text:
        empty = pa.schema([(name, pa.string()) for name in wanted or names]).empty_table()
        return Block(empty, pa.array([], pa.int64()), rows.refused)
    wrong: list[arrow_csv.InvalidRow] = []

    def skip(row: arrow_csv.InvalidRow) -> str:
        wrong.append(row)
        return "skip"

    def read(threads: bool) -> pa.Table:
        wrong.clear()
        return arrow_csv.read_csv(
            pa.BufferReader(rows.text),
            arrow_csv.ReadOptions(use_threads=threads, block_size=len(rows.text) + 1, column_names=list(names)),
            arrow_csv.ParseOptions(delimiter=separator, newlines_in_values=b'"' in rows.text, invalid_row_handler=skip),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
                include_columns=list(wanted) or None,
            ),
        )

    table = read(threads=True)
    if wrong:
        table = read(threads=False)  # only so does Arrow number the rows that it skips
    if b'"' in rows.text and b'="' in rows.text:  # the first search alone takes a twentieth of the time
        table = _without_formulas(table)
    places = np.array([row.number - 1 for row in wrong], np.int64)
    refused = [
        Refused(int(rows.numbers[place]), "cut-row", _of_width(row)) for place, row in zip(places, wrong, strict=True)
    ]
    numbers = np.delete(rows.numbers, places)
    assert len(numbers) == table.num_rows, f"{len(numbers)} rows were split and {table.num_rows} parsed"
    every = sorted((*rows.refused, *refused), key=lambda refusal: refusal.row)
    return Block(table, pa.array(numbers, pa.int64()), every)


def _without_formulas(table: pa.Table) -> pa.Table:
    """The table with the text of each cell that is written as a formula: `="0012"` is 0012."""
    for at, name in enumerate(table.schema.names):
        if pc.any(pc.starts_with(table.column(at), '="')).as_py():
            table = table.set_column(at, name, pc.replace_substring_regex(table.column(at), TEXT_FORMULA, r"\1"))
    return table


def _of_width(row: arrow_csv.InvalidRow) -> str:
    lines = row.text.count("\n")
    tail = f", and it spans {lines + 1} lines: a quotation mark is left open" if lines else ""
    return f"it has {row.actual_columns} cells where the headings are {row.expected_columns}{tail}"
