"""Replays in PostgreSQL: the whole of one in a single transaction, so that the target appears whole or not at all."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from threading import Lock
from typing import Any

import psycopg
import pyarrow as pa
from psycopg import IsolationLevel

from comity.engine.sql.dialects import POSTGRES, Dialect
from comity.facts.columns import ROW
from comity.finding import Finding, InputFault, Place, phrase
from comity.law.library import Library
from comity.records.replay_result import ReplayResult
from comity.records.replay_table import ReplayArguments
from comity.warehouse.address import TableAddress, check_target, read_addresses
from comity.warehouse.database import quoted
from comity.warehouse.fact_columns import check_row_numbers, has_row_numbers, is_fact_table
from comity.warehouse.fact_table import replay_facts
from comity.warehouse.numbered import NUMBER, ROW_COLUMNS
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
    "character varying": pa.string(),
    "character varying[]": pa.list_(pa.string()),
}
# How values are written as text, whatever the server, the database or the user has set.
SETTINGS = {
    "client_encoding": "UTF8",
    "datestyle": "ISO, YMD",
    "timezone": "UTC",
    "bytea_output": "hex",
    "standard_conforming_strings": "on",
}
NAME_MAX = 63  # bytes of a name: the server cuts a longer one, which may then be the name of another table
SECONDS_TO_CONNECT = 15
logging.getLogger("psycopg").addHandler(logging.NullHandler())  # what it would print is in the finding
SCHEMES = ("postgresql", "postgres")
ROWS_A_FETCH = 100_000  # rows of Python values, which take more memory than columns


def replay_on_postgres(source: str, target: str, arguments: ReplayArguments, library: Library) -> ReplayResult:
    """Decides a table, and writes the rows into another one where it is given; raises `InputFault`."""
    read, written = read_addresses(source, target, SCHEMES)
    if written and written.database != read.database:
        message = phrase("the rows are written into the database that decides them")
        raise InputFault([Finding("two-servers", Place(written.shown), message, phrase("name a table there"))])
    for address in (read, *([written] if written else [])):
        check_length(address)
    try:
        with psycopg.connect(read.server, **waiting(read)) as connection:
            connection.isolation_level = (
                IsolationLevel.REPEATABLE_READ
            )  # each query sees the table as the first one does
            database = Postgres(connection)
            schema = database.schema(read)
            table, into = database.full_name(read.table), database.full_name(written.table) if written else ""
            if written:
                check_target(written, [*database.types(into)], ROW_COLUMNS, into == table)
            database.begin()
            if is_fact_table(schema, library, read.shown):
                return replay_facts(database, table, schema, arguments, library, source=read.shown, target=into)
            text = pa.schema([(name, pa.string()) for name in schema.names if name != ROW])
            check_row_numbers(database, table, schema, read.shown)
            batches = database.batches(table, schema)
            return replay_staged(database, batches, text, arguments, library, source=read.shown, target=into)
    except (psycopg.Error, UnicodeDecodeError) as fault:  # text in no encoding, which a database in SQL_ASCII may hold
        words = read.hide((str(fault).splitlines() or [type(fault).__name__])[0])
        help = phrase("see whether the server runs, and whether you may read and write there")
        raise InputFault([Finding("database", Place(read.shown), phrase("PostgreSQL: {}", words), help)]) from None


def check_length(address: TableAddress) -> None:
    """Raises `InputFault` where a name is longer than the names of the server."""
    if any(len(name.encode()) > NAME_MAX for name in address.names):
        message = phrase("a name of PostgreSQL has at most {most} bytes", most=NAME_MAX)
        raise InputFault([Finding("long-name", Place(address.shown), message, phrase("name another table"))])


def waiting(address: TableAddress) -> dict[str, Any]:
    """How long to wait for a server that does not answer, unless the address or the environment says it."""
    given = "connect_timeout=" in address.parts.query or "PGCONNECT_TIMEOUT" in os.environ
    return {} if given else {"connect_timeout": SECONDS_TO_CONNECT}


class Postgres:
    """A connection in its transaction, with temporary tables that end with it."""

    name = "PostgreSQL"
    dialect: Dialect = POSTGRES
    each_member = "unnest"

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        self.lock = Lock()  # a piece is read by a thread while the one before it is decided and loaded
        for name, value in SETTINGS.items():
            self.run(f"SET LOCAL {name} = '{value}'")

    def begin(self) -> None:
        """Makes a name without a schema mean a temporary table, whatever the search path is. Other tables are named with theirs."""
        self.run(
            "SELECT set_config('search_path', concat_ws(', ', 'pg_temp', nullif(current_setting('search_path'), '')), true)"
        )

    def schema(self, read: TableAddress) -> pa.Schema:
        """The columns of a table; raises `InputFault` where there is none."""
        columns = self.columns(read.table)
        if not columns:
            message = phrase("there is no such table, or it has no columns")
            raise InputFault([Finding("not-a-table", Place(read.shown), message, phrase("name a table that is there"))])
        return pa.schema([*columns.items()])

    def columns(self, table: str) -> dict[str, pa.DataType]:
        return {name: ARROW_TYPES.get(type_, pa.large_string()) for name, type_ in self.types(table).items()}

    def types(self, table: str) -> dict[str, str]:
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
        types = self.types(table)
        names = [name for name in schema.names if name != ROW]
        columns = ", ".join(
            f"to_json({quoted(name)})::text" if types[name].endswith("[]") else f"{quoted(name)}::text"
            for name in names
        )
        number = f"{quoted(ROW)}::bigint" if has_row_numbers(schema) else "row_number() OVER ()"
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

    def nothing(self, type_: pa.DataType) -> str:
        return f"CAST(NULL AS {TYPES[type_]})"

    def make(self, name: str, query: str) -> None:
        self.forget(name)
        self.run(f"CREATE TEMP TABLE {quoted(name)} AS {query}")
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

    def forget(self, name: str) -> None:
        self.run(f"DROP TABLE IF EXISTS pg_temp.{quoted(name)}")

    def beyond_days(self, column: str) -> str:
        return f"({column} < DATE '0001-01-01' OR {column} > DATE '9999-12-31')"

    def odd_set(self, members: str, whole: str) -> str:
        return (
            f"(({whole} IS NULL AND cardinality({members}) > 0) OR ({whole} IS NOT NULL AND {members} IS NULL) "
            f"OR array_position({members}, NULL) IS NOT NULL)"
        )

    def view(self, name: str, query: str) -> None:
        self.run(f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS {query}")

    def write(self, target: str, schema: pa.Schema, query: str) -> None:
        columns = ", ".join(f"{quoted(field.name)} {TYPES[field.type]}" for field in schema)
        self.run(f"DROP TABLE IF EXISTS {target}; CREATE TABLE {target} ({columns}); INSERT INTO {target} {query}")
