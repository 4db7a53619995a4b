"""Reading tables: rows in are rows out plus rows refused, columns are found by name, unknown codes are Unknown."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from comity.facts.columns import values_of
from comity.facts.kinds import KnownList, KnownSet
from comity.facts.offenses import read_offenses
from comity.facts.vocabulary import read_vocabulary
from comity.intake.cells import Opened, open_table
from comity.intake.table import FactRows, columns_read, find_reader

POLICIES = Path(__file__).parents[2] / "policies"
VOCABULARY = read_vocabulary(POLICIES)[0]
OFFENSES = read_offenses(POLICIES / "offenses.csv", VOCABULARY)[0]
READ = columns_read(VOCABULARY)
IN_PART = KnownSet(frozenset({"hold", "notify"}), whole=False)
EARLIER = "I247 - Immigration Detainer - Notice of Action (prior to March 2013)"
LATER = "I247 - Immigration Detainer - Notice of Action (as of March 2013)"
NOTICE = "I247N - Immigration Advisal - Request for Notification"


def opened(text: str | bytes, folder: Path, name: str = "detainers.csv") -> Opened:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    table, findings = open_table(path, READ)
    assert table and not findings, findings
    return table


def read_whole(table: Opened) -> FactRows:
    """A small table, which is one piece."""
    reader, findings = find_reader(table, VOCABULARY, OFFENSES)
    assert reader and not findings, findings
    pieces = [reader.read_rows(cells) for cells in table.pieces()]
    [rows] = [piece for piece in pieces if piece.cells.read] or pieces
    assert rows.facts.num_rows + len(rows.cells.refused) == rows.cells.read
    return rows


def read(text: str, folder: Path) -> FactRows:
    return read_whole(opened(text, folder))


def facts(rows: FactRows) -> list[dict[str, Any]]:
    return [values_of(row, VOCABULARY) for row in rows.facts.to_pylist()]


@pytest.mark.parametrize(
    ("day", "name", "form", "asks"),
    [
        ("2015-07-01", "", None, IN_PART),
        ("2015-07-02", "", None, None),
        ("2016-01-01", "A new paper - of which nothing is known", None, None),
        ("2014-01-01", EARLIER, None, IN_PART),
        ("2016-01-01", EARLIER, None, IN_PART),
        ("2014-01-01", LATER, "i247_2012", IN_PART),
        ("2015-07-02", NOTICE, "i247n", KnownSet(frozenset({"notify"}))),
        ("2015-07-02", "I247D - Immigration Detainer - Request for Action", "i247d", IN_PART),
        ("2025-06-01", "I247A - Immigration Detainer - Notice of Action (as of May 2025)", "i247a", IN_PART),
    ],
)
def test_what_a_row_asks(day: str, name: str, form: str | None, asks: KnownSet | None, tmp_path: Path) -> None:
    [row] = facts(read(f'date,detainer_type\n{day} 00:00:00,"{name}"\n', tmp_path))
    assert (row.get("request.form"), row.get("request.asks")) == (form, asks)
    assert row["request.received_on"] == row["decision.on"] == date.fromisoformat(day)


def test_what_is_not_understood_is_counted_by_row(tmp_path: Path) -> None:
    rows = read(f"date,detainer_type\n2014-01-01,{EARLIER}\n2014-01-02,{EARLIER}\n2014-01-02,I999 - Paper\n", tmp_path)
    assert rows.findings == {"edition-unknown": 2, "unknown-form": 1}
    assert "I999 - Paper" in rows.examples["unknown-form"]


def test_columns_are_found_by_name_wherever_they_stand(tmp_path: Path) -> None:
    one = read(f"date,state,detainer_type\n2014-01-01,PENNSYLVANIA,{NOTICE}\n", tmp_path)
    other = read(f"detainer_type,date\n{NOTICE},2014-01-01\n", tmp_path)
    assert facts(one) == facts(other)


def test_the_reason_for_lifting_is_never_an_input(tmp_path: Path) -> None:
    rows = read("date,lift_reason\n2014-01-01,Detainer Declined by LEA\n2014-01-01,\n", tmp_path)
    first, second = facts(rows)
    assert first == second
    assert rows.cells.table.column("detainer_lift_reason").to_pylist() == ["Detainer Declined by LEA", None]


def test_a_row_that_is_cut_or_too_long_is_refused(tmp_path: Path) -> None:
    rows = read("date,city\n2014-01-01,a\n2014-01-02\n2014-01-03,b\n2014-01-04,b,c\n2014-01-05,d\n", tmp_path)
    assert rows.facts.column("row").to_pylist() == [2, 4, 6]
    assert [(refusal.row, refusal.code) for refusal in rows.cells.refused] == [(3, "cut-row"), (5, "cut-row")]
    assert rows.cells.refused[0].message == "it has 1 cells where the headings are 2"


def test_an_open_quotation_mark_is_reported(tmp_path: Path) -> None:
    rows = read('date,city\n2014-01-01,a\n"2014-01-02,b\n2014-01-03,c\n', tmp_path)
    [refusal] = rows.cells.refused
    assert (refusal.row, refusal.message) == (3, "a quotation mark opens a cell and is not closed")
    assert rows.facts.column("row").to_pylist() == [2, 4]


@pytest.mark.parametrize("day", ["", "2014-13-01", "2014-02-30", "01/02/2014", "2014-01-01 00:00:00+01:00", "NA"])
def test_a_row_without_a_day_is_refused(day: str, tmp_path: Path) -> None:
    rows = read(f"date,city\n2014-01-01,a\n{day},b\n", tmp_path)
    assert [(refusal.row, refusal.code) for refusal in rows.cells.refused] == [(3, "no-day")]


def test_columns_called_by_facts(tmp_path: Path) -> None:
    text = (
        "date,subject.age,request.asks,convictions,request.signed\n"
        '2020-01-01,34,hold; notify,"[{""offense"": ""robbery""}]",true\n'
        '2020-01-01,,"{""partial"": [""hold""]}",[],\n'
    )
    first, second = facts(read(text, tmp_path))
    assert first["subject.age"] == 34 and first["request.signed"] is True
    assert first["request.asks"] == KnownSet(frozenset({"hold", "notify"}))
    assert first["convictions"] == KnownList(({"offense": "robbery"},))
    assert second["request.asks"] == KnownSet(frozenset({"hold"}), whole=False)
    assert second["convictions"] == KnownList(())
    assert "subject.age" not in second and "request.signed" not in second


def test_a_value_that_a_fact_cannot_have_is_unknown_and_counted(tmp_path: Path) -> None:
    rows = read("date,subject.age,request.form\n2020-01-01,thirty,i247z\n2020-01-01,thirty,i247a\n", tmp_path)
    assert rows.findings == {"not-a-number": 2, "unknown-choice": 1}
    assert [row.get("request.form") for row in facts(rows)] == [None, "i247a"]


@pytest.mark.parametrize(
    ("text", "code"),
    [("city\na\n", "no-day"), ("date,subject.aeg\n2020-01-01,3\n", "unknown-fact")],
)
def test_a_table_that_cannot_be_read_as_requests(text: str, code: str, tmp_path: Path) -> None:
    rows, findings = find_reader(opened(text, tmp_path), VOCABULARY, OFFENSES)
    assert rows is None and [finding.code for finding in findings] == [code]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "not-a-table"),
        ("a.csv", b"date,date\n2020-01-01,2020-01-01\n", "doubled-column"),
        ("a.parquet", b"no parquet", "not-a-table"),
        ("a.xls", b"", "not-a-table"),
        ("none.csv", None, "no-file"),
    ],
)
def test_files_that_are_no_tables(name: str, content: bytes | None, code: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    read, findings = open_table(path, READ)
    assert read is None and [finding.code for finding in findings] == [code]
    assert str(path) in findings[0].line() and findings[0].help


def test_frames_and_parquet_read_alike(tmp_path: Path) -> None:
    frame = pa.table({"date": [date(2014, 1, 1), None], "subject.age": [30, 40]})
    parquet.write_table(frame, tmp_path / "a.parquet")
    for source in (frame, tmp_path / "a.parquet"):
        table, _ = open_table(source, READ)
        assert table
        whole = read_whole(table)
        assert [row["subject.age"] for row in facts(whole)] == [30]
        assert [refusal.code for refusal in whole.cells.refused] == ["no-day"]


def test_what_is_no_table_is_refused() -> None:
    assert open_table(5)[1][0].code == "not-a-table"
