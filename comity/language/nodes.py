"""Goes through the nodes of a condition: all of them, or to put others in their places."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct, structs

from comity.language import syntax


def nodes_in(node: Any) -> Iterator[Any]:
    """A node and all below it, each before what is below it."""
    if isinstance(node, tuple):
        for part in node:
            yield from nodes_in(part)
    elif isinstance(node, Struct):
        yield node
        for name in node.__struct_fields__:
            yield from nodes_in(getattr(node, name))


def replaced(node: Any, change: Callable[[Any], Any]) -> Any:
    """A condition with every node for which `change` gives another one replaced by that, and nothing below it looked at."""
    if isinstance(node, tuple):
        return tuple(replaced(part, change) for part in node)
    if not isinstance(node, Struct):
        return node
    other = change(node)
    if other is not None:
        return other
    return structs.replace(node, **{name: replaced(getattr(node, name), change) for name in node.__struct_fields__})


def called(body: syntax.Condition, name: str) -> syntax.Condition:
    """The body of a quantifier with its variable called by another name, so that equal bodies are equal."""

    def change(node: Any) -> Any:
        if isinstance(node, syntax.Field):
            return syntax.Field(name, node.name)
        return syntax.Item(name) if isinstance(node, syntax.Item) else None

    renamed: syntax.Condition = replaced(body, change)
    return renamed
