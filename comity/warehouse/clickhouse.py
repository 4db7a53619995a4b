"""Replays in ClickHouse, by its HTTP interface: in a database of work, and the target put in place by a rename when it is whole."""

from __future__ import annotations

import base64
import http.client
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs, unquote, urlencode
from urllib.request import ProxyHandler, Request, build_opener
from uuid import uuid4

import pyarrow as pa

from comity.engine.sql.dialects import CLICKHOUSE, Dialect
from comity.facts.columns import ROW
from comity.finding import Finding, InputFault, Place, phrase
from comity.law.library import Library
from comity.present.files import cleaning_up_on_signals
from comity.records.replay_result import ReplayResult
from comity.records.replay_table import ReplayArguments
from comity.warehouse.address import TableAddress, check_target, read_addresses
from comity.warehouse.database import quoted
from comity.warehouse.fact_columns import check_row_numbers, has_row_numbers, is_fact_table
from comity.warehouse.fact_table import replay_facts
from comity.warehouse.numbered import NUMBER, ROW_COLUMNS, in_pieces
from comity.warehouse.staged import replay_staged

SCHEMES = ("clickhouse", "clickhouses")  # the second is encrypted
PORTS = {"clickhouse": 8123, "clickhouses": 8443}
SECONDS_MAX = 3_600
SECONDS_TO_CONNECT = 15
# Joins and conversions give NULL where there is nothing, as in standard SQL; a limit of the user ends a query and cuts no answer.
SETTINGS = {
    "join_use_nulls": "1",
    "cast_keep_nullable": "1",
    "output_format_arrow_string_as_string": "1",
    "output_format_arrow_compression_method": "none",
    "output_format_json_quote_64bit_integers": "0",
    "result_overflow_mode": "throw",
    "read_overflow_mode": "throw",
    "timeout_overflow_mode": "throw",
    "wait_end_of_query": "1",
}
TYPES = {
    pa.int64(): "Nullable(Int64)",
    pa.bool_(): "Nullable(Bool)",
    pa.date32(): "Nullable(Date32)",
    pa.string(): "Nullable(String)",
    pa.list_(pa.string()): "Array(String)",
}
ARROW_TYPES = {
    **dict.fromkeys(("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64"), pa.int64()),
    "Bool": pa.bool_(),
    "Date": pa.date32(),
    "Date32": pa.date32(),
    "String": pa.string(),
    "Array(String)": pa.list_(pa.string()),
    "Array(LowCardinality(String))": pa.list_(pa.string()),
}


def replay_on_clickhouse(source: str, target: str, arguments: ReplayArguments, library: Library) -> ReplayResult:
    """Decides a table, and writes the rows into another one where it is given; raises `InputFault`."""
    read, written = read_addresses(source, target, SCHEMES)
    table, into = full_name(read), full_name(written) if written else ""
    try:
        with cleaning_up_on_signals(), database_of_work(Server(read)) as database:
            schema = database.schema(read)
            if written:
                before = ["a view"] if database.exists("VIEW", into) else [*database.types(into)]
                check_target(written, before, ROW_COLUMNS, into == table)
            if is_fact_table(schema, library, read.shown):
                return replay_facts(database, table, schema, arguments, library, source=read.shown, target=into)
            text = pa.schema([(name, pa.string()) for name in schema.names if name != ROW])
            check_row_numbers(database, table, schema, read.shown)
            batches = database.batches(table, schema)
            return replay_staged(database, batches, text, arguments, library, source=read.shown, target=into)
    except (URLError, http.client.HTTPException, OSError) as fault:
        words = fault.read().decode(errors="replace") if isinstance(fault, HTTPError) else str(fault)
        words = read.hide((words.splitlines() or [type(fault).__name__])[0])
        help = phrase("see whether the server runs, and whether you may make a database there")
        raise InputFault([Finding("database", Place(read.shown), phrase("ClickHouse: {}", words), help)]) from None


def full_name(address: TableAddress) -> str:
    """The name of a table with its database, as SQL has it."""
    return f"{named(address.database)}.{named('.'.join(address.names))}"


def named(name: str) -> str:
    """A name of a database, a table or a column as ClickHouse has it, where a backslash begins an escape."""
    return quoted(name.replace("\\", "\\\\"))


class Server:
    """Sends statements to a server; the password is in a header, and so in no log of addresses."""

    def __init__(self, address: TableAddress) -> None:
        parts = address.parts
        try:
            self.reached = parts.hostname or "localhost", parts.port or PORTS[parts.scheme]
        except ValueError:
            message, help = phrase("names a port that is none"), phrase("a port is a number from 1 to 65535")
            raise InputFault([Finding("not-a-table", Place(address.shown), message, help)]) from None
        host, port = self.reached
        secure = parts.scheme == "clickhouses"
        self.url = f"{'https' if secure else 'http'}://{f'[{host}]' if ':' in host else host}:{port}/"
        given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        user = unquote(parts.username or "") or given.pop("user", "default")
        password = unquote(parts.password or "") or given.pop("password", "")
        self.settings = given | SETTINGS
        self.headers = {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}
        self.opener = build_opener(ProxyHandler({}))

    def reach(self) -> None:
        """Raises `OSError` where nobody answers at the address within some seconds."""
        socket.create_connection(self.reached, SECONDS_TO_CONNECT).close()

    def open(self, statement: str, database: str, content: bytes | None = None) -> IO[bytes]:
        """What the server answers to a statement, which may come with the content of an insertion."""
        settings = {**self.settings, "database": database}
        body = statement.encode()
        if content is not None:
            settings, body = {**settings, "query": statement}, content
        request = Request(f"{self.url}?{urlencode(settings)}", data=body, headers=self.headers, method="POST")
        answer: IO[bytes] = self.opener.open(request, timeout=SECONDS_MAX)
        return answer


class ClickHouse:
    """A database of work on a server. Its tables name their columns by number where a name has a dot: dots would nest them."""

    name = "ClickHouse"
    dialect: Dialect = CLICKHOUSE
    each_member = "arrayJoin"

    def __init__(self, server: Server, database: str) -> None:
        self.server, self.database = server, database

    def run(self, statement: str) -> None:
        with self.server.open(statement, self.database) as answer:
            answer.read()

    def rows(self, query: str) -> list[dict[str, Any]]:
        with self.server.open(f"{query} FORMAT ArrowStream", self.database) as answer:
            content = answer.read()
        if not content:
            return []
        with pa.ipc.open_stream(content) as reader:
            rows: list[dict[str, Any]] = reader.read_all().to_pylist()
        return rows

    def schema(self, read: TableAddress) -> pa.Schema:
        """The columns of a table; raises `InputFault` where there is none."""
        columns = self.columns(full_name(read))
        if not columns:
            message, help = phrase("there is no such table"), phrase("name a table that is there")
            raise InputFault([Finding("not-a-table", Place(read.shown), message, help)])
        return pa.schema([*columns.items()])

    def columns(self, table: str) -> dict[str, pa.DataType]:
        return {name: ARROW_TYPES.get(_inner(type_), pa.large_string()) for name, type_ in self.types(table).items()}

    def types(self, table: str) -> dict[str, str]:
        """The columns of a table with their types as the server names them; none where there is no such table."""
        if not self.exists("TABLE", table):
            return {}
        rows = self.rows(f"DESCRIBE TABLE {table}")
        return {row["name"]: row["type"] for row in rows if row["default_type"] != "EPHEMERAL"}

    def exists(self, kind: str, name: str) -> bool:
        """Whether there is a TABLE, which may be a view, or a VIEW of a name as SQL has it."""
        [there] = self.rows(f"EXISTS {kind} {name}")
        return bool(there["result"])

    def batches(self, table: str, schema: pa.Schema) -> Iterator[pa.Table]:
        """The rows of a table as text, with their numbers: of its column `row`, or in the order in which they come."""
        names, types = [name for name in schema.names if name != ROW], self.types(table)
        texts = [f"CAST({_text(name, types[name])} AS Nullable(String)) AS c{at}" for at, name in enumerate(names)]
        numbers = [f"CAST({quoted(ROW)} AS Int64) AS number"] if has_row_numbers(schema) else []
        last = 0
        query = f"SELECT {', '.join([*texts, *numbers])} FROM {table} FORMAT ArrowStream"
        with self.server.open(query, self.database) as answer, pa.ipc.open_stream(answer) as reader:
            for found in in_pieces(_whole(reader, answer)):
                numbered = range(last + 1, last + 1 + found.num_rows)
                last = numbered.stop - 1
                rows = found if numbers else found.append_column(NUMBER, pa.array(numbered, pa.int64()))
                yield rows.rename_columns([*names, NUMBER])

    def nothing(self, type_: pa.DataType) -> str:
        return f"CAST({'[]' if pa.types.is_list(type_) else 'NULL'} AS {TYPES[type_]})"

    def make(self, name: str, query: str) -> None:
        self.forget(name)
        self.run(f"CREATE TABLE {quoted(name)} ENGINE = MergeTree ORDER BY tuple() AS {query}")

    def load(self, name: str, table: pa.Table) -> None:
        dotted = any("." in column for column in table.column_names)
        names = [f"c{at}" for at in range(table.num_columns)] if dotted else table.column_names
        inside = f"{name} data" if dotted else name
        columns = ", ".join(
            f"{quoted(new)} {TYPES[field.type]}" for new, field in zip(names, table.schema, strict=True)
        )
        self.run(f"CREATE TABLE IF NOT EXISTS {quoted(inside)} ({columns}) ENGINE = MergeTree ORDER BY tuple()")
        if dotted:
            shown = ", ".join(f"{new} AS {quoted(old)}" for new, old in zip(names, table.column_names, strict=True))
            self.view(name, f"SELECT {shown} FROM {quoted(inside)}")
        if table.num_rows:
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, table.rename_columns(names).schema) as writer:
                writer.write_table(table.rename_columns(names))
            content = sink.getvalue().to_pybytes()
            statement = f"INSERT INTO {quoted(inside)} FORMAT ArrowStream"
            with self.server.open(statement, self.database, content) as answer:
                answer.read()

    def forget(self, name: str) -> None:
        self.run(f"DROP TABLE IF EXISTS {quoted(name)}")

    def beyond_days(self, column: str) -> str:
        return "1 = 0"  # its days are of the years 1900 to 2299

    def odd_set(self, members: str, whole: str) -> str:
        return f"({whole} IS NULL AND length({members}) > 0)"

    def view(self, name: str, query: str) -> None:
        self.run(f"CREATE OR REPLACE VIEW {quoted(name)} AS {query}")

    def write(self, target: str, schema: pa.Schema, query: str) -> None:
        part = f'{target[:-1]}_part_{uuid4().hex[:12]}"'
        columns = ", ".join(
            f"{quoted(field.name)} {'Int64' if field.name == ROW else TYPES[field.type]}" for field in schema
        )
        self.run(f"CREATE TABLE {part} ({columns}) ENGINE = MergeTree ORDER BY {quoted(ROW)}")
        try:
            self.run(f"INSERT INTO {part} {query}")
            there = self.exists("TABLE", target)
            self.run(f"EXCHANGE TABLES {part} AND {target}" if there else f"RENAME TABLE {part} TO {target}")
        finally:
            self.run(f"DROP TABLE IF EXISTS {part}")


@contextmanager
def database_of_work(server: Server) -> Iterator[ClickHouse]:
    """A database of its own on a server, which is gone afterwards with all that was made in it."""
    name = f"comity_{uuid4().hex[:16]}"
    server.reach()
    with server.open(f"CREATE DATABASE {quoted(name)}", "default") as answer:
        answer.read()
    try:
        yield ClickHouse(server, name)
    finally:
        with server.open(f"DROP DATABASE {quoted(name)}", "default") as answer:
            answer.read()


def _whole(reader: pa.RecordBatchReader, answer: Any) -> Iterator[pa.RecordBatch]:
    """The batches of an answer; raises `OSError` where it ends before its end, which a reader of Arrow may not see."""
    try:
        yield from reader
    except pa.ArrowException as fault:
        raise OSError(f"the answer was cut off: {fault}") from None
    if answer.length:
        raise OSError("the answer was cut off")


def _text(name: str, type_: str) -> str:
    """A column as text: a moment in UTC, since the time zone that it is shown in may be any, and what has parts as JSON."""
    inner = _inner(type_)
    if inner.startswith("DateTime"):
        return f"concat(toString({named(name)}, 'UTC'), 'Z')"
    return f"toJSONString({named(name)})" if inner.startswith(("Array(", "Tuple(", "Map(")) else named(name)


def _inner(type_: str) -> str:
    """A type without what says that it may be NULL, or how it is stored."""
    for wrapper in ("LowCardinality(", "Nullable("):
        if type_.startswith(wrapper):
            type_ = type_.removeprefix(wrapper).removesuffix(")")
    return type_
