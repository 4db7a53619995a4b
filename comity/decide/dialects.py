"""What differs between SQL engines, and nothing else: how a query is written for one, and how one is opened."""

from __future__ import annotations

from typing import Any

import duckdb
import ibis
from msgspec import Struct


class Dialect(Struct, frozen=True):
    """An engine by the name that the expression library gives it, and what its queries must mind.

    `nests`: it has records in a row; without, lists lie in tables of their own (`facts.children`). `merges`: it writes the
    steps of a query into one another, and each use of a step once more; then every step ends in a limit, over which no
    engine merges.
    """

    name: str
    nests: bool = True
    merges: bool = False


DUCKDB, POSTGRES, SPARK = Dialect("duckdb"), Dialect("postgres", nests=False, merges=True), Dialect("pyspark")
NO_LIMIT = 2**62
# No extension is ever fetched or loaded, and nothing but what is handed over is read.
CLOSED = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


def sql_of(query: Any, dialect: Dialect = DUCKDB) -> str:
    """The text of a query for an engine. It is only written by the expression library, and run by the engine's own driver."""
    options = ibis.options.sql
    fused, options.fuse_selects = options.fuse_selects, False  # fusing would write out again what a step computes once
    try:
        return str(ibis.to_sql(query, dialect=dialect.name, pretty=False))
    finally:
        options.fuse_selects = fused


def open_duckdb() -> duckdb.DuckDBPyConnection:
    """An empty database in memory."""
    return duckdb.connect(":memory:", config=dict(CLOSED))
