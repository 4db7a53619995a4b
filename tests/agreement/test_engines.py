"""The same answers on PostgreSQL, Spark and ClickHouse, each started for real, as by the reference engine: on generated stacks."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from comity.engine.questions.diagram import Diagrams
from comity.engine.questions.questions import known_truths, questions
from comity.engine.search.search import possible
from comity.engine.sql import dialects
from comity.engine.sql import select as many
from comity.engine.sql.conditions import FURTHEST, Conditions
from comity.engine.sql.fact_columns import FactColumns
from comity.facts import kinds
from comity.facts.children import child_name, split_tables
from comity.facts.columns import ROW, facts_table
from comity.facts.kinds import KnownList, Value
from comity.language import syntax
from comity.law.in_force import Stack
from comity.period import FIRST_DAY, LAST_DAY, shifted
from tests.agreement import servers
from tests.agreement.stacks import ACTIONS, Requests, asks_about_lists, stacks, vocabulary

TIMES = int(os.environ.get("COMITY_AGREEMENT", "1"))
ON_POSTGRES, ON_SPARK, ON_CLICKHOUSE, REQUESTS = 60, 20, 40, 20
Run = Callable[[many.Query, pa.Table, list[str], Stack], list[dict[str, Any]]]


def test_postgres_gives_the_same_answers(record_property: Callable[[str, object], None]) -> None:
    with servers.postgres_server() as connection:

        def run(query: many.Query, facts: pa.Table, paths: list[str], stack: Stack) -> list[dict[str, Any]]:
            return servers.on_postgres(connection, query, facts, paths, stack.vocabulary)

        record_property("agreement: stacks on PostgreSQL", agreeing(dialects.POSTGRES, run, ON_POSTGRES))


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning", "ignore::UserWarning")
def test_spark_gives_the_same_answers(record_property: Callable[[str, object], None]) -> None:
    with servers.spark_session() as session:

        def run(query: many.Query, facts: pa.Table, paths: list[str], stack: Stack) -> list[dict[str, Any]]:
            return servers.on_spark(session, query, facts)

        record_property("agreement: stacks on Spark", agreeing(dialects.SPARK, run, ON_SPARK))


on_this_system = pytest.mark.skipif(sys.platform == "win32", reason="the library of ClickHouse is not made for Windows")


@on_this_system
def test_clickhouse_gives_the_same_answers(record_property: Callable[[str, object], None]) -> None:
    with servers.clickhouse_session() as opened:

        def run(query: many.Query, facts: pa.Table, paths: list[str], stack: Stack) -> list[dict[str, Any]]:
            return servers.on_clickhouse(opened, query, facts, paths, stack.vocabulary)

        record_property("agreement: stacks on ClickHouse", agreeing(dialects.CLICKHOUSE, run, ON_CLICKHOUSE))


@on_this_system
@pytest.mark.parametrize("unit", ["months", "days"])
def test_clickhouse_moves_days_of_any_year(unit: syntax.Unit) -> None:
    days = [
        FIRST_DAY,
        date(1, 2, 5),
        date(1899, 12, 31),
        date(1969, 12, 31),
        date(2016, 2, 29),
        date(2106, 2, 8),
        date(9999, 8, 31),
        LAST_DAY,
    ]
    numbers = [-FURTHEST[unit], -36, -2, -1, 0, 1, 5, 31, FURTHEST[unit]]
    rows: list[dict[str, Value]] = [
        {"request.received_on": day, "subject.age": number} for day in days for number in numbers
    ]
    table = facts_table(rows, ["request.received_on", "subject.age"], vocabulary())
    facts = ibis.table({ROW: "int64", "request.received_on": "date", "subject.age": "int64"}, name=many.FACTS)
    reading = FactColumns(facts, vocabulary(), frozenset(table.schema.names), {})
    moved = (
        Conditions(reading)
        .operand(syntax.Shift(syntax.Fact("request.received_on"), unit, syntax.Fact("subject.age"), False))
        .value
    )
    query = many.Query(facts.select(ROW, moved.cast("string").name("moved")), (), {}, {}, dialects.CLICKHOUSE)
    with servers.clickhouse_session() as opened:
        answers = servers.on_clickhouse(opened, query, table, ["request.received_on", "subject.age"], vocabulary())
    expected = [shifted(row["request.received_on"], **{unit: row["subject.age"]}) for row in rows]  # type: ignore[arg-type]
    assert [answer["moved"] for answer in answers] == [answer.isoformat() for answer in expected]


def agreeing(dialect: dialects.Dialect, run: Run, number: int) -> int:
    """Holds an engine to the reference engine on so many stacks, half of which ask about lists; how many these were."""
    seen: Counter[bool] = Counter()

    def agree(stack: Stack, lists: bool) -> None:
        if seen[lists] < number * TIMES // 2 and asks_about_lists(stack) is lists:
            compared(dialect, run, stack, Random(seen[lists]))
            seen[lists] += 1

    for lists in (False, True):
        agreement = given(stacks(lists), st.just(lists))(agree)
        agreement = settings(
            max_examples=number * TIMES,  # twice as many as are taken
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )(agreement)
        seed(7)(agreement)()
    assert set(seen.values()) == {number * TIMES // 2}
    return seen.total()


def compared(dialect: dialects.Dialect, run: Run, stack: Stack, random: Random) -> None:
    asked, requests = questions(stack), Requests(stack, random)
    rows = [requests.partial() if at % 2 else requests.complete() for at in range(REQUESTS)]
    fills: dict[str, Value] = {path: value for path, value in requests.complete().items() if random.random() < 0.2}
    lists = [path for path in requests.paths if isinstance(stack.vocabulary.kind(path), kinds.Records)]
    without = (
        {random.choice(lists)} if lists else set()
    )  # a list of which the table has no column, while other facts bear on its records
    for given_fills, left_out in (({}, set()), (fills, set()), ({}, without)):
        paths = [path for path in requests.paths if path not in left_out]
        query = many.build_query(
            asked, paths, actions=ACTIONS, fills=given_fills, diagrams=Diagrams(asked), dialect=dialect
        )
        known = [{path: value for path, value in row.items() if path not in left_out} for row in rows]
        facts = facts_table(known, paths, stack.vocabulary)
        answers = [
            {action: many.outcomes_of(row[action]) for action in ACTIONS} for row in run(query, facts, paths, stack)
        ]
        for row, outcomes in zip(known, answers, strict=True):
            truths = known_truths(asked, {**given_fills, **row})
            assert outcomes == {action: possible(asked, action, truths) for action in ACTIONS}, (row, given_fills)


def test_the_tables_of_lists_hold_every_record() -> None:
    rows: list[dict[str, Value]] = [
        {"charges": KnownList(({"pending": True}, {}), whole=False)},
        {},
        {"charges": KnownList(())},
    ]
    tables = split_tables(facts_table(rows, ["charges"], vocabulary()), ["charges"], vocabulary())
    assert tables["facts"].to_pylist() == [
        {ROW: 0, "charges.whole": False},
        {ROW: 1, "charges.whole": None},
        {ROW: 2, "charges.whole": True},
    ]
    assert [row[ROW] for row in tables[child_name("charges")].to_pylist()] == [0, 0]
