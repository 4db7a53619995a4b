"""Replays on Spark with one core, with two, and on a standalone cluster of two workers, beside the engine of this process.

    .venv/bin/python bench/spark.py ROWS [--ways here one two cluster]

All must give the same counts, or nothing is printed. The rows are made up, in the published layout, over all counties, 2007 to 2025.
Beside them: at which number of rows Spark begins to pay, and what 1,000 million rows would cost, both from these measurements.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from records import columns, select  # noqa: E402  found by the path above

from comity.api import load  # noqa: E402
from tests.warehouse import clusters  # noqa: E402

NARROW, SMALL, A_FILE = 16, 10_000, 1_000_000
THOUSAND_MILLION = 1_000_000_000
# Each way to run: its name, the options of `comity replay`, and Spark's master.
WAYS = {
    "here": ("this process", (), ""),
    "one": ("Spark, one core", ("--engine", "spark"), "local[1]"),
    "two": ("Spark, two cores", ("--engine", "spark"), "local[2]"),
    "cluster": ("cluster of two workers", ("--engine", "spark"), ""),
}
COUNTS = ("rows", "decided", "refused", "outcomes", "possible", "determining", "turns_on", "by_law", "by_lift_reason")


def write_folder(folder: Path, rows: int) -> None:
    """A folder of Parquet files of at most a million rows each."""
    folder.mkdir()
    text = select(rows, load(), columns(NARROW)).replace(f"range({rows})", "range({first}, {end})")
    with duckdb.connect(":memory:") as database:
        for at, first in enumerate(range(0, rows, A_FILE)):
            rows_of_file = text.format(first=first, end=min(first + A_FILE, rows))
            database.execute(f"COPY ({rows_of_file}) TO '{folder / f'{at:05}.parquet'}' (FORMAT parquet)")


def replayed(source: str, target: Path, *options: str, master: str = "") -> tuple[float, dict[str, Any]]:
    """The seconds of a replay into a folder, as a whole process, and its counts; `local[1]` has one processor for all of it."""
    command = [sys.executable, "-m", "comity", "replay", source, "--into", str(target), "--json", *options]
    settings = {**os.environ, **clusters.environment(), "PYTHONPATH": str(ROOT)}
    if master:
        settings["PYSPARK_SUBMIT_ARGS"] = f"--master {master} pyspark-shell"
    alone = {min(os.sched_getaffinity(0))} if master == "local[1]" else os.sched_getaffinity(0)
    before = os.sched_getaffinity(0)
    start = time.perf_counter()
    os.sched_setaffinity(0, alone)  # a child has it too
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=settings, cwd=target.parent)
    os.sched_setaffinity(0, before)
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    took = time.perf_counter() - start
    counts = json.loads(done.stdout)
    return took, {name: counts[name] for name in COUNTS}


@contextmanager
def cluster_of(folder: Path, wanted: bool) -> Iterator[str]:
    if not wanted:
        yield ""
        return
    with clusters.standalone_master(folder) as address:
        yield address


def measured(folder: Path, rows: int, ways: Sequence[str]) -> dict[str, tuple[float, float]]:
    """For each way to run: the seconds of a small replay, which are those of the start, and of the whole table."""
    write_folder(folder / "small", SMALL)
    write_folder(folder / "whole", rows)
    found: dict[str, tuple[float, float]] = {}
    answers: list[dict[str, Any]] = []
    with cluster_of(folder / "cluster", "cluster" in ways) as address:
        for way in ways:
            name, options, master = WAYS[way]
            prefix = address if way == "cluster" else ""
            small, _ = replayed(f"{prefix}{folder / 'small'}", folder / "out-small", *options, master=master)
            whole, counts = replayed(f"{prefix}{folder / 'whole'}", folder / "out-whole", *options, master=master)
            answers.append(counts)
            found[way] = small, whole
            print(f"{name}: {small:.1f} s for {SMALL:,} rows, {whole:.1f} s for {rows:,}", file=sys.stderr, flush=True)
    if any(counts != answers[0] for counts in answers):
        raise SystemExit("an engine counts otherwise; nothing is printed")
    return found


def lines_of(rows: int, found: dict[str, tuple[float, float]]) -> list[str]:
    """The table, and what follows from it where the ways it needs were measured."""
    rates = {way: (rows - SMALL) / (whole - small) for way, (small, whole) in found.items()}
    lines = [
        f"A folder of {rows:,} made-up requests over all counties, in files of at most {A_FILE:,}, decided into another folder; whole",
        "processes. The counts were the same.",
        "",
        f"| | start and {SMALL:,} rows, s | all rows, s | rows a second after the start |",
        "|---|---:|---:|---:|",
        *(
            f"| {WAYS[way][0]} | {small:,.1f} | {whole:,.1f} | {rates[way]:,.0f} |"
            for way, (small, whole) in found.items()
        ),
        "",
    ]
    if not {"here", "one", "two"} <= found.keys():
        return lines
    later = found["one"][0] - found["here"][0]
    of_wholes = found["one"][1] / found["two"][1]
    lines.append(
        f"Two cores take the whole run {of_wholes:.2f} times as fast as one, and {rates['two'] / rates['one']:.2f} times without the start. "
        f"Spark starts {later:.0f} s later than this process, which decides as many rows a second as {rates['here'] / rates['one']:.1f} "
        f"cores of Spark: with 8 cores Spark pays from about {_pays_from(later, rates['here'], 8 * rates['two'] / 2):,} rows on. "
        f"1,000 million rows would take {THOUSAND_MILLION / rates['one'] / 3600:,.1f} core hours."
    )
    return lines


def _pays_from(later: float, here: float, there: float) -> int:
    """The rows at which two ways take the same time, if one starts later and is quicker; rounded to two digits."""
    rows = later / (1 / here - 1 / there)
    scale = 10 ** max(len(str(int(rows))) - 2, 0)
    return int(rows // scale * scale)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=["here", "one", "two"], help="which are measured")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print("\n".join(lines_of(asked.rows, measured(Path(folder), asked.rows, asked.ways))))


if __name__ == "__main__":
    main()
