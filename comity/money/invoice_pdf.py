"""An invoice as a PDF that a screen reader can read (PDF/UA-1): the same bytes each time, with no hour of its making in it.

The layout is a file of its own, `invoice.typ`; what it is filled with goes in as JSON, so that no text is ever taken for layout.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from comity.money.amount import dollars
from comity.money.invoice import Invoice, Line

LAYOUT = Path(__file__).with_name("invoice.typ")
STANDARD: Literal["ua-1"] = "ua-1"


def as_pdf(own: Invoice, name: str) -> bytes:
    """The PDF; `name` is the place's name in words."""
    import typst  # noqa: PLC0415  a large library, for this alone

    rates = dict.fromkeys(line.rate for line in own.lines)
    document = {
        "county": name,
        "period": own.name,
        "number": f"{own.place.rpartition('/')[2]}-{own.name}",
        "dated": own.until.isoformat(),
        "total": dollars(own.cents),
        "days": f"{own.days:,}",
        "lines": [_cells(number, line) for number, line in enumerate(own.lines, 1)],
        "rates": [f"{rate.words}: {rate.source} ({rate.evidence})." for rate in rates],
    }
    inputs = {"document": msgspec.json.encode(document).decode()}
    return typst.compile(
        LAYOUT.read_bytes(), format="pdf", pdf_standards=[STANDARD], sys_inputs=inputs, ignore_system_fonts=True
    )


def _cells(number: int, line: Line) -> list[str]:
    who = line.person or f"row {line.hold}"
    return [
        str(number),
        who,
        line.first.isoformat(),
        line.last.isoformat(),
        f"{line.days:,}",
        line.rate.words,
        dollars(line.cents),
    ]
