"""What two laws treat differently: every class is right, and together they are all, on generated and on real law."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from comity.api import load
from comity.claims.diff import LEFT, compare_laws
from comity.claims.differences import Differences, find_differences
from comity.claims.prover import Prover
from comity.facts.kinds import Value
from comity.language.evaluate import Known, truth
from comity.law.in_force import Stack, in_force
from comity.lawview.named_law import NamedLaw
from tests.agreement.stacks import ACTIONS, Requests, stacks

LIBRARY = load()
CHUNKS, PAIRS, REQUESTS = 4, 25, 40
LAWS = [
    ("us/fl/miami-dade", date(2013, 6, 3)), ("us/fl/miami-dade", date(2017, 1, 25)), ("us/fl/miami-dade", date(2017, 1, 26)),
    ("us/fl/miami-dade", date(2020, 6, 1)), ("us/fl/miami-dade", date(2025, 6, 1)), ("us/pa/philadelphia", date(2014, 6, 1)),
    ("us/pa/philadelphia", date(2015, 12, 25)), ("us/pa/lehigh", date(2014, 6, 1)), ("us/mn", date(2026, 2, 1)),
]  # fmt: skip


def held(first: Stack, second: Stack, random: Random, requests: int) -> Counter[str]:
    """Holds the classes to the reference engine on random complete requests; what was compared."""
    found = find_differences(first, second, milliseconds_max=5_000)
    provers = Prover(first), Prover(second)
    counts = Counter(
        pairs=1, classes=len(found.changes), unsettled=len(found.unsettled), equivalent=found.equivalent is True
    )
    drawn = Requests(found.stack, random)
    for _ in range(requests):
        values = {**drawn.complete(), **found.stack.facts}
        for action in ACTIONS:
            counts["requests that differ"] += classed(found, provers, action, values)
    for change in found.changes:
        assert held_by_witness(provers, change.action, change.witness) == (change.before, change.after)
    return counts


def held_by_witness(provers: tuple[Prover, Prover], action: str, witness: Mapping[str, Value]) -> tuple[str, ...]:
    """The outcome of a witness under both laws, which is certain although most of it is left open."""
    decided = [prover.possible(action, witness) for prover in provers]
    assert all(len(outcomes) == 1 for outcomes in decided)
    return tuple(outcomes[0] for outcomes in decided)


def classed(found: Differences, provers: tuple[Prover, Prover], action: str, values: Mapping[str, Value]) -> bool:
    """Whether a request is treated differently; it is in a class of that change then, and in no other otherwise."""
    before, after = (prover.possible(action, values)[0] for prover in provers)
    known = Known({**found.stack.facts, **values}, found.stack.vocabulary)
    classes = [change for change in found.changes if change.action == action]
    inside = [change for change in classes if change.conditions and truth(change.when, known) is True]
    assert all((change.before, change.after) == (before, after) for change in inside), (values, before, after)
    if before != after and action not in found.unsettled:
        left = [
            change for change in classes if not change.conditions and (change.before, change.after) == (before, after)
        ]
        assert inside or left, (values, before, after)
    return before != after


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_classes_are_right_and_they_are_all(chunk: int, record_property: Callable[[str, object], None]) -> None:
    counts, waiting = Counter[str](), list[Stack]()

    @settings(
        max_examples=2 * PAIRS,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @seed(700 + chunk)
    @given(stacks(lists=chunk % 2 == 1))
    def hold(stack: Stack) -> None:
        waiting.append(stack)
        if len(waiting) % 2 == 0:
            counts.update(held(waiting[-2], waiting[-1], Random(f"{chunk} {len(waiting)}"), REQUESTS))

    hold()
    assert counts["pairs"] == PAIRS and counts["requests that differ"] > 0
    assert counts["unsettled"] <= counts["pairs"] // 5
    for name, count in counts.items():
        record_property(f"agreement: {name} of differences", count)


@pytest.mark.parametrize("first", LAWS, ids=str)
@pytest.mark.parametrize("second", LAWS, ids=str)
def test_real_laws_beside_each_other(first: tuple[str, date], second: tuple[str, date]) -> None:
    counts = held(in_force(LIBRARY, *first), in_force(LIBRARY, *second), Random(7), 25)
    assert not counts["unsettled"]
    if first == second:
        assert counts["equivalent"]


def test_a_law_beside_itself_never_differs() -> None:
    for place in ("us/fl/miami-dade", "us/pa/philadelphia", "us/mn"):
        stack = in_force(LIBRARY, place, date(2020, 6, 1))
        assert find_differences(stack, stack).equivalent is True


def test_an_uncertain_day_is_told_apart_on_different_days() -> None:
    """Within the span of an uncertain day its force is a fact that may be one thing one day and another the next."""
    found = find_differences(
        in_force(LIBRARY, "us/fl/miami-dade", date(2017, 1, 25)),
        in_force(LIBRARY, "us/fl/miami-dade", date(2017, 1, 26)),
    )
    assert {(change.action, change.before, change.after) for change in found.changes} == {
        ("hold", "permitted", "required"), ("hold", "forbidden", "required"), ("hold", "permitted", "unaddressed"),
        ("hold", "forbidden", "unaddressed"), ("notify", "forbidden", "required"), ("notify", "forbidden", "unaddressed"),
        ("notify", "unaddressed", "required"), ("transfer", "unaddressed", "required"),
    }  # fmt: skip


def test_a_class_that_no_short_condition_describes_has_no_condition_in_words() -> None:
    before, after = (
        NamedLaw(in_force(LIBRARY, "us/ny/new-york-city", day), str(day), LIBRARY)
        for day in (date(2014, 12, 13), date(2014, 12, 14))
    )
    diff, _ = compare_laws(before, after)
    assert LEFT in {found.condition for found in diff.classes}
