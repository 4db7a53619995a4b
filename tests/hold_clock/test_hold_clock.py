"""The hold clock of a request, under the shipped law and under a county's instruments."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import comity
from comity.finding import InputFault
from comity.law.library import Library

MIAMI, FRIDAY = "us/fl/miami-dade", "2017-09-01T15:00:00-04:00"  # the Friday before Labor Day
FLAT_END, REGULATION_END = "2017-09-03T15:00:00-04:00", "2017-09-06T15:00:00-04:00"
OPINION = """---
title: Opinion of the county attorney, 2017-7
kind: agency_policy
enacted: 2017-08-01
effective: 2017-08-01
evidence: verified
---
Which of the two readings the jail's alarms follow.

## 1 The regulation's reading

A hold is counted as the regulation counts it.

```yaml provision
limits: hold
hours: 48
clock: excluding_weekends_holidays
chosen: true
cite: Opinion 2017-7
```
"""


@pytest.fixture(scope="module")
def library() -> Library:
    return comity.load()


def iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def test_both_readings_are_counted_and_the_shorter_rules(library: Library) -> None:
    document = {"subject": {"citizenship": "none_claimed"}}
    clock = comity.clock_hold(document, place=MIAMI, eligible_at=FRIDAY, form="i247a", library=library)
    assert (iso(clock.starts_at), iso(clock.until), iso(clock.alarm_at)) == (FRIDAY, FLAT_END, FLAT_END)
    ends = {reading.provision: (iso(reading.until), reading.hours, reading.elapsed) for reading in clock.readings}
    assert ends["us/i247a#1"] == (FLAT_END, 48, "48 hours")
    assert ends["us/8cfr287-7#1"] == (REGULATION_END, 48, "120 hours")
    assert [reading.provision for reading in clock.readings if reading.rules] == ["us/i247a#1"]
    assert clock.hold == "required"
    unsaid = comity.clock_hold(place=MIAMI, eligible_at=FRIDAY, form="i247a", library=library)
    assert (unsaid.hold, unsaid.until) == ("undetermined", clock.until)  # a citizen may not be held at all


def test_in_json_it_has_what_the_contract_names(library: Library) -> None:
    clock = comity.clock_hold(place=MIAMI, eligible_at=FRIDAY, form="i247a", library=library).to_dict()
    assert clock["until"] == FLAT_END
    first = clock["readings"][0]
    assert {"provision", "until", "hours", "steps"} <= {*first}
    assert (first["until"], first["steps"][0]["at"], first["steps"][-1]["at"]) == (FLAT_END, FRIDAY, FLAT_END)


def test_a_form_not_known_is_asked_for_and_counts_until_it_is(library: Library) -> None:
    clock = comity.clock_hold(place=MIAMI, eligible_at=FRIDAY, library=library)
    assert iso(clock.until) == FLAT_END
    assert clock.readings[0].condition
    assert [missing.fact for missing in clock.missing] == ["request.form"] and clock.missing[0].question


def test_receipt_never_starts_a_hold(library: Library) -> None:
    early = comity.clock_hold(
        place=MIAMI, eligible_at=FRIDAY, received_at="2017-08-20T09:00:00-04:00", form="i247a", library=library
    )
    assert (iso(early.starts_at), iso(early.until)) == (FRIDAY, FLAT_END)
    without = comity.clock_hold(place=MIAMI, received_at="2017-08-20T09:00:00-04:00", form="i247a", library=library)
    assert (without.starts_at, without.until) == (None, None)
    assert [missing.fact for missing in without.missing] == ["custody.release_eligible_at"]


def test_a_hold_that_is_forbidden_ends_when_it_would_start(library: Library) -> None:
    clock = comity.clock_hold(place=MIAMI, eligible_at="2017-01-20T15:00:00-05:00", form="i247d", library=library)
    assert (clock.hold, iso(clock.alarm_at)) == ("forbidden", "2017-01-20T15:00:00-05:00")
    assert iso(clock.until) == "2017-01-22T15:00:00-05:00"
    assert "FORBIDS" in clock._repr_html_()


@pytest.mark.parametrize(("served", "maybe"), [(False, [False]), (True, []), (None, [True])])
def test_a_form_that_was_not_served_says_that_it_has_no_effect(
    served: bool | None, maybe: list[bool], library: Library
) -> None:
    request = {"form": "i247d", **({} if served is None else {"served_on_subject": served})}
    clock = comity.clock_hold(
        {"request": request}, place=MIAMI, eligible_at="2017-01-27T15:00:00-05:00", library=library
    )
    notes = [note for note in clock.notes if note.provision == "us/i247d#2.2"]
    assert [note.maybe for note in notes] == maybe
    assert all("copy" in note.text for note in notes)


def test_what_happened_moves_the_end_and_tells_how_long_it_was_past(library: Library) -> None:
    document: dict[str, Any] = {
        "request": {"form": "i247a", "lifted_at": "2017-09-02T10:00:00-04:00"},
        "custody": {"release_eligible_at": FRIDAY, "released_at": "2017-09-02T13:00:00-04:00"},
    }
    clock = comity.clock_hold(document, place=MIAMI, library=library)
    assert (iso(clock.until), clock.held_past) == ("2017-09-02T10:00:00-04:00", "3 hours")
    assert [event.fact for event in clock.events] == ["request.lifted_at", "custody.released_at"]
    assert "before any limit runs out: the request is withdrawn" in clock._repr_html_()


def test_a_request_lifted_before_release_leaves_no_hold(library: Library) -> None:
    document = {"request": {"form": "i247a", "lifted_at": "2017-08-30T10:00:00-04:00"}}
    assert iso(comity.clock_hold(document, place=MIAMI, eligible_at=FRIDAY, library=library).until) == FRIDAY


@pytest.mark.parametrize(
    ("keys", "words", "until"),
    [
        (
            "starts: earlier\n",
            "48 hours from receipt of the request or when release is due, whichever is earlier",
            "2017-09-01T15:00:00-04:00",
        ),
        ("clock: excluding_weekends_holidays\nholidays: []\n", "weekends not counted", "2017-09-05T15:00:00-04:00"),
        (
            "clock: excluding_weekends_holidays\nholidays: [federal, 09-05]\n",
            "weekends and the holidays that it lists not counted",
            "2017-09-07T15:00:00-04:00",
        ),
    ],
)
def test_a_limit_with_keys_of_its_own_is_counted_and_said(keys: str, words: str, until: str, tmp_path: Path) -> None:
    """A law that counts from receipt, here two days before release, or leaves out other days than the federal holidays."""
    opinion = OPINION.replace("clock: excluding_weekends_holidays\nchosen: true\n", keys)
    clock = comity.clock_hold(
        place=MIAMI,
        eligible_at=FRIDAY,
        received_at="2017-08-30T15:00:00-04:00",
        form="i247a",
        library=comity.load([_write_opinion(tmp_path, opinion)]),
    )
    [reading] = [reading for reading in clock.readings if reading.cite == "Opinion 2017-7"]
    assert words in reading.words
    assert iso(reading.until) == until


def _write_opinion(folder: Path, text: str) -> Path:
    """A county's law in a folder."""
    file = folder / "us" / "fl" / "miami-dade" / "opinion-2017-7.md"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return folder


def test_counsel_may_choose_the_longer_reading(tmp_path: Path) -> None:
    clock = comity.clock_hold(
        place=MIAMI, eligible_at=FRIDAY, form="i247a", library=comity.load([_write_opinion(tmp_path, OPINION)])
    )
    memo = "us/fl/miami-dade/memo-2017-01-26#3"
    assert iso(clock.until) == REGULATION_END
    ruling = {reading.provision for reading in clock.readings if reading.rules}
    assert ruling == {"us/8cfr287-7#1", "us/fl/miami-dade/opinion-2017-7#1", memo}
    assert "us/i247a#1" in [reading.provision for reading in clock.readings]
    assert "because counsel has chosen it" in clock._repr_html_()


def test_a_form_that_asks_for_no_hold_says_so(library: Library) -> None:
    clock = comity.clock_hold(place=MIAMI, eligible_at="2017-01-27T15:00:00-05:00", form="i247n", library=library)
    assert clock.asks_no_hold and "asks for no hold" in clock._repr_html_()
    in_part = comity.clock_hold(
        {"request": {"form": "i247a", "asks": {"partial": ["notify"]}}},
        place=MIAMI,
        eligible_at=FRIDAY,
        library=library,
    )
    assert not in_part.asks_no_hold  # what else it asks is not known


def test_what_is_decided_and_what_is_counted_agree(library: Library) -> None:
    request = {"place": MIAMI, "at": FRIDAY, "request": {"form": "i247a"}, "custody": {"release_eligible_at": FRIDAY}}
    decided = {limit.provision: limit.until for limit in comity.decide(request, library=library).limits}
    assert {
        reading.provision: iso(reading.until) for reading in comity.clock_hold(request, library=library).readings
    } == decided


def test_inauguration_day_does_not_count_around_washington(library: Library) -> None:
    thursday = "2017-01-19T12:00:00-05:00"
    ends = {
        place: next(
            iso(reading.until)
            for reading in comity.clock_hold(place=place, eligible_at=thursday, library=library).readings
            if "8cfr" in reading.provision
        )
        for place in ("us/dc", "us/md/baltimore", "us/va/arlington")
    }
    assert ends["us/dc"] == ends["us/va/arlington"] == "2017-01-24T12:00:00-05:00"
    assert ends["us/md/baltimore"] == "2017-01-23T12:00:00-05:00"


def test_a_moment_is_asked_about_where_its_time_came_twice_or_its_offset_is_another(library: Library) -> None:
    twice = comity.clock_hold(place=MIAMI, eligible_at="2017-11-05T01:30:00-05:00", form="i247a", library=library)
    assert "this is the second" in twice.findings[0].message
    other = comity.clock_hold(place=MIAMI, eligible_at="2017-09-01T15:00:00-05:00", form="i247a", library=library)
    assert "then showed 2017-09-01T16:00:00-04:00" in other.findings[0].message


def test_a_request_that_arrived_after_release_was_due_gets_no_time_of_its_own(library: Library) -> None:
    clock = comity.clock_hold(
        place=MIAMI, eligible_at=FRIDAY, received_at="2017-09-01T18:00:00-04:00", form="i247a", library=library
    )
    assert iso(clock.until) == FLAT_END
    assert [finding.code for finding in clock.findings] == ["arrived-late"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"eligible_at": "2017-03-12T02:30:00"}, "there was no such time in America/New_York"),
        ({"eligible_at": datetime(2017, 9, 1, 15)}, "that time in America/New_York is 2017-09-01T15:00:00-04:00"),
        ({"eligible_at": datetime(2017, 11, 5, 1, 30)}, "it occurred twice in America/New_York"),
        ({"eligible_at": FRIDAY, "received_at": "2017-09-10T15:00:00-04:00"}, "the hold ends before it starts"),
        ({"eligible_at": FRIDAY, "form": "i247q"}, "cannot be"),
    ],
)
def test_bad_input_is_one_line(given: dict[str, Any], said: str, library: Library) -> None:
    with pytest.raises(InputFault, match=said) as fault:
        comity.clock_hold(place=MIAMI, library=library, **given)
    assert len(str(fault.value).splitlines()) == 1


def test_a_local_time_is_read_at_the_place(library: Library) -> None:
    local, exact = (
        comity.clock_hold(place=MIAMI, eligible_at=text, form="i247a", library=library)
        for text in (FRIDAY.removesuffix("-04:00"), FRIDAY)
    )
    assert (local.at, local.until, local.readings) == (exact.at, exact.until, exact.readings)
    assert [finding.code for finding in local.findings] == ["read-as"] and not exact.findings


def test_a_picture_is_named_svg_or_png(tmp_path: Path, library: Library) -> None:
    clock = comity.clock_hold(place=MIAMI, eligible_at=FRIDAY, form="i247a", library=library)
    clock.picture(tmp_path / "hold.svg")
    assert (tmp_path / "hold.svg").read_bytes().startswith(b"<?xml")
    with pytest.raises(InputFault, match="end it in .svg or .png"):
        clock.picture(tmp_path / "hold.gif")
    assert [path.name for path in tmp_path.iterdir()] == ["hold.svg"]


def test_a_decision_says_which_limit_governs_and_that_counsel_has_chosen_it(tmp_path: Path, library: Library) -> None:
    asked = {"place": MIAMI, "at": FRIDAY, "request": {"form": "i247a"}, "custody": {"release_eligible_at": FRIDAY}}
    plain = comity.decide(asked, library=library)
    assert [limit.provision for limit in plain.limits if limit.rules] == ["us/i247a#1"]
    assert "At the latest" in plain._repr_html_() and "Counsel has chosen" not in plain._repr_html_()
    chosen = comity.decide(asked, library=comity.load([_write_opinion(tmp_path, OPINION)]))
    assert "us/fl/miami-dade/opinion-2017-7#1" in {limit.provision for limit in chosen.limits if limit.rules}
    assert {limit.until for limit in chosen.limits if limit.rules} == {REGULATION_END}
    assert "Counsel has chosen this reading" in chosen._repr_html_()
