"""Replays in PostgreSQL: the whole of one in a single transaction, so that the target appears whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Lock
from typing import Any

import psycopg
import pyarrow as pa

from comity.engine.sql.dialects import POSTGRES, Dialect
from comity.facts.columns import ROW
from comity.finding import Finding, InputFault, Place, phrase
from comity.law.library import Library
from comity.records.replay_result import ReplayResult
from comity.records.replay_table import ReplayArguments
from comity.warehouse.address import TableAddress, check_target, read_addresses
from comity.warehouse.database import ROW_COLUMNS, quoted
from comity.warehouse.fact_columns import is_fact_table
from comity.warehouse.fact_table import replay_facts
from comity.warehouse.numbered import NUMBER
from comity.warehouse.staged import replay_staged

TYPES = {
    pa.int64(): "bigint",
    pa.bool_(): "boolean",
    pa.date32(): "date",
    pa.string(): "text",
    pa.list_(pa.string()): "text[]",
}
# The names that the server has for types that a table of facts may have; every other type is read as text.
ARROW_TYPES = {
    "bigint": pa.int64(),
    "integer": pa.int64(),
    "smallint": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "text": pa.string(),
    "text[]": pa.list_(pa.string()),
}
SCHEMES = ("postgresql", "postgres")
ROWS_A_FETCH = 100_000  # rows of Python values, which take more memory than columns


def replay_on_postgres(source: str, target: str, arguments: ReplayArguments, library: Library) -> ReplayResult:
    """Decides a table, and writes the rows into another one where it is given; raises `InputFault`."""
    read, written = read_addresses(source, target, SCHEMES)
    if written and written.database != read.database:
        message = phrase("the rows are written into the database that decides them")
        raise InputFault([Finding("two-servers", Place(written.shown), message, phrase("name a table there"))])
    try:
        with psycopg.connect(read.server) as connection:
            database = Postgres(connection)
            schema = database.schema(read)
            table, into = database.full_name(read.table), database.full_name(written.table) if written else ""
            if written:
                check_target(written, [*database.columns(into)], ROW_COLUMNS, into == table)
            if is_fact_table(schema, library):
                return replay_facts(database, table, schema, arguments, library, source=read.shown, target=into)
            text = pa.schema([(name, pa.string()) for name in schema.names if name != ROW])
            batches = database.batches(table, schema)
            return replay_staged(database, batches, text, arguments, library, source=read.shown, target=into)
    except psycopg.Error as fault:
        words = read.hide((str(fault).splitlines() or [type(fault).__name__])[0])
        help = phrase("see whether the server runs, and whether you may read and write there")
        raise InputFault([Finding("database", Place(read.shown), phrase("PostgreSQL: {}", words), help)]) from None


class Postgres:
    """A connection in its transaction, with temporary tables that end with it."""

    name = "PostgreSQL"
    dialect: Dialect = POSTGRES
    each_member = "unnest"

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        self.lock = Lock()  # a piece is read by a thread while the one before it is decided and loaded

    def schema(self, read: TableAddress) -> pa.Schema:
        """The columns of a table; raises `InputFault` where there is none."""
        columns = self.columns(read.table)
        if not columns:
            message = phrase("there is no such table, or it has no columns")
            raise InputFault([Finding("not-a-table", Place(read.shown), message, phrase("name a table that is there"))])
        return pa.schema([(name, ARROW_TYPES.get(type_, pa.large_string())) for name, type_ in columns.items()])

    def columns(self, table: str) -> dict[str, str]:
        """The columns of a table with their types as the server names them; none where there is no such table."""
        rows = self.rows(
            "SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute "
            f"WHERE attrelid = to_regclass('{table.replace(chr(39), chr(39) * 2)}') "
            "AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
        )
        return {row["name"]: row["type"] for row in rows}

    def full_name(self, table: str) -> str:
        """The name of a table with its schema, so that no temporary table of the same name is meant."""
        name = table.replace("'", "''")
        found = self.rows(
            "SELECT nspname AS schema, relname AS name FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
            f"WHERE pg_class.oid = to_regclass('{name}')"
        )
        if found:
            return f"{quoted(found[0]['schema'])}.{quoted(found[0]['name'])}"
        [here] = self.rows("SELECT current_schema() AS name")
        return table if '"."' in table else f"{quoted(here['name'] or 'public')}.{table}"

    def batches(self, table: str, schema: pa.Schema) -> Iterator[pa.Table]:
        """The rows of a table as text, with their numbers: of its column `row`, or in the order in which they come."""
        names = [name for name in schema.names if name != ROW]
        columns = ", ".join(f"{quoted(name)}::text" for name in names)
        number = f"{quoted(ROW)}::bigint" if ROW in schema.names else "row_number() OVER ()"
        with self.lock:
            cursor = self.connection.cursor(name="requests")
            cursor.execute(f"SELECT {number}, {columns} FROM {table}".encode())
        while rows := self.fetch(cursor):
            numbers, *cells = zip(*rows, strict=True)
            texts = [pa.array(column, pa.string()) for column in cells]
            yield pa.table([*texts, pa.array(numbers, pa.int64())], names=[*names, NUMBER])

    def fetch(self, cursor: psycopg.ServerCursor[Any]) -> list[Any]:
        """The next rows of a cursor, which ends with the transaction. Another thread may load a table at the same time."""
        with self.lock:
            rows: list[Any] = cursor.fetchmany(ROWS_A_FETCH)
            return rows

    def run(self, statement: str) -> None:
        self.connection.execute(statement.encode())

    def rows(self, query: str) -> list[dict[str, Any]]:
        with self.connection.cursor() as cursor:
            cursor.execute(query.encode())
            names = [column.name for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def names(self, table: str) -> list[str]:
        return [*self.columns(table)]

    def nothing(self, type_: pa.DataType) -> str:
        return f"CAST(NULL AS {TYPES[type_]})"

    def make(self, name: str, query: str) -> None:
        self.run(f"DROP TABLE IF EXISTS pg_temp.{quoted(name)}; CREATE TEMP TABLE {quoted(name)} AS {query}")
        self.run(f"ANALYZE pg_temp.{quoted(name)}")

    def load(self, name: str, table: pa.Table) -> None:
        columns = ", ".join(f"{quoted(field.name)} {TYPES[field.type]}" for field in table.schema)
        with self.lock:
            self.run(f"CREATE TEMP TABLE IF NOT EXISTS {quoted(name)} ({columns})")
        with (
            self.lock,
            self.connection.cursor() as cursor,
            cursor.copy(f"COPY pg_temp.{quoted(name)} FROM STDIN".encode()) as copy,
        ):
            for batch in table.to_batches(max_chunksize=ROWS_A_FETCH):
                for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                    copy.write_row(row)

    def view(self, name: str, query: str) -> None:
        self.run(f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS {query}")

    def write(self, target: str, schema: pa.Schema, query: str) -> None:
        columns = ", ".join(f"{quoted(field.name)} {TYPES[field.type]}" for field in schema)
        self.run(f"DROP TABLE IF EXISTS {target}; CREATE TABLE {target} ({columns}); INSERT INTO {target} {query}")
