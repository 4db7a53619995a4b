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
from comity.money.invoice import as_csv, invoice_of
from comity.money.invoice_pdf import as_pdf
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
    invoice, findings = invoice_of(costed, "2017-11")
    assert invoice and not findings
    assert [(line.hold, line.first.day, line.last.day, line.days, line.cents) for line in invoice.lines] == [
        (1, 2, 4, 3, 33_900),
        (2, 28, 30, 3, 33_900),
    ]
    assert invoice.cents == costed.ledger.balance("billed", "2017-11") == 67_800
    rows = [*csv.DictReader(io.StringIO(as_csv(invoice)))]
    assert [row["amount"] for row in rows] == ["339.00", "339.00", "678.00"] and rows[-1]["days"] == "6"
    year, _ = invoice_of(costed, "2017")
    assert year and year.cents == costed.charged and year.days == costed.days


@pytest.mark.parametrize(
    ("period", "code"), [("2017-10", "nothing-to-bill"), ("november", "not-a-period"), ("2017-11-02", "not-a-period")]
)
def test_an_invoice_that_cannot_be_is_a_finding(period: str, code: str) -> None:
    invoice, findings = invoice_of(costs(), period)
    assert invoice is None and [finding.code for finding in findings] == [code]


def test_a_sum_of_days_that_reaches_beyond_the_period_is_not_torn() -> None:
    costed = costs(held_from=["2017-11-01"], held_until=["2018-01-01"], days=["9"])
    assert [finding.code for finding in invoice_of(costed, "2017-11")[1]] == ["beyond-the-period"]
    whole, _ = invoice_of(costed, "2017")
    assert whole and whole.cents == 101_700


def test_the_pdf_is_tagged_has_no_hour_in_it_and_is_the_same_in_another_process() -> None:
    invoice, _ = invoice_of(costs(), "2017-11")
    assert invoice
    pdf = as_pdf(invoice, "Miami-Dade County, Florida")
    assert pdf.startswith(b"%PDF-") and b"/StructTreeRoot" in pdf and b"/MarkInfo" in pdf and b"pdfuaid:part" in pdf
    assert b"CreationDate" not in pdf and b"CreateDate" not in pdf
    code = (
        "import hashlib, comity, pyarrow as pa; from comity.money.invoice import invoice_of; from comity.money.invoice_pdf import as_pdf\n"
        f"invoice, _ = invoice_of(comity.cost(pa.table({ROWS!r}), place='us/fl/miami-dade'), '2017-11')\n"
        "import sys; sys.stdout.buffer.write(as_pdf(invoice, 'Miami-Dade County, Florida'))"
    )
    again = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert again.stdout == pdf
