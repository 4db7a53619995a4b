"""What is proved of the shipped law, at every place that made law and in every span between two changes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from comity.api import load
from comity.authoring.required_claims import YIELDS, check_claims
from comity.claims import claims
from comity.claims.prover import Prover
from comity.law.calendar import Calendar
from comity.law.in_force import Agency

LIBRARY = load()
# Federal discretion to certify, and Chicago's order on it, which yield wherever a State commands its officers.
DISCRETION = {"us/8usc1184p#1", "us/8cfr214-11#1", "us/il/chicago/eo-2023-8#1"}
EXPLAINED = DISCRETION | {
    provision.id
    for instrument in LIBRARY.instruments.values()
    for note in instrument.explained
    for provision in instrument.provisions
    if note.finding == YIELDS and note.covers(provision.id)
}


def laws() -> Iterator[tuple[str, date]]:
    for place in sorted({instrument.jurisdiction for instrument in LIBRARY.instruments.values()}):
        calendar = Calendar(LIBRARY, place, Agency())
        yield from ((place, calendar.begins(span)) for span in range(len(calendar.days) + 1))


@pytest.mark.parametrize(("place", "day"), list(laws()), ids=str)
def test_no_two_duties_collide_and_none_always_yields(place: str, day: date) -> None:
    """At the default limits nothing is left unsettled; a place that would fail here says in its file why the real law does."""
    prover = Prover(Calendar(LIBRARY, place, Agency()).stack(day))
    assert {verdict.about: verdict.holds for verdict in claims.unambiguous(prover) if verdict.holds is not True} == {}
    assert {verdict.about: verdict.holds for verdict in claims.dutiful(prover) if verdict.holds is not True} == {}
    assert {
        verdict.about: verdict.holds
        for verdict in claims.conflicts(prover)
        if verdict.holds is not True and verdict.about not in EXPLAINED
    } == {}
    assert all(verdict.holds is not None for verdict in claims.total(prover))
    assert {verdict.about for verdict in claims.live(prover, examples=False) if verdict.holds is not True} <= EXPLAINED


@pytest.mark.parametrize("id", sorted(LIBRARY.instruments))
def test_each_instrument_meets_what_every_instrument_must(id: str) -> None:
    assert [finding.line() for finding in check_claims(LIBRARY, LIBRARY.instruments[id])[0]] == []


def test_the_claim_that_no_duty_demands_what_is_forbidden_has_duties_to_prove_it_of() -> None:
    demanding = {
        provision.id
        for instrument in LIBRARY.instruments.values()
        for provision in instrument.provisions
        if provision.obligation and provision.obligation.demands and provision.effects[0].kind == "obliges"
    }
    assert len(demanding) >= 20
    assert {"us/fl/ch908-2019#5", "us/nc/hb318-2025#1.2", "us/nm/san-juan/settlement-2017#3"} <= demanding
