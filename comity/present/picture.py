"""Saves a picture as SVG and PNG with a description, and the table that it was drawn from.

The same figures give the same bytes. No meaning depends on colour alone: series are also striped or dashed, and labelled.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from typing import Any

import matplotlib
import matplotlib.text
from matplotlib.figure import Figure
from msgspec import Struct

from comity.present.clean import cleaned
from comity.present.markdown import escape_markdown, image, table_lines

INK, PAPER, GRID, QUIET = "#1a1a1a", "#ffffff", "#dddddd", "#555555"
BLUE, ORANGE, GREEN, YELLOW, PURPLE = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#f0e442",
    "#cc79a7",
)  # from the palette of Okabe and Ito
CAPTION_WIDTH, DPI = 150, 130


class PictureTexts(Struct, frozen=True):
    """The texts of a picture: the name of its files, its title, its description (`description`), and its table with the head first."""

    name: str
    title: str
    description: str
    table: tuple[tuple[str, ...], ...]


def render_picture(figure: Figure, words: PictureTexts) -> dict[str, bytes]:
    """The files of one picture by name."""
    metadata: dict[str, str | None] = {"Title": cleaned(words.title), "Description": cleaned(words.description)}
    show_as_written(figure)
    with matplotlib.rc_context({"svg.hashsalt": words.name, "svg.fonttype": "none", "font.family": "DejaVu Sans"}):
        svg, png = _saved(figure, "svg", {**metadata, "Date": None}), _saved(figure, "png", metadata)
    return {f"{words.name}.svg": svg, f"{words.name}.png": png, f"{words.name}.md": _table(words).encode()}


def svg_with_outlines(figure: Figure, name: str) -> str:
    """A picture as SVG with letters as outlines, to embed in a document with other fonts."""
    show_as_written(figure)
    with matplotlib.rc_context({"svg.hashsalt": name, "svg.fonttype": "path", "font.family": "DejaVu Sans"}):
        return _saved(figure, "svg", {"Date": None}).decode()


def show_as_written(figure: Figure) -> None:
    """Keeps every text of a figure as it is: two dollar signs make no formula, and hidden characters are shown."""
    for text in figure.findobj(matplotlib.text.Text):
        text.set_parse_math(False)
        text.set_text(cleaned(text.get_text(), lines=True))


def _saved(figure: Figure, form: str, metadata: dict[str, str | None]) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format=form, dpi=DPI, metadata=metadata)
    return out.getvalue()


def _table(words: PictureTexts) -> str:
    """A Markdown document with the picture, its description and its table."""
    picture, lines = image(words.description, f"{words.name}.png"), table_lines(words.table)
    return f"# {escape_markdown(words.title)}\n\n{picture}\n\n" + "\n".join(lines) + "\n"


def build_figure(title: str, caption: str, size: tuple[float, float]) -> tuple[Figure, Any]:
    """A figure with a title above and a caption below, and its only panel."""
    figure = Figure(figsize=size, facecolor=PAPER, layout="constrained")
    figure.suptitle(textwrap.fill(title, 90), fontsize=14, weight="bold", x=0.01, ha="left", color=INK)
    figure.supxlabel(textwrap.fill(caption, CAPTION_WIDTH), fontsize=9, color=INK)
    panel = figure.subplots()
    panel.spines[["top", "right"]].set_visible(False)
    panel.set_axisbelow(True)
    panel.tick_params(labelsize=9)
    return figure, panel


def spaced_indices(labels: Sequence[str], most: int) -> list[int]:
    """The indices of the labels to show: evenly spaced, and at most `most`."""
    return list(range(0, len(labels), -(-len(labels) // most) or 1))
