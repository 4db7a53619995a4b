"""What the cells of a column look like: how many there are, how often each occurs, and in which orders they are days."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping

import pyarrow.compute as pc
from msgspec import Struct

from comity.intake.cells import Opened
from comity.intake.column_map.day_orders import ORDERS, read_day

ROWS_LOOKED_AT = 200_000
DISTINCT_MAX = 50_000  # distinct texts of a column that are counted; a column with more holds no codes
SEPARATORS, DIVIDED_MIN = (";", "|", "\n"), 0.02  # the share of cells with several values that makes a separator
SERIALS = range(20_000, 73_050)  # day numbers of spreadsheets from 1954 to 2099: other numbers are no days
DIGITS, LETTERS = re.compile(r"\d"), re.compile(r"[A-Za-z]")


class Profile(Struct, frozen=True, kw_only=True):
    """A column: its `heading`, how many rows were looked at and how many cells are filled, and the texts with their counts.

    `counts` is empty where there are too many distinct texts.
    """

    heading: str
    rows: int
    filled: int
    counts: Mapping[str, int]

    @property
    def distinct(self) -> int:
        return len(self.counts)

    def parts(self, separator: str) -> Profile:
        """The profile of the values of the cells, which a separator divides."""
        counts: Counter[str] = Counter()
        for text, count in self.counts.items():
            for part in text.split(separator):
                counts[part.strip()] += count if part.strip() else 0
        counts = +counts
        return Profile(heading=self.heading, rows=self.rows, filled=counts.total(), counts=counts)

    def without(self, texts: Collection[str]) -> Profile:
        """The profile without the cells of some texts."""
        counts = {text: count for text, count in self.counts.items() if text not in texts}
        return Profile(heading=self.heading, rows=self.rows, filled=sum(counts.values()), counts=counts)

    def separator(self) -> str:
        """What divides several values in a cell, in at least a few of the cells; empty where nothing does."""
        for separator in SEPARATORS:
            cells = sum(count for text, count in self.counts.items() if separator in text)
            if cells >= DIVIDED_MIN * self.filled and cells:
                return separator
        return ""

    def days(self) -> dict[str, int]:
        """How many cells are days in each order. `` is that of days which need no order."""
        found: Counter[str] = Counter()
        for text, count in self.counts.items():
            if read_day(text, ""):
                found[""] += count
                found.update(dict.fromkeys((order for order in ORDERS if order != "excel"), count))
                continue
            for order in ORDERS:
                day = read_day(text, order)
                is_serial = order != "excel" or (text.split(".")[0].isdigit() and int(text.split(".")[0]) in SERIALS)
                found[order] += count if day and is_serial else 0
        if found["excel"]:
            found["excel"] += found[""]
        return {order: count for order, count in found.items() if count}

    def days_of_others(self, order: str) -> int:
        """How many cells are no days in an order, but in another order of day, month and year."""
        others = [other for other in ORDERS if other not in (order, "excel")]
        return sum(
            count
            for text, count in self.counts.items()
            if not read_day(text, order) and any(read_day(text, other) for other in others)
        )

    def are_days(self) -> bool:
        """Whether most cells are days as people write them, with signs or the name of a month; bare digits may be numbers."""
        days = sum(
            count
            for text, count in self.counts.items()
            if not text.isdigit() and any(read_day(text, order) for order in ("", "mdy", "dmy", "ymd"))
        )
        return 0 < self.filled <= 2 * days

    def shapes(self) -> list[tuple[str, int]]:
        """The most frequent shapes of the cells, with their counts: `9` is a digit, and `A` a letter."""
        shapes: Counter[str] = Counter()
        for text, count in self.counts.items():
            shapes[LETTERS.sub("A", DIGITS.sub("9", text[:24]))] += count
        return shapes.most_common(2)


def profile_columns(opened: Opened) -> list[Profile]:
    """A profile of each column, from the first rows of a table."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in opened.names}
    filled: Counter[str] = Counter()
    rows, many = 0, set[str]()
    for cells in opened.pieces():
        table = cells.table.slice(0, ROWS_LOOKED_AT - rows)
        rows += table.num_rows
        for name in opened.names:
            if name not in table.column_names:
                continue
            column = table.column(name).combine_chunks()
            filled[name] += len(column) - column.null_count
            if name in many:
                continue
            for entry in pc.value_counts(column.drop_null()).to_pylist():
                counts[name][entry["values"]] += entry["counts"]
            if len(counts[name]) > DISTINCT_MAX:
                many.add(name)
                counts[name] = Counter()
        if rows >= ROWS_LOOKED_AT:
            break
    headings = dict(zip(opened.names, opened.headings or opened.names, strict=True))
    return [
        Profile(heading=headings[name], rows=rows, filled=filled[name], counts=counts[name]) for name in opened.names
    ]
