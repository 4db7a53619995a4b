"""Readings side by side: which of them rules, what counsel may choose, and what ends a hold sooner."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from comity.clock.readings import (
    ApplicableLimit,
    Reading,
    contradictions,
    events_of,
    held_past,
    must_end,
    readings_of,
)
from comity.law.instrument import Limit

from .zones import EAST, FLAT, WORKING

ELIGIBLE, RECEIVED = "custody.release_eligible_at", "request.received_at"
LIFTED, REPLACED, ASSUMED, RELEASED = (
    "request.lifted_at",
    "request.replaced_at",
    "custody.assumed_at",
    "custody.released_at",
)
FRIDAY = "2017-09-01T15:00:00-04:00"  # before Labor Day
REGULATION = ApplicableLimit("us/reg#1", "the regulation", WORKING, "", federal=True)
FORM = ApplicableLimit("us/form#1", "the form", FLAT, "", federal=True)
STATUTE = ApplicableLimit("us/xx/act#1", "a state's statute", Limit(24), "")
CHOICE = Limit(48, "excluding_weekends_holidays", chosen=True)
COUNSEL = ApplicableLimit("us/xx/county/opinion#1", "counsel's opinion", CHOICE, "")


def known(**more: str) -> dict[str, Any]:
    """A release on the Friday before Labor Day, and what else is known; the names have their dots as two lines."""
    return {
        path.replace("__", "."): datetime.fromisoformat(text)
        for path, text in {"custody__release_eligible_at": FRIDAY, **more}.items()
    }


def ruled(*applying: ApplicableLimit, values: dict[str, Any] | None = None) -> tuple[str, str]:
    """Which reading rules, and when it ends the hold."""
    readings = readings_of(applying, values or known(), EAST)
    [first] = {
        reading.until.isoformat(): reading.cite for reading in readings if reading.rules and reading.until
    }.items()
    return first[1], first[0]


@pytest.mark.parametrize(
    ("applying", "cite", "until"),
    [
        ((REGULATION,), "the regulation", "2017-09-06T15:00:00-04:00"),
        ((REGULATION, FORM), "the form", "2017-09-03T15:00:00-04:00"),
        ((FORM, REGULATION), "the form", "2017-09-03T15:00:00-04:00"),
        ((REGULATION, FORM, STATUTE), "a state's statute", "2017-09-02T15:00:00-04:00"),
        (
            (REGULATION, FORM, COUNSEL),
            "the regulation",
            "2017-09-06T15:00:00-04:00",
        ),  # and counsel's, which says the same
        (
            (REGULATION, FORM, COUNSEL, STATUTE),
            "a state's statute",
            "2017-09-02T15:00:00-04:00",
        ),  # no choice against what binds
    ],
)
def test_the_shorter_reading_rules_but_where_counsel_has_chosen_among_federal_ones(
    applying: tuple[ApplicableLimit, ...], cite: str, until: str
) -> None:
    readings = readings_of(applying, known(), EAST)
    assert cite in [reading.cite for reading in readings if reading.rules]
    assert {reading.until.isoformat() for reading in readings if reading.rules and reading.until} == {until}
    assert len(readings) == len(applying)


def test_counsel_never_chooses_past_the_longest_federal_reading() -> None:
    week = ApplicableLimit("us/xx/county/opinion#1", "a week", Limit(168, chosen=True), "")
    assert ruled(REGULATION, FORM, week) == ("the regulation", "2017-09-06T15:00:00-04:00")


def test_a_federal_reading_that_only_may_apply_lengthens_nothing() -> None:
    week = ApplicableLimit("us/xx/county/opinion#1", "a week", Limit(168, chosen=True), "")
    maybe = ApplicableLimit(
        "us/form#2",
        "another form",
        Limit(120, "excluding_weekends_holidays"),
        "",
        federal=True,
        condition="the form is another",
    )
    assert ruled(REGULATION, FORM, maybe, week)[1] == "2017-09-06T15:00:00-04:00"
    assert ruled(maybe, week)[1] == "2017-09-08T15:00:00-04:00"  # the week, since the other would end later


def test_a_choice_that_may_not_apply_is_a_limit_like_others() -> None:
    maybe = ApplicableLimit("us/xx/county/opinion#1", "perhaps", CHOICE, "", condition="the county has an agreement")
    assert ruled(REGULATION, FORM, maybe) == ("the form", "2017-09-03T15:00:00-04:00")


def test_the_reading_that_rules_comes_first_and_one_that_cannot_be_counted_last() -> None:
    by_receipt = ApplicableLimit("us/xx/act#2", "from receipt", Limit(48, starts="receipt"), "")
    assert [reading.cite for reading in readings_of((by_receipt, REGULATION, FORM), known(), EAST)] == [
        "the form",
        "the regulation",
        "from receipt",
    ]


def test_an_hour_that_comes_twice_is_told_apart() -> None:
    """Two ends that the wall shows alike, an hour apart."""
    values = {ELIGIBLE: datetime.fromisoformat("2017-11-04T23:20:00-04:00")}
    assert (
        ruled(
            ApplicableLimit("three", "three", Limit(3), ""), ApplicableLimit("two", "two", Limit(2), ""), values=values
        )[0]
        == "two"
    )


@pytest.mark.parametrize(
    ("more", "until"),
    [
        ({}, "2017-09-03T15:00:00-04:00"),
        ({"request__lifted_at": "2017-09-02T10:00:00-04:00"}, "2017-09-02T10:00:00-04:00"),
        ({"request__replaced_at": "2017-09-02T11:00:00-04:00"}, "2017-09-02T11:00:00-04:00"),
        ({"request__lifted_at": "2017-09-05T10:00:00-04:00"}, "2017-09-03T15:00:00-04:00"),  # too late to matter
        ({"custody__transferred_at": "2017-09-02T10:00:00-04:00"}, "2017-09-03T15:00:00-04:00"),  # the count goes on
        (
            {"custody__assumed_at": "2017-09-02T10:00:00-04:00"},
            "2017-09-03T15:00:00-04:00",
        ),  # it did end; it had to by then
    ],
)
def test_what_ends_a_hold_and_what_does_not(more: dict[str, str], until: str) -> None:
    values = known(**more)
    end = must_end(readings_of((REGULATION, FORM), values, EAST), events_of(values, EAST))
    assert end and end.isoformat() == until


@pytest.mark.parametrize(
    ("more", "past"),
    [
        ({"custody__assumed_at": "2017-09-03T15:00:00-04:00"}, ""),
        ({"custody__assumed_at": "2017-09-03T16:30:00-04:00"}, "1 hour 30 minutes"),
        ({"custody__released_at": "2017-09-04T15:00:00-04:00"}, "24 hours"),
        (
            {"request__lifted_at": "2017-09-02T10:00:00-04:00", "custody__released_at": "2017-09-02T12:00:00-04:00"},
            "2 hours",
        ),
        ({"request__lifted_at": "2017-09-05T10:00:00-04:00"}, ""),  # whether anybody is still held is not known
    ],
)
def test_how_long_somebody_was_kept_past_the_end(more: dict[str, str], past: str) -> None:
    values = known(**more)
    events = events_of(values, EAST)
    assert held_past(must_end(readings_of((FORM,), values, EAST), events), events) == past


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"custody__released_at": "2017-09-01T14:59:00-04:00"}, "the hold ends before it starts: released at"),
        (
            {"request__received_at": "2017-09-03T15:01:00-04:00"},
            "the hold ends before it starts: it ends at 2017-09-03T15:00",
        ),
        (
            {"request__received_at": "2017-09-02T15:00:00-04:00", "request__lifted_at": "2017-09-01T15:00:00-04:00"},
            "request.lifted_at is",
        ),
        (
            {"request__received_at": "2017-09-02T15:00:00-04:00", "custody__assumed_at": "2017-09-01T15:00:00-04:00"},
            "custody.assumed_at is",
        ),
        ({"request__received_at": "2017-09-03T15:00:00-04:00"}, ""),
        ({"custody__released_at": FRIDAY}, ""),
    ],
)
def test_moments_that_cannot_all_be_right(more: dict[str, str], said: str) -> None:
    values = known(**more)
    found = [text for _, text in contradictions(values, must_end(readings_of((FORM,), values, EAST), ()))]
    assert [text[: len(said)] for text in found] == ([said] if said else [])


def test_a_limit_from_receipt_may_run_out_before_there_is_a_hold() -> None:
    values = known(request__received_at="2017-08-28T09:00:00-04:00")
    [reading] = readings_of((ApplicableLimit("us/nc/act#1", "an act", Limit(48, starts="receipt"), ""),), values, EAST)
    assert isinstance(reading, Reading) and reading.until and reading.until.isoformat() == "2017-08-30T09:00:00-04:00"
    assert "no time for a hold" in reading.note


def test_before_1971_a_reading_says_why_it_is_not_counted() -> None:
    values = {ELIGIBLE: datetime.fromisoformat("1970-09-04T15:00:00-04:00")}
    readings = readings_of((REGULATION, FORM), values, EAST)
    assert [(reading.cite, bool(reading.until)) for reading in readings] == [
        ("the form", True),
        ("the regulation", False),
    ]
    assert "before 1971" in readings[1].note
