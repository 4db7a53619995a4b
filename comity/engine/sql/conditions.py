"""Translates conditions into SQL expressions on two rails, *surely true* and *surely false*, neither of which is ever NULL.

A condition is Unknown where neither rail is true. So the result never depends on how an engine treats NULL: whether a fact
is known is tested before the fact is compared. Conditions on a record in its row are one truth value instead, since there
they are evaluated for every record, and the engines that have such records agree on NULL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any, assert_never

import ibis
from msgspec import Struct

from comity.engine.questions.normal import by_constants
from comity.engine.sql.fact_columns import FactColumns
from comity.engine.sql.rails import UNKNOWN_VALUE, Expression, Rails, SqlValue, all_of, any_of, case_when, in_pairs
from comity.facts.columns import whole_of
from comity.language import syntax
from comity.period import FIRST_DAY, LAST_DAY

# A shift of more than this always leaves the calendar's 9,999 years; a smaller one never overflows an engine's dates.
FURTHEST: dict[syntax.Unit, int] = {"years": 10_000, "months": 120_000, "days": 3_660_000}
SEARCHED_FROM = 4  # from so many constants on, an engine searches a list faster than it compares with each
COUNTED: dict[syntax.Unit, tuple[str, int]] = {"years": ("M", 12), "months": ("M", 1), "days": ("D", 1)}
NOT_NORMAL = "not part of a condition in normal form"


class Conditions(Struct, frozen=True):
    """Translates conditions in normal form and their operands.

    Inside a quantifier, `record` is the record it looks at. Each connective is translated on both rails: a conjunction
    is surely true if all its parts are, and surely false if one of them is; a negation swaps the rails. This is
    three-valued logic, so the rails agree with `language.logic`.
    """

    facts: FactColumns
    record: Expression = None

    def rails(self, node: syntax.Condition) -> Rails:
        """The rails of a condition without quantifiers."""
        match node:
            case syntax.Truth(value):
                return Rails(value, not value)
            case syntax.Not(body):
                so, not_so = self.rails(body)
                return Rails(not_so, so)
            case syntax.And(parts):
                all_rails = [self.rails(part) for part in parts]
                return Rails(
                    all_of(part_rails.so for part_rails in all_rails),
                    any_of(part_rails.not_so for part_rails in all_rails),
                )
            case syntax.Or(parts):
                all_rails = [*self.gathered(parts)]
                return Rails(
                    any_of(part_rails.so for part_rails in all_rails),
                    all_of(part_rails.not_so for part_rails in all_rails),
                )
            case syntax.Fact() | syntax.Field():
                return _certain(self.operand(node), lambda value: value)
            case syntax.Compare(operator, left, right):
                return self.compared(operator, self.operand(left), self.operand(right))
            case syntax.Member(syntax.Text(member), of):
                return (
                    self.facts.within(member, of.path)
                    if isinstance(of, syntax.Fact)
                    else self.in_field(member, of.name)
                )
            case syntax.Member() | syntax.Among() | syntax.Exists() | syntax.All() | syntax.Count() | syntax.Term():
                raise ValueError(f"{NOT_NORMAL}: {node}")
            case _:
                assert_never(node)

    def gathered(self, parts: Iterable[syntax.Condition]) -> Iterable[Rails]:
        """The rails of the parts of an Or.

        Several tests of equality with one fact become one IN.
        """
        equal, others = by_constants(parts)
        yield from map(self.rails, others)
        for left, constants in equal.items():
            yield _certain(self.operand(left), partial(self.is_one_of, constants))

    def truth(self, node: syntax.Condition) -> Expression:
        """A condition on a record in its row as one truth value, NULL where it is Unknown.

        AND, OR and NOT of SQL are those of `language.logic`. Only for engines with records in a row: others differ in what they
        make of a NULL in IN. A part is written once, where the rails write it twice.
        """
        match node:
            case syntax.Not(body):
                return ~self.truth(body)
            case syntax.And(parts):
                return in_pairs([self.truth(part) for part in parts], lambda one, other: one & other)
            case syntax.Or(parts):
                equal, others = by_constants(parts)
                searched = [
                    _truth_of(self.operand(left), partial(self.is_one_of, constants))
                    for left, constants in equal.items()
                ]
                return in_pairs([*map(self.truth, others), *searched], lambda one, other: one | other)
            case syntax.Fact() | syntax.Field():
                return _truth_of(self.operand(node), lambda value: value)
            case syntax.Compare(operator, left, right):
                return _truth_of(_both(self.operand(left), self.operand(right)), lambda two: _compared(operator, *two))
            case syntax.Member(syntax.Text(member), syntax.Field(_, name)):
                members, whole = self.members(name)
                return ibis.cases((members.contains(member), True), (whole, False), else_=_literal(None))
            case _:
                so, not_so = self.rails(node)
                return case_when([(so, _literal(True)), (not_so, _literal(False))], _literal(None))

    def is_one_of(self, constants: Sequence[Any], value: Expression) -> Expression:
        """Whether a value is one of some constants; many are searched as a list where a record in its row is looked at."""
        if len(constants) == 1:
            return value == constants[0]
        in_row = self.record is not None and not isinstance(self.record, ibis.Table)
        if in_row and len(constants) >= SEARCHED_FROM:
            return ibis.array(list(constants)).contains(value)
        return value.isin(list(constants))

    def compared(self, operator: str, left: SqlValue, right: SqlValue) -> Rails:
        """The rails of `<` or `==`; unknown unless both values are known."""
        return _certain(_both(left, right), lambda two: _compared(operator, *two))

    def in_field(self, member: str, name: str) -> Rails:
        """Whether a field of the record that is a set has a member."""
        members, whole = self.members(name)
        if self.facts.complete:
            return Rails(members.contains(member), ~members.contains(member))
        has = members.contains(member).fill_null(False)
        return Rails(has, all_of([whole.fill_null(False), ~has]))

    def members(self, name: str) -> tuple[Expression, Expression]:
        """The members that are known of a field of the record, and whether they are all."""
        if isinstance(self.record, ibis.Table):  # the record is a row of a child table
            return self.record[name], self.record[whole_of(name)]
        return self.record[name]["members"], self.record[name]["whole"]

    def operand(self, node: syntax.Operand | syntax.Fact | syntax.Field) -> SqlValue:
        """An operand of a comparison."""
        match node:
            case syntax.Truth(value) | syntax.Integer(value) | syntax.Text(value) | syntax.Day(value):
                return SqlValue(ibis.literal(value), True)
            case syntax.Fact(path):
                return self.facts.fact(path)
            case syntax.Field(_, name):
                return SqlValue(self.record[name], True if self.facts.complete else self.record[name].notnull())
            case syntax.Sum(left, right, minus):
                return _together(
                    self.operand(left),
                    self.operand(right),
                    lambda first, second: first - second if minus else first + second,
                )
            case syntax.Shift(day, unit, amount, minus):
                return _together(self.operand(day), self.amount(amount, unit, minus), _moved)
            case syntax.Item() | syntax.Param():
                raise ValueError(f"{NOT_NORMAL}: {node}")
            case _:
                assert_never(node)

    def amount(self, node: syntax.Number, unit: syntax.Unit, minus: bool) -> SqlValue:
        """The amount of a shift as an interval in days or months, as engines have it."""
        furthest, (counted, times) = FURTHEST[unit], COUNTED[unit]
        sign = -times if minus else times
        if isinstance(node, syntax.Integer):
            number = max(-furthest, min(furthest, node.value)) * sign
            return SqlValue(ibis.interval(months=number) if counted == "M" else ibis.interval(days=number), True)
        value, known = self.operand(node)
        if known is False:
            return UNKNOWN_VALUE
        within = ibis.cases((value < -furthest, -furthest), (value > furthest, furthest), else_=value)
        return SqlValue((within * sign).as_interval(counted), known)


def _certain(side: SqlValue, test: Callable[[Any], Expression]) -> Rails:
    if side.known is False:
        return Rails(False, False)
    value = test(side.value)
    return Rails(all_of([side.known, value]), all_of([side.known, ~value]))  # FALSE AND NULL is FALSE in every engine


def _truth_of(side: SqlValue, test: Callable[[Any], Expression]) -> Expression:
    """What a test says of a value whose column is NULL where it is not known."""
    return _literal(None) if side.known is False else test(side.value)


def _literal(value: bool | None) -> Expression:
    return ibis.literal(value, type="boolean")


def _both(left: SqlValue, right: SqlValue) -> SqlValue:
    return SqlValue((left.value, right.value), all_of([left.known, right.known]))


def _compared(operator: str, left: Expression, right: Expression) -> Expression:
    return left < right if operator == "<" else left == right


def _together(first: SqlValue, second: SqlValue, join: Callable[[Expression, Expression], Expression]) -> SqlValue:
    known = all_of([first.known, second.known])
    return UNKNOWN_VALUE if known is False else SqlValue(join(first.value, second.value), known)


def _moved(day: Expression, by: Expression) -> Expression:
    """A day moved as `period.shifted` moves it: it stays a date, and within the calendar.

    In most engines a date plus an interval is a timestamp, although the expression library types it as a date: so two casts.
    """
    moved = (day + by).cast("timestamp").cast("date")
    return ibis.cases((moved < _day(FIRST_DAY), _day(FIRST_DAY)), (moved > _day(LAST_DAY), _day(LAST_DAY)), else_=moved)


def _day(day: date) -> Expression:
    return ibis.literal(day)
