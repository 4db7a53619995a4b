"""Days that do not count: Saturdays, Sundays and federal holidays, by the statute's own rules (5 USC 6103).

The rules are those in force since 1986; before, some holidays fell on other days. Inauguration Day, a holiday only
around Washington, is left out.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

SATURDAY, SUNDAY = 5, 6
MONDAY, THURSDAY = 0, 3
KING_SINCE = 1986
JUNETEENTH_SINCE = 2021  # signed on 2021-06-17, and observed the next day


def why_not_counted(day: date) -> str:
    """What makes a day one that does not count: `Saturday`, `Labor Day`; empty where it counts."""
    holiday = holidays(day.year).get(day) or holidays(min(day.year + 1, 9999)).get(day)
    if holiday:
        return holiday
    return {SATURDAY: "Saturday", SUNDAY: "Sunday"}.get(day.weekday(), "")


@lru_cache(maxsize=64)
def holidays(year: int) -> dict[date, str]:
    """The federal holidays of a year on the days when they are observed; New Year's Day may fall in the year before."""
    fixed = {date(year, 1, 1): "New Year's Day", date(year, 7, 4): "Independence Day"}
    fixed |= {date(year, 11, 11): "Veterans Day", date(year, 12, 25): "Christmas Day"}
    if year >= JUNETEENTH_SINCE:
        fixed[date(year, 6, 19)] = "Juneteenth"
    return _on_weekdays(year) | {_observed(day): _named(day, name) for day, name in fixed.items()}


def _on_weekdays(year: int) -> dict[date, str]:
    found = {
        _nth(year, 2, MONDAY, 3): "Washington's Birthday",
        _nth(year, 6, MONDAY, 1) - timedelta(7): "Memorial Day",
        _nth(year, 9, MONDAY, 1): "Labor Day",
        _nth(year, 10, MONDAY, 2): "Columbus Day",
        _nth(year, 11, THURSDAY, 4): "Thanksgiving Day",
    }
    if year >= KING_SINCE:
        found[_nth(year, 1, MONDAY, 3)] = "Birthday of Martin Luther King, Jr."
    return found


def _nth(year: int, month: int, weekday: int, count: int) -> date:
    first = date(year, month, 1)
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (count - 1))


def _observed(day: date) -> date:
    """A holiday on a Saturday is observed the day before, one on a Sunday the day after (Executive Order 11582)."""
    return day + timedelta({SATURDAY: -1, SUNDAY: 1}.get(day.weekday(), 0))


def _named(day: date, name: str) -> str:
    return name if _observed(day) == day else f"{name}, observed"
