"""Which days count: every federal holiday, and what is none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from comity.clock.days import FEDERAL, find_clock_location, holidays, inauguration, why_not_counted

from .oracle import HOLIDAYS
from .zones import GAZETTEER

LISTED = (FEDERAL, "04-16", "2017-03-31")


def test_every_federal_holiday_from_1986_to_2060_is_that_of_an_independent_calendar() -> None:
    days = [date(1986, 1, 1) + timedelta(number) for number in range((date(2061, 1, 1) - date(1986, 1, 1)).days)]
    ours = {day for day in days if why_not_counted(day) not in ("", "Saturday", "Sunday")}
    assert len(ours) > 700
    assert ours == {day for day in HOLIDAYS if day.year <= 2060}


def test_the_holidays_of_2022_by_the_published_list() -> None:
    """As the Office of Personnel Management published them: 1 January 2022 was observed on 31 December 2021."""
    published = ("2021-12-31", "2022-01-17", "2022-02-21", "2022-05-30", "2022-06-20", "2022-07-04")
    autumn = ("2022-09-05", "2022-10-10", "2022-11-11", "2022-11-24", "2022-12-26")
    assert sorted(holidays(2022)) == [date.fromisoformat(day) for day in (*published, *autumn)]
    assert why_not_counted(date(2021, 12, 31)) == "New Year's Day, observed"


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2020-06-19", ""),  # Juneteenth is a holiday from 2021
        ("2021-06-18", "Juneteenth, observed"),
        ("1985-01-21", ""),  # Dr. King's day from 1986
        ("1986-01-20", "Birthday of Martin Luther King, Jr."),
        ("1971-10-25", "Veterans Day"),  # in October until 1977
        ("1971-11-11", ""),
        ("1977-10-24", "Veterans Day"),
        ("1978-11-10", "Veterans Day, observed"),
        ("1970-12-25", ""),  # before 1971 no holidays are known here
        ("2019-11-29", ""),  # the day after Thanksgiving is a state's holiday, and no federal one
    ],
)
def test_holidays_that_were_moved_or_added(day: str, why: str) -> None:
    assert why_not_counted(date.fromisoformat(day)) == why


CLOSED = (
    "2004-06-11",
    "2007-01-02",
    "2012-12-24",
    "2014-12-26",
    "2018-12-05",
    "2018-12-24",
    "2019-12-24",
    "2020-12-24",
    "2025-01-09",
)


@pytest.mark.parametrize("day", CLOSED)
def test_a_day_on_which_federal_offices_were_closed_once_counts(day: str) -> None:
    assert why_not_counted(date.fromisoformat(day)) == ""


@pytest.mark.parametrize(
    ("year", "day"),
    [(2013, "2013-01-21"), (2017, "2017-01-20"), (2021, "2021-01-20"), (2029, "2029-01-20"), (1985, "1985-01-21")],
)
def test_inauguration_day_is_a_holiday_around_washington_alone(year: int, day: str) -> None:
    holiday = date.fromisoformat(day)
    assert inauguration(year) == holiday
    assert inauguration(year + 1) is None
    assert why_not_counted(holiday, around_washington=True)
    if holiday.weekday() < 5 and holiday not in holidays(year):
        assert why_not_counted(holiday, around_washington=True) == "Inauguration Day"
        assert why_not_counted(holiday) == ""


NEAR = (
    "us/dc",
    "us/md/montgomery",
    "us/md/prince-georges",
    "us/va/arlington",
    "us/va/fairfax",
    "us/va/alexandria",
    "us/va/falls-church",
)


@pytest.mark.parametrize("place", NEAR)
def test_what_lies_around_washington(place: str) -> None:
    assert find_clock_location("America/New_York", (place, "us")).around_washington
    assert place in GAZETTEER.places
    assert not find_clock_location("America/New_York", ("us/va/richmond", "us/va", "us")).around_washington


@pytest.mark.parametrize("day", ["2018-04-16", "2017-03-31"])
def test_a_laws_own_holidays(day: str) -> None:
    holiday = date.fromisoformat(day)
    assert why_not_counted(holiday, LISTED) == "a holiday that this law lists"
    assert why_not_counted(holiday) == ""
    assert why_not_counted(date(2017, 9, 4), LISTED) == "Labor Day"
    assert why_not_counted(date(2017, 9, 4), ("04-16",)) == ""
