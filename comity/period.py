"""Half-open spans of days, and days that are known only to be within a span."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

import msgspec

FIRST_DAY = date.min
LAST_DAY = date.max
DAY_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DAYS_OF_EVERY_MONTH = 28


class LegalDay(msgspec.Struct, frozen=True, order=True):
    """A day on which the force of an instrument changes; `first` and `last` are equal where the day is certain.

    An uncertain day is one from `first` to `last`, both included.
    """

    first: date
    last: date

    @property
    def certain(self) -> bool:
        return self.first == self.last

    def __str__(self) -> str:
        if self.certain:
            return self.first.isoformat()
        if self.first == FIRST_DAY:
            return f"by {self.last.isoformat()}"
        return f"between {self.first.isoformat()} and {self.last.isoformat()}"


class Days(msgspec.Struct, frozen=True):
    """A half-open span of certain days; `until` is the first day that is not in it."""

    since: date = FIRST_DAY
    until: date = LAST_DAY

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.since <= day < self.until


def day_of(text: str) -> date | None:
    """The day written as `YYYY-MM-DD`, or None where there is no such day."""
    if not DAY_WRITTEN.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def legal_day_of(text: str) -> LegalDay | None:
    """The certain or uncertain day written as a day (`2014-01-01`), a month (`2014-04`) or a year (`2019`)."""
    whole = day_of(text)
    if whole:
        return LegalDay(whole, whole)
    month = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text)
    if month and 1 <= int(month[2]) <= 12 and int(month[1]) > 0:
        year, number = int(month[1]), int(month[2])
        return LegalDay(date(year, number, 1), date(year, number, monthrange(year, number)[1]))
    if re.fullmatch(r"[1-9][0-9]{3}", text):
        return LegalDay(date(int(text), 1, 1), date(int(text), 12, 31))
    return None


def days_later(day: LegalDay, count: int) -> LegalDay:
    """The day `count` days later, with the same uncertainty; beyond the calendar, its last day."""
    return LegalDay(shifted(day.first, days=count), shifted(day.last, days=count))


def shifted(day: date, *, years: int = 0, months: int = 0, days: int = 0) -> date:
    """The day moved by whole years, months or days; month ends clamp (29 February less a year is 28 February).

    Beyond the calendar's first and last year the result stays on its first or last day.
    """
    if years or months:
        total = day.year * 12 + (day.month - 1) + 12 * years + months
        year, month = total // 12, total % 12 + 1
        if year < 1:
            return FIRST_DAY
        if year > 9999:
            return LAST_DAY
        in_every_month = day.day <= DAYS_OF_EVERY_MONTH
        day = date(year, month, day.day if in_every_month else min(day.day, monthrange(year, month)[1]))
        if not days:
            return day
    ordinal = day.toordinal() + days
    if ordinal < FIRST_DAY.toordinal():
        return FIRST_DAY
    return LAST_DAY if ordinal > LAST_DAY.toordinal() else date.fromordinal(ordinal)
