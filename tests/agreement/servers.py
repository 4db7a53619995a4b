"""Real engines beside the embedded one: PostgreSQL, Spark and ClickHouse, started here; what loads facts and runs a query on each."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.parquet as parquet

from comity.engine.sql.select import FACTS, Query
from comity.facts.children import split_tables
from comity.facts.columns import ROW
from comity.facts.vocabulary import Vocabulary

POSTGRES_TYPES = {
    pa.int64(): "bigint",
    pa.bool_(): "boolean",
    pa.date32(): "date",
    pa.string(): "text",
    pa.list_(pa.string()): "text[]",
}
# A day of any year has a name of its own there, and a list is never NULL: what is NULL in it arrives as an empty list.
CLICKHOUSE_TYPES = {
    pa.int64(): "Nullable(Int64)",
    pa.bool_(): "Nullable(Bool)",
    pa.date32(): "Nullable(Date32)",
    pa.string(): "Nullable(String)",
    pa.list_(pa.string()): "Array(String)",
}


@contextlib.contextmanager
def postgres_server() -> Iterator[psycopg.Connection[Any]]:
    """A server of its own on a socket of its own, gone afterwards. A server never runs as root, so root lends it another user."""
    tools = _postgres_tools()
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # a socket's path must be short
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres", "postgres")
    run_options = {"cwd": folder, "check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
    data, options = folder / "data", f"-k {folder} -c listen_addresses= -c fsync=off -c timezone=Pacific/Auckland"
    subprocess.run(
        [*as_user, tools / "initdb", "-D", data, "-U", "comity", "--auth=trust", "-E", "UTF8", "--no-sync"],
        **run_options,
    )  # type: ignore[call-overload]
    control = [*as_user, tools / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    try:
        subprocess.run([*control, "-o", options, "start"], **run_options)  # type: ignore[call-overload]
        try:
            with psycopg.connect(host=str(folder), user="comity", dbname="postgres") as connection:
                yield connection
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **run_options)  # type: ignore[call-overload]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _postgres_tools() -> Path:
    """The folder of the server's programs, the newest where there are several."""
    found = shutil.which("initdb")
    if found and os.access(found, os.X_OK):
        return Path(os.path.realpath(found)).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    assert versions, "these tests need PostgreSQL: install the package postgresql"
    return versions[-1].parent


def on_postgres(
    connection: psycopg.Connection[Any], query: Query, facts: pa.Table, paths: list[str], vocabulary: Vocabulary
) -> list[dict[str, Any]]:
    """The rows of a query that was made with lists in tables of their own."""
    with connection.cursor() as cursor:
        for name, table in split_tables(facts, paths, vocabulary).items():
            columns = ", ".join(f'"{column.name}" {POSTGRES_TYPES[column.type]}' for column in table.schema)
            cursor.execute(f'DROP TABLE IF EXISTS "{name}"; CREATE TEMP TABLE "{name}" ({columns})')
            with cursor.copy(f'COPY "{name}" FROM STDIN') as copy:
                for row in table.to_pylist():
                    copy.write_row(list(row.values()))
        cursor.execute(query.sql().encode())
        names = [column.name for column in cursor.description or ()]
        return sorted((dict(zip(names, row, strict=True)) for row in cursor.fetchall()), key=lambda row: row[ROW])


@contextlib.contextmanager
def spark_session(master: str = "local[1]") -> Iterator[Any]:
    """Spark on this machine, by default in one process, with a time zone that is not the machine's."""
    from pyspark.sql import SparkSession  # noqa: PLC0415  only the tests that ask for it wait for it

    folder = tempfile.mkdtemp(prefix="spark")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(master).appName("comity")
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.session.timeZone": "Pacific/Auckland",
        "spark.sql.warehouse.dir": folder,
        "spark.driver.memory": "1g",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.log.level": "OFF",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        yield session
    finally:
        session.stop()
        shutil.rmtree(folder, ignore_errors=True)


def on_spark(session: Any, query: Query, facts: pa.Table) -> list[dict[str, Any]]:
    """The rows of a query, lists in their rows."""
    session.createDataFrame(facts).createOrReplaceTempView(FACTS)
    return sorted((row.asDict() for row in session.sql(query.sql()).collect()), key=lambda row: row[ROW])


@contextlib.contextmanager
def clickhouse_session() -> Iterator[tuple[Any, Path]]:
    """ClickHouse as a library in this process, in a time zone that is not the machine's, with a folder for its tables."""
    from chdb.session import Session  # noqa: PLC0415  180 MB, and not made for every system

    with tempfile.TemporaryDirectory(prefix="ch") as folder:
        session = Session(f"{folder}/data")
        try:
            session.query("SET session_timezone = 'Pacific/Auckland'")
            yield session, Path(folder)
        finally:
            session.close()


def on_clickhouse(
    opened: tuple[Any, Path], query: Query, facts: pa.Table, paths: list[str], vocabulary: Vocabulary
) -> list[dict[str, Any]]:
    """The rows of a query that was made with lists in tables of their own.

    Tables are views of files: a table of its own would take the columns `request.asks` and `request.priority` for one
    nested column, whose lists must be equally long.
    """
    session, folder = opened
    for name, table in split_tables(facts, paths, vocabulary).items():
        file = folder / f"{name}.parquet"
        parquet.write_table(table, file)
        columns = ", ".join(f"`{column.name}` {CLICKHOUSE_TYPES[column.type]}" for column in table.schema)
        session.query(f"CREATE OR REPLACE VIEW `{name}` AS SELECT * FROM file('{file}', Parquet, '{columns}')")
    rows: list[dict[str, Any]] = session.query(query.sql(), "ArrowTable").to_pylist()
    return sorted(rows, key=lambda row: row[ROW])
