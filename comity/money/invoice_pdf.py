"""An invoice as a PDF that a screen reader can read (PDF/UA-1). The same invoice gives the same bytes: no time of creation.

The layout is in `invoice.typ`. What fills it goes in as JSON, so that no text is ever taken for layout.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from comity.money.amount import format_dollars
from comity.money.invoice import Invoice, Line

LAYOUT = Path(__file__).with_name("invoice.typ")
STANDARD: Literal["ua-1"] = "ua-1"


def as_pdf(invoice: Invoice, name: str) -> bytes:
    """The PDF; `name` is the name of the place in words."""
    import typst  # noqa: PLC0415  a large library that only this function needs

    rates = dict.fromkeys(line.rate for line in invoice.lines)
    document = {
        "county": name,
        "period": invoice.name,
        "number": f"{invoice.place.rpartition('/')[2]}-{invoice.name}",
        "dated": invoice.until.isoformat(),
        "total": format_dollars(invoice.cents),
        "days": f"{invoice.days:,}",
        "lines": [_cells(number, line) for number, line in enumerate(invoice.lines, 1)],
        "rates": [f"{rate.words}: {rate.source} ({rate.evidence})." for rate in rates],
    }
    inputs = {"document": msgspec.json.encode(document).decode()}
    return typst.compile(
        LAYOUT.read_bytes(), format="pdf", pdf_standards=[STANDARD], sys_inputs=inputs, ignore_system_fonts=True
    )


def _cells(number: int, line: Line) -> list[str]:
    return [
        str(number),
        line.person or f"row {line.hold}",
        line.first.isoformat(),
        line.last.isoformat(),
        f"{line.days:,}",
        line.rate.words,
        format_dollars(line.cents),
    ]
