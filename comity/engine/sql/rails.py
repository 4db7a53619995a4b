"""Truth values of a table's rows on two rails: whether something is surely true, and whether it is surely false, never NULL."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any, NamedTuple, TypeAlias

import ibis

Expression: TypeAlias = Any  # the expression library has no one type for expressions
Rail: TypeAlias = Any  # True, False, or an expression that is true or false and never NULL
SMALL = "int8"


class Rails(NamedTuple):
    """Whether a condition is surely true, and whether it is surely false.

    Neither if it is Unknown.
    """

    so: Rail
    not_so: Rail


class SqlValue(NamedTuple):
    """A value, and whether it is known; where it is not, the value means nothing."""

    value: Expression
    known: Rail


UNKNOWN_VALUE = SqlValue(None, False)


def negated(rail: Rail) -> Rail:
    """The negation of a rail."""
    return not rail if isinstance(rail, bool) else ~rail


def all_of(rails: Iterable[Rail]) -> Rail:
    """The conjunction; what is known when the query is written is left out of it."""
    return _joined(rails, True, lambda one, other: one & other)


def any_of(rails: Iterable[Rail]) -> Rail:
    """The disjunction; what is known when the query is written is left out of it."""
    return _joined(rails, False, lambda one, other: one | other)


def _joined(rails: Iterable[Rail], neutral: bool, join: Callable[[Expression, Expression], Expression]) -> Rail:
    rest: list[Expression] = []
    for rail in rails:
        if isinstance(rail, bool):
            if rail is not neutral:
                return rail
        else:
            rest.append(rail)
    return in_pairs(rest, join) if rest else neutral


def integer(value: Expression | int, size: str = SMALL) -> Expression:
    """An integer of a type, from an expression or a constant."""
    return ibis.literal(value, type=size) if isinstance(value, int) else value.cast(size)


def in_pairs(parts: list[Expression], join: Callable[[Expression, Expression], Expression]) -> Expression:
    """Parts joined in pairs, so that many do not nest deeply."""
    while len(parts) > 1:
        parts = [reduce(join, parts[at : at + 2]) for at in range(0, len(parts), 2)]
    return parts[0]


def case_when(pairs: Iterable[tuple[Rail, Expression]], otherwise: Expression) -> Expression:
    """A CASE: the value of the first rail that is true, else `otherwise`.

    Branches known to be false are left out.
    """
    pairs_left: list[tuple[Rail, Expression]] = []
    for rail, value in pairs:
        if rail is True:
            otherwise = value
            break
        if rail is not False:
            pairs_left.append((rail, value))
    return ibis.cases(*pairs_left, else_=otherwise) if pairs_left else otherwise
