"""What is known of a request: each kind of fact read, each fault a finding, nothing half-read."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.facts.kinds import KnownList, KnownSet
from comity.facts.request import derive_days, flatten, read_values
from comity.facts.vocabulary import read_vocabulary

VOCABULARY = read_vocabulary(Path(__file__).parents[2] / "policies")[0]
NOON = datetime.fromisoformat("2017-01-20T12:00:00-05:00")


def read(document: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    values, findings = read_values(flatten(document, VOCABULARY), VOCABULARY, "request")
    return values, [finding.code for finding in findings]


def test_a_whole_request() -> None:
    values, codes = read(
        {
            "request": {"form": "i247d", "asks": ["hold", "notify"], "reimbursement_agreed": False},
            "request.warrants": [{"kind": "i200", "signed": True}],
            "convictions": {"partial": [{"offense": "robbery", "convicted_on": "2009-03-02"}]},
            "charges": [],
            "subject": {"age": 34, "gang_member": None},
        }
    )
    assert codes == []
    assert values["request.asks"] == KnownSet(frozenset({"hold", "notify"}))
    assert values["convictions"] == KnownList(({"offense": "robbery", "convicted_on": date(2009, 3, 2)},), False)
    assert values["charges"] == KnownList((), True)
    assert values["subject.age"] == 34 and "subject.gang_member" not in values


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"request": {"fom": "i247d"}}, "unknown-fact"),
        ({"convictions": [{"offens": "robbery"}]}, "unknown-fact"),
        ({"request": {"form": "i247z"}}, "unknown-choice"),
        ({"request": {"asks": ["holt"]}}, "unknown-choice"),
        ({"request": {"asks": "hold"}}, "not-a-set"),
        ({"request": {"signed": 0}}, "not-a-truth"),
        ({"request": {"signed": "false"}}, "not-a-truth"),
        ({"subject": {"age": -1}}, "not-a-number"),
        ({"subject": {"age": True}}, "not-a-number"),
        ({"subject": {"age": 34.5}}, "not-a-number"),
        ({"custody": {"arrested_on": "2017-02-30"}}, "not-a-day"),
        ({"custody": {"release_eligible_at": "2017-01-20T09:00:00"}}, "no-offset"),
        ({"custody": {"release_eligible_at": "tomorrow"}}, "moment"),
        ({"convictions": "robbery"}, "not-a-list"),
        ({"convictions": ["robbery"]}, "not-a-record"),
        ({"agency": {"name": " "}}, "not-a-name"),
    ],
)
def test_a_fault_is_a_finding_and_the_fact_is_left_out(document: dict[str, Any], code: str) -> None:
    values, codes = read(document)
    assert codes == [code]
    assert not [value for value in values.values() if not isinstance(value, KnownList)]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(VOCABULARY.facts), ANYTHING, max_size=4))
def test_nothing_raises(document: dict[str, Any]) -> None:
    values, findings = read_values(flatten(document, VOCABULARY), VOCABULARY, "request")
    assert len(values) <= len(document) * 3 and all(finding.message for finding in findings)


def test_a_moment_gives_its_local_day() -> None:
    late = datetime.fromisoformat("2017-01-21T02:30:00+00:00")  # still the 20th in Miami
    values, findings = derive_days({"custody.release_eligible_at": late}, "America/New_York", NOON, "request")
    assert findings == [] and values["custody.release_eligible_on"] == date(2017, 1, 20)
    assert values["decision.on"] == date(2017, 1, 20)


def test_a_day_that_contradicts_its_moment_is_a_finding() -> None:
    given_values = {"custody.release_eligible_at": NOON, "custody.release_eligible_on": date(2017, 1, 19)}
    assert [finding.code for finding in derive_days(given_values, "America/New_York", NOON, "request")[1]] == [
        "day-and-moment"
    ]
