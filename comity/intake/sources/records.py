"""Splits delimited text into rows with the numbers of their lines, and accounts for every line.

A block of text without a quotation mark, or in which all of them match, is split at once. Only a block in which one does not is
looked through line by line, so that a stray mark costs its own row and swallows no others.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from msgspec import Struct

from comity.intake.sources.encodings import GUESSED, WINDOWS, Decoding
from comity.intake.sources.heading_rows import NUMBER, OTHERWISE, headings_again, is_total
from comity.intake.sources.quotes import ROW_BYTES_MAX, ROW_LINES_MAX, Quotes, without_spaces
from comity.intake.sources.source import Ledger, Refused, Unreadable

LINE_BYTES_MAX = 1 << 26
NUMBER_BYTES_MAX = 24  # of the number in a row that holds nothing else
# Of rows as long as this on average, only those half as long are searched for totals.
WIDE_BYTES = 200
NAME_BYTES_MIN = 6  # of a heading by which rows are searched for headings
ROW_OF_OTHERS_MAX = 100_000  # bytes; a row of totals or of headings is shorter
OTHER_ORDER = (
    "line {line} has headings again, in another order than at the beginning: the file is several tables, one below the other; "
    "make a file of each"
)
QUOTE, SPACE, LINE_END = 34, 32, 10
TOTAL = re.compile(rb"(?:sub[- ]?|grand )?totals?", re.IGNORECASE)
Whole = np.ndarray[Any, np.dtype[np.int64]]


class Rows(Struct, frozen=True):
    """Whole rows as text in UTF-8, the number of the line on which each begins, and the rows refused among them."""

    text: bytes
    numbers: Whole
    refused: list[Refused]


class _Found(Struct, frozen=True):
    """The rows of a block, each by the position of its first line and of the line after it; and those refused.

    `lines` are the offsets of all lines, and of the end; `read` is how many lines belong to whole rows.
    """

    lines: Whole
    first: Whole
    after: Whole
    read: int
    refused: tuple[Refused, ...] = ()


class Splitter:
    """Splits a file into rows. `line` is the number of its next line; `headings` are the lines that may be repeated.

    In a text that is `spaced`, spaces between separators and quotation marks are left out.
    """

    def __init__(
        self,
        separator: str,
        width: int,
        *,
        line: int,
        headings: Sequence[bytes],
        ledger: Ledger,
        spaced: bool = False,
    ) -> None:
        self.separator, self.width, self.line, self.ledger = separator.encode(), width, line, ledger
        self.spaced = spaced
        self.headings = frozenset(heading.strip() for heading in headings)
        self.names = [self.cells(heading) for heading in self.headings]
        self.marks = {
            heading: _mark(names) or heading for heading, names in zip(self.headings, self.names, strict=True)
        }
        self.quotes = Quotes(self.separator, width)
        self.decoding = Decoding()
        self.empty = self.separator + b' \t"\n'

    def split(self, chunks: Iterable[bytes]) -> Iterator[Rows]:
        """The rows of a text, block by block."""
        waiting = b""
        for chunk in chunks:
            block, found, rest = (waiting + chunk).rpartition(b"\n")
            if not found:
                waiting = rest
                if len(waiting) > LINE_BYTES_MAX:
                    raise Unreadable(f"line {self.line} has more than {LINE_BYTES_MAX >> 20} MB")
                continue
            rows, unfinished = self.rows(block + found, is_last=False)
            waiting = unfinished + rest
            yield rows
        if waiting:
            yield self.rows(waiting.removesuffix(b"\n") + b"\n", is_last=True)[0]

    def rows(self, block: bytes, *, is_last: bool) -> tuple[Rows, bytes]:
        """The rows of a block of whole lines, and its end where a row begins there that goes on after the block."""
        text, damaged = self.decoding.decode(block)
        if self.spaced:
            text = without_spaces(text, self.separator)
        if self.decoding.guessed:
            self.ledger.encoding = WINDOWS
            self.ledger.note(GUESSED)
        found = None if damaged else self.split_at_once(text, is_last=is_last)
        found = found or self.split_by_line(text, damaged, is_last=is_last)
        refused = len(found.refused)
        continued = found.read - refused - len(found.first)
        self.ledger.add({"lines": found.read, "rows": refused, "continued": continued})
        rows = self.without_others(text, found)
        self.line += found.read
        is_whole = found.read == len(found.lines) - 1
        return rows, b"" if is_whole else block.split(b"\n", found.read)[-1]  # as it was before it was decoded

    def split_at_once(self, text: bytes, *, is_last: bool) -> _Found | None:
        """The rows of a block; None where a quotation mark does not match, or joins lines that look like rows."""
        array = np.frombuffer(text, np.uint8)
        lines = np.concatenate([[0], np.flatnonzero(array == LINE_END) + 1])
        count = len(lines) - 1
        if b'"' not in text:
            return _Found(lines, np.arange(count), np.arange(1, count + 1), count)
        marks = np.flatnonzero(array == QUOTE)
        is_inside = (np.searchsorted(marks, lines) & 1).astype(bool)  # whether a line begins inside a cell
        read = int(np.flatnonzero(~is_inside)[-1])
        if is_last and read < count:
            return None
        marks = marks[marks < lines[read]]
        fits = [LINE_END, QUOTE, *self.separator]
        before = array[marks[marks > 0][0 if len(marks) and marks[0] else 1 :: 2] - 1]
        if not (np.isin(before, fits).all() and np.isin(array[marks[1::2] + 1], fits).all()):
            return None
        first = np.flatnonzero(~is_inside[:read])
        after = np.append(first[1:], read)
        if len(text) - lines[read] > ROW_BYTES_MAX or count - read > ROW_LINES_MAX:
            return None
        for at in np.flatnonzero(after - first > 1).tolist():
            joined = text[lines[first[at]] : lines[after[at]]].splitlines()
            if len(joined) > ROW_LINES_MAX or self.quotes.swallows(joined):
                return None
        return _Found(lines, first, after, read)

    def split_by_line(self, text: bytes, damaged: frozenset[int], *, is_last: bool) -> _Found:
        """The rows of a block, without those whose quotation marks do not match, or that are not text."""
        texts = text.split(b"\n")[:-1]
        lines = np.concatenate([[0], np.cumsum([len(line) + 1 for line in texts])])
        first, after, refused, at = [], [], [], 0
        while at < len(texts):
            end, why = self.quotes.end_of_row(texts, at, self.line)
            if end is None and not is_last:
                break  # the row may end in the next block
            end = end or at + 1
            code = "stray-quote" if why else "not-text"
            if why or not damaged.isdisjoint(range(at, end)):
                refused.append(Refused(self.line + at, code, why or "it has bytes that are not UTF-8"))
            else:
                first.append(at)
                after.append(end)
            at = end
        return _Found(lines, np.array(first, np.int64), np.array(after, np.int64), at, tuple(refused))

    def without_others(self, text: bytes, found: _Found) -> Rows:
        """The rows alone, without blank lines, total rows and headings that are repeated."""
        array = np.frombuffer(text, np.uint8)
        starts, ends = found.lines[found.first], found.lines[found.after]
        keep = np.ones(len(starts), bool)
        counts = {"blank": 0, "totals": 0, "headings": 0}
        for at in self.suspects(text, array, starts, ends):
            kind = self.kind(text[starts[at] : ends[at]])
            if kind == OTHER_ORDER:
                raise Unreadable(OTHER_ORDER.format(line=self.line + int(found.first[at])))
            if kind:
                counts[kind] += 1
                keep[at] = False
        self.ledger.add({**counts, "rows": int(keep.sum())})
        if keep.all() and not found.refused:
            left = text[: found.lines[found.read]]
        else:
            left = b"".join(text[start:end] for start, end in zip(starts[keep], ends[keep], strict=True))
        return Rows(left, self.line + found.first[keep], list(found.refused))

    def suspects(self, text: bytes, array: Any, starts: Whole, ends: Whole) -> list[int]:
        """The rows that may be none: short ones with nothing in their first or last cell, and those that name a total."""
        if not len(starts):
            return []
        nothing = [LINE_END, QUOTE, SPACE, *self.separator]
        short = ends - starts <= self.width + NUMBER_BYTES_MAX
        bare = np.isin(array[starts], nothing) | np.isin(array[np.maximum(ends - 2, starts)], nothing)
        found = {int(at) for at in np.flatnonzero(short & bare)}
        for mark in self.marks.values():
            found |= _rows_with(mark, text, starts, ends)
        sizes = ends - starts
        half = np.flatnonzero(sizes * 2 < sizes.mean())
        if sizes.mean() < WIDE_BYTES or len(half) * 4 > len(sizes):
            return sorted(found | _rows_with(b"otal", text, starts, ends) | _rows_with(b"OTAL", text, starts, ends))
        return sorted(found | {at for at in half.tolist() if TOTAL.search(text, starts[at], ends[at])})

    def kind(self, row: bytes) -> str:
        """What a row is that is none, as the field of an account; empty for a row."""
        content = row.strip(self.empty)
        if not content:
            return "blank"
        if row.strip() in self.headings:
            return "headings"
        if self.width < 2 or len(content) > ROW_OF_OTHERS_MAX:
            return ""
        if any(mark in row for mark in self.marks.values()) and (kind := headings_again(self.cells(row), self.names)):
            return OTHER_ORDER if kind == OTHERWISE else "headings"
        if TOTAL.search(content) or NUMBER.fullmatch(content.decode()):
            return "totals" if is_total(self.cells(row)) else ""
        return ""

    def cells(self, row: bytes) -> list[str]:
        """The cells of a row; none where it is too long to be a row of headings or of totals."""
        if len(row) > ROW_OF_OTHERS_MAX:
            return []
        return next(csv.reader([row.decode()], delimiter=self.separator.decode()), [])


def _mark(names: Sequence[str]) -> bytes:
    """The longest of some headings, by which a row that repeats them is found; empty where all are short."""
    longest = max(names, key=len, default="").encode()
    return longest if len(longest) >= NAME_BYTES_MIN and b'"' not in longest else b""


def _rows_with(word: bytes, text: bytes, starts: Whole, ends: Whole) -> set[int]:
    """The rows of a text that have a word in them."""
    found = set()
    offset = text.find(word) if word else -1
    while offset >= 0:
        at = max(int(np.searchsorted(starts, offset, "right")) - 1, 0)
        found.add(at)
        offset = text.find(word, max(int(ends[at]), offset + 1))
    return found
