"""Where a cell of a sheet is: the letters of its column, its place from 0, and which columns a sheet does not show."""

from __future__ import annotations

import re

from comity.intake.sources.source import Unreadable

COLUMNS_MAX = 16_384
COLUMN = re.compile(rb"<col\b[^>]*>")
HIDDEN = (b'hidden="1"', b'hidden="true"')
TOO_FAR = "a cell lies beyond the last column that a sheet can have; save the workbook as CSV"


def hidden_columns(head: bytes) -> frozenset[int]:
    """The places of the columns that a sheet does not show, from what it says above its rows."""
    tags = [tag for tag in COLUMN.findall(head.partition(b"<sheetData")[0]) if any(mark in tag for mark in HIDDEN)]
    spans = [(re.search(rb'\bmin="(\d+)"', tag), re.search(rb'\bmax="(\d+)"', tag)) for tag in tags]
    return frozenset(
        place - 1
        for first, last in spans
        if first and last
        for place in range(int(first[1]), min(int(last[1]), COLUMNS_MAX) + 1)
    )


def place_of(letters: bytes) -> int:
    """The place of a column by its letters: 0 for A; raises `Unreadable` where a sheet can have no such column."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    if place > COLUMNS_MAX:
        raise Unreadable(TOO_FAR)
    return place - 1


def letters_of(place: int) -> bytes:
    """The letters of the column at a place, as a spreadsheet shows them."""
    letters, rest = b"", place + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = bytes([65 + letter]) + letters
    return letters
