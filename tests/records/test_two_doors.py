"""A request decided alone and as a row of a table: the same outcomes, provisions and missing facts, whatever columns there are."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import comity
from comity.api import load
from comity.facts import kinds
from comity.finding import InputFault

LIBRARY = load()
VOCABULARY = LIBRARY.vocabulary
PLACES = (
    *("us/fl/miami-dade", "us/pa/lehigh", "us/pa/philadelphia", "us/ca/los-angeles", "us/tx/harris", "us/ak/anchorage"),
    *("us/nc/mecklenburg", "us/va/richmond", "us/il/cook", "us/hi/honolulu", "us/wy/laramie", "us/or/multnomah"),
)
NAMES = ("Los Angeles County Sheriff's Department", "Sheriff", "Nobody")
NAMED = sorted({name for instrument in LIBRARY.instruments.values() for name in instrument.binds})
DAYS = st.dates(date(2008, 1, 1), date(2026, 10, 1))
ACTIONS = ("hold", "notify", "transfer", "interview", "share_status")


def value_of(kind: kinds.Kind, days: st.SearchStrategy[date]) -> st.SearchStrategy[Any]:
    """Values of a kind as JSON has them."""
    match kind:
        case kinds.Truth():
            return st.booleans()
        case kinds.Number(_, minimum):
            return st.integers(minimum, minimum + 90)
        case kinds.Choice(members):
            return st.sampled_from(members)
        case kinds.Set(members):
            chosen = st.lists(st.sampled_from(members), max_size=3, unique=True)
            return chosen | chosen.map(lambda some: {"partial": some})
        case kinds.Day():
            return days.map(date.isoformat)
        case kinds.Moment():
            hours = st.tuples(days, st.integers(0, 23), st.sampled_from(("Z", "-05:00", "-08:00", "+00:00")))
            return hours.map(lambda part: f"{part[0]}T{part[1]:02}:30:00{part[2]}")
        case kinds.Records(fields):
            record = st.fixed_dictionaries({}, optional={name: value_of(field, days) for name, field in fields.items()})
            whole = st.lists(record, max_size=2)
            return whole | whole.map(lambda some: {"partial": some})
        case _:
            return st.sampled_from((*NAMES, *NAMED))


FACTS = {path: kind for path in VOCABULARY.facts if (kind := VOCABULARY.kind(path)) is not None}
DAY_FACTS = ("request.received_on", "request.received_at", "decision.on")
OTHERS = {path: value_of(kind, DAYS) for path, kind in FACTS.items() if path not in DAY_FACTS}


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """A request: its place and day, and some facts. Few facts are usual, so that law has something to ask."""
    chosen = draw(st.lists(st.sampled_from(sorted(OTHERS)), max_size=12, unique=True))
    row = {"place": draw(st.sampled_from(PLACES)), **{path: draw(OTHERS[path]) for path in chosen}}
    if draw(st.booleans()):
        row["request.form"] = draw(OTHERS["request.form"])
    received = draw(DAYS)
    given = draw(st.sampled_from(("on", "at", "both", "decided", "later")))
    if given in ("on", "both", "later"):
        row["request.received_on"] = received.isoformat()
    if given in ("at", "both"):
        zone = ZoneInfo(LIBRARY.gazetteer.places[row["place"]].zone)
        hour = draw(st.integers(0, 23))
        moment = datetime.combine(received, time(hour), zone)
        row["request.received_at"] = moment.astimezone(ZoneInfo("UTC")).isoformat()
    if given in ("decided", "later"):
        row["decision.on"] = (received + timedelta(draw(st.integers(0, 400)))).isoformat()
    return row


def cell_of(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)


def table_of(rows: list[dict[str, Any]]) -> pa.Table:
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table({name: pa.array([cell_of(row.get(name)) for row in rows], pa.string()) for name in names})


def decided_alone(row: dict[str, Any]) -> Any:
    """The decision of `decide` on a row, or the codes of what prevents one."""
    zone = ZoneInfo(LIBRARY.gazetteer.places[row["place"]].zone)
    moment = row.get("request.received_at")
    local = datetime.fromisoformat(moment).astimezone(zone).date().isoformat() if moment else None
    day = row.get("decision.on") or row.get("request.received_on") or local
    at = datetime.combine(date.fromisoformat(str(day)), time(12), zone)
    try:
        return comity.decide(dict(row), at=at, library=LIBRARY)
    except InputFault as fault:
        return {finding.code for finding in fault.findings}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(requests(), min_size=1, max_size=6))
def test_a_row_is_decided_as_the_request_is(rows: list[dict[str, Any]]) -> None:
    replay = comity.replay(table_of(rows), library=LIBRARY)
    assert replay.table is not None
    decided = {row["row"]: row for row in replay.table.to_pylist()}
    for number, row in enumerate(rows, 1):
        alone = decided_alone(row)
        if isinstance(alone, set):
            assert alone == {"day-and-moment"} and "day-and-moment" in replay.findings, (row, alone)
            continue
        for action in ACTIONS:
            answer = alone.actions[action]
            found = decided[number]
            assert tuple(found[f"{action}_possible"].split("; ")) == answer.possible, (action, row)
            assert {*found[f"{action}_determining"].split("; ")} - {""} == {*answer.determining}, (action, row)
            assert {*found[f"{action}_missing"].split("; ")} - {""} == {
                fact.fact.partition("[")[0] for fact in answer.missing
            }, (action, row)
        assert decided[number]["day"].isoformat() == alone.day.isoformat()


@pytest.mark.parametrize("path", sorted(FACTS))
@settings(max_examples=2, deadline=None)
@given(st.data())
def test_every_column_is_read_as_the_fact_is(path: str, data: st.DataObject) -> None:
    """Each fact by itself, so that no column of a table is left out."""
    value = data.draw(value_of(FACTS[path], DAYS if path not in DAY_FACTS else st.just(date(2014, 9, 1))))
    rows = [{"place": place, "request.received_on": "2014-09-01", path: value} for place in PLACES[:2]]
    replay = comity.replay(table_of(rows), library=LIBRARY)
    assert replay.table is not None
    decided = {row["row"]: row for row in replay.table.to_pylist()}
    for number, row in enumerate(rows, 1):
        alone = decided_alone(row)
        if isinstance(alone, set):
            assert alone == {"day-and-moment"} and number not in decided
        else:
            assert tuple(decided[number]["hold_possible"].split("; ")) == alone.actions["hold"].possible


def row_of(**cells: str | None) -> dict[str, str]:
    """The one row of a table that is decided at its place, or the reason why it is refused."""
    named = {name.replace("__", "."): pa.array([cell], pa.string()) for name, cell in cells.items()}
    replay = comity.replay(pa.table(named), library=LIBRARY)
    if replay.refused:
        return {refusal.code: refusal.message for refusal in replay.refused}
    return replay.table.to_pylist()[0]


def test_a_form_says_what_a_blank_cell_does_not() -> None:
    """At Lehigh County notice is owed only where it is asked for."""
    place = {"place": "us/pa/lehigh", "request.received_on": "2014-06-02"}
    asked = comity.decide({**place, "request.form": "i247_2012"}, at="2014-06-02T12:00:00-04:00", library=LIBRARY)
    for asks in (None, "", "NA"):
        row = row_of(**place, request__form="i247_2012", request__asks=asks)
        assert row["notify"] == asked.actions["notify"].outcome == "required"
    assert row_of(**place, request__form=None)["notify"] == "undetermined"  # it may be any paper
    assert row_of(date="2014-06-02", place="us/pa/lehigh")["notify"] == "required"  # of a table of detainers


def test_space_around_the_name_of_an_agency_means_nothing() -> None:
    place, at = "us/ca/los-angeles", "2015-01-05T12:00:00-08:00"
    given = [{"place": place, "agency": {"name": name}} for name in (NAMES[0], f" {NAMES[0]} ")]
    first, second = (comity.decide(request, at=at, library=LIBRARY) for request in given)
    assert first.proof == second.proof and first.actions == second.actions


def test_the_law_is_that_of_the_day_of_decision() -> None:
    """The resolution of Lehigh County is of 2014-05-14."""
    row = row_of(**{"request.received_on": "2014-05-01", "decision.on": "2014-09-01", "place": "us/pa/lehigh"})
    assert row["law"] == "us/pa/lehigh@2014-05-14" and str(row["day"]) == "2014-09-01"
    assert row_of(**{"decision.on": "2014-09-01", "place": "us/pa/lehigh"})["law"] == "us/pa/lehigh@2014-05-14"
    refused = row_of(**{"request.received_on": "2014-05-01", "decision.on": "soon", "place": "us/pa/lehigh"})
    assert refused == {"no-day": '"soon" in decision.on is no day, which is written YYYY-MM-DD'}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2014-06-02T00:00:00Z", "2014-06-01"),
        ("2014-06-02T05:00:00Z", "2014-06-02"),
        ("2014-06-02 00:00:00 UTC", "2014-06-01"),
        ("2014-06-02T00:00:00-04:00", "2014-06-02"),
        ("2014-06-02T23:30:00.123456789-07:00", "2014-06-03"),
        ("2014-06-02 13:05:09.123", "2014-06-02"),
        ("2014-06-02 1:05", "2014-06-02"),
    ],
)
@pytest.mark.parametrize("column", ["date", "request.received_at", "request.received_on", "decision.on"])
def test_a_moment_is_the_local_day_of_the_place(text: str, day: str, column: str) -> None:
    assert str(row_of(**{column: text, "place": "us/pa/lehigh"})["day"]) == day
    frame = pa.table({column: [text], "det_facility": ["LEHIGH COUNTY JAIL"], "state": ["PA"]})
    assert str(comity.replay(frame, library=LIBRARY).table.column("day")[0]) == day


def test_midnight_in_utc_that_is_another_day_is_said() -> None:
    replay = comity.replay(pa.table({"date": ["2014-06-02T00:00:00Z"], "place": ["us/pa/lehigh"]}), library=LIBRARY)
    assert replay.findings == {"midnight-utc": 1}


@pytest.mark.parametrize(
    "text", ["0001-01-01", "1753-01-01", "1899-12-30", "1900-01-01", "1904-01-01", "1970-01-01", "9999-12-31", "1850-05-05",
             "2250-01-01", "2016-02-30", "2016-13-01", "06/02/2014"],
)  # fmt: skip
def test_a_day_that_no_request_can_have_refuses_its_row(text: str) -> None:
    for column in ("date", "decision.on", "request.received_on"):
        assert set(row_of(**{column: text, "place": "us/pa/lehigh"})) == {"no-day"}


def test_a_sentinel_in_another_column_is_unknown_and_found() -> None:
    frame = pa.table({"date": ["2014-06-02"], "place": ["us/pa/lehigh"], "custody.arrested_on": ["1900-01-01"]})
    replay = comity.replay(frame, library=LIBRARY)
    assert replay.findings == {"not-a-day": 1} and replay.decided == 1
