"""The hold as a line of time: a row for each reading, what counts dark, what does not striped, and when the person must be out.

The same hold makes the same bytes. The picture has its words with it, and no meaning rests on colour alone.
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
LINE = 0.32  # the height of a line of words, in rows
CAPTION = "Blue: hours that count. Striped: days that do not. Red line: when the person must be out. Local time."


class Timeline(Struct, frozen=True):
    """What is drawn: readings that have an end, what happened, and when the hold starts and the person must be out."""

    title: str
    readings: tuple[Reading, ...]
    events: tuple[Event, ...] = ()
    starts_at: datetime | None = None
    until: datetime | None = None


def drawn(own: Timeline, form: str) -> bytes:
    """The picture as `svg` or `png`."""
    metadata: dict[str, str | None] = {"Title": own.title, "Description": description(own)}
    out = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": NAME, "svg.fonttype": "none", "font.family": "DejaVu Sans"}):
        _figure(own).savefig(
            out, format=form, dpi=130, metadata={**metadata, "Date": None} if form == "svg" else metadata
        )
    return out.getvalue()


def description(own: Timeline) -> str:
    """The picture in words, for whoever does not see it."""
    parts = [
        f"{reading.cite} runs out {_words(reading.until)} after {reading.elapsed}"
        for reading in own.readings
        if reading.until
    ]
    parts += [f"{_words(event.at)}: {event.words}" for event in own.events]
    end = (
        f"The person must be out at the latest {_words(own.until)}"
        if own.until
        else "When the hold must end is not known"
    )
    return ". ".join([own.title, end, *parts]) + "."


def _words(moment: datetime | None) -> str:
    return f"{moment:%A %Y-%m-%d %H:%M} {moment.tzname()}" if moment else ""


def _figure(own: Timeline) -> Figure:
    shown = [reading for reading in own.readings if reading.until and len(reading.steps) > 1]
    figure = Figure(
        figsize=(11, 2.0 + 0.7 * len(shown) + 0.25 * len(marks(own))), facecolor=PAPER, layout="constrained"
    )
    figure.suptitle(textwrap.fill(own.title, TITLE_WIDTH), fontsize=14, weight="bold", x=0.01, ha="left", color=INK)
    axes = figure.subplots()
    for row, reading in enumerate(shown):
        _bars(axes, reading, row)
    axes.set_yticks(range(len(shown)), [textwrap.fill(_label(reading), LABEL_WIDTH) for reading in shown], fontsize=9)
    axes.set_ylim(len(shown) - 0.4, -0.4 - LINE * (len(marks(own)) + 1))
    moments = [moment for moment in (own.starts_at, own.until, *(event.at for event in own.events)) if moment]
    _days(axes, [*moments, *(step.at for reading in shown for step in reading.steps)])
    _marks(axes, own)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    figure.supxlabel(CAPTION, fontsize=9, color=INK)
    return figure


def _label(own: Reading) -> str:
    return f"{own.cite}{' (rules)' if own.rules else ''}"


def _place(moment: datetime) -> float:
    """Where a moment stands: by the hours that pass, so that a day of 23 hours is shorter."""
    return moment.astimezone(UTC).timestamp() / 3600


def _bars(axes: Any, own: Reading, row: int) -> None:
    for before, step in pairwise(own.steps):
        width = _place(step.at) - _place(before.at)
        look = (
            {"color": COUNTED}
            if step.counted
            else {"facecolor": SKIPPED, "edgecolor": INK, "hatch": "///", "linewidth": 0.5}
        )
        axes.barh(row, width, left=_place(before.at), height=0.5, **look)
    last = own.steps[-1].at
    words = f"{last:%a %H:%M}, {own.elapsed}"
    axes.annotate(words, (_place(last), row), (5, 0), textcoords="offset points", fontsize=9, va="center", color=INK)


def _marks(axes: Any, own: Timeline) -> None:
    """The start and the end of the hold, and what happened between; each has its words on a line of its own, above the rows."""
    for line, (at, words, colour, style) in enumerate(marks(own), 1):
        axes.axvline(_place(at), color=colour, linestyle=style, linewidth=1.8)
        where = (_place(at), -0.4 - LINE * line)
        box = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.0}
        said = f"{words}, {at:%a %H:%M}"
        axes.annotate(
            said, where, (5, 0), textcoords="offset points", fontsize=9, va="center", color=colour, bbox=box, zorder=4
        )


def marks(own: Timeline) -> list[tuple[datetime, str, str, str]]:
    """The moments that get a line: when, in words, in which colour and style; the latest first, nearest to the rows."""
    made = [(own.starts_at, "would walk out", INK, "--")] if own.starts_at else []
    made += [(event.at, event.fact.rpartition(".")[2].removesuffix("_at"), EVENT, "-.") for event in own.events]
    made += [(own.until, "must be out", RULES, "-")] if own.until else []
    return sorted(made, key=lambda mark: -_place(mark[0]))


def _days(axes: Any, moments: Iterable[datetime]) -> None:
    """A line at each local midnight, labelled with the day that begins."""
    known = sorted(moments, key=_place)
    if not known:
        return
    first, last = known[0], known[-1]
    days = [first.date() + timedelta(number) for number in range((last.date() - first.date()).days + 2)]
    midnights = [datetime.combine(day, time(), first.tzinfo) for day in days]
    labelled = midnights[:: -(-len(midnights) // LABELS_MAX)]
    axes.set_xticks(
        [_place(own) for own in labelled], [f"{own:%a}\n{own.day} {own:%b}" for own in labelled], fontsize=9
    )
    axes.set_xticks([_place(own) for own in midnights], minor=True)
    axes.grid(axis="x", which="both", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    margin = max((_place(last) - _place(first)) * 0.02, 1.0)
    axes.set_xlim(_place(first) - margin, _place(last) + 10 * margin)
