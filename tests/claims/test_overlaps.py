"""Which provisions can apply together: what requests put together show, the solver confirms, and what is left is proved apart."""

from __future__ import annotations

from datetime import date
from itertools import combinations

from hypothesis import HealthCheck, Phase, given, seed, settings

from comity.api import load
from comity.claims.overlaps import find_overlaps
from comity.claims.prover import Prover
from comity.engine.solver.logic import all_of
from comity.law.in_force import Stack, in_force
from tests.agreement.stacks import stacks


def by_the_solver(prover: Prover) -> set[tuple[int, int]]:
    """The same pair by pair."""
    found = set()
    for action in prover.actions:
        for one, other in combinations(prover.solver.of_action(action), 2):
            answer = prover.find(
                [one, other], lambda view, one=one, other=other: all_of((view.applies(one), view.applies(other)))
            )
            assert answer.settled
            found |= {(one, other)} if answer.values is not None else set()
    return found


@settings(
    max_examples=40, database=None, phases=[Phase.generate, Phase.shrink], suppress_health_check=list(HealthCheck)
)
@seed(11)
@given(stacks(lists=True))
def test_pairs_are_those_that_the_solver_finds_one_by_one(stack: Stack) -> None:
    prover = Prover(stack)
    found = find_overlaps(prover)
    assert not found.unsettled and found.together == by_the_solver(prover)


def test_the_two_sides_of_only_never_overlap() -> None:
    prover = Prover(in_force(load(), "us/pa/philadelphia", date(2015, 12, 25)))
    standing = prover.stack.standing
    assert find_overlaps(prover).together == by_the_solver(prover)
    both_effects = [
        index for index, effect in enumerate(standing) if effect.provision == "us/pa/philadelphia/eo-7-15#1"
    ]
    assert len(both_effects) == 2 and tuple(both_effects) not in find_overlaps(prover).together
