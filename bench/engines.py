"""Replays of one folder on Spark with one and two cores and in this process: python bench/engines.py [--rows N] [--files N].

A command of its own, not run by CI. Prints a table in Markdown, and ends in a fault where two engines count differently.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pyspark
from records import write

from comity.api import load
from comity.records.replay_table import ReplayArguments
from comity.warehouse.folder import FolderReplay

NARROW = 16
ENGINES = ("this process", "local[1]", "local[2]")


def main() -> int:
    """Writes made-up records, replays them on each engine and prints what each took."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=2_000_000)
    asked.add_argument("--files", type=int, default=8)
    asked.add_argument("--on", help="one engine over a folder: what each measurement runs in a process of its own")
    asked.add_argument("--folder", type=Path)
    given = asked.parse_args()
    if given.on:
        print(json.dumps(measured(given.on, given.folder)))
        return 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "requests"
        folder.mkdir()
        write(folder / "0.parquet", given.rows // given.files, load(), NARROW)
        for number in range(1, given.files):
            os.link(folder / "0.parquet", folder / f"{number}.parquet")
        show({engine: alone(engine, folder) for engine in ENGINES}, given.files * (given.rows // given.files))
    return 0


def alone(engine: str, folder: Path) -> dict[str, Any]:
    """What an engine took, in a process of its own."""
    command = [sys.executable, __file__, "--on", engine, "--folder", str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measured(engine: str, folder: Path) -> dict[str, Any]:
    """The seconds of a first and a second replay, and what was counted. The second has law and tasks warm."""
    library = load()
    if engine == "this process":
        replay = FolderReplay(str(folder), ReplayArguments(), library)
        return timed(lambda: replay.run(None))
    from pyspark.sql import SparkSession  # noqa: PLC0415  only where it is measured

    import comity.spark  # noqa: PLC0415

    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "50000",
    }
    builder = SparkSession.builder.master(engine)
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    frame = session.read.parquet(str(folder))
    return timed(lambda: comity.spark.count(frame, library=library))


def timed(run: Any) -> dict[str, Any]:
    seconds = []
    for _ in range(2):
        start = time.perf_counter()
        result = run()
        seconds.append(time.perf_counter() - start)
    counts = result.to_dict()
    return {"seconds": seconds, "counts": {name: counts[name] for name in ("rows", "decided", "outcomes", "findings")}}


def show(found: dict[str, dict[str, Any]], rows: int) -> None:
    """Prints the table; ends where the counts differ."""
    counts = [engine["counts"] for engine in found.values()]
    if any(count != counts[0] for count in counts):
        raise SystemExit("the engines count differently")
    print(f"{rows:,} made-up records of the published layout over all counties, 2007 to 2025, counted and not written;")
    print(f"Spark {pyspark.__version__}, Python {platform.python_version()}, {os.cpu_count()} cores.\n")
    print("| engine | first, seconds | again, seconds | rows a second |\n|---|---:|---:|---:|")
    for engine, took in found.items():
        first, again = took["seconds"]
        print(f"| {engine} | {first:,.1f} | {again:,.1f} | {rows / again:,.0f} |")
    one, two = (found[engine]["seconds"][1] for engine in ENGINES[1:])
    print(f"\nTwo cores take {one / two:.2f} times less than one.")


if __name__ == "__main__":
    raise SystemExit(main())
