"""Walks the nodes of a condition. A node that occurs several times is visited once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct, structs

from comity.language import syntax


def nodes_in(node: Any) -> Iterator[Any]:
    """A node and all nodes below it, each once and before what is below it."""
    waiting, seen = [node], set[int]()
    while waiting:
        part = waiting.pop()
        if isinstance(part, tuple):
            waiting += reversed(part)
        elif isinstance(part, Struct) and id(part) not in seen:
            seen.add(id(part))
            yield part
            waiting += [getattr(part, name) for name in reversed(part.__struct_fields__)]


def size_of(node: Any, sizes: dict[int, int]) -> int:
    """The number of nodes of a condition when it is written out: a shared node counts each time that it occurs.

    `sizes` caches the sizes of nodes by identity, for conditions that share parts.
    """
    if isinstance(node, tuple):
        return sum(size_of(part, sizes) for part in node)
    if not isinstance(node, Struct):
        return 0
    if id(node) not in sizes:
        sizes[id(node)] = 1 + sum(size_of(getattr(node, name), sizes) for name in node.__struct_fields__)
    return sizes[id(node)]


def replaced(node: Any, change: Callable[[Any], Any]) -> Any:
    """The condition with each node replaced for which `change` returns another; the replacement is not visited.

    A part without a change stays the same object.
    """
    return _replaced(node, change, {})


def _replaced(node: Any, change: Callable[[Any], Any], done: dict[int, Any]) -> Any:
    if isinstance(node, tuple):
        parts = tuple(_replaced(part, change, done) for part in node)
        return node if all(map(_same, parts, node)) else parts
    if not isinstance(node, Struct):
        return node
    if id(node) not in done:
        other = change(node)
        done[id(node)] = _with_parts(node, change, done) if other is None else other
    return done[id(node)]


def _with_parts(node: Struct, change: Callable[[Any], Any], done: dict[int, Any]) -> Struct:
    parts = {name: getattr(node, name) for name in node.__struct_fields__}
    changed = {name: _replaced(part, change, done) for name, part in parts.items()}
    return node if all(changed[name] is part for name, part in parts.items()) else structs.replace(node, **changed)


def _same(one: object, other: object) -> bool:
    return one is other


def called(body: syntax.Condition, name: str) -> syntax.Condition:
    """The body of a quantifier with its variable renamed, so that bodies can be compared."""

    def change(node: Any) -> Any:
        if isinstance(node, syntax.Field):
            return syntax.Field(name, node.name)
        return syntax.Item(name) if isinstance(node, syntax.Item) else None

    renamed: syntax.Condition = replaced(body, change)
    return renamed
