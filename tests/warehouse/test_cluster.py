"""The same counts and rows on a standalone cluster with two workers, and through Spark Connect, by the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest

import comity
from comity.api import load
from tests.commands.running import run
from tests.house.tree import ROOT
from tests.warehouse import clusters
from tests.warehouse.requests import made_up

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="the scripts that start a cluster are not made for Windows"
)
LIBRARY = load()
ROWS, FILES = 2_000, 4


@pytest.fixture
def requests(tmp_path: Path) -> Path:
    folder = tmp_path / "requests"
    folder.mkdir()
    rows, each = made_up(ROWS), ROWS // FILES
    for at in range(FILES):
        parquet.write_table(rows.slice(at * each, each), folder / f"{at}.parquet")
    return folder


def replayed(source: str, target: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "comity", "replay", source, "--engine", "spark", "--into", str(target), "--json"]
    settings = {
        **os.environ,
        **clusters.environment(),
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    }
    done = subprocess.run(command, capture_output=True, text=True, env=settings, cwd=target.parent, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return without_examples(json.loads(done.stdout))


def without_examples(counts: dict[str, Any]) -> dict[str, Any]:
    counts["reading"] = {**counts["reading"], "format": ""}
    return {name: value for name, value in counts.items() if name not in ("source", "examples")}


@pytest.mark.skipif(
    not os.environ.get("COMITY_CLUSTER"), reason="set COMITY_CLUSTER=1 to start a cluster with two workers"
)
def test_a_standalone_cluster_with_two_workers(requests: Path, tmp_path: Path) -> None:
    with clusters.standalone_master(tmp_path / "cluster") as master:
        counts = replayed(f"{master}{requests}", tmp_path / "decided")
    logs = [path.read_text() for path in (tmp_path / "cluster").glob("worker-*/log")]
    assert len(logs) == 2 and all("Asked to launch executor" in log for log in logs)
    same_as_here(counts, tmp_path)


@pytest.mark.skipif(not find_spec("grpc"), reason="Spark Connect needs grpcio, which the locks do not have")
def test_spark_connect(requests: Path, tmp_path: Path) -> None:
    with clusters.connect_server(tmp_path / "connect") as address:
        counts = replayed(f"{address}{requests}", tmp_path / "decided")
    same_as_here(counts, tmp_path)


@pytest.mark.skipif(bool(find_spec("grpc")), reason="grpcio is installed")
def test_what_spark_connect_needs_is_said(tmp_path: Path) -> None:
    done = run("replay sc://127.0.0.1:1/law.requests --engine spark")
    assert done.exit_code == 2 and 'pip install "pyspark[connect]"' in done.stderr and done.stderr.count("\n") == 1


def same_as_here(counts: dict[str, Any], folder: Path) -> None:
    expected = comity.replay(made_up(ROWS), library=LIBRARY)
    assert counts == without_examples(json.loads(json.dumps(expected.to_dict())))
    assert parquet.read_table(folder / "decided").sort_by("row").to_pylist() == expected.table.to_pylist()
