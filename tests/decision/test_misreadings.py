"""Answers that were misread: what they say now, in words."""

from __future__ import annotations

from typing import Any

import pytest

import comity
from comity.decision.card import HOLD_AND_TRANSFER
from comity.decision.decision import Decision
from comity.present.page import as_text

RELEASE = "2025-11-07T15:00:00-05:00"
CHARGED = {"charges": [{"offense": "fraud", "grade": "felony", "classes": [], "pending": True}]}


def decision_of(place: str, asks: list[str], **facts: Any) -> Decision:
    request = {"asks": asks, "form": "i247a", "warrants": [{"kind": "i200", "signed": True}]}
    rest = {"subject": {"citizenship": "none_claimed"}, **facts}
    return comity.decide({"place": place, "at": "2025-11-07T12:00:00-05:00", "request": request, **rest})


def card(decision: Decision) -> str:
    return " ".join(as_text(decision.page()).split())


def test_a_handover_that_was_not_asked_for_says_how_it_relates_to_the_hold() -> None:
    decision = decision_of("us/nc/wake", ["hold"], **CHARGED)
    assert (decision.outcome("hold"), decision.outcome("transfer")) == ("required", "unaddressed")
    assert f"no rule applies hand the person over {HOLD_AND_TRANSFER}" in card(decision)
    asked = decision_of("us/nc/wake", ["hold", "transfer"], **CHARGED)
    assert asked.outcome("transfer") == "unaddressed" and HOLD_AND_TRANSFER not in card(asked)
    not_held = decision_of("us/nc/wake", ["notify"], **CHARGED)
    assert not_held.outcome("hold") == "unaddressed" and HOLD_AND_TRANSFER not in card(not_held)


def test_a_charge_that_is_listed_is_asked_about_in_words_that_say_why() -> None:
    decision = decision_of("us/nc/wake", ["hold"], charges=[{"offense": "fraud", "grade": "felony", "classes": []}])
    [missing] = [item for item in decision.actions["hold"].missing if item.fact.endswith(".pending")]
    assert missing.question == "Is the charge still pending, and not yet dismissed or decided?"


@pytest.mark.parametrize(
    ("place", "at", "request_facts", "says"),
    [
        ("us/nc/wake", RELEASE, {"asks": ["hold"]}, "Yes, and law here requires it until Sunday 2025-11-09, 15:00 EST at the latest."),
        ("us/nc/wake", RELEASE, {"asks": ["notify"]}, "No: the request asks for no hold."),
        ("us/il/cook", RELEASE, {"asks": ["hold"]}, "No: do not keep the person past Friday 2025-11-07, 14:00 CST."),
        ("us/wy/teton", "2025-11-07T13:00:00-07:00", {"asks": ["hold"]}, "Yes, if the agency so decides until Sunday"),
        ("us/wy/albany", "2025-11-07T13:00:00-07:00", {"asks": ["hold"]}, "No rule here says yes or no; a hold could last until Sunday"),
    ],
)  # fmt: skip
def test_the_clock_says_first_whether_the_person_may_be_kept_and_until_when(
    place: str, at: str, request_facts: dict[str, Any], says: str
) -> None:
    clock = comity.clock_hold({
        "place": place, "at": at, "request": {"form": "i247a", "warrants": [{"kind": "i200", "signed": True}], **request_facts},
        "subject": {"citizenship": "none_claimed"}, "custody": {"release_eligible_at": at}, "agency": {"kind": "sheriff"}, **CHARGED,
    })  # fmt: skip
    text = " ".join(as_text(clock.page()).split())
    assert f"May the person be kept? {says}" in text


def test_the_clock_says_that_the_time_is_over() -> None:
    clock = comity.clock_hold({
        "place": "us/wy/teton", "at": "2025-11-12T13:00:00-07:00", "request": {"form": "i247a", "asks": ["hold"], "warrants": []},
        "subject": {"citizenship": "none_claimed"}, "agency": {"kind": "sheriff"},
        "custody": {"release_eligible_at": "2025-11-07T13:00:00-07:00", "assumed_at": "2025-11-11T13:00:00-07:00"},
    })  # fmt: skip
    assert "May the person be kept? No longer: the hold had to end by Sunday" in " ".join(as_text(clock.page()).split())


@pytest.mark.parametrize("day", ["2025-01-06", "2025-11-07"])
def test_a_duty_that_waits_for_an_officials_order_says_so(day: str) -> None:
    request = {"asks": ["hold"], "form": "i247a", "warrants": [{"kind": "i200", "signed": True}]}
    facts = {"request": request, "subject": {"citizenship": "none_claimed"}, **CHARGED}
    decision = comity.decide({"place": "us/nc/wake", "at": f"{day}T12:00:00-05:00", **facts})
    assert decision.outcome("hold") == "required" and decision.actions["hold"].decider == "a judicial official"
    assert "MUST hold past release once a judicial official has ordered it" in card(decision)
    full = " ".join(as_text(decision.page(full=True)).split())
    assert "Not before - a judicial official has ordered it" in full
    assert decision.actions["notify"].decider == ""
    law = " ".join(as_text(comity.law_at("us/nc/wake", on=day).page()).split())
    assert "once a judicial official has ordered it (N.C.G.S. 162-62(b1)" in law


def test_a_duty_that_another_law_imposes_at_once_waits_for_nobody() -> None:
    decision = decision_of("us/tx/travis", ["hold"], **CHARGED)
    assert decision.outcome("hold") == "required" and decision.actions["hold"].decider == ""
