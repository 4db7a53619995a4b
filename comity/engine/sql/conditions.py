"""Translates conditions into SQL expressions on two rails, *surely true* and *surely false*, neither of which is ever NULL.

A condition is Unknown where neither rail is true. So the result never depends on how an engine treats NULL: whether a fact
is known is tested before the fact is compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial, reduce
from typing import Any, NamedTuple, TypeAlias, assert_never

import ibis
from msgspec import Struct, structs

from comity.facts.columns import column_types, facts_table, schema_of, whole_of
from comity.facts.kinds import KnownList, KnownSet, Value
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.period import FIRST_DAY, LAST_DAY

Expression: TypeAlias = Any  # the expression library has no one type for expressions
Rail: TypeAlias = Any  # True, False, or an expression that is true or false and never NULL
# A shift of more than this always leaves the calendar's 9,999 years; a smaller one never overflows an engine's dates.
FURTHEST: dict[syntax.Unit, int] = {"years": 10_000, "months": 120_000, "days": 3_660_000}
COUNTED: dict[syntax.Unit, tuple[str, int]] = {"years": ("M", 12), "months": ("M", 1), "days": ("D", 1)}
NOT_NORMAL = "not part of a condition in normal form"


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
    while len(rest) > 1:  # in pairs, so that many parts do not nest deeply
        rest = [reduce(join, rest[at : at + 2]) for at in range(0, len(rest), 2)]
    return rest[0] if rest else neutral


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


class FactColumns(Struct, frozen=True):
    """The facts that conditions read: the columns of a table, and `fills`.

    `fills` are the values used where a cell is empty. If the rows are `complete`, every cell is known, and no test
    comes before a comparison.
    """

    table: Expression
    vocabulary: Vocabulary
    columns: frozenset[str]
    fills: Mapping[str, Value]
    complete: bool = False

    def over(self, table: Expression) -> FactColumns:
        """The same facts, read from another table that has the columns."""
        return structs.replace(self, table=table)

    def sure(self, paths: Iterable[str]) -> bool:
        """Whether some facts are known in every row."""
        return self.complete and all(path in self.columns or path in self.fills for path in paths)

    def fact(self, path: str) -> SqlValue:
        """A fact that is neither a set nor a list."""
        fill = self.fills.get(path)
        if path not in self.columns:
            return UNKNOWN_VALUE if fill is None else SqlValue(ibis.literal(fill), True)
        column = self.table[path]
        if self.complete:
            return SqlValue(column, True)
        return (
            SqlValue(column, column.notnull())
            if fill is None
            else SqlValue(ibis.coalesce(column, ibis.literal(fill)), True)
        )

    def within(self, member: str, path: str) -> Rails:
        """Whether a set has a member.

        Unknown if the set is known in part without that member.
        """
        fill = self.fills.get(path)
        filled = _within_known(member, fill if isinstance(fill, KnownSet) else KnownSet(frozenset(), False))
        if path not in self.columns:
            return filled
        column, whole = self.table[path], self.table[whole_of(path)]
        if self.complete:
            return Rails(column.contains(member), ~column.contains(member))
        absent = whole.isnull()  # not the list itself: some engines have no list that is NULL
        has = column.contains(member).fill_null(False)
        lacks = all_of([whole.fill_null(False), ~has])
        return Rails(case_when([(absent, filled.so)], has), case_when([(absent, filled.not_so)], lacks))

    def known(self, path: str) -> tuple[Rail, Rail]:
        """Whether a list is known at all, and whether it is known whole."""
        fill = self.fills.get(path)
        given = fill.whole if isinstance(fill, KnownList) else None
        if path not in self.columns:
            return given is not None, bool(given)
        if self.complete:
            return True, True
        whole = self.table[whole_of(path)]
        if given is None:
            return whole.notnull(), whole.fill_null(False)
        return True, whole.fill_null(given)

    def records(self, path: str) -> tuple[Expression, Rail, Rail]:
        """A list of records in its row, whether it is known, and whether in whole."""
        fill = self.fills.get(path)
        if path not in self.columns:
            if not isinstance(fill, KnownList):
                return None, False, False
            return self.literal_records(path, fill), True, fill.whole
        column, whole = self.table[path], self.table[whole_of(path)].fill_null(False)
        if self.complete:
            return column, True, True
        if not isinstance(fill, KnownList):
            return column, column.notnull(), whole
        return (
            ibis.coalesce(column, self.literal_records(path, fill)),
            True,
            case_when([(column.isnull(), fill.whole)], whole),
        )

    def literal_records(self, path: str, fill: KnownList) -> Expression:
        """A known list as a literal."""
        table = facts_table([{path: fill}], [path], self.vocabulary)
        type_ = column_types(schema_of([path], self.vocabulary))[path]
        return ibis.literal(table.column(path)[0].as_py(), type=type_)


def _within_known(member: str, known: KnownSet) -> Rails:
    has = member in known.members
    return Rails(has, known.whole and not has)


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
        values: dict[syntax.Fact | syntax.Field, list[Any]] = {}
        for part in parts:
            if (
                isinstance(part, syntax.Compare)
                and part.operator == "=="
                and isinstance(part.left, (syntax.Fact, syntax.Field))
                and isinstance(part.right, (syntax.Integer, syntax.Text, syntax.Day))
            ):
                values.setdefault(part.left, []).append(part.right.value)
            else:
                yield self.rails(part)
        for left, constants in values.items():
            yield _certain(self.operand(left), partial(_is_one_of, constants))

    def compared(self, operator: str, left: SqlValue, right: SqlValue) -> Rails:
        """The rails of `<` or `==`; unknown unless both values are known."""
        known = all_of([left.known, right.known])
        if known is False:
            return Rails(False, False)
        return _certain(
            SqlValue((left.value, right.value), known),
            lambda two: two[0] < two[1] if operator == "<" else two[0] == two[1],
        )

    def in_field(self, member: str, name: str) -> Rails:
        """Whether a field of the record that is a set has a member."""
        if isinstance(self.record, ibis.Table):  # the record is a row of a child table
            members, whole = self.record[name], self.record[whole_of(name)]
        else:
            members, whole = self.record[name]["members"], self.record[name]["whole"]
        if self.facts.complete:
            return Rails(members.contains(member), ~members.contains(member))
        has = members.contains(member).fill_null(False)
        return Rails(has, all_of([whole.fill_null(False), ~has]))

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


def _is_one_of(values: Sequence[Any], value: Expression) -> Expression:
    return value == values[0] if len(values) == 1 else value.isin(list(values))


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
