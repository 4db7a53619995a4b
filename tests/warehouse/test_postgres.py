"""PostgreSQL decides a table in its place as this process does, and writes the rows in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pyarrow as pa
import pytest

import comity
from comity.api import load
from comity.facts.children import split_tables
from comity.finding import InputFault
from comity.records.replay_table import ReplayArguments
from comity.warehouse.address import read_address
from comity.warehouse.database import quoted
from comity.warehouse.fact_rows import FactTableRows
from comity.warehouse.postgres import TYPES, replay_on_postgres
from tests.agreement.servers import postgres_server
from tests.commands.running import run
from tests.warehouse.requests import counts_of, made_up, read_here

LIBRARY = load()
MEMO = "us/fl/miami-dade@2017-02-01"
ROWS = 1_500
CASES: list[dict[str, Any]] = [
    {},
    {"law": MEMO, "assume": {"subject.citizenship": "none_claimed"}},
    {"place": "us/il/cook", "assume": {"convictions": "[]"}},
    {"without_duplicates": True, "group_by": ("facility", "month")},
]
NAMES = ["law of the day", "one law", "one place", "without duplicates"]


@pytest.fixture(scope="module")
def server() -> Iterator[psycopg.Connection[Any]]:
    with postgres_server() as connection:
        connection.autocommit = True
        load_table(connection, "published", made_up(ROWS).rename_columns(["row", *made_up(0).column_names[1:]]))
        load_facts(connection)
        yield connection


def address(server: psycopg.Connection[Any], table: str) -> str:
    return f"postgresql://comity:secret-word@/postgres/{table}?host={server.info.host}"


def load_table(server: psycopg.Connection[Any], name: str, table: pa.Table) -> None:
    columns = ", ".join(f"{quoted(field.name)} {TYPES[field.type]}" for field in table.schema)
    server.execute(f"CREATE TABLE {quoted(name)} ({columns})".encode())
    with server.cursor() as cursor, cursor.copy(f"COPY {quoted(name)} FROM STDIN".encode()) as copy:
        for row in table.to_pylist():
            copy.write_row(list(row.values()))


def load_facts(server: psycopg.Connection[Any]) -> None:
    """The same requests as facts, with their places beside them, and rows without a day, with one that is meant as none, and of totals."""
    rows = read_here(ROWS, LIBRARY)
    for name, table in split_tables(rows.facts, rows.paths, LIBRARY.vocabulary).items():
        if name == "facts":
            for column in ("place", "duplicate_likely", "detainer_lift_reason"):
                table = table.append_column(column, rows.cells.named(column))
        load_table(server, name.replace("facts", "requests", 1), table)
    server.execute(
        'INSERT INTO requests (row, "request.received_on", place) VALUES '
        "(100000, NULL, 'us/il/cook'), (100001, '1900-01-01', 'us/il/cook'), (100002, '2017-02-02', 'Total')"
    )


def rows_of(server: psycopg.Connection[Any], table: str) -> list[dict[str, Any]]:
    with server.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY row".encode())
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.mark.parametrize("arguments", CASES, ids=NAMES)
def test_a_published_table_is_read_here_and_decided_there(
    server: psycopg.Connection[Any], arguments: dict[str, Any]
) -> None:
    arguments = {"group_by": ("county", "year"), **arguments}
    wanted = ReplayArguments(**arguments)
    result = replay_on_postgres(address(server, "published"), address(server, "decided"), wanted, LIBRARY)
    expected = comity.replay(made_up(ROWS), library=LIBRARY, **arguments)
    assert counts_of(result) == counts_of(expected)
    assert rows_of(server, "decided") == expected.table.to_pylist()


@pytest.mark.parametrize("arguments", CASES, ids=NAMES)
def test_a_table_of_facts_is_decided_in_its_place(server: psycopg.Connection[Any], arguments: dict[str, Any]) -> None:
    result = replay_on_postgres(
        address(server, "public.requests"), address(server, "decided"), ReplayArguments(**arguments), LIBRARY
    )
    expected = comity.replay(made_up(ROWS, understood=True), library=LIBRARY, **arguments)
    assert rows_of(server, "decided") == expected.table.to_pylist()
    counts, of_table = counts_of(result), counts_of(expected)
    assert [(row["row"], row["code"]) for row in counts["refused"]] == [
        (100000, "no-day"), (100001, "no-day"), (100002, "total-row"),
    ]  # fmt: skip
    for name in (
        "outcomes",
        "possible",
        "determining",
        "turns_on",
        "by_law",
        "decided",
        "grounds",
        "facts_of_place",
        "groups",
        "by_lift_reason",
        "left_out_as_duplicates",
        "beyond_local_law",
        "no_local_law_encoded",
    ):
        assert counts[name] == of_table[name], name
    for code in ("unknown-place", "form-out-of-time", "later-than-researched"):
        assert counts["findings"].get(code) == of_table["findings"].get(code)


def test_a_table_that_is_there_is_replaced_only_where_a_replay_wrote_it(server: psycopg.Connection[Any]) -> None:
    server.execute("CREATE TABLE precious (a int); INSERT INTO precious VALUES (1)")
    for target in ("precious", "requests"):
        with pytest.raises(InputFault):
            replay_on_postgres(address(server, "requests"), address(server, target), ReplayArguments(law=MEMO), LIBRARY)
    assert rows_count(server, "precious") == 1 and rows_count(server, "requests") > 1


def test_a_run_that_fails_leaves_the_table_of_before(server: psycopg.Connection[Any]) -> None:
    replay_on_postgres(address(server, "requests"), address(server, "decided"), ReplayArguments(law=MEMO), LIBRARY)
    before = rows_of(server, "decided")
    server.execute(
        "CREATE TABLE wrong AS SELECT * FROM requests; UPDATE wrong SET \"subject.citizenship\" = 'maybe' WHERE row = 7"
    )
    with pytest.raises(InputFault, match='subject.citizenship holds "maybe"'):
        replay_on_postgres(address(server, "wrong"), address(server, "decided"), ReplayArguments(law=MEMO), LIBRARY)
    assert rows_of(server, "decided") == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            'ALTER TABLE {t} ADD "subject.age" bigint; UPDATE {t} SET "subject.age" = -4 WHERE row = 3',
            "subject.age holds a number",
        ),
        ("UPDATE {t} SET row = 4 WHERE row = 3", "do not differ in every row"),
        ('ALTER TABLE {t} ADD "subject.agee" bigint', "there is no fact"),
        ('ALTER TABLE {t} ADD "request.received_at" timestamptz', "has moments in request.received_at"),
        ("UPDATE {t} SET \"request.asks\" = '{{hold,sing}}' WHERE row = 3", 'request.asks holds "sing"'),
        ("ALTER TABLE {t} DROP place", "no column says where"),
        ("ALTER TABLE {t} RENAME place TO detention_facility", "names facilities, and no places"),
        ('ALTER TABLE {t} ADD "request.warrants.whole" boolean', "there is no table"),
        ('UPDATE {t} SET "request.asks" = ARRAY[\'hold\'], "request.asks.whole" = NULL WHERE row = 3', "contradict"),
        ('UPDATE {t} SET "request.asks" = NULL, "request.asks.whole" = true WHERE row = 3', "contradict"),
        ("UPDATE {t} SET \"request.asks\" = '{{hold,NULL}}' WHERE row = 3", "contradict"),
        ('UPDATE {t} SET "convictions.whole" = NULL', "convictions.whole contradict"),
        ('UPDATE "{t}.convictions" SET "classes.whole" = NULL, classes = ARRAY[\'ca_violent\']', "contradict"),
        ('ALTER TABLE "{t}.convictions" ALTER offense TYPE char(40)', "no column of text"),
        ('ALTER TABLE {t} ALTER "subject.citizenship" TYPE char(40)', "subject.citizenship is no column of text"),
        ("UPDATE \"{t}.convictions\" SET convicted_on = '-infinity'", "holds a day that it cannot be"),
    ],
)
def test_a_table_of_facts_that_would_be_misread_is_refused(
    server: psycopg.Connection[Any], change: str, words: str
) -> None:
    lists = ("convictions", "charges")
    server.execute("CREATE TABLE odd AS SELECT * FROM requests WHERE row < 50")
    for name in lists:
        server.execute(f'CREATE TABLE "odd.{name}" AS SELECT * FROM "requests.{name}"'.encode())
    try:
        server.execute(change.format(t="odd").encode())
        with pytest.raises(InputFault, match=words):
            replay_on_postgres(address(server, "odd"), address(server, "of_odd"), ReplayArguments(), LIBRARY)
    finally:
        server.execute("DROP TABLE odd")
        for name in lists:
            server.execute(f'DROP TABLE "odd.{name}"'.encode())


def test_a_row_whose_day_is_no_day_of_a_calendar_is_refused(server: psycopg.Connection[Any]) -> None:
    server.execute("""
        CREATE TABLE forever (row bigint, place char(40), "request.received_on" date, "request.asks" text[],
            "request.asks.whole" boolean, "subject.citizenship" varchar);
        INSERT INTO forever VALUES (1, 'us/il/cook', '2017-02-02'), (2, 'us/il/cook', '2017-02-02'),
            (3, 'us/il/cook', 'infinity'), (4, 'us/il/cook', '0044-03-15 BC'), (5, 'Total', '2017-02-02')""")
    result = replay_on_postgres(address(server, "forever"), address(server, "decided"), ReplayArguments(), LIBRARY)
    assert [row["place"] for row in rows_of(server, "decided")][:2] == ["us/il/cook"] * 2
    refused = {row.row: row.message for row in result.refused}
    assert '"infinity" in request.received_on is no day' in refused[3] and "BC" in refused[4] and 5 in refused
    assert result.source.endswith("/forever")


def test_what_is_set_on_the_server_changes_nothing(server: psycopg.Connection[Any]) -> None:
    server.execute("""
        CREATE TABLE alike (precious text); CREATE TABLE located (precious text); INSERT INTO alike VALUES ('mine');
        CREATE TABLE own (date date, place char(30), "request.asks" text[], row text);
        INSERT INTO own VALUES ('2017-02-03', 'us/fl/miami-dade', '{hold,notify}', 'A-1');
        ALTER DATABASE postgres SET datestyle = 'German';
        ALTER DATABASE postgres SET search_path = public, pg_temp""")
    try:
        result = replay_on_postgres(address(server, "own"), address(server, "decided"), ReplayArguments(), LIBRARY)
        replay_on_postgres(address(server, "requests"), address(server, "of_facts"), ReplayArguments(law=MEMO), LIBRARY)
    finally:
        server.execute("ALTER DATABASE postgres RESET ALL")
    assert (result.rows, result.refused, dict(result.findings)) == (1, (), {})
    assert [(row["row"], row["day"].isoformat()) for row in rows_of(server, "decided")] == [(1, "2017-02-03")]
    assert (rows_count(server, "alike"), rows_count(server, "located")) == (1, 0)


def test_rows_that_another_writes_meanwhile_are_not_seen(
    server: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    server.execute("CREATE TABLE growing AS SELECT * FROM requests WHERE row < 20")
    for name in ("convictions", "charges"):
        server.execute(f'CREATE VIEW "growing.{name}" AS SELECT * FROM "requests.{name}"'.encode())
    count = FactTableRows.count

    def and_grow(rows: FactTableRows) -> None:
        count(rows)
        server.execute("INSERT INTO growing SELECT * FROM requests WHERE row BETWEEN 20 AND 40")

    monkeypatch.setattr(FactTableRows, "count", and_grow)
    result = replay_on_postgres(address(server, "growing"), address(server, "decided"), ReplayArguments(), LIBRARY)
    assert rows_count(server, "decided") == result.rows - len(result.refused) and result.rows < 20


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        ("doubled", "decided", "do not differ in every row"),
        ("requests", "z" * 64, "at most 63 bytes"),
    ],
)
def test_numbers_and_names_that_would_be_mixed_up_are_refused(
    server: psycopg.Connection[Any], source: str, target: str, words: str
) -> None:
    server.execute("CREATE TABLE IF NOT EXISTS doubled AS SELECT 1 AS row, date '2017-02-03' AS date, 'x' AS place")
    server.execute("INSERT INTO doubled VALUES (NULL, '2017-02-03', 'x')")
    with pytest.raises(InputFault, match=words):
        replay_on_postgres(address(server, source), address(server, target), ReplayArguments(), LIBRARY)


def test_places_are_named_as_in_a_file(server: psycopg.Connection[Any]) -> None:
    row = 'SELECT row, "request.received_on", "request.asks", "request.asks.whole", place FROM requests WHERE row < 90'
    server.execute(
        f"CREATE TABLE cities AS {row}; UPDATE cities SET place = CASE WHEN row < 40 THEN 'Miami-Dade' ELSE 'us/fl' END".encode()
    )
    replay_on_postgres(address(server, "cities"), address(server, "decided"), ReplayArguments(), LIBRARY)
    frame = pa.Table.from_pylist(rows_of(server, "cities")).select(["request.received_on", "place"])
    asks = pa.array(["; ".join(row["request.asks"] or ()) or None for row in rows_of(server, "cities")], pa.string())
    numbers = [row["row"] for row in rows_of(server, "cities")]
    here = comity.replay(frame.append_column("request.asks", asks), library=LIBRARY).table
    expected = [{**row, "row": numbers[row["row"] - 1]} for row in here.to_pylist()]
    there = rows_of(server, "decided")
    assert [(row["row"], row["place"], row["law"]) for row in there] == [
        (row["row"], row["place"], row["law"]) for row in expected
    ]


def test_the_day_of_decision_decides_and_two_names_of_a_place_are_one(server: psycopg.Connection[Any]) -> None:
    row = 'SELECT row, "request.received_on", "request.asks", "request.asks.whole", place FROM requests WHERE row < 90'
    server.execute(
        f"""CREATE TABLE later AS {row}; ALTER TABLE later ADD "decision.on" date;
        UPDATE later SET "decision.on" = '2024-06-01' WHERE row < 40;
        UPDATE later SET place = CASE WHEN row < 30 THEN 'Miami-Dade' ELSE 'us/fl/miami-dade' END""".encode()
    )
    replay_on_postgres(address(server, "later"), address(server, "decided"), ReplayArguments(), LIBRARY)
    found = rows_of(server, "later")
    frame = pa.Table.from_pylist(found).select(["request.received_on", "decision.on", "place"])
    asks = pa.array(["; ".join(row["request.asks"] or ()) or None for row in found], pa.string())
    here = comity.replay(frame.append_column("request.asks", asks), library=LIBRARY).table.to_pylist()
    expected = [(found[row["row"] - 1]["row"], row["day"], row["law"]) for row in here]
    assert [(row["row"], row["day"], row["law"]) for row in rows_of(server, "decided")] == expected
    assert len(expected) == len(found) and {day.year for _, day, _ in expected[:9]} == {2024}


def rows_count(server: psycopg.Connection[Any], table: str) -> int:
    [[count]] = server.execute(f"SELECT count(*) FROM {table}".encode()).fetchall()
    return int(count)


def test_no_password_is_said(server: psycopg.Connection[Any]) -> None:
    done = run(f"replay '{address(server, 'published')}' --engine postgres --law {MEMO} --json")
    assert done.exit_code == 0 and json.loads(done.stdout)["source"] == "postgresql:///postgres/published"
    shown = run(f"replay '{address(server, 'published')}' --engine postgres --law {MEMO}").output
    missing = run(f"replay '{address(server, 'nowhere')}' --engine postgres")
    refused = run("replay postgresql://one:secret-word@127.0.0.1:1/postgres/requests --engine postgres")
    no_table = run("replay postgresql://one:secret-word@127.0.0.1:1/postgres --engine postgres")
    wrong_engine = run("replay postgresql://one:secret-word@127.0.0.1:1/postgres/requests")
    assert [done.exit_code for done in (missing, refused, no_table, wrong_engine)] == [2, 2, 2, 2]
    assert "there is no such table" in missing.stderr and "PostgreSQL: " in refused.stderr
    said = "".join(
        [done.output, shown, *(done.output + done.stderr for done in (missing, refused, no_table, wrong_engine))]
    )
    assert "secret-word" not in said and len(missing.stderr.splitlines()) == len(refused.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://one:sec/ret@127.0.0.1:1/records/requests",
        "postgresql://one:sec?ret@127.0.0.1:1/records/requests",
        "postgresql://one:sec#ret@127.0.0.1:1/records/requests",
        "postgresql://one:secret@[::1/records/requests",
        "postgresql://127.0.0.1:1/records/requests?user=one&password=sec%ret",
        "postgres:one:secret@127.0.0.1/requests",
        "host=127.0.0.1 user=one password=secret",
    ],
)
def test_a_misspelt_address_says_no_password(text: str) -> None:
    for engine in ("--engine postgres", "") if "://" in text else ("--engine postgres",):
        done = run(f"replay '{text}' {engine}")
        assert done.exit_code == 2 and "127.0.0.1" in done.stderr or "[::1" in done.stderr
        assert not any(secret in done.stderr for secret in ("sec", "ret@", "one"))


def test_an_address_gives_the_table_and_what_is_shown() -> None:
    table = read_address("postgresql://one:secret@host:5433/records/law.requests?sslmode=require", ["postgresql"])
    assert table.server == "postgresql://one:secret@host:5433/records?sslmode=require"
    assert table.hide('no user "one" with secret') == 'no user "..." with ...'
    assert (table.table, table.shown) == ('"law"."requests"', "postgresql://host:5433/records/law.requests")
