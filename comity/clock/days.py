"""Days that do not count: Saturdays, Sundays and holidays. Federal holidays follow 5 USC 6103.

The rules start in 1971, when most holidays moved to Mondays; later changes are listed with their year. A day on which the
president closes federal offices is not a legal holiday, so it counts and never lengthens a hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from msgspec import Struct

SATURDAY, SUNDAY = 5, 6
MONDAY, THURSDAY = 0, 3
FIRST_YEAR = 1971  # earlier rules differ and are not implemented
VETERANS_DAY_BACK_SINCE = 1978  # from 1971 it was a Monday in October
KING_SINCE = 1986
JUNETEENTH_SINCE = 2021  # signed on 2021-06-17, and observed the next day
FEDERAL = "federal"
# Where Inauguration Day is a holiday (5 USC 6103(c)).
AROUND_WASHINGTON = {
    "us/dc", "us/md/montgomery", "us/md/prince-georges", "us/va/arlington", "us/va/fairfax", "us/va/alexandria", "us/va/falls-church",
}  # fmt: skip


class ClockLocation(Struct, frozen=True):
    """Where hours are counted: the time zone, and whether Inauguration Day is a holiday there."""

    zone: str
    around_washington: bool = False


def find_clock_location(zone: str, containing: Iterable[str]) -> ClockLocation:
    """Where hours are counted, from a place's zone and the paths of the place and of all places that contain it."""
    return ClockLocation(zone, not AROUND_WASHINGTON.isdisjoint(containing))


def why_not_counted(day: date, listed: Iterable[str] = (FEDERAL,), around_washington: bool = False) -> str:
    """Why a day does not count, as in `Saturday` or `Labor Day`; empty where it counts.

    `listed` are the holidays that the law names: `federal`, days, and days of every year (`04-16`).
    """
    return _holiday(day, listed, around_washington) or {SATURDAY: "Saturday", SUNDAY: "Sunday"}.get(day.weekday(), "")


def _holiday(day: date, listed: Iterable[str], around_washington: bool) -> str:
    iso = day.isoformat()
    for holiday in listed:
        if holiday in (iso, iso[5:]):
            return "a holiday that this law lists"
        if holiday == FEDERAL and (name := _federal(day, around_washington)):
            return name
    return ""


def _federal(day: date, around_washington: bool) -> str:
    name = holidays(day.year).get(day) or holidays(min(day.year + 1, 9999)).get(day)
    if name or not around_washington:
        return name or ""
    return "Inauguration Day" if day == inauguration(day.year) else ""


@lru_cache(maxsize=256)
def holidays(year: int) -> dict[date, str]:
    """The federal holidays of a year by the day they are observed; New Year's Day may be observed the year before."""
    if year < FIRST_YEAR:
        return {}
    fixed = {
        date(year, 1, 1): "New Year's Day",
        date(year, 7, 4): "Independence Day",
        date(year, 12, 25): "Christmas Day",
    }
    if year >= VETERANS_DAY_BACK_SINCE:
        fixed[date(year, 11, 11)] = "Veterans Day"
    if year >= JUNETEENTH_SINCE:
        fixed[date(year, 6, 19)] = "Juneteenth"
    return _on_weekdays(year) | {_observed(day): _named(day, name) for day, name in fixed.items()}


def inauguration(year: int) -> date | None:
    """Inauguration Day, None in years without one; the Monday where 20 January is a Sunday."""
    day = date(year, 1, 20)
    return None if year % 4 != 1 else day + timedelta(day.weekday() == SUNDAY)


def _on_weekdays(year: int) -> dict[date, str]:
    by_day = {
        _nth(year, 2, MONDAY, 3): "Washington's Birthday",
        _nth(year, 6, MONDAY, 1) - timedelta(7): "Memorial Day",
        _nth(year, 9, MONDAY, 1): "Labor Day",
        _nth(year, 10, MONDAY, 2): "Columbus Day",
        _nth(year, 11, THURSDAY, 4): "Thanksgiving Day",
    }
    if year < VETERANS_DAY_BACK_SINCE:
        by_day[_nth(year, 10, MONDAY, 4)] = "Veterans Day"
    if year >= KING_SINCE:
        by_day[_nth(year, 1, MONDAY, 3)] = "Birthday of Martin Luther King, Jr."
    return by_day


def _nth(year: int, month: int, weekday: int, count: int) -> date:
    """The `count`th such weekday of a month."""
    first = date(year, month, 1)
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (count - 1))


def _observed(day: date) -> date:
    """A holiday on a Saturday is observed the day before, one on a Sunday the day after (Executive Order 11582)."""
    return day + timedelta({SATURDAY: -1, SUNDAY: 1}.get(day.weekday(), 0))


def _named(day: date, name: str) -> str:
    return name if _observed(day) == day else f"{name}, observed"
