"""Connectives for the solver's formulas, which leave out what is already known to be true or false."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import z3

Truth: TypeAlias = Any  # True, False, or an expression of the solver's


def negated(truth: Truth) -> Truth:
    """The negation."""
    return not truth if isinstance(truth, bool) else z3.Not(truth)


def all_of(truths: Iterable[Truth]) -> Truth:
    """The conjunction; True for no truths."""
    return _joined(truths, True, z3.And)


def any_of(truths: Iterable[Truth]) -> Truth:
    """The disjunction; False for no truths."""
    return _joined(truths, False, z3.Or)


def _joined(truths: Iterable[Truth], neutral: bool, join: Callable[..., Any]) -> Truth:
    rest = []
    for truth in truths:
        if not isinstance(truth, bool):
            rest.append(truth)
        elif truth is not neutral:
            return truth
    return join(rest) if len(rest) > 1 else rest[0] if rest else neutral
