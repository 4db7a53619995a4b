"""No table ends in anything but a result or a refusal in words, and each of its rows is in the result or refused."""

from __future__ import annotations

import csv
import io
import json
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from hypothesis import strategies as st

import comity
from tests.commands.running import run
from tests.fuzz.budget import fuzz
from tests.fuzz.test_requests import LAW, hidden_in
from tests.fuzz.values import CONSTANTS, MOMENT_TEXTS, ODD_TEXTS, values

PLACE, NAMED = "us/fl/miami-dade", "us/fl/miami-dade@2017-02-01"
NAMES = (
    *("date", "place", "request.form", "request.asks", "request.received_on", "request.received_at", "request.lifted_at", "decision.on"),
    *("custody.release_eligible_at", "custody.release_eligible_on", "convictions", "charges", "subject.age", "subject.gang_member"),
    *("booked_in", "released", "release_eligible_on", "unique_identifier", "detention_facility", "facility_state", "detainer_type"),
    *("duplicate_likely", "msc_charge_code", "citizenship_country", "row", "facility", "amount", "agency.name", "request.form ", ""),
)  # fmt: skip
CELLS = (
    *MOMENT_TEXTS, *(text for text in ODD_TEXTS if len(text) < 1_000), "2017-03-01", "2017-03-01T09:00:00-05:00", "us/fl/miami-dade", "i247a",
    "[]", '["hold"]', '[{"offense": "robbery"}]', '{"partial": []}', "[" * 100, '[{"offense": "\\ud800"}]', "9" * 400, "9" * 5_000, "12",
    "(b)(6)", "N/A", "NULL", "=1+1", "-1", "1/20/2017", "x" * 150_000, "DADE COUNTY JAIL", "FL", "two\nlines", 'a "quote', "a,b", "a;b",
)  # fmt: skip
SOUND = {
    "date": "2017-03-01",
    "release_eligible_on": "2017-03-02",
    "released": "2017-03-04",
    "custody.release_eligible_at": "2017-03-02T09:00:00-05:00",
}  # what makes a row that can be decided, costed and counted
SECONDS_MAX = 5


def calls() -> list[Callable[[Any], tuple[int, int]]]:
    """What can be asked of a table; each gives the rows read, and those that came out or were refused."""

    def replay(**named: Any) -> Callable[[Any], tuple[int, int]]:
        def call(table: Any) -> tuple[int, int]:
            replayed = LAW.replay(table, **named)
            assert not hidden_in(replayed.to_markdown())
            json.dumps(replayed.to_dict()).encode()
            assert replayed.table is not None
            return replayed.rows, replayed.table.num_rows + len(replayed.refused)

        return call

    def cost(table: Any) -> tuple[int, int]:
        costs = LAW.cost(table, place=PLACE, leave_out=True)
        assert not hidden_in(costs.to_markdown())
        return costs.rows, len(costs.holds) + len(costs.refused)

    def clock(table: Any) -> tuple[int, int]:
        holds = LAW.clock_many(table, place=PLACE)
        return holds.num_rows, holds.num_rows

    def compare(table: Any) -> tuple[int, int]:
        compared = LAW.compare(table, NAMED, "us/ca/los-angeles@2020-01-01")
        assert compared.table is not None
        return compared.rows, compared.table.num_rows + len(compared.refused)

    return [replay(law=NAMED), replay(place=PLACE), replay(place=PLACE, group_by=["year"]), cost, clock, compare]


def accounted(call: Callable[[Any], tuple[int, int]], table: Any, rows: int | None = None) -> None:
    """Every row is in the result or refused; a refusal of the whole table is in words."""
    started = time.process_time()
    try:
        read, out = call(table)
    except comity.InputFault as fault:
        assert not hidden_in(str(fault)) and len(str(fault)) < 120_000
        assert len(str(fault).split("\n")) == len(fault.findings)
    else:
        assert read == out
        assert rows is None or rows == read
    assert time.process_time() - started < SECONDS_MAX


def columns_of(names: list[str], rows: list[list[str]]) -> dict[str, list[str]]:
    """The columns of a sound table, with those of the names added, or in place of sound ones."""
    sound = {name: [cell] * len(rows) for name, cell in SOUND.items()}
    return sound | {name: [row[at] for row in rows] for at, name in enumerate(names)}


def csv_of(names: list[str], rows: list[list[str]]) -> bytes:
    columns = columns_of(names, rows)
    return written([*columns], [list(row) for row in zip(*columns.values(), strict=True)])


def written(names: list[str], cells: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([names, *cells])
    return text.getvalue().encode("utf-8", "surrogatepass")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


HEADINGS = st.lists(st.sampled_from(NAMES), max_size=3)
ROWS = st.lists(st.lists(st.sampled_from(CELLS), min_size=3, max_size=3), max_size=5)


def test_any_cell_of_csv_is_read_or_refused(folder: Path) -> None:
    def check(call: Callable[[Any], tuple[int, int]], names: list[str], rows: list[list[str]]) -> None:
        path = folder / "cells.csv"
        path.write_bytes(csv_of(names, rows))
        accounted(call, path)

    fuzz(check, st.sampled_from(calls()), HEADINGS, ROWS, examples=25)


DAMAGE = (
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\r",
    b"\n",
    b'"',
    b'""',
    b",",
    b";",
    b"\t",
    b"\x1b",
    b"\xed\xa0\x80",
    b"\xfe\xff",
    b"x" * 300,
    b",,,,,,,,",
)


def test_any_damage_to_csv_is_found(folder: Path) -> None:
    def check(names: list[str], rows: list[list[str]], edits: list[tuple[int, int, bytes]], encoding: str) -> None:
        content = csv_of(names, rows)
        content = content.decode("utf-8", "replace").encode(encoding, "replace")
        for at, length, part in edits:
            at %= len(content) + 1
            content = content[:at] + part + content[at + length :]
        path = folder / "damaged.csv"
        path.write_bytes(content)
        accounted(calls()[len(content) % 6], path)

    edits = st.tuples(
        st.integers(0, 2_000), st.integers(0, 20), st.one_of(st.sampled_from(DAMAGE), st.binary(max_size=3))
    )
    encodings = st.sampled_from(("utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1", "utf-32"))
    fuzz(check, HEADINGS, ROWS, st.lists(edits, min_size=1, max_size=3), encodings, examples=20)


def test_any_frame_is_read_or_refused() -> None:
    def check(call: Callable[[Any], tuple[int, int]], columns: dict[str, list[Any]], rows: int) -> None:
        filled = {name: [cell] * rows for name, cell in SOUND.items()}
        filled |= {name: [*cells, *[None] * 4][:rows] for name, cells in columns.items()}
        try:
            frame = pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in filled.items()})
        except (ValueError, TypeError, RecursionError):
            return  # pandas refuses it
        accounted(call, frame, rows)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            inferred = frame.infer_objects()
        accounted(call, inferred, rows)

    columns = st.dictionaries(
        st.sampled_from(NAMES), st.lists(values(), min_size=4, max_size=4), min_size=1, max_size=2
    )
    fuzz(check, st.sampled_from(calls()), columns, st.integers(0, 4), examples=20)


ARROW_TYPES = (
    pa.null(), pa.bool_(), pa.int8(), pa.uint64(), pa.float16(), pa.float64(), pa.decimal128(38, 10), pa.string(), pa.large_string(), pa.binary(),
    pa.string_view(), pa.date32(), pa.date64(), pa.timestamp("s"), pa.timestamp("ns"), pa.timestamp("us", "UTC"), pa.timestamp("ms", "America/New_York"),
    pa.time64("us"), pa.duration("s"), pa.list_(pa.string()), pa.large_list(pa.int64()), pa.list_(pa.struct([("offense", pa.string())])),
    pa.struct([("partial", pa.list_(pa.string()))]), pa.map_(pa.string(), pa.int64()), pa.dictionary(pa.int8(), pa.string()),
    pa.dictionary(pa.int8(), pa.int64()), pa.run_end_encoded(pa.int32(), pa.string()), pa.month_day_nano_interval(), pa.list_(pa.list_(pa.string())),
)  # fmt: skip


def test_any_type_of_arrow_and_parquet_is_read_or_refused(folder: Path) -> None:
    def check(
        call: Callable[[Any], tuple[int, int]], columns: dict[str, tuple[pa.DataType, list[Any]]], rows: int
    ) -> None:
        arrays = {name: pa.array([cell] * rows, pa.string()) for name, cell in SOUND.items()}
        for name, (kind, cells) in columns.items():
            try:
                arrays[name] = pa.array([*cells, *[None] * 4][:rows], kind)
            except (pa.ArrowException, ValueError, TypeError, OverflowError, RecursionError):
                try:
                    arrays[name] = pa.nulls(rows, kind)
                except pa.ArrowException:
                    arrays[name] = pa.nulls(rows)
        table = pa.table(arrays)
        accounted(call, table, rows)
        try:
            parquet.write_table(table, folder / "any.parquet")
        except (pa.ArrowException, NotImplementedError):
            return
        accounted(call, folder / "any.parquet", rows)

    small = [value for value in CONSTANTS if not isinstance(value, list | dict) or len(str(type(value))) < 20][:150]
    cells = st.lists(
        st.one_of(st.none(), st.sampled_from(range(len(small))).map(small.__getitem__)), min_size=4, max_size=4
    )
    columns = st.dictionaries(
        st.sampled_from(NAMES), st.tuples(st.sampled_from(ARROW_TYPES), cells), min_size=1, max_size=2
    )
    fuzz(check, st.sampled_from(calls()), columns, st.integers(0, 4), examples=25)


def test_any_file_is_read_or_refused_on_the_command_line(folder: Path) -> None:
    commands = (
        f"replay {{}} --law {NAMED}",
        f"cost {{}} --place {PLACE}",
        f"compare {{}} --law {NAMED} --law us/ca/los-angeles@2020-01-01",
        f"cost {{}} --place {PLACE} --payments {{}}",
    )

    def check(command: str, content: bytes, suffix: str) -> None:
        path = folder / f"any{suffix}"
        path.write_bytes(content)
        result = run(command.format(path, path))
        assert result.exit_code in (0, 1, 2), (content, result.stderr)
        assert not hidden_in(result.stderr) and "Traceback" not in result.stderr

    contents = st.one_of(
        st.binary(max_size=40),
        st.sampled_from(
            (
                b"",
                b"PK\x03\x04",
                b"PAR1",
                b"PAR1PAR1",
                b"PAR1" + b"\0" * 20 + b"PAR1",
                b"\xd0\xcf\x11\xe0",
                b"a,b\n1,2\n",
                b"date\n2017-01-01\n",
            )
        ),
        st.builds(lambda names, rows: csv_of(names, rows), HEADINGS, ROWS),
    )
    suffixes = st.sampled_from((".csv", ".csv", ".parquet", ".xlsx", ".txt", "", ".CSV"))
    fuzz(check, st.sampled_from(commands), contents, suffixes, examples=20)
