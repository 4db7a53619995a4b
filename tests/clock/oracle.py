"""When a hold must end, found by going through it minute by minute. Written apart from the package: nothing of it is used here.

The holidays are those of pandas, the local time is what the time zone database says of each quarter of an hour.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from pandas.tseries.holiday import USFederalHolidayCalendar

FIRST, LAST = date(1986, 1, 1), date(2061, 1, 31)
HOLIDAYS = {holiday.date() for holiday in USFederalHolidayCalendar().holidays(str(FIRST), str(LAST))}
QUARTER = 15  # minutes: no zone's clock is changed but on a quarter of an hour


class Minutes:
    """Every minute of one zone, numbered from 1970."""

    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self.known: dict[int, bool] = {}

    def local(self, minute: int) -> datetime:
        return datetime.fromtimestamp(minute * 60, UTC).astimezone(self.zone)

    def counts(self, minute: int) -> bool:
        quarter = minute // QUARTER
        if quarter not in self.known:
            day = self.local(quarter * QUARTER).date()
            self.known[quarter] = day.weekday() < 5 and day not in HOLIDAYS
        return self.known[quarter]

    def after(self, start: int, hours: int, skipping: bool) -> int:
        """The minute at which so many hours have counted."""
        left, minute = hours * 60, start
        while left:
            left -= not skipping or self.counts(minute)
            minute += 1
        return minute

    def at_clock(self, start: int, clock: str) -> int:
        """The first minute of the start's local day at which the wall shows a time or later, or the start where that has passed."""
        day, minute = self.local(start).date(), start
        while self.local(minute - 1).date() == day:
            minute -= 1
        while self.local(minute).date() == day and f"{self.local(minute):%H:%M}" < clock:
            minute += 1
        return max(minute, start)
