"""The words for outcomes and actions are complete, and make sentences."""

from __future__ import annotations

import pytest

from comity.decision.words import (
    ACTION_NOUNS,
    ACTION_WORDS,
    OUTCOME_WORDS,
    PREDICATES,
    emphasize,
    list_outcomes,
    replace_outcomes,
    state_outcome,
)
from comity.engine.outcome import OUTCOMES, Outcome
from comity.law.instrument import ACTIONS, FURTHER_ACTIONS


def test_every_outcome_and_action_has_words() -> None:
    assert {*OUTCOME_WORDS} == {*PREDICATES} == {*OUTCOMES}
    assert {*ACTION_WORDS} == {*ACTION_NOUNS} >= {*ACTIONS, *FURTHER_ACTIONS}


@pytest.mark.parametrize(
    ("outcome", "stated", "emphasized"),
    [
        ("forbidden", "a hold is forbidden", "FORBIDDEN"),
        ("in_conflict", "a hold is both required and forbidden", "IN CONFLICT"),
        ("unaddressed", "no rule applies to a hold", "no rule applies"),
    ],
)
def test_an_outcome_is_stated(outcome: Outcome, stated: str, emphasized: str) -> None:
    assert (state_outcome("hold", outcome), emphasize(outcome)) == (stated, emphasized)


def test_several_outcomes_are_alternatives() -> None:
    assert list_outcomes(("permitted",)) == "permitted"
    assert list_outcomes(("permitted", "forbidden", "unaddressed")) == "permitted, forbidden or no rule applies"
    assert replace_outcomes("forbidden or in_conflict") == "forbidden or in conflict"
