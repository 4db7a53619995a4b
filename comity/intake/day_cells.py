"""Days in cells: written as days or as moments, and the days that programs write where they have none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

from comity.finding import Phrase, phrase
from comity.intake.damage import quote
from comity.period import day_of

CLOCK = r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-6]\d(?:[.,]\d+)?)?"
DAY = re.compile(rf"(\d{{4}}-\d{{2}}-\d{{2}})(?:[ T]{CLOCK})?")
OFFSET = r"Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?"
MOMENT = re.compile(
    rf"(?P<day>\d{{4}}-\d{{2}}-\d{{2}})[ T](?P<hour>\d{{1,2}})(?P<rest>:[0-5]\d(?::[0-5]\d)?)(?:[.,](?P<part>\d+))? ?(?P<offset>{OFFSET})",
    re.IGNORECASE,
)
# The first days of the calendars of databases, spreadsheets and Unix, and the last: what programs write for no day.
SENTINELS = frozenset(
    (
        *(date(1, 1, 1), date(1753, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1), date(1904, 1, 1)),
        *(date(1969, 12, 31), date(1970, 1, 1), date(2099, 12, 31), date(9999, 12, 31)),
    )
)

EXCHANGED = "days-exchanged"
EXCHANGED_MIN = 6  # different days, and as many texts, from which chance is no explanation
MONTHS = 12
WITH_SLASHES = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d{2})\b.*", re.DOTALL)


def read_day(text: str) -> date | None:
    """The day that a cell names, with or without a time of day; None where it names none, or gives an offset from UTC."""
    found = DAY.fullmatch(text)
    return day_of(found[1]) if found else None


def read_moment_cell(text: str) -> datetime | None:
    """The moment that a cell names with an offset from UTC, as `2014-06-02T00:00:00Z`; None for anything else."""
    found = MOMENT.fullmatch(text)
    if found is None:
        return None
    offset = "+00:00" if found["offset"].upper() in ("Z", "UTC", "GMT") else found["offset"]
    part = f".{found['part'][:6]}" if found["part"] and found["rest"].count(":") > 1 else ""
    try:
        return datetime.fromisoformat(f"{found['day']}T{found['hour']:0>2}{found['rest']}{part}{offset}")
    except ValueError:
        return None


def may_be_exchanged(days: Iterable[date], texts: Iterable[str]) -> bool:
    """Whether a spreadsheet program may have exchanged day and month in the days of a column, beside which it has texts.

    It reads 03/04/2015 in the order of its own country, also where the other is meant, and leaves as text what is no day in that
    order, such as 14/03/2015. Then no day is later than the 12th of its month, and every text has a number above 12.
    """
    distinct = {*days}
    if len(distinct) < EXCHANGED_MIN or any(day.day > MONTHS for day in distinct):
        return False
    found = [match for text in texts if (match := WITH_SLASHES.fullmatch(text))]
    return len(found) >= EXCHANGED_MIN and all(max(int(match[1]), int(match[2])) > MONTHS for match in found)


def days_exchanged(column: str) -> Phrase:
    """What is odd about the days of a column in which day and month may be exchanged."""
    return phrase(
        "no day in {column} is later than the 12th of its month, and every text beside them has a number above 12: a spreadsheet "
        "program may have exchanged day and month", column=column,
    )  # fmt: skip


def not_a_day(text: str, column: str) -> Phrase:
    """What is wrong with a cell that names no day."""
    return phrase("{} in {column} is no day, which is written YYYY-MM-DD", quote(text), column=column)


def sentinel_day(text: str, column: str) -> Phrase:
    """What is wrong with a cell that names a day that programs write where they have none."""
    return phrase("{} in {column} is what programs write for no day", quote(text), column=column)
