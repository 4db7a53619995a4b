"""When a hold must end, counted by hand beside each."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.clock.days import holidays, why_not_counted
from comity.clock.hold import ending, ending_of_day
from comity.law.instrument import Limit

EAST = "America/New_York"
FLAT = Limit(48)
WORKING = Limit(48, "excluding_weekends_holidays")
MIDNIGHT = Limit(until="23:59", of="release_eligible")


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
        (MIDNIGHT, "2017-01-28T04:30:00+00:00", "2017-01-27T23:59:00-05:00"),  # the local day, not that of Greenwich
    ],
)
def test_the_end_of_a_hold(limit: Limit, start: str, until: str) -> None:
    made = ending(limit, datetime.fromisoformat(start), EAST)
    assert made.until.isoformat() == until
    assert made.steps[-1].at == made.until


def test_every_step_is_shown() -> None:
    words = [step.words for step in ending(WORKING, datetime.fromisoformat("2017-01-27T15:00:00-05:00"), EAST).steps]
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


def test_a_time_that_the_clock_leaps_over_is_the_one_it_leaps_to() -> None:
    leapt = ending_of_day(Limit(until="02:30", of="release_eligible"), date(2017, 3, 12), EAST)
    assert leapt.until.isoformat() == "2017-03-12T03:30:00-04:00"


MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1), timezones=st.timezones())


@given(MOMENTS, st.integers(1, 200))
def test_flat_hours_are_elapsed_hours(start: datetime, hours: int) -> None:
    made = ending(Limit(hours), start, EAST)
    assert made.until.timestamp() - start.timestamp() == hours * 3600


@given(MOMENTS, st.integers(1, 120))
def test_leaving_days_out_never_ends_a_hold_earlier(start: datetime, hours: int) -> None:
    flat = ending(Limit(hours), start, EAST).until
    working = ending(Limit(hours, "excluding_weekends_holidays"), start, EAST).until
    assert working.timestamp() >= flat.timestamp()
    assert not why_not_counted((working - timedelta(microseconds=1)).date())


def test_the_holidays_of_2022_by_the_published_list() -> None:
    """As the Office of Personnel Management published them: 1 January 2022 was observed on 31 December 2021."""
    published = ("2021-12-31", "2022-01-17", "2022-02-21", "2022-05-30", "2022-06-20", "2022-07-04")
    autumn = ("2022-09-05", "2022-10-10", "2022-11-11", "2022-11-24", "2022-12-26")
    assert sorted(holidays(2022)) == [date.fromisoformat(day) for day in (*published, *autumn)]
    assert why_not_counted(date(2021, 12, 31)) == "New Year's Day, observed"


def test_juneteenth_is_a_holiday_from_2021() -> None:
    assert not why_not_counted(date(2020, 6, 19))
    assert why_not_counted(date(2021, 6, 18)) == "Juneteenth, observed"
