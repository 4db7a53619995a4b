"""The facts of many requests as one table: one column for each fact, NULL where it is Unknown.

A plain fact is one column, named by its path. A set is a list of its members, with a column `<path>.whole` beside it:
true where there can be no further member, NULL where nothing is known of the set. A list is a list of records, with
`<path>.whole` beside it. A record has every field, NULL where Unknown; a set in it is a record of `members` and `whole`.
Moments are left out, because no condition reads one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from comity.facts import kinds
from comity.facts.kinds import KnownList, KnownSet, Scalar, Value
from comity.facts.vocabulary import Vocabulary, kind_of

ROW = "row"
WHOLE = ".whole"
COMPLETE = "complete"
LARGEST = 10**15  # larger numbers are replaced by this one, so that no sum overflows an engine's integers
SET_IN_RECORD = pa.struct([("members", pa.list_(pa.string())), ("whole", pa.bool_())])
NAMES = {pa.bool_(): "boolean", pa.int64(): "int64", pa.date32(): "date", pa.string(): "string"}
NO_FIELD = "none"  # the engines have no record without fields


def whole_of(path: str) -> str:
    """The name of the column that says whether a list or a set is known whole."""
    return path + WHOLE


def schema_of(paths: Iterable[str], vocabulary: Vocabulary) -> pa.Schema:
    """The schema of a table of some facts; its first column is the number of the row."""
    fields = [pa.field(ROW, pa.int64())]
    for path in paths:
        kind = kind_of(path, vocabulary)
        if isinstance(kind, (kinds.Set, kinds.Records)):
            fields += [pa.field(path, _type(kind)), pa.field(whole_of(path), pa.bool_())]
        elif not isinstance(kind, kinds.Moment):
            fields.append(pa.field(path, _type(kind)))
    return pa.schema(fields)


def column_types(schema: pa.Schema) -> dict[str, str]:
    """The columns of a table with their types as the expression library reads them."""
    return {field.name: column_type(field.type) for field in schema}


def column_type(type_: pa.DataType) -> str:
    """A type of a column as the expression library reads it."""
    if pa.types.is_list(type_):
        return f"array<{column_type(type_.value_type)}>"
    if pa.types.is_struct(type_):
        return f"struct<{', '.join(f'{field.name}: {column_type(field.type)}' for field in type_)}>"
    return NAMES[type_]


def _type(kind: kinds.Kind) -> pa.DataType:
    match kind:
        case kinds.Truth():
            return pa.bool_()
        case kinds.Number():
            return pa.int64()
        case kinds.Day():
            return pa.date32()
        case kinds.Records(fields):
            inside = [pa.field(name, _field_type(kind)) for name, kind in readable_fields(fields).items()]
            return pa.list_(pa.struct(inside or [pa.field(NO_FIELD, pa.bool_())]))
        case kinds.Set():
            return pa.list_(pa.string())
        case _:
            return pa.string()


def _field_type(kind: kinds.Field) -> pa.DataType:
    return SET_IN_RECORD if isinstance(kind, kinds.Set) else _type(kind)


def readable_fields(fields: Mapping[str, kinds.Field]) -> dict[str, kinds.Field]:
    """The fields of a record that a condition may read."""
    return {name: kind for name, kind in fields.items() if not isinstance(kind, kinds.Moment)}


def facts_table(
    rows: Sequence[Mapping[str, Value]],
    paths: Collection[str],
    vocabulary: Vocabulary,
    *,
    numbers: Sequence[int] | None = None,
) -> pa.Table:
    """The table of some facts of many requests; the rows are numbered from 0 unless `numbers` says otherwise."""
    schema = schema_of(paths, vocabulary)
    columns: dict[str, list[Any]] = {ROW: list(range(len(rows)) if numbers is None else numbers)}
    for path in paths:
        kind = kind_of(path, vocabulary)
        values = [row.get(path) for row in rows]
        if isinstance(kind, (kinds.Set, kinds.Records)):
            columns[whole_of(path)] = [
                value.whole if isinstance(value, (KnownSet, KnownList)) else None for value in values
            ]
        columns[path] = [_cell(kind, value) for value in values]
    return pa.table([pa.array(columns[field.name], field.type) for field in schema], schema=schema)


def _cell(kind: kinds.Kind, value: Value | None) -> Any:
    match kind, value:
        case kinds.Set(), KnownSet(members):
            return sorted(members)
        case kinds.Records(fields), KnownList(items):
            return [
                {name: _field(field, item.get(name)) for name, field in readable_fields(fields).items()}
                for item in items
            ]
        case kinds.Number(), int():
            return max(-LARGEST, min(LARGEST, value))
    return value


def _field(kind: kinds.Field, value: Scalar | KnownSet | None) -> Any:
    if isinstance(value, KnownSet):
        return {"members": sorted(value.members), "whole": value.whole}
    return _cell(kind, value)


def values_of(cells: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, Value]:
    """The facts of one row of the table."""
    values: dict[str, Value] = {}
    for path, cell in cells.items():
        kind = kind_of(path, vocabulary)
        if cell is None or path.endswith(WHOLE) or path == ROW:
            continue
        whole = cells.get(whole_of(path)) is True
        match kind:
            case kinds.Set():
                values[path] = KnownSet(frozenset(cell), whole)
            case kinds.Records():
                values[path] = KnownList(tuple(_record(record) for record in cell), whole)
            case _:
                values[path] = cell
    return values


def _record(cell: Mapping[str, Any]) -> dict[str, Scalar | KnownSet]:
    return {
        name: KnownSet(frozenset(value["members"]), value["whole"] is True) if isinstance(value, Mapping) else value
        for name, value in cell.items()
        if value is not None
    }


def completeness(facts: pa.Table, read: Mapping[str, Collection[str]], vocabulary: Vocabulary) -> pa.Array:
    """For each row whether it lacks nothing that is read: every fact known, every set and list whole, every field known.

    `read` names the facts, and for a list the fields of its records.
    """
    whole = pa.repeat(True, facts.num_rows)
    for path, fields in read.items():
        kind = kind_of(path, vocabulary)
        column = facts.column(path).combine_chunks()
        whole = pc.and_(whole, column.is_valid())
        if isinstance(kind, (kinds.Set, kinds.Records)):
            whole = pc.and_(whole, facts.column(whole_of(path)).combine_chunks().fill_null(False))
        if isinstance(kind, kinds.Records) and facts.num_rows:
            parents = pc.list_parent_indices(column).filter(pc.invert(_known_fields(pc.list_flatten(column), fields)))
            lacking = pa.repeat(False, facts.num_rows).to_numpy(zero_copy_only=False).copy()
            lacking[parents.to_numpy(zero_copy_only=False)] = True
            whole = pc.and_not(whole, pa.array(lacking))
    return whole


def _known_fields(records: pa.StructArray, fields: Iterable[str]) -> pa.Array:
    """For each record whether these fields are known, and its sets whole."""
    known = pa.repeat(True, len(records))
    for name in fields:
        field = pc.struct_field(records, name)
        known = pc.and_(known, field.is_valid())
        if pa.types.is_struct(field.type):
            known = pc.and_(known, pc.struct_field(field, "whole").fill_null(False))
    return known
