"""Columns of Python objects for which Arrow has no type are read cell by cell; no other column of the frame suffers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

import comity
from comity.api import load
from comity.finding import InputFault
from comity.intake.cells import open_table

LIBRARY = load()
LAW = "us/fl/miami-dade@2015-01-01"
ROBBERY = {"offense": "robbery", "grade": "felony", "convicted_on": date(2009, 3, 2), "degree": None}
LISTED = {
    "date": ["2015-01-05"] * 3,
    "request.reimbursement_agreed": [True, True, True],
    "subject.citizenship": ["none_claimed"] * 3,
    "convictions": [[ROBBERY], [], None],
    "charges": [[], [], []],
    "request.asks": [["hold", "notify"], ["notify"], ["hold"]],
}


class Nowhere(tzinfo):
    """A time zone that does not know its offset, nor its name."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return None


def cells_of(*cells: Any) -> list[str | None]:
    frame = pd.DataFrame({"date": ["2017-03-01"] * len(cells), "subject.age": pd.Series(cells, dtype=object)})
    opened, findings = open_table(frame)
    assert opened and not findings
    [piece] = opened.pieces()
    assert piece.read == len(cells)
    found: list[str | None] = piece.named("subject.age").to_pylist()
    return found


@pytest.mark.parametrize(
    ("cells", "texts"),
    [
        ((date(2017, 3, 1), "2017-03-02"), ["2017-03-01", "2017-03-02"]),
        ((datetime(2017, 3, 1, 9, tzinfo=UTC), "x"), ["2017-03-01T09:00:00+00:00", "x"]),
        ((datetime(2017, 3, 1, 9, tzinfo=Nowhere()), "x"), ["2017-03-01T09:00:00", "x"]),
        ((10**30, 1), ["a number of more than 15 digits", "1"]),
        ((10**5_000, "x"), ["a number of more than 15 digits", "x"]),
        ((True, "x", None, np.nan, pd.NA), ["true", "x", None, None, None]),
        ((["hold"], "x"), ['["hold"]', "x"]),
        (({1: {2}}, "x"), ["{1: {2}}", "x"]),
        ((object(), "x"), ["a value of type object", "x"]),
    ],
)
def test_a_column_of_mixed_objects_is_read_cell_by_cell(cells: tuple[Any, ...], texts: list[str | None]) -> None:
    assert cells_of(*cells) == texts


def test_a_list_that_contains_itself_is_shown_cut() -> None:
    cycle: list[Any] = []
    cycle.append(cycle)
    itself = np.array([None], dtype=object)
    itself[0] = itself
    assert cells_of(cycle, None)[0] == "[[[[[[[...]]]]]]]" and cells_of({"a": itself}, None)[1] is None
    assert cells_of(cycle, "x") == ["[[[[[[[...]]]]]]]", "x"]


def listed(form: str, folder: Path) -> Any:
    """The same three requests, with lists as lists, in another form."""
    table = pa.table({**LISTED, "convictions": pa.array(LISTED["convictions"])})
    if form == "nested Parquet":
        parquet.write_table(table, folder / "a.parquet")
        return folder / "a.parquet"
    if form == "large lists":
        return pl.DataFrame(LISTED).to_arrow()
    forms = {
        "Arrow": lambda: table,
        "a record batch": lambda: table.to_batches()[0],
        "a reader": table.to_reader,
        "pandas": lambda: pd.DataFrame(LISTED),
        "pandas from Arrow": table.to_pandas,
        "polars": lambda: pl.DataFrame(LISTED),
        "a DuckDB relation": lambda: duckdb.from_arrow(table),
    }
    return forms[form]()


@pytest.mark.parametrize(
    "form",
    [
        *("Arrow", "a record batch", "a reader", "pandas", "pandas from Arrow", "polars", "large lists"),
        *("a DuckDB relation", "nested Parquet"),
    ],
)
def test_lists_are_read_as_lists(form: str, tmp_path: Path) -> None:
    replay = comity.replay(listed(form, tmp_path), law=LAW, library=LIBRARY)
    assert not replay.refused and not replay.findings
    assert replay.table.column("hold").to_pylist() == ["permitted", "forbidden", "undetermined"]
    assert replay.table.column("hold_missing").to_pylist()[2] == "convictions"


@pytest.mark.parametrize(
    "column",
    [
        pl.Series("request.form", ["i247_2012", None], dtype=pl.Categorical),
        pl.Series("request.form", ["i247_2012", None], dtype=pl.Enum(["i247a", "i247_2012"])),
        pd.Series(pd.Categorical(["i247_2012", None]), name="request.form"),
        pd.Series(["i247_2012", pd.NA], name="request.form", dtype="string"),
    ],
)
def test_categories_are_texts(column: Any) -> None:
    frame: Any = pl.DataFrame({"date": ["2015-01-05"] * 2}) if isinstance(column, pl.Series) else None
    whole = (
        frame.with_columns(column)
        if frame is not None
        else pd.DataFrame({"date": ["2015-01-05"] * 2, column.name: column})
    )
    replay = comity.replay(whole, law=LAW, library=LIBRARY)
    assert replay.decided == 2 and not replay.findings and "request.form" in replay.read


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        (pd.Series([34.0, np.nan]), ["34", None]),
        (pd.Series([np.int64(3), np.float64(4.0)], dtype=object), ["3", "4"]),
        (pd.Series([3, None], dtype="Int64"), ["3", None]),
        (pd.Series([Decimal("34.00"), None], dtype=object), ["34.00", None]),
        (pd.Series([np.bool_(True), "x"], dtype=object), ["true", "x"]),
        (pd.Series([{"a": np.nan, "b": 2.0}, None], dtype=object), ['{"b": 2}', None]),
        (pd.Series([["a", None], []], dtype=object), ['["a", null]', "[]"]),
    ],
)
def test_scalars_of_other_libraries_are_as_python_has_them(column: Any, texts: list[str | None]) -> None:
    opened, _ = open_table(pd.DataFrame({"date": ["2017-03-01"] * 2, "subject.age": column}))
    assert opened
    assert [*opened.pieces()][0].named("subject.age").to_pylist() == texts


def test_days_and_moments_and_texts_in_one_column_are_read_row_by_row() -> None:
    cells = [date(2015, 1, 5), "2015-01-06", datetime(2015, 1, 7, 3), pd.Timestamp("2015-01-08T09:00Z"), 5, None]
    frame = pd.DataFrame({"date": pd.Series(cells, dtype=object)})
    replay = comity.replay(frame, law=LAW, library=LIBRARY)
    assert [str(day) for day in replay.table.column("day").to_pylist()] == [f"2015-01-0{day}" for day in (5, 6, 7, 8)]
    assert [(refusal.row, refusal.code) for refusal in replay.refused] == [(5, "no-day"), (6, "no-day")]


def test_a_column_twice_is_a_fault_where_it_is_read() -> None:
    doubled = pd.DataFrame([["2015-01-05", 1, 2]], columns=["date", "subject.age", "subject.age"])
    with pytest.raises(InputFault, match='two columns are called "subject.age"'):
        comity.replay(doubled, law=LAW, library=LIBRARY)
    assert comity.replay(doubled.set_axis(["date", "x", "x"], axis=1), law=LAW, library=LIBRARY).decided == 1


@pytest.mark.parametrize("frame", [pl.LazyFrame({"date": ["2015-01-05"]}), {"date": ["2015-01-05"]}, pd.Series(["a"])])
def test_what_is_no_frame_is_refused_in_words(frame: Any) -> None:
    with pytest.raises(InputFault, match="not-a-table"):
        comity.replay(frame, law=LAW, library=LIBRARY)


NEW_YORK, LOS_ANGELES = ZoneInfo("America/New_York"), ZoneInfo("America/Los_Angeles")
NIGHT, NAIVE = datetime(2015, 1, 5, 23, tzinfo=NEW_YORK), datetime(2015, 1, 6, 2)


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        ([NIGHT, NAIVE], [5, 6]),
        ([NAIVE, NIGHT], [6, 5]),
        ([date(2015, 1, 6), datetime(2015, 1, 5, 22, tzinfo=LOS_ANGELES)], [6, 6]),
        ([pd.Timestamp("2015-01-05T22:00", tz=LOS_ANGELES), pd.Timestamp("2015-01-06T02:00"), pd.NaT], [6, 6]),
        ([NIGHT, datetime(2015, 1, 6, 22, tzinfo=LOS_ANGELES)], [5, 7]),
        (pd.period_range("2015-01-05", periods=2, freq="D"), [5, 6]),
        (pd.Categorical(pd.period_range("2015-01-05", periods=2, freq="D")), [5, 6]),
        ([pd.Period("2015-01-05", "D"), "2015-01-06"], [5, 6]),
        (pa.array([b"2015-01-05", b"\xff"]), [5]),
        (pa.RunEndEncodedArray.from_arrays(pa.array([1, 2], pa.int32()), pa.array(["2015-01-05", "2015-01-06"])), [5, 6]),
        (pa.UnionArray.from_sparse(pa.array([0, 1], pa.int8()), [pa.array(["2015-01-05", ""]), pa.array([1, 2])]), [5]),
        (pa.ExtensionArray.from_storage(pa.json_(), pa.array(['"2015-01-05"', "1"])), [5]),
    ],
)  # fmt: skip
def test_days_are_those_that_each_cell_says(cells: Any, days: list[int]) -> None:
    """Arrow takes a moment without a zone among others for one of UTC, and a period for a number."""
    of_arrow = isinstance(cells, pa.Array | pa.ChunkedArray)
    frame = pa.table({"date": cells}) if of_arrow else pd.DataFrame({"date": pd.Series(cells, dtype=_dtype(cells))})
    replay = comity.replay(frame, law=LAW, library=LIBRARY)
    assert [day.day for day in replay.table.column("day").to_pylist()] == days
    assert replay.decided + len(replay.refused) == len(cells)


def _dtype(cells: Any) -> Any:
    return object if isinstance(cells, list) else cells.dtype


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([timedelta(3), timedelta(4)]),
        pd.Series([timedelta(3), 4], dtype=object),
        pd.Series([np.timedelta64(3, "ns"), np.timedelta64(4, "D")], dtype=object),
        pd.Series([1.0, True], dtype=object).iloc[::-1],
        duckdb.sql("select unnest([interval 3 day, interval 4 year]) as x").to_arrow_table()["x"],
    ],
)
def test_a_duration_and_a_truth_value_are_no_bare_numbers(column: Any) -> None:
    if isinstance(column, pd.Series):
        frame: Any = pd.DataFrame({"date": ["2015-01-05"] * 2, "subject.age": column.to_numpy()})
    else:
        frame = pa.table({"date": ["2015-01-05"] * 2, "subject.age": column})
    replay = comity.replay(frame, law=LAW, library=LIBRARY)
    assert replay.findings["not-a-number"] >= 1 and "row 1" in replay.examples["not-a-number"]


def test_the_index_and_headings_of_several_levels_are_read_whatever_the_other_columns_are() -> None:
    frame = pd.DataFrame({"date": ["2015-01-05"], "request.form": ["i247_2012"], "subject.age": [30]})
    mixed = frame.assign(**{"subject.age": pd.Series([{1: {2}}], dtype=object)})
    for indexed in (frame, mixed):
        read = comity.replay(indexed.set_index(["date", "request.form"]), law=LAW, library=LIBRARY).read
        assert {"request.received_on", "request.form", "subject.age"} <= {*read}
    levels = [("date", ""), ("request", "form"), ("subject", "age")]
    replay = comity.replay(frame.set_axis(pd.MultiIndex.from_tuples(levels), axis=1), law=LAW, library=LIBRARY)
    assert replay.decided == 1 and {"request.form", "subject.age"} <= {*replay.read}
