"""Pictures of a replay: holds by month and by county, one panel for each outcome, undetermined requests as a band.

The dark part shows requests that certainly have the outcome, the light band those that may. Each picture comes with a
table and a description in words; nothing is shown by colour alone.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from comity.decision.words import OUTCOME_WORDS
from comity.engine.outcome import CERTAIN, Outcome
from comity.present.clean import cleaned
from comity.present.markdown import escape_markdown, image, table_lines
from comity.present.picture import show_as_written
from comity.records.local_law import LOCAL_LAW, NONE_ENCODED
from comity.records.pieces import ANSWER, COUNT, MONTH, OF_PLACE, PLACE
from comity.records.replay_result import ReplayResult
from comity.records.sentences import source_words

INK, PAPER, GRID = "#1a1a1a", "#ffffff", "#dddddd"
# From the palette of Okabe and Ito.
COLOURS: dict[str, str] = {
    "required": "#0072b2", "permitted": "#b59d00", "forbidden": "#d55e00", "unaddressed": "#666666", "in_conflict": "#cc79a7",
}  # fmt: skip
BEYOND, BEYOND_COLOUR = "no local law, or place not known", "#009e73"
COUNTIES_SHOWN, LABELS_SHOWN, CAPTION_WIDTH = 25, 12, 150
CAPTION = (
    "Dark: certainly this outcome. Light: possibly, depending on facts that the records lack. Panels differ in scale."
)
MONTHS_MAX = 600  # of a picture, 50 years
NONE_MARK = " *"  # after a place of whose own law none is encoded
Rows = dict[str, dict[str, tuple[int, int]]]


def draw_pictures(replay: ReplayResult, names: Mapping[str, str]) -> dict[str, bytes]:
    """The files of the pictures by name: SVG, PNG, and a table in Markdown for each; `names` are the names of places."""
    files: dict[str, bytes] = {}
    about = f"Holds under the law of {replay.law}" if replay.law else "Holds under the law of the place and day"
    assumed = [f"Assumed where a row does not say: {fact} = {value}." for fact, value in replay.assumed.items()]
    source = source_words(replay.source, replay.law_version)
    for name, grouping, column in (("holds-by-month", "by month", MONTH), ("holds-by-county", "by place", PLACE)):
        rows = _rows(replay, column, names)
        rows, outside = _every_month(rows) if column == MONTH else (rows, "")
        if not rows:
            continue
        caption = " ".join(part for part in (CAPTION, *assumed, outside, _of_local_law(replay, column), source) if part)
        title = f"{about}, {grouping}"
        words = description(title, caption, rows)
        figure = _by_month(title, caption, rows) if column == MONTH else _by_county(title, caption, rows)
        show_as_written(figure)
        with matplotlib.rc_context({"svg.hashsalt": name, "svg.fonttype": "none", "font.family": "DejaVu Sans"}):
            metadata: dict[str, str | None] = {"Title": cleaned(title), "Description": cleaned(words)}
            files[f"{name}.svg"] = _saved(figure, "svg", {**metadata, "Date": None})
            files[f"{name}.png"] = _saved(figure, "png", metadata)
        files[f"{name}.md"] = table(title, rows, description=words, name=name).encode()
    return files


def _rows(replay: ReplayResult, column: str, names: Mapping[str, str]) -> Rows:
    """For each month or place and outcome, how many holds certainly have it, and how many at most."""
    rows: Rows = {}
    marked = {count[PLACE] for count in replay.counted(*OF_PLACE) if count[LOCAL_LAW] == NONE_ENCODED}
    for (key,), counted in replay.by(column).items():
        if key is None:
            continue
        bounds: dict[str, tuple[int, int]] = {outcome: replay.bounds("hold", outcome, counted) for outcome in CERTAIN}
        beyond = sum(part[COUNT] for part in counted if part[ANSWER] is None)
        mark = NONE_MARK if column == PLACE and key in marked and not replay.law else ""
        rows[f"{names.get(key, key)}{mark}"] = {**bounds, BEYOND: (beyond, beyond)}
    return rows


def _every_month(rows: Rows) -> tuple[Rows, str]:
    """The rows with the months between that have no request, and words on requests left out of a picture that would be too long.

    Of a longer time the stretch of MONTHS_MAX months that has the most requests is shown.
    """
    if not rows:
        return rows, ""
    none = dict.fromkeys((*CERTAIN, BEYOND), (0, 0))
    requests = {_month_number(month): sum(most for _, most in row.values()) for month, row in rows.items()}
    first, last = min(requests), max(requests)
    outside = ""
    if last - first >= MONTHS_MAX:
        first = max(requests, key=lambda at: sum(requests.get(month, 0) for month in range(at, at + MONTHS_MAX)))
        last = min(last, first + MONTHS_MAX - 1)
        left_out = [month for at, month in zip(requests, rows, strict=True) if not first <= at <= last]
        outside = f"Not shown: the requests of {len(left_out):,} other months, from {min(left_out)} to {max(left_out)}."
    months = (f"{at // 12:04d}-{at % 12 + 1:02d}" for at in range(first, last + 1))
    return {month: rows.get(month, none) for month in months}, outside


def _month_number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _of_local_law(replay: ReplayResult, column: str) -> str:
    """Words on the requests to places of whose own law none is encoded."""
    if not replay.none_encoded:
        return ""
    if column == PLACE:
        return f"{NONE_MARK.strip()} None of the place's own law is encoded, for some or all of its requests."
    return (
        f"For {replay.none_encoded:,} of {replay.decided:,} requests decided, none of the place's own law is encoded."
    )


def _panels(rows: Rows) -> list[str]:
    """The outcomes that any row has."""
    return [name for name in (*CERTAIN, BEYOND) if any(row[name][1] for row in rows.values())]


def _words(name: str) -> str:
    outcome: Outcome | None = next((outcome for outcome in CERTAIN if outcome == name), None)
    return OUTCOME_WORDS[outcome] if outcome else name


def _colour(name: str) -> str:
    return COLOURS.get(name, BEYOND_COLOUR)


def _by_month(title: str, caption: str, rows: Rows) -> Figure:
    panels, months = _panels(rows), list(rows)
    figure = Figure(figsize=(11, 1.2 + 1.75 * len(panels)), facecolor=PAPER, layout="constrained")
    figure.suptitle(title, fontsize=14, weight="bold", x=0.01, ha="left", color=INK)
    axes = figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
    edges = [place - 0.5 for place in range(len(months) + 1)]
    for panel, name in zip(axes, panels, strict=True):
        surely, at_most = ([rows[month][name][side] for month in months] for side in (0, 1))
        panel.stairs(at_most, edges, baseline=surely, fill=True, color=_colour(name), alpha=0.3, linewidth=0)
        panel.stairs(surely, edges, fill=True, color=_colour(name), alpha=0.85, linewidth=0)
        panel.set_title(f"{_words(name)}: {_total(surely, at_most)} requests", fontsize=10, loc="left", color=INK)
        _plain(panel)
        panel.set_ylim(bottom=0)
        panel.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    shown = labelled(months)
    axes[-1].set_xticks(shown, [months[place] for place in shown], fontsize=9)
    axes[-1].set_xlim(edges[0], edges[-1])
    figure.supxlabel(textwrap.fill(caption, CAPTION_WIDTH), fontsize=9, color=INK)
    return figure


def labelled(months: Sequence[str]) -> list[int]:
    """The months that get a label: every month, or those that begin a quarter, a half-year, a year or several years."""
    numbers = [int(month[:4]) * 12 + int(month[5:]) - 1 for month in months]
    every = next((step for step in (1, 3, 6, 12, 24, 60) if len(months) / step <= LABELS_SHOWN), 120)
    return [place for place, number in enumerate(numbers) if number % every == 0] or [0]


def _by_county(title: str, caption: str, rows: Rows) -> Figure:
    panels = [name for name in _panels(rows) if name != BEYOND]
    most = sorted(
        rows,
        key=lambda place: -sum(least + most for least, most in rows[place].values()),
    )
    shown = most[:COUNTIES_SHOWN]
    figure = Figure(figsize=(11, 1.6 + 0.28 * len(shown)), facecolor=PAPER, layout="constrained")
    left_out = f" (the {len(shown)} of {len(rows)} places with most)" if len(rows) > len(shown) else ""
    figure.suptitle(title + left_out, fontsize=14, weight="bold", x=0.01, ha="left", color=INK)
    axes = figure.subplots(1, max(len(panels), 1), sharey=True, squeeze=False)[0]
    places = range(len(shown))
    for panel, name in zip(axes, panels, strict=False):
        surely, at_most = ([rows[place][name][side] for place in shown] for side in (0, 1))
        panel.barh(places, at_most, color=_colour(name), alpha=0.3, height=0.7)
        panel.barh(places, surely, color=_colour(name), alpha=0.85, height=0.7)
        for place, (least, most_) in enumerate(zip(surely, at_most, strict=True)):
            if most_:
                text = _total([least], [most_])
                panel.annotate(
                    text, (most_, place), (3, 0), textcoords="offset points", fontsize=7.5, va="center", color=INK
                )
        panel.set_title(_words(name), fontsize=10, loc="left", color=INK)
        _plain(panel)
        panel.margins(x=0.25)
        panel.set_xlim(left=0)
        panel.xaxis.set_major_locator(MaxNLocator(3, integer=True))
    axes[0].set_yticks(list(places), shown, fontsize=9)
    axes[0].invert_yaxis()
    figure.supxlabel(textwrap.fill(caption, CAPTION_WIDTH), fontsize=9, color=INK)
    return figure


def _plain(panel: Any) -> None:
    panel.spines[["top", "right"]].set_visible(False)
    panel.grid(True, color=GRID, linewidth=0.6)
    panel.set_axisbelow(True)
    panel.tick_params(labelsize=9)
    counted = panel.xaxis if panel.get_title(loc="left").count("requests") == 0 else panel.yaxis
    counted.set_major_formatter(FuncFormatter(lambda number, _: f"{number:,.0f}"))


def _total(surely: Sequence[int], at_most: Sequence[int]) -> str:
    least, most = sum(surely), sum(at_most)
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"


def description(title: str, caption: str, rows: Rows) -> str:
    """The picture in words, for people who cannot see it."""
    parts = []
    for name in _panels(rows):
        surely, at_most = ([row[name][side] for row in rows.values()] for side in (0, 1))
        parts.append(f"{_words(name)} {_total(surely, at_most)}")
    return f"{title}. In all: {', '.join(parts)} requests. {caption}"


def table(title: str, rows: Rows, *, description: str, name: str) -> str:
    """The table of a picture in Markdown, below the picture and its description."""
    panels = _panels(rows)
    head = ["", *(_words(panel) for panel in panels)]
    lines = [[key, *(_total([row[panel][0]], [row[panel][1]]) for panel in panels)] for key, row in rows.items()]
    body = "\n".join(table_lines([head, *lines]))
    return f"# {escape_markdown(title)}\n\n{image(description, f'{name}.png')}\n\n{body}\n"


def _saved(figure: Figure, form: str, metadata: dict[str, str | None]) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format=form, dpi=130, metadata=metadata)
    return out.getvalue()
