"""Questions on lists that lie in tables of their own: how many records of each request satisfy them, surely or perhaps.

One pass over the table of a list answers every question on it; a request without records counts none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
import pyarrow as pa

from comity.engine.sql.conditions import Expression, Reading
from comity.engine.sql.questions import PERHAPS, SURELY, mark
from comity.facts import kinds
from comity.facts.children import child_name, child_schema
from comity.facts.columns import ROW, as_written, facts_table, schema_of, whole_of, written
from comity.facts.kinds import KnownList
from comity.language import syntax

Quantifier = syntax.Exists | syntax.Count


def with_counts(
    table: Expression, questions: Mapping[int, Quantifier], reading: Reading
) -> tuple[Expression, dict[int, tuple[str, ...]]]:
    """The table with two columns more for each question on a list, and their names: how many surely, how many at most."""
    named: dict[int, tuple[str, ...]] = {index: (f"surely_{index}", f"at_most_{index}") for index in questions}
    parent = table
    for path in dict.fromkeys(atom.over.path for atom in questions.values()):
        own = {index: atom for index, atom in questions.items() if atom.over.path == path}
        child = ibis.table(written(child_schema(path, reading.vocabulary)), name=child_name(path))
        both = child.inner_join(parent, ROW)  # what is asked of a record may be of the request's own facts too
        beside = reading.over(both)
        counts = []
        for index, atom in own.items():
            found = mark(atom, beside, both)
            counts += [_count(found == SURELY).name(named[index][0]), _count(found >= PERHAPS).name(named[index][1])]
        counted = both.group_by(ROW).aggregate(*counts)
        # What is counted of no record is nothing, whether the request has none or none is known.
        joined = table.left_join(counted, ROW)
        here = reading.over(table)
        filled = [
            ibis.cases((table[whole_of(path)].notnull(), counted[name].fill_null(0)), else_=otherwise)
            .cast("int64")
            .name(name)
            for index, atom in own.items()
            for name, otherwise in zip(named[index], _of_fill(atom, here), strict=True)
        ]
        table = joined.select(table, *filled)
    return table, named


def _count(so: Expression) -> Expression:
    return _number(so).sum()


def _number(so: Expression) -> Expression:
    """1 or 0; not every engine takes a truth for a number."""
    return ibis.cases((so, 1), else_=0).cast("int64")


def _of_fill(atom: Quantifier, reading: Reading) -> tuple[Expression, Expression]:
    """The counts of the list that holds where a request has none of its own."""
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
            record = {own.name: _literal(cells[own.name], own.type) for own in types}
            found = mark(atom, reading, record)
            surely, perhaps = surely + _number(found == SURELY), perhaps + _number(found >= PERHAPS)
    return surely, perhaps


def _literal(cell: Any, type_: pa.DataType) -> Any:
    """A cell of a record as a literal of its own; of a set, its members and whether they are all."""
    if not pa.types.is_struct(type_):
        return ibis.literal(cell, type=as_written(type_))
    own = cell or {"members": None, "whole": None}
    return {field.name: ibis.literal(own[field.name], type=as_written(field.type)) for field in type_}
