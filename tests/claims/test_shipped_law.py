"""What is proved of the shipped law, at every place that made law and in every span between two changes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

import pytest
from msgspec import structs

from comity.api import load
from comity.authoring.required_claims import YIELDS, check_claims
from comity.claims import claims
from comity.claims.prover import DECIDED_ON, Prover
from comity.law.calendar import Calendar
from comity.law.in_force import Agency
from comity.law.precedence import OrderedEffect

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

OF_DAYS = re.compile(r"Day\(|Shift\(|(_on|_at|\.on)'")
PROVED: set[object] = set()  # laws, and the law on each action, that were found to be as they must


def laws() -> Iterator[tuple[str, date]]:
    for place in sorted({instrument.jurisdiction for instrument in LIBRARY.instruments.values()}):
        calendar = Calendar(LIBRARY, place, Agency())
        yield from ((place, calendar.begins(span)) for span in range(len(calendar.days) + 1))


@pytest.mark.parametrize(("place", "day"), list(laws()), ids=str)
def test_no_two_duties_collide_and_none_always_yields(place: str, day: date) -> None:
    """At the default limits nothing is left unsettled; a place that would fail here says in its file why the real law does.

    A law whose effects and facts are those of another is the same law to the prover, and is proved once; so is the law on an action.
    """
    prover = Prover(calendar_of(place).stack(day))
    law = as_proved(prover.stack.standing, prover)
    if law in PROVED:
        return
    assert {verdict.about: verdict.holds for verdict in claims.unambiguous(prover) if verdict.holds is not True} == {}
    assert {verdict.about: verdict.holds for verdict in claims.dutiful(prover) if verdict.holds is not True} == {}
    assert {
        verdict.about: verdict.holds
        for verdict in claims.conflicts(prover)
        if verdict.holds is not True and verdict.about not in EXPLAINED
    } == {}
    for action in prover.actions:
        if (part := law_on(action, prover)) not in PROVED:
            assert (
                claims.never(prover, action=action, outcome="unaddressed", when=claims.asks_for(action)).holds
                is not None
            )
            PROVED.add(part)
    assert {verdict.about for verdict in claims.live(prover, examples=False) if verdict.holds is not True} <= EXPLAINED
    PROVED.add(law)


@cache
def calendar_of(place: str) -> Calendar:
    return Calendar(LIBRARY, place, Agency())


def law_on(action: str, prover: Prover) -> tuple[object, ...]:
    """The law on an action as the prover sees it: its effects, each by its place among them, and the facts."""
    places = {index: place for place, index in enumerate(prover.solver.of_action(action))}
    effects = (prover.stack.standing[index] for index in places)
    renumbered = tuple(
        structs.replace(effect, yields_to=tuple(structs.replace(to, to=places[to.to]) for to in effect.yields_to))
        for effect in effects
    )
    return action, as_proved(renumbered, prover)


def as_proved(effects: Sequence[OrderedEffect], prover: Prover) -> tuple[object, ...]:
    """All that a proof about some effects depends on. The day is one such thing where a condition speaks of days."""
    facts = {path: value for path, value in prover.stack.facts.items() if path != DECIDED_ON}
    of_days = any(OF_DAYS.search(repr(effect.when)) for effect in effects)
    return tuple(effects), repr(facts), prover.stack.day if of_days else None


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
