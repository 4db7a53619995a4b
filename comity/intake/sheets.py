"""Workbooks (XLSX): the sheets that hold a table, under whatever lines of title stand above the headings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import python_calamine
from msgspec import Struct

LOOKED_AT = 20  # how many rows may stand above the headings
Cell = Any  # a number, a text, a day, a moment, a truth, or an empty text
Known = Callable[[Sequence[str]], int]  # how many of some headings are known to whoever reads the table


class BadSheet(Exception):
    """A workbook that holds no table that can be read; its text says why."""


class Sheet(Struct, frozen=True):
    """The table of a workbook: its headings, and its rows, from as many sheets as have these headings.

    Agencies lay a long table on several sheets, one a year or a million rows each; other sheets are left alone.
    """

    headings: tuple[str, ...]
    tables: tuple[tuple[Any, int], ...]  # each sheet, parsed once, and how many rows stand above its first

    @property
    def rows(self) -> int | None:
        """Not known before all is read: empty rows at the end are no rows."""
        return None

    def pieces(self, places: Sequence[int], rows: int) -> Iterator[list[list[str | None]]]:
        """The columns at these places as text, some rows at a time. A row with nothing in it is no row."""
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
    """The table of a workbook: it begins with the row near the top that has most known headings, else with the first that
    fills as many cells as any.
    """
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
    except FileNotFoundError:
        raise
    except Exception as fault:  # the library has a dozen kinds of fault for a file that is none of its own
        raise BadSheet(str(fault)) from None
    sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    found = [(sheet, *_headings(sheet, known)) for sheet in sheets]
    best = max((own for own in found if own[1]), key=lambda own: (known(own[1]), len(own[1])), default=None)
    if best is None:
        raise BadSheet("no sheet holds a table")
    _, headings, _ = best
    return Sheet(headings, tuple((sheet, above) for sheet, own, above in found if own == headings))


def _headings(sheet: Any, known: Known) -> tuple[tuple[str, ...], int]:
    """The headings of a sheet, and the number of rows down to them. A column of row numbers may have no heading."""
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
    """A cell as the text that it shows: a day without its midnight, a whole number without its point."""
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
