"""The page on engines: its blocks are run against the real engines, in a folder with the requests that it speaks of."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest

import comity
from tests.agreement.servers import postgres_server, spark_session
from tests.house.test_pages import blocks
from tests.house.tree import ROOT
from tests.warehouse.http_clickhouse import clickhouse_server
from tests.warehouse.requests import made_up

PAGE = ROOT / "docs" / "engines.md"
ROWS = 400
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the commands of the page are those of a Unix shell")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "requests").mkdir()
    rows = made_up(ROWS)
    parquet.write_table(rows.slice(0, 250), tmp_path / "requests" / "a.parquet")
    parquet.write_table(rows.slice(250), tmp_path / "requests" / "b.parquet")
    launcher = tmp_path / "bin" / "comity"
    launcher.parent.mkdir()
    launcher.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m comity "$@"\n', encoding="utf-8")
    launcher.chmod(0o755)
    monkeypatch.setenv("PATH", f"{launcher.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ran(language: str, containing: str) -> str:
    """What the one block that has a text prints, run by a shell."""
    [block] = [found for found in blocks(PAGE, language) if containing in found]
    done = subprocess.run(["sh", "-ec", block], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_a_folder(folder: Path) -> None:
    assert "400 REQUESTS" in ran("sh", "comity replay requests ")
    expected = comity.replay(made_up(ROWS)).table
    assert parquet.read_table(folder / "decided").to_pylist() == expected.to_pylist()
    assert (folder / "decided.codebook.md").is_file() and (folder / "decided.findings.csv").is_file()


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning", "ignore::UserWarning")
def test_spark(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [block] = blocks(PAGE, "python")
    (folder / "decided").mkdir()
    with spark_session("local[2]") as spark:
        names: dict[str, Any] = {"spark": spark}
        # Java may have been started elsewhere, by another test.
        exec(block.replace('"requests"', repr(str(folder / "requests"))), names)  # noqa: S102  what the page says is what is tested
    expected = comity.replay(made_up(ROWS), group_by=("county",))
    assert names["counts"].rows == expected.rows and names["decided"].columns == expected.table.column_names
    assert parquet.read_table(folder / "decided" / "rows.parquet").num_rows == expected.table.num_rows
    assert "us/il/cook" in capsys.readouterr().out


def test_postgres(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables, shown = blocks(PAGE, "sql")
    with postgres_server() as connection:
        connection.autocommit = True
        connection.execute(tables.encode())
        # The name of a table comes after the address, so that the socket of this server goes into the environment.
        monkeypatch.setenv("PGHOST", connection.info.host)
        monkeypatch.setenv("PGUSER", "comity")
        monkeypatch.setenv("POSTGRES", "postgresql:///postgres")
        assert "3 REQUESTS" in ran("sh", "$POSTGRES")
        assert connection.execute(shown.encode()).fetchall() == [
            (1, "us/fl/miami-dade@2014-01-01", "permitted"),
            (2, "us/fl/miami-dade@2014-01-01", "forbidden"),
            (3, "us/fl/miami-dade@2017-01-26", "undetermined"),
        ]


@pytest.mark.skipif(sys.platform == "win32", reason="the library of ClickHouse is not made for Windows")
def test_clickhouse(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with clickhouse_server() as (address, session):
        session.query("CREATE DATABASE records")
        parquet.write_table(made_up(ROWS), folder / "published.parquet")
        session.query(f"CREATE VIEW records.published AS SELECT * FROM file('{folder}/published.parquet')")
        monkeypatch.setenv("CLICKHOUSE", f"{address}/records")
        assert "400 REQUESTS" in ran("sh", "$CLICKHOUSE")
        assert session.query("SELECT count() AS n FROM records.decided", "ArrowTable")["n"].to_pylist() == [
            comity.replay(made_up(ROWS)).table.num_rows
        ]
