"""A hold as a timeline: one row for each reading, counted time dark, excluded days striped, and when the person must be out.

The same hold gives the same bytes. The picture carries a description in words, and nothing is shown by colour alone.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import matplotlib
from matplotlib.figure import Figure
from msgspec import Struct

from comity.clock.readings import Event, Reading

INK, PAPER, GRID = "#1a1a1a", "#ffffff", "#bbbbbb"
COUNTED, SKIPPED, RULES, EVENT = "#0072b2", "#f0e442", "#d55e00", "#009e73"  # from the palette of Okabe and Ito
NAME, LABEL_WIDTH, TITLE_WIDTH = "hold-clock", 34, 90
LABELS_MAX = 10  # days that get a label
LINE = 0.32  # the height of a line of text, in rows
CAPTION = "Blue: hours that count. Striped: days that do not. Red line: when the person must be out. Local time."


class Timeline(Struct, frozen=True, kw_only=True):
    """What is drawn: the readings that have an end, the events, the start of the hold and when the person must be out."""

    title: str
    readings: tuple[Reading, ...]
    events: tuple[Event, ...] = ()
    starts_at: datetime | None = None
    until: datetime | None = None


def draw_timeline(timeline: Timeline, form: str) -> bytes:
    """The picture as `svg` or `png`."""
    metadata: dict[str, str | None] = {"Title": timeline.title, "Description": description(timeline)}
    out = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": NAME, "svg.fonttype": "none", "font.family": "DejaVu Sans"}):
        _figure(timeline).savefig(
            out, format=form, dpi=130, metadata={**metadata, "Date": None} if form == "svg" else metadata
        )
    return out.getvalue()


def description(timeline: Timeline) -> str:
    """The picture in words, for people who cannot see it."""
    parts = [
        f"{reading.cite} runs out {_words(reading.until)} after {reading.elapsed}"
        for reading in timeline.readings
        if reading.until
    ]
    parts += [f"{_words(event.at)}: {event.words}" for event in timeline.events]
    end = (
        f"The person must be out at the latest {_words(timeline.until)}"
        if timeline.until
        else "When the hold must end is not known"
    )
    return ". ".join([timeline.title, end, *parts]) + "."


def _words(moment: datetime | None) -> str:
    return f"{moment:%A %Y-%m-%d %H:%M} {moment.tzname()}" if moment else ""


def _figure(timeline: Timeline) -> Figure:
    shown = [reading for reading in timeline.readings if reading.until and len(reading.steps) > 1]
    figure = Figure(
        figsize=(11, 2.0 + 0.7 * len(shown) + 0.25 * len(marks(timeline))), facecolor=PAPER, layout="constrained"
    )
    figure.suptitle(
        textwrap.fill(timeline.title, TITLE_WIDTH), fontsize=14, weight="bold", x=0.01, ha="left", color=INK
    )
    axes = figure.subplots()
    for row, reading in enumerate(shown):
        _bars(axes, reading, row)
    axes.set_yticks(range(len(shown)), [textwrap.fill(_label(reading), LABEL_WIDTH) for reading in shown], fontsize=9)
    axes.set_ylim(len(shown) - 0.4, -0.4 - LINE * (len(marks(timeline)) + 1))
    moments = [
        moment for moment in (timeline.starts_at, timeline.until, *(event.at for event in timeline.events)) if moment
    ]
    _days(axes, [*moments, *(step.at for reading in shown for step in reading.steps)])
    _marks(axes, timeline)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    figure.supxlabel(CAPTION, fontsize=9, color=INK)
    return figure


def _label(reading: Reading) -> str:
    return f"{reading.cite}{' (rules)' if reading.rules else ''}"


def _place(moment: datetime) -> float:
    """The position of a moment, by elapsed hours, so that a day of 23 hours is shorter."""
    return moment.astimezone(UTC).timestamp() / 3600


def _bars(axes: Any, reading: Reading, row: int) -> None:
    for before, step in pairwise(reading.steps):
        width = _place(step.at) - _place(before.at)
        look = (
            {"color": COUNTED}
            if step.counted
            else {"facecolor": SKIPPED, "edgecolor": INK, "hatch": "///", "linewidth": 0.5}
        )
        axes.barh(row, width, left=_place(before.at), height=0.5, **look)
    last = reading.steps[-1].at
    words = f"{last:%a %H:%M}, {reading.elapsed}"
    axes.annotate(words, (_place(last), row), (5, 0), textcoords="offset points", fontsize=9, va="center", color=INK)


def _marks(axes: Any, timeline: Timeline) -> None:
    """Draws the start and the end of the hold and the events between, each labelled on a separate line above the rows."""
    for line, (at, words, colour, style) in enumerate(marks(timeline), 1):
        axes.axvline(_place(at), color=colour, linestyle=style, linewidth=1.8)
        where = (_place(at), -0.4 - LINE * line)
        box = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.0}
        label = f"{words}, {at:%a %H:%M}"
        axes.annotate(
            label, where, (5, 0), textcoords="offset points", fontsize=9, va="center", color=colour, bbox=box, zorder=4
        )


def marks(timeline: Timeline) -> list[tuple[datetime, str, str, str]]:
    """The moments that get a line: when, label, colour and style; the latest first, nearest to the rows."""
    lines = [(timeline.starts_at, "due for release", INK, "--")] if timeline.starts_at else []
    lines += [(event.at, event.fact.rpartition(".")[2].removesuffix("_at"), EVENT, "-.") for event in timeline.events]
    lines += [(timeline.until, "must be out", RULES, "-")] if timeline.until else []
    return sorted(lines, key=lambda mark: -_place(mark[0]))


def _days(axes: Any, moments: Iterable[datetime]) -> None:
    """Draws a line at each local midnight, labelled with the day that begins."""
    known = sorted(moments, key=_place)
    if not known:
        return
    first, last = known[0], known[-1]
    days = [first.date() + timedelta(number) for number in range((last.date() - first.date()).days + 2)]
    midnights = [datetime.combine(day, time(), first.tzinfo) for day in days]
    labelled = midnights[:: -(-len(midnights) // LABELS_MAX)]
    axes.set_xticks(
        [_place(midnight) for midnight in labelled],
        [f"{midnight:%a}\n{midnight.day} {midnight:%b}" for midnight in labelled],
        fontsize=9,
    )
    axes.set_xticks([_place(midnight) for midnight in midnights], minor=True)
    axes.grid(axis="x", which="both", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    margin = max((_place(last) - _place(first)) * 0.02, 1.0)
    axes.set_xlim(_place(first) - margin, _place(last) + 10 * margin)
