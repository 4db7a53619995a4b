"""The demo's picture: each request's outcome on the two days, with a text that describes it and a table beside it.

The colours can be distinguished by people with colour blindness, and each cell says its outcome in words, so that no meaning
rests on colour alone.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from comity.decision.words import ACTION_WORDS, OUTCOME_WORDS
from comity.engine.outcome import Outcome
from comity.present.files import write_files
from comity.present.markdown import image, table_lines

if TYPE_CHECKING:
    from comity.commands.story.requests import StoryRequest

NAME = "miami-dade-january-2017"
ACTIONS = {"hold": ACTION_WORDS["hold"], "notify": "Tell the requesting agency"}  # the second is shortened to fit
DAYS = ("25 January\nresolution of 2013", "26 January\nmayor's memo")
INK, PAPER = "#1a1a1a", "#ffffff"
# From the palette of Okabe and Ito, lightened behind black words.
COLOURS = {
    "required": "#56b4e9",
    "permitted": "#f0e442",
    "forbidden": "#e69f00",
    "undetermined": "#cccccc",
    "unaddressed": "#f4f4f4",
    "in_conflict": "#cc79a7",
}
WORDS: dict[Outcome, str] = {**OUTCOME_WORDS, "undetermined": "open"}
NOT_ASKED = "not asked"
TITLE = "Miami-Dade, January 2017: the same eight requests, one day apart"
CAPTION = "The people are invented; the law is not. Open: permitted, forbidden or under no rule, depending on a fact not yet established."


def write_picture(story: Sequence[StoryRequest], folder: Path) -> list[str]:
    """Writes the picture as SVG and PNG and its table as Markdown, and returns the paths."""
    figure = _figure(story)
    described = description(story)
    metadata: dict[str, str | None] = {"Title": TITLE, "Description": described}
    with matplotlib.rc_context({"svg.hashsalt": NAME, "svg.fonttype": "none", "font.family": "DejaVu Sans"}):
        contents = {
            f"{NAME}.svg": _saved(figure, "svg", {**metadata, "Date": None}),
            f"{NAME}.png": _saved(figure, "png", metadata),
            f"{NAME}.md": table(story, described).encode(),
        }
    return [str(path) for path in write_files(folder, contents)]


def description(story: Sequence[StoryRequest]) -> str:
    """The picture in words, for readers who cannot see it."""
    parts = [
        f"{request.subject} ({request.about}): "
        + ", ".join(f"{action} {_word(request, action, 0)}, then {_word(request, action, 1)}" for action in ACTIONS)
        for request in story
    ]
    return f"A grid of eight requests by two actions and two days, under the resolution and then the memo. {'; '.join(parts)}."


def table(story: Sequence[StoryRequest], described: str) -> str:
    """A Markdown document with the picture, its description, and its table."""
    head = ["Subject", "What is known", *(f"{action}, {day} January" for action in ACTIONS for day in (25, 26))]
    rows = [
        [request.subject, request.about, *(_word(request, action, day) for action in ACTIONS for day in (0, 1))]
        for request in story
    ]
    lines = table_lines([head, *rows])
    return f"# {TITLE}\n\n{image(described, f'{NAME}.png')}\n\n" + "\n".join(lines) + "\n"


def _word(request: StoryRequest, action: str, day: int) -> str:
    """The text of a cell."""
    if action not in request.asks:
        return NOT_ASKED
    outcome = (request.before, request.after)[day].outcome(action)
    return WORDS[outcome]


def _figure(story: Sequence[StoryRequest]) -> Figure:
    figure = Figure(figsize=(11, 6.2), facecolor=PAPER)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(0, 11)
    axes.set_ylim(len(story) + 2.0, -0.75)
    axes.text(0.25, -0.35, TITLE, fontsize=16, weight="bold", color=INK, va="center")
    for block, (action, words) in enumerate(ACTIONS.items()):
        _columns(axes, story, action, words, 4.95 + 3.0 * block)
    axes.text(0.25, len(story) + 1.65, CAPTION, fontsize=8.5, color=INK, va="center")
    for row, request in enumerate(story):
        axes.text(0.25, row + 1.72, request.subject, fontsize=10, weight="bold", color=INK, va="center")
        axes.text(1.5, row + 1.72, _on_two_lines(request.about), fontsize=9, color=INK, va="center", linespacing=1.15)
    return figure


def _columns(axes: Any, story: Sequence[StoryRequest], action: str, words: str, left: float) -> None:
    """Draws the two days of one action, with a cell for each request."""
    axes.text(left, 0.28, words, fontsize=11, weight="bold", color=INK, va="center")
    for day, title in enumerate(DAYS):
        axes.text(left + 1.42 * day, 0.84, title, fontsize=8.5, color=INK, va="center", linespacing=1.2)
        for row, request in enumerate(story):
            _cell(axes, left + 1.42 * day, row + 1.3, request, action, day)


def _cell(axes: Any, x: float, y: float, request: StoryRequest, action: str, day: int) -> None:
    word = _word(request, action, day)
    asked = word != NOT_ASKED
    outcome = (request.before, request.after)[day].outcome(action)
    face = COLOURS[outcome] if asked else PAPER
    axes.add_patch(Rectangle((x, y), 1.36, 0.84, facecolor=face, edgecolor=INK if asked else "#bbbbbb", linewidth=0.8))
    shade = INK if asked else "#666666"
    axes.text(x + 0.68, y + 0.42, word, fontsize=9.5, color=shade, ha="center", va="center")


def _on_two_lines(text: str, width: int = 50) -> str:
    """The text, with a line break where it is long."""
    if len(text) <= width:
        return text
    cut = text.rfind(" ", 0, width)
    return f"{text[:cut]}\n{text[cut + 1 :]}"


def _saved(figure: Figure, form: str, metadata: dict[str, str | None]) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format=form, dpi=160, metadata=metadata)
    return out.getvalue()
