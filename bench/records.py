"""Made-up records in the published format, as tables of any length: Parquet, CSV, and a workbook.

Their columns have the names of the processed file. Their values are drawn from short lists and describe nobody.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from comity.intake import headings, published
from comity.law.library import Library

FIRST, DAYS = date(2007, 1, 1), 6_940  # to the end of 2025
READ = (
    *(
        headings.RECEIVED,
        headings.FORM,
        headings.FACILITY,
        headings.CITY,
        headings.STATE,
        headings.LIFTED,
        "unique_identifier",
    ),
    *(published.CODE, published.CONVICTED, published.CRIMINALITY, published.ASKED_FOR_NOTICE, headings.FINAL_ORDER),
    *("deportation_ordered_yes_no", "biometric_match_yes_no", "prior_felony_yes_no", "illegal_reentry_yes_no"),
)
WIDE = 65
DRAWN: dict[str, Sequence[str | None]] = {
    headings.FORM: (
        "I247A - Immigration Detainer - Notice of Action",
        "I247D - Immigration Detainer - Request for Voluntary Action",
        "I247N - Request for Voluntary Notification",
        "I247 - Immigration Detainer",
        None,
    ),
    headings.CITY: (None,),
    headings.LIFTED: ("Lifted", "Booked In", "Died", None),
    published.CRIMINALITY: ("1 Convicted Criminal", "2 Pending Criminal Charges", "3 Other Immigration Violator"),
}
WORKBOOK = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    "</Types>",
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="Detainers" sheetId="1" r:id="r1"/>'
    "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
    '<Relationship Id="r2" Type="{office}/styles" Target="styles.xml"/>'
    '<Relationship Id="r3" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    "xl/styles.xml": '<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
}
SPACES = {
    "main": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "office": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
DISTINCT = 1_000  # rows of a workbook that differ in more than the person's number
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def columns(wide: int) -> list[str]:
    """The first `wide` names of the published format, beginning with those that comity reads."""
    return [*READ, *sorted(headings.PUBLISHED - {*READ})][:wide]


def select(rows: int, library: Library, names: Sequence[str]) -> str:
    """The SQL that makes rows."""
    jails = [(f"{place.name.upper()} JAIL", path.split("/")[1].upper()) for path, place in _counties(library)]
    drawn = {**DRAWN, headings.FACILITY: [name for name, _ in jails], headings.STATE: [state for _, state in jails]}
    cells = [f"{_cell(name, at, drawn, library)} AS {name}" for at, name in enumerate(names)]
    return f"SELECT {', '.join(cells)} FROM range({rows}) numbers(i)"


def _counties(library: Library) -> Iterator[tuple[str, Any]]:
    return ((path, place) for path, place in library.gazetteer.places.items() if path.count("/") == 2)


def _cell(name: str, at: int, drawn: dict[str, Sequence[str | None]], library: Library) -> str:
    number = f"hash(i * 97 + {WIDE if name in (headings.FACILITY, headings.STATE) else at})"  # a jail and its state go together
    if name == "unique_identifier":
        return "'made up ' || i"
    if name in drawn or name == published.CODE or name.endswith("_yes_no"):
        values = drawn.get(name) or (["YES", "NO", None] if name.endswith("_yes_no") else [*library.offenses])
        texts = ", ".join("NULL" if value is None else "'" + value.replace("'", "''") + "'" for value in values)
        return f"([{texts}])[1 + ({number} % {len(values)})::INT]"
    if name.endswith("_date"):
        return f"strftime(DATE '{FIRST}' + ({number} % {DAYS})::INT, '%Y-%m-%d')"
    return f"'MADE UP ' || ({number} % 40)"


def write(path: Path, rows: int, library: Library, wide: int) -> None:
    """Writes a file of made-up records, of the kind that its suffix names."""
    names = columns(wide)
    with duckdb.connect(":memory:") as database:
        if path.suffix == ".xlsx":
            write_workbook(path, rows, names, database.sql(select(min(rows, DISTINCT), library, names)).fetchall())
        else:
            form = "(FORMAT parquet)" if path.suffix == ".parquet" else "(HEADER)"
            database.execute(f"COPY ({select(rows, library, names)}) TO '{path}' {form}")


def write_workbook(path: Path, rows: int, names: Sequence[str], cells: Sequence[Sequence[Any]]) -> None:
    """Writes a workbook as an office program does: texts in a shared table, days as numbers with a style."""
    person = names.index("unique_identifier")
    texts = {
        text: place
        for place, text in enumerate(dict.fromkeys([*names, *(str(cell) for row in cells for cell in row if cell)]))
    }
    lines = [_line(row, person, texts) for row in cells]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, content in WORKBOOK.items():
            book.writestr(name, content.replace("{main}", SPACES["main"]).replace("{office}", SPACES["office"]))
        with book.open("xl/sharedStrings.xml", "w") as out:
            out.write(f'<sst xmlns="{SPACES["main"]}">'.encode())
            out.write("".join(f"<si><t>{text.replace('&', '&amp;')}</t></si>" for text in texts).encode())
            out.writelines(f"<si><t>made up {number}</t></si>".encode() for number in range(rows))
            out.write(b"</sst>")
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as out:
            out.write(f'<worksheet xmlns="{SPACES["main"]}"><sheetData>'.encode())
            out.write(_line(names, -1, texts).replace("#", "1").encode())
            for number in range(rows):
                line = lines[number % len(lines)].replace("#", str(number + 2)).replace("@", str(len(texts) + number))
                out.write(line.encode())
            out.write(b"</sheetData></worksheet>")


def _line(row: Sequence[Any], person: int, texts: dict[str, int]) -> str:
    """A row of the sheet, with # for its number and @ for the index of the person's text."""
    cells = []
    for at, cell in enumerate(row):
        column = (chr(64 + at // 26) if at >= 26 else "") + chr(65 + at % 26)
        if at == person:
            cells.append(f'<c r="{column}#" t="s"><v>@</v></c>')
        elif cell and DAY.fullmatch(cell):
            cells.append(f'<c r="{column}#" s="1"><v>{(date.fromisoformat(cell) - date(1899, 12, 30)).days}</v></c>')
        elif cell:
            cells.append(f'<c r="{column}#" t="s"><v>{texts[str(cell)]}</v></c>')
    return f'<row r="#">{"".join(cells)}</row>'
