"""Finds the headings among the first rows of a table: below titles, and in one row or in two."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from comity.intake.sources.source import Known

LOOKED_AT = 20  # how many rows may precede the headings
TOTALS = ("total", "totals", "grand total", "grand totals", "subtotal", "sub-total", "sub total", "subtotals")
SAME, OTHERWISE = "the same headings", "the same headings in another order"
TWO_ROWS = "the headings are in two rows, which are read as one"
# A number alone in its row adds up others, unless it may be a day: 2.6.2014, 2014 06 02 or 20140602.
NUMBER = re.compile(
    r"(?!(?:\d{4}([. ])\d\d?\1\d\d?|\d\d?([. ])\d\d?\2(?:\d\d){1,2}|(?:19|20)\d{6}|\d{4}(?:19|20)\d\d)\.?$)"
    r"[$(-]?\d[\d,. ]*\)?"
)


class HeadingRows(Struct, frozen=True):
    """The headings of a table, the position of their first row, and how many rows they are."""

    headings: tuple[str, ...]
    at: int
    rows: int = 1


def find_headings(top: Sequence[Sequence[str]], known: Known) -> HeadingRows | None:
    """The headings among the first rows: the row, or the two rows together, with most names that the reader knows.

    Where it knows none, the first row as wide as most rows. None where there is no row that is filled.
    """
    rows = [tuple(cell.strip() for cell in row) for row in top[: LOOKED_AT + 1]]
    single = [HeadingRows(row, at) for at, row in enumerate(rows) if any(row)]
    if not single:
        return None
    double = [
        HeadingRows(_joined(first, second), at, 2)
        for at, (first, second) in enumerate(pairwise(rows))
        if any(first) and any(second) and not _has_figures(first) and not _has_figures(second)
    ]
    best = max((*single, *double), key=lambda found: known(found.headings))
    if known(best.headings):
        return best
    widths = Counter(sum(1 for cell in found.headings if cell) for found in single)
    most = max(widths, key=lambda width: (widths[width] if width > 1 else 0, width))
    return next(found for found in single if sum(1 for cell in found.headings if cell) == most)


def _has_figures(row: Sequence[str]) -> bool:
    return any(cell[:1].isdigit() for cell in row)


def _joined(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    """Two rows of headings as one: a heading above several columns belongs to each of them."""
    above, joined = "", []
    for at in range(max(len(first), len(second))):
        above = (first[at] if at < len(first) else "") or above
        joined.append(f"{above} {second[at] if at < len(second) else ''}".strip())
    return tuple(joined)


def is_total(cells: Sequence[str], width: int = 0) -> bool:
    """Whether a row adds up others: one of its cells says so, or its only cell is a number and the table has more columns.

    `width` is how many columns the table has, where the row may have fewer cells.
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    if len(filled) == 1 and max(len(cells), width) > 1 and NUMBER.fullmatch(filled[0]):
        return True
    return any(cell.rstrip(": ").lower() in TOTALS for cell in filled)


def headings_again(cells: Sequence[str], headings: Sequence[Sequence[str]]) -> str:
    """Whether a row repeats a row of the headings: `SAME`, `OTHERWISE` where their order differs; empty for any other row.

    In another order, most of as many cells are headings, so that rows below would be read by the wrong names.
    """
    row = [cell.strip().casefold() for cell in cells]
    for heading in headings:
        names = [name.strip().casefold() for name in heading]
        if row == names:
            return SAME
        filled = [cell for cell in row if cell]
        moved = sum(1 for cell, name in zip(row, names, strict=False) if cell and cell != name and cell in names)
        if len(row) == len(names) and moved > 1 and sum(cell in names for cell in filled) * 2 > len(filled):
            return OTHERWISE
    return ""
