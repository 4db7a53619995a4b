"""In which steps diagrams are laid: which nodes get a column of their own, and which are written into the node above.

A step costs what it carries, so there should be few; a node that several stand on must not be written more than once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct

from comity.engine.questions.diagram import Diagram, Node

NESTED_MAX = 12  # engines and the expression library go down a nest by recursion
WAYS_MAX = 64  # written out at once, a diagram is a tree


class Step(Struct, frozen=True):
    """Nodes that are laid side by side, the questions that are asked in it, and the columns laid before that it reads."""

    nodes: tuple[Node, ...]
    asks: frozenset[int]
    stands_on: frozenset[int]  # the identities of nodes


def steps_of(tops: Iterable[Diagram]) -> list[Step]:
    """The steps of some diagrams, those that stand on leaves first."""
    laid = _laid_at(tops)
    by_step: dict[int, list[Node]] = {}
    for node, at in laid.values():
        by_step.setdefault(at, []).append(node)
    return [_step(by_step[at], laid.keys()) for at in sorted(by_step)]


def _laid_at(tops: Iterable[Diagram]) -> dict[int, tuple[Node, int]]:
    """The nodes that get a column, by their identity, and the step of each: those that several stand on, and the tops."""
    order = list(_bottom_up(tops))
    uses = Counter(id(below) for node in order for below in _nodes_below(node))
    above = {id(top) for top in tops}
    nested: dict[int, int] = {}
    at: dict[int, int] = {}
    laid: dict[int, tuple[Node, int]] = {}
    for node in order:
        below = [id(own) for own in _nodes_below(node)]
        nested[id(node)] = 1 + max((nested[own] for own in below if own not in laid), default=0)
        at[id(node)] = max((at[own] + (own in laid) for own in below), default=0)
        if id(node) in above or uses[id(node)] > 1 or nested[id(node)] >= NESTED_MAX:
            laid[id(node)] = node, at[id(node)]
    return laid


def _step(nodes: list[Node], laid: Iterable[int]) -> Step:
    asks, stands_on = set[int](), set[int]()
    known = {*laid}
    pending = [*nodes]
    while pending:
        own = pending.pop()
        asks.add(own.split)
        for below in _nodes_below(own):
            if id(below) in known:
                stands_on.add(id(below))
            else:
                pending.append(below)
    return Step(tuple(nodes), frozenset(asks), frozenset(stands_on))


def _nodes_below(node: Node) -> list[Node]:
    return list({id(own): own for own in node.branches if isinstance(own, Node)}.values())


def _bottom_up(tops: Iterable[Diagram]) -> Iterator[Node]:
    """Every node once, after all that it stands on."""
    done = set[int]()
    pending: list[Diagram] = list(tops)
    while pending:
        own = pending[-1]
        waiting = [below for below in _nodes_below(own) if id(below) not in done] if isinstance(own, Node) else []
        if waiting:
            pending += waiting
            continue
        pending.pop()
        if isinstance(own, Node) and id(own) not in done:
            done.add(id(own))
            yield own


def few_ways(diagram: Diagram) -> bool:
    """Whether there are so few ways down a diagram that it can be written out at once."""
    return _ways(diagram) <= WAYS_MAX


def _ways(diagram: Diagram) -> int:
    """How many ways there are down a diagram, counted no further than one more than may be laid out."""
    if isinstance(diagram, int):
        return 1
    ways = 0
    for below in diagram.branches:
        ways += _ways(below)
        if ways > WAYS_MAX:
            break
    return ways
