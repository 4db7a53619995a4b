"""Joins conditions into larger ones, leaving out parts that are always true or always false."""

from __future__ import annotations

from collections.abc import Iterable

from comity.language import syntax

ALWAYS = syntax.Truth(True)
NEVER = syntax.Truth(False)


def denial(condition: syntax.Condition) -> syntax.Condition:
    """The negation of a condition."""
    if isinstance(condition, syntax.Truth):
        return syntax.Truth(not condition.value)
    return condition.body if isinstance(condition, syntax.Not) else syntax.Not(condition)


def all_of(conditions: Iterable[syntax.Condition]) -> syntax.Condition:
    """The conjunction of the conditions; ALWAYS of none."""
    flat = [
        part
        for condition in conditions
        for part in (condition.parts if isinstance(condition, syntax.And) else (condition,))
    ]
    if NEVER in flat:
        return NEVER
    rest = tuple(dict.fromkeys(part for part in flat if part != ALWAYS))
    return ALWAYS if not rest else rest[0] if len(rest) == 1 else syntax.And(rest)


def any_of(conditions: Iterable[syntax.Condition]) -> syntax.Condition:
    """The disjunction of the conditions; NEVER of none."""
    flat = [
        part
        for condition in conditions
        for part in (condition.parts if isinstance(condition, syntax.Or) else (condition,))
    ]
    if ALWAYS in flat:
        return ALWAYS
    rest = tuple(dict.fromkeys(part for part in flat if part != NEVER))
    return NEVER if not rest else rest[0] if len(rest) == 1 else syntax.Or(rest)
