"""The facts of many requests as Arrow arrays, with those that hold where a row says nothing; NULL is Unknown."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, TypeAlias
from weakref import proxy

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from comity.facts.columns import facts_table, schema_of, whole_of
from comity.facts.kinds import Value
from comity.facts.row_codes import Numbers
from comity.facts.vocabulary import Vocabulary

Flags: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]


class SetArrays:
    """A set of each row or record: its members, and whether it can have no other."""

    def __init__(self, members: pa.ListArray, whole: pa.BooleanArray) -> None:
        self.members = members
        self.whole: Flags = whole.fill_null(False).to_numpy(zero_copy_only=False)

    @cached_property
    def parents(self) -> Numbers:
        """The row of each member."""
        found: Numbers = pc.list_parent_indices(self.members).to_numpy()
        return found

    @cached_property
    def flat(self) -> pa.Array:
        """The members of all rows."""
        return pc.list_flatten(self.members)

    def has(self, member: str) -> pa.BooleanArray:
        """Whether each set has a member; NULL where it may."""
        found = np.zeros(len(self.members), bool)
        found[self.parents[pc.equal(self.flat, member).to_numpy(zero_copy_only=False)]] = True
        return pa.array(found, mask=~(found | self.whole))


class Records:
    """The records of a list in all rows: the row of each, their fields, and in which rows there can be no further record."""

    def __init__(self, lists: pa.ListArray, whole: pa.BooleanArray, facts: FactArrays) -> None:
        self.facts: FactArrays = proxy(
            facts
        )  # a circle would keep the columns of every piece until garbage is collected
        self.rows = len(lists)
        self.whole: Flags = whole.fill_null(False).to_numpy(zero_copy_only=False)
        self.structs: pa.StructArray = pc.list_flatten(lists)
        self.row_of: Numbers = pc.list_parent_indices(lists).to_numpy()
        self._beside: dict[str, pa.Array] = {}
        self._sets: dict[str, SetArrays] = {}

    def field(self, name: str) -> pa.Array:
        """A field of every record."""
        return pc.struct_field(self.structs, name)

    def set_field(self, name: str) -> SetArrays:
        """A field that is a set, of every record."""
        if name not in self._sets:
            field = self.field(name)
            self._sets[name] = SetArrays(pc.struct_field(field, "members"), pc.struct_field(field, "whole"))
        return self._sets[name]

    def fact(self, path: str) -> pa.Array:
        """A fact of the row of every record."""
        if path not in self._beside:
            self._beside[path] = self.facts.fact(path).take(pa.array(self.row_of))
        return self._beside[path]

    def fact_set(self, path: str) -> SetArrays:
        """A set of the row of every record."""
        of_row = self.facts.fact_set(path)
        rows = pa.array(self.row_of)
        return SetArrays(of_row.members.take(rows), pa.array(of_row.whole).take(rows))


class FactArrays:
    """The columns of a table of facts (`facts.columns`); `fills` are the values used where a cell is empty."""

    def __init__(self, table: pa.Table, vocabulary: Vocabulary, fills: Mapping[str, Value]) -> None:
        self.table, self.vocabulary, self.fills = table, vocabulary, fills
        self.names = frozenset(table.schema.names)
        self.rows = int(table.num_rows)
        self._facts: dict[str, pa.Array] = {}
        self._sets: dict[str, SetArrays] = {}
        self._records: dict[str, Records] = {}

    def fact(self, path: str) -> pa.Array:
        """A fact that is neither a set nor a list."""
        if path not in self._facts:
            self._facts[path] = self._column(path, path)
        return self._facts[path]

    def fact_set(self, path: str) -> SetArrays:
        """A fact that is a set."""
        if path not in self._sets:
            self._sets[path] = SetArrays(self._column(path, path), self._column(path, whole_of(path)))
        return self._sets[path]

    def records(self, path: str) -> Records:
        """A list."""
        if path not in self._records:
            self._records[path] = Records(self._column(path, path), self._column(path, whole_of(path)), self)
        return self._records[path]

    def _column(self, path: str, name: str) -> pa.Array:
        """A column of a fact, filled: a row that says nothing of the fact takes all of its columns from the fill."""
        fill = self.fills.get(path)
        of_fill = None if fill is None else self._fill(path, fill).column(name).combine_chunks()
        if path not in self.names:
            if of_fill is None:
                return pa.nulls(self.rows, schema_of([path], self.vocabulary).field(name).type)
            return of_fill.take(pa.array(np.zeros(self.rows, np.int64)))
        column = self.table.column(name).combine_chunks()
        given = self.table.column(path).combine_chunks()
        if of_fill is None or not given.null_count:
            return column
        at = np.where(given.is_valid().to_numpy(zero_copy_only=False), np.arange(self.rows), self.rows)
        return pa.concat_arrays([column, of_fill.cast(column.type)]).take(pa.array(at))

    def _fill(self, path: str, fill: Value) -> pa.Table:
        return facts_table([{path: fill}], [path], self.vocabulary)
