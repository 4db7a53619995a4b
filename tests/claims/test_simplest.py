"""The simplest request has the first member of each choice and the least number for which the claim is shown."""

from __future__ import annotations

from comity.claims.simplest import simplest
from comity.claims.witness import Values
from comity.facts.kinds import KnownList, KnownSet
from tests.law.small_law import vocabulary

FOUND: Values = {
    "subject.age": 40,
    "request.form": "i247x",
    "request.asks": KnownSet(frozenset({"hold"})),
    "convictions": KnownList(({"grade": "felony", "days_incarcerated": 9},)),
}


def test_where_anything_will_do_the_first_is_taken() -> None:
    found = simplest(FOUND, lambda _: True, vocabulary())
    assert found == {
        "subject.age": 0,
        "request.form": "i247_pre2010",
        "request.asks": KnownSet(frozenset({"hold"})),
        "convictions": KnownList(({"grade": "infraction", "days_incarcerated": 0},)),
    }


def test_what_matters_stays_as_it_must_be() -> None:
    assert simplest(FOUND, lambda values: values["subject.age"] >= 18, vocabulary())["subject.age"] == 18
    assert (
        simplest(FOUND, lambda values: values["convictions"] == FOUND["convictions"], vocabulary())["convictions"]
        == FOUND["convictions"]
    )
