"""A decision says what its place is where the name could mislead, and asks for the county where that matters."""

from __future__ import annotations

from typing import Any

import pytest

import comity
from comity.decision.incoming import incoming
from comity.decision.request import decided, decided_of
from comity.finding import InputFault
from comity.law.cache import load

LIBRARY = load()[0]
AT = "2026-11-25T09:00:00-06:00"


def request_at(place: str, **facts: Any) -> dict[str, Any]:
    return {"place": place, "at": AT, "request": {"form": "i247a", "asks": ["hold"]}, **facts}


@pytest.mark.parametrize(
    ("place", "codes"),
    [
        ("us/tx/houston", ["namesake"]),
        ("us/tx/houston-county", []),
        ("us/fl/dade", ["former-place"]),
        ("us/mo/kansas-city", ["several-counties"]),
        ("us/wa/olympia", []),
        ("Harris County, TX", []),
    ],
)
def test_what_a_decision_says_of_the_name_of_its_place(place: str, codes: list[str]) -> None:
    document = request_at(place)
    quick, _ = decided(document, LIBRARY)
    arrived, _ = incoming(document, LIBRARY)
    assert quick and arrived
    assert [finding.code for finding in quick.findings] == codes
    assert quick.findings == decided_of(arrived, LIBRARY).findings


def test_a_city_without_law_of_its_own_has_the_outcomes_of_its_county() -> None:
    city, county = (decided(request_at(place), LIBRARY)[0] for place in ("us/fl/miami", "us/fl/miami-dade"))
    assert city and county and city.place == "us/fl/miami"
    assert [city.outcome(action) for action in city.actions] == [county.outcome(action) for action in county.actions]


def test_a_city_in_counties_with_different_law_is_not_decided() -> None:
    decision, findings = decided(request_at("us/tx/houston-city"), LIBRARY)
    assert decision is None and [finding.code for finding in findings] == ["which-county"]


@pytest.mark.parametrize("place", ["us/tx/houston-city", "us/wa/olimpia"])
def test_the_api_raises_for_a_place_that_cannot_be_decided(place: str) -> None:
    with pytest.raises(InputFault, match=r"us/tx/harris|us/wa/olympia"):
        comity.decide(request_at(place))
