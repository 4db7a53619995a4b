"""What differs between SQL engines, and nothing else: how a query is written for one, and how one is opened."""

from __future__ import annotations

from typing import Any

import duckdb
import ibis
from ibis.backends.sql import compilers
from msgspec import Struct
from sqlglot import exp


class Dialect(Struct, frozen=True):
    """An engine by the name that the expression library gives it, and what its queries must mind.

    `nests`: it has records in a row; without, lists lie in tables of their own (`facts.children`). `merges`: it writes the
    steps of a query into one another, and each use of a step once more; then every step ends in a limit, over which no
    engine merges. `wide_day`: what it calls a day of any year, where the expression library writes one that begins in 1970.
    """

    name: str
    nests: bool = True
    merges: bool = False
    wide_day: str = ""


DUCKDB, POSTGRES, SPARK = Dialect("duckdb"), Dialect("postgres", nests=False, merges=True), Dialect("pyspark")
CLICKHOUSE = Dialect("clickhouse", nests=False, wide_day="Date32")
NO_LIMIT = 2**62
# No extension is ever fetched or loaded, and nothing but what is handed over is read.
CLOSED = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


def sql_of(query: Any, dialect: Dialect = DUCKDB) -> str:
    """The text of a query for an engine. It is only written by the expression library, and run by the engine's own driver."""
    options = ibis.options.sql
    fused, options.fuse_selects = options.fuse_selects, False  # fusing would write out again what a step computes once
    try:
        return (
            _widened(query, dialect)
            if dialect.wide_day
            else str(ibis.to_sql(query, dialect=dialect.name, pretty=False))
        )
    finally:
        options.fuse_selects = fused


def _widened(query: Any, dialect: Dialect) -> str:
    """The text of a query in which each day is of the wide kind. Only names of types change, in the tree and not in the text."""
    compiler = getattr(compilers, dialect.name).compiler
    tree = compiler.to_sqlglot(query.unbind()).copy()  # a part that stands twice is one part there, and no two
    for node in list(tree.walk()):
        _widen(node, f"to{dialect.wide_day}")
    return str(tree.sql(dialect=compiler.dialect))


def _widen(node: exp.Expr, to_day: str) -> None:
    """Makes the days of one part wide; a moved day stays a day there, and is never a timestamp on the way."""
    if isinstance(node, exp.Cast) and node.to.this in exp.DataType.TEMPORAL_TYPES:
        day = node.to.this == exp.DataType.Type.DATE
        node.replace(exp.func(to_day, node.this, copy=False) if day else node.this)
    elif isinstance(node, exp.Anonymous) and node.name == "toDate":
        node.set("this", to_day)


def open_duckdb() -> duckdb.DuckDBPyConnection:
    """An empty database in memory."""
    return duckdb.connect(":memory:", config=dict(CLOSED))
