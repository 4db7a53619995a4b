"""The one reader of CSV tables: UTF-8, a heading with declared columns, a row a line. What cannot be read is a finding."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from comity.finding import Finding, Place, did_you_mean
from comity.textfile import read_text_file

BYTES_MAX = 50_000_000
CELL = re.compile(r'(?:^|,)(?:\s*"((?:[^"]|"")*)"\s*|([^",]*))(?=,|$)')
CELL_MAX = 10_000  # characters; the longest cell of the shipped tables has 600


class Row(Struct, frozen=True):
    """One row: its cells by column, without spaces around them, and its place in the file."""

    cells: Mapping[str, str]
    at: Place

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


def read_rows(path: Path, columns: Sequence[str]) -> tuple[list[Row], list[Finding]]:
    """The rows of a table that has the declared columns, and the faults in it; never raises.

    Every line below the heading is a row, a finding or empty. A row of another width than the heading is refused, and so
    is a line on which a quote is opened and not closed: no cell of these tables spans lines. Without one of the columns
    there are no rows. A further column is a warning, since it may be a misspelt one.
    """
    text, findings = read_text_file(path, BYTES_MAX)
    if text is None:
        return [], findings
    lines = text.split("\n")
    heading, fault = _cells_of(lines[0])
    of_heading = [*([_finding("row", path, 1, fault)] if fault else []), *_of_heading(heading, columns, path)]
    findings += of_heading
    if any(finding.grave for finding in of_heading):
        return [], findings
    rows: list[Row] = []
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        cells, fault = _cells_of(line)
        if not fault and len(cells) != len(heading):
            fault = f"this row has {_count(len(cells))}, and the heading has {_count(len(heading))}"
        if fault:
            findings.append(_finding("row", path, number, fault, "write one row a line, cells apart by commas"))
        else:
            rows.append(Row(dict(zip(heading, cells, strict=True)), Place(str(path), number)))
    return rows, findings


def read_overlaid(
    paths: Sequence[Path], columns: Sequence[str], key: Callable[[Row], Hashable]
) -> tuple[list[Row], list[Finding]]:
    """The rows of a table with others laid over it by key, and the faults in all of them; files that do not exist have none.

    The rows of a later table replace those that earlier ones have under the same keys, and the others join them. A key that one
    table gives twice is left to the caller.
    """
    found: dict[Hashable, list[Row]] = {}
    findings: list[Finding] = []
    for path in paths:
        rows, faults = read_rows(path, columns) if path.is_file() else ([], [])
        findings += faults
        of_table: dict[Hashable, list[Row]] = {}
        for row in rows:
            of_table.setdefault(key(row), []).append(row)
        found |= of_table
    return [row for rows in found.values() for row in rows], findings


def _of_heading(heading: Sequence[str], columns: Sequence[str], path: Path) -> Iterator[Finding]:
    help = f"its columns are {', '.join(columns)}"
    missing = [column for column in columns if column not in heading]
    if missing:
        yield _finding("column", path, 1, f"{path.name} lacks the column {missing[0]}", help)
        return
    for column in columns:
        if heading.count(column) > 1:
            yield _finding("column", path, 1, f"the column {column} is given twice", "keep one of them")
    for column in heading:
        if column not in columns:
            message = f'the column "{column}" is not read'
            yield Finding("column", Place(str(path), 1), message, did_you_mean(column, columns) or help, grave=False)


def _cells_of(line: str) -> tuple[list[str], str]:
    """The cells of a line, or why it has none."""
    if '"' in line:
        found = [*CELL.finditer(line)]
        if "".join(cell[0] for cell in found) != line:
            return [], "a quote opens or closes in the middle of a cell, or is not closed on its line"
        cells = [cell[2] if cell[1] is None else cell[1].replace('""', '"') for cell in found]
    else:
        cells = line.split(",")
    if any(len(cell) > CELL_MAX for cell in cells):
        return [], f"a cell has more than {CELL_MAX:,} characters"
    return [cell.strip() for cell in cells], ""


def _finding(code: str, path: Path, line: int, message: str, help: str = "") -> Finding:
    return Finding(code, Place(str(path), line), message, help)


def _count(cells: int) -> str:
    return "1 cell" if cells == 1 else f"{cells} cells"
