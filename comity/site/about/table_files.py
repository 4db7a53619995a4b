"""Writes a table as CSV, as Parquet and as JSON, and describes all tables in one data package. The same rows make the same bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from comity.present.clean import safe_cell
from comity.site.about.tables import Cell, Column, Kind, Table

FOLDER = "data/"
FORMATS = ("csv", "parquet", "json")
PACKAGE = "datapackage.json"
# The words of the Data Package standard for the kinds of cells.
TYPES: dict[Kind, str] = {"text": "string", "day": "date", "flag": "boolean"}


def files_of(table: Table) -> dict[str, bytes]:
    """The table in each format, by the name of its file."""
    writers = {"csv": as_csv, "parquet": as_parquet, "json": as_json}
    return {f"{table.name}.{format}": writers[format](table) for format in FORMATS}


def as_csv(table: Table) -> bytes:
    """The table as CSV in UTF-8: days as YYYY-MM-DD, flags as true and false. A cell never starts a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.name for column in table.columns)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return text.getvalue().encode()


def _cell(value: Cell) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else safe_cell(value or "")


def as_json(table: Table) -> bytes:
    """The table as JSON: the names of its columns, and its rows as lists."""
    document = {"columns": [column.name for column in table.columns], "rows": table.rows}
    return msgspec.json.encode(document) + b"\n"


def as_parquet(table: Table) -> bytes:
    """The table as Parquet, with what each column holds in its metadata."""
    import pyarrow as pa  # noqa: PLC0415  a site of one place needs no tables
    from pyarrow import parquet  # noqa: PLC0415

    types = {"text": pa.string(), "day": pa.date32(), "flag": pa.bool_()}
    schema = pa.schema(
        [pa.field(column.name, types[column.kind], metadata={"description": column.says}) for column in table.columns]
    )
    columns = zip(*table.rows, strict=True) if table.rows else [() for _ in table.columns]
    arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    target = io.BytesIO()
    parquet.write_table(pa.Table.from_arrays(arrays, schema=schema), target, compression="zstd")
    return target.getvalue()


def package_of(tables: Sequence[Table], *, version: str, on: date) -> bytes:
    """The description of all tables by the Data Package standard: the codebook that a program reads."""
    document = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "comity",
        "title": "The law on immigration detainers, by place and day",
        "version": version,
        "created": f"{on.isoformat()}T00:00:00Z",
        "licenses": [{"name": "CC0-1.0", "title": "Creative Commons Zero 1.0"}],
        "resources": [_resource(table, format) for table in tables for format in ("csv", "parquet")],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def _resource(table: Table, format: str) -> dict[str, Any]:
    described = {
        "name": table.name if format == "csv" else f"{table.name}-{format}",
        "path": f"{table.name}.{format}",
        "title": table.title,
        "description": table.says,
        "format": format,
    }
    return {**described, "schema": {"fields": [_field(column) for column in table.columns], "missingValues": [""]}}


def _field(column: Column) -> dict[str, str]:
    return {"name": column.name, "type": TYPES[column.kind], "description": column.says}
