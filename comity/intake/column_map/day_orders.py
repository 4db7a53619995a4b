"""Days as people write them: in an order that somebody names, or as the day number of a spreadsheet.

`03/02/2015` is a day in March or in February, and nothing in the cell says which. So the order is given, for a column or a
table, and a cell is read in that order or not at all. A day that can be read in one way only needs no order: YYYY-MM-DD.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from comity.intake.day_cells import MOMENT
from comity.intake.day_cells import read_day as read_iso_day

ORDERS = ("mdy", "dmy", "ymd", "excel")
EXAMPLES = {"mdy": "03/14/2015", "dmy": "14/03/2015", "ymd": "2015/03/14", "excel": "42077"}
TIME = r"(?:[ T,]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)? ?(?:[AaPp]\.?[Mm]\.?)?)?"
WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[.,]? +)?"
NUMBERS = re.compile(rf"{WEEKDAY}(\d{{1,4}})\s*[/.\-\s]\s*(\d{{1,2}})\s*[/.\-\s]\s*(\d{{1,4}}){TIME}", re.IGNORECASE)
COMPACT = re.compile(r"\d{8}")
MONTH_FIRST = re.compile(
    rf"{WEEKDAY}([a-z]{{3,9}})\.? *[-/ ]? *(\d{{1,2}})(?:st|nd|rd|th)?,?[-/ ] *(\d{{4}}){TIME}", re.IGNORECASE
)
DAY_FIRST = re.compile(
    rf"{WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th)?[-/. ]*([a-z]{{3,9}})\.?,?[-/ ]*(\d{{4}}|\d{{2}}){TIME}", re.IGNORECASE
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FULL_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november"),
    "december",
)
SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")  # days from 1927 to 2173; a year alone has four digits
EXCEL_EPOCH = date(1899, 12, 30)
TURN_OF_CENTURY = 30  # two digits below it are of this century, as spreadsheets read them


def read_day(text: str, order: str) -> date | None:
    """The day that a cell names in an order; None where it names none. An ISO day, or one with a named month, needs no order."""
    day = read_iso_day(text) or _with_named_month(text)
    if day or MOMENT.fullmatch(text):
        return day
    if order == "excel":
        return _of_serial(text)
    compact = COMPACT.fullmatch(text)
    if compact and order:
        year = 0 if order == "ymd" else 4
        parts = [text[:4], text[4:6], text[6:]] if year == 0 else [text[:2], text[2:4], text[4:]]
        return _in_order(parts, order)
    found = NUMBERS.fullmatch(text)
    return _in_order(list(found.groups()), order) if found and order else None


def is_day_or_moment(text: str) -> bool:
    """Whether a cell is a day or a moment without an order, as `intake` reads it."""
    return read_iso_day(text) is not None or MOMENT.fullmatch(text) is not None


def orders_fitting(texts: Iterable[str]) -> tuple[str, ...]:
    """The orders of day, month and year in which every cell is a day: several where the cells fit more than one."""
    distinct = list(texts)
    return tuple(order for order in ORDERS if distinct and all(read_day(text, order) for text in distinct))


def _in_order(parts: list[str], order: str) -> date | None:
    at = dict(zip(order, parts, strict=True))
    if len(at["m"]) > 2 or len(at["d"]) > 2 or len(at["y"]) not in (2, 4):
        return None
    return _day(_year(at["y"]), int(at["m"]), int(at["d"]))


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) > 2 else year + (2000 if year < TURN_OF_CENTURY else 1900)


def _with_named_month(text: str) -> date | None:
    found = MONTH_FIRST.fullmatch(text)
    if found:
        month, day, year = found.groups()
    else:
        found = DAY_FIRST.fullmatch(text)
        if not found:
            return None
        day, month, year = found.groups()
    number = _month(month.lower())
    return _day(_year(year), number, int(day)) if number else None


def _month(word: str) -> int:
    if word in FULL_MONTHS:
        return FULL_MONTHS.index(word) + 1
    if word == "sept":
        return 9
    return MONTHS.index(word) + 1 if word in MONTHS else 0


def _of_serial(text: str) -> date | None:
    found = SERIAL.fullmatch(text)
    return EXCEL_EPOCH + timedelta(int(found[1])) if found and found[1][0] != "0" else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
