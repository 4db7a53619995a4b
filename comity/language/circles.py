"""Finds circles and long chains among names that point to each other, without recursion."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping


def find_circles(graph: Mapping[str, Collection[str]]) -> tuple[list[tuple[str, ...]], list[str]]:
    """Each circle, beginning with the name reached first, and all names in an order that has targets first.

    A name that points to itself is a circle of one. Names that are not in the graph are ignored.
    """
    circles: list[tuple[str, ...]] = []
    order: dict[str, None] = {}
    for start in graph:
        trail: dict[str, Iterator[str]] = {} if start in order else {start: iter(graph[start])}
        while trail:
            name = next(reversed(trail))
            target = next((target for target in trail[name] if target in graph and target not in order), None)
            if target is None:
                trail.popitem()
                order[name] = None
            elif target in trail:
                names = tuple(trail)
                circles.append(names[names.index(target) :])
            else:
                trail[target] = iter(graph[target])
    return circles, list(order)


def chain_lengths(graph: Mapping[str, Collection[str]], order: Collection[str]) -> dict[str, int]:
    """The number of steps in the longest chain of targets of each name; `order` has targets first. Circles end a chain."""
    lengths: dict[str, int] = {}
    for name in order:
        lengths[name] = max((1 + lengths[target] for target in graph[name] if target in lengths), default=0)
    return lengths
