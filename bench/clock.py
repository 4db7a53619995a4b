"""The hold clock, one hold after another and by columns, beside the same count written by hand in numpy and in pandas."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.tseries.holiday import USFederalHolidayCalendar

from comity.api import load
from comity.clock.counted import Clock
from comity.clock.days import ClockLocation
from comity.clock.hold import count_hold
from comity.clock.many import MOMENT, count_holds
from comity.hold_clock.table import ELIGIBLE, FORM, PLACE, count_hold_table
from comity.law.instrument import Limit

ZONE = "America/New_York"
WORKING, HERE = Limit(48, "excluding_weekends_holidays"), ClockLocation(ZONE)
FIRST, YEARS, SEED = datetime(2010, 1, 1, tzinfo=UTC), 16, 20170126
DAYS = 2  # 48 hours
FORMS = ("i247d", "i247a", "i247_2012", "other")
DAY, MIDNIGHT = np.timedelta64(86_400, "s"), np.timedelta64(0, "s")


def release_moments(count: int) -> np.ndarray[Any, np.dtype[np.datetime64]]:
    """Moments of release, to the second, in UTC."""
    drawn = np.random.default_rng(SEED).integers(0, YEARS * 365 * 86_400, count)
    return np.datetime64(FIRST.replace(tzinfo=None), "s") + drawn.astype("timedelta64[s]")


def closed() -> np.ndarray[Any, np.dtype[np.datetime64]]:
    found = USFederalHolidayCalendar().holidays("2009-12-01", "2027-12-31")
    return np.asarray(found.values, "datetime64[D]")


def by_numpy(starts: Any) -> Any:
    """The end of each hold: two counted days later, at the same time of day.

    A hold that starts at midnight, or on a day that does not count and so at the next one that does, ends with its last day.
    All clock changes are on Sundays, which do not count, so every counted day has 24 hours.
    """
    local = pd.DatetimeIndex(starts, tz="UTC").tz_convert(ZONE).tz_localize(None).values.astype("datetime64[s]")
    days, held = local.astype("datetime64[D]"), closed()
    whole = ~np.is_busday(days, holidays=held) | (local == days)
    ends = np.busday_offset(days, np.where(whole, DAYS - 1, DAYS), "forward", holidays=held)
    moments = ends + np.where(whole, DAY, local - days)
    return pd.DatetimeIndex(moments, tz=ZONE).tz_convert("UTC").tz_localize(None).values.astype("datetime64[s]")


def by_pandas(starts: Any) -> list[pd.Timestamp]:
    """The same, hold by hold, with the business days of pandas."""
    held = closed()
    one, two = (pd.offsets.CustomBusinessDay(count, holidays=held) for count in (DAYS - 1, DAYS))
    ended = []
    for start in pd.DatetimeIndex(starts, tz="UTC").tz_convert(ZONE).tz_localize(None):
        day = start.normalize()
        whole = start == day or not one.is_on_offset(day)
        ended.append(
            (one.rollforward(day) + one + pd.Timedelta(days=1) if whole else start + two)
            .tz_localize(ZONE)
            .tz_convert("UTC")
        )
    return ended


def table_of(starts: Any) -> pa.Table:
    """Holds at every county, on forms of several editions."""
    places = [path for path, place in load().gazetteer.places.items() if place.kind == "county"]
    drawn = np.random.default_rng(SEED)
    coded = {PLACE: places, FORM: list(FORMS)}
    columns = {
        name: pa.DictionaryArray.from_arrays(pa.array(drawn.integers(0, len(values), len(starts))), values)
        for name, values in coded.items()
    }
    return pa.table({**columns, ELIGIBLE: pa.array(starts).cast(MOMENT)})


def holds(rows: int, few: int, rounds: Callable[[], Any]) -> list[str]:
    """The rate of each way to end holds, after a check that all give the same ends."""
    starts, library = release_moments(rows), load()
    column, table = pa.array(starts).cast(MOMENT), table_of(starts)
    alone = [start.replace(tzinfo=UTC) for start in starts[:few].tolist()]
    clock = Clock(WORKING, HERE)
    agreeing(starts, column, alone, clock)
    timed = rounds()
    timed.add("comity, one column", rows, lambda: count_holds(WORKING, HERE, column))
    timed.add("numpy by hand, one column", rows, lambda: by_numpy(starts))
    timed.add("comity, one after another", few, lambda: [clock.until(start) for start in alone])
    timed.add(
        "comity, each step shown", few // 10, lambda: [count_hold(WORKING, start, HERE) for start in alone[: few // 10]]
    )
    timed.add("pandas by hand, one after another", few // 10, lambda: by_pandas(starts[: few // 10]))
    timed.add(
        "comity, every reading, by the law of each county and day", rows, lambda: count_hold_table(table, library)
    )
    rates = timed.rates()
    base = rates["comity, one column"]
    lines = [
        "## Holds",
        "",
        f"The ends of {rows:,} made-up holds of {YEARS} years by the regulation's 48 hours, in {ZONE}, one column at a time, and of",
        f"{few:,} of them one after another. By hand means the business days of numpy and pandas with the same holidays. They ignore",
        "clock changes, which are on Sundays and so do not matter. All gave the same ends before they were timed. Last, the whole",
        "task: holds of every county, each under the law of its day, with all readings counted and the shorter one named.",
        "",
        "| | holds a second | comity, one column, in ratio |",
        "|---|---:|---:|",
    ]
    return [*lines, *(f"| {name} | {rate:,.0f} | {base / rate:,.2f} |" for name, rate in rates.items()), ""]


def agreeing(starts: Any, column: pa.Array, alone: list[datetime], clock: Clock) -> None:
    """Stops the run where two of them end a hold at different moments."""
    whole = count_holds(WORKING, HERE, column)
    if not np.array_equal(np.asarray(whole.cast(pa.int64())) // 1_000_000, by_numpy(starts).astype(np.int64)):
        raise SystemExit("numpy by hand ends a hold at another moment")
    ends = [end.timestamp() for end in whole[: len(alone)].to_pylist()]
    others = {
        "comity, one after another": [end.timestamp() for start in alone if (end := clock.until(start))],
        "comity, each step shown": [count_hold(WORKING, start, HERE).until.timestamp() for start in alone],
        "pandas by hand": [end.timestamp() for end in by_pandas(starts[: len(alone)])],
    }
    for name, other_ends in others.items():
        if other_ends != ends:
            raise SystemExit(f"{name} ends a hold at another moment")
