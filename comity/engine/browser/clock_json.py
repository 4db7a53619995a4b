"""The clock of a place as JSON: the offsets of its zone from UTC, and the federal holidays, over a span of days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from comity.clock.days import FEDERAL, FIRST_YEAR, ClockLocation, why_not_counted

FIRST_WRITTEN, LAST_WRITTEN = date(2006, 1, 1), date(2041, 1, 1)
DAY = timedelta(days=1)
WEEKEND = ("Saturday", "Sunday")


def write_clock(here: ClockLocation, first: date = FIRST_WRITTEN, last: date = LAST_WRITTEN) -> dict[str, Any]:
    """The clock of a place from the day `first` up to, and not including, `last`.

    `offsets` has pairs of whole seconds: since 1970, and to add to UTC from then on. The script counts no hold that
    begins or ends outside of the span.
    """
    if first.year < FIRST_YEAR:
        raise ValueError(f"federal holidays are known from {FIRST_YEAR}")
    return {
        "zone": here.zone, "first": first.isoformat(), "last": last.isoformat(),
        "offsets": [[*pair] for pair in offsets_of(here.zone, first, last)],
        "holidays": _holidays_of(here, first, last),
    }  # fmt: skip


def _holidays_of(here: ClockLocation, first: date, last: date) -> dict[str, list[str]]:
    holidays: dict[str, list[str]] = {}
    for day in (first + timedelta(number) for number in range((last - first).days)):
        name = why_not_counted(day, (FEDERAL,), here.around_washington)
        if name and name not in WEEKEND:
            holidays.setdefault(name, []).append(day.isoformat())
    return holidays


@lru_cache(maxsize=32)
def offsets_of(zone: str, first: date, last: date) -> tuple[tuple[int, int], ...]:
    """The offset of a zone when the day `first` begins in UTC, and each later one, by the second at which it begins.

    A zone that changes twice within a day is read as if it had changed once; none has since 1970 in the United States.
    """
    info = ZoneInfo(zone)
    at = datetime(first.year, first.month, first.day, tzinfo=UTC) - DAY
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + DAY
    found = [(int(at.timestamp()), _offset(at, info))]
    while at < end:
        if _offset(at + DAY, info) != found[-1][1]:
            change = _change(int(at.timestamp()), info)
            found.append((change, _offset(datetime.fromtimestamp(change, UTC), info)))
        at += DAY
    return tuple(found)


def _offset(at: datetime, zone: ZoneInfo) -> int:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def _change(second: int, zone: ZoneInfo) -> int:
    """The second within a day at which the offset changes."""
    before = _offset(datetime.fromtimestamp(second, UTC), zone)
    low, high = second, second + int(DAY.total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(datetime.fromtimestamp(middle, UTC), zone) == before:
            low = middle
        else:
            high = middle
    return high
