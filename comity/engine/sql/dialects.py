"""The differences between SQL engines: how a query is written for each, and how the embedded engine is opened."""

from __future__ import annotations

from typing import Any

import duckdb
import ibis
from ibis.backends.sql import compilers
from msgspec import Struct
from sqlglot import exp


class Dialect(Struct, frozen=True):
    """An SQL engine by its name in the expression library, and its peculiarities.

    * `nests`: a row can hold records. Without it, lists are stored in child tables (`facts.children`).
    * `merges`: the engine inlines the steps of a query, once for each use. Then every step ends in a LIMIT, which prevents it.
    * `wide_day`: the engine's date type for all years, if the type that the expression library writes begins in 1970.
    """

    name: str
    nests: bool = True
    merges: bool = False
    wide_day: str = ""


DUCKDB, POSTGRES, SPARK = Dialect("duckdb"), Dialect("postgres", nests=False, merges=True), Dialect("pyspark")
CLICKHOUSE = Dialect("clickhouse", nests=False, wide_day="Date32")
NO_LIMIT = 2**62
# No extension is downloaded or loaded, and only the tables that are registered can be read.
CLOSED = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


def sql_of(query: Any, dialect: Dialect = DUCKDB) -> str:
    """The text of a query for an engine, written by the expression library.

    The engine's driver runs it.
    """
    options = ibis.options.sql
    fused, options.fuse_selects = options.fuse_selects, False  # fused, a step would be computed once for each use
    try:
        return (
            _widened(query, dialect)
            if dialect.wide_day
            else str(ibis.to_sql(query, dialect=dialect.name, pretty=False))
        )
    finally:
        options.fuse_selects = fused


def _widened(query: Any, dialect: Dialect) -> str:
    """The text of a query with every date of the wide type. Types are replaced in the syntax tree, not in the text."""
    compiler = getattr(compilers, dialect.name).compiler
    tree = compiler.to_sqlglot(query.unbind()).copy()  # copied, because a part that is used twice is one object there
    for node in list(tree.walk()):
        _widen(node, f"to{dialect.wide_day}")
    return str(tree.sql(dialect=compiler.dialect))


def _widen(node: exp.Expr, to_day: str) -> None:
    """Makes the dates of one node wide; a moved date stays a date, and is never a timestamp in between."""
    if isinstance(node, exp.Cast) and node.to.this in exp.DataType.TEMPORAL_TYPES:
        day = node.to.this == exp.DataType.Type.DATE
        node.replace(exp.func(to_day, node.this, copy=False) if day else node.this)
    elif isinstance(node, exp.Anonymous) and node.name == "toDate":
        node.set("this", to_day)


def open_duckdb() -> duckdb.DuckDBPyConnection:
    """An empty database in memory."""
    return duckdb.connect(":memory:", config=dict(CLOSED))
