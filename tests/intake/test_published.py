"""The published tables: the column names of several releases, and what columns say of a request and what they do not."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
import xlsxwriter

from comity.api import load
from comity.facts.columns import values_of
from comity.facts.kinds import KnownList, KnownSet
from comity.intake.cells import open_table
from comity.intake.headings import distinct_names, names_of
from comity.intake.table import FactRows, columns_read, find_reader

LIBRARY = load()
READ = columns_read(LIBRARY.vocabulary)
DAY = "detainer_prepare_date"
I247A = "I247A - Immigration Detainer - Notice of Action (as of May 2025)"


def read(table: Any) -> FactRows:
    opened, findings = open_table(table, READ)
    assert opened and not findings, findings
    reader, findings = find_reader(opened, LIBRARY.vocabulary, LIBRARY.offenses)
    assert reader and not findings, findings
    [cells] = opened.pieces()
    rows = reader.read_rows(cells)
    assert opened.reading().accounts[0].rows == rows.cells.read
    return rows


def row(**cells: str | None) -> tuple[dict[str, Any], FactRows]:
    rows = read(
        pa.table({DAY: ["2025-03-01"], **{name: pa.array([text], pa.string()) for name, text in cells.items()}})
    )
    [values] = rows.facts.to_pylist()
    return values_of(values, LIBRARY.vocabulary), rows


def test_every_heading_of_every_release_is_the_processed_one(records: Path) -> None:
    with (records / "ddp" / "ddp_detainers_raw_headings_by_release.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    releases = {line["release"] for line in rows}
    assert len(releases) == 3
    for release in releases:
        headings = [line for line in rows if line["release"] == release]
        assert names_of([line["raw_heading"] for line in headings]) == [
            line["final_processed_name"] for line in headings
        ]


def test_every_processed_heading_keeps_its_name(records: Path) -> None:
    with (records / "ddp" / "ddp_detainers_processed_columns_march2026.csv").open(
        encoding="utf-8", newline=""
    ) as lines:
        names = [line["column"] for line in csv.DictReader(lines)]
    assert names_of(names) == names


def test_the_heading_known_to_be_doubled_is_two_columns() -> None:
    for headings in (
        ["Final Order Yes No", "Final Order Yes No"],
        ["Final Order Yes No...33", "Final Order Yes No...56"],
    ):
        assert distinct_names(names_of(headings), READ) == (["final_order_yes_no", "case_final_order_yes_no"], "")


@pytest.mark.parametrize(
    ("names", "wrong"),
    [
        (["Final Order Yes No"] * 3, "final_order_yes_no"),
        (["MSC Charge Code", "msc_charge_code"], "msc_charge_code"),
        (["Gender", "Gender"], ""),
    ],
)
def test_another_doubled_heading_is_a_fault_where_it_is_read(names: list[str], wrong: str, tmp_path: Path) -> None:
    assert distinct_names(names_of(names), READ)[1] == wrong
    path = tmp_path / "a.csv"
    path.write_text(",".join(["date", *names]) + "\n" + ",".join(["2020-01-01"] + ["YES"] * len(names)) + "\n")
    opened, findings = open_table(path, READ)
    assert (opened is None) == bool(wrong) and [finding.code for finding in findings] == (
        ["doubled-column"] if wrong else []
    )


def test_the_most_serious_conviction_is_one_of_some() -> None:
    values, rows = row(
        msc_charge_code="0999", msc_conviction_date="2012-02-29", detainer_prepared_criminality="1 Convicted Criminal"
    )
    assert values["convictions"] == KnownList(
        ({"offense": "homicide", "convicted_on": date(2012, 2, 29)},), whole=False
    )
    assert "charges" not in values and not rows.findings


@pytest.mark.parametrize(
    ("code", "family"), [("1304", "aggravated_assault"), ("13AB", "family_violence"), ("35AA", "drug_possession")]
)
def test_a_code_tells_a_family_and_neither_grade_nor_degree_nor_sentence(code: str, family: str) -> None:
    assert row(msc_charge_code=code)[0]["convictions"] == KnownList(({"offense": family},), whole=False)


@pytest.mark.parametrize("grade", ["3 Other Immigration Violator", None])
def test_a_blank_conviction_never_means_none(grade: str | None) -> None:
    values, _ = row(msc_charge_code="NA", msc_conviction_date="", detainer_prepared_criminality=grade)
    assert "convictions" not in values and "charges" not in values


@pytest.mark.parametrize(
    "text",
    """
    NA|n/a|N.A.|#N/A|NULL|null|nan|NaN|None|none|NaT|<NA>|-|--|.|*|*****|?|unknown|Unknown|Not Available|not applicable|(blank)
    |[REDACTED]|Redacted|(b)(6)|(b) (6)|(b)(7)(C)|b(6)|b(7)(e)|(b)(6); (b)(7)(C)|None on file|
    """.strip()
    .replace("\n    ", "")
    .split("|"),
)
def test_a_blank_is_no_conviction_however_it_is_written(text: str) -> None:
    values, rows = row(most_serious_conviction_charge=text, msc_charge_code=text, msc_conviction_date=text)
    assert "convictions" not in values and not rows.unread and not rows.findings


@pytest.mark.parametrize("text", ["No Conviction", "no convictions", "No criminal conviction", "NOT CONVICTED"])
def test_a_charge_may_say_that_there_is_no_conviction(text: str) -> None:
    values, rows = row(most_serious_conviction_charge=text, msc_charge_code="0000")
    assert values["convictions"] == KnownList(()) and not rows.findings
    values, rows = row(most_serious_conviction_charge=text, detainer_prepared_criminality="1 Convicted Criminal")
    assert "convictions" not in values and rows.findings == {"conviction-differs": 1}
    assert set(rows.unread) == {"convictions"}


@pytest.mark.parametrize("text", ["Robbery - Street-Strongarm", "SIMPLE ASSLT", "False Citizenship", "DUI"])
def test_the_name_of_an_offense_is_a_conviction_of_which_nothing_more_is_known(text: str) -> None:
    assert row(most_serious_conviction_charge=text)[0]["convictions"] == KnownList(({},), whole=False)


def test_a_grade_alone_says_that_there_is_one() -> None:
    assert row(detainer_prepared_criminality="1 Convicted Criminal")[0]["convictions"] == KnownList(({},), whole=False)
    assert row(detainer_prepared_criminality="2 Pending Criminal Charges")[0]["charges"] == KnownList(
        ({"pending": True},), whole=False
    )


@pytest.mark.parametrize(
    ("column", "text", "code", "unread"),
    [
        ("msc_charge_code", "9998", "unknown-offense", {"convictions"}),
        ("msc_charge_code", "999", "unknown-offense", {"convictions"}),
        ("msc_conviction_date", "02/29/2012", "unknown-day", {"convictions"}),
        ("msc_conviction_date", "1900-01-01", "unknown-day", {"convictions"}),
        ("most_serious_conviction_charge", "0", "unknown-charge", {"convictions"}),
        ("most_serious_conviction_charge", "see file", "unknown-charge", {"convictions"}),
        ("detainer_prepared_criminality", "4 Something Else", "unknown-criminality", {"convictions", "charges"}),
        ("biometric_match_yes_no", "MAYBE", "unknown-answer", {"request.basis"}),
        ("detainer_type", "I300 - A New Form", "unknown-form", {"request.form"}),
    ],
)
def test_a_code_that_is_not_known_is_no_fact_and_counted(column: str, text: str, code: str, unread: set[str]) -> None:
    values, rows = row(**{column: text})
    assert rows.findings == {code: 1} and text in rows.examples[code]
    assert "convictions" not in values and set(rows.unread) == unread


def test_boxes_add_to_a_set_and_take_nothing_away() -> None:
    values, _ = row(
        deportation_ordered_yes_no="YES",
        biometric_match_yes_no="NO",
        prior_felony_yes_no="YES",
        illegal_entry_yes_no="NO",
    )
    assert values["request.basis"] == KnownSet(frozenset({"final_order"}), whole=False)
    assert values["request.priority"] == KnownSet(frozenset({"felony"}), whole=False)
    assert "request.basis" not in row(deportation_ordered_yes_no="NO")[0]


def test_the_boxes_of_a_form_that_has_no_other_are_all_that_it_says() -> None:
    boxes = dict.fromkeys(
        (
            "deportation_ordered_yes_no",
            "order_show_cause_served_yes_no",
            "biometric_match_yes_no",
            "statements_made_yes_no",
        ),
        "NO",
    )
    whole, _ = row(**boxes, resume_custody_yes_no="NO", detainer_type=I247A)
    assert whole["request.basis"] == KnownSet(frozenset({"none_stated"}))
    assert "request.basis" not in row(**boxes, detainer_type=I247A)[0]
    assert "request.basis" not in row(**boxes, resume_custody_yes_no="NO")[0]


@pytest.mark.parametrize(
    ("detainer", "case", "says"),
    [("NO", None, "none"), ("NO", "NO", "none"), ("YES", None, None), ("YES", "NO", None), (None, None, None)],
)
def test_a_final_order_is_not_there_or_nobody_says_who_signed_it(
    detainer: str | None, case: str | None, says: str | None
) -> None:
    values, rows = row(final_order_yes_no=detainer, case_final_order_yes_no=case)
    assert values.get("subject.final_order") == says
    assert rows.findings == ({"final-order-differs": 1} if {detainer, case} == {"YES", "NO"} else {})
    assert set(rows.unread) == (
        {"subject.final_order"} if "YES" in (detainer, case) else set()
    )  # no assumption denies it


def test_a_box_for_notice_is_an_ask() -> None:
    assert row(notify_release_request_yes_no="YES")[0]["request.asks"] == KnownSet(frozenset({"notify"}), whole=False)
    assert "request.asks" not in row(notify_release_request_yes_no="NO")[0]


@pytest.mark.parametrize(
    "mark", ["b(6), b(7)c", "(b)(6), (b)(7)(c)", "(b)(6), (b)(7)(c) (b)(7)(e)", "(b)(6)(b)(7)(c)", "b(7)(e)", "NA", " "]
)
def test_what_is_blacked_out_says_nothing(mark: str) -> None:
    values, rows = row(
        msc_charge_code=mark, msc_conviction_date=mark, deportation_ordered_yes_no=mark, detainer_type=mark
    )
    assert set(values) == {"request.received_on", "decision.on"} and not rows.findings


def test_neither_the_reason_for_lifting_nor_the_year_of_birth_is_an_input() -> None:
    some, _ = row(
        detainer_lift_reason="Detainer Declined by LEA", birth_year="1980", gender="Male", citizenship_country="CANADA"
    )
    assert set(some) == {"request.received_on", "decision.on"}


def workbook(path: Path, sheets: dict[str, list[list[Any]]], above: int = 6) -> Path:
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at in range(above):
            sheet.write(at, 0, "For official use" if at % 2 else "")
        for at, line in enumerate(rows):
            for place, cell in enumerate(line):
                sheet.write(above + at, place, cell)
    book.close()
    return path


HEADS = [
    "Detainer Prepare Date",
    "Facility State",
    "MSC Charge Code",
    "Final Order Yes No",
    "Final Order Yes No",
    "Gender",
]


def test_a_workbook_is_read_under_its_titles_and_over_its_sheets(tmp_path: Path) -> None:
    lines = [
        [datetime(2025, 3, 1), "TEXAS", "0999", "NO", "NO", "Male"],
        ["", "", "", "", "", ""],
        ["2025-03-02", "TEXAS", "35AB", "YES", "NO", "Male"],
    ]
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "FY2025": [HEADS, *lines],
            "Notes": [["Some words"]],
            "FY2026": [HEADS, [datetime(2025, 10, 1, 13, 30), "OHIO", 999, "", "", ""]],
        },
    )
    opened, _ = open_table(path, READ)
    assert opened
    reader, _ = find_reader(opened, LIBRARY.vocabulary, LIBRARY.offenses)
    assert reader
    pieces = [reader.read_rows(cells) for cells in opened.pieces()]
    rows = [values_of(facts, LIBRARY.vocabulary) for piece in pieces for facts in piece.facts.to_pylist()]
    assert [facts["request.received_on"].isoformat() for facts in rows] == ["2025-03-01", "2025-03-02", "2025-10-01"]
    assert [facts["convictions"].items[0].get("offense") for facts in rows[:2]] == ["homicide", "drug_trafficking"]
    assert "convictions" not in rows[2]  # 999 is no code, and no conviction
    assert [facts.get("subject.final_order") for facts in rows] == ["none", None, None]
    assert [piece.findings for piece in pieces] == [{"final-order-differs": 1}, {"unknown-offense": 1}]
    numbers = [(piece.cells.sheet, piece.facts.column("row").to_pylist()) for piece in pieces]
    assert numbers == [("FY2025", [8, 10]), ("FY2026", [8])]  # the blank row counts


def test_headings_are_known_by_their_names_where_a_row_below_fills_more_cells(tmp_path: Path) -> None:
    """As a program leaves it that numbers its rows in a column without a heading, beside a sheet that is wider."""
    lines = [["", *HEADS], [1, "2025-03-01", "TEXAS", "0999", "NO", "NO", "Male"]]
    detainers = read(
        workbook(tmp_path / "a.xlsx", {"Wide": [[f"column {at}" for at in range(9)], [*range(9)]], "Rows": lines})
    )
    assert detainers.cells.read == 1 and "convictions" in detainers.paths


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no book", b"date,city\n"])
def test_a_workbook_that_is_none(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    opened, findings = open_table(path, READ)
    assert opened is None and [finding.code for finding in findings] == ["not-a-table"]


def test_a_workbook_without_a_table(tmp_path: Path) -> None:
    opened, findings = open_table(workbook(tmp_path / "a.xlsx", {"Notes": [["Some words"]]}), READ)
    assert opened is None and "no sheet holds a table" in findings[0].message


def test_a_csv_too_may_have_titles_above_its_headings(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    titles = ["For official use", "Detainers, FY2012 to FY2026", "", '"A title, and', 'more of it",,', ""]
    path.write_text(
        "\n".join(
            [*titles, ",".join(HEADS), "2025-03-01,TEXAS,0999,NO,NO,Male", "2025-03-02,cut", "2025-03-03,OHIO,,,,"]
        )
        + "\n"
    )
    rows = read(path)
    assert [refusal.row for refusal in rows.cells.refused] == [9] and rows.cells.named("row").to_pylist() == [8, 10]


def test_the_real_sample_is_read_whole(records: Path) -> None:
    detainers = read(records / "ddp" / "processed_sample.csv")
    rows = [values_of(facts, LIBRARY.vocabulary) for facts in detainers.facts.to_pylist()]
    assert len(rows) == detainers.cells.read > 20 and not detainers.findings and not detainers.cells.refused
    assert all(facts["request.form"] == "i247a" for facts in rows)
    assert not any(facts["convictions"].whole for facts in rows if "convictions" in facts)


def test_the_real_sample_reads_the_same_as_a_workbook_and_as_parquet(records: Path, tmp_path: Path) -> None:
    source = records / "ddp" / "processed_sample.csv"
    with source.open(encoding="utf-8-sig", newline="") as lines:
        rows = [*csv.reader(lines)]
    parquet.write_table(
        pa.table([pa.array(column) for column in zip(*rows[1:], strict=True)], names=rows[0]), tmp_path / "a.parquet"
    )
    detainers = read(source)
    for other in (workbook(tmp_path / "a.xlsx", {"Detainers": rows}), tmp_path / "a.parquet"):
        assert read(other).facts.drop_columns(["row"]).equals(detainers.facts.drop_columns(["row"]))
