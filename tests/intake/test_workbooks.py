"""Workbooks: sheets by the names of their headings, lines accounted for, and limits that a workbook cannot pass."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from comity import api as calls
from comity.api import load
from comity.finding import InputFault
from comity.intake.cells import open_table
from comity.intake.sources import child, workbook
from comity.intake.sources.calamine_book import open_calamine
from comity.intake.sources.sheet import Plan
from comity.intake.sources.source import Reading
from comity.intake.sources.xlsx import Unusual, open_xlsx
from comity.intake.table import columns_read
from tests.commands.running import run

READ = columns_read(load().vocabulary)
HEADINGS = ["Detainer Prepare Date", "Detention Facility", "Facility State"]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LIMITED = sys.platform == "linux"
Row = list[Any]


def row(on: str = "2016-02-01") -> Row:
    return [date.fromisoformat(on), "LEHIGH COUNTY JAIL", "PA"]


def book(path: Path, sheets: dict[str, list[Row]], hidden: tuple[str, ...] = ()) -> Path:
    """A workbook; a name in `hidden` is that of a hidden sheet."""
    writer = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = writer.add_worksheet(name)
        for at, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                sheet.write(at, place, cell)
        if name in hidden:
            sheet.hide()
    writer.close()
    return path


def read(path: Path) -> tuple[dict[str, list[int]], list[dict[str, Any]], Reading]:
    """The numbers of the rows by sheet, the rows, and how the workbook was read; every line is accounted for."""
    opened, findings = open_table(path, READ)
    assert opened and not findings, findings
    numbers: dict[str, list[int]] = {}
    rows = []
    for cells in opened.pieces():
        rows += cells.table.to_pylist()
        numbers.setdefault(cells.sheet, []).extend(cells.table.column("row").to_pylist())
    return numbers, rows, opened.reading()


def test_sheets_whose_headings_drift_are_read_by_name(tmp_path: Path) -> None:
    sheets = {
        "FY2016": [HEADINGS, row(), row()],
        "FY2017": [[*HEADINGS, "Detainer Type", "AOR"], [*row(), "I247D - x", "Philadelphia"]],
        "FY2018": [["a title"], [], [HEADINGS[1], HEADINGS[0], HEADINGS[2]], ["LEHIGH COUNTY JAIL", *row()[::2]]],
        "FY2019": [["Detainer Prepared Date", *HEADINGS[1:]], row()],
        "FY2020": [["Detainer Prepare Date", "State"], row()[::2]],
        "Codes": [["Code", "Meaning"], ["0999", "Homicide"], ["1399", "Assault"]],
    }
    numbers, rows, reading = read(book(tmp_path / "a.xlsx", sheets))
    assert numbers == {"FY2016": [2, 3], "FY2017": [2], "FY2018": [4], "FY2019": [2], "FY2020": [2]}
    assert {found["detainer_prepare_date"] for found in rows} == {"2016-02-01"}
    assert [found["detention_facility"] for found in rows] == [*["LEHIGH COUNTY JAIL"] * 5, None]
    assert [found["detainer_type"] for found in rows] == [None, None, "I247D - x", None, None, None]
    [left_out] = [account for account in reading.accounts if account.why]
    assert (left_out.sheet, left_out.left_out, left_out.why) == ("Codes", 2, workbook.OTHER)
    of_2018 = next(account for account in reading.accounts if account.sheet == "FY2018")
    assert (of_2018.lines, of_2018.titles, of_2018.blank, of_2018.headings, of_2018.rows) == (4, 1, 1, 1, 1)


def test_a_hidden_sheet_is_left_out_and_named(tmp_path: Path) -> None:
    sheets = {"FY2016": [HEADINGS, row()], "FY2016 (old)": [HEADINGS, row(), row()]}
    path = book(tmp_path / "a.xlsx", sheets, hidden=("FY2016 (old)",))
    numbers, _, reading = read(path)
    assert numbers == {"": [2]}
    assert [(account.sheet, account.left_out, account.why) for account in reading.accounts if account.why] == [
        ("FY2016 (old)", 2, workbook.HIDDEN)
    ]
    page = " ".join(run(f"replay {path}").stdout.split())
    assert "Sheet FY2016 (old) is left out with 2 rows: it is hidden." in page


def test_blank_rows_totals_and_two_rows_of_headings(tmp_path: Path) -> None:
    rows = [
        ["Detainer", "", "Detention", "State"],
        ["Prepare Date", "Type", "Facility", ""],
        [date(2016, 2, 1), "", "LEHIGH COUNTY JAIL", "PA"],
        [],
        [date(2016, 2, 2), "", "LEHIGH COUNTY JAIL", "PA"],
        ["Grand Total", "", 2, ""],
        ["", "", 2, ""],
    ]
    numbers, found, reading = read(book(tmp_path / "a.xlsx", {"Data": rows}))
    assert numbers == {"": [3, 5]} and found[1]["detention_facility"] == "LEHIGH COUNTY JAIL"
    [account] = reading.accounts
    assert (account.lines, account.headings, account.rows, account.blank, account.totals) == (7, 2, 2, 1, 2)


def test_refusals_and_rows_name_the_sheet_where_there_are_several(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"A": [HEADINGS, row()], "B": [HEADINGS, ["soon", "LEHIGH COUNTY JAIL", "PA"]]})
    out = tmp_path / "rows.csv"
    result = json.loads(run(f"replay {path} --out {out} --json").stdout)
    [refusal] = result["refused"]
    assert (refusal["sheet"], refusal["row"], refusal["code"]) == ("B", 2, "no-day")
    assert "row 2 of sheet B" in run(f"replay {path}").stdout
    assert out.read_text().splitlines()[0].startswith('"row","sheet",') and '2,"A",' in out.read_text()
    assert '"B",2,' in (tmp_path / "rows.findings.csv").read_text()
    assert "`sheet`" in (tmp_path / "rows.codebook.md").read_text()


def test_the_name_of_a_sheet_is_cleaned_where_it_is_written(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"=1+1": [HEADINGS, row()], "B\x1b": [HEADINGS, ["soon", "x", "PA"]]})
    out = tmp_path / "rows.csv"
    done = run(f"replay {path} --out {out}")
    assert "\x1b" not in done.stdout + (tmp_path / "rows.codebook.md").read_text() and "'=1+1" in out.read_text()


def test_costs_name_the_sheets_of_rows_that_overlap_or_are_refused(tmp_path: Path) -> None:
    headings, hold = ["person", "held_from", "held_until"], ["P1", date(2017, 11, 2), date(2017, 11, 4)]
    path = book(tmp_path / "a.xlsx", {"A": [headings, hold], "B": [headings, hold, ["P2", "soon", "later"]]})
    done = run(f"cost {path} --place us/fl/miami-dade --leave-out")
    said = " ".join((done.stdout + done.stderr).split())
    assert "row 2 of sheet B" in said and "same person in row 2 of sheet A" in said
    assert 'in sheet B: "soon" in held_from is not a day' in said


def test_costs_and_choices_name_the_sheets_that_are_left_out(tmp_path: Path) -> None:
    other: list[Row] = [
        ["from_day", "to_day", "x"],
        ["2017-03-01", "2017-03-09", "b"],
        ["2017-03-01", "2017-03-09", "c"],
    ]
    left_out = "Sheet B is left out with 2 rows: its headings are others."
    holds = book(tmp_path / "h.xlsx", {"A": [["held_from", "held_until"], ["2017-03-01", "2017-03-04"]], "B": other})
    costs = calls.cost(holds, place="us/fl/miami-dade")
    requests = book(tmp_path / "r.xlsx", {"A": [["date", "x"], ["2017-01-10", "y"]], "B": other})
    laws = ("us/fl/miami-dade@2017-01-25", "us/fl/miami-dade@2017-01-26")
    choice = calls.weigh(requests, *laws)
    for result in (costs, choice):
        assert left_out in result._repr_html_() and len(result.to_dict()["reading"]["accounts"]) == 2


def test_a_sheet_of_payments_that_is_left_out_is_named(tmp_path: Path) -> None:
    paid = [["on", "period", "paid"], ["2017-04-03", "2017-03", "5"]]
    path = book(tmp_path / "p.xlsx", {"A": paid, "B": [["day", "month", "x"], ["2017-05-03", "2017-04", "7"]]})
    holds = book(tmp_path / "h.xlsx", {"A": [["held_from", "held_until"], ["2017-03-01", "2017-03-04"]]})
    costs = calls.cost(holds, place="us/fl/miami-dade", payments=path)
    assert [finding.code for finding in costs.findings] == ["sheet-left-out"] and costs.ledger.balance("paid") == 500
    assert "sheet B of the payments is left out with 1 row" in costs._repr_html_()


def test_a_repeated_heading_in_another_sheet_leaves_it_out(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"A": [[*HEADINGS, "AOR"], row()], "B": [[*HEADINGS, "State"], [*row(), "NY"]]})
    _, rows, reading = read(path)
    assert len(rows) == 1 and reading.accounts[1].why == workbook.DOUBLED


@pytest.mark.parametrize("ending", [".xls", ".ods", ".xlsb", ".xlsx"])
def test_a_file_that_is_no_workbook(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{ending}"
    path.write_bytes(b"no workbook")
    opened, findings = open_table(path, READ)
    assert opened is None and [finding.code for finding in findings] == ["not-a-table"]
    assert "\n" not in findings[0].line()


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Data">
<table:table-row>{headings}</table:table-row>
<table:table-row><table:table-cell office:value-type="date" office:date-value="2016-02-01"><text:p>2/1/16</text:p>
</table:table-cell>{cells}</table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""


def test_an_ods_file_is_read(tmp_path: Path) -> None:
    def cells(texts: Row) -> str:
        return "".join(
            f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in texts
        )

    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr("content.xml", ODS.format(headings=cells(HEADINGS), cells=cells(row()[1:])))
    numbers, rows, reading = read(tmp_path / "a.ods")
    assert numbers == {"": [2]} and rows[0]["detainer_prepare_date"] == "2016-02-01"
    assert reading.format == "workbook (ods)"


def raw_book(path: Path, rows: str, *, strings: str = "", prefix: str = "") -> Path:
    """A workbook whose sheet has this XML between its rows' ends."""
    p = f"{prefix}:" if prefix else ""
    name = f"xmlns:{prefix}" if prefix else "xmlns"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="Data" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<{p}worksheet {name}="{MAIN}"><{p}sheetData>{rows}</{p}sheetData></{p}worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
        if strings:
            archive.writestr("xl/sharedStrings.xml", strings)
    return path


def inline(place: str, text: str, prefix: str = "") -> str:
    p = f"{prefix}:" if prefix else ""
    return f'<{p}c r="{place}" t="inlineStr"><{p}is><{p}t>{text}</{p}t></{p}is></{p}c>'


HEAD = f'<row r="1">{inline("A1", "date")}{inline("B1", "det_facility")}{inline("C1", "state")}</row>'
BODY = f'<row r="2">{inline("A2", "2016-02-01")}{inline("B2", "LEHIGH COUNTY JAIL")}{inline("C2", "PA")}</row>'
STRAY = {
    "at the last row": ('<row r="1048576">' + inline("A1048576", "x") + "</row>", [2, 1_048_576]),
    "in the last column": ('<row r="3">' + inline("XFD3", "x") + "</row>", [2, 3]),
    "at the last of all": ('<row r="1048576">' + inline("XFD1048576", "x") + "</row>", [2, 1_048_576]),
}


@pytest.mark.parametrize(("stray", "rows"), STRAY.values(), ids=STRAY)
def test_a_stray_cell_far_away_costs_nothing(stray: str, rows: list[int], tmp_path: Path) -> None:
    numbers, _, reading = read(raw_book(tmp_path / "a.xlsx", HEAD + BODY + stray))
    assert numbers == {"": rows}
    [account] = reading.accounts
    assert account.lines == rows[-1] and account.blank == rows[-1] - 3


@pytest.mark.skipif(not LIMITED, reason="only Linux heeds the limit of memory")
def test_a_reader_that_runs_out_of_memory_ends_in_one_line(tmp_path: Path) -> None:
    """A sheet in unusual XML, which calamine reads whole, with a cell at the end of the sheet: 549 GB were asked for."""
    p = "x"
    rows = (
        f'<x:row r="1">{inline("A1", "date", p)}{inline("B1", "city", p)}</x:row>'
        f'<x:row r="1048576">{inline("XFD1048576", "x", p)}</x:row>'
    )
    path = raw_book(tmp_path / "a.xlsx", rows, prefix=p)
    done = run(f"replay {path} --law us/fl/miami-dade@2017-02-01")
    assert done.exit_code == 2 and done.stdout == "" and done.stderr.count("\n") == 1
    assert "of memory" in done.stderr


def test_a_workbook_in_unusual_xml_is_read_by_calamine(tmp_path: Path) -> None:
    for name, rows in {
        "turned.xlsx": HEAD + BODY.replace('<c r="B2" t="inlineStr">', '<c t="inlineStr" r="B2">'),
        "comment.xlsx": HEAD + "<!-- by hand -->" + BODY,
    }.items():
        path = raw_book(tmp_path / name, rows)
        with pytest.raises(Unusual):
            open_xlsx(path)
        assert read(path)[0] == {"": [2]}


def test_a_workbook_that_declares_entities_or_unpacks_too_far_is_refused(tmp_path: Path) -> None:
    path = raw_book(tmp_path / "a.xlsx", HEAD + BODY)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/media/empty", b"\0" * (200 << 20), zipfile.ZIP_DEFLATED)
    opened, findings = open_table(path, READ)
    assert opened is None and "unpacks to" in findings[0].message
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as archive:
        archive.writestr("xl/_rels/workbook.xml.rels", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    opened, findings = open_table(tmp_path / "b.xlsx", READ)
    assert opened is None and "entities" in findings[0].message


def test_a_workbook_that_is_damaged_further_on_ends_in_words(tmp_path: Path) -> None:
    rows = HEAD + "".join(BODY.replace('"2"', f'"{at}"').replace('2"', f'{at}"') for at in range(2, 4))
    path = raw_book(tmp_path / "a.xlsx", rows + '<row r="2"></row>')  # rows in no order
    opened, _ = open_table(path, READ)
    assert opened
    with pytest.raises(InputFault, match="changes within it"):
        [*opened.pieces()]


def test_a_fault_of_the_reading_process_is_a_fault_of_this_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    (tmp_path / "python").write_text("#!/bin/sh\necho Traceback: a bug >&2\nexit 1\n")
    (tmp_path / "python").chmod(0o755)
    with pytest.raises(RuntimeError, match="a bug"):
        open_table(raw_book(tmp_path / "a.xlsx", HEAD + BODY), READ)


def test_a_table_that_is_opened_and_not_read_leaves_no_process(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"A": [HEADINGS, row()]})
    reader = workbook._Child(path)
    process = reader.process
    assert process.poll() is None
    del reader
    assert process.poll() is not None


def test_a_table_can_be_read_twice(tmp_path: Path) -> None:
    opened, _ = open_table(book(tmp_path / "a.xlsx", {"A": [HEADINGS, row(), row()]}), READ)
    assert opened
    assert [sum(cells.read for cells in opened.pieces()) for _ in range(2)] == [2, 2]
    assert opened.reading().accounts[0].rows == 2


FORMATS = [
    "",
    "0.00",
    "yyyy-mm-dd",
    "d/m/yy h:mm",
    "hh:mm",
    "[h]:mm",
    '"day" 0',
    "[Red]0",
    "mmm\\-yy",
    "General",
    '0 "s"',
]
CELLS: list[Any] = [
    None, "", 0, 1, -5, 2.5, 1e20, 1e-7, 0.1 + 0.2, 59, 61, 41_000, 43_831.25, True, False, "text", " a & <b> ", "é\n",
    "_x000D_", date(2016, 2, 29), datetime(2016, 2, 29, 13, 30, 5), time(12, 30), timedelta(days=1, hours=18), "Total", "=1/0",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(25))
def test_the_stream_reads_as_calamine_does(seed: int, tmp_path: Path) -> None:
    draw = random.Random(seed)
    writer = xlsxwriter.Workbook(
        tmp_path / "a.xlsx",
        {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": True, "in_memory": draw.random() < 0.5},
    )
    formats = [writer.add_format({"num_format": code}) if code else None for code in FORMATS]
    sheet = writer.add_worksheet("Data")
    sheet.write_row(0, 0, ["date", "b", "c", "d"])
    for at in range(1, 60):
        for place in range(4):
            cell = draw.choice(CELLS)
            if draw.random() < 0.7 and cell is not None and not (cell == "" and draw.random() < 0.5):
                number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
                sheet.write(at, place, cell, draw.choice(formats) if number and 1 <= cell < 1e6 else None)
    writer.close()
    plan = Plan(0, 1, (0, 2, None, 3), width=4)
    streamed, whole = (
        [*opened[0].blocks(plan)] for opened in (open_xlsx(tmp_path / "a.xlsx"), open_calamine(tmp_path / "a.xlsx"))
    )
    for of_stream, of_whole in zip(streamed, whole, strict=True):
        assert of_stream.numbers.tolist() == of_whole.numbers.tolist()
        assert {**of_stream.counts} == {**of_whole.counts}
        for first, second in zip(of_stream.columns, of_whole.columns, strict=True):
            assert first.to_pylist() == second.to_pylist()


def test_the_limits_are_set_before_a_file_is_opened() -> None:
    code = (
        "import resource; from comity.intake.sources import child; child._limit(); "
        "print(resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CPU)[0])"
    )
    if not LIMITED:
        pytest.skip("only Linux heeds both limits")
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert int(said[0]) <= child.MEMORY_MAX and int(said[1]) <= child.SECONDS_MAX
