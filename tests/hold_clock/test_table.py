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

import comity
from comity.clock.days import Here
from comity.clock.many import NEVER, ruled
from comity.clock.readings import Applying, readings_of
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
    known = {path: own for path, own in row.items() if own is not None}
    try:
        made = comity.clock(known, library=library)
    except InputFault:
        return None, None
    return made.until.timestamp() if made.until else None, made.readings[0].provision


def test_each_row_ends_as_the_same_hold_alone(library: Library) -> None:
    rows = list(generated(1_000 * TIMES))
    made = comity.holds(pa.Table.from_pylist(rows, pa.schema(COLUMNS.items())), library=library)
    assert made.num_rows == len(rows)
    ours = [(own["until"].timestamp() if own["until"] else None, own["rules"]) for own in made.to_pylist()]
    assert ours == [alone(row, library) for row in rows]
    assert 0.5 < sum(own is not None for own, _ in ours) / len(rows) < 1
    assert {own["finding"] for own in made.to_pylist()} == {None, "ends-before-it-starts"}


@pytest.mark.parametrize("place", ["us/fl/miami-dade", "us/ak/anchorage"])
def test_the_law_is_that_of_the_local_day_of_release(place: str, library: Library) -> None:
    """Each half hour around the midnight at which Form I-247A came into use."""
    midnight = datetime(2017, 4, 2, 6, tzinfo=UTC)
    rows = [
        {"place": place, "request.form": "i247a", ELIGIBLE: midnight + timedelta(minutes=30 * own)}
        for own in range(-40, 40)
    ]
    made = comity.holds(pa.Table.from_pylist(rows, pa.schema(COLUMNS.items())), library=library).to_pylist()
    assert [(own["until"].timestamp(), own["rules"]) for own in made] == [alone(row, library) for row in rows]
    assert len({own["rules"] for own in made}) > 1


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
    made = comity.holds(pa.Table.from_pylist(rows, pa.schema(COLUMNS.items())), library=library).to_pylist()
    assert [own["finding"] for own in made] == [
        "unknown-place", "unknown-place", "start-not-known", "ends-before-it-starts", "not-counted", "moment-out-of-reach",
        "moment-out-of-reach", None,
    ]  # fmt: skip
    assert [own["until"] for own in made[:7]] == [None] * 7
    assert made[7] == {"until": datetime(2017, 9, 3, 19, tzinfo=UTC), "rules": "us/i247a#1", "finding": None}


def test_every_kind_of_table_is_read_alike(library: Library, tmp_path: Path) -> None:
    rows = [{"place": "us/fl/miami-dade", "request.form": "i247a", ELIGIBLE: datetime(2017, 9, 1, 19, tzinfo=UTC)}] * 3
    own = pa.Table.from_pylist(rows)
    arrow_csv.write_csv(own, tmp_path / "holds.csv")
    parquet.write_table(own, tmp_path / "holds.parquet")
    made = comity.holds(own, library=library)
    for table in (pd.DataFrame(rows), pl.DataFrame(rows), tmp_path / "holds.csv", str(tmp_path / "holds.parquet")):
        assert comity.holds(table, library=library).equals(made)
    assert comity.holds(own.drop_columns(["place"]), place="us/fl/miami-dade", library=library).equals(made)
    finer = own.set_column(
        2, ELIGIBLE, pc.add(own.column(ELIGIBLE).cast(pa.timestamp("ns", "UTC")), pa.scalar(7, pa.duration("ns")))
    )
    assert comity.holds(finer, library=library).equals(made)
    assert comity.holds(own.slice(0, 0), library=library).num_rows == 0


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
        comity.holds(pa.table(columns), library=library)
    assert len(str(fault.value).splitlines()) == 1


@pytest.mark.parametrize("table", ["no-such.csv", 7])
def test_what_is_no_table_is_refused(table: Any, library: Library) -> None:
    with pytest.raises(InputFault):
        comity.holds(table, library=library)


def test_the_example_of_the_docs_runs(capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "clock.md").read_text(encoding="utf-8")
    [block] = re.findall(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    names: dict[str, Any] = {}
    exec(block, names)  # noqa: S102  what the page says is what is tested
    made = names["ends"]
    assert made["rules"].tolist()[:2] == ["us/i247a#1", "us/8cfr287-7#1"] and made["until"].isna().tolist() == [
        False,
        False,
        True,
    ]
    assert made["until"].iloc[1].isoformat() == "2013-03-12T16:00:00+00:00"
    assert made["finding"].iloc[2] == "start-not-known" and "us/i247a#1" in capsys.readouterr().out


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
    drawn, here = random.Random(43), Here("America/New_York")
    for _ in range(300 * TIMES):
        applying = [
            Applying(
                f"{number}",
                f"{number}",
                own,
                "",
                federal=not own.chosen and drawn.random() < 0.6,
                condition=drawn.choice(("", "", "perhaps")),
            )
            for number, own in enumerate(drawn.sample(KINDS, drawn.randrange(len(KINDS))))
        ]
        moments = {
            name: FIRST + timedelta(minutes=drawn.randrange(HOURS * 60)) if drawn.random() < 0.8 else None
            for name in (ELIGIBLE, RECEIVED)
        }
        readings = readings_of(applying, {path: own for path, own in moments.items() if own}, here)
        starts = {
            name: pa.array([moments[path]], pa.timestamp("us", "UTC")).cast(pa.int64()).fill_null(NEVER).to_numpy()
            for name, path in (("receipt", RECEIVED), ("release_eligible", ELIGIBLE))
        }
        until, which = ruled(applying, here, starts)
        first = next((own for own in readings if own.rules), None)
        assert (applying[which[0]].provision if which[0] >= 0 else None) == (first.provision if first else None)
        assert (until[0] / 1e6 if until[0] != NEVER else None) == (
            first.until.timestamp() if first and first.until else None
        )
