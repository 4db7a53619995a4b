"""Reads JSON lines (`.jsonl`, `.ndjson`): an object on each line, whose keys name the columns."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from comity.finding import Phrase, phrase
from comity.intake.damage import DoubledKey, mark_not_text, parse_json, quote
from comity.intake.sources.archive import chunks, opened
from comity.intake.sources.encodings import CODECS, find_encoding, plain_chunks
from comity.intake.sources.records import LINE_BYTES_MAX
from comity.intake.sources.source import ROWS_A_PIECE, Block, Known, Ledger, Reading, Refused, Source, Unreadable

HEAD_BYTES = 4
COLUMNS_MAX = 16_384  # as many as a sheet of a workbook has
KEY = re.compile(rb'"\s*:')
NOT_AN_OBJECT = "it is not one JSON object on a line"


def open_json_lines(path: Path, known: Known) -> Source:
    """A file of JSON lines, which is read once before for the names of its columns; raises `Unreadable` where it has none.

    An object that nests facts, as a request does (`{"request": {"form": ...}}`), is read by their dotted paths.
    """
    read = _LineReader(known)
    with opened(path) as file:
        encoding, mark = find_encoding(file.read(HEAD_BYTES))
    names: dict[str, None] = {}
    for _, line in _lines(path, encoding, mark):
        names.update(dict.fromkeys(read.row(line)[0] or ()))
        if len(names) > COLUMNS_MAX:
            raise Unreadable(f"its objects have more than {COLUMNS_MAX:,} different keys")
    if not names:
        raise Unreadable("no line of it is a JSON object with a key")
    ledger = Ledger(Reading(format="JSON lines", encoding=encoding))

    def blocks(columns: Sequence[str], wanted: Sequence[str]) -> Iterator[Block]:
        ledger.clear()
        keys = {name: key for name, key in zip(columns, names, strict=True) if name in wanted}
        yield from _blocks(_lines(path, encoding, mark), keys, read, ledger)

    headings = [
        name.encode("utf-8", "backslashreplace").decode() for name in names
    ]  # half of a character pair is no text
    return Source(headings, blocks, ledger)


def _lines(path: Path, encoding: str, mark: int) -> Iterator[tuple[int, bytes]]:
    """The lines of a file with their numbers, from 1."""
    with opened(path) as file:
        file.read(mark)
        waiting, number = b"", 0
        for chunk in plain_chunks(chunks(file), encoding if encoding in CODECS else ""):
            *lines, waiting = (waiting + chunk).split(b"\n")
            for line in lines:
                number += 1
                yield number, line
            if len(waiting) > LINE_BYTES_MAX:
                raise Unreadable(f"line {number + 1} has more than {LINE_BYTES_MAX >> 20} MB")
        if waiting:
            yield number + 1, waiting


class _LineReader:
    """Reads lines as the cells of rows; `known` says which paths are facts."""

    def __init__(self, known: Known) -> None:
        self.is_known = lru_cache(COLUMNS_MAX)(lambda path: bool(known([path])))

    def row(self, line: bytes) -> tuple[dict[str, Any] | None, Phrase | str]:
        """The cells of a line by their names, or None and why it is no row."""
        try:
            value = json.loads(line) if line.strip() else None
            if isinstance(value, dict) and len(KEY.findall(line)) == len(value):  # nothing nested, and no key twice
                return value, ""
            value = parse_json(line) if isinstance(value, dict) else value
        except DoubledKey as fault:
            return None, phrase("it has the key {} twice", quote(str(fault)))
        except (ValueError, RecursionError):  # no JSON, not UTF-8, or a number of too many digits
            return None, NOT_AN_OBJECT
        if not isinstance(value, dict):
            return None, NOT_AN_OBJECT
        flat: dict[str, Any] = {}
        for key, cell in value.items():
            paths = self.paths(key, cell)
            if not flat.keys().isdisjoint(paths):
                return None, phrase("it says {} twice", quote(next(path for path in paths if path in flat)))
            flat |= paths
        return flat, ""

    def paths(self, key: str, cell: Any) -> dict[str, Any]:
        """A value by its name, or what it nests by the paths of facts."""
        inner = {f"{key}.{name}": deeper for name, deeper in cell.items()} if isinstance(cell, dict) else {}
        return inner if any(map(self.is_known, inner)) else {key: cell}


def _blocks(
    lines: Iterator[tuple[int, bytes]], keys: dict[str, str], read: _LineReader, ledger: Ledger
) -> Iterator[Block]:
    numbers: list[int] = []
    columns: dict[str, list[str | None]] = {name: [] for name in keys}
    refused: list[Refused] = []

    def block() -> Block:
        table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
        return Block(table, pa.array(numbers, pa.int64()), refused)

    for number, line in lines:
        row, why = read.row(line)
        is_blank = not line.strip()
        ledger.add({"lines": 1, "blank" if is_blank else "rows": 1})
        if row is None:
            if not is_blank:
                refused.append(Refused(number, "not-json", why))
            continue
        numbers.append(number)
        for name, key in keys.items():
            columns[name].append(mark_not_text(_text(row.get(key))))
        if len(numbers) >= ROWS_A_PIECE:
            yield block()
            numbers, columns, refused = [], {name: [] for name in keys}, []
    yield block()


def _text(value: Any) -> str | None:
    """A value as the cell of a table."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)
