"""Pictures of what holds cost: over time, and who pays."""

from __future__ import annotations

from datetime import date

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from comity.money.amount import CENTS, divide, format_dollars
from comity.money.cost import month_of
from comity.money.view import Costs, Period
from comity.period import shifted
from comity.present.picture import (
    BLUE,
    GREEN,
    GRID,
    INK,
    PURPLE,
    YELLOW,
    PictureTexts,
    build_figure,
    render_picture,
    spaced_indices,
)

LABELS_MAX, MONTHS_MAX, SLOTS_MIN = 12, 600, 6
OVER_TIME = (
    "Each bar is the cost of the days in a period. Blue: not charged to the federal government. Striped: charged to it."
)
WHO_PAYS = "What is paid, owed and borne adds up to the cost. What was written off was charged and given up; the county bears it."


def draw_pictures(costs: Costs, name: str) -> dict[str, bytes]:
    """The files of both pictures by file name; `name` is the name of the place in words."""
    files: dict[str, bytes] = {}
    if costs.periods:
        files |= render_picture(_over_time(costs, name), _over_time_words(costs, name))
    if costs.cost:
        files |= render_picture(_who_pays(costs, name), _who_pays_words(costs, name))
    return files


def _with_empty_months(costs: Costs) -> list[Period]:
    """The periods in order; where all of them are months, with the months between them that have no holds."""
    periods = sorted(costs.periods)
    if any((period.since, period.until) != month_of(period.since) for period in periods):
        return periods
    by_month = {period.since: period for period in periods}
    months, last = [periods[0].since], periods[-1].since
    while months[-1] < last and len(months) < MONTHS_MAX:
        months.append(shifted(months[-1], months=1))
    return [by_month.get(since) or _empty_month(since) for since in months]


def _empty_month(day: date) -> Period:
    since, until = month_of(day)
    return Period(since=since, until=until, days=0, cost=0, charged=0)


def _over_time_title(name: str) -> str:
    return f"What holds cost {name}, by period"


def _over_time(costs: Costs, name: str) -> Figure:
    periods = _with_empty_months(costs)
    figure, panel = build_figure(_over_time_title(name), OVER_TIME, (11, 4.6))
    positions = range(len(periods))
    not_charged = [(period.cost - period.charged) / CENTS for period in periods]
    charged = [period.charged / CENTS for period in periods]
    panel.bar(positions, not_charged, width=0.75, color=BLUE, label="not charged")
    panel.bar(
        positions,
        charged,
        width=0.75,
        bottom=not_charged,
        facecolor=YELLOW,
        edgecolor=INK,
        hatch="///",
        linewidth=0.5,
        label="charged",
    )
    if len(periods) < SLOTS_MIN:  # one bar alone would fill the whole panel
        middle = (len(periods) - 1) / 2
        panel.set_xlim(middle - SLOTS_MIN / 2, middle + SLOTS_MIN / 2)
    shown = spaced_indices([period.name for period in periods], LABELS_MAX)
    panel.set_xticks(shown, [periods[position].name for position in shown], fontsize=9)
    panel.grid(True, axis="y", color=GRID, linewidth=0.6)
    panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.0f}"))
    panel.legend(frameon=False, fontsize=9, loc="upper left", bbox_to_anchor=(0, 1.12), ncols=2)
    return figure


def _over_time_words(costs: Costs, name: str) -> PictureTexts:
    periods = _with_empty_months(costs)
    highest = max(periods, key=lambda period: period.cost)
    title = _over_time_title(name)
    description = (
        f"{title}. {len(periods)} periods from {periods[0].name} to {periods[-1].name}, {format_dollars(costs.cost)} in all, "
        f"of which {format_dollars(costs.charged)} is charged to the federal government. The highest is "
        f"{format_dollars(highest.cost)} in {highest.name}. {OVER_TIME}"
    )
    rows = [
        (
            period.name,
            f"{period.days:,}",
            format_dollars(period.cost),
            format_dollars(period.charged),
            format_dollars(period.cost - period.charged),
        )
        for period in periods
    ]
    return PictureTexts(
        "cost-over-time", title, description, (("period", "days", "cost", "charged", "not charged"), *rows)
    )


def _parts(costs: Costs) -> list[tuple[str, int, str, str]]:
    """Who bears which part of the cost: a description, cents, a colour and a hatch."""
    ledger = costs.ledger
    written_off = ledger.balance("written_off")
    parts = [
        ("paid by the federal government", ledger.balance("paid"), GREEN, ""),
        ("owed by the federal government", ledger.owed, YELLOW, "///"),
        ("borne by the county, never charged", ledger.borne - written_off, BLUE, ""),
        ("borne by the county, written off", written_off, PURPLE, "..."),
    ]
    return [part for part in parts if part[1]]


def _who_pays_title(costs: Costs, name: str) -> str:
    return f"Who pays {format_dollars(costs.cost)} for holds in {name}"


def _who_pays(costs: Costs, name: str) -> Figure:
    parts = _parts(costs)
    figure, panel = build_figure(_who_pays_title(costs, name), WHO_PAYS, (11, 1.6 + 0.55 * len(parts)))
    for row, (_, cents, colour, hatch) in enumerate(parts):
        panel.barh(row, cents / CENTS, height=0.62, facecolor=colour, edgecolor=INK, hatch=hatch, linewidth=0.6)
        share = f"{format_dollars(cents)}, {divide(100 * cents, costs.cost, 'half_up')}%"
        panel.annotate(
            share, (cents / CENTS, row), (5, 0), textcoords="offset points", fontsize=9, va="center", color=INK
        )
    panel.set_yticks(range(len(parts)), [description for description, *_ in parts], fontsize=9.5)
    panel.invert_yaxis()
    panel.set_xlim(0, max(cents for _, cents, *_ in parts) * 1.2 / CENTS)
    panel.grid(True, axis="x", color=GRID, linewidth=0.6)
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.0f}"))
    return figure


def _who_pays_words(costs: Costs, name: str) -> PictureTexts:
    title = _who_pays_title(costs, name)
    rows = [(who, format_dollars(cents)) for who, cents, *_ in _parts(costs)]
    description = f"{title}: {', '.join(f'{who} {amount}' for who, amount in rows)}. {WHO_PAYS}"
    return PictureTexts("who-pays", title, description, (("who", "amount"), *rows))
