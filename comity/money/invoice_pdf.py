"""An invoice as a PDF that a screen reader can read (PDF/UA-1). The same invoice gives the same bytes: no time of creation.

The layout is in `invoice.typ`.
"""

from __future__ import annotations

from pathlib import Path

from comity.finding import Finding, Place
from comity.money.amount import format_dollars
from comity.money.invoice import Invoice, Line
from comity.present.pdf import render_pdf
from comity.present.pdf_text import printable

LAYOUT = Path(__file__).with_name("invoice.typ")


def as_pdf(invoice: Invoice, name: str) -> tuple[bytes, list[Finding]]:
    """The PDF; `name` is the name of the place in words.

    A finding that is not grave says where names have characters that no font here can show, or that cannot be seen.
    """
    rates = dict.fromkeys(line.rate for line in invoice.lines)
    document = {
        "county": printable(name),
        "period": invoice.name,
        "number": f"{invoice.place.rpartition('/')[2]}-{invoice.name}",
        "dated": invoice.until.isoformat(),
        "total": format_dollars(invoice.cents),
        "days": f"{invoice.days:,}",
        "lines": [_cells(number, line) for number, line in enumerate(invoice.lines, 1)],
        "rates": [printable(f"{rate.words}: {rate.source} ({rate.evidence}).", 0) for rate in rates],
    }
    return render_pdf(LAYOUT, document), _changed_names(invoice)


def _changed_names(invoice: Invoice) -> list[Finding]:
    """One finding for the names that the PDF shows with escapes or cut."""
    lines = [number for number, line in enumerate(invoice.lines, 1) if printable(line.person) != line.person]
    if not lines:
        return []
    others = f" and {len(lines) - 1:,} more" if len(lines) > 1 else ""
    message = f"the name in line {lines[0]}{others} has characters that the PDF cannot show, or is too long"
    help = "the PDF shows code points in their place; the CSV file has the name itself"
    return [Finding("name-not-shown", Place(f"invoice {invoice.name}"), message, help, grave=False)]


def _cells(number: int, line: Line) -> list[str]:
    return [
        str(number),
        printable(line.person) or f"row {line.hold}",
        line.first.isoformat(),
        line.last.isoformat(),
        f"{line.days:,}",
        line.rate.words,
        format_dollars(line.cents),
    ]
