"""A brief for a board as one page of PDF that a screen reader can read (PDF/UA-1): the same bytes each time, with no hour of its making.

The layout is a file of its own, `brief.typ`; what it is filled with goes in as JSON, so that no text is ever taken for layout.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

LAYOUT = Path(__file__).with_name("brief.typ")
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
    open: tuple[str, ...]
    sources: str
    foot: str


def as_pdf(own: Brief) -> bytes:
    """The page; it is an error of ours where it does not fit on one."""
    import typst  # noqa: PLC0415  a large library, for this alone

    inputs = {"document": msgspec.json.encode(own).decode()}
    return typst.compile(LAYOUT.read_bytes(), format="pdf", pdf_standards=[STANDARD], sys_inputs=inputs, ignore_system_fonts=True)
