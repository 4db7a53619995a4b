"""What is known of a request, written as JSON and read again, is what it was."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given, settings

from comity.facts.document import document_of
from comity.facts.kinds import KnownList, KnownSet, Value
from comity.facts.request import flatten, read_values
from comity.facts.vocabulary import read_vocabulary
from tests.language.trees import values

VOCABULARY = read_vocabulary(Path(__file__).parents[2] / "policies")[0]


@settings(max_examples=150)
@given(values(VOCABULARY))
def test_a_document_is_read_back_as_it_was(known: dict[str, Value]) -> None:
    document = json.loads(json.dumps(document_of(known)))
    assert read_values(flatten(document, VOCABULARY), VOCABULARY, "test") == (known, [])


def test_what_is_known_in_part_says_so() -> None:
    known = {
        "request.asks": KnownSet(frozenset({"hold"}), whole=False),
        "convictions": KnownList(()),
        "subject.age": 30,
    }
    assert document_of(known) == {"request": {"asks": {"partial": ["hold"]}}, "convictions": [], "subject": {"age": 30}}
