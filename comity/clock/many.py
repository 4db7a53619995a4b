"""When many holds must end: whole columns at once with numpy, from the same tables as a single hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from comity.clock.counted import EPOCH, HOUR, count_days, microseconds
from comity.clock.days import FIRST_YEAR, ClockLocation
from comity.clock.hold import skips, starts_of, wall
from comity.clock.readings import ApplicableLimit
from comity.law.instrument import HOURS_MAX, Limit

MOMENT = pa.timestamp("us", tz="UTC")
MARGIN_DAYS = 3 * HOURS_MAX // 24  # the longest hold, with weekends and holidays in it
CACHED_MAX = 256
NEVER = np.iinfo(np.int64).max  # the end of a reading whose end is not known
Microseconds = npt.NDArray[np.int64]


def find_ruling_ends(
    applying: Sequence[ApplicableLimit], here: ClockLocation, starts: Mapping[str, Microseconds]
) -> tuple[Microseconds, Microseconds]:
    """For each hold the end that rules and the number of the first reading with that end, as `readings.ruling` does.

    `starts` are the moments of receipt and of release, NEVER where not known. Where no end is known it is NEVER and the
    number is -1.
    """
    count = len(starts["receipt"])
    ends = [_ends_or_never(reading.limit, here, starts) for reading in applying]
    known = np.array(ends, np.int64).reshape(len(ends), count)
    picks = known.copy()
    chosen = [at for at, reading in enumerate(applying) if reading.limit.chosen and not reading.condition]
    federal = [at for at, reading in enumerate(applying) if reading.federal]
    if chosen:
        surely = [at for at in federal if not applying[at].condition]
        longest = np.where(known[surely] == NEVER, -1, known[surely]).max(axis=0, initial=-1)
        shortest, choice = known[federal].min(axis=0, initial=NEVER), known[chosen].min(axis=0)
        picks[chosen + federal] = np.where(
            choice == NEVER, shortest, np.minimum(choice, np.where(longest < 0, shortest, longest))
        )
    until = picks.min(axis=0, initial=NEVER)
    rules = np.argmax(known == until, axis=0) if ends else np.zeros(count, np.int64)
    return until, np.where(until == NEVER, -1, rules)


def _ends_or_never(limit: Limit, here: ClockLocation, starts: Mapping[str, Microseconds]) -> Microseconds:
    """The ends of one reading; where it runs from the earlier of two moments, both must be known."""
    columns = [starts[name] for name in starts_of(limit)]
    at = np.min(columns, axis=0)
    known = np.all([column != NEVER for column in columns], axis=0)
    if skips(limit):
        known &= at >= microseconds(wall(date(FIRST_YEAR, 1, 1), "00:00", here.zone))
    ends = np.full(len(at), NEVER, np.int64)
    if known.any():
        ends[known] = ends_of(limit, here, at[known])
    return ends


def count_holds(limit: Limit, here: ClockLocation, starts: pa.ChunkedArray | pa.Array) -> pa.Array:
    """The end of each hold, from the moments at which the limit starts to run; null where that is null or not countable.

    `starts` are timestamps with a time zone; the ends are in UTC.
    """
    whole = starts.combine_chunks() if isinstance(starts, pa.ChunkedArray) else starts
    known = whole.cast(MOMENT)
    at = known.cast(pa.int64()).fill_null(NEVER).to_numpy()
    ends = _ends_or_never(limit, here, dict.fromkeys(starts_of(limit), at))
    return pa.array(ends, mask=ends == NEVER).cast(MOMENT)


def ends_of(limit: Limit, here: ClockLocation, at: Microseconds) -> Microseconds:
    """The end of each hold, from starts as microseconds since 1970."""
    if limit.until:
        return _until_clock(limit, here, at)
    return _counting(limit, here, at) if skips(limit) else at + limit.hours * HOUR


def _counting(limit: Limit, here: ClockLocation, at: Microseconds) -> Microseconds:
    midnights, before = _days_that_count(limit, here, *_span(at))
    day = np.searchsorted(midnights, at, side="right") - 1
    today = np.where(before[day + 1] > before[day], at - midnights[day], 0)
    goal = before[day] + today + limit.hours * HOUR
    reached = np.searchsorted(before, goal, side="left") - 1
    ends: Microseconds = midnights[reached] + goal - before[reached]
    return ends


def _until_clock(limit: Limit, here: ClockLocation, at: Microseconds) -> Microseconds:
    """The time of day on each local day, and never an end before its start."""
    midnights, times = (_shown(clock, here.zone, *_span(at)) for clock in ("00:00", limit.until))
    ends: Microseconds = np.maximum(at, times[np.searchsorted(midnights, at, side="right") - 1])
    return ends


@lru_cache(maxsize=CACHED_MAX)
def _days_that_count(limit: Limit, here: ClockLocation, first: date, last: date) -> tuple[Microseconds, Microseconds]:
    table = count_days(limit, here, first=first, last=last + timedelta(MARGIN_DAYS))
    return np.array(table.midnights, np.int64), np.array(table.before, np.int64)


@lru_cache(maxsize=CACHED_MAX)
def _shown(clock: str, zone: str, first: date, last: date) -> Microseconds:
    days = [first + timedelta(number) for number in range((last - first).days + 1)]
    return np.array([microseconds(wall(day, clock, zone)) for day in days], np.int64)


def _span(at: Microseconds) -> tuple[date, date]:
    """Whole decades around the days of some moments, so that few tables are built; two days are added for the zone."""
    first, last = _day(int(at.min())) - timedelta(2), _day(int(at.max())) + timedelta(2)
    return date(first.year // 10 * 10, 1, 1), date(last.year // 10 * 10 + 10, 1, 1)


def _day(at: int) -> date:
    moment: datetime = EPOCH + timedelta(microseconds=at)
    return moment.date()
