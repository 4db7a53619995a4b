"""A brief for a board as one page of PDF that a screen reader can read (PDF/UA-1): the same bytes each time, with no hour of its making.

The layout is a file of its own, `brief.typ`; what it is filled with goes in as JSON, so that no text is ever taken for layout.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

LAYOUT = Path(__file__).with_name("brief.typ")
SIZES = (9.0, 8.5, 8.0, 7.5, 7.0)  # of its letters, in points: the largest at which it fits on one page is taken
TOO_LONG = "a brief is one page"
STANDARD: Literal["ua-1"] = "ua-1"
Rows = tuple[tuple[str, ...], ...]


class Brief(Struct, frozen=True):
    """What the page says. `choices` are rows of a label and what each law comes to; `liability` of a case, what a person came to, and
    what the people held would; `chart` is a picture as SVG, and `chart_told` says it in words."""

    title: str
    county: str
    dated: str
    question: str
    choices_head: tuple[str, ...]
    choices: Rows
    choices_note: str
    money: tuple[str, ...]
    liability_head: tuple[str, ...]
    liability: Rows
    liability_note: str
    turn: str
    chart: str
    chart_told: str
    chart_note: str
    open: tuple[str, ...]
    sources: str
    foot: str


def as_pdf(own: Brief) -> bytes:
    """The page, in letters as large as fit on it; without its picture where even the smallest are too large."""
    import typst  # noqa: PLC0415  a large library, for this alone

    for each, size in [*((own, size) for size in SIZES), (replace(own, chart=""), SIZES[-1])]:
        inputs = {"document": msgspec.json.encode(each).decode(), "size": str(size)}
        try:
            return typst.compile(
                LAYOUT.read_bytes(), format="pdf", pdf_standards=[STANDARD], sys_inputs=inputs, ignore_system_fonts=True
            )
        except typst.TypstError as fault:
            if TOO_LONG not in str(fault):
                raise
    raise OverflowError(TOO_LONG)
