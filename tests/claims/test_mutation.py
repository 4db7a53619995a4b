"""Random single edits of real instruments: either a request shows what changed, or it is proved that nothing did.

`COMITY_MUTATIONS=10 python3 start.py test tests/claims` makes ten times as many edits.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from random import Random

import pytest
from msgspec import structs

from comity.api import load
from comity.claims.differences import find_differences
from comity.claims.prover import Prover
from comity.engine.questions.questions import DECIDING
from comity.law.in_force import of_instrument
from comity.law.instrument import ACTIONS, Instrument
from tests.agreement.stacks import Requests
from tests.claims.mutations import edited
from tests.claims.test_differences import classed

CHUNKS, EDITS, REQUESTS = 10 * int(os.environ.get("COMITY_MUTATIONS", "1")), 50, 20
LIBRARY = load()


def with_conditions() -> list[Instrument]:
    """The shipped instruments that decide an action under a condition."""
    editable = (instrument for instrument in LIBRARY.instruments.values() if edited(instrument, Random(1)))
    return [
        instrument
        for instrument in editable
        if any(effect.kind in DECIDING for provision in instrument.provisions for effect in provision.effects)
    ]


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_an_edit_is_seen_or_proved_to_change_nothing(
    chunk: int, record_property: Callable[[str, object], None]
) -> None:
    random, seen, nothing, requests = Random(chunk), 0, 0, 0
    instruments = with_conditions()
    for _ in range(EDITS):
        before = random.choice(instruments)
        after = edited(before, random)
        assert after
        first, second = (
            of_instrument(structs.replace(LIBRARY, instruments={**LIBRARY.instruments, edition.id: edition}), edition)
            for edition in (before, after)
        )
        found = find_differences(first, second)
        assert found.equivalent is not None
        seen, nothing = seen + (not found.equivalent), nothing + bool(found.equivalent)
        drawn, provers = Requests(found.stack, random), (Prover(first), Prover(second))
        for _ in range(REQUESTS):
            requests += 1
            values = {**drawn.complete(), **found.stack.facts}
            assert not any(classed(found, provers, action, values) for action in ACTIONS) or not found.equivalent
    assert seen and seen + nothing == EDITS
    for name, count in {
        "edits seen": seen,
        "edits that change nothing": nothing,
        "requests beside them": requests,
    }.items():
        record_property(f"agreement: {name}", count)
