"""Workbooks (XLSX): finds the sheets that hold a table, below any title lines above the headings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import python_calamine
from msgspec import Struct

LOOKED_AT = 20  # how many rows may precede the headings
Cell = Any  # a number, a text, a day, a moment, a truth, or an empty text
Known = Callable[[Sequence[str]], int]  # how many of some headings the reader of the table knows


class BadSheet(Exception):
    """Raised for a workbook without a readable table; its text says why."""


class Sheet(Struct, frozen=True):
    """The table of a workbook: its headings, and the rows of all sheets that have these headings.

    Agencies split a long table over several sheets, one a year or a million rows each. Other sheets are not read.
    """

    headings: tuple[str, ...]
    tables: tuple[tuple[Any, int], ...]  # each sheet, parsed once, and how many rows precede its first

    @property
    def rows(self) -> int | None:
        """Not known before all is read, because empty rows at the end do not count."""
        return None

    def pieces(self, places: Sequence[int], rows: int) -> Iterator[list[list[str | None]]]:
        """The columns at these places as text, some rows at a time. Empty rows are skipped."""
        columns: list[list[str | None]] = [[] for _ in places]
        for sheet, above in self.tables:
            for number, row in enumerate(sheet.iter_rows()):
                if number < above or not any(cell != "" for cell in row):
                    continue
                for column, place in zip(columns, places, strict=True):
                    column.append(_text(row[place]) if place < len(row) else None)
                if columns and len(columns[0]) >= rows:
                    yield columns
                    columns = [[] for _ in places]
        yield columns


def open_sheet(path: Path, known: Known = lambda _: 0) -> Sheet:
    """Opens the table of a workbook. It begins with the row near the top that has most known headings, or with the first
    row that fills most cells; raises `BadSheet` where there is none.
    """
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
    except FileNotFoundError:
        raise
    except Exception as fault:  # the library raises a dozen kinds of error for a file that is no workbook
        raise BadSheet(str(fault)) from None
    sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    found = [(sheet, *_headings(sheet, known)) for sheet in sheets]
    best = max((entry for entry in found if entry[1]), key=lambda entry: (known(entry[1]), len(entry[1])), default=None)
    if best is None:
        raise BadSheet("no sheet holds a table")
    _, headings, _ = best
    return Sheet(headings, tuple((sheet, above) for sheet, entry, above in found if entry == headings))


def _headings(sheet: Any, known: Known) -> tuple[tuple[str, ...], int]:
    """The headings of a sheet, and the number of rows down to and including them. A column may lack a heading."""
    top = []
    for row in sheet.iter_rows():
        top.append([str(cell).strip() for cell in row])
        if len(top) == LOOKED_AT:
            break
    widths = [sum(1 for cell in row if cell) for row in top]
    if not widths or max(widths) < 2:  # a title alone is no table
        return (), 0
    at = max(range(len(top)), key=lambda at: (known(top[at]), widths[at]))
    return tuple(top[at]), at + 1


def _text(cell: Cell) -> str | None:
    """A cell as the text it displays: a day without midnight, a whole number without a decimal point."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell) if cell != "" else None
