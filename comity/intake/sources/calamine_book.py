"""Workbooks of every kind that calamine reads (XLS, XLSB, ODS, and XLSX of unusual form). A sheet is in memory whole."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import python_calamine

from comity.intake.sources.cell_text import text_of
from comity.intake.sources.heading_rows import is_total
from comity.intake.sources.sheet import MERGED_CELLS, ROWS_A_BLOCK, Plan, SheetBlock, block_of
from comity.intake.sources.source import Unreadable

PART_MAX = 64 << 20  # of the part of an ODS file that is searched for rows that are not shown
SHEET = re.compile(rb'<table:table\b[^>]*?\stable:name="([^"]*)"[^>]*>')
ROW = re.compile(rb"<table:table-row\b((?:[^>]*[^/>])?)>(.*?)</table:table-row>", re.DOTALL)
HIDDEN = re.compile(rb'\stable:visibility="(?:collapse|filter)"')
HIDES_ROWS = "hides some of its rows, by a filter or by hand, which are read all the same"


def open_calamine(path: Path) -> list[CalamineSheet]:
    """The sheets of a workbook; raises `Unreadable` for a file that is none."""
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
    except Exception as fault:  # the library raises a dozen kinds of error for a file that is no workbook
        raise Unreadable(str(fault)) from None
    hiding = _sheets_that_hide_rows(path)
    return [
        CalamineSheet(
            book,
            found.name,
            hidden=found.visible != python_calamine.SheetVisibleEnum.Visible,
            hides=found.name in hiding,
        )
        for found in book.sheets_metadata
        if found.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]


def _sheets_that_hide_rows(path: Path) -> frozenset[str]:
    """The sheets of an ODS file that have a filled row which they do not show; calamine does not say of other workbooks."""
    if path.suffix.lower() != ".ods" or not zipfile.is_zipfile(path):
        return frozenset()
    with zipfile.ZipFile(path) as archive:
        if "content.xml" not in archive.namelist() or archive.getinfo("content.xml").file_size > PART_MAX:
            return frozenset()
        sheets = SHEET.split(archive.read("content.xml"))
    return frozenset(
        unescape(name.decode())
        for name, rows in zip(sheets[1::2], sheets[2::2], strict=True)
        if any(HIDDEN.search(tag) and b"<text:p" in cells for tag, cells in ROW.findall(rows))
    )


class CalamineSheet:
    """A sheet, which is parsed when it is first read."""

    def __init__(self, book: Any, name: str, *, hidden: bool, hides: bool = False) -> None:
        self.book, self.name, self.hidden, self.hides = book, name, hidden, hides
        self.parsed: Any = None

    def rows(self) -> Iterator[list[Any]]:
        """All rows down to the last that is filled, from the first of the sheet, and from the first column that is filled."""
        if self.parsed is None:
            try:
                self.parsed = self.book.get_sheet_by_name(self.name)
            except Exception as fault:
                raise Unreadable(f"sheet {self.name}: {fault}") from None
        return iter(self.parsed.iter_rows())

    def top(self, rows: int) -> list[list[str]]:
        found = []
        for row in self.rows():
            found.append([text_of(cell) or "" for cell in row] if any(cell != "" for cell in row) else [])
            if len(found) == rows:
                break
        return found

    def count(self, above: int) -> int:
        return sum(1 for at, row in enumerate(self.rows()) if at >= above and any(cell != "" for cell in row))

    def blocks(self, plan: Plan) -> Iterator[SheetBlock]:
        places = plan.places or ()
        columns: list[list[str | None]] = [[] for _ in places]
        numbers: list[int] = []
        counts = {"lines": 0, "blank": 0, "totals": 0}
        for number, row in enumerate(self.rows(), 1):
            if number <= plan.above:
                continue
            counts["lines"] += 1
            kind = _kind(row, plan.width)
            if kind:
                counts[kind] += 1
                continue
            numbers.append(number)
            for column, place in zip(columns, places, strict=True):
                column.append(text_of(row[place]) if place is not None and place < len(row) else None)
            if len(numbers) >= ROWS_A_BLOCK:
                yield block_of(columns, numbers, counts)
                columns, numbers = [[] for _ in places], []
                counts = {"lines": 0, "blank": 0, "totals": 0}
        yield block_of(columns, numbers, counts)

    def oddities(self, plan: Plan) -> list[str]:
        ranges = self.parsed.merged_cell_ranges or () if self.parsed is not None else ()
        merged = sum(1 for (first, _), (last, _) in ranges if plan.above <= last and first != last)
        odd = [MERGED_CELLS.format(count=f"{merged:,}")] if merged else []
        return [*odd, HIDES_ROWS] if self.hides else odd


def _kind(row: list[Any], width: int) -> str:
    """What a row is that is none, as the field of an account; empty for a row."""
    filled = [cell for cell in row if cell != ""]
    if not filled:
        return "blank"
    alone = len(filled) == 1 and isinstance(filled[0], (int, float))
    named = any(isinstance(cell, str) and "total" in cell.lower() for cell in filled)
    return "totals" if (alone or named) and is_total([text_of(cell) or "" for cell in row], width) else ""
