"""Each claim of the closed list, in the sentence that it proves; and what a witness and an unsettled question are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from comity.claims import claims
from comity.claims.claims import Verdict
from comity.claims.prover import Prover
from comity.claims.witness import Disagreement, reduced, witness
from comity.engine.solver.views import Found, View
from comity.facts.kinds import KnownList, KnownSet
from comity.finding import Place
from comity.language.parse import parse
from comity.law.in_force import in_force
from comity.law.instrument import Instrument
from comity.law.library import Library
from tests.law.small_law import act, gazetteer, vocabulary

PLACE, DAY = "us/fl/miami-dade", date(2016, 6, 1)
GRAVE = 'convictions.exists(c, c.offense == "robbery" && c.grade == "felony")'


def prover(*acts: Instrument) -> Prover:
    return Prover(
        in_force(Library(vocabulary(), gazetteer(), {}, {instrument.id: instrument for instrument in acts}), PLACE, DAY)
    )


def ordinance(*effects: str, **front: Any) -> Instrument:
    return act(f"{PLACE}/ordinance", "ordinance", *effects, **front)


def about(verdicts: Sequence[Verdict], name: str) -> Verdict:
    return next(verdict for verdict in verdicts if verdict.about.endswith(name))


def condition(text: str) -> Any:
    parsed, findings = parse(text, Place("test", 1, 1))
    assert parsed and not findings
    return parsed.condition


def test_whenever_a_hold_is_asked_for_law_answers() -> None:
    verdict = about(list(claims.total(prover(ordinance(f"only hold when {GRAVE}")))), "hold")
    assert verdict.holds is True and verdict.example is None


def test_a_request_may_ask_for_a_hold_where_law_says_nothing() -> None:
    verdict = about(list(claims.total(prover(ordinance(f"permits hold when {GRAVE}")))), "hold")
    assert verdict.holds is False
    assert verdict.example == {"request.asks": KnownSet(frozenset({"hold"}), whole=False), "convictions": KnownList(())}


def test_law_never_both_requires_and_forbids_a_hold() -> None:
    ordered = prover(
        ordinance("requires hold when asked"), act("us/fl/statute", "statute", f"forbids hold when {GRAVE}")
    )
    assert about(list(claims.unambiguous(ordered)), "hold").holds is True


def test_two_sections_of_one_ordinance_collide() -> None:
    verdict = about(
        list(claims.unambiguous(prover(ordinance("requires hold when asked", f"forbids hold when {GRAVE}")))), "hold"
    )
    assert verdict.holds is False and verdict.provisions == (f"{PLACE}/ordinance#1", f"{PLACE}/ordinance#2")
    assert verdict.example == {
        "request.asks": KnownSet(frozenset({"hold"}), whole=False),
        "convictions": KnownList(({"offense": "robbery", "grade": "felony"},), whole=False),
    }


def test_each_provision_affects_some_request() -> None:
    found = list(
        claims.live(prover(ordinance("requires hold when asked", f"permits notify when {GRAVE}", "advises hold")))
    )
    assert [verdict.holds for verdict in found] == [True, True, True]
    assert found[1].example == {"convictions": KnownList(({"offense": "robbery", "grade": "felony"},), whole=False)}


def test_a_provision_that_affects_no_request_is_dead() -> None:
    dead = "subject.age < 18 && subject.age >= 21"
    found = list(
        claims.live(
            prover(
                ordinance(f"requires hold when {dead}", "forbids notify"),
                act("us/fl/statute", "statute", "requires notify"),
            )
        )
    )
    assert about(found, "ordinance#1").holds is False  # nobody is both
    assert about(found, "ordinance#2").holds is False  # it always yields


def test_a_permission_under_a_duty_that_always_stands_is_dead() -> None:
    found = list(claims.live(prover(ordinance("permits hold", "forbids hold"))))
    assert about(found, "#1").holds is False and about(found, "#2").holds is True


def test_a_duty_that_always_yields_conflicts_with_higher_law() -> None:
    statute = act("us/fl/statute", "statute", "requires hold when asked")
    verdict = about(
        list(claims.conflicts(prover(statute, ordinance(f"forbids hold when asked && {GRAVE}", "forbids hold")))), "#1"
    )
    assert verdict.holds is False and verdict.provisions == ("us/fl/statute#1",)
    assert verdict.example and set(verdict.example) == {"request.asks", "convictions"}


def test_a_duty_that_only_repeats_still_higher_law_conflicts_where_it_yields() -> None:
    """Every duty to hold yields to the Constitution for a citizen; a ban that yields to the duty for everybody else never prevails."""
    citizens = act("us/citizens", "constitution", "forbids hold when subject.age < 18")
    statute = act("us/fl/statute", "statute", "requires hold")
    verdict = about(list(claims.conflicts(prover(citizens, statute, ordinance("forbids hold")))), "ordinance#1")
    assert verdict.holds is False and verdict.provisions == ("us/fl/statute#1",)
    assert (
        about(list(claims.conflicts(prover(citizens, statute, ordinance("forbids hold")))), "statute#1").holds is True
    )
    partial = ordinance("forbids hold when subject.age < 18")  # it never yields
    assert about(list(claims.conflicts(prover(citizens, statute, partial))), "ordinance#1").holds is True


def test_conflicts_can_be_looked_for_in_one_instrument() -> None:
    statute = act("us/fl/statute", "statute", "requires hold when asked", "requires notify when asked")
    other = act(f"{PLACE}/order", "ordinance", f"forbids notify when asked && {GRAVE}")
    both = prover(statute, ordinance(f"forbids hold when asked && {GRAVE}"), other)
    assert {verdict.about for verdict in claims.conflicts(both)} == {f"{PLACE}/order#1", f"{PLACE}/ordinance#1"}
    [verdict] = claims.conflicts(both, instrument=f"{PLACE}/ordinance")
    assert verdict.about == f"{PLACE}/ordinance#1" and verdict.holds is False


def test_a_duty_that_stands_for_some_requests_does_not_conflict() -> None:
    statute = act("us/fl/statute", "statute", "requires hold when asked")
    assert about(list(claims.conflicts(prover(statute, ordinance("forbids hold")))), "#1").holds is True


def test_a_hold_is_never_required() -> None:
    verdict = claims.never(prover(ordinance(f"only hold when {GRAVE}")), action="hold", outcome="required")
    assert verdict.holds is True


def test_a_hold_is_required_for_some_request() -> None:
    verdict = claims.never(
        prover(ordinance("requires hold when asked")),
        action="hold",
        outcome="required",
        when=condition("subject.age < 18"),
    )
    assert verdict.holds is False and verdict.provisions == (f"{PLACE}/ordinance#1",)
    assert verdict.example == {"request.asks": KnownSet(frozenset({"hold"}), whole=False), "subject.age": 0}


def test_where_a_condition_is_so_a_hold_is_always_forbidden() -> None:
    proven = prover(ordinance(f"only hold when {GRAVE}"))
    assert (
        claims.implies(proven, when=condition("!convictions.exists(c, true)"), action="hold", outcome="forbidden").holds
        is True
    )
    refuted = claims.implies(proven, when=condition("subject.age >= 18"), action="hold", outcome="forbidden")
    assert refuted.holds is False and refuted.example
    assert proven.possible("hold", refuted.example) == ("permitted",)


def test_a_count_of_two_can_happen_with_two_records() -> None:
    """With one record to a question, two could never be found: a false proof."""
    two = 'convictions.count(c, c.offense == "theft") >= 2'
    assert (
        claims.never(prover(ordinance(f"requires hold when {two}")), action="hold", outcome="required").holds is False
    )
    both = f'{two} && convictions.count(c, c.offense == "theft" && c.grade == "felony") < 1'
    assert (
        claims.never(prover(ordinance(f"requires hold when {both}")), action="hold", outcome="required").holds is False
    )


def test_what_is_not_settled_in_time_is_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(View, "find", lambda self, wanted: Found(None, settled=False))
    unsettled = prover(ordinance("requires hold when asked"))
    assert about(list(claims.total(unsettled)), "hold").holds is None
    assert about(list(claims.live(unsettled)), "#1").holds is None
    assert claims.never(unsettled, action="hold", outcome="required").holds is None


def test_a_witness_that_the_plain_engine_does_not_confirm_is_a_fault_of_our_own() -> None:
    with pytest.raises(Disagreement):
        witness({"subject.age": 30}, lambda values: False, vocabulary(), DAY)


def test_a_witness_is_reduced_to_what_matters() -> None:
    found = {
        "subject.age": 12,
        "request.signed": True,
        "request.asks": KnownSet(frozenset({"hold", "notify", "transfer"})),
        "charges": KnownList(()),
        "convictions": KnownList(({"offense": "theft"}, {"offense": "robbery", "grade": "felony", "juvenile": False})),
    }

    def shows(values: Any) -> bool:
        asks, convictions = values.get("request.asks"), values.get("convictions")
        grave = convictions and any(
            record.get("offense") == "robbery" and "grade" in record for record in convictions.items
        )
        return bool(asks and "hold" in asks.members and grave and values.get("charges") == KnownList(()))

    assert reduced(found, shows, vocabulary()) == {
        "request.asks": KnownSet(frozenset({"hold"}), whole=False),
        "charges": KnownList(()),
        "convictions": KnownList(({"offense": "robbery", "grade": "felony"},), whole=False),
    }
