"""The picture of a hold: the same bytes each time, with its words in it."""

from __future__ import annotations

import xml.etree.ElementTree as Tree
from datetime import datetime

import pytest

from comity.clock.plot import Timeline, description, draw_timeline, marks
from comity.clock.readings import events_of, readings_of

from .test_readings import ELIGIBLE, FORM, LIFTED, REGULATION, known
from .zones import EAST


def timeline() -> Timeline:
    values = known(request__lifted_at="2017-09-02T10:00:00-04:00")
    readings = readings_of((REGULATION, FORM), values, EAST)
    assert {ELIGIBLE, LIFTED} == {*values}
    return Timeline(
        title="The hold clock",
        readings=readings,
        events=events_of(values, EAST),
        starts_at=values[ELIGIBLE].astimezone(readings[0].steps[0].at.tzinfo),
        until=readings[0].until,
    )


@pytest.mark.parametrize(("form", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_the_same_hold_makes_the_same_bytes(form: str, begins: bytes) -> None:
    first = draw_timeline(timeline(), form)
    assert first.startswith(begins) and first == draw_timeline(timeline(), form)


def test_its_words_are_in_it_as_text() -> None:
    words = " ".join(
        "".join(element.itertext()) for element in Tree.fromstring(draw_timeline(timeline(), "svg")).iter()
    )
    for said in (
        "the form (rules)",
        "the regulation",
        "must be out",
        "due for release",
        "lifted",
        "Wed 15:00, 120 hours",
    ):
        assert said in words


def test_each_mark_has_a_line_of_its_own_the_latest_nearest_to_the_rows() -> None:
    assert [words for _, words, _, _ in marks(timeline())] == ["must be out", "lifted", "due for release"]


def test_it_is_described_for_whoever_does_not_see_it() -> None:
    said = description(timeline())
    assert "the form runs out Sunday 2017-09-03 15:00 EDT after 48 hours" in said
    assert "Saturday 2017-09-02 10:00 EDT: the request is withdrawn" in said


def test_a_hold_whose_moments_are_not_known_is_drawn_empty() -> None:
    nothing = Timeline(title="Nothing is known", readings=readings_of((FORM,), {}, EAST))
    assert draw_timeline(nothing, "svg").startswith(b"<?xml")
    assert "is not known" in description(nothing)


def test_a_day_of_23_hours_is_shorter() -> None:
    from comity.clock.plot import _place

    day = [datetime.fromisoformat(text) for text in ("2017-03-12T00:00:00-05:00", "2017-03-13T00:00:00-04:00")]
    assert _place(day[1]) - _place(day[0]) == 23
