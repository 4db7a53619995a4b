"""What must always be so of a hold's end, on 100,000 generated holds; and 5,000 against the oracle, minute by minute.

`COMITY_CLOCK=10 python3 start.py test tests/clock` looks at 1,000,000, and at every clock change from 2013 to 2040.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from comity.clock.counted import Clock
from comity.clock.days import ClockLocation, why_not_counted
from comity.clock.hold import count_hold, skips
from comity.clock.many import MOMENT, count_holds
from comity.law.instrument import Limit

from .oracle import Minutes
from .zones import EAST, LIMITS, TIMES, WORKING, ZONES

CASES, SHARES, BY_ORACLE, ROWS, FEW_HOURS = 100_000 * TIMES, 4, 5_000, 20_000, 24
FIRST, YEAR_MINUTES = datetime(1986, 1, 1, tzinfo=UTC), 365 * 24 * 60
YEARS, FEW_YEARS = 74, 6  # a table is kept for each year, zone and limit: few of them are looked up often
MOMENT_BEFORE = timedelta(microseconds=1)


def generated(
    seed: int, count: int, finest: int = 1, years: int = YEARS
) -> Iterator[tuple[Limit, datetime, ClockLocation]]:
    """Limits of every kind from 1986 to 2059 in every zone, near Washington and not; `finest` divides a minute."""
    drawn = random.Random(seed)
    for _ in range(count):
        start = (
            FIRST
            + timedelta(minutes=drawn.randrange(years * YEAR_MINUTES))
            + timedelta(seconds=drawn.randrange(finest) * 60 / finest)
        )
        yield drawn.choice(LIMITS), start, ClockLocation(drawn.choice(ZONES), drawn.random() < 0.05)


@pytest.mark.parametrize("share", range(SHARES))
def test_what_must_always_be_so(share: int) -> None:
    for limit, start, here in generated(share, CASES // SHARES, finest=1_000):
        wrong = list(broken(limit, start, here))
        assert not wrong, (limit, start, here, wrong)


def broken(limit: Limit, start: datetime, here: ClockLocation) -> Iterator[str]:
    """Which of the invariants a case breaks."""
    end, flat = count_hold(limit, start, here), start.timestamp() + limit.hours * 3600
    until, moments = end.until.timestamp(), [step.at.timestamp() for step in end.steps]
    if moments[0] != start.timestamp() or moments != sorted(moments) or moments[-1] != until:
        yield "the steps lead from the start to the end"
    if until < start.timestamp():
        yield "no hold ends before it starts"
    if limit.until:
        if end.until.date() != start.astimezone(ZoneInfo(here.zone)).date():
            yield "a time of day is one of the day on which release is due"
        return
    counted = sum(b - a for a, b, step in zip(moments, moments[1:], end.steps[1:]) if step.counted)
    if abs(counted - limit.hours * 3600) > 1e-3:
        yield "as many hours count as the limit has"
    if not skips(limit) and abs(until - flat) > 1e-3:
        yield "flat hours are elapsed hours"
    if skips(limit) and until < flat - 1e-3:
        yield "leaving days out never ends a hold earlier"
    if skips(limit) and why_not_counted((end.until - MOMENT_BEFORE).date(), limit.holidays, here.around_washington):
        yield "no hold ends within a day that does not count"
    if limit.hours <= FEW_HOURS and count_hold(limit, start + timedelta(hours=7), here).until.timestamp() < until:
        yield "who walks out later is never let go earlier"


def test_hours_counted_in_two_parts_end_where_they_end_in_one() -> None:
    for limit, start, here in generated(17, 2_000 * TIMES):
        if not limit.until:
            half = Limit(limit.hours // 2, limit.clock)
            rest = Limit(limit.hours - half.hours, limit.clock)
            twice = count_hold(rest, count_hold(half, start, here).until, here).until
            assert twice.timestamp() == count_hold(limit, start, here).until.timestamp()


def test_the_oracle_agrees_minute_by_minute() -> None:
    minutes = {zone: Minutes(zone) for zone in ZONES}
    for limit, start, here in generated(23, BY_ORACLE):
        minute, zone_minutes = int(start.timestamp()) // 60, minutes[here.zone]
        wanted = (
            zone_minutes.at_clock(minute, limit.until)
            if limit.until
            else zone_minutes.after(minute, limit.hours, skips(limit))
        )
        assert int(count_hold(limit, start, ClockLocation(here.zone)).until.timestamp()) == wanted * 60, (
            limit,
            start,
            here,
        )


def test_what_is_looked_up_is_what_is_counted_step_by_step() -> None:
    clocks = {(limit, zone): Clock(limit, ClockLocation(zone)) for limit in LIMITS for zone in ZONES}
    for limit, start, here in generated(29, 10_000 * TIMES, finest=1_000, years=FEW_YEARS):
        quick = clocks[limit, here.zone].until(start)
        assert quick and quick.isoformat() == count_hold(limit, start, ClockLocation(here.zone)).until.isoformat()


@pytest.mark.parametrize("limit", LIMITS, ids=str)
def test_a_column_ends_as_each_of_its_rows(limit: Limit) -> None:
    zone = random.Random(str(limit)).choice(ZONES)
    starts = [start for _, start, _ in generated(31, ROWS // len(LIMITS), finest=1_000)]
    ends = count_holds(limit, ClockLocation(zone), pa.array([*starts, None], MOMENT)).to_pylist()
    assert ends.pop() is None
    assert [end.timestamp() for end in ends] == [
        count_hold(limit, start, ClockLocation(zone)).until.timestamp() for start in starts
    ]


def test_before_1971_nothing_is_counted_where_holidays_are_left_out() -> None:
    start = datetime(1970, 12, 31, 12, tzinfo=UTC)
    assert Clock(WORKING, EAST).until(start) is None
    assert count_holds(WORKING, EAST, pa.array([start], MOMENT)).to_pylist() == [None]
