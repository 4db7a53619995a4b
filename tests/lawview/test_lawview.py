"""What the view of a stack says of law whose days are uncertain."""

from __future__ import annotations

from datetime import date

import comity
from comity.law.cache import load
from comity.law.in_force import in_force
from comity.law.library import Library
from comity.lawview.build_view import build_view
from comity.lawview.term_names import LONG

from ..law.small_law import act, gazetteer, vocabulary

ACT, ORDER = "us/fl/one", "us/fl/order"
STAY = '[{from: {between: [2016-01-01, 2016-12-31]}, by: us/fl/order, provisions: ["#1", "#2"]}]'


def test_provisions_that_may_be_suspended_are_named_with_their_numbers() -> None:
    acts = (
        act(ACT, "statute", "requires hold", "requires notify", title="An act", suspended=STAY),
        act(ORDER, "ruling", "advises hold"),
    )
    library = Library(vocabulary(), gazetteer(), {}, {instrument.id: instrument for instrument in acts})
    view = build_view(in_force(library, "us/fl/alachua", date(2016, 6, 1)))
    entries = [entry for shown in view.actions.values() for entry in shown]
    assert [entry.condition for entry in entries if entry.provision == f"{ACT}#1"] == [
        "An act (#1, #2) was in force by then"
    ]


def test_a_long_condition_is_told_by_the_names_of_its_terms_each_meaning_once() -> None:
    library = load()[0]
    view = build_view(in_force(library, "us/ny/new-york-city", date(2018, 6, 1)), instruments=library.instruments)
    conditions = [entry.condition for entry in view.actions["hold"]]
    assert (
        conditions
        and all(len(condition) <= 2 * LONG for condition in conditions)
        and any('"grave" applies' in condition for condition in conditions)
    )
    meanings = {term.name: term for term in view.terms}
    assert (
        len(meanings) == len(view.terms)
        and "terrorist screening list" in meanings["grave"].words
        and "9-131" in meanings["grave"].instrument
    )


def test_a_short_condition_is_told_in_full() -> None:
    library = load()[0]
    view = build_view(in_force(library, "us/fl/miami-dade", date(2017, 1, 26)), instruments=library.instruments)
    assert [entry.condition for entry in view.actions["hold"]] == [
        "the request asks to hold the person past release",
        "the request asks to hold the person past release, and the person's claim to citizenship or lawful status is "
        "United States citizenship proven",
    ] and not view.terms


def test_a_term_without_a_parameter_is_said_of_the_lists_that_its_own_quantifiers_name() -> None:
    """Its variables were once called by one name, so that convictions were described as charges."""
    library = load()[0]
    view = build_view(in_force(library, "us/fl/miami-dade", date(2017, 1, 25)), instruments=library.instruments)
    [meaning] = [term for term in view.terms if term.name == "paid and grave"]
    assert (
        "the conviction is established as a forcible felony" in meaning.words and "offense charged" not in meaning.words
    )


def test_the_law_of_the_place_itself_comes_first_in_each_list() -> None:
    view = comity.law_at("us/ca/san-francisco", on="2020-06-01")
    for entries in (*view.actions.values(), view.limits, view.obligations, view.asks):
        nearness = [entry.instrument.startswith(f"{view.place}/") for entry in entries]
        assert nearness == sorted(nearness, reverse=True)
    assert view.obligations[0].instrument.startswith("us/ca/san-francisco/")
