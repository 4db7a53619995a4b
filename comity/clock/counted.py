"""A hold's end without its steps: what counts up to each local midnight is summed once, and then looked up.

`hold.ending` is the definition, and the tests hold this to it. Times are whole microseconds since 1970, UTC.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from comity.clock.days import Here, why_not_counted
from comity.clock.hold import countable, ending, skips, wall
from comity.law.instrument import Limit

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
HOUR = 3_600_000_000
MARGIN_DAYS = 40  # what a table of one year holds beyond it on each side; a longer hold is counted step by step


class Counted(Struct, frozen=True):
    """Local midnights in a row, and before each how much time has counted since the first."""

    midnights: list[int]
    before: list[int]


def counted(limit: Limit, here: Here, first: date, last: date) -> Counted:
    """The table of the days from the first to before the last."""
    midnights = [
        microseconds(wall(first + timedelta(number), "00:00", here.zone)) for number in range((last - first).days + 1)
    ]
    before = [0]
    for number in range(len(midnights) - 1):
        skipped = why_not_counted(first + timedelta(number), limit.holidays, here.around_washington)
        before.append(before[-1] + (0 if skipped else midnights[number + 1] - midnights[number]))
    return Counted(midnights, before)


def microseconds(moment: datetime) -> int:
    """A moment as whole microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


class Clock:
    """When holds under one limit must end at one place, one after another."""

    def __init__(self, limit: Limit, here: Here) -> None:
        self.limit, self.here, self.zone = limit, here, ZoneInfo(here.zone)
        self.hours = timedelta(hours=limit.hours)
        self.table = lru_cache(maxsize=256)(self._table)

    def until(self, start: datetime) -> datetime | None:
        """The end of a hold in local time, from the moment at which the limit starts to run; nothing where it is not countable."""
        if self.limit.until or not countable(self.limit, start, self.here):
            return ending(self.limit, start, self.here).until if self.limit.until else None
        if not skips(self.limit):
            return (start.astimezone(UTC) + self.hours).astimezone(self.zone)
        end = self._counting(start)
        return ending(self.limit, start, self.here).until if end is None else end

    def _counting(self, start: datetime) -> datetime | None:
        """The count looked up; nothing where it leaves the table."""
        at = microseconds(start)
        own = self.table(start.year)
        day = bisect_right(own.midnights, at) - 1
        goal = (
            own.before[day]
            + (at - own.midnights[day] if own.before[day + 1] > own.before[day] else 0)
            + self.limit.hours * HOUR
        )
        reached = bisect_left(own.before, goal)
        if reached == len(own.before):
            return None
        end = own.midnights[reached - 1] + goal - own.before[reached - 1]
        return (EPOCH + timedelta(microseconds=end)).astimezone(self.zone)

    def _table(self, year: int) -> Counted:
        margin = timedelta(MARGIN_DAYS)
        return counted(self.limit, self.here, date(year, 1, 1) - margin, date(year + 1, 1, 1) + margin)
