"""Cells of a workbook as the text that they display: a day without midnight, a whole number without a decimal point."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

EPOCH, EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
LEAP_DAY_OF_1900 = 60  # a day that no calendar has, and that programs count because the first one did
MILLISECONDS_A_DAY = 86_400_000
SERIAL_MAX = 2_958_466  # the day after 9999-12-31
BUILT_IN_DAYS = frozenset((*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)))
BUILT_IN_DURATION = 46
LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')
BRACKETS = re.compile(r"\[([^\]]*)\]")


def text_of(cell: Any) -> str | None:
    """A cell as a library gives it: a number, a text, a day, a moment, a truth; None where it is empty."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell) if cell != "" else None


def is_day_format(number: int, code: str) -> str:
    """What a number format shows: a "day" or moment, a "duration", or the empty text for a plain number."""
    if not code:
        return "duration" if number == BUILT_IN_DURATION else "day" if number in BUILT_IN_DAYS else ""
    plain = LITERAL.sub("", code).partition(";")[0].lower()
    if any(inside and not inside.strip("hms") for inside in BRACKETS.findall(plain)):
        return "duration"
    return "day" if re.search("[dmyhs]", BRACKETS.sub("", plain).replace("general", "")) else ""


def number_text(text: str, shows: str, *, from_1904: bool) -> str:
    """A number of a workbook as text, by what its format shows; as it is where it is no such day."""
    try:
        value = float(text)
    except ValueError:
        return text
    if shows == "duration" and abs(value) < SERIAL_MAX:
        return str(timedelta(milliseconds=round(value * MILLISECONDS_A_DAY)))
    if shows == "day" and 0 <= value < SERIAL_MAX:
        return _moment_text(value, from_1904=from_1904)
    return str(text_of(value)) if abs(value) < float("inf") else text


def _moment_text(value: float, *, from_1904: bool) -> str:
    since_midnight = timedelta(milliseconds=round(value % 1 * MILLISECONDS_A_DAY))
    if value < 1 and not from_1904:
        return (datetime.min + since_midnight).time().isoformat()
    days = int(value)
    epoch = EPOCH_1904 if from_1904 else EPOCH
    early = not from_1904 and days < LEAP_DAY_OF_1900
    try:
        return str(text_of(epoch + timedelta(days=days + early) + since_midnight))
    except OverflowError:
        return str(value)
