"""Follows quotation marks from line to line, for text in which they do not all match."""

from __future__ import annotations

import re
from collections.abc import Sequence

ROW_LINES_MAX, ROW_BYTES_MAX = 1_000, 1 << 20  # of a row with line breaks in its cells
NOT_CLOSED = "a quotation mark opens a cell and is not closed"
GOES_ON = "a cell goes on after its closing quotation mark"
WIDE = 6  # headings, from which one line between with as many cells shows a row; a note has commas, too
SWALLOWS = "a quotation mark opens a cell that is closed only in line {line}, and the lines between look like rows"

# A row that begins with a cell in quotation marks, and has a space between the next mark and the separator.
SPACED = re.compile(rb'^ *"[^"\n]*"(?: +[,;|\t] *|[,;|\t] +)"', re.MULTILINE)


def without_spaces(text: bytes, separators: bytes = b",;|\t") -> bytes:
    """A text without the spaces between separators and quotation marks, so that the marks begin and end cells."""
    begin, end = rb"(?:^|(?<=[%s]))" % separators, rb"(?=[%s]|$)" % separators
    return re.sub(begin + rb' *("(?:[^"]++|"")*+") *' + end, rb"\1", text, flags=re.MULTILINE)


class Quotes:
    """Finds where a row ends, in a table with this separator and this many columns."""

    def __init__(self, separator: bytes, width: int) -> None:
        self.separator, self.width = separator, width
        sep = re.escape(separator)
        text = rb'(?:[^"]++|"")*+'
        cell = rb'(?:"' + text + rb'"|[^"' + sep + rb"][^" + sep + rb"]*+|)"
        self.whole = re.compile(cell + rb"(?:" + sep + cell + rb")*+")
        self.begun = re.compile(rb"(?:" + cell + sep + rb')*+"' + text)
        self.ended = re.compile(text + rb'"(?:' + sep + cell + rb")*+")
        self.ended_and_begun = re.compile(text + rb'"' + sep + rb"(?:" + cell + sep + rb')*+"' + text)
        self.inside = re.compile(text)

    def end_of_row(self, lines: Sequence[bytes], at: int, number: int) -> tuple[int | None, str]:
        """The position after a row that begins at a line, and why that line is refused; None where the row does not end.

        `number` is the number of the first of the lines.
        """
        if b'"' not in lines[at] or self.whole.fullmatch(lines[at]):
            return at + 1, ""
        if not self.begun.fullmatch(lines[at]):
            return at + 1, GOES_ON
        size = len(lines[at])
        for line in range(at + 1, len(lines)):
            size += len(lines[line])
            if size > ROW_BYTES_MAX or line - at > ROW_LINES_MAX:
                return at + 1, NOT_CLOSED
            if self.ended.fullmatch(lines[line]):
                swallows = self.swallows(lines[at : line + 1])
                return (at + 1, SWALLOWS.format(line=number + line)) if swallows else (line + 1, "")
            if not (self.inside.fullmatch(lines[line]) or self.ended_and_begun.fullmatch(lines[line])):
                return at + 1, NOT_CLOSED
        return None, NOT_CLOSED

    def swallows(self, lines: Sequence[bytes]) -> bool:
        """Whether the lines of a row look like rows themselves: each, or most of those between, are as wide as the headings.

        A line between may be blank, a title or a footer. In a wide table one line between that looks like a row is enough.
        """
        if self.width < 3:
            return False
        look = [line.count(self.separator) == self.width - 1 for line in lines if line.strip()]
        between = look[1:-1]
        needed = 1 if self.width >= WIDE or (look[0] and look[-1]) else max(2, len(between) / 2)
        return all(look) or sum(between) >= needed
