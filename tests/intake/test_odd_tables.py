"""Tables that could be read wrongly without a word: each is read rightly, or what is odd about it is said."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from comity.api import load
from comity.finding import InputFault
from comity.intake.cells import open_table
from comity.intake.column_map.open_mapped import open_through
from comity.intake.column_map.read_map import read_column_map
from comity.intake.sources.heading_rows import is_total
from comity.intake.sources.quotes import Quotes
from comity.intake.sources.source import Reading, Refused
from comity.intake.table import columns_read, find_reader
from comity.law.library import Library

HEADINGS = "date,det_facility,state,detainer_type\n"
ROW = "2014-06-02,LEHIGH COUNTY JAIL,PA,I247D - x\n"
SHEET = ["request.received_on", "place", "subject.age"]


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


def read(path: Path) -> tuple[list[dict[str, Any]], list[Refused], Reading]:
    """The rows of a file, the rows refused, and how it was read."""
    opened, findings = open_table(path, columns_read(load().vocabulary))
    assert opened, findings[0].line()
    pieces = [*opened.pieces()]
    rows = [row for piece in pieces for row in piece.table.to_pylist()]
    return rows, [refusal for piece in pieces for refusal in piece.refused], opened.reading()


def written(folder: Path, content: str | bytes, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def fault_of(path: Path) -> str:
    """Why a file is refused when it is opened or read."""
    opened, findings = open_table(path, columns_read(load().vocabulary))
    if opened is None:
        return findings[0].message
    with pytest.raises(InputFault) as fault:
        list(opened.pieces())
    return str(fault.value)


def book(path: Path, rows: list[list[Any]], change: Callable[[Any], Any] | None = None) -> Path:
    writer = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    sheet = writer.add_worksheet()
    for at, cells in enumerate(rows):
        sheet.write_row(at, 0, cells)
    if change:
        change(sheet)
    writer.close()
    return path


@pytest.mark.parametrize("day", ["02.06.2014", "2.6.14", "2014.06.02", "20140602", "06022014", "2014 6 2"])
def test_a_day_alone_in_its_row_is_no_total(day: str, tmp_path: Path, library: Library) -> None:
    assert not is_total([day, ""])
    path = written(tmp_path, f"Rcvd,Note\n{day},\n{day},seen\n{day},\n,152\n")
    order = "ymd" if day.startswith("2014") else "mdy" if day == "06022014" else "dmy"
    column_map, _ = read_column_map(
        {"columns": {"Rcvd": {"fact": "request.received_on", "days": order}, "Note": "ignore"}}, library.vocabulary
    )
    read_names = columns_read(library.vocabulary)
    opened, _ = open_through(path, read_names, column_map, vocabulary=library.vocabulary, offenses=library.offenses)
    assert opened
    reader, _ = find_reader(opened, library.vocabulary, library.offenses)
    assert reader
    assert [row for cells in opened.pieces() for row in reader.read_rows(cells).facts["row"].to_pylist()] == [2, 3, 4]
    assert opened.reading().accounts[0].totals == 1


@pytest.mark.parametrize("number", ["152", "1,520", "$1,520.50", "41792", "(12)", "1 520"])
def test_a_number_alone_in_its_row_is_a_total(number: str) -> None:
    assert is_total([number, ""]) and is_total([number], 2) and not is_total([number], 1)


@pytest.mark.parametrize("between", ["", "a note", ROW.strip()])
def test_a_stray_mark_swallows_no_rows_beside_blank_or_short_lines(between: str, tmp_path: Path) -> None:
    text = HEADINGS + ROW + '2014-06-03,"LEHIGH,PA,x\n' + f"{between}\n" + ROW * 3 + '2014-06-03,LEHIGH",PA,x\n' + ROW
    rows, refused, reading = read(written(tmp_path, text))
    assert {2, 5, 6, 7, 8, 9} <= {row["row"] for row in rows} and refused[0].row == 3
    assert reading.accounts[0].continued == 0


def test_a_note_of_many_lines_is_one_cell() -> None:
    note = b'a,b,"Called, left word.\nHe said: yes, no, maybe, so\n\nno answer, again",d'.split(b"\n")
    assert not Quotes(b",", 4).swallows(note)
    wide = [b'1,2,3,4,5,"6', b"see page 2", b"1,2,3,4,5,6", b'1,2,3,4,5",6']
    assert Quotes(b",", 6).swallows(wide) and not Quotes(b",", 6).swallows([*wide[:2], wide[3]])


def test_a_huge_cell_that_names_a_total_costs_its_row(tmp_path: Path) -> None:
    rows, refused, _ = read(written(tmp_path, HEADINGS + f'2014-06-03,"{"x" * 140_000} total",PA,x\n' + ROW))
    assert [row["row"] for row in rows] == [3] and [refusal.code for refusal in refused] == ["cell-too-long"]


def test_headings_that_come_again_in_another_order_end_the_reading(tmp_path: Path) -> None:
    other = "date,state,det_facility,detainer_type\n2014-06-03,PA,LEHIGH COUNTY JAIL,I247D - x\n"
    assert "line 3 has headings again, in another order" in fault_of(written(tmp_path, HEADINGS + ROW + other))
    again = HEADINGS.replace(",", " , ")
    rows, _, reading = read(written(tmp_path, HEADINGS + ROW + again + ROW))
    assert [row["row"] for row in rows] == [2, 4] and reading.accounts[0].headings == 2
    on = date(2016, 2, 1)
    cells = [SHEET, [on, "us/pa/lehigh", 30], [SHEET[0], SHEET[2], SHEET[1]], [on, 40, "us/pa/lehigh"]]
    assert "row 3 has headings again, in another order" in fault_of(book(tmp_path / "a.xlsx", cells))


def test_a_text_written_as_a_formula_is_read_as_text(tmp_path: Path) -> None:
    text = 'date,msc_charge_code,="city"\n="2014-06-02",="0999",="a"\n2014-06-02,"=""0999""",b\n'
    rows, _, _ = read(written(tmp_path, text))
    assert [(row["detainer_prepare_date"], row["msc_charge_code"]) for row in rows] == [("2014-06-02", "0999")] * 2
    assert [row["facility_city"] for row in rows] == ["a", "b"]


@pytest.mark.parametrize("separator", ['", "', '" ,"', '" ; "'])
def test_spaces_beside_quotation_marks_are_left_out(separator: str, tmp_path: Path) -> None:
    rows = [SHEET, ["2014-06-02", 'THE "OLD", JAIL', "30"], ["2014-06-03", "two\nlines", ""]]
    lines = [f'"{separator.join(cell.replace(chr(34), chr(34) * 2) for cell in row)}"\n' for row in rows]
    found, refused, reading = read(written(tmp_path, "".join(lines)))
    assert [(row["place"], row["subject.age"]) for row in found] == [('THE "OLD", JAIL', "30"), ("two\nlines", None)]
    assert not refused and any("spaces" in note for note in reading.notes)


def test_rows_that_end_with_a_separator_more_than_the_headings_are_read(tmp_path: Path) -> None:
    rows, refused, reading = read(written(tmp_path, HEADINGS + ROW.replace("\n", ",\n") * 2))
    assert len(rows) == 2 and not refused and any("one separator more" in note for note in reading.notes)
    assert len(read(written(tmp_path, HEADINGS + ROW.replace("\n", ",\n") * 2 + "Source: the jail\n"))[0]) == 2
    rows, refused, _ = read(written(tmp_path, HEADINGS + ROW.replace("\n", ",\n") + ROW))
    assert [refusal.row for refusal in refused] == [2] and [row["row"] for row in rows] == [3]


def test_json_with_a_key_twice_is_refused(tmp_path: Path, library: Library) -> None:
    doubled = '{"date": "2014-06-02", "subject.age": 30, "subject.age": 17}\n'
    nested = '{"request": {"received_on": "2014-06-02", "form": "i247d"}, "subject": {"age": 30}}\n'
    both = '{"request.form": "i247a", "request": {"received_on": "2014-06-02", "form": "i247d"}}\n'
    rows, refused, _ = read(written(tmp_path, doubled + nested + both, "a.jsonl"))
    assert [refusal.message for refusal in refused] == [
        'it has the key "subject.age" twice',
        'it says "request.form" twice',
    ]
    assert [(row["row"], row["request.form"], row["subject.age"]) for row in rows] == [(2, "i247d", "30")]
    half = written(tmp_path, '{"date": "2014-06-02", "\\ud800": 1}\n', "b.jsonl")
    assert open_table(half)[0].names[1] == "\\ud800"  # type: ignore[union-attr]
    cell = '"[{""offense"": ""robbery"", ""offense"": ""dui""}]"'
    opened, _ = open_table(written(tmp_path, f"date,convictions\n2014-06-02,{cell}\n"))
    assert opened
    reader, _ = find_reader(opened, library.vocabulary, library.offenses)
    assert reader
    [piece] = [reader.read_rows(cells) for cells in opened.pieces()]
    assert [refusal.code for refusal in piece.cells.refused] == ["unreadable-cell"]


def test_hidden_files_of_an_archive_are_no_tables(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("jail/a.csv", HEADINGS + ROW)
        archive.writestr("jail/.DS_Store", "x")
    assert len(read(tmp_path / "a.zip")[0]) == 1


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"PK\3\4" + bytes(90), "is a newer workbook"),
        ("a.txt", b"\xd0\xcf\x11\xe0" + bytes(90), "is an old workbook"),
        ("a.xls", b"<html><table><tr><td>date</td></tr></table>", "is a web page"),
        ("b.xls", b"date\tplace\n2014-06-02\tus/pa\n", "is delimited text"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + bytes(90), "has a password"),
    ],
)
def test_a_file_of_another_kind_than_its_ending_says_so(name: str, content: bytes, says: str, tmp_path: Path) -> None:
    assert says in fault_of(written(tmp_path, content, name))


def test_errors_and_formulas_without_a_value_are_said_and_not_blank(tmp_path: Path) -> None:
    on = date(2016, 2, 1)

    def change(sheet: Any) -> None:
        for at, value in enumerate(["#DIV/0!", "#N/A", 30, 31]):
            sheet.write_formula(1 + at, 2, "=20+10", None, value)

    path = book(tmp_path / "a.xlsx", [SHEET, *[[on, "us/pa/lehigh"]] * 4], change)
    changed = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as given, zipfile.ZipFile(changed, "w") as archive:
        for member in given.infolist():
            content = given.read(member)
            archive.writestr(member, re.sub(rb"<v>31</v>", b"<v></v>", content))
    assert [row["subject.age"] for row in read(changed)[0]] == ["#DIV/0!", None, "30", "=20+10"]


def test_what_a_sheet_hides_or_merges_is_said(tmp_path: Path) -> None:
    on = date(2016, 2, 1)

    def change(sheet: Any) -> None:
        sheet.set_row(2, None, None, {"hidden": 1})
        sheet.set_column(1, 1, None, None, {"hidden": 1})
        sheet.merge_range(1, 1, 3, 1, "us/pa/lehigh")
        sheet.merge_range(0, 4, 0, 6, "more")

    path = book(tmp_path / "a.xlsx", [SHEET, *[[on, "", 30]] * 3], change)
    rows, _, reading = read(path)
    assert [row["place"] for row in rows] == ["us/pa/lehigh", None, None]
    assert [" ".join(note.split()[:6]) for note in reading.notes] == [
        "the sheet hides 1 of its", "the sheet has 1 merged cells", "the sheet hides columns that are",
    ]  # fmt: skip


def test_a_column_of_numbers_alone_is_read_row_by_row(tmp_path: Path) -> None:
    rows, _, reading = read(book(tmp_path / "a.xlsx", [["request.received_on"], [42_401], [42_402]]))
    assert len(rows) == 2 and reading.accounts[0].totals == 0 and not reading.notes


def test_days_that_a_spreadsheet_program_may_have_exchanged_are_counted(tmp_path: Path, library: Library) -> None:
    days = [f"2015-{month:02}-{day:02}" for month in (3, 5, 7) for day in (2, 4, 9)]
    texts = [f"{month}/{day}/2015" for month in (3, 6, 9) for day in (13, 22, 30)]
    column_map, _ = read_column_map(
        {"columns": {"Rcvd": {"fact": "request.received_on", "days": "mdy"}}}, library.vocabulary
    )
    names = columns_read(library.vocabulary)

    def findings_of(cells: list[str], heading: str, mapped: bool) -> dict[str, int]:
        path = written(tmp_path, "\n".join([heading + ",n", *(f"{cell},x" for cell in cells)]))
        opened, _ = open_through(
            path, names, column_map if mapped else None, vocabulary=library.vocabulary, offenses=library.offenses
        )
        assert opened
        reader, _ = find_reader(opened, library.vocabulary, library.offenses)
        assert reader
        return dict(next(reader.read_rows(cells) for cells in opened.pieces()).findings)

    for heading, mapped in (("Rcvd", True), ("date", False)):
        assert findings_of(days + texts, heading, mapped) == {"days-exchanged": 9}
        assert findings_of([*days, "2015-03-31", *texts], heading, mapped) == {}
        assert findings_of([*days, *texts, "3/4/2015"], heading, mapped) == {}


def test_a_sheet_that_is_a_copy_of_another_is_said(tmp_path: Path) -> None:
    rows = [[SHEET, *([date(2016, 2, at), "us/pa/lehigh", 30 + at] for at in range(1, 13))] for _ in range(3)]
    rows[1].insert(0, ["a title"])
    rows[2][12][2] = 99
    writer = xlsxwriter.Workbook(tmp_path / "a.xlsx", {"default_date_format": "yyyy-mm-dd"})
    for name, cells in zip(["Data", "Data (2)", "Other"], rows, strict=True):
        sheet = writer.add_worksheet(name)
        for at, row in enumerate(cells):
            sheet.write_row(at, 0, row)
    writer.close()
    found, _, reading = read(tmp_path / "a.xlsx")
    assert len(found) == 36
    assert [note for note in reading.notes if "same rows" in note] == [
        "sheet Data (2) has the same rows as sheet Data, as a copy has; the rows of both are counted"
    ]


def test_headings_that_collide_with_names_of_the_program_are_read(tmp_path: Path, library: Library) -> None:
    text = "Rcvd,row,Age,Age (2),Age\n3/4/2015,B1,29,30,31\n3/4/2015,B2,29,30,31\n"
    columns = {"Rcvd": {"fact": "request.received_on", "days": "mdy"}, "Age (2)": "subject.age"}
    column_map, _ = read_column_map({"booking": "row", "columns": columns}, library.vocabulary)
    opened, _ = open_through(
        written(tmp_path, text), columns_read(library.vocabulary), column_map,
        vocabulary=library.vocabulary, offenses=library.offenses,
    )  # fmt: skip
    assert opened
    [cells] = opened.pieces()
    assert cells.table.select(["row", "subject.age"]).to_pylist() == [
        {"row": 2, "subject.age": "30"}, {"row": 3, "subject.age": "30"},
    ]  # fmt: skip


def test_a_fact_in_other_capitals_is_an_unknown_fact(tmp_path: Path, library: Library) -> None:
    opened, _ = open_table(written(tmp_path, "request.received_on,Subject.Age\n2014-06-02,30\n"))
    assert opened
    reader, [finding] = find_reader(opened, library.vocabulary, library.offenses)
    assert reader is None and finding.code == "unknown-fact" and "subject.age" in finding.help
    opened, _ = open_table(written(tmp_path, "request.received_on,Subject.ID\n2014-06-02,30\n"))
    assert opened and find_reader(opened, library.vocabulary, library.offenses)[0]


def test_what_databases_write_for_nothing_is_blank(tmp_path: Path) -> None:
    rows, _, _ = read(
        written(tmp_path, "date,city\n" + "".join(f"2014-06-02,{mark}\n" for mark in (r"\N", "[NULL]", "<null>")))
    )
    assert [row["facility_city"] for row in rows] == [None] * 3


def test_an_ods_file_that_hides_rows_says_so(tmp_path: Path) -> None:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = [SHEET, ["2016-02-01", "us/pa", "30"], ["2016-02-02", "us/pa", "31"]]
    written_rows = [
        f"<table:table-row {hidden}>{''.join(map(text.format, row))}</table:table-row>"
        for row, hidden in zip(rows, ("", "", 'table:visibility="filter"'), strict=True)
    ]
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="A &amp; B">'
            f"{''.join(written_rows)}</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    found, _, reading = read(tmp_path / "a.ods")
    assert len(found) == 2 and [note.partition(",")[0] for note in reading.notes] == [
        "the sheet hides some of its rows"
    ]
