"""Invoices: their lines add up to what was billed, and the PDF is tagged, whole, and the same each time."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from typing import Any

import pyarrow as pa
import pytest

import comity
from comity.api import load
from comity.money.invoice import as_csv, build_invoice
from comity.money.invoice_pdf import as_pdf
from comity.present.pdf_text import printable
from tests.house.tree import ROOT

LIBRARY = load()
ROWS = {
    "person": ["Subject 0017", "#emph[Subject] 0018", None],
    "held_from": ["2017-11-02", "2017-11-28", "2017-12-05"],
    "days": ["3", "7", "1"],
}


def costs(**columns: list[str | None]) -> Any:
    return comity.cost(pa.table(columns or ROWS), place="us/fl/miami-dade", library=LIBRARY)


def test_the_lines_of_a_period_add_up_to_what_was_billed_for_it() -> None:
    costed = costs()
    invoice, findings = build_invoice(costed, "2017-11")
    assert invoice and not findings
    assert [(line.hold, line.first.day, line.last.day, line.days, line.cents) for line in invoice.lines] == [
        (1, 2, 4, 3, 33_900),
        (2, 28, 30, 3, 33_900),
    ]
    assert invoice.cents == costed.ledger.balance("billed", "2017-11") == 67_800
    rows = [*csv.DictReader(io.StringIO(as_csv(invoice)))]
    assert [row["amount"] for row in rows] == ["339.00", "339.00", "678.00"] and rows[-1]["days"] == "6"
    year, _ = build_invoice(costed, "2017")
    assert year and year.cents == costed.charged and year.days == costed.days


@pytest.mark.parametrize(
    ("period", "code"), [("2017-10", "nothing-to-bill"), ("november", "not-a-period"), ("2017-11-02", "not-a-period")]
)
def test_an_invoice_that_cannot_be_is_a_finding(period: str, code: str) -> None:
    invoice, findings = build_invoice(costs(), period)
    assert invoice is None and [finding.code for finding in findings] == [code]


def test_a_sum_of_days_that_reaches_beyond_the_period_is_not_torn() -> None:
    costed = costs(held_from=["2017-11-01"], held_until=["2018-01-01"], days=["9"])
    assert [finding.code for finding in build_invoice(costed, "2017-11")[1]] == ["beyond-the-period"]
    whole, _ = build_invoice(costed, "2017")
    assert whole and whole.cents == 101_700


def test_the_pdf_is_tagged_has_no_hour_in_it_and_is_the_same_in_another_process() -> None:
    invoice, _ = build_invoice(costs(), "2017-11")
    assert invoice
    pdf, findings = as_pdf(invoice, "Miami-Dade County, Florida")
    assert not findings
    assert pdf.startswith(b"%PDF-") and b"/StructTreeRoot" in pdf and b"/MarkInfo" in pdf and b"pdfuaid:part" in pdf
    assert b"CreationDate" not in pdf and b"CreateDate" not in pdf
    code = (
        "import hashlib, comity, pyarrow as pa; from comity.money.invoice import build_invoice; from comity.money.invoice_pdf import as_pdf\n"
        f"invoice, _ = build_invoice(comity.cost(pa.table({ROWS!r}), place='us/fl/miami-dade'), '2017-11')\n"
        "import sys; sys.stdout.buffer.write(as_pdf(invoice, 'Miami-Dade County, Florida')[0])"
    )
    again = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert again.stdout == pdf


@pytest.mark.parametrize("name", [
    "\u738b\u5c0f\u660e", "\U0001f600", "\U0001f468\u200d\U0001f469", "a\x1b[31mb", "a\x00b", "\u202eevil", "\ufffe", "\ud55c\uae00",
    "\u0e44\u0e17\u0e22", "\u0930\u093e\u092e", "\u0645\u062d\u0645\u062f", "\u0418\u0432\u0430\u043d", "e\u0301\u0327", "a\tb",
    "a\nb", "\U000e0041", "x" * 5_000,
])  # fmt: skip
def test_an_invoice_is_written_whatever_the_name(name: str) -> None:
    invoice, _ = build_invoice(costs(person=[name], held_from=["2017-11-02"], days=["3"]), "2017-11")
    assert invoice and invoice.lines[0].person == name
    pdf, findings = as_pdf(invoice, "Miami-Dade County, Florida")
    assert pdf.startswith(b"%PDF-") and b"pdfuaid:part" in pdf
    assert [finding.code for finding in findings] == (["name-not-shown"] if printable(name) != name else [])
    assert not any(finding.grave for finding in findings)


@pytest.mark.parametrize(("name", "shown"), [
    ("\u738b\u5c0f\u660e", "[U+738B U+5C0F U+660E]"), ("Wang \u738b Li", "Wang [U+738B] Li"), ("\U0001f468\u200d\U0001f469", "[U+1F468 U+200D U+1F469]"), ("\U0001f600", "\U0001f600"),
    ("a\x1bb\x00", "a\\x1bb\\x00"), ("\u202eevil", "U+202Eevil"), ("\u0930\u093e\u092e", "\u0930\u093e\u092e"), ("O'Neil", "O'Neil"),
    ("Nguy\u1ec5n", "Nguy\u1ec5n"), ("x" * 300, "x" * 199 + "\u2026"),
])  # fmt: skip
def test_what_no_font_has_is_shown_as_code_points(name: str, shown: str) -> None:
    assert printable(name) == shown


def test_the_finding_says_which_names_the_pdf_shows_otherwise() -> None:
    invoice, _ = build_invoice(
        costs(person=["A", "\u738b", "\x1b"], held_from=["2017-11-02"] * 3, days=["3", "3", "3"]), "2017-11"
    )
    assert invoice
    _, [finding] = as_pdf(invoice, "Miami-Dade County, Florida")
    assert finding.line() == (
        "invoice 2017-11: the name in line 2 and 1 more has characters that the PDF cannot show, or is too long; "
        "the PDF shows code points in their place; the CSV file has the name itself [name-not-shown]"
    )


@pytest.mark.parametrize(("name", "cell"), [
    ("=1+1", "'=1+1"), ("@SUM(1)", "'@SUM(1)"), ("-2+3", "'-2+3"), ("+1", "'+1"), ("\t=1", "'=1"), ("\r=1", "'=1"),
    ("\x1b[2J", "\\x1b[2J"), ("\u738b", "\u738b"), ("Subject 0017", "Subject 0017"),
])  # fmt: skip
def test_a_name_in_the_csv_starts_no_formula_and_hides_no_character(name: str, cell: str) -> None:
    invoice, _ = build_invoice(costs(person=[name], held_from=["2017-11-02"], days=["3"]), "2017-11")
    assert invoice
    [row, _] = csv.DictReader(io.StringIO(as_csv(invoice)))
    assert row["person"] == cell
