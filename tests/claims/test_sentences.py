"""A claim as a sentence, also where the claim is that no rule applies."""

from __future__ import annotations

import pytest

from comity.claims.claims import Claim, Verdict
from comity.claims.sentences import sentence_of
from comity.engine.outcome import Outcome
from tests.law.small_law import vocabulary


@pytest.mark.parametrize(
    ("claim", "outcome", "holds", "sentence"),
    [
        ("never", "forbidden", True, "A hold is never forbidden."),
        ("never", "in_conflict", False, "A hold is both required and forbidden for some requests."),
        ("never", "unaddressed", True, "Some rule always applies to a hold."),
        ("never", "unaddressed", False, "No rule applies to a hold for some requests."),
        ("implies", "unaddressed", True, "No rule ever applies to a hold."),
        ("implies", "unaddressed", False, "Some rule applies to a hold for some requests."),
    ],
)
def test_a_claim_is_a_sentence(claim: Claim, outcome: Outcome, holds: bool, sentence: str) -> None:
    assert (
        sentence_of(Verdict(claim=claim, about="hold", holds=holds), "a hold", vocabulary(), outcome=outcome)
        == sentence
    )
