"""Conditions as SQL expressions on two rails, *certainly so* and *certainly not so*, neither of which is ever NULL.

So no engine's own rules about NULL decide a case: each fact is asked whether it is there before it is compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial, reduce
from typing import Any, NamedTuple, TypeAlias, assert_never

import ibis
from msgspec import Struct, structs

from comity.facts.columns import facts_table, schema_of, whole_of, written
from comity.facts.kinds import KnownList, KnownSet, Value
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.period import FIRST_DAY, LAST_DAY

Expression: TypeAlias = Any  # the expression library has no one type for what may stand in a query
Rail: TypeAlias = Any  # True, False, or an expression that is true or false and never NULL
# No shift of more than this leaves the calendar's 9,999 years, and none that is less overflows an engine's own.
FURTHEST: dict[syntax.Unit, int] = {"years": 10_000, "months": 120_000, "days": 3_660_000}
COUNTED: dict[syntax.Unit, tuple[str, int]] = {"years": ("M", 12), "months": ("M", 1), "days": ("D", 1)}
NOT_NORMAL = "not a part of a normal condition"


class Rails(NamedTuple):
    """Whether something is certainly so, and whether it is certainly not so; neither where it is Unknown."""

    so: Rail
    not_so: Rail


class Side(NamedTuple):
    """A value, and whether it is known; the value means nothing where it is not."""

    value: Expression
    known: Rail


UNKNOWN_SIDE = Side(None, False)


def contrary(rail: Rail) -> Rail:
    return not rail if isinstance(rail, bool) else ~rail


def both(rails: Iterable[Rail]) -> Rail:
    """All of them; what is known beforehand is left out of the query."""
    return _joined(rails, True, lambda one, other: one & other)


def either(rails: Iterable[Rail]) -> Rail:
    """One of them at least."""
    return _joined(rails, False, lambda one, other: one | other)


def _joined(rails: Iterable[Rail], neutral: bool, join: Callable[[Expression, Expression], Expression]) -> Rail:
    rest: list[Expression] = []
    for own in rails:
        if isinstance(own, bool):
            if own is not neutral:
                return own
        else:
            rest.append(own)
    while len(rest) > 1:  # by halves, so that a long row of parts does not become a deep nest
        rest = [reduce(join, rest[at : at + 2]) for at in range(0, len(rest), 2)]
    return rest[0] if rest else neutral


def chosen(pairs: Iterable[tuple[Rail, Expression]], otherwise: Expression) -> Expression:
    """The value beside the first rail that is so."""
    kept: list[tuple[Rail, Expression]] = []
    for rail, value in pairs:
        if rail is True:
            otherwise = value
            break
        if rail is not False:
            kept.append((rail, value))
    return ibis.cases(*kept, else_=otherwise) if kept else otherwise


class Reading(Struct, frozen=True):
    """The facts that conditions read: the columns of a table, and what fills a fact that is absent.

    Where the rows are `complete` everything in their columns is known, and nothing is asked before it is compared.
    """

    table: Expression
    vocabulary: Vocabulary
    columns: frozenset[str]
    fills: Mapping[str, Value]
    complete: bool = False

    def over(self, table: Expression) -> Reading:
        """The same of another table, that the columns have gone into."""
        return structs.replace(self, table=table)

    def sure(self, paths: Iterable[str]) -> bool:
        """Whether nothing of some facts can be missing."""
        return self.complete and all(path in self.columns or path in self.fills for path in paths)

    def fact(self, path: str) -> Side:
        """A plain fact."""
        fill = self.fills.get(path)
        if path not in self.columns:
            return UNKNOWN_SIDE if fill is None else Side(ibis.literal(fill), True)
        column = self.table[path]
        if self.complete:
            return Side(column, True)
        return Side(column, column.notnull()) if fill is None else Side(ibis.coalesce(column, ibis.literal(fill)), True)

    def within(self, member: str, path: str) -> Rails:
        """Whether a set has a member."""
        fill = self.fills.get(path)
        filled = _within_known(member, fill if isinstance(fill, KnownSet) else KnownSet(frozenset(), False))
        if path not in self.columns:
            return filled
        column, whole = self.table[path], self.table[whole_of(path)]
        if self.complete:
            return Rails(column.contains(member), ~column.contains(member))
        absent = whole.isnull()  # not the list itself: some engines have no list that is NULL
        has = column.contains(member).fill_null(False)
        lacks = both([whole.fill_null(False), ~has])
        return Rails(chosen([(absent, filled.so)], has), chosen([(absent, filled.not_so)], lacks))

    def known(self, path: str) -> tuple[Rail, Rail]:
        """Whether anything is known of a list, and whether it is known whole."""
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
        """A list of records in its row, whether anything is known of it, and whether it is known whole."""
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
            chosen([(column.isnull(), fill.whole)], whole),
        )

    def literal_records(self, path: str, fill: KnownList) -> Expression:
        table = facts_table([{path: fill}], [path], self.vocabulary)
        type_ = written(schema_of([path], self.vocabulary))[path]
        return ibis.literal(table.column(path)[0].as_py(), type=type_)


def _within_known(member: str, known: KnownSet) -> Rails:
    has = member in known.members
    return Rails(has, known.whole and not has)


class Conditions(Struct, frozen=True):
    """Writes normal conditions and their operands; `record` is the one that a quantifier looks at."""

    facts: Reading
    record: Expression = None

    def rails(self, node: syntax.Condition) -> Rails:
        """A condition that has no quantifier in it."""
        match node:
            case syntax.Truth(value):
                return Rails(value, not value)
            case syntax.Not(body):
                so, not_so = self.rails(body)
                return Rails(not_so, so)
            case syntax.And(parts):
                all_rails = [self.rails(part) for part in parts]
                return Rails(both(own.so for own in all_rails), either(own.not_so for own in all_rails))
            case syntax.Or(parts):
                all_rails = [*self.gathered(parts)]
                return Rails(either(own.so for own in all_rails), both(own.not_so for own in all_rails))
            case syntax.Fact() | syntax.Field():
                return _certain(self.side(node), lambda value: value)
            case syntax.Compare(operator, left, right):
                return self.compared(operator, self.side(left), self.side(right))
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
        """The rails of the parts of an Or; what is equal to one of several values is asked once."""
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
        for left, own in values.items():
            yield _certain(self.side(left), partial(_is_one_of, own))

    def compared(self, operator: str, left: Side, right: Side) -> Rails:
        known = both([left.known, right.known])
        if known is False:
            return Rails(False, False)
        return _certain(
            Side((left.value, right.value), known), lambda two: two[0] < two[1] if operator == "<" else two[0] == two[1]
        )

    def in_field(self, member: str, name: str) -> Rails:
        if isinstance(self.record, ibis.Table):  # a child table has no records in a record
            members, whole = self.record[name], self.record[whole_of(name)]
        else:
            members, whole = self.record[name]["members"], self.record[name]["whole"]
        if self.facts.complete:
            return Rails(members.contains(member), ~members.contains(member))
        has = members.contains(member).fill_null(False)
        return Rails(has, both([whole.fill_null(False), ~has]))

    def side(self, node: syntax.Operand | syntax.Fact | syntax.Field) -> Side:
        """A value that is compared."""
        match node:
            case syntax.Truth(value) | syntax.Integer(value) | syntax.Text(value) | syntax.Day(value):
                return Side(ibis.literal(value), True)
            case syntax.Fact(path):
                return self.facts.fact(path)
            case syntax.Field(_, name):
                return Side(self.record[name], True if self.facts.complete else self.record[name].notnull())
            case syntax.Sum(left, right, minus):
                return _together(
                    self.side(left), self.side(right), lambda one, other: one - other if minus else one + other
                )
            case syntax.Shift(day, unit, amount, minus):
                return _together(self.side(day), self.amount(amount, unit, minus), _moved)
            case syntax.Item() | syntax.Param():
                raise ValueError(f"{NOT_NORMAL}: {node}")
            case _:
                assert_never(node)

    def amount(self, node: syntax.Number, unit: syntax.Unit, minus: bool) -> Side:
        """By how much a day is moved, as the engines count it: in days, or in months."""
        furthest, (counted, times) = FURTHEST[unit], COUNTED[unit]
        sign = -times if minus else times
        if isinstance(node, syntax.Integer):
            number = max(-furthest, min(furthest, node.value)) * sign
            return Side(ibis.interval(months=number) if counted == "M" else ibis.interval(days=number), True)
        value, known = self.side(node)
        if known is False:
            return UNKNOWN_SIDE
        within = ibis.cases((value < -furthest, -furthest), (value > furthest, furthest), else_=value)
        return Side((within * sign).as_interval(counted), known)


def _certain(side: Side, test: Callable[[Any], Expression]) -> Rails:
    if side.known is False:
        return Rails(False, False)
    value = test(side.value)
    return Rails(both([side.known, value]), both([side.known, ~value]))  # FALSE and NULL is FALSE with every engine


def _is_one_of(values: Sequence[Any], value: Expression) -> Expression:
    return value == values[0] if len(values) == 1 else value.isin(list(values))


def _together(one: Side, other: Side, join: Callable[[Expression, Expression], Expression]) -> Side:
    known = both([one.known, other.known])
    return UNKNOWN_SIDE if known is False else Side(join(one.value, other.value), known)


def _moved(day: Expression, by: Expression) -> Expression:
    """A day moved, which stays a day and within the calendar, as `period.shifted` has it.

    A day and an interval make a timestamp in most engines, whatever the expression library thinks; hence both casts.
    """
    moved = (day + by).cast("timestamp").cast("date")
    return ibis.cases((moved < _day(FIRST_DAY), _day(FIRST_DAY)), (moved > _day(LAST_DAY), _day(LAST_DAY)), else_=moved)


def _day(day: date) -> Expression:
    return ibis.literal(day)
