"""Determines which values satisfy comparisons with literals, to find comparisons that none or all satisfy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct, structs

from comity.facts import kinds
from comity.language import syntax
from comity.language.kinding import Scope, kind_of

Value: TypeAlias = int | str  # a truth is 0 or 1, a day its ordinal
CONTRARY: Mapping[str, str] = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
TURNED: Mapping[str, str] = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


class Relation(Struct, frozen=True):
    """A value compared with literals: `==` one of them, `!=` each of them, or in an order to a single one."""

    item: syntax.Operand
    operator: str
    values: frozenset[Value]

    def denied(self) -> Relation:
        return structs.replace(self, operator=CONTRARY[self.operator])


class Left(Struct):
    """The values that are left: from `least` to `most`, in `only` (unless None), and not in `out`."""

    least: int | None = None
    most: int | None = None
    only: set[Value] | None = None
    out: set[Value] = set()

    def narrow(self, found: Relation) -> None:
        if found.operator == "==":
            self.only = set(found.values) if self.only is None else self.only & found.values
        elif found.operator == "!=":
            self.out |= found.values
        for value in found.values if found.operator in ("<", "<=", ">", ">=") else ():
            self.bound(found.operator, int(value))

    def bound(self, operator: str, value: int) -> None:
        if operator in (">", ">="):
            least = value + (operator == ">")
            self.least = least if self.least is None else max(self.least, least)
        else:
            most = value - (operator == "<")
            self.most = most if self.most is None else min(self.most, most)

    def empty(self) -> bool:
        if self.only is not None:
            return all(value in self.out or not self.within(value) for value in self.only)
        if self.least is None or self.most is None:
            return False
        if self.most - self.least >= len(self.out):
            return False
        return all(value in self.out for value in range(self.least, self.most + 1))

    def within(self, value: Value) -> bool:
        if isinstance(value, str):
            return True
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


def base(item: syntax.Operand, scope: Scope) -> Left | None:
    """Every value that an item of its kind can have; None where its kind is not known."""
    match kind_of(item, scope):
        case kinds.Truth():
            return Left(only={0, 1})
        case kinds.Number(_, minimum):
            return Left(least=minimum if isinstance(item, (syntax.Fact, syntax.Field)) else None)
        case kinds.Choice(members):
            return Left(only=set(members))
        case kinds.Day() | kinds.Text():
            return Left()
        case _:
            return None


def relation(node: syntax.Condition) -> Relation | None:
    """The relation that a comparison with literals, or its negation, states; None for other conditions."""
    match node:
        case syntax.Not(body):
            inner = relation(body) if not isinstance(body, syntax.Not) else None
            return inner.denied() if inner else None
        case syntax.Fact() | syntax.Field():
            return Relation(node, "==", frozenset({1}))
        case syntax.Among(item, members):
            return Relation(item, "==", frozenset(member.value for member in members))
        case syntax.Compare(operator, left, right):
            one, other = _value(left), _value(right)
            if one is None and other is not None:
                return Relation(left, operator, frozenset({other}))
            if one is not None and other is None:
                return Relation(right, TURNED[operator], frozenset({one}))
    return None


def _value(node: syntax.Operand) -> Value | None:
    match node:
        case syntax.Truth(value):
            return int(value)
        case syntax.Integer(value) | syntax.Text(value):
            return value
        case syntax.Day(value):
            return value.toordinal()
    return None
