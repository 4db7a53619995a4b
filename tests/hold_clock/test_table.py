"""Many holds at once: each row ends as the same hold does alone, and no row is lost."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet
import pytest
import xlsxwriter

import comity
from comity.clock.days import ClockLocation
from comity.clock.many import NEVER, find_ruling_ends
from comity.clock.readings import ApplicableLimit, readings_of
from comity.finding import InputFault
from comity.law.instrument import Limit
from comity.law.library import Library

TIMES = int(os.environ.get("COMITY_CLOCK", "1"))
PLACES = (
    "us/fl/miami-dade",
    "us/dc",
    "us/pa/philadelphia",
    "us/mn/hennepin",
    "us/ak/anchorage",
    "us/az/maricopa",
    "us/tx/el-paso",
    "us/va/fairfax",
)
FORMS = ("i247_2011", "i247_2012", "i247d", "i247n", "i247x", "i247a", "other", None)
ELIGIBLE, RECEIVED, LIFTED, REPLACED = (
    "custody.release_eligible_at", "request.received_at", "request.lifted_at", "request.replaced_at",
)  # fmt: skip
FIRST, HOURS = datetime(2009, 1, 1, tzinfo=UTC), 17 * 365 * 24
COLUMNS = {
    "place": pa.string(),
    "request.form": pa.string(),
    **dict.fromkeys((ELIGIBLE, RECEIVED, LIFTED, REPLACED), pa.timestamp("us", "UTC")),
}


@pytest.fixture(scope="module")
def library() -> Library:
    return comity.load()


def generated(count: int) -> Iterator[dict[str, Any]]:
    """Holds at places with law and without, moments in and out of order."""
    drawn = random.Random(41)
    for _ in range(count):
        eligible = FIRST + timedelta(minutes=drawn.randrange(HOURS * 60))
        near = {
            name: eligible + timedelta(minutes=drawn.randrange(-6000, 6000))
            for name in (RECEIVED, LIFTED, REPLACED)
            if drawn.random() < 0.3
        }
        yield {"place": drawn.choice(PLACES), "request.form": drawn.choice(FORMS), ELIGIBLE: eligible, **near}


def alone(row: dict[str, Any], library: Library) -> tuple[float | None, str | None]:
    """The end of a hold by itself and the reading that rules; nothing where its moments contradict each other."""
    known = {path: moment for path, moment in row.items() if moment is not None}
    try:
        clock = comity.clock_hold(known, library=library)
    except InputFault:
        return None, None
    return clock.until.timestamp() if clock.until else None, clock.readings[0].provision


def test_each_row_ends_as_the_same_hold_alone(library: Library) -> None:
    rows = list(generated(1_000 * TIMES))
    ends = comity.clock_holds(pa.Table.from_pylist(rows, pa.schema(COLUMNS.items())), library=library)
    assert ends.num_rows == len(rows)
    ours = [(end["until"].timestamp() if end["until"] else None, end["rules"]) for end in ends.to_pylist()]
    assert ours == [alone(row, library) for row in rows]
    assert 0.5 < sum(end is not None for end, _ in ours) / len(rows) < 1
    assert {end["finding"] for end in ends.to_pylist()} == {None, "ends-before-it-starts"}


@pytest.mark.parametrize("place", ["us/fl/miami-dade", "us/ak/anchorage"])
def test_the_law_is_that_of_the_local_day_of_release(place: str, library: Library) -> None:
    """Each half hour around the midnight at which Form I-247A came into use."""
    midnight = datetime(2017, 4, 2, 6, tzinfo=UTC)
    rows = [
        {"place": place, "request.form": "i247a", ELIGIBLE: midnight + timedelta(minutes=30 * step)}
        for step in range(-40, 40)
    ]
    ends = comity.clock_holds(pa.Table.from_pylist(rows, pa.schema(COLUMNS.items())), library=library).to_pylist()
    assert [(end["until"].timestamp(), end["rules"]) for end in ends] == [alone(row, library) for row in rows]
    assert len({end["rules"] for end in ends}) > 1


def test_a_row_that_cannot_be_counted_says_why(library: Library) -> None:
    friday = datetime(2017, 9, 1, 19, tzinfo=UTC)
    rows = [
        {"place": "us/fl/nowhere", ELIGIBLE: friday},
        {"place": None, ELIGIBLE: friday},
        {"place": "us/fl/miami-dade", RECEIVED: friday},
        {"place": "us/fl/miami-dade", ELIGIBLE: friday, RECEIVED: friday + timedelta(days=9)},
        {"place": "us/fl/miami-dade", ELIGIBLE: friday.replace(year=1969), "request.form": "i247a"},
        {"place": "us/fl/miami-dade", ELIGIBLE: friday.replace(year=9999)},
        {"place": "us/fl/miami-dade", ELIGIBLE: friday, RECEIVED: friday.replace(year=1)},
        {"place": "us/fl/miami-dade", ELIGIBLE: friday, "request.form": "i247a"},
    ]
    ends = comity.clock_holds(pa.Table.from_pylist(rows, pa.schema(COLUMNS.items())), library=library).to_pylist()
    assert [end["finding"] for end in ends] == [
        "unknown-place", "unknown-place", "start-not-known", "ends-before-it-starts", "not-counted", "moment-out-of-reach",
        "moment-out-of-reach", None,
    ]  # fmt: skip
    assert [end["until"] for end in ends[:7]] == [None] * 7
    assert ends[7] == {"until": datetime(2017, 9, 3, 19, tzinfo=UTC), "rules": "us/i247a#1", "finding": None}


def workbook(path: Path, rows: list[list[str]]) -> Path:
    """A workbook with titles above its headings, as agencies send them."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "For official use")
    for at, row in enumerate(rows):
        sheet.write_row(2 + at, 0, row)
    book.close()
    return path


def test_every_kind_of_table_is_read_alike(library: Library, tmp_path: Path) -> None:
    rows = [{"place": "us/fl/miami-dade", "request.form": "i247a", ELIGIBLE: datetime(2017, 9, 1, 19, tzinfo=UTC)}] * 3
    frame = pa.Table.from_pylist(rows)
    arrow_csv.write_csv(frame, tmp_path / "holds.csv")
    parquet.write_table(frame, tmp_path / "holds.parquet")
    ends = comity.clock_holds(frame, library=library)
    for table in (pd.DataFrame(rows), pl.DataFrame(rows), tmp_path / "holds.csv", str(tmp_path / "holds.parquet")):
        assert comity.clock_holds(table, library=library).equals(ends)
    assert comity.clock_holds(frame.drop_columns(["place"]), place="us/fl/miami-dade", library=library).equals(ends)
    finer = frame.set_column(
        2, ELIGIBLE, pc.add(frame.column(ELIGIBLE).cast(pa.timestamp("ns", "UTC")), pa.scalar(7, pa.duration("ns")))
    )
    assert comity.clock_holds(finer, library=library).equals(ends)
    texts = [["place", "request.form", ELIGIBLE], *[["us/fl/miami-dade", "i247a", "2017-09-01T15:00:00-04:00"]] * 3]
    assert comity.clock_holds(workbook(tmp_path / "holds.xlsx", texts), library=library).equals(ends)
    (tmp_path / "titled.csv").write_text("For official use\n\n" + "\n".join(map(",".join, texts)) + "\n")
    assert comity.clock_holds(tmp_path / "titled.csv", library=library).equals(ends)
    here = frame.set_column(2, ELIGIBLE, frame.column(ELIGIBLE).cast(pa.timestamp("us", "America/New_York")))
    assert comity.clock_holds(here, library=library).equals(ends)
    assert comity.clock_holds(frame.slice(0, 0), library=library).num_rows == 0


def test_a_cell_that_cannot_be_read_is_a_fault_of_its_row(library: Library, tmp_path: Path) -> None:
    """Once such a cell ended the run, and a cut row of a CSV file was lost."""
    path = tmp_path / "holds.csv"
    lines = [
        f"place,request.form,{ELIGIBLE}",
        "us/fl/miami-dade,i247a,2017-09-01T15:00:00-04:00",
        "us/fl/miami-dade,i247a,soon",
        "us/fl/miami-dade,i247a",
        "us/fl/miami-dade,i247a,2017-09-01T15:00:00",
        "us/fl/miami-dade,i247q,2017-09-01T15:00:00-04:00",
        "us/fl/miami-dade,i247a,12017-09-01T15:00:00-04:00",
        f"us/fl/miami-dade,i247a,{'9' * 200_000}",
        "us/fl/miami-dade,i247a,2017-09-01T15:00:00-04:00",
    ]
    path.write_text("\n".join(lines) + "\n")
    ends = comity.clock_holds(path, library=library)
    assert ends.column("finding").to_pylist() == [
        None, "not-a-moment", "cut-row", "no-offset", "unknown-form", "moment-out-of-reach", "cell-too-long", None,
    ]  # fmt: skip
    assert [end is not None for end in ends.column("until").to_pylist()] == [True, *[False] * 6, True]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"place": ["us/fl"]}, 'no column "custody.release_eligible_at"'),
        ({"place": ["us/fl"], ELIGIBLE: [datetime(2017, 9, 1)]}, "moments without an offset"),
        ({"place": ["us/fl"], ELIGIBLE: ["soon"]}, "no moments"),
        ({"place": ["us/fl"], ELIGIBLE: [datetime(2017, 9, 1, tzinfo=UTC)], "request.form": ["i247q"]}, "cannot be"),
        ({ELIGIBLE: [datetime(2017, 9, 1, tzinfo=UTC)]}, 'no column "place"'),
        ({"place": ["us/fl"], ELIGIBLE: pa.array([2**60]).cast(pa.timestamp("s", "UTC"))}, "a moment out of reach"),
    ],
)
def test_a_table_that_cannot_be_read_is_one_line(columns: dict[str, Any], said: str, library: Library) -> None:
    with pytest.raises(InputFault, match=said) as fault:
        comity.clock_holds(pa.table(columns), library=library)
    assert len(str(fault.value).splitlines()) == 1


@pytest.mark.parametrize("table", ["no-such.csv", 7])
def test_what_is_no_table_is_refused(table: Any, library: Library) -> None:
    with pytest.raises(InputFault):
        comity.clock_holds(table, library=library)


def test_the_example_of_the_docs_runs(capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "clock.md").read_text(encoding="utf-8")
    [block] = re.findall(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    names: dict[str, Any] = {}
    exec(block, names)  # noqa: S102  what the page says is what is tested
    ends = names["ends"]
    assert ends["rules"].tolist()[:2] == ["us/i247a#1", "us/8cfr287-7#1"] and ends["until"].isna().tolist() == [
        False,
        False,
        True,
    ]
    assert ends["until"].iloc[1].isoformat() == "2013-03-12T16:00:00+00:00"
    assert ends["finding"].iloc[2] == "start-not-known" and "us/i247a#1" in capsys.readouterr().out


LIMITS = (
    Limit(2),
    Limit(48),
    Limit(48, "excluding_weekends_holidays"),
    Limit(48, starts="receipt"),
    Limit(24, starts="earlier"),
)
KINDS = (
    *LIMITS,
    Limit(until="23:59", of="receipt"),
    Limit(168, chosen=True),
    Limit(48, "excluding_weekends_holidays", chosen=True),
)


def test_which_reading_rules_is_the_same_in_columns() -> None:
    """Readings of every kind together, federal and not, chosen and not, some moments not known."""
    drawn, here = random.Random(43), ClockLocation("America/New_York")
    for _ in range(300 * TIMES):
        applying = [
            ApplicableLimit(
                f"{number}",
                f"{number}",
                limit,
                "",
                federal=not limit.chosen and drawn.random() < 0.6,
                condition=drawn.choice(("", "", "perhaps")),
            )
            for number, limit in enumerate(drawn.sample(KINDS, drawn.randrange(len(KINDS))))
        ]
        moments = {
            name: FIRST + timedelta(minutes=drawn.randrange(HOURS * 60)) if drawn.random() < 0.8 else None
            for name in (ELIGIBLE, RECEIVED)
        }
        readings = readings_of(applying, {path: moment for path, moment in moments.items() if moment}, here)
        starts = {
            name: pa.array([moments[path]], pa.timestamp("us", "UTC")).cast(pa.int64()).fill_null(NEVER).to_numpy()
            for name, path in (("receipt", RECEIVED), ("release_eligible", ELIGIBLE))
        }
        until, which = find_ruling_ends(applying, here, starts)
        first = next((reading for reading in readings if reading.rules), None)
        assert (applying[which[0]].provision if which[0] >= 0 else None) == (first.provision if first else None)
        assert (until[0] / 1e6 if until[0] != NEVER else None) == (
            first.until.timestamp() if first and first.until else None
        )
