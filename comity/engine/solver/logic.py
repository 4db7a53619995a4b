"""Truths for the solver joined, with what is known beforehand left out of its formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import z3

Truth: TypeAlias = Any  # True, False, or an expression of the solver's


def negated(truth: Truth) -> Truth:
    """The contrary."""
    return not truth if isinstance(truth, bool) else z3.Not(truth)


def all_of(truths: Iterable[Truth]) -> Truth:
    """All of them; True of none."""
    return _joined(truths, True, z3.And)


def any_of(truths: Iterable[Truth]) -> Truth:
    """One of them at least; False of none."""
    return _joined(truths, False, z3.Or)


def _joined(truths: Iterable[Truth], neutral: bool, join: Callable[..., Any]) -> Truth:
    rest = []
    for own in truths:
        if not isinstance(own, bool):
            rest.append(own)
        elif own is not neutral:
            return own
    return join(rest) if len(rest) > 1 else rest[0] if rest else neutral
