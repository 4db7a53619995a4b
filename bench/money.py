"""What holds cost: one by one, many by columns, and a whole table through the API and the command."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from comity.api import cost, load
from comity.law.cache import shipped
from comity.money.cost import Hold, Unpriced, price_hold
from comity.money.many import Holds, price_holds
from comity.money.rates import Rate, read_rates

PLACE = "us/fl/miami-dade"
SEED, NIGHTS_MAX, BY_ONE_MAX = 5, 9, 20_000


def holds_of(rows: int, rates: tuple[Rate, ...]) -> Holds:
    """Made-up holds of one to eight days, spread over all days that have a rate."""
    dice = np.random.default_rng(SEED)
    first, last = rates[0].since.toordinal(), rates[-1].until.toordinal()
    since = dice.integers(first, last - NIGHTS_MAX, rows)
    return Holds(since, since + dice.integers(1, NIGHTS_MAX, rows), np.zeros(rows, np.int64))


def table_of(holds: Holds) -> pa.Table:
    """The same as a table, as a jail would write it."""
    epoch = date(1970, 1, 1).toordinal()
    since, until = (pa.array((days - epoch).astype("datetime64[D]")) for days in (holds.since, holds.until))
    persons = pa.array([f"Subject {number:07}" for number in range(len(holds.since))])
    return pa.table({"person": persons, "held_from": since, "held_until": until})


def one_by_one(holds: Holds, rates: tuple[Rate, ...]) -> int:
    """The sum of the holds by the definition, in cents."""
    total = 0
    for since, until in zip(holds.since.tolist(), holds.until.tolist(), strict=True):
        pieces = price_hold(Hold(date.fromordinal(since), date.fromordinal(until)), rates)
        total += 0 if isinstance(pieces, Unpriced) else sum(piece.cents for piece in pieces)
    return total


def costs(rows: int, seconds: Callable[[Callable[[], object]], float]) -> list[str]:
    """How many holds a second are costed. Stops the run where the ways do not give the same cents."""
    library = load()
    rates = read_rates([shipped()], library.gazetteer)[0].of("average", [PLACE])
    holds = holds_of(rows, rates)
    few = Holds(*(column[:BY_ONE_MAX] for column in (holds.since, holds.until, holds.days)))
    table = table_of(holds)
    costed = cost(table, place=PLACE, library=library)
    sums = [int(price_holds(part, rates).cents.sum()) for part in (holds, few)]
    if [costed.cost, one_by_one(few, rates)] != sums or costed.holds != rows:
        raise SystemExit("the ways do not give the same cost of the holds")
    timed = {
        "one by one, day by day": (len(few.since), seconds(lambda: one_by_one(few, rates))),
        "by columns": (rows, seconds(lambda: price_holds(holds, rates))),
        "`comity.cost`, an Arrow table": (rows, seconds(lambda: cost(table, place=PLACE, library=library))),
        "`comity cost`, a CSV file, start to end": (rows, whole_process(table)),
    }
    return [
        "## Costs",
        "",
        f"Made-up holds of one to {NIGHTS_MAX - 1} days under the rates of {PLACE}, which change once. Every way gives the same cents.",
        "",
        "| | holds | seconds | holds a second |",
        "|---|---:|---:|---:|",
        *(f"| {name} | {count:,} | {took:.2f} | {count / took:,.0f} |" for name, (count, took) in timed.items()),
        "",
    ]


def whole_process(table: Any) -> float:
    """How many seconds the command takes for a file, with the start of Python."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "holds.csv"
        arrow_csv.write_csv(table, path)
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "comity", "cost", str(path), "--place", PLACE], check=True, capture_output=True
        )
        return time.perf_counter() - started
