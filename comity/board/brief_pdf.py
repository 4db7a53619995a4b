"""A brief for a board as one page of PDF that a screen reader can read (PDF/UA-1). The same brief gives the same bytes.

The layout is in `brief.typ`. What fills it goes in as JSON, so that no text is ever taken for layout. No time of creation is
written.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import asdict, replace

from comity.present.pdf_text import font_folders, printable

LAYOUT = Path(__file__).with_name("brief.typ")
SIZES = (9.0, 8.5, 8.0, 7.5, 7.0)  # of the type, in points: the largest at which the brief fits on one page is used
TOO_LONG = "a brief is one page"
STANDARD: Literal["ua-1"] = "ua-1"
Rows = tuple[tuple[str, ...], ...]


class Brief(Struct, frozen=True, kw_only=True):
    """The text of the page. A row of `choices` is a label and its value under each law.

    A row of `liability` is a case, what it paid for a person, and what the people held would be paid at that rate. `chart` is a
    picture as SVG, which `chart_description` describes. `beside` is context beside the law, where it was asked for.
    """

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
    import typst  # noqa: PLC0415  a large library that only this function needs

    fonts = typst.Fonts(include_system_fonts=False, font_paths=font_folders())
    brief = _printable(brief)
    for content, size in [*((brief, size) for size in SIZES), (replace(brief, chart=""), SIZES[-1])]:
        inputs = {"document": msgspec.json.encode(content).decode(), "size": str(size)}
        try:
            return typst.compile(
                LAYOUT.read_bytes(), format="pdf", pdf_standards=[STANDARD], sys_inputs=inputs, ignore_system_fonts=True,
                font_paths=fonts,
            )  # fmt: skip
        except typst.TypstError as fault:
            if TOO_LONG not in str(fault):
                raise
    raise OverflowError(TOO_LONG)


def _printable(brief: Brief) -> Brief:
    """The brief with every text, but not its picture, in characters that the fonts can show."""
    texts = {name: _shown(value) for name, value in asdict(brief).items() if name != "chart"}
    return replace(brief, **texts)


def _shown(value: Any) -> Any:
    return printable(value, 0) if isinstance(value, str) else tuple(_shown(part) for part in value)
