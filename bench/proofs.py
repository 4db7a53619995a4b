"""Proofs: the time of totality, dead provisions, overlaps and differences, and its growth with the provisions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import z3
from msgspec import structs
from stacks import ACTIONS, growing, twelve

from comity.claims import claims
from comity.claims.differences import find_differences
from comity.claims.overlaps import find_overlaps
from comity.claims.prover import Prover
from comity.engine.solver.logic import all_of
from comity.engine.solver.solver import Solver
from comity.language import syntax
from comity.language.nodes import nodes_in, replaced
from comity.law.in_force import Stack

Seconds = Callable[[Callable[[], object]], float]
PLAIN_MAX = 50  # beyond it one solver for everything takes minutes


def edited(stack: Stack) -> Stack:
    """The same law with one number raised by one, in the last provision that has a number."""
    place = max(
        at
        for at, effect in enumerate(stack.standing)
        if any(isinstance(node, syntax.Integer) for node in nodes_in(effect.when))
    )
    effect = stack.standing[place]
    number = next(node for node in nodes_in(effect.when) if isinstance(node, syntax.Integer))
    when = replaced(effect.when, lambda node: syntax.Integer(node.value + 1) if node is number else None)
    standing = (*stack.standing[:place], structs.replace(effect, when=when), *stack.standing[place + 1 :])
    return structs.replace(stack, standing=standing)


def plainly_live(stack: Stack) -> int:
    """How many effects prevail for some request, by one solver with every record that can matter: the peer."""
    views = Solver(stack).views(range(len(stack.standing)))
    view = views.view("witnesses")
    return sum(view.find(view.stands(index)).values is not None for index in range(len(stack.standing)))


def plainly_overlapping(stack: Stack) -> int:
    """How many pairs of effects apply together, each pair checked by the same solver: the peer."""
    every, found = Solver(stack), 0
    view = every.views(range(len(stack.standing))).view("witnesses")
    for action in ACTIONS:
        effects = every.of_action(action)
        for at, one in enumerate(effects):
            found += sum(
                view.find(all_of((view.applies(one), view.applies(other)))).values is not None
                for other in effects[at + 1 :]
            )
    return found


def growth_of_proofs(sizes: Sequence[int], rounds: int, seconds: Seconds) -> list[str]:
    """The times of each proof for growing stacks, beside a single solver for everything."""
    lines = [
        "## Proofs",
        "",
        f"By z3 {z3.get_version_string()}. The twelve provisions of `bench/law`, then the stacks of Growth.",
        "*Total*: whether the law answers whenever an action is asked for. *Live*: which provisions affect no request. *Overlaps*:",
        "which pairs of one action can apply together. *Diff*: what changes when one number is raised by one. *Plainly*: live and",
        "overlaps by one formula and one solver with every record that can matter, pair by pair.",
        "",
        "| provisions | total, ms | live, ms | overlaps, ms | diff, ms | live plainly, ms | overlaps plainly, ms |",
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    stacks: list[tuple[int, Stack]] = [(12, twelve()), *((size, growing(size)) for size in sizes)]
    for size, stack in stacks:
        after = edited(stack)
        runs: list[Callable[[], Any]] = [
            lambda stack=stack: list(claims.total(Prover(stack))),
            lambda stack=stack: list(claims.live(Prover(stack), examples=False)),
            lambda stack=stack: find_overlaps(Prover(stack)),
            lambda stack=stack, after=after: find_differences(stack, after),
        ]
        plainly: list[Callable[[], Any]] = [
            lambda stack=stack: plainly_live(stack),
            lambda stack=stack: plainly_overlapping(stack),
        ]
        cells = [f"{1e3 * median(seconds(run) for _ in range(rounds)):,.0f}" for run in runs]
        cells += [f"{1e3 * seconds(run):,.0f}" if size <= PLAIN_MAX else "" for run in plainly]
        lines.append(f"| {size:,} | {' | '.join(cells)} |")
    return [
        *lines,
        "",
        "Totality and a difference grow with the provisions of an action, since each is first tried with a few records. *Live*",
        "grows with their square where a provision is dead, which must be proved against all the others; overlaps, with the pairs.",
        "",
    ]
