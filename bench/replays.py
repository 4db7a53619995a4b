"""Replays as whole processes: their time and memory by kind and length of the file, and over all places."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
from records import WIDE, columns, select, write

from comity.api import load, replay
from comity.cli import main
from comity.intake import headings

NARROW = 16
ALONE = "us/fl/miami-dade"


def files(rows: int, sizes: Sequence[int]) -> list[str]:
    """A workbook, and CSV and Parquet files of growing length, each replayed by the command."""
    lines = [
        "## Replays",
        "",
        "`comity replay FILE`, whole processes from start to end, over made-up records with the columns of the processed file of",
        f"the Deportation Data Project: a workbook of {WIDE} columns, CSV and Parquet of {NARROW}, under the law of each record's county",
        "and day, 2007 to 2025. Memory is the peak. Beside it the time in which DuckDB copies the same file to Parquet.",
        "",
        "| file | rows | columns | seconds | rows a second | MB | copied by DuckDB, seconds |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for kind, wide, counts in (("xlsx", WIDE, (rows,)), ("csv", NARROW, sizes), ("parquet", NARROW, sizes)):
            for count in counts:
                path = Path(folder) / f"records.{kind}"
                write(path, count, load(), wide)
                took, memory = replayed(path)
                copied = "-" if kind == "xlsx" else f"{copied_by_duckdb(path):,.1f}"
                lines.append(
                    f"| {kind.upper()} | {count:,} | {wide} | {took:,.1f} | {count / took:,.0f} | {memory:,} | {copied} |"
                )
                path.unlink()
    return [*lines, ""]


def replayed(path: Path) -> tuple[float, int]:
    """The seconds that a replay of a file takes, and its peak memory in MB."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, __file__, "replay", str(path)], check=True, capture_output=True, text=True)
    return time.perf_counter() - start, int(done.stderr.split()[-1])


def copied_by_duckdb(path: Path) -> float:
    """The seconds in which DuckDB reads a file and writes it as Parquet."""
    start = time.perf_counter()
    with duckdb.connect(":memory:") as database:
        database.execute(f"COPY (SELECT * FROM '{path}') TO '{path}.copy' (FORMAT parquet)")
    Path(f"{path}.copy").unlink()
    return time.perf_counter() - start


def nation(rows: int, rounds: Callable[[], Any]) -> list[str]:
    """The same requests at all places and at one, each under the law of its day."""
    library = load()
    places = [path for path in library.gazetteer.places if path.count("/") > 1]
    names = [name for name in columns(NARROW) if name not in (headings.FACILITY, headings.CITY, headings.STATE)]
    with duckdb.connect(":memory:") as database:
        everywhere = database.sql(
            f"SELECT *, ({places})[1 + (hash(unique_identifier) % {len(places)})::INT] AS place FROM ({select(rows, library, names)})"
        ).to_arrow_table()
    alone = everywhere.drop_columns(["place"])
    timed = rounds()
    timed.add("one place", rows, lambda: replay(alone, place=ALONE, library=library))
    timed.add("all places", rows, lambda: replay(everywhere, library=library))
    rates = timed.rates()
    result = replay(everywhere, library=library)
    if result.decided != rows or result.rows != rows:
        raise SystemExit(f"of {rows} requests {result.decided} were decided")
    laws = len(result.by("law"))
    return [
        "### The law of the day, everywhere",
        "",
        f"{rows:,} made-up requests of 2007 to 2025, all at {ALONE} and over {len(places):,} counties and cities,",
        f"under {laws:,} laws; by `comity.replay`, with one row for each request.",
        "",
        "| | rows a second | one place, in ratio |",
        "|---|---:|---:|",
        *(f"| {name} | {rate:,.0f} | {rates['one place'] / rate:.2f} |" for name, rate in rates.items()),
        "",
    ]


if __name__ == "__main__":
    try:
        main()
    finally:
        # The system's count for a child starts at its parent's memory; VmHWM is that of this process alone. Linux only.
        status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        print(next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM")), file=sys.stderr)
