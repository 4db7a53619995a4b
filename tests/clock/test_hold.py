"""When a hold must end, counted by hand beside each."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from comity.clock.days import why_not_counted
from comity.clock.hold import count_hold, count_hold_of_request, ending_of_day
from comity.law.instrument import Limit

from .zones import EAST, FLAT, MIDNIGHT, WORKING


@pytest.mark.parametrize(
    ("limit", "start", "until"),
    [
        (FLAT, "2017-01-27T15:00:00-05:00", "2017-01-29T15:00:00-05:00"),  # over a weekend, which counts
        (WORKING, "2017-01-27T15:00:00-05:00", "2017-01-31T15:00:00-05:00"),  # Friday to Tuesday
        (WORKING, "2017-01-13T15:30:00-05:00", "2017-01-18T15:30:00-05:00"),  # the weekend and Dr. King's day
        (WORKING, "2017-01-28T10:00:00-05:00", "2017-02-01T00:00:00-05:00"),  # begun on a Saturday: Monday and Tuesday
        (WORKING, "2021-06-17T09:00:00-04:00", "2021-06-22T09:00:00-04:00"),  # the first Juneteenth, observed on Friday
        (WORKING, "2020-06-18T09:00:00-04:00", "2020-06-22T09:00:00-04:00"),  # 19 June 2020 still counted
        (Limit(24), "2017-03-11T12:00:00-05:00", "2017-03-12T13:00:00-04:00"),  # spring: the clock leaps an hour
        (Limit(24), "2017-11-04T12:00:00-04:00", "2017-11-05T11:00:00-05:00"),  # autumn: the clock repeats an hour
        (MIDNIGHT, "2017-03-12T01:00:00-05:00", "2017-03-12T23:59:00-04:00"),  # a time of day is what the wall shows
        (WORKING, "2017-09-01T15:00:00-04:00", "2017-09-06T15:00:00-04:00"),  # the Friday before Labor Day: 120 hours
        (FLAT, "2017-09-01T15:00:00-04:00", "2017-09-03T15:00:00-04:00"),  # the same under a flat 48
        (Limit(288), "2017-11-01T12:00:00-04:00", "2017-11-13T11:00:00-05:00"),  # 12 days are 288 hours
        (
            MIDNIGHT,
            "2017-01-27T23:59:30-05:00",
            "2017-01-27T23:59:30-05:00",
        ),  # the time of day has passed: no time at all
        (Limit(until="01:30"), "2017-11-05T00:10:00-04:00", "2017-11-05T01:30:00-04:00"),  # of the two, the first
        (Limit(until="01:30"), "2017-11-05T01:10:00-05:00", "2017-11-05T01:10:00-05:00"),  # the first has passed
        (MIDNIGHT, "2017-01-28T04:30:00+00:00", "2017-01-27T23:59:00-05:00"),  # the local day, not that of Greenwich
    ],
)
def test_the_end_of_a_hold(limit: Limit, start: str, until: str) -> None:
    end = count_hold(limit, datetime.fromisoformat(start), EAST)
    assert end.until.isoformat() == until
    assert end.steps[-1].at == end.until


def test_every_step_is_shown() -> None:
    words = [
        step.words for step in count_hold(WORKING, datetime.fromisoformat("2017-01-27T15:00:00-05:00"), EAST).steps
    ]
    assert words == [
        "the limit starts to run",
        "9 hours counted, 39 hours left",
        "not counted: Saturday",
        "not counted: Sunday",
        "24 hours counted, 15 hours left",
        "15 hours counted, 0 hours left",
    ]


def test_a_time_of_day_needs_only_the_day() -> None:
    assert ending_of_day(MIDNIGHT, date(2017, 1, 27), EAST).until.isoformat() == "2017-01-27T23:59:00-05:00"


def test_a_time_that_the_clock_leaps_over_is_the_moment_of_the_leap() -> None:
    leapt = ending_of_day(Limit(until="02:30", of="release_eligible"), date(2017, 3, 12), EAST)
    assert leapt.until.isoformat() == "2017-03-12T03:00:00-04:00"


RECEIVED, ELIGIBLE = (
    datetime.fromisoformat(text) for text in ("2017-01-24T10:00:00-05:00", "2017-01-27T15:00:00-05:00")
)

GREENWICH = datetime.fromisoformat(
    "2017-01-27T18:00:00+00:00"
)  # two hours before release, though later on its local wall


@pytest.mark.parametrize(
    ("limit", "known", "until"),
    [
        (
            Limit(48),
            {"custody.release_eligible_at": ELIGIBLE, "request.received_at": RECEIVED},
            "2017-01-29T15:00:00-05:00",
        ),
        (Limit(48), {"request.received_at": RECEIVED}, ""),  # never from receipt, unless the law says so
        (
            Limit(48, starts="receipt"),
            {"custody.release_eligible_at": ELIGIBLE, "request.received_at": RECEIVED},
            "2017-01-26T10:00:00-05:00",
        ),
        (
            Limit(48, starts="earlier"),
            {"custody.release_eligible_at": ELIGIBLE, "request.received_at": RECEIVED},
            "2017-01-26T10:00:00-05:00",
        ),
        (Limit(48, starts="earlier"), {"custody.release_eligible_at": ELIGIBLE}, ""),  # which is earlier is not known
        (
            Limit(2, starts="earlier"),
            {"custody.release_eligible_at": ELIGIBLE, "request.received_at": GREENWICH},
            "2017-01-27T15:00:00-05:00",
        ),
        (Limit(until="23:59", of="receipt"), {"request.received_on": date(2017, 1, 24)}, "2017-01-24T23:59:00-05:00"),
        (WORKING, {"custody.release_eligible_at": datetime.fromisoformat("1970-06-01T10:00:00-04:00")}, ""),
    ],
)
def test_from_what_a_limit_runs(limit: Limit, known: dict[str, Any], until: str) -> None:
    end = count_hold_of_request(limit, known, EAST)
    assert (end.until.isoformat() if end else "") == until


def test_a_laws_own_holidays_lengthen_a_hold_and_inauguration_day_does_around_washington() -> None:
    start = datetime.fromisoformat("2017-01-19T12:00:00-05:00")
    with_inauguration_day = structs.replace(WORKING, holidays=("federal", "2017-01-20"))
    assert count_hold(WORKING, start, EAST).until.isoformat() == "2017-01-23T12:00:00-05:00"
    assert count_hold(with_inauguration_day, start, EAST).until.isoformat() == "2017-01-24T12:00:00-05:00"
    assert (
        count_hold(WORKING, start, structs.replace(EAST, around_washington=True)).until
        == count_hold(with_inauguration_day, start, EAST).until
    )


MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1), timezones=st.timezones())


@given(MOMENTS, st.integers(1, 200))
def test_flat_hours_are_elapsed_hours(start: datetime, hours: int) -> None:
    end = count_hold(Limit(hours), start, EAST)
    assert end.until.astimezone(UTC) - start.astimezone(UTC) == timedelta(
        hours=hours
    )  # seconds as floats lose microseconds


@given(MOMENTS, st.integers(1, 120))
def test_leaving_days_out_never_ends_a_hold_earlier(start: datetime, hours: int) -> None:
    flat = count_hold(Limit(hours), start, EAST).until
    working = count_hold(Limit(hours, "excluding_weekends_holidays"), start, EAST).until
    assert working.timestamp() >= flat.timestamp()
    assert not why_not_counted((working - timedelta(microseconds=1)).date())
