"""A cell that is there and is not understood stays Unknown: neither a fact of the place nor an assumption takes its place."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

import comity
from comity.api import load

LIBRARY = load()
RESOLUTION = "us/fl/miami-dade@2015-01-01"
ROBBERY = '[{"offense": "robbery", "grade": "felony"}]'
AGREED = "request.reimbursement_agreed"
ROW: dict[str, str | None] = {
    "place": "us/fl/miami-dade", "request.received_on": "2015-01-05", "request.form": "i247_2012", "convictions": ROBBERY,
    "subject.citizenship": "none_claimed",
}  # fmt: skip


def table(rows: list[dict[str, Any]]) -> pa.Table:
    whole = [{**ROW, **row} for row in rows]
    names = dict.fromkeys(name for row in whole for name in row)
    return pa.table({name: pa.array([row.get(name) for row in whole], pa.string()) for name in names})


def test_neither_the_place_nor_an_assumption_fills_what_a_row_says() -> None:
    cells = ["true", "TRUE", "True", "yes", "1", None, "false"]
    replay = comity.replay(table([{AGREED: cell} for cell in cells]), library=LIBRARY)
    rows = replay.table.to_pylist()
    known = ["permitted"] * 3 + ["undetermined"] * 2 + ["forbidden"] * 2  # the place says that nobody pays
    assert [row["hold"] for row in rows] == known
    assert [row["hold_missing"] for row in rows[3:5]] == [AGREED, AGREED]
    assert replay.findings == {"not-a-truth": 2}
    assert replay.examples["not-a-truth"].startswith(f'row 4: {AGREED} is "yes"')
    assumed = comity.replay(table([{AGREED: cell} for cell in cells]), assume={AGREED: True}, library=LIBRARY)
    assert assumed.table.column("hold").to_pylist() == [
        *known[:5], "permitted", "forbidden",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "cell",
    [
        ROBBERY[:-1],  # a bracket lost
        '[{"offense": "robbery", "grade": "felony"}, "and another"]',
        '[{"offense": "robery", "grade": "felony"}]',
        "robbery",
    ],
)
def test_a_list_that_is_not_read_whole_is_not_read_at_all(cell: str) -> None:
    frame = table([{"convictions": cell, AGREED: "true"}, {"convictions": None, AGREED: "true"}])
    replay = comity.replay(frame, library=LIBRARY, assume={"convictions": "[]", "charges": "[]"})
    rows = replay.table.to_pylist()
    assert [row["hold"] for row in rows] == ["undetermined", "forbidden"]
    assert sum(replay.findings.values()) >= 1


def test_what_a_published_column_says_and_is_not_understood_is_not_assumed() -> None:
    frame = pa.table(
        {
            "date": ["2015-01-05"] * 3,
            "msc_charge_code": ["9998", None, "0000"],
            AGREED: ["true"] * 3,
            "charges": ["[]"] * 3,
            "subject.citizenship": ["none_claimed"] * 3,
        }
    )
    replay = comity.replay(frame, law=RESOLUTION, assume={"convictions": "[]"}, library=LIBRARY)
    assert replay.table.column("hold").to_pylist() == ["undetermined", "forbidden", "forbidden"]


def test_two_laws_are_compared_without_what_is_not_understood() -> None:
    frame = table([{AGREED: cell} for cell in ("yes", "true", None)])
    other = "us/fl/miami-dade@2013-06-03"
    for laws in ((RESOLUTION, other), (RESOLUTION, RESOLUTION)):
        compared = comity.compare(frame, *laws, library=LIBRARY)
        replays = [comity.replay(frame, law=law, library=LIBRARY).table.to_pylist() for law in laws]
        for row, first, second in zip(compared.table.to_pylist(), *replays, strict=True):
            pairs = {tuple(pair.split(" to ")) for pair in row["hold_pairs"].split("; ")}
            assert {pair[0] for pair in pairs} == {*first["hold_possible"].split("; ")}
            assert {pair[1] for pair in pairs} == {*second["hold_possible"].split("; ")}
            assert laws[0] != laws[1] or row["hold"] == "same"


def test_a_number_as_pandas_writes_it_is_read() -> None:
    ages = comity.replay(table([{"subject.age": "34.0"}, {"subject.age": "34.5"}]), library=LIBRARY)
    assert ages.findings == {"not-a-number": 1}
