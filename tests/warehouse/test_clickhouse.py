"""ClickHouse decides a table in its place as this process does, and puts the rows in place when they are whole."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

import comity
from comity.api import load
from comity.facts.children import split_tables
from comity.finding import InputFault
from comity.records.replay_table import ReplayArguments
from comity.warehouse.clickhouse import TYPES, Server, replay_on_clickhouse
from comity.warehouse.database import quoted
from tests.commands.running import run
from tests.warehouse.http_clickhouse import clickhouse_server
from tests.warehouse.requests import counts_of, made_up, read_here

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the library of ClickHouse is not made for Windows")
LIBRARY = load()
MEMO = "us/fl/miami-dade@2017-02-01"
ROWS = 1_500
CASES: list[dict[str, Any]] = [
    {},
    {"law": MEMO, "assume": {"subject.citizenship": "none_claimed"}},
    {"place": "us/il/cook", "assume": {"convictions": "[]"}},
]
NAMES = ["law of the day", "one law", "one place"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Any]]:
    folder = tmp_path_factory.mktemp("tables")
    with clickhouse_server() as (address, session):
        session.query("CREATE DATABASE records")
        table = made_up(ROWS).rename_columns(["row", *made_up(0).column_names[1:]])
        load_table(session, folder, "published", table)
        rows = read_here(ROWS, LIBRARY)
        places = rows.cells.named("place")
        for name, facts in split_tables(rows.facts, rows.paths, LIBRARY.vocabulary).items():
            if name == "facts":
                facts = facts.append_column("place", places)
            load_table(session, folder, name.replace("facts", "requests", 1), facts)
        yield f"{address}/records/", session


def load_table(session: Any, folder: Path, name: str, table: pa.Table) -> None:
    """A view of a file: in a table, columns with a dot in their names would be nested in one."""
    file = folder / f"{name}.parquet"
    parquet.write_table(table, file)
    columns = ", ".join(f"`{field.name}` {TYPES[field.type]}" for field in table.schema)
    session.query(f"CREATE VIEW records.{quoted(name)} AS SELECT * FROM file('{file}', Parquet, '{columns}')")


def rows_of(session: Any, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = session.query(f"SELECT * FROM records.{table} ORDER BY row", "ArrowTable").to_pylist()
    return rows


@pytest.mark.parametrize("arguments", CASES, ids=NAMES)
def test_a_published_table_is_read_here_and_decided_there(server: tuple[str, Any], arguments: dict[str, Any]) -> None:
    address, session = server
    wanted = ReplayArguments(group_by=("county", "year"), **arguments)
    result = replay_on_clickhouse(address + "published", address + "decided", wanted, LIBRARY)
    expected = comity.replay(made_up(ROWS), group_by=("county", "year"), library=LIBRARY, **arguments)
    assert counts_of(result) == counts_of(expected)
    assert rows_of(session, "decided") == expected.table.to_pylist()


@pytest.mark.parametrize("arguments", CASES, ids=NAMES)
def test_a_table_of_facts_is_decided_in_its_place(server: tuple[str, Any], arguments: dict[str, Any]) -> None:
    address, session = server
    result = replay_on_clickhouse(address + "requests", address + "decided", ReplayArguments(**arguments), LIBRARY)
    expected = comity.replay(made_up(ROWS, understood=True), library=LIBRARY, **arguments)
    assert rows_of(session, "decided") == expected.table.to_pylist()
    counts, of_table = counts_of(result), counts_of(expected)
    for name in ("outcomes", "possible", "determining", "turns_on", "by_law", "decided", "grounds", "facts_of_place"):
        assert counts[name] == of_table[name], name


def test_nothing_is_left_on_the_server(server: tuple[str, Any]) -> None:
    address, session = server
    session.query("CREATE TABLE records.precious (a Int8) ENGINE = Memory")
    for target in ("precious", "requests"):
        with pytest.raises(InputFault):
            replay_on_clickhouse(address + "requests", address + target, ReplayArguments(law=MEMO), LIBRARY)
    databases = session.query("SELECT name FROM system.databases WHERE name LIKE 'comity%'", "ArrowTable")
    tables = session.query(
        "SELECT name FROM system.tables WHERE name LIKE '%part%' AND database = 'records'", "ArrowTable"
    )
    assert databases.num_rows == tables.num_rows == 0


def test_a_table_of_other_types_is_read_as_a_file_of_it_would_be(server: tuple[str, Any]) -> None:
    address, session = server
    session.query("""CREATE TABLE records.`my.own` ENGINE = MergeTree ORDER BY tuple() AS SELECT
        toDateTime64('2017-01-26 02:00:00', 3, 'UTC') AS `request.received_at`, toFixedString('us/fl/miami-dade', 30) AS place,
        'x' AS `back\\\\slash`, CAST(['hold', 'notify'] AS Array(Nullable(String))) AS asked, 'A-1' AS row""")
    view = "SELECT * EXCEPT asked, asked AS `request.asks` FROM records.`my.own`"
    session.query(f"CREATE VIEW records.`my.view` AS {view}")
    result = replay_on_clickhouse(address + "my.view", address + "of_own", ReplayArguments(), LIBRARY)
    assert (result.rows, result.refused, dict(result.findings)) == (1, (), {})
    assert [(row["row"], row["day"].isoformat()) for row in rows_of(session, "of_own")] == [(1, "2017-01-25")]
    session.query("CREATE VIEW records.looks_alike AS SELECT * FROM records.of_own")
    for source, target, words in (
        ("my.view", "looks_alike", "not one that a replay wrote"),
        ("published?join_use_nulls=0", "", ""),
    ):
        if words:
            with pytest.raises(InputFault, match=words):
                replay_on_clickhouse(address + source, address + target, ReplayArguments(), LIBRARY)
        else:
            assert replay_on_clickhouse(address + source, "", ReplayArguments(), LIBRARY).rows == ROWS


def test_an_answer_that_is_cut_off_is_said(server: tuple[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    class Cut(io.BytesIO):
        length = 9  # bytes that are still to come

    opened = Server.open

    def cut(self: Server, statement: str, database: str, content: bytes | None = None) -> Any:
        answer = opened(self, statement, database, content)
        return Cut(answer.read()) if "AS c0" in statement else answer

    monkeypatch.setattr(Server, "open", cut)
    done = run(f"replay '{server[0]}published' --engine clickhouse --law {MEMO}")
    assert done.exit_code == 2 and "ClickHouse: the answer was cut off" in done.stderr
    wrong = run("replay clickhouse://127.0.0.1:abc/records/requests --engine clickhouse")
    assert wrong.exit_code == 2 and "a port is a number" in wrong.stderr


def test_no_password_is_said(server: tuple[str, Any]) -> None:
    address, _ = server
    done = run(f"replay '{address}published' --engine clickhouse --law {MEMO} --json")
    shown = address.replace("comity:secret-word@", "")
    assert done.exit_code == 0 and json.loads(done.stdout)["source"] == f"{shown}published"
    missing = run(f"replay '{address}nowhere' --engine clickhouse")
    wrong = run(f"replay '{address.replace('secret-word', 'secret-wort')}published' --engine clickhouse")
    nobody = run("replay clickhouse://one:secret-word@127.0.0.1:1/records/requests --engine clickhouse")
    assert [found.exit_code for found in (missing, wrong, nobody)] == [2, 2, 2]
    assert "there is no such table" in missing.stderr and "Authentication failed" in wrong.stderr
    said = "".join(found.output + found.stderr for found in (done, missing, wrong, nobody))
    assert "secret-wor" not in said and "ClickHouse: " in nobody.stderr
