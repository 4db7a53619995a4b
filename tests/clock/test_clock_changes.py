"""Every minute within three hours of a clock change, in every zone that has a place.

The reference knows two offsets, before the change and after it, and counts minutes. In a run of `COMITY_CLOCK=10` it is every
change from 2013 to 2040; else those of three years.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest

from comity.clock.days import ClockLocation
from comity.clock.hold import count_hold, skips
from comity.clock.many import MOMENT, count_holds
from comity.law.instrument import Limit

from .oracle import HOLIDAYS
from .zones import FLAT, MIDNIGHT, TIMES, WORKING, ZONES

NEVER_CHANGED = {  # Arizona, Hawaii and the territories
    *("America/Phoenix", "Pacific/Honolulu", "America/Puerto_Rico", "America/St_Thomas"),
    *("Pacific/Guam", "Pacific/Pago_Pago", "Pacific/Saipan"),
}
YEARS = range(2013, 2041) if TIMES > 1 else (2013, 2026, 2040)
AROUND, WINDOW = 180, 9 * 1440  # minutes: before and after the change, and how far a hold may reach
LIMITS = (
    FLAT,
    WORKING,
    Limit(3),
    MIDNIGHT,
    *(Limit(until=clock, of="release_eligible") for clock in ("01:30", "02:30")),
)
EPOCH = date(1970, 1, 1)
CLOSED = np.array([(holiday - EPOCH).days for holiday in HOLIDAYS])


def changes(zone: str) -> list[tuple[int, int, int]]:
    """The minute of each change, counted from 1970, and the minutes by which local time was ahead before and after it."""
    first, last = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) // 60 for year in (min(YEARS), max(YEARS) + 1))
    ahead = [(minute, _ahead(zone, minute)) for minute in range(first, last, 60)]
    return [(b[0], a[1], b[1]) for a, b in pairwise(ahead) if a[1] != b[1] and _year(b[0]) in YEARS]


def _ahead(zone: str, minute: int) -> int:
    offset = datetime.fromtimestamp(minute * 60, ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return int(offset.total_seconds()) // 60


def _year(minute: int) -> int:
    return datetime.fromtimestamp(minute * 60, UTC).year


def expected(limit: Limit, change: int, before: int, after: int) -> Any:
    """The minute at which each hold ends that starts within three hours of the change."""
    minutes = np.arange(change - AROUND - 1440, change + WINDOW)
    local = minutes + np.where(minutes < change, before, after)
    starts = np.arange(1440, 1440 + 2 * AROUND)
    if limit.until:
        return [_first_shown(local, minutes, at, limit.until) for at in starts]
    days = local // 1440
    counts = ((days + 3) % 7 < 5) & ~np.isin(days, CLOSED) if skips(limit) else np.ones(len(days), bool)
    total = np.concatenate([[0], np.cumsum(counts)])
    return minutes[0] + np.searchsorted(total, total[starts] + limit.hours * 60)


def _first_shown(local: Any, minutes: Any, at: int, clock: str) -> int:
    """The first minute of the start's day that shows the time or a later one, or the start itself."""
    wanted = int(clock[:2]) * 60 + int(clock[3:])
    shown = np.flatnonzero((local // 1440 == local[at] // 1440) & (local % 1440 >= wanted))
    return int(max(minutes[shown[0]], minutes[at]))


@pytest.mark.parametrize("zone", ZONES)
def test_every_minute_around_each_clock_change(zone: str) -> None:
    found = changes(zone)
    assert len(found) == (0 if zone in NEVER_CHANGED else 2 * len(YEARS))
    for change, before, after in found:
        starts = [datetime.fromtimestamp((change - AROUND + minute) * 60, UTC) for minute in range(2 * AROUND)]
        for limit in LIMITS:
            wanted = [int(minute) * 60 for minute in expected(limit, change, before, after)]
            assert [count_hold(limit, start, ClockLocation(zone)).until.timestamp() for start in starts] == wanted, (
                limit,
                starts[AROUND],
            )
            column = (
                count_holds(limit, ClockLocation(zone), pa.array(starts, MOMENT)).cast(pa.int64()).to_numpy()
                // 1_000_000
            )
            assert column.tolist() == wanted, (limit, starts[AROUND])


def test_a_change_is_looked_at_from_both_sides() -> None:
    [spring, autumn] = [change for change in changes("America/New_York") if _year(change[0]) == 2026]
    assert (spring[2] - spring[1], autumn[2] - autumn[1]) == (60, -60)
    leap = datetime.fromtimestamp(spring[0] * 60, ZoneInfo("America/New_York"))
    assert leap - timedelta(hours=3) == datetime(2026, 3, 8, 0, tzinfo=leap.tzinfo)
