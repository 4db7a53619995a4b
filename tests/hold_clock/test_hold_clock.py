"""The hold clock of a request, by the law that ships and by a county's own."""

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
    made = comity.clock(place=MIAMI, eligible_at=FRIDAY, form="i247a", library=library)
    assert (iso(made.starts_at), iso(made.until), iso(made.alarm_at)) == (FRIDAY, FLAT_END, FLAT_END)
    ends = {own.provision: (iso(own.until), own.hours, own.elapsed) for own in made.readings}
    assert ends["us/i247a#1"] == (FLAT_END, 48, "48 hours")
    assert ends["us/8cfr287-7#1"] == (REGULATION_END, 48, "120 hours")
    assert [own.provision for own in made.readings if own.rules] == ["us/i247a#1"]
    assert made.hold == "required"


def test_in_json_it_has_what_the_contract_names(library: Library) -> None:
    made = comity.clock(place=MIAMI, eligible_at=FRIDAY, form="i247a", library=library).to_dict()
    assert made["until"] == FLAT_END
    first = made["readings"][0]
    assert {"provision", "until", "hours", "steps"} <= {*first}
    assert (first["until"], first["steps"][0]["at"], first["steps"][-1]["at"]) == (FLAT_END, FRIDAY, FLAT_END)


def test_a_form_not_known_is_asked_for_and_counts_until_it_is(library: Library) -> None:
    made = comity.clock(place=MIAMI, eligible_at=FRIDAY, library=library)
    assert iso(made.until) == FLAT_END
    assert made.readings[0].condition
    assert [own.fact for own in made.missing] == ["request.form"] and made.missing[0].question


def test_receipt_never_starts_a_hold(library: Library) -> None:
    early = comity.clock(
        place=MIAMI, eligible_at=FRIDAY, received_at="2017-08-20T09:00:00-04:00", form="i247a", library=library
    )
    assert (iso(early.starts_at), iso(early.until)) == (FRIDAY, FLAT_END)
    without = comity.clock(place=MIAMI, received_at="2017-08-20T09:00:00-04:00", form="i247a", library=library)
    assert (without.starts_at, without.until) == (None, None)
    assert [own.fact for own in without.missing] == ["custody.release_eligible_at"]


def test_a_hold_that_is_forbidden_ends_when_it_would_start(library: Library) -> None:
    made = comity.clock(place=MIAMI, eligible_at="2017-01-20T15:00:00-05:00", form="i247d", library=library)
    assert (made.hold, iso(made.alarm_at)) == ("forbidden", "2017-01-20T15:00:00-05:00")
    assert iso(made.until) == "2017-01-22T15:00:00-05:00"
    assert "FORBIDS" in made._repr_html_()


@pytest.mark.parametrize(("served", "maybe"), [(False, [False]), (True, []), (None, [True])])
def test_a_form_that_was_not_served_says_that_it_has_no_effect(
    served: bool | None, maybe: list[bool], library: Library
) -> None:
    request = {"form": "i247d", **({} if served is None else {"served_on_subject": served})}
    made = comity.clock({"request": request}, place=MIAMI, eligible_at="2017-01-27T15:00:00-05:00", library=library)
    notes = [own for own in made.notes if own.provision == "us/i247d#2.2"]
    assert [own.maybe for own in notes] == maybe
    assert all("copy" in own.text for own in notes)


def test_what_happened_moves_the_end_and_tells_how_long_it_was_past(library: Library) -> None:
    document: dict[str, Any] = {
        "request": {"form": "i247a", "lifted_at": "2017-09-02T10:00:00-04:00"},
        "custody": {"release_eligible_at": FRIDAY, "released_at": "2017-09-02T13:00:00-04:00"},
    }
    made = comity.clock(document, place=MIAMI, library=library)
    assert (iso(made.until), made.held_past) == ("2017-09-02T10:00:00-04:00", "3 hours")
    assert [own.fact for own in made.events] == ["request.lifted_at", "custody.released_at"]
    assert "before any limit runs out: the request is withdrawn" in made._repr_html_()


def test_a_request_lifted_before_release_leaves_no_hold(library: Library) -> None:
    document = {"request": {"form": "i247a", "lifted_at": "2017-08-30T10:00:00-04:00"}}
    assert iso(comity.clock(document, place=MIAMI, eligible_at=FRIDAY, library=library).until) == FRIDAY


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
    own = OPINION.replace("clock: excluding_weekends_holidays\nchosen: true\n", keys)
    made = comity.clock(
        place=MIAMI,
        eligible_at=FRIDAY,
        received_at="2017-08-30T15:00:00-04:00",
        form="i247a",
        library=comity.load([_laid(tmp_path, own)]),
    )
    [reading] = [reading for reading in made.readings if reading.cite == "Opinion 2017-7"]
    assert words in reading.words
    assert iso(reading.until) == until


def _laid(folder: Path, text: str) -> Path:
    """A county's own law in a folder."""
    file = folder / "us" / "fl" / "miami-dade" / "opinion-2017-7.md"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return folder


def test_counsel_may_choose_the_longer_reading(tmp_path: Path) -> None:
    made = comity.clock(place=MIAMI, eligible_at=FRIDAY, form="i247a", library=comity.load([_laid(tmp_path, OPINION)]))
    memo = "us/fl/miami-dade/memo-2017-01-26#3"
    assert iso(made.until) == REGULATION_END
    ruling = {own.provision for own in made.readings if own.rules}
    assert ruling == {"us/8cfr287-7#1", "us/fl/miami-dade/opinion-2017-7#1", memo}
    assert "us/i247a#1" in [own.provision for own in made.readings]
    assert "for counsel has chosen it" in made._repr_html_()


def test_a_form_that_asks_for_no_hold_says_so(library: Library) -> None:
    made = comity.clock(place=MIAMI, eligible_at="2017-01-27T15:00:00-05:00", form="i247n", library=library)
    assert made.asks_no_hold and "asks for no hold" in made._repr_html_()
    in_part = comity.clock(
        {"request": {"form": "i247a", "asks": {"partial": ["notify"]}}},
        place=MIAMI,
        eligible_at=FRIDAY,
        library=library,
    )
    assert not in_part.asks_no_hold  # what else it asks is not known


def test_what_is_decided_and_what_is_counted_agree(library: Library) -> None:
    request = {"place": MIAMI, "at": FRIDAY, "request": {"form": "i247a"}, "custody": {"release_eligible_at": FRIDAY}}
    decided = {own.provision: own.until for own in comity.decide(request, library=library).limits}
    assert {own.provision: iso(own.until) for own in comity.clock(request, library=library).readings} == decided


def test_inauguration_day_does_not_count_around_washington(library: Library) -> None:
    thursday = "2017-01-19T12:00:00-05:00"
    ends = {
        place: next(
            iso(own.until)
            for own in comity.clock(place=place, eligible_at=thursday, library=library).readings
            if "8cfr" in own.provision
        )
        for place in ("us/dc", "us/md/baltimore", "us/va/arlington")
    }
    assert ends["us/dc"] == ends["us/va/arlington"] == "2017-01-24T12:00:00-05:00"
    assert ends["us/md/baltimore"] == "2017-01-23T12:00:00-05:00"


def test_a_moment_is_asked_about_where_its_time_came_twice_or_its_offset_is_another(library: Library) -> None:
    twice = comity.clock(place=MIAMI, eligible_at="2017-11-05T01:30:00-05:00", form="i247a", library=library)
    assert "this is the second" in twice.findings[0].message
    other = comity.clock(place=MIAMI, eligible_at="2017-09-01T15:00:00-05:00", form="i247a", library=library)
    assert "then showed 2017-09-01T16:00:00-04:00" in other.findings[0].message


def test_a_request_that_arrived_after_release_was_due_gets_no_time_of_its_own(library: Library) -> None:
    made = comity.clock(
        place=MIAMI, eligible_at=FRIDAY, received_at="2017-09-01T18:00:00-04:00", form="i247a", library=library
    )
    assert iso(made.until) == FLAT_END
    assert [own.code for own in made.findings] == ["arrived-late"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"eligible_at": "2017-09-01T15:00:00"}, "2017-09-01T15:00:00-04:00 is that time in America/New_York"),
        ({"eligible_at": datetime(2017, 11, 5, 1, 30)}, "it came twice in America/New_York"),
        ({"eligible_at": FRIDAY, "received_at": "2017-09-10T15:00:00-04:00"}, "the hold ends before it starts"),
        ({"eligible_at": FRIDAY, "form": "i247q"}, "cannot be"),
    ],
)
def test_bad_input_is_one_line(given: dict[str, Any], said: str, library: Library) -> None:
    with pytest.raises(InputFault, match=said) as fault:
        comity.clock(place=MIAMI, library=library, **given)
    assert len(str(fault.value).splitlines()) == 1


def test_a_picture_is_named_svg_or_png(tmp_path: Path, library: Library) -> None:
    made = comity.clock(place=MIAMI, eligible_at=FRIDAY, form="i247a", library=library)
    made.picture(tmp_path / "hold.svg")
    assert (tmp_path / "hold.svg").read_bytes().startswith(b"<?xml")
    with pytest.raises(InputFault, match="end it in .svg or .png"):
        made.picture(tmp_path / "hold.gif")
    assert [own.name for own in tmp_path.iterdir()] == ["hold.svg"]


def test_a_decision_says_which_limit_governs_and_that_counsel_has_chosen_it(tmp_path: Path, library: Library) -> None:
    asked = {"place": MIAMI, "at": FRIDAY, "request": {"form": "i247a"}, "custody": {"release_eligible_at": FRIDAY}}
    plain = comity.decide(asked, library=library)
    assert [own.provision for own in plain.limits if own.rules] == ["us/i247a#1"]
    assert "the earliest limit governs" in plain._repr_html_()
    chosen = comity.decide(asked, library=comity.load([_laid(tmp_path, OPINION)]))
    assert "us/fl/miami-dade/opinion-2017-7#1" in {own.provision for own in chosen.limits if own.rules}
    assert {own.until for own in chosen.limits if own.rules} == {REGULATION_END}
    assert (
        "counsel has chosen this reading" in chosen._repr_html_()
        and "the earliest limit governs" not in chosen._repr_html_()
    )
