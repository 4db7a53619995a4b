"""The facts that the conditions of a SELECT read: the columns of a table, and what fills their empty cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import ibis
from msgspec import Struct, structs

from comity.engine.sql.rails import UNKNOWN_VALUE, Expression, Rail, Rails, SqlValue, all_of, case_when
from comity.facts.columns import column_types, facts_table, schema_of, whole_of
from comity.facts.kinds import KnownList, KnownSet, Value
from comity.facts.vocabulary import Vocabulary


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
