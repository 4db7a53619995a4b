"""`import comity`: light to import, and each call answers as the command does."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import comity
from comity.law.library import Library
from comity.pages import PAGES
from comity.present.result import Presentable

ROOT = Path(__file__).parents[2]
NO_CLAIM = {"citizenship": "none_claimed"}
HEAVY = ("yaml", "duckdb", "ibis", "sqlglot", "z3", "pyarrow", "matplotlib", "rich", "django", "click", "msgspec")


@pytest.fixture(scope="module")
def library() -> Library:
    return comity.load()


def request(**more: Any) -> dict[str, Any]:
    asks = {"asks": ["hold", "notify"]}
    return {
        "place": "us/fl/miami-dade",
        "at": "2017-01-26T09:00:00-05:00",
        "request": {**asks, **more.pop("request", {})},
        "subject": NO_CLAIM,
        **more,
    }


def loaded_after(code: str) -> set[str]:
    code = f"import sys; {code}; print(*[name for name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return {*done.stdout.split()}


def test_importing_comity_imports_nothing_heavy() -> None:
    assert not {*HEAVY} & loaded_after("import comity")


def test_a_decision_needs_no_solver_no_query_engine_and_no_plotting() -> None:
    path = ROOT / "policies" / "demo" / "subject-0001.json"
    loaded = loaded_after(f"import json, comity; comity.decide(json.load(open({str(path)!r})))")
    assert not {"duckdb", "ibis", "sqlglot", "z3", "pyarrow", "matplotlib", "rich", "django"} & loaded


def test_a_decision_under_the_stored_copy_reads_no_yaml() -> None:
    comity.load()  # stores the copy
    path = ROOT / "policies" / "demo" / "subject-0001.json"
    loaded = loaded_after(f"import json, comity; comity.decide(json.load(open({str(path)!r})))")
    assert not {"yaml", "tempfile", "shutil"} & loaded


def test_rooms_are_nouns_and_functions_are_verbs() -> None:
    import comity.law.rank as rank

    assert comity.law.rank is rank and not callable(comity.law)
    assert callable(comity.law_at) and callable(comity.decide) and callable(comity.open)
    assert {*comity.__all__} <= {*dir(comity)}
    with pytest.raises(AttributeError, match="no attribute 'convince'"):
        comity.convince  # noqa: B018


@pytest.mark.parametrize(
    ("day", "hold", "notify"),
    [
        ("2013-06-03", "permitted", "unaddressed"),
        ("2015-06-01", "forbidden", "forbidden"),
        ("2017-01-25", "forbidden", "forbidden"),
        ("2017-01-26", "required", "required"),
        ("2017-03-01", "required", "required"),
        ("2020-06-01", "undetermined", "undetermined"),
    ],
)
def test_miami_dade_through_the_years(day: str, hold: str, notify: str, library: Library) -> None:
    decision = comity.decide(request(), library=library, at=f"{day}T12:00:00-05:00")
    assert (decision.outcome("hold"), decision.outcome("notify")) == (hold, notify)
    assert {*decision.actions} >= {"hold", "notify", "transfer", "interview", "share_status"}


def test_place_and_moment_of_the_call_go_before_the_documents_own(library: Library) -> None:
    decision = comity.decide(
        request(), library=library, place="us/ca/los-angeles-county", at="2017-01-27T01:00:00-05:00"
    )
    assert (decision.place, decision.day) == ("us/ca/los-angeles", date(2017, 1, 26))  # a day is a local day


def test_a_form_says_what_it_asks_where_the_request_does_not(library: Library) -> None:
    document = {
        "place": "us/fl/miami-dade",
        "at": "2017-01-26T09:00:00-05:00",
        "request": {"form": "i247d"},
        "subject": NO_CLAIM,
    }
    decision = comity.decide(document, library=library)
    assert decision.outcome("hold") == "required"
    assert decision.actions["transfer"].possible == ("required", "unaddressed")  # a hold form may ask for more
    document["request"] = {"form": "i247n"}
    assert comity.decide(document, library=library).outcome("hold") == "unaddressed"


def test_limits_end_where_their_start_is_known(library: Library) -> None:
    eligible = {"release_eligible_at": "2017-01-27T15:00:00-05:00"}
    decision = comity.decide(request(request={"form": "i247d"}, custody=eligible), library=library)
    assert {limit.provision: limit.until for limit in decision.limits} == {
        "us/8cfr287-7#1": "2017-01-31T15:00:00-05:00",
        "us/fl/miami-dade/memo-2017-01-26#3": "2017-01-31T15:00:00-05:00",
        "us/i247d#1": "2017-01-29T15:00:00-05:00",
    }
    assert not any(limit.until for limit in comity.decide(request(), library=library).limits)


def test_a_form_out_of_its_time_is_a_finding_and_is_decided_all_the_same(library: Library) -> None:
    early = comity.decide(request(request={"form": "i247a"}), library=library)
    assert [finding.code for finding in early.findings] == ["form-out-of-time"]
    assert early.outcome("hold") == "required"
    late = comity.decide(request(request={"form": "i247_2012"}), library=library)
    assert [finding.code for finding in late.findings] == ["form-out-of-time"]
    in_time = request(request={"form": "i247_2012", "received_on": "2015-07-01"})
    assert not comity.decide(in_time, library=library).findings
    last = request(request={"form": "i247_2012", "received_on": "2015-07-02"})
    assert comity.decide(last, library=library).findings


def test_what_is_known_of_the_place_tells_the_agencys_kind_from_its_name(library: Library) -> None:
    named = {"name": "Miami-Dade Corrections and Rehabilitation Department"}
    warned = comity.decide(request(), library=library, at="2013-06-03T12:00:00-04:00").actions["hold"].warnings
    sure = (
        comity.decide(request(agency=named), library=library, at="2013-06-03T12:00:00-04:00").actions["hold"].warnings
    )
    assert any("which agency received the request is not given" in warning.text for warning in warned)
    assert not any("which agency received the request is not given" in warning.text for warning in sure)


def test_without_a_moment_it_is_decided_as_of_now_and_says_so(library: Library) -> None:
    decision = comity.decide({"place": "us/fl/miami-dade"}, library=library)
    assert [(finding.code, finding.grave) for finding in decision.findings] == [("decided-as-of-now", False)]


@pytest.mark.parametrize(
    ("document", "code", "help"),
    [
        ({}, "no-place", 'write "place": "us/fl/miami-dade"'),
        ({"place": "us/fl/miami-dad"}, "unknown-place", 'did you mean "us/fl/miami-dade"?'),
        ({"place": 3}, "unknown-place", "write a path, as in us/fl/miami-dade"),
        (
            {"at": datetime(2017, 1, 26, 9)},
            "no-offset",
            "write the offset from UTC too, as in 2017-01-26T09:00:00-05:00",
        ),
        ({"at": "0001-01-01T00:00:00+12:00"}, "moment", "a moment from 1900 to 2199"),
        ({"decision": {"on": "2017-01-27"}}, "day-and-moment", "leave decision.on out"),
        ({"custody": {"release_eligible_at": "9999-12-31T23:00:00-05:00"}}, "moment", "a moment from 1900 to 2199"),
        ({"subject": {"age": -1}}, "not-a-number", "write a whole number from 0"),
        ({"subject": {"age": True}}, "not-a-number", "write a whole number from 0"),
    ],
)
def test_bad_input_raises_and_says_what_would_be_right(
    document: dict[str, Any], code: str, help: str, library: Library
) -> None:
    base = {} if code == "no-place" else {"place": "us/fl/miami-dade", "at": "2017-01-26T09:00:00-05:00"}
    with pytest.raises(comity.InputFault) as raised:
        comity.decide({**base, **document}, library=library)
    assert [(finding.code, finding.help) for finding in raised.value.findings] == [(code, help)]


def test_law_shows_what_is_in_force_and_what_is_not(library: Library) -> None:
    view = comity.law_at("us/fl/miami-dade", on="2017-01-26", library=library)
    assert [effect.provision for effect in view.actions["hold"]] == [
        "us/fl/miami-dade/memo-2017-01-26#1",
        "us/citizens#1",
    ]
    assert ("us/fl/miami-dade/r-1008-13#1", "overridden by") in [
        (effect.provision, effect.reason) for effect in view.set_aside
    ]
    assert json.loads(json.dumps(view.to_dict()))["day"] == "2017-01-26"
    before = comity.law_at("us/fl/miami-dade", on="2017-01-26", known_on="2017-01-25", library=library)
    assert {effect.effect for effect in before.actions["hold"]} == {"permits", "forbids"}


@pytest.mark.parametrize(("place", "on"), [("us/fl/lyonesse", "2017-01-26"), ("us/fl/miami-dade", "2017-02-30")])
def test_law_of_no_place_or_no_day(place: str, on: str, library: Library) -> None:
    with pytest.raises(comity.InputFault):
        comity.law_at(place, on=on, library=library)


def test_decisions_and_views_show_themselves_in_a_notebook(library: Library) -> None:
    decision = comity.decide(request(), library=library)._repr_html_()
    view = comity.law_at("us/fl/miami-dade", on="2017-01-26", library=library)._repr_html_()
    assert "<strong>MUST</strong>" in decision or "MUST</td>" in decision
    assert "<table>" in decision and "memo of 2017-01-26, paragraph 2" in decision
    assert "Required where a request asks for it (memo of 2017-01-26, paragraph 2; verified)" in view
    assert "<script" not in decision + view


def test_the_page_of_a_decision_is_the_card_and_the_full_page_has_the_grounds(library: Library) -> None:
    decision = comity.decide(request(), library=library)
    card, full = decision.to_markdown(), decision.to_markdown(full=True)
    assert "Rests on" not in card and "Rests on" in full and len(card.splitlines()) < len(full.splitlines())
    view = comity.law_at("us/fl/miami-dade", on="2017-01-26", library=library)
    assert len(view.page()) < len(view.page(full=True))
    clock = comity.clock_hold(request(), library=library)  # has one page, which is all
    assert clock.page(full=True) == clock.page()


def test_a_place_with_no_law_of_its_own_answers_from_the_law_above_it_and_says_so() -> None:
    asked = {
        "place": "us/fl/alachua",
        "at": "2020-06-01T12:00:00-04:00",
        "request": {"form": "i247a", "asks": ["hold"]},
        "subject": NO_CLAIM,
    }
    decision, view = comity.decide(asked), comity.law_at("us/fl/alachua", on="2020-06-01")
    assert decision.not_encoded == view.not_encoded == "law of Alachua County itself, of which none is encoded"
    assert decision.actions["hold"].possible == ("required", "unaddressed")  # by Florida's statute
    assert all("Alachua County not researched, none encoded" in result._repr_html_() for result in (decision, view))


def test_before_the_first_law_of_its_own_that_is_encoded_a_place_says_so_too() -> None:
    assert (
        comity.law_at("us/pa/lehigh", on="2014-05-01").not_encoded
        == "law of Lehigh County itself before 2014-05-14, of which nothing certain is encoded"
    )
    assert not comity.law_at("us/pa/lehigh", on="2014-05-14").not_encoded


@pytest.mark.parametrize(("result", "page"), PAGES.items())
def test_every_result_has_its_page(result: str, page: str) -> None:
    module, _, name = result.rpartition(".")
    assert issubclass(getattr(import_module(module), name), Presentable)
    assert callable(import_module(page).page_of)
