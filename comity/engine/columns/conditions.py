"""Evaluates conditions on many rows, or many records, at once. Arrow joins truths as `language.logic` does: NULL is Unknown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any, TypeAlias, assert_never

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from comity.engine.columns.arrays import FactArrays, Records, SetArrays
from comity.engine.questions.normal import by_constants
from comity.facts.row_codes import Numbers
from comity.language import syntax
from comity.period import FIRST_DAY, LAST_DAY

Column: TypeAlias = Any  # an Arrow array, or a scalar where every row has the same value
COMPARED = {
    "==": pc.equal, "!=": pc.not_equal, "<": pc.less, "<=": pc.less_equal, ">": pc.greater, ">=": pc.greater_equal,
}  # fmt: skip
EPOCH = np.datetime64("1970-01-01", "D")
FIRST, LAST = (int((np.datetime64(day) - EPOCH).astype(int)) for day in (FIRST_DAY, LAST_DAY))
FIRST_MONTH, LAST_MONTH = (int(np.datetime64(day, "M").astype(int)) for day in (FIRST_DAY, LAST_DAY))
FURTHEST = 4_000_000  # days: a shift of more always leaves the calendar
UNKNOWN = pa.scalar(None, pa.bool_())
NOT_NORMAL = "not part of a condition in normal form"


class Conditions:
    """Conditions on the rows of a table or, with `records`, on the records of a list and the facts beside them."""

    def __init__(self, facts: FactArrays, records: Records | None = None) -> None:
        self.facts, self.records = facts, records

    def truth(self, node: syntax.Condition) -> Column:
        """The truth of a condition in normal form, NULL where it is Unknown."""
        match node:
            case syntax.Truth(value):
                return pa.scalar(value)
            case syntax.Not(body):
                return pc.invert(self.truth(body))
            case syntax.And(parts):
                return reduce(pc.and_kleene, map(self.truth, parts))
            case syntax.Or(parts):
                equal, others = by_constants(parts)
                among = [is_among(self.value(left), constants) for left, constants in equal.items()]
                return reduce(pc.or_kleene, [*map(self.truth, others), *among])
            case syntax.Fact() | syntax.Field():
                return self.value(node)
            case syntax.Compare(operator, left, right):
                return COMPARED[operator](self.value(left), self.value(right))
            case syntax.Member(syntax.Text(member), of):
                return self.set_of(of).has(member)
            case syntax.Among(item, members):
                return is_among(self.value(item), [member.value for member in members])
            case syntax.Member() | syntax.Exists() | syntax.All() | syntax.Count() | syntax.Term():
                raise ValueError(f"{NOT_NORMAL}: {node}")
            case _:
                assert_never(node)

    def value(self, node: syntax.Operand) -> Column:
        """The value of an operand, NULL where it is Unknown."""
        match node:
            case syntax.Truth(value) | syntax.Integer(value) | syntax.Text(value) | syntax.Day(value):
                return pa.scalar(value)
            case syntax.Fact(path):
                return self.records.fact(path) if self.records else self.facts.fact(path)
            case syntax.Field(_, name):
                return self.records.field(name) if self.records else UNKNOWN
            case syntax.Sum(left, right, minus):
                return (pc.subtract if minus else pc.add)(self.value(left), self.value(right))
            case syntax.Shift(day, unit, amount, minus):
                return shifted_days(self.value(day), unit, self.value(amount), minus)
            case syntax.Item() | syntax.Param():
                raise ValueError(f"{NOT_NORMAL}: {node}")
            case _:
                assert_never(node)

    def set_of(self, node: syntax.Fact | syntax.Field) -> SetArrays:
        """A fact or a field that is a set."""
        if isinstance(node, syntax.Fact):
            return self.records.fact_set(node.path) if self.records else self.facts.fact_set(node.path)
        assert self.records
        return self.records.set_field(node.name)


def is_among(value: Column, constants: Sequence[Any]) -> Column:
    """Whether a value is one of some constants, NULL where it is Unknown; each value is looked up once, not compared with each."""
    if len(constants) == 1:
        return pc.equal(value, constants[0])
    found = pc.is_in(value, value_set=pa.array(constants))
    return pc.if_else(pc.is_valid(value), found, UNKNOWN)


def shifted_days(day: Column, unit: syntax.Unit, amount: Column, minus: bool) -> Column:
    """Days moved by whole years, months or days, as `period.shifted` moves one; NULL where either is."""
    if isinstance(day, pa.Scalar) and isinstance(amount, pa.Scalar):
        return _shifted(pa.array([day.as_py()], pa.date32()), unit, pa.array([amount.as_py()], pa.int64()), minus)[0]
    if isinstance(day, pa.Scalar):
        day = pa.repeat(pa.scalar(day.as_py(), pa.date32()), len(amount))
    if isinstance(amount, pa.Scalar):
        amount = pa.repeat(pa.scalar(amount.as_py(), pa.int64()), len(day))
    return _shifted(day, unit, amount, minus)


def _shifted(day: pa.Array, unit: syntax.Unit, amount: pa.Array, minus: bool) -> pa.Array:
    unknown = ~(day.is_valid().to_numpy(zero_copy_only=False) & amount.is_valid().to_numpy(zero_copy_only=False))
    days: Numbers = day.cast(pa.int32()).fill_null(0).to_numpy().astype(np.int64)
    by: Numbers = np.clip(amount.fill_null(0).to_numpy(), -FURTHEST, FURTHEST) * (-1 if minus else 1)
    moved = days + by if unit == "days" else _by_months(days, by * (12 if unit == "years" else 1))
    return pa.array(np.clip(moved, FIRST, LAST).astype(np.int32), pa.int32(), mask=unknown).cast(pa.date32())


def _by_months(days: Numbers, by: Numbers) -> Numbers:
    """Days moved by months; the end of a shorter month takes the days that it lacks."""
    day = EPOCH + days
    month = day.astype("datetime64[M]")
    of_month = (day - month.astype("datetime64[D]")).astype(np.int64)
    target = month.astype(np.int64) + by
    inside = np.clip(target, FIRST_MONTH, LAST_MONTH)
    first = inside.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    next_first = (inside + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    moved = np.minimum(first + of_month, next_first - 1)
    return np.where(target < FIRST_MONTH, FIRST, np.where(target > LAST_MONTH, LAST, moved))
