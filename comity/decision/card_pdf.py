"""The card as one page of PDF that a screen reader can read (PDF/UA-1), to be kept with the booking.

The layout is in `card.typ`. The same decision gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, assert_never

from comity.decision.card import card_of
from comity.decision.decision import Decision
from comity.present.page import Block, Heading, Table, Text
from comity.present.pdf import render_one_page
from comity.present.pdf_text import printable

LAYOUT = Path(__file__).with_name("card.typ")
# Of the type, in points: the largest at which the card fits on one page is used.
SIZES = (10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
FOOT = "Made by comity from the law in its files. It shows what these say and is no legal advice. comity decide --full shows everything."


def as_pdf(decision: Decision, name: str = "") -> bytes:
    """The page, in the largest type in which it fits; `name` is the place's name in words.

    Raises `OverflowError` where it does not fit in the smallest.
    """
    title, *blocks = card_of(decision, name)
    document = {"title": _text_of(title), "parts": _parts(blocks), "foot": FOOT}
    return render_one_page(LAYOUT, [(document, size) for size in SIZES])


def _parts(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """The blocks for the layout; texts with the same kind of label are one list."""
    parts: list[dict[str, Any]] = []
    for block in blocks:
        match block:
            case Heading():
                parts.append({"kind": "heading", "text": _text_of(block)})
            case Table(_, rows):
                parts.append({"kind": "answers", "rows": [[printable(cell, 0) for cell in row] for row in rows]})
            case Text(text, style, _, label):
                _add_text(parts, printable(text, 0), style, label)
            case _:
                assert_never(block)
    return parts


def _add_text(parts: list[dict[str, Any]], text: str, style: str, label: str) -> None:
    if not text:
        parts.append({"kind": "gap"})
        return
    if not label:
        parts.append({"kind": "text", "text": text, "style": style})
        return
    kind = "bullets" if label == "-" else "numbers"
    if not parts or parts[-1]["kind"] != kind:
        parts.append({"kind": kind, "items": [], "start": 1 if label == "-" else int(label.rstrip("."))})
    parts[-1]["items"].append(text)


def _text_of(block: Block) -> str:
    return printable(block.text, 0) if isinstance(block, Heading) else ""
