"""The facts of many requests for engines without records in a row: one table of requests, and one table for each list.

In the table of requests a list has only its column `<path>.whole`, NULL where nothing is known of it. The table of a list,
`facts.<path>`, has one row for each record, which begins with the number of the request. A set in a record is a column of
its members with `<field>.whole` beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from comity.facts import kinds
from comity.facts.columns import ROW, readable_fields, schema_of, whole_of
from comity.facts.vocabulary import Vocabulary, kind_of


def child_name(path: str) -> str:
    """The name of the table of a list."""
    return f"facts.{path}"


def parent_schema(paths: Iterable[str], vocabulary: Vocabulary) -> pa.Schema:
    """The table of requests."""
    lists = {path for path in paths if isinstance(kind_of(path, vocabulary), kinds.Records)}
    return pa.schema([field for field in schema_of(paths, vocabulary) if field.name not in lists])


def child_schema(path: str, vocabulary: Vocabulary) -> pa.Schema:
    """The table of a list."""
    fields = [pa.field(ROW, pa.int64())]
    for field in schema_of([path], vocabulary).field(path).type.value_type:
        if pa.types.is_struct(field.type):
            fields += [pa.field(field.name, pa.list_(pa.string())), pa.field(whole_of(field.name), pa.bool_())]
        else:
            fields.append(field)
    return pa.schema(fields)


def split_tables(facts: pa.Table, paths: Iterable[str], vocabulary: Vocabulary) -> dict[str, pa.Table]:
    """The tables by name, from the one that holds lists in its rows (`facts.columns`)."""
    paths = list(paths)
    tables = {"facts": facts.select(parent_schema(paths, vocabulary).names)}
    for path in paths:
        kind = kind_of(path, vocabulary)
        if isinstance(kind, kinds.Records):
            rows = [
                {ROW: number, **_flat(record, kind)}
                for number, records in zip(facts.column(ROW).to_pylist(), facts.column(path).to_pylist(), strict=True)
                for record in records or ()
            ]
            tables[child_name(path)] = pa.Table.from_pylist(rows, child_schema(path, vocabulary))
    return tables


def _flat(record: dict[str, Any], kind: kinds.Records) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for name, field in readable_fields(kind.fields).items():
        value = record[name]
        if isinstance(field, kinds.Set):
            value = value or {"members": None, "whole": None}
            cells |= {name: value["members"], whole_of(name): value["whole"]}
        else:
            cells[name] = value
    return cells
