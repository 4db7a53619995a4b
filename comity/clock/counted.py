"""A hold's end without its steps, looked up in a table of the time counted up to each local midnight.

`hold.ending` is the definition; the tests check this module against it. Times are whole microseconds since 1970, UTC.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from comity.clock.days import ClockLocation, why_not_counted
from comity.clock.hold import count_hold, countable, skips, wall
from comity.law.instrument import Limit

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
HOUR = 3_600_000_000
MARGIN_DAYS = 40  # days that a table of one year has before and after it; a longer hold is counted step by step


class CountedDays(Struct, frozen=True):
    """Consecutive local midnights, and how much time has counted before each since the first."""

    midnights: list[int]
    before: list[int]


def count_days(limit: Limit, here: ClockLocation, *, first: date, last: date) -> CountedDays:
    """The table of the days from `first` up to, and not including, `last`."""
    midnights = [
        microseconds(wall(first + timedelta(number), "00:00", here.zone)) for number in range((last - first).days + 1)
    ]
    before = [0]
    for number in range(len(midnights) - 1):
        skipped = why_not_counted(first + timedelta(number), limit.holidays, here.around_washington)
        before.append(before[-1] + (0 if skipped else midnights[number + 1] - midnights[number]))
    return CountedDays(midnights, before)


def microseconds(moment: datetime) -> int:
    """A moment as whole microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


class Clock:
    """Finds when holds under one limit must end at one place."""

    def __init__(self, limit: Limit, here: ClockLocation) -> None:
        self.limit, self.here, self.zone = limit, here, ZoneInfo(here.zone)
        self.hours = timedelta(hours=limit.hours)
        self.table = lru_cache(maxsize=256)(self._table)

    def until(self, start: datetime) -> datetime | None:
        """The end of a hold in local time, from the moment the limit starts to run; None where holidays are not known."""
        if self.limit.until or not countable(self.limit, start, self.here):
            return count_hold(self.limit, start, self.here).until if self.limit.until else None
        if not skips(self.limit):
            return (start.astimezone(UTC) + self.hours).astimezone(self.zone)
        end = self._counting(start)
        return count_hold(self.limit, start, self.here).until if end is None else end

    def _counting(self, start: datetime) -> datetime | None:
        """The end by the table; None where it lies beyond the table."""
        at = microseconds(start)
        table = self.table(start.year)
        day = bisect_right(table.midnights, at) - 1
        goal = (
            table.before[day]
            + (at - table.midnights[day] if table.before[day + 1] > table.before[day] else 0)
            + self.limit.hours * HOUR
        )
        reached = bisect_left(table.before, goal)
        if reached == len(table.before):
            return None
        end = table.midnights[reached - 1] + goal - table.before[reached - 1]
        return (EPOCH + timedelta(microseconds=end)).astimezone(self.zone)

    def _table(self, year: int) -> CountedDays:
        margin = timedelta(MARGIN_DAYS)
        first, last = date(year, 1, 1) - margin, date(year + 1, 1, 1) + margin
        return count_days(self.limit, self.here, first=first, last=last)
