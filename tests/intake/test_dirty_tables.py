"""500 variants of one table, as people save it: each is read rightly through its map, or refused in words; none is read wrongly.

A variant differs in its file, encoding, separator, quotation marks, titles, sheets, totals, blank lines, order of days, words for
nothing, codes, and in how it writes charges. Now and then a cell is wrong: then its row is refused, or its fact is unknown.
"""

from __future__ import annotations

import csv
import gzip
import io
import random
import zipfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
import xlsxwriter

from comity.facts.columns import values_of
from comity.facts.kinds import KnownList
from comity.facts.offenses import read_offenses
from comity.facts.vocabulary import read_vocabulary
from comity.intake.column_map.open_mapped import open_through
from comity.intake.column_map.read_map import read_column_map
from comity.intake.table import columns_read, find_reader

POLICIES = Path(__file__).parents[2] / "policies"
VOCABULARY = read_vocabulary(POLICIES)[0]
OFFENSES = read_offenses(POLICIES / "offenses.csv", VOCABULARY)[0]
READ = columns_read(VOCABULARY)
VARIANTS, BATCH = 500, 25
HEADINGS = ("Bkg #", "Name", "Detainer Rcvd", "Jail", "ICE form", "Pays?", "Notes")
FORMS = {
    "i247_2012": ("I-247 (12/12)", "247/12"),
    "i247d": ("I-247D", "D"),
    "i247n": ("I247N", "N"),
    "i247a": ("i-247a", "A"),
}
OFFENSES_USED = {"robbery": "ROBB-1", "dui": "DWI/DUI", "theft": "LARC 3"}
PAYS = ({True: "Y", False: "N"}, {True: "1", False: "0"}, {True: "yes", False: "no"}, {True: "X", False: "O"})
BLANKS = ("", "N/A", "NULL", "-", "(b)(6)", "nan", "unknown", "UNK9", "#N/A")
DAYS = {
    "mdy": ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y", "%m/%d/%Y 12:00:00 AM", "%b %d, %Y"),
    "dmy": ("%d/%m/%Y", "%d.%m.%Y", "%d-%b-%Y", "%d/%m/%Y 0:00"),
    "ymd": ("%Y/%m/%d", "%Y%m%d", "%Y.%m.%d"),
    "excel": ("",),
    "": ("%Y-%m-%d", "%Y-%m-%d 00:00:00"),
}
NOTES = ("", "see file", 'said: "no"', "a; b, c | d", "line one\nline two", "né à Paris", "total unknown")


class Variant:
    """One variant: its rows as cells, its map, and for each request the facts that must be read, None where it is refused."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        choose = self.random.choice
        self.order = choose([*DAYS])
        self.pattern = choose(DAYS[self.order])
        self.pays = choose(PAYS)
        self.layout = choose(("columns", "cell", "bookings", "none"))
        self.separator = choose((";", "|", "/ "))
        if self.layout == "cell" and self.separator == "/ ":
            self.separator = "||"
        self.complete = choose((True, False))
        self.rows: list[list[str]] = []
        self.expected: list[dict[str, Any] | None] = []
        for number in range(choose((1, 3, 12))):
            self.add(number)

    def day(self, day: date) -> str:
        if self.order == "excel":
            return str((day - date(1899, 12, 30)).days) + self.random.choice(("", ".0", ".75"))
        text = day.strftime(self.pattern)
        return text.replace("/0", "/").lstrip("0") if self.random.random() < 0.3 and "/" in self.pattern else text

    def add(self, number: int) -> None:
        """One request: one row, or a row for each charge."""
        choose, chance = self.random.choice, self.random.random
        day = date(2013, 1, 1) + timedelta(self.random.randrange(2500))
        form, pays = choose([*FORMS]), choose((True, False, None))
        facts: dict[str, Any] = {"request.received_on": day, "decision.on": day, "request.form": form}
        written = choose(FORMS[form])
        if chance() < 0.1:
            written = choose(BLANKS)
            del facts["request.form"]
        elif chance() < 0.05:
            written = "see attachment"
            del facts["request.form"]
        if pays is not None:
            facts["request.reimbursement_agreed"] = pays
        pays_written = choose(BLANKS) if pays is None else self.pays[pays]
        if pays is not None and chance() < 0.2:
            pays_written = pays_written.swapcase()
        day_written = self.day(day)
        refused = chance() < 0.04
        if refused:
            day_written = choose(("soon", "13/13/2013", "", "99999999"))
        charges = [choose([*OFFENSES_USED]) for _ in range(choose((0, 1, 2, 3)))]
        cells = [
            f"B{number}",
            f"Subject {number:04}",
            day_written,
            "LEON COUNTY JAIL",
            written,
            pays_written,
            choose(NOTES),
        ]
        self.rows += self.with_charges(cells, charges)
        if charges and self.layout != "none":
            known = tuple({"offense": charge} for charge in charges)
            facts["charges"] = KnownList(known, whole=self.complete)
        self.expected.append(None if refused else facts)

    def with_charges(self, cells: list[str], charges: Sequence[str]) -> list[list[str]]:
        texts = [OFFENSES_USED[charge] for charge in charges]
        if self.layout == "columns":
            return [[*cells, *texts, *[self.random.choice(("", "N/A"))] * (3 - len(texts))]]
        if self.layout == "cell":
            return [[*cells, self.separator.join(texts)]]
        if self.layout == "bookings":
            return [[*cells, text] for text in texts or [""]]
        return [cells]

    @property
    def headings(self) -> list[str]:
        more = {"columns": ["Chg 1", "Chg 2", "Chg 3"], "cell": ["Charges"], "bookings": ["Charge"], "none": []}
        return [*HEADINGS, *more[self.layout]]

    @property
    def map(self) -> dict[str, Any]:
        columns: dict[str, Any] = dict.fromkeys(self.headings, "ignore")
        columns |= {
            "Detainer Rcvd": {"fact": "request.received_on", **({"days": self.order} if self.order else {})},
            "Jail": "facility",
            "ICE form": {
                "fact": "request.form",
                "codes": {text: form for form, texts in FORMS.items() for text in texts},
            },
            "Pays?": {
                "fact": "request.reimbursement_agreed",
                "codes": {text: truth for truth, text in self.pays.items()},
            },
        }
        for at, name in enumerate(self.headings[len(HEADINGS) :], 1):
            columns[name] = {
                "fact": f"charges[{at}].offense", "complete": self.complete,
                "codes": {text: offense for offense, text in OFFENSES_USED.items()},
                **({"separator": self.separator} if self.layout == "cell" else {}),
            }  # fmt: skip
        booking = {"booking": "Bkg #"} if self.layout == "bookings" else {}
        return {"missing": ["UNK9"], **booking, "columns": columns}

    def save(self, folder: Path) -> Any:
        """The variant as a file or a frame of some kind."""
        kind = self.random.choice(("text",) * 6 + ("frame", "frame", "columnar", "workbook"))
        return getattr(self, kind)(folder)

    def text(self, folder: Path) -> Path:
        choose, chance = self.random.choice, self.random.random
        separator = choose((",", ";", "\t", "|"))
        output = io.StringIO()
        writer = csv.writer(
            output,
            delimiter=separator,
            quoting=choose((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
            lineterminator=choose(("\n", "\r\n")),
        )
        width = len(self.headings)
        if chance() < 0.3:
            writer.writerow(["DETAINERS OF THE EXAMPLE COUNTY JAIL", *[""] * (width - 1)])
        if chance() < 0.2:
            writer.writerow([""] * width)
        writer.writerow(self.headings)
        for row in self.rows:
            if chance() < 0.05:
                writer.writerow([""] * width)
            writer.writerow(row)
        if chance() < 0.3:
            writer.writerow(["Total", *[""] * (width - 2), str(len(self.rows))])
        encoding = choose(("utf-8", "utf-8", "utf-8-sig", "utf-16", "windows-1252"))
        content = output.getvalue().encode(encoding)
        ending = choose((".csv", ".txt", ".csv.gz", ".zip"))
        path = folder / f"table{ending}"
        if ending == ".zip":
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("table.csv", content)
        else:
            path.write_bytes(gzip.compress(content) if ending.endswith(".gz") else content)
        return path

    def frame(self, folder: Path) -> Any:
        table = self.arrow()
        return self.random.choice((table, table.to_pandas(), pl.from_arrow(table)))

    def columnar(self, folder: Path) -> Path:
        if self.random.random() < 0.5:
            parquet.write_table(self.arrow(), folder / "table.parquet")
            return folder / "table.parquet"
        frame = pd.DataFrame(self.rows, columns=self.headings)
        (folder / "table.jsonl").write_text(frame.to_json(orient="records", lines=True), encoding="utf-8")
        return folder / "table.jsonl"

    def arrow(self) -> pa.Table:
        columns = [pa.array([row[at] for row in self.rows], pa.string()) for at in range(len(self.headings))]
        return pa.table(columns, names=self.headings)

    def workbook(self, folder: Path) -> Path:
        """A workbook of one sheet or two, with titles, totals and a hidden sheet; days are text, numbers or days of the workbook."""
        path, chance = folder / "table.xlsx", self.random.random
        rows = self.rows
        cut = 0 if self.layout == "bookings" or chance() < 0.5 else len(rows) // 2
        with xlsxwriter.Workbook(path) as book:
            for at, part in enumerate([rows[:cut], rows[cut:]] if cut else [rows]):
                sheet = book.add_worksheet(f"FY{at}")
                above = self.random.choice((0, 1, 2))
                if above:
                    sheet.write_string(0, 0, "Detainers")
                for number, row in enumerate([self.headings, *part], above):
                    for column, cell in enumerate(row):
                        if cell:
                            sheet.write_string(number, column, cell)
                if chance() < 0.5:
                    sheet.write_string(above + len(part) + 2, 0, "TOTAL")
            if chance() < 0.3:
                hidden = book.add_worksheet("old")
                hidden.write_row(0, 0, self.headings)
                hidden.write_row(1, 0, rows[0])
                hidden.hide()
        return path


def read(table: Any, given: dict[str, Any]) -> tuple[list[dict[str, Any]], int] | str:
    """The facts of each request that was read and how many rows were refused; or why the table is refused."""
    column_map, findings = read_column_map(given, VOCABULARY)
    assert column_map, [finding.line() for finding in findings]
    opened, findings = open_through(table, READ, column_map, vocabulary=VOCABULARY, offenses=OFFENSES)
    if opened is None:
        return findings[0].line()
    reader, findings = find_reader(opened, VOCABULARY, OFFENSES)
    if reader is None:
        return findings[0].line()
    pieces = [reader.read_rows(cells) for cells in opened.pieces()]
    opened.ledger.check(sum(piece.cells.read for piece in pieces))
    facts = [values_of(row, VOCABULARY) for piece in pieces for row in piece.facts.to_pylist()]
    return facts, sum(len(piece.cells.refused) for piece in pieces)


@pytest.mark.parametrize("first", range(0, VARIANTS, BATCH))
def test_each_variant_is_read_rightly_or_refused_in_words(first: int, tmp_path: Path) -> None:
    refused_whole = 0
    for seed in range(first, first + BATCH):
        variant = Variant(seed)
        folder = tmp_path / str(seed)
        folder.mkdir()
        result = read(variant.save(folder), variant.map)
        if isinstance(result, str):
            assert ": " in result and result.endswith("]"), (seed, result)
            refused_whole += 1
            continue
        facts, refused = result
        expected = [row for row in variant.expected if row is not None]
        asked = [{path: row[path] for path in row if path != "request.asks"} for row in facts]
        assert (asked, refused) == (expected, len(variant.expected) - len(expected)), seed
    assert refused_whole <= BATCH // 10
