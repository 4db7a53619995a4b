"""A condition as nested lists: the same words in the same order, and the numbers are gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from comity.api import load
from comity.law.in_force import in_force
from comity.lawview.build_view import build_view
from comity.site.outline import Outline, outline_of

LIBRARY = load()
DAY = date(2026, 11, 1)
PLACES = [
    "us/ca/los-angeles-city",
    "us/fl/miami-dade",
    "us/tx",
    "us/ma/boston",
    "us/dc",
    "us/ny/new-york-city",
    "us/il/cook",
]
NUMBER = re.compile(r"(?<= )\((\d+|[A-Z]|[ivx]+|([a-z])\2(\.\d+)*)\) ")


def test_parts_are_lists_within_lists() -> None:
    text = "where all of these are so: (1) one; (2) either (A) two; or (B) three, and four; and (3) five"
    assert outline_of(text) == Outline(
        "where all of these are so:",
        (
            Outline("one"),
            Outline("either:", (Outline("two"), Outline("three, and four"))),
            Outline("five"),
        ),
    )


def test_the_meaning_of_a_term_stands_beside_it() -> None:
    text = 'both (1) "held to answer" applies (that is: either (1) a charge (of any kind) is pending; or (2) none is); and (2) more'
    assert outline_of(text) == Outline(
        "both:",
        (
            Outline(
                '"held to answer" applies',
                (),
                (
                    (
                        "held to answer",
                        Outline("either:", (Outline("a charge (of any kind) is pending"), Outline("none is"))),
                    ),
                ),
            ),
            Outline("more"),
        ),
    )


@pytest.mark.parametrize("text", ["as 8 U.S.C. 1357(g)(1) (1) has it", "plain", 'a "term" (that is: unclosed', ""])
def test_what_is_not_numbered_stays_as_it_is(text: str) -> None:
    assert outline_of(text) == Outline(text)


@pytest.mark.parametrize("place", PLACES)
def test_no_word_of_the_law_is_lost(place: str) -> None:
    view = build_view(in_force(LIBRARY, place, DAY), instruments=LIBRARY.instruments)
    groups = (*view.actions.values(), view.limits, view.obligations, view.asks, view.advice)
    texts = {
        text for group in groups for entry in group for text in (entry.where, entry.unless, entry.condition) if text
    }
    texts |= {term.words for term in view.terms}
    assert texts
    for text in texts:
        assert sorted(words_of(NUMBER.sub("", text.replace("(that is: ", "")))) == sorted(words_in(outline_of(text)))
    assert any(outline_of(text).parts for text in texts)


def words_in(outline: Outline) -> Iterator[str]:
    yield from words_of(outline.words)
    for part in outline.parts:
        yield from words_in(part)
    for _, meaning in outline.meanings:
        yield from words_in(meaning)


def words_of(text: str) -> list[str]:
    """The words of a text; those that join numbered parts (`and`, `or`) are left out, since a list shows them otherwise."""
    return [word for word in re.findall(r"[\w'-]+", text) if word not in ("and", "or")]
