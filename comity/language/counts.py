"""Bounds of counts: an engine takes a step for each number up to the one that a count is compared with."""

from __future__ import annotations

from collections.abc import Iterator
from math import comb

from comity.facts import kinds
from comity.language import syntax
from comity.language.kinding import Fault

COUNT_MAX = 1_000
COMBINATIONS_MAX = 1_000  # engines expand a count of members of a set into all combinations


def count_faults(node: syntax.Count, kind: kinds.Kind | None) -> Iterator[Fault]:
    """The faults of a literal that a count is compared with; `kind` is the kind of the fact that is counted."""
    if not isinstance(node.number, syntax.Integer):
        return
    number = node.number.value
    if number < 0:
        yield Fault(node.number, "count", "a count is never negative", "compare it with 0 or more")
    elif number > COUNT_MAX:
        help = f"compare it with a number up to {COUNT_MAX:,}"
        yield Fault(node.number, "count", f"a count is compared with {number:,}", help)
    elif isinstance(kind, kinds.Set):
        choices = max(comb(len(kind.members), count) for count in (number, number + 1))
        if choices > COMBINATIONS_MAX:
            message = f"{len(kind.members)} members have {choices:,} combinations of that size, which is too many"
            yield Fault(node.number, "count", message, "name the members that count")
