"""A local time without an offset is asked about in the place's time; an odd one is reported."""

from __future__ import annotations

from datetime import datetime

import pytest

from comity.clock.asking import find_oddity, instants, offset_help

EAST, WEST = "America/New_York", "America/Phoenix"


@pytest.mark.parametrize(
    ("local", "zone", "said"),
    [
        ("2017-09-01T15:00:00", EAST, "that time in America/New_York is 2017-09-01T15:00:00-04:00"),
        (
            "2017-11-05T01:30:00",
            EAST,
            "write 2017-11-05T01:30:00-04:00 for the first, 2017-11-05T01:30:00-05:00 for the second",
        ),
        ("2017-03-12T02:30:00", EAST, "clocks went forward to 2017-03-12T03:00:00-04:00"),
        ("2017-03-12T02:30:00", WEST, "that time in America/Phoenix is 2017-03-12T02:30:00-07:00"),
    ],
)
def test_what_would_be_right_for_a_time_without_an_offset(local: str, zone: str, said: str) -> None:
    assert said in offset_help(datetime.fromisoformat(local), zone)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2017-09-01T15:00:00-04:00", ""),
        ("2017-09-01T19:00:00+00:00", ""),  # UTC is never odd
        ("2017-09-01T15:00:00-05:00", "then showed 2017-09-01T16:00:00-04:00"),
        ("2017-03-12T02:30:00-05:00", "then showed 2017-03-12T03:30:00-04:00"),
        ("2017-11-05T01:30:00-04:00", "by its offset this is the first"),
        ("2017-11-05T01:30:00-05:00", "by its offset this is the second"),
        ("2017-11-05T02:00:00-05:00", ""),
    ],
)
def test_what_is_odd_about_a_moment(moment: str, said: str) -> None:
    found = find_oddity(datetime.fromisoformat(moment), EAST)
    assert said in found and bool(said) == bool(found)


@pytest.mark.parametrize(
    ("local", "count"),
    [("2026-11-01T01:00:00", 2), ("2026-11-01T00:59:59", 1), ("2026-11-01T02:00:00", 1), ("2026-03-08T02:00:00", 0)],
)
def test_how_often_a_local_time_comes(local: str, count: int) -> None:
    assert len(instants(datetime.fromisoformat(local), EAST)) == count
