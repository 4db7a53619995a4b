"""Values that callers really give, and that must be read for what they are or refused in words; and what a law keeps of them."""

from __future__ import annotations

import gc
import time
import weakref
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import polars as pl
import pytest
from msgspec import structs

import comity
from comity.api import load
from comity.decision.held_law import held_law
from comity.engine.compiled.reader import RequestReader
from comity.facts.request import FINDINGS_MAX, READ_AS
from comity.session import Law

LAW = Law(load())
PLACE, AT = "us/fl/miami-dade", "2017-01-20T09:00:00-05:00"
NEW_YORK = ZoneInfo("America/New_York")


class Form(str, Enum):  # noqa: UP042  a member of such a class prints as Form.I247D
    """A form as callers may have it."""

    I247D = "i247d"


class Text(str):
    """A text of another class."""


class Age(int):
    """A number of another class."""


class Nowhere(tzinfo):
    """A time zone that does not know its offset."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return None


def request(**sections: Any) -> dict[str, Any]:
    return {"place": PLACE, "at": AT, **sections}


def refusal(document: Any) -> str:
    with pytest.raises(comity.InputFault) as fault:
        LAW.decide(document)
    with pytest.raises(comity.InputFault) as same:
        LAW.outcomes(document)
    assert str(same.value) == str(fault.value)
    return str(fault.value)


def cycle() -> dict[str, Any]:
    inside: dict[str, Any] = {}
    inside["partial"] = inside
    return inside


def deep() -> list[Any]:
    value: list[Any] = []
    for _ in range(3_000):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ({"request": {"form": Form.I247D}}, {"request": {"form": "i247d"}}),
        ({"request": {"form": Text("i247d")}}, {"request": {"form": "i247d"}}),
        ({"request": {"asks": [Text("hold")]}}, {"request": {"asks": ["hold"]}}),
        ({"request": {"asks": np.array(["hold"])}}, {"request": {"asks": ["hold"]}}),
        ({"request": {"asks": {"partial": np.array(["hold"])}}}, {"request": {"asks": {"partial": ["hold"]}}}),
        ({"subject": {"age": np.int64(30)}}, {"subject": {"age": 30}}),
        ({"subject": {"age": Age(30)}}, {"subject": {"age": 30}}),
        ({"convictions": [{"offense": Form.I247D and Text("robbery")}]}, {"convictions": [{"offense": "robbery"}]}),
        ({"request": {"warrants": [{"signed": np.bool_(True)}]}}, {"request": {"warrants": [{"signed": True}]}}),
        ({"custody": {"partial": None}}, {}),
        ({"at": datetime(2017, 1, 20, 9, tzinfo=NEW_YORK)}, {}),
        ({"at": pd.Timestamp(AT)}, {}),
    ],
)
def test_a_value_of_another_class_is_read_as_the_plain_one(given: dict[str, Any], plain: dict[str, Any]) -> None:
    decisions = [LAW.decide(request(**plain)), *(LAW.decide(request(**given)) for _ in range(2))]
    general = LAW.decide(MappingProxyType(request(**given)))
    assert decisions[0] == decisions[1] == decisions[2] == general
    assert type(decisions[1].at) is datetime and decisions[1].proof == general.proof


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (request(subject={"age": 10**30}), "subject.age is a number of more than 15 digits"),
        (request(subject={"age": 10**5_000}), "subject.age is a number of more than 15 digits"),
        (request(subject={"age": Decimal("NaN")}), "subject.age is NaN"),
        (request(subject={"age": deep()}), "subject.age is [[["),
        (request(request={"form": cycle()}), "request.form cannot be \"{'partial'"),
        (request(request={"form": object()}), 'request.form cannot be "a value of type object"'),
        (request(convictions=pd.DataFrame({"a": [1]})), "convictions must be a list"),
        (request(convictions=[{1: 2}]), "a field of convictions[0] is named by 1"),
        (request(agency={"name": "\ud800"}), "holds half of a character pair"),
        (request(agency={"name": "x" * 10_001}), "agency.name has more than 10,000 characters"),
        (request(convictions=[{}] * 100_001), "convictions has more than 100,000 entries"),
        ({**request(), 1: 2}, "a fact is named by 1"),
        ({**request(), pd.NaT: 2}, "a fact is named by NaT"),
        ({**request(), Fraction(1, 3): {}}, "a fact is named by 1/3"),
        ({**request(), "x" * 100_000: 1}, "there is no fact"),
        ({**request(), "place": pl.DataFrame({"a": [1]})}, 'there is no place "a value of type DataFrame"'),
        ({**request(), "place": np.array(["us", "us"])}, "there is no place"),
        ({**request(), "at": pd.Series([AT])}, "which is no moment"),
        ({**request(), "at": datetime(2017, 1, 20, tzinfo=Nowhere())}, "a moment without an offset"),
        ({**request(), "at": f"2017-01-20T09:00:00.{'0' * 1_000}-05:00"}, "which is no moment"),
        ({**request(), "agency": {"kind": np.array(["a", "b"])}}, "agency.kind cannot be"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_refused_in_short_lines(document: Any, says: str) -> None:
    started = time.process_time()
    text = refusal(document)
    assert says in text and len(text) < 1_000 and time.process_time() - started < 2


def test_a_request_full_of_faults_names_some_of_them_soon() -> None:
    started = time.process_time()
    faulty = {f"fact{number}": 1 for number in range(20_000)}
    for document in (faulty, {"convictions": [{"offence": 1}] * 20_000}, {"convictions": [faulty]}):
        lines = refusal({**request(), **document}).split("\n")
        assert 50 <= len(lines) <= 51
    assert time.process_time() - started < 4


def test_moments_that_are_equal_are_told_apart() -> None:
    """The hour that comes twice in autumn, and one moment written with two offsets."""
    first, second = (datetime(2017, 11, 5, 1, 30, tzinfo=NEW_YORK, fold=fold) for fold in (0, 1))
    assert first == second
    moments = [LAW.decide(request(), at=at).at.isoformat() for at in (first, second)]
    assert moments == ["2017-11-05T01:30:00-04:00", "2017-11-05T01:30:00-05:00"]
    same = datetime(2017, 1, 20, 14, tzinfo=UTC)
    for moment in (same, same.astimezone(timezone(timedelta(hours=-5)))):
        assert LAW.decide(request(), at=moment).at.isoformat() == moment.isoformat()
        eligible = LAW.decide(request(custody={"release_eligible_at": moment}))
        general = LAW.decide(MappingProxyType(request(custody={"release_eligible_at": moment})))
        assert eligible.proof == general.proof


def test_a_place_given_as_an_empty_array_is_refused_by_the_clock() -> None:
    with pytest.raises(comity.InputFault, match="a request is a mapping"):
        LAW.clock(np.array([]))  # type: ignore[arg-type]
    with pytest.raises(comity.InputFault, match="there is no place"):
        LAW.clock(place=np.array(["us", "us"]), eligible_at=AT)  # type: ignore[arg-type]


def test_a_stack_that_is_no_longer_kept_is_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each place holds on to the stacks of its days, also to those that were taken out to make room."""
    monkeypatch.setattr("comity.decision.held_law.STACKS_MAX", 3)
    held = held_law(structs.replace(LAW.library))
    freed = weakref.ref(held.places[PLACE, "", ""].on[date(2017, 1, 20)][0])
    for place in ("us/ca/los-angeles", "us/il/cook", "us/ny/new-york-city", "us/tx/harris"):
        held.places[place, "", ""].on[date(2017, 1, 20)]
    gc.collect()
    assert freed() is None


def tables_of(reader: RequestReader) -> list[dict[Any, Any]]:
    names = (*reader.source.names.values(), *reader.source_of_outcomes.names.values())
    return [table for table in names if isinstance(table, dict)]


def test_a_long_text_and_a_long_set_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    document = request(agency={"name": "x" * 5_000}, request={"asks": ["hold"] * 50_000})
    assert LAW.decide(document).outcome("hold") == LAW.decide(MappingProxyType(document)).outcome("hold")
    assert LAW.outcomes(document) == LAW.outcomes(MappingProxyType(document))
    prepared, reader = held_law(LAW.library).places[PLACE, "", ""].on[date(2017, 1, 20)]
    tables = tables_of(reader)
    keys = [key for table in tables for key in table]
    assert prepared and keys and not [key for key in keys if isinstance(key, str | tuple) and len(key) > 1_000]


def test_many_notes_are_cut_and_stop_no_reading() -> None:
    plain = LAW.decide(request(convictions=[{"grade": "misdemeanor"}] * 500))
    noted = LAW.decide(request(convictions=[{"grade": "a misdemeanor"}] * 500))
    notes = [finding for finding in noted.findings if finding.code == READ_AS]
    assert len(notes) == FINDINGS_MAX + 1 and "further values" in notes[-1].message
    assert noted.actions == plain.actions


def test_a_list_that_is_nested_in_itself_is_refused() -> None:
    nested: dict[str, Any] = {}
    nested["partial"] = nested
    assert "must be a list" in refusal(request(convictions=nested))


def test_an_object_with_many_or_long_keys_is_not_kept() -> None:
    with_keys = request(custody={f"{'x' * 50}{number}": None for number in range(500)})
    LAW.outcomes(with_keys)
    _, reader = held_law(LAW.library).places[PLACE, "", ""].on[date(2017, 1, 20)]
    tables = tables_of(reader)
    assert tables and not [key for table in tables for key in table if isinstance(key, tuple) and len(key) > 400]
