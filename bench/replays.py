"""Replays as whole processes: their time and memory by kind and length of the file, and over all places."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
from records import WIDE, columns, select, write

from comity.api import load, replay
from comity.intake import headings

NARROW = 16
ALONE = "us/fl/miami-dade"
A_MILLION = 1_000_000
# Done before anything else by a process that is to find no pandas.
WITHOUT_PANDAS = """
import sys
class NoPandas:
    def find_spec(self, name, path=None, target=None):
        if name == "pandas":
            raise ImportError(name)
sys.meta_path.insert(0, NoPandas())
"""
# The command, and then its peak memory in MB. The system's count for a child starts at its parent's memory; VmHWM is that of this
# process alone. Linux only.
CHILD = """
import sys
from comity.cli import main
try:
    main()
finally:
    with open("/proc/self/status", encoding="ascii") as status:
        print(next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM")), file=sys.stderr)
"""


def files(rows: int, sizes: Sequence[int]) -> list[str]:
    """A workbook, and CSV and Parquet files of growing length, each replayed by the command."""
    lines = [
        "## Replays",
        "",
        "`comity replay FILE`, whole processes from start to end, over made-up records with the columns of the processed file of",
        f"the Deportation Data Project: a workbook of {WIDE} columns, CSV and Parquet of {NARROW}, under the law of each record's county",
        "and day, 2007 to 2025. Memory is the peak. Beside it, in turn, the time in which DuckDB copies the same file to Parquet; up to a",
        "million rows the median of three. Where pandas is installed, as it is here, Arrow imports it, though a replay of files does not need it.",
        "",
        "| file | rows | columns | seconds | rows a second | MB | copied by DuckDB, seconds | in ratio | without pandas, in ratio |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for kind, wide, counts in (("xlsx", WIDE, (rows,)), ("csv", NARROW, sizes), ("parquet", NARROW, sizes)):
            for count in counts:
                path = Path(folder) / f"records.{kind}"
                write(path, count, load(), wide)
                lines.append(f"| {kind.upper()} | {count:,} | {wide} | {_measured(path, count)} |")
                path.unlink()
    return [*lines, ""]


def _measured(path: Path, count: int) -> str:
    """The cells of a file from its seconds on."""
    runs = []
    for _ in range(3 if count <= A_MILLION and path.suffix != ".xlsx" else 1):
        copied = None if path.suffix == ".xlsx" else copied_by_duckdb(path)
        runs.append((*replayed(path), replayed(path, WITHOUT_PANDAS)[0], copied))
    took, memory, without = (median(run[at] for run in runs) for at in range(3))
    cells = [f"{took:,.1f}", f"{count / took:,.0f}", f"{memory:,.0f}"]
    if runs[0][3] is None:
        return " | ".join([*cells, "-", "-", "-"])
    copy = median(run[3] for run in runs)
    return " | ".join([*cells, f"{copy:,.2f}", f"{took / copy:.1f}", f"{without / copy:.1f}"])


def replayed(path: Path, before: str = "") -> tuple[float, int]:
    """The seconds that a replay of a file takes, and its peak memory in MB; `before` is what its process does first."""
    command = [sys.executable, "-c", before + CHILD, "replay", str(path)]
    start = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
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
