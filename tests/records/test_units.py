"""What a row is: counts, populations, totals and charges are not counted as requests without a word; marks of duplicates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import comity
from comity.api import load
from tests.commands.running import run

LIBRARY = load()
JAIL = {"det_facility": "LEHIGH COUNTY JAIL", "state": "PA"}


def table(*rows: dict[str, Any]) -> pa.Table:
    whole = [{"date": "2014-06-02", **JAIL, **row} for row in rows]
    names = dict.fromkeys(name for row in whole for name in row)
    return pa.table({name: pa.array([row.get(name) for row in whole], pa.string()) for name in names})


@pytest.mark.parametrize(
    "name", ["n_detainers", "Count", "N", "Number of Inmates", "average_daily_population", "TOTAL"]
)
def test_counts_are_said(name: str) -> None:
    replay = comity.replay(table({name: "117"}, {name: "35.0"}), library=LIBRARY)
    assert replay.findings == {"looks-like-counts": 2} and replay.rows == 2
    assert "whole numbers up to 117" in replay.examples["looks-like-counts"]


def test_counts_are_said_where_a_map_leaves_them_out(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text("columns: {Sent: request.received_on, Detainers: ignore, Total: ignore}\nplace: us/pa/lehigh\n")
    rows = pa.table({"Sent": ["2014-06-02"] * 2, "Detainers": ["117", "35"], "Total": ["200", "300"]})
    replay = comity.replay(rows, columns=path, library=LIBRARY)
    assert (
        replay.findings == {"looks-like-counts": 2} and "the column Detainers" in replay.examples["looks-like-counts"]
    )


@pytest.mark.parametrize(
    "cells", [("1", "2", "3"), ("1", "1", "1"), ("a", "117", "2"), (None, None, None), ("0", "1", "1")]
)
def test_a_column_that_numbers_or_marks_rows_is_no_count(cells: tuple[str | None, ...]) -> None:
    assert not comity.replay(table(*({"n": cell} for cell in cells)), library=LIBRARY).findings


@pytest.mark.parametrize("name", ["TOTAL", "Grand Total", "Totals:", "all facilities"])
def test_a_row_of_totals_is_refused(name: str) -> None:
    replay = comity.replay(table({}, {"det_facility": name}), library=LIBRARY)
    assert [(refusal.row, refusal.code) for refusal in replay.refused] == [(2, "total-row")]


def test_many_rows_of_one_booking_are_said() -> None:
    rows = [
        {"booking_number": "B1"},
        {"booking_number": "B1"},
        {"booking_number": "B2"},
        {},
        {},
        {"booking_number": "B1"},
    ]
    replay = comity.replay(table(*rows), library=LIBRARY)
    assert replay.findings == {"repeated-person": 2} and replay.decided == 6
    assert replay.examples["repeated-person"].startswith("row 2: an earlier row has the same booking_number")
    other_day = table({"unique_identifier": "p"}, {"unique_identifier": "p", "date": "2014-06-03"})
    assert not comity.replay(other_day, library=LIBRARY).findings


@pytest.mark.parametrize("text", ["1", "yes", "Yes", "Y", "y", "T", "t", "TRUE", "True", "true", "1.0"])
def test_a_mark_of_a_duplicate_is_believed_however_it_is_written(text: str, tmp_path: Path) -> None:
    rows = table({"duplicate_likely": text}, {"duplicate_likely": "no"}, {"duplicate_likely": "0"}, {})
    replay = comity.replay(rows, without_duplicates=True, library=LIBRARY)
    assert (replay.rows, replay.decided, replay.left_out) == (4, 3, 1) and not replay.findings
    source = tmp_path / "a.csv"
    source.write_text(f"date,det_facility,state,duplicate_likely\n2014-06-02,LEHIGH COUNTY JAIL,PA,{text}\n")
    assert "1 left out as likely duplicates" in run(f"replay {source} --without-duplicates").stdout.replace("\n", " ")


def test_another_word_is_a_finding_and_its_row_stays() -> None:
    rows = table({"duplicate_likely": "maybe"}, {"duplicate_likely": "TRUE"})
    replay = comity.replay(rows, without_duplicates=True, library=LIBRARY)
    assert (replay.decided, replay.left_out, replay.findings) == (1, 1, {"unknown-mark": 1})
