"""Spark decides as this process does: the same rows, counts and findings, and nothing half-written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as parquet
import pytest

import comity
import comity.spark
from comity.api import load
from comity.finding import InputFault
from comity.warehouse import spark_source
from comity.warehouse.spark_source import location_of
from tests.agreement.servers import spark_session
from tests.commands.running import run
from tests.warehouse.requests import counts_of, made_up

LIBRARY = load()
MEMO = "us/fl/miami-dade@2017-02-01"
ROWS = 3_000
pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning", "ignore::UserWarning")


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    with spark_session("local[2]") as opened:
        yield opened


@pytest.fixture(scope="module")
def frame(session: Any) -> Any:
    return session.createDataFrame(made_up(ROWS)).repartition(3).cache()


def in_order(rows: Any) -> list[dict[str, Any]]:
    return sorted(rows.toArrow().to_pylist(), key=lambda row: row["row"])


def local(**arguments: Any) -> Any:
    return comity.replay(made_up(ROWS), library=LIBRARY, **arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"law": MEMO, "assume": {"subject.citizenship": "none_claimed"}},
        {"place": "us/il/cook", "without_duplicates": True},
    ],
    ids=["law of the day", "one law", "one place"],
)
def test_rows_and_counts_are_those_of_one_process(frame: Any, arguments: dict[str, Any]) -> None:
    expected = local(**arguments)
    rows = comity.spark.replay(frame, key="line", library=LIBRARY, **arguments)
    assert rows.columns == expected.table.column_names
    assert in_order(rows) == expected.table.to_pylist()
    groups = ("county", "year")
    counted = comity.spark.count(frame, key="line", group_by=groups, library=LIBRARY, **arguments)
    assert counts_of(counted) == counts_of(local(group_by=groups, **arguments))
    assert counted.refused and counted.findings["unknown-form"]


def test_rows_without_a_key_have_numbers_that_differ(session: Any, frame: Any) -> None:
    numbers = [row["row"] for row in in_order(comity.spark.replay(frame, library=LIBRARY))]
    assert len({*numbers}) == len(numbers) == len(local().table)
    alone = comity.spark.replay(session.createDataFrame(made_up(50)).coalesce(1), library=LIBRARY)
    assert in_order(alone) == comity.replay(made_up(50), library=LIBRARY).table.to_pylist()


def test_a_dataframe_without_rows_gives_none(frame: Any) -> None:
    empty = comity.spark.count(frame.where("false"), library=LIBRARY)
    assert counts_of(empty) == counts_of(comity.replay(made_up(0), library=LIBRARY))


def test_faults_are_said_before_a_row_is_read(frame: Any) -> None:
    with pytest.raises(InputFault, match="us/fl/nowhere"):
        comity.spark.replay(frame, law="us/fl/nowhere@2017-02-01", library=LIBRARY)
    with pytest.raises(InputFault, match="DataFrame:1: no column says where"):
        comity.spark.replay(frame.drop("place"), library=LIBRARY)
    with pytest.raises(InputFault, match="no column place of whole numbers"):
        comity.spark.replay(frame, key="place", library=LIBRARY)


def test_a_folder_is_written_whole_or_not_at_all(frame: Any, tmp_path: Path) -> None:
    target = tmp_path / "decided.parquet"
    expected = local(law=MEMO)
    result = comity.spark.write(frame, str(target), key="line", law=MEMO, library=LIBRARY)
    assert counts_of(result) == counts_of(expected)
    written = parquet.read_table(target)
    assert written.sort_by("row").to_pylist() == expected.table.to_pylist()
    from pyspark.sql import functions

    broken = frame.withColumn("place", functions.expr("if(line = 2900, raise_error('gone'), place)"))
    with pytest.raises(Exception, match="gone"):
        comity.spark.write(broken, str(target), law=MEMO, library=LIBRARY)
    assert parquet.read_table(target).equals(written)
    comity.spark.write(frame.where("line < 9"), f"file://{target}", key="line", law=MEMO, library=LIBRARY)
    assert parquet.read_table(target).num_rows == len(expected.table.filter(pa.compute.field("row") < 9))
    assert [path.name for path in tmp_path.iterdir()] == ["decided.parquet"]


def test_a_table_is_written_whole_and_never_replaced(session: Any, frame: Any) -> None:
    result = comity.spark.write(frame, "decided", key="line", library=LIBRARY)
    assert in_order(session.table("decided")) == local().table.to_pylist() and counts_of(result) == counts_of(local())
    assert [table.name for table in session.catalog.listTables() if not table.isTemporary] == ["decided"]
    with pytest.raises(InputFault, match="there is such a table"):
        comity.spark.write(frame, "decided", library=LIBRARY)


def test_the_command_numbers_the_rows_of_files_in_the_order_of_their_names(
    session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = made_up(900)
    (tmp_path / "requests").mkdir()
    for at, name in enumerate(("a b", "a+c", "b")):
        parquet.write_table(rows.slice(at * 300, 300), tmp_path / "requests" / f"{name}.parquet", row_group_size=100)
    parquet.write_table(rows, tmp_path / "whole.parquet")
    arguments = "--group-by county,year --json"
    done = run(f"replay requests/ --engine spark --into ./decided {arguments}")
    alone = run(f"replay {tmp_path}/whole.parquet --out {tmp_path}/alone.parquet {arguments}")
    assert (done.exit_code, done.stderr) == (0, "")
    counts, expected = json.loads(done.stdout), json.loads(alone.stdout)
    for printed in (counts, expected):
        del printed["source"], printed["examples"], printed["reading"]["format"]
    assert counts == expected
    assert (
        parquet.read_table(tmp_path / "decided").sort_by("row").equals(parquet.read_table(tmp_path / "alone.parquet"))
    )
    findings = "findings.csv"
    assert csv.read_csv(tmp_path / f"decided.{findings}").equals(csv.read_csv(tmp_path / f"alone.{findings}"))


def test_the_command_reads_all_columns_and_replaces_nothing_else(session: Any, tmp_path: Path) -> None:
    rows, folder = made_up(60).append_column("back`tick", pa.array(range(60))), tmp_path / "requests"
    for at, name in enumerate(("place=0012/a", "place=us%2Ffl%2Fmiami-dade/b")):
        (folder / name).parent.mkdir(parents=True)
        part = rows.slice(at * 30, 30).drop_columns(["place", *(["subject.citizenship"] if at == 0 else [])])
        parquet.write_table(part, folder / f"{name}.parquet")
    done, alone = (run(f"replay {folder} {engine} --json") for engine in ("--engine spark", ""))
    counts, expected = json.loads(done.stdout), json.loads(alone.stdout)
    assert counts["facts_read"] == expected["facts_read"] and counts["possible"] == expected["possible"]
    assert counts["findings"] == expected["findings"] and "subject.citizenship" in counts["facts_read"]
    for target in (folder, tmp_path, folder / "place=0012"):
        refused = run(f"replay {folder} --engine spark --into {target}")
        assert refused.exit_code == 2 and len([*folder.rglob("*.parquet")]) == 2
    with pytest.raises(InputFault, match="not one that a replay wrote"):
        comity.spark.write(session.createDataFrame(made_up(9)), str(folder), library=LIBRARY)
    none = comity.spark.write(session.createDataFrame(rows).where("false"), str(tmp_path / "none"), library=LIBRARY)
    assert none.rows == 0 and parquet.read_table(tmp_path / "none").num_rows == 0


def test_rows_of_a_table_without_numbers_of_their_own_are_refused(session: Any) -> None:
    session.sql("CREATE TABLE doubled AS SELECT NULL AS row, '2017-02-03' AS date, 'us/fl' AS place")
    session.sql("CREATE TABLE numbered AS SELECT 1 AS row, '2017-02-03' AS date, 'us/fl' AS place")
    session.sql("INSERT INTO numbered VALUES (1, '2017-02-03', 'us/fl')")
    try:
        done = [run(f"replay {table} --engine spark") for table in ("doubled", "numbered")]
        assert [found.exit_code for found in done] == [2, 2] and "do not differ in every row" in done[1].stderr
    finally:
        session.sql("DROP TABLE doubled")
        session.sql("DROP TABLE numbered")


def test_the_command_says_what_it_cannot_read(tmp_path: Path) -> None:
    done = run(f"replay {tmp_path}/nothing.parquet --engine spark")
    assert done.exit_code == 2 and "cannot be read" in done.stderr and done.stderr.count("\n") == 1


def test_a_session_on_another_cluster_is_not_used(session: Any, tmp_path: Path) -> None:
    done = run(f"replay spark://127.0.0.1:1{tmp_path} --engine spark")
    assert (done.exit_code, done.stdout) == (2, "") and done.stderr.count("\n") == 1
    assert "session on another cluster, local[2]; stop that session" in done.stderr
    with spark_source.spark_session("local[2]") as same, spark_source.spark_session("") as any_cluster:
        assert same is any_cluster is session
    in_thread: list[str] = []
    with ThreadPoolExecutor(1) as threads:
        threads.submit(lambda: in_thread.append(spark_source.running_cluster())).result()
    assert in_thread == ["local[2]"] and session.range(2).count() == 2


@pytest.mark.skipif(bool(find_spec("grpc")), reason="grpcio is installed")
def test_what_spark_connect_needs_is_said_whatever_session_runs(session: Any) -> None:
    done = run("replay sc://127.0.0.1:1/law.requests --engine spark")
    assert done.exit_code == 2 and 'pip install "pyspark[connect]"' in done.stderr and done.stderr.count("\n") == 1


def test_a_source_names_its_cluster() -> None:
    found = {text: (location_of(text).master, location_of(text).name) for text in (
        "spark://one:7077/data/detainers", "sc://two:15002/law.detainers", "detainers.parquet", "hdfs://three/data/x",
    )}  # fmt: skip
    assert [*found.values()] == [
        ("spark://one:7077", "/data/detainers"),
        ("sc://two:15002", "law.detainers"),
        ("", "detainers.parquet"),
        ("", "hdfs://three/data/x"),
    ]
