"""Of the requests that show the same, the one with the first members and the least numbers."""

from __future__ import annotations

from comity.claims.simplest import plainest
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
    found = plainest(FOUND, lambda _: True, vocabulary())
    assert found == {
        "subject.age": 0,
        "request.form": "i247_pre2010",
        "request.asks": KnownSet(frozenset({"hold"})),
        "convictions": KnownList(({"grade": "infraction", "days_incarcerated": 0},)),
    }


def test_what_matters_stays_as_it_must_be() -> None:
    assert plainest(FOUND, lambda own: own["subject.age"] >= 18, vocabulary())["subject.age"] == 18
    assert (
        plainest(FOUND, lambda own: own["convictions"] == FOUND["convictions"], vocabulary())["convictions"]
        == FOUND["convictions"]
    )
