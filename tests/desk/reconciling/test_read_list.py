"""A list is read from CSV, XLSX and Parquet with usual headings or a map; nothing of it that names a person stays."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
import xlsxwriter

import comity
from comity.desk.name_forms import name_forms, number_forms
from comity.desk.reconciling.list_words import OUTCOMES, read_outcome
from comity.desk.reconciling.memory_file import in_memory
from comity.desk.reconciling.read_list import ListArguments, ReadList, read_list
from comity.desk.sealing import DeskKey, normal
from comity.finding import Finding

LIBRARY = comity.load()
BLIND = DeskKey(bytes(32)).blind
CSV = b"""Inmate Name,DOB,Alien Number,Detainer Recvd,ICE Form,Outcome,Facility,State
"Vantreight, Quillon",1990-01-02,A 12 345,2026-11-02,I-247A,Picked up,TURNER GUILFORD KNIGHT CORRECTIONAL CENTER,FL
Quillon,,,soon Quillon,I-247A,,Broward County Jail,FL
,,,,,,Broward County Jail,FL
Quillon Osei,,,2026-11-03,I-247,Duplicate,HIALEAH POLICE DEPARTMENT,FL
Unknown,,,2026-11-04,letter,Moved,Broward County Jail,FL
"""


def read(content: bytes, name: str = "list.csv", **arguments: Any) -> tuple[ReadList | None, list[Finding]]:
    return read_list(content, name, ListArguments(**arguments), library=LIBRARY, place="us/fl/miami-dade", blind=BLIND)


def listing(content: bytes, name: str = "list.csv", **arguments: Any) -> ReadList:
    found, findings = read(content, name, **arguments)
    assert found is not None, findings
    return found


def digest(field: str, text: str) -> str:
    return BLIND(field, text)


def test_a_csv_with_usual_headings() -> None:
    found = listing(CSV)
    assert [each.row for each in found.entries] == [2, 5, 6]
    assert [(each.row, each.code) for each in found.unread] == [(3, "no-day"), (4, "no-day")]
    first, second, third = found.entries
    assert (first.day, first.form, first.outcome, first.where) == (date(2026, 11, 2), "i247a", "taken", "here")
    assert (
        digest("name", "Quillon Vantreight") in first.keys["name"]
        and digest("born_on", "1990-01-02") in first.keys["born_on"]
    )
    assert digest("a_number", "A000012345") in first.keys["a_number"]
    assert (second.form, second.where, second.marked_duplicate) == ("i247", "another_station", True)
    assert (third.form, third.outcome, third.where, third.keys) == ("", "", "not_this_jail", {})


def test_nothing_that_names_a_person_stays() -> None:
    text = msgspec.json.encode(listing(CSV)).decode().casefold()
    assert not [word for word in ("quillon", "vantreight", "12345", "1990") if word in text]


def workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("FY2027")
        sheet.write(0, 0, "Prepared for the desk")
        for row, cells in enumerate(
            [("Last Name", "First Name", "Book No", "Date received"), ("Osei", "Quillon", "B-1", "11/02/2026")]
        ):
            sheet.write_row(row + 2, 0, cells)
    return out.getvalue()


def release() -> bytes:
    out = io.BytesIO()
    columns = {
        "Detainer Prepare Date": [date(2026, 11, 2), None], "Detainer Type": ["I247A - Immigration Detainer - Notice of Action"] * 2,
        "Detention Facility": ["DADE COUNTY JAIL"] * 2, "Facility State": ["FLORIDA"] * 2, "Alien File Number": ["(b)(6)"] * 2,
        "Detainer Lift Reason": ["Booked into Detention", None],
    }  # fmt: skip
    parquet.write_table(pa.table(columns), out)
    return out.getvalue()


@pytest.mark.parametrize(("make", "name", "days"), [(workbook, "LIST.XLSX", "mdy"), (release, "release.parquet", "")])
def test_other_kinds_of_file(make: Callable[[], bytes], name: str, days: str) -> None:
    found = listing(make(), name, days=days)
    assert [each.day for each in found.entries] == [date(2026, 11, 2)]
    if days:
        assert digest("name", "Osei, Quillon") in found.entries[0].keys["name"] and "booking" in found.entries[0].keys
    else:
        assert found.entries[0].keys == {} and found.entries[0].outcome == "taken" and found.entries[0].form == "i247a"
        assert [each.row for each in found.unread] == [2]


def test_a_map_of_columns_and_the_names_of_the_jail() -> None:
    content = b"Who,When,Ou,Paper\nSubject 0017,2/11/2026,Annex,X\nSubject 0018,3/11/2026,Elsewhere,X\n"
    column_map = b"""days: dmy
columns:
  Who: name
  When: request.received_on
  Ou: station
  Paper:
    fact: request.form
    codes: {X: i247a}
"""
    found = listing(content, column_map=column_map, our_names=["ANNEX"])
    assert [(each.day, each.form, each.where) for each in found.entries] == [
        (date(2026, 11, 2), "i247a", "here"), (date(2026, 11, 3), "i247a", "another_station"),
    ]  # fmt: skip
    assert len(found.column_map) == 64 and found.digest != found.column_map


@pytest.mark.parametrize(
    ("content", "name", "arguments", "code"),
    [
        (b"", "list.csv", {}, "no-list"), (CSV, "list.exe", {}, "no-list"), (b"a,b\n1,2\n", "list.csv", {}, "no-column"),
        (b"PAR1 and no more", "list.parquet", {}, "not-a-table"), (b"PK no workbook", "list.xlsx", {}, "not-a-table"),
        (CSV, "list.csv", {"column_map": b"columns:\n  Outcome: nam\n"}, "unknown-fact"),
        (CSV, "list.csv", {"column_map": b"columns:\n  Quillon: name\n"}, "no-column"),
        (b"day\n" + b"2026-11-02\n" * 20_001, "list.csv", {}, "too-long"),
    ],
)  # fmt: skip
def test_what_is_refused(content: bytes, name: str, arguments: dict[str, bytes], code: str) -> None:
    found, findings = read(content, name, **arguments)
    assert found is None and [finding.code for finding in findings] == [code]
    assert "/" not in findings[0].place.source and "list." not in findings[0].message


def test_names_and_numbers_as_they_may_be_written() -> None:
    plain = {normal(text) for text in name_forms("OSEI, Quillon J.")}
    assert plain == {"oseiquillonj", "quillonosei", "oseiquillon", "quillonjosei"}
    assert {normal(text) for text in name_forms("", "Osei", "Quillon")} == {"quillonosei", "oseiquillon"}
    assert normal("Quillon Osei") in {normal(text) for text in name_forms("Osei Quillon")}
    assert number_forms("87-654") == {"87654", "A87654", "000087654", "A000087654"} == number_forms("a 87654")
    assert number_forms("A012345678") == number_forms("A12345678")  # one number, with and without its zero
    assert number_forms("-") == {"-"} and name_forms("") == number_forms("") == set()


def test_each_reason_of_the_releases_is_read() -> None:
    assert all(read_outcome(word.upper()) == outcome for outcome, words in OUTCOMES.items() for word in words)
    assert read_outcome("Transferred") == read_outcome("ACTIVE") == ""


def test_a_file_in_memory_is_on_no_disk(tmp_path: Path) -> None:
    with in_memory(b"day\n2026-11-02\n", ".csv") as path:
        assert path.read_bytes() == b"day\n2026-11-02\n" and path.is_symlink()
    assert not path.exists()
