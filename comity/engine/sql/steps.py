"""Divides decision diagrams into steps: which nodes get a column, and which are written into the node above.

A step costs the columns that it carries, so there should be few steps; but a node with several parents must have a column,
or it would be written once for each parent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct

from comity.engine.questions.making import Diagram, Node

NESTED_MAX = 12  # engines and the expression library recurse into nested expressions
PATHS_MAX = 64  # written as one expression, a diagram becomes a tree with a leaf for each path


class Step(Struct, frozen=True):
    """Nodes that become columns in one projection, with what they read.

    `asks` are the questions that they ask, `stands_on` the earlier nodes that they read.
    """

    nodes: tuple[Node, ...]
    asks: frozenset[int]
    stands_on: frozenset[int]  # the identities of nodes


def steps_of(tops: Iterable[Diagram]) -> list[Step]:
    """The steps of some diagrams, from the leaves up."""
    laid = _laid_at(tops)
    by_step: dict[int, list[Node]] = {}
    for node, at in laid.values():
        by_step.setdefault(at, []).append(node)
    return [_step(by_step[at], laid.keys()) for at in sorted(by_step)]


def _laid_at(tops: Iterable[Diagram]) -> dict[int, tuple[Node, int]]:
    """The nodes that get a column, by identity, each with its step: nodes with several parents, tops, and deep nodes."""
    order = list(_bottom_up(tops))
    uses = Counter(id(below) for node in order for below in _nodes_below(node))
    above = {id(top) for top in tops}
    nested: dict[int, int] = {}
    at: dict[int, int] = {}
    laid: dict[int, tuple[Node, int]] = {}
    for node in order:
        below = [id(child) for child in _nodes_below(node)]
        nested[id(node)] = 1 + max((nested[child] for child in below if child not in laid), default=0)
        at[id(node)] = max((at[child] + (child in laid) for child in below), default=0)
        if id(node) in above or uses[id(node)] > 1 or nested[id(node)] >= NESTED_MAX:
            laid[id(node)] = node, at[id(node)]
    return laid


def _step(nodes: list[Node], laid: Iterable[int]) -> Step:
    asks, stands_on = set[int](), set[int]()
    known = {*laid}
    pending = [*nodes]
    while pending:
        node = pending.pop()
        asks.add(node.split)
        for below in _nodes_below(node):
            if id(below) in known:
                stands_on.add(id(below))
            else:
                pending.append(below)
    return Step(tuple(nodes), frozenset(asks), frozenset(stands_on))


def _nodes_below(node: Node) -> list[Node]:
    return list({id(branch): branch for branch in node.branches if isinstance(branch, Node)}.values())


def _bottom_up(tops: Iterable[Diagram]) -> Iterator[Node]:
    """Every node once, after all the nodes below it."""
    done = set[int]()
    pending: list[Diagram] = list(tops)
    while pending:
        part = pending[-1]
        waiting = [below for below in _nodes_below(part) if id(below) not in done] if isinstance(part, Node) else []
        if waiting:
            pending += waiting
            continue
        pending.pop()
        if isinstance(part, Node) and id(part) not in done:
            done.add(id(part))
            yield part


def few_paths(diagram: Diagram) -> bool:
    """Whether a diagram has so few paths that it can be written as one expression."""
    return _paths(diagram) <= PATHS_MAX


def _paths(diagram: Diagram) -> int:
    """The number of paths through a diagram, counted up to one more than `PATHS_MAX`."""
    if isinstance(diagram, int):
        return 1
    paths = 0
    for below in diagram.branches:
        paths += _paths(below)
        if paths > PATHS_MAX:
            break
    return paths
