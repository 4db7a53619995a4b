"""A county's own figures for a comparison, as a file: each with its value, its day, its source and a note.

The file is a CSV table with the columns figure, value, day, source and note, or YAML with the same by figure. A figure without a
value is left out, and the published one is used.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from comity.board.figures import CountySource
from comity.board.inputs import GivenFigures
from comity.csvtext import read_rows
from comity.finding import Finding, Place, did_you_mean
from comity.money.amount import read_amount
from comity.money.assumptions import HELP as NUMBER_HELP
from comity.money.assumptions import parse_number
from comity.period import day_of
from comity.present.clean import cleaned
from comity.textfile import read_text_file
from comity.whole import whole_number
from comity.yamltext import read_yaml

VALUE, DAY, SOURCE, NOTE = "value", "day", "source", "note"
COLUMNS = ("figure", VALUE, DAY, SOURCE, NOTE)
DAYS, REQUESTS = "days_a_hold", "requests_a_year"
# What each figure is, and the field of `GivenFigures` that it sets.
MEANINGS = {
    "cost_a_day": "what one day in jail costs, in dollars, as in 150.25",
    "paid_a_day": "what the federal government pays for a day, in dollars; 0 where it pays nothing",
    DAYS: "how many days a hold lasts, as in 2.6 or 260/100",
    "at_stake": "the federal money that could be lost, in dollars",
    REQUESTS: "how many requests arrive in a year",
}
FIELDS = {"cost_a_day": "day_cost_cents", "paid_a_day": "paid_cents", DAYS: "days", "at_stake": "at_stake_cents"}
REQUESTS_MAX = 10_000_000
THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+")  # not 1,5, which is no whole number
BYTES_MAX, CELL_MAX = 1_000_000, 1_000
ENDINGS = (".csv", ".yaml", ".yml")


class Worksheet(Struct, frozen=True):
    """The figures of a file by name: the exact value (amounts in cents), and where it is from."""

    figures: Mapping[str, tuple[Fraction, CountySource]] = {}


def read_worksheet(path: Path) -> tuple[Worksheet, list[Finding]]:
    """The figures of a file, and a finding for each row that is refused; a figure without a value is left out."""
    if path.suffix.lower() not in ENDINGS:
        help = f"name a file that ends in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
        return Worksheet(), [Finding("not-a-worksheet", Place(str(path)), "this is no file of figures", help)]
    rows, findings = _read_yaml(path) if path.suffix.lower() != ".csv" else _read_csv(path)
    found: dict[str, tuple[Fraction, CountySource]] = {}
    for cells, at in rows:
        name, faults = cells["figure"], list(_faults(cells, at, found))
        findings += faults
        value = _value(name, cells[VALUE])
        if not faults and value is not None:
            note = "" if cells[NOTE] == MEANINGS[name] else cells[NOTE]  # the template explains each figure in its note
            found[name] = value, CountySource(on=day_of(cells[DAY]), source=cells[SOURCE], note=note)
    return Worksheet(found), findings


def _read_csv(path: Path) -> tuple[list[tuple[dict[str, str], Place]], list[Finding]]:
    rows, findings = read_rows(path, COLUMNS)
    return [({column: cleaned(row[column]) for column in COLUMNS}, row.at) for row in rows], findings


def _read_yaml(path: Path) -> tuple[list[tuple[dict[str, str], Place]], list[Finding]]:
    text, findings = read_text_file(path, BYTES_MAX)
    tree: Any = {}
    if text is not None:
        tree, faults = read_yaml(text, str(path))
        findings += faults
    if not isinstance(tree, Mapping):
        help = "write each figure as a name, with its value, day, source and note below it"
        return [], [*findings, Finding("not-a-worksheet", Place(str(path), 1), "this is no list of figures", help)]
    rows = []
    for name, below in tree.items():
        at, fields = Place(str(path), name.line), {} if below == "" else below
        if not isinstance(fields, Mapping) or not all(isinstance(value, str) for value in fields.values()):
            help = f"write {VALUE}, {DAY}, {SOURCE} and {NOTE} below its name, each with one text"
            findings.append(Finding("worksheet", at, f'refused: "{cleaned(name)}" is not written as a figure', help))
            continue
        unknown = [field for field in fields if field not in COLUMNS[1:]]
        findings += [
            Finding(
                "worksheet", at, f'refused: "{cleaned(field)}" is no part of a figure', did_you_mean(field, COLUMNS[1:])
            )
            for field in unknown
        ]
        if not unknown:
            rows.append(({"figure": cleaned(name), **{c: cleaned(fields.get(c, "")) for c in COLUMNS[1:]}}, at))
    return rows, findings


def _faults(cells: Mapping[str, str], at: Place, found: Mapping[str, Any]) -> Iterable[Finding]:
    """Why a row is refused; nothing of a row without a value."""
    name, text = cells["figure"], cells[VALUE]

    def refuse(message: str, help: str) -> Finding:
        return Finding("worksheet", at, f"refused: {message}", help)

    if name not in MEANINGS:
        yield refuse(f'there is no figure "{name}"', did_you_mean(name, MEANINGS) or f"one of {', '.join(MEANINGS)}")
        return
    if not text:
        return
    if name in found:
        yield refuse(f"{name} is given twice", "leave one row out")
    if _value(name, text) is None:
        help = NUMBER_HELP if name == DAYS else "an amount in dollars, as in 150.25"
        yield refuse(
            f'"{text}" is no value of {name}',
            f"a whole number from 1 to {REQUESTS_MAX:,}" if name == REQUESTS else help,
        )
    if day_of(cells[DAY]) is None:
        yield refuse(f"{name} has no day on which it was so", "write YYYY-MM-DD, as in 2026-03-01")
    if not cells[SOURCE]:
        yield refuse(f"{name} has no source", "say who gave the figure, and where it is written")
    yield from (
        refuse(f"the {c} of {name} has more than {CELL_MAX:,} characters", "shorten it")
        for c in COLUMNS[3:]
        if len(cells[c]) > CELL_MAX
    )


def _value(name: str, text: str) -> Fraction | None:
    """The exact value of a figure, amounts in cents; None where the text is none."""
    if name == DAYS:
        return parse_number(text)
    if name == REQUESTS:
        number = whole_number(text.replace(",", "")) if THOUSANDS.fullmatch(text) else None
        return Fraction(number) if number is not None and 1 <= number <= REQUESTS_MAX else None
    cents, faults = read_amount(text, Place(name))
    return None if faults else Fraction(cents)


def fill_in(
    given: GivenFigures, requests: int | None, worksheet: Worksheet
) -> tuple[GivenFigures, int | None, list[Finding]]:
    """The figures and the number of requests with those of a worksheet; a finding where a figure is given twice."""
    findings = [_given_twice(name) for name in worksheet.figures if _is_given(name, given, requests)]
    fields: dict[str, Any] = {"county_sources": {name: source for name, (_, source) in worksheet.figures.items()}}
    for name, (value, _) in worksheet.figures.items():
        if name == REQUESTS:
            requests = int(value)
        else:
            fields[FIELDS[name]] = value if name == DAYS else int(value)
    return replace(given, **fields), requests, findings


def _is_given(name: str, given: GivenFigures, requests: int | None) -> bool:
    if name == REQUESTS:
        return requests is not None
    return getattr(given, FIELDS[name]) is not None or (name == "paid_a_day" and given.unbilled)


def _given_twice(name: str) -> Finding:
    parameter = {REQUESTS: "requests", "paid_a_day": "not_billed"}.get(name) or FIELDS[name]
    return Finding(
        "given-twice", Place(parameter), f"{name} is also in the file of figures", "give it in one of the two"
    )


def template(ending: str) -> str:
    """An empty file of figures, as CSV or as YAML: every figure, and what it is."""
    if ending.lower() != ".csv":
        return "".join(
            f"# {MEANINGS[name]}\n{name}:\n{''.join(f'  {c}:{chr(10)}' for c in COLUMNS[1:])}" for name in MEANINGS
        )
    out = io.StringIO()
    rows: Sequence[Sequence[str]] = [COLUMNS, *((name, "", "", "", meaning) for name, meaning in MEANINGS.items())]
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
