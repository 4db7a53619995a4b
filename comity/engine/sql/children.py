"""Questions about lists stored in child tables: how many records of each request surely or possibly satisfy a body.

One pass over the table of a list answers all questions about it. A request without records counts 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
import pyarrow as pa

from comity.engine.sql.fact_columns import FactColumns
from comity.engine.sql.questions import PERHAPS, SURELY, mark
from comity.engine.sql.rails import Expression
from comity.facts import kinds
from comity.facts.children import child_name, child_schema
from comity.facts.columns import ROW, column_type, column_types, facts_table, schema_of, whole_of
from comity.facts.kinds import KnownList
from comity.language import syntax

Quantifier = syntax.Exists | syntax.Count


def with_counts(
    table: Expression, questions: Mapping[int, Quantifier], reading: FactColumns
) -> tuple[Expression, dict[int, tuple[str, ...]]]:
    """The table with two more columns for each question about a list, and their names.

    The first counts the records that surely satisfy the body, the second those that surely or possibly do. The child table is
    joined with the request's row, because a body may read the request's other facts; its rows are then grouped by request.
    """
    named: dict[int, tuple[str, ...]] = {index: (f"surely_{index}", f"at_most_{index}") for index in questions}
    parent = table
    for path in dict.fromkeys(atom.over.path for atom in questions.values()):
        of_list = {index: atom for index, atom in questions.items() if atom.over.path == path}
        child = ibis.table(column_types(child_schema(path, reading.vocabulary)), name=child_name(path))
        records = child.inner_join(parent, ROW)  # a body may also read the request's facts
        of_record = reading.over(records)
        counts = []
        for index, atom in of_list.items():
            found = mark(atom, of_record, records)
            counts += [_count(found == SURELY).name(named[index][0]), _count(found >= PERHAPS).name(named[index][1])]
        counted = records.group_by(ROW).aggregate(*counts)
        # A request without rows in the child table counts 0, whether it has no record or none is known.
        joined = table.left_join(counted, ROW)
        here = reading.over(table)
        filled = [
            ibis.cases((table[whole_of(path)].notnull(), counted[name].fill_null(0)), else_=otherwise)
            .cast("int64")
            .name(name)
            for index, atom in of_list.items()
            for name, otherwise in zip(named[index], _of_fill(atom, here), strict=True)
        ]
        table = joined.select(table, *filled)
    return table, named


def _count(so: Expression) -> Expression:
    return _number(so).sum()


def _number(so: Expression) -> Expression:
    """1 or 0; not every engine converts a boolean to a number."""
    return ibis.cases((so, 1), else_=0).cast("int64")


def _of_fill(atom: Quantifier, reading: FactColumns) -> tuple[Expression, Expression]:
    """The counts for the list that fills in where a request has no list."""
    fill = reading.fills.get(atom.over.path)
    kind = reading.vocabulary.kind(atom.over.path)
    surely = perhaps = ibis.literal(0, type="int64")
    if isinstance(fill, KnownList) and isinstance(kind, kinds.Records):
        types = schema_of([atom.over.path], reading.vocabulary).field(atom.over.path).type.value_type
        for cells in (
            facts_table([{atom.over.path: fill}], [atom.over.path], reading.vocabulary)
            .column(atom.over.path)[0]
            .as_py()
        ):
            record = {field.name: _literal(cells[field.name], field.type) for field in types}
            found = mark(atom, reading, record)
            surely, perhaps = surely + _number(found == SURELY), perhaps + _number(found >= PERHAPS)
    return surely, perhaps


def _literal(cell: Any, type_: pa.DataType) -> Any:
    """A cell of a record as a literal; for a set, its members and whether they are all."""
    if not pa.types.is_struct(type_):
        return ibis.literal(cell, type=column_type(type_))
    members = cell or {"members": None, "whole": None}
    return {field.name: ibis.literal(members[field.name], type=column_type(field.type)) for field in type_}
