"""A brief for a board as one page of PDF that a screen reader can read (PDF/UA-1). The same brief gives the same bytes.

The layout is in `brief.typ`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from comity.present.pdf import render_one_page
from comity.present.pdf_text import printable

LAYOUT = Path(__file__).with_name("brief.typ")
SIZES = (9.0, 8.5, 8.0, 7.5, 7.0)  # of the type, in points: the largest at which the brief fits on one page is used
Rows = tuple[tuple[str, ...], ...]


class Brief(Struct, frozen=True, kw_only=True):
    """The text of the page. A row of `choices` is a label and its value under each law.

    A row of `liability` is a case, what it paid for a person, and what the people held would be paid at that rate. `chart` is a
    picture as SVG, which `chart_description` describes. `beside` is context beside the law, where it was asked for.
    """

    title: str
    county: str
    dated: str
    bottom_line: str
    question: str
    choices_head: tuple[str, ...]
    choices: Rows
    choices_note: str
    money: tuple[str, ...]
    liability_head: tuple[str, ...]
    liability: Rows
    liability_note: str
    break_even: str
    chart: str
    chart_description: str
    chart_note: str
    unknowns: tuple[str, ...]
    sources: str
    foot: str
    beside: tuple[str, ...] = ()
    beside_note: str = ""


def as_pdf(brief: Brief) -> bytes:
    """The page, in the largest type in which it fits; without its picture where even the smallest type is too large.

    Raises `OverflowError` where it then still does not fit.
    """
    brief = _printable(brief)
    return render_one_page(LAYOUT, [*((brief, size) for size in SIZES), (replace(brief, chart=""), SIZES[-1])])


def _printable(brief: Brief) -> Brief:
    """The brief with every text, but not its picture, in characters that the fonts can show."""
    texts = {name: _shown(value) for name, value in asdict(brief).items() if name != "chart"}
    return replace(brief, **texts)


def _shown(value: Any) -> Any:
    return printable(value, 0) if isinstance(value, str) else tuple(_shown(part) for part in value)
