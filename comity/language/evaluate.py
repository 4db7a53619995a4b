"""Evaluates a condition on the facts of a request. This interpreter is the definition of the language."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeAlias, assert_never

from msgspec import Struct

from comity.facts import kinds
from comity.facts.kinds import KnownList, KnownSet, Scalar, Value
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.logic import Kleene, conjunction, disjunction, negation
from comity.period import shifted

Record: TypeAlias = Mapping[str, Scalar | KnownSet]
COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Known(Struct, frozen=True):
    """What is known while a condition is evaluated: facts by path, and inside a quantifier its record or member."""

    values: Mapping[str, Value]
    vocabulary: Vocabulary
    record: Record | None = None
    member: str = ""


def truth(condition: syntax.Condition, known: Known) -> Kleene:
    """The truth of a closed condition; None where it is Unknown."""
    match condition:
        case syntax.Truth(value):
            return value
        case syntax.Not(body):
            return negation(truth(body, known))
        case syntax.And(parts):
            return conjunction(truth(part, known) for part in parts)
        case syntax.Or(parts):
            return disjunction(truth(part, known) for part in parts)
        case syntax.Fact() | syntax.Field():
            return _as_truth(operand(condition, known))
        case syntax.Compare(operator, left, right):
            return compared(operator, operand(left, known), operand(right, known))
        case syntax.Among(item, members):
            value = operand(item, known)
            return None if value is None else value in [member.value for member in members]
        case syntax.Member(item, of):
            return _within(operand(item, known), operand(of, known))
        case syntax.Exists(over, _, body):
            return _exists(_bodies(over.path, body, known), _whole(over.path, known))
        case syntax.All(over, _, body):
            return negation(_exists(_bodies(over.path, syntax.Not(body), known), _whole(over.path, known)))
        case syntax.Count(over, _, body, operator, number):
            return _counted(_bodies(over.path, body, known), _whole(over.path, known), operator, operand(number, known))
        case syntax.Term():
            raise ValueError(f"the condition is not closed: {condition.name}")
        case _:
            assert_never(condition)


def compared(sign: str, left: Any, right: Any) -> Kleene:
    """The comparison of two values; Unknown where either is absent."""
    if left is None or right is None:
        return None
    return COMPARED[sign](left, right)


def _as_truth(value: Any) -> Kleene:
    return value if isinstance(value, bool) else None


def operand(node: syntax.Operand | syntax.Fact | syntax.Field, known: Known) -> Any:
    """The value of an operand, or None where it is Unknown."""
    match node:
        case syntax.Truth(value) | syntax.Integer(value) | syntax.Text(value) | syntax.Day(value):
            return value
        case syntax.Fact(path):
            return known.values.get(path)
        case syntax.Field(_, name):
            return None if known.record is None else known.record.get(name)
        case syntax.Item():
            return known.member
        case syntax.Sum(left, right, minus):
            return _sum(operand(left, known), operand(right, known), minus)
        case syntax.Shift(day, unit, amount, minus):
            return _shift(operand(day, known), unit, operand(amount, known), minus)
        case syntax.Param():
            raise ValueError(f"the condition is not closed: params.{node.name}")
        case _:
            assert_never(node)


def _sum(left: int | None, right: int | None, minus: bool) -> int | None:
    if left is None or right is None:
        return None
    return left - right if minus else left + right


def _shift(day: date | None, unit: syntax.Unit, amount: int | None, minus: bool) -> date | None:
    if day is None or amount is None or isinstance(day, datetime):
        return None
    return shifted(day, **{unit: -amount if minus else amount})


def _within(item: str, of: Any) -> Kleene:
    if not isinstance(of, KnownSet):
        return None
    return True if item in of.members else False if of.whole else None


def _bodies(path: str, body: syntax.Condition, known: Known) -> list[Kleene]:
    """The truth of the body for each known record, or for each member that a set can have."""
    value = known.values.get(path)
    if isinstance(known.vocabulary.kind(path), kinds.Set):
        return _of_members(path, body, known, value if isinstance(value, KnownSet) else KnownSet(frozenset(), False))
    items = value.items if isinstance(value, KnownList) else ()
    return [truth(body, Known(known.values, known.vocabulary, record)) for record in items]


def _of_members(path: str, body: syntax.Condition, known: Known, value: KnownSet) -> list[Kleene]:
    """The truth for each possible member of a set: members are few, so one that may still be added counts as Unknown."""
    kind = known.vocabulary.kind(path)
    members = kind.members if isinstance(kind, kinds.Set) else ()
    return [
        conjunction((_within(member, value), truth(body, Known(known.values, known.vocabulary, None, member))))
        for member in members
    ]


def _whole(path: str, known: Known) -> bool:
    """Whether no further record can be added; further members of a set are already among its bodies."""
    value = known.values.get(path)
    return isinstance(known.vocabulary.kind(path), kinds.Set) or (isinstance(value, KnownList) and value.whole)


def _exists(bodies: Any, whole: bool) -> Kleene:
    found = disjunction(bodies)
    return None if found is False and not whole else found


def _counted(bodies: list[Kleene], whole: bool, sign: str, number: int) -> Kleene:
    """The comparison of a count, which is at least the number of true bodies and at most that of those not false."""
    least = sum(body is True for body in bodies)
    most = sum(body is not False for body in bodies)
    top = most if whole else max(most, number + 1)  # beyond number + 1 the comparison does not change
    holds = {COMPARED[sign](count, number) for count in range(least, top + 1)}
    return holds.pop() if len(holds) == 1 else None
