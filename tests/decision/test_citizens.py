"""A proven citizen is held because of a request nowhere, whatever law there requires, on every engine."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import comity
from comity.engine.compiled.compiled import Compiled
from comity.engine.outcome import Outcome
from comity.engine.questions.questions import completed, known_truths, questions
from comity.engine.search.search import possible
from comity.engine.sql import select
from comity.facts.columns import facts_table
from comity.facts.request import read_values
from comity.law.in_force import in_force

LIBRARY = comity.load()
DAY = date(2026, 11, 1)
CITIZENS = "us/citizens#1"
CLAIMED = "us/citizens#2"
# Every place with law of its own in which a duty to hold is in force on DAY.
PLACES = (
    "us/fl", "us/fl/miami-dade", "us/ga", "us/ia", "us/ia/iowa-city", "us/id", "us/in", "us/in/marion", "us/ks", "us/la",
    "us/la/orleans", "us/nc", "us/nh", "us/nj", "us/nj/hudson", "us/nj/jersey-city", "us/nj/newark", "us/ok", "us/ri", "us/ri/providence-city", "us/tn", "us/tx", "us/tx/harris",
    "us/tx/houston-city", "us/tx/travis",
    "us/wv",
)  # fmt: skip
# Where a complete detainer with an officer's warrant, for a person charged with theft, must be honored.
REQUIRED = (
    "us/fl", "us/fl/miami-dade", "us/ga", "us/ia", "us/ia/iowa-city", "us/id", "us/in", "us/in/marion", "us/ks", "us/la", "us/nc",
    "us/ok", "us/tx", "us/tx/harris", "us/tx/travis",
)  # fmt: skip
REQUEST: dict[str, Any] = {
    "request": {
        "form": "i247a",
        "asks": ["hold", "notify"],
        "complete": True,
        "warrants": [{"kind": "i200", "issuer": "immigration_officer", "signed": True}],
    },
    "custody": {"stage": "pretrial", "holder": "jail"},
    "charges": [{"offense": "theft", "grade": "misdemeanor", "classes": [], "pending": True}],
    "convictions": [],
}


def asked(place: str, citizenship: str = "") -> comity.Decision:
    subject = {"citizenship": citizenship} if citizenship else {}
    document = {**REQUEST, "place": place, "at": f"{DAY}T09:00:00-05:00", "subject": {"age": 30, **subject}}
    return comity.decide(document, library=LIBRARY)


def on_every_engine(place: str, facts: dict[str, Any]) -> tuple[Outcome, ...]:
    """The possible outcomes for a hold, found alike by search, by the compiled engine and by SQL."""
    stack = in_force(LIBRARY, place, DAY)
    values, findings = read_values(facts, LIBRARY.vocabulary, "test")
    assert not findings
    whole, about = completed(stack, values), questions(stack)
    found = possible(about, "hold", known_truths(about, whole))
    compiled = Compiled(about)
    assert compiled.outcomes(compiled.decide(whole))["hold"] == found
    query = select.build_query(about, list(whole))
    [row] = select.decide_table(query, facts_table([whole], list(whole), LIBRARY.vocabulary)).to_pylist()
    assert select.outcomes_of(row["hold"]) == found
    return found


def test_the_places_are_all_in_which_law_requires_a_hold() -> None:
    places = sorted({instrument.jurisdiction for instrument in LIBRARY.instruments.values()} - {"us"})
    requiring = [
        place
        for place in places
        if any(
            (effect.kind, effect.action) == ("requires", "hold") for effect in in_force(LIBRARY, place, DAY).standing
        )
    ]
    assert tuple(requiring) == PLACES


@pytest.mark.parametrize("place", PLACES)
def test_a_proven_citizen_is_held_nowhere(place: str) -> None:
    """Nothing else need be known but that a hold is asked for; without citizenship it is open to forbidden and to required."""
    assert on_every_engine(place, {"subject.citizenship": "us_proven", "request.asks": ["hold"]}) == ("forbidden",)
    assert "required" not in on_every_engine(place, {"subject.citizenship": "us_proven"})
    assert {"forbidden", "required"} <= {*on_every_engine(place, {"request.asks": ["hold"]})}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("citizenship", ["none_claimed", "us_claimed"])
def test_who_has_not_proved_citizenship_may_have_to_be_held(place: str, citizenship: str) -> None:
    facts = {"subject.citizenship": citizenship, "request.asks": ["hold"]}
    assert "required" in on_every_engine(place, facts)


@pytest.mark.parametrize("place", REQUIRED)
def test_one_request_by_what_it_says_of_citizenship(place: str) -> None:
    outcomes = {name: asked(place, name).outcome("hold") for name in ("none_claimed", "us_claimed", "us_proven", "")}
    assert outcomes == {
        "none_claimed": "required",
        "us_claimed": "required",
        "us_proven": "forbidden",
        "": "undetermined",
    }
    proven = asked(place, "us_proven").actions["hold"]
    assert CITIZENS in proven.determining
    unsaid = asked(place).actions["hold"]
    assert [missing.fact for missing in unsaid.missing] == ["subject.citizenship"]


@pytest.mark.parametrize("place", REQUIRED)
def test_where_citizenship_is_claimed_the_first_warning_is_to_look_into_it(place: str) -> None:
    first, *_ = asked(place, "us_claimed").risks()
    assert first.provisions[0] == CLAIMED and first.counts and first.rank == 1 and not first.warned.maybe
    named = {risk.warned.provision for risk in asked(place, "none_claimed").risks()}
    assert CLAIMED not in named


def test_a_judges_warrant_for_a_crime_is_told_beside_the_answer() -> None:
    document = {
        "place": "us/nj",
        "at": f"{DAY}T09:00:00-05:00",
        "request": {"asks": ["hold"], "warrants": [{"kind": "judicial_criminal", "signed": True}]},
        "subject": {"citizenship": "us_proven"},
    }
    decision = comity.decide(document, library=LIBRARY)
    assert decision.outcome("hold") == "forbidden"
    assert decision.risks()[0].provisions == ("us/citizens#3",)
