"""Local times without an offset: read at the place of the request, and refused where the clocks showed them twice or never."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from comity.api import load
from comity.decision.request import decided
from comity.facts.request import READ_AS

LIBRARY = load()
FORM = {"form": "i247a"}


def decide(document: dict[str, Any]) -> Any:
    return decided({"place": "us/tx/harris", "request": FORM, **document}, LIBRARY)


def test_a_local_time_is_read_at_the_place() -> None:
    decision, _ = decide({"at": "2026-11-25 02:00", "custody": {"release_at": "2026-11-25 18:00"}})
    plain, _ = decide(
        {"at": "2026-11-25T02:00:00-06:00", "custody": {"release_eligible_at": "2026-11-25T18:00:00-06:00"}}
    )
    assert decision.at == datetime.fromisoformat("2026-11-25T02:00:00-06:00")
    assert [limit.until for limit in decision.limits] == [limit.until for limit in plain.limits] != []
    assert decision.proof.request == plain.proof.request and not plain.findings
    assert {finding.code for finding in decision.findings} == {READ_AS} and len(decision.findings) == 3


@pytest.mark.parametrize(
    ("text", "help"), [("2026-11-01 01:30", "it occurred twice"), ("2026-03-08 02:30", "there was no such time")]
)
def test_a_time_that_came_twice_or_never_is_a_finding(text: str, help: str) -> None:
    for document in (
        {"at": text},
        {"at": "2026-11-25 02:00", "custody": {"release_eligible_at": text}},
        {"at": "2026-11-25 02:00", "request": {**FORM, "warrants": [{"received_at": text}]}},
        {"at": "2026-11-25 02:00", "request": {**FORM, "warrants": {"partial": [{"received_at": text}]}}},
    ):
        decision, (finding,) = decide(document)
        assert decision is None and finding.code == "no-offset" and help in finding.help


def test_a_naive_value_of_python_is_still_a_fault() -> None:
    assert decide({"at": datetime(2026, 11, 25, 2)})[1][0].code == "no-offset"


def test_only_forms_in_use_on_the_day_are_suggested() -> None:
    _, (finding,) = decide({"at": "2026-11-25 02:00", "request": {"form": "I-247 D old"}})
    assert finding.help == "one of i247a, i247g, other"
    _, (finding,) = decide({"at": "2017-01-20 02:00", "request": {"form": "i247"}})
    assert "i247d" in finding.help and "i247a" not in finding.help


def test_synonyms_decide_as_the_words_of_the_vocabulary() -> None:
    listed = [{"offense": "DWI", "grade": "Misdemeanor", "date": "2019-03-02"}]
    plain = [{"offense": "dui", "grade": "misdemeanor", "convicted_on": "2019-03-02"}]
    at = "2026-11-25T02:00:00-06:00"
    read, _ = decide({"at": at, "request": {"form": "Form I-247A"}, "convictions": listed})
    written, _ = decide({"at": at, "convictions": plain})
    assert read.actions == written.actions and read.proof.request == written.proof.request
    assert len(read.findings) == 4
