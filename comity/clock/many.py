"""When many holds must end: whole columns at once, by the same tables as one after another, looked up by numpy."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from comity.clock.counted import EPOCH, HOUR, counted, microseconds
from comity.clock.days import FIRST_YEAR, Here
from comity.clock.hold import skips, wall
from comity.law.instrument import HOURS_MAX, Limit

MOMENT = pa.timestamp("us", tz="UTC")
MARGIN_DAYS = 3 * HOURS_MAX // 24  # the longest hold, with weekends and holidays in it
Microseconds = npt.NDArray[np.int64]


def untils(limit: Limit, here: Here, starts: pa.ChunkedArray | pa.Array) -> pa.Array:
    """The end of each hold, from the moments at which the limit starts to run; null where that is null or not countable.

    `starts` are timestamps with a zone; the ends are in UTC.
    """
    whole = starts.combine_chunks() if isinstance(starts, pa.ChunkedArray) else starts
    known = whole.cast(MOMENT)
    valid = known.is_valid().to_numpy(zero_copy_only=False)
    at = known.cast(pa.int64()).fill_null(0).to_numpy()
    if skips(limit):
        valid &= at >= microseconds(wall(date(FIRST_YEAR, 1, 1), "00:00", here.zone))
    ends = np.zeros(len(at), np.int64)
    if valid.any():
        ends[valid] = ends_of(limit, here, at[valid])
    return pa.array(ends, mask=~valid).cast(MOMENT)


def ends_of(limit: Limit, here: Here, at: Microseconds) -> Microseconds:
    """The same of microseconds since 1970."""
    if limit.until:
        return _until_clock(limit, here, at)
    return _counting(limit, here, at) if skips(limit) else at + limit.hours * HOUR


def _counting(limit: Limit, here: Here, at: Microseconds) -> Microseconds:
    first, last = _span(at)
    made = counted(limit, here, first, last + timedelta(MARGIN_DAYS))
    midnights, before = np.array(made.midnights, np.int64), np.array(made.before, np.int64)
    day = np.searchsorted(midnights, at, side="right") - 1
    today = np.where(before[day + 1] > before[day], at - midnights[day], 0)
    goal = before[day] + today + limit.hours * HOUR
    reached = np.searchsorted(before, goal, side="left") - 1
    ends: Microseconds = midnights[reached] + goal - before[reached]
    return ends


def _until_clock(limit: Limit, here: Here, at: Microseconds) -> Microseconds:
    """Each local day's time of day, but no end before its own start."""
    first, last = _span(at)
    days = [first + timedelta(number) for number in range((last - first).days + 1)]
    midnights, ends = (np.array([microseconds(wall(day, clock, here.zone)) for day in days], np.int64) for clock in ("00:00", limit.until))
    made: Microseconds = np.maximum(at, ends[np.searchsorted(midnights, at, side="right") - 1])
    return made


def _span(at: Microseconds) -> tuple[date, date]:
    """The days that moments fall on, with two on each side for the zone."""
    first, last = (_day(int(own)) for own in (at.min(), at.max()))
    return first - timedelta(2), last + timedelta(2)


def _day(at: int) -> date:
    moment: datetime = EPOCH + timedelta(microseconds=at)
    return moment.date()
