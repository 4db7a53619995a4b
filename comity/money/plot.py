"""Pictures of what holds cost: over time, and who pays."""

from __future__ import annotations

from datetime import date

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from comity.money.amount import CENTS, divided, dollars
from comity.money.cost import month_of
from comity.money.view import Costs, Period
from comity.period import shifted
from comity.present.picture import BLUE, GREEN, GRID, INK, PURPLE, YELLOW, Words, every, files_of, framed

LABELS_MAX, MONTHS_MAX = 12, 600
OVER_TIME = (
    "Blue: what is not charged to Washington. Striped: what is charged. Each bar is what the days in that period cost."
)
WHO_PAYS = "Paid, owed and borne add up to the cost. What was written off was charged and given up, and is borne by the county."


def pictures(own: Costs, name: str) -> dict[str, bytes]:
    """The files of both pictures by name; `name` is the place's name in words."""
    made: dict[str, bytes] = {}
    if own.periods:
        made |= files_of(_over_time(own, name), _words_over_time(own, name))
    if own.cost:
        made |= files_of(_who_pays(own, name), _words_who_pays(own, name))
    return made


def _every_period(own: Costs) -> list[Period]:
    """The periods in their order, with the months between, in which nothing was held, where all are months."""
    periods = sorted(own.periods)
    if any((part.since, part.until) != month_of(part.since) for part in periods):
        return periods
    by_month = {part.since: part for part in periods}
    months, last = [periods[0].since], periods[-1].since
    while months[-1] < last and len(months) < MONTHS_MAX:
        months.append(shifted(months[-1], months=1))
    return [by_month.get(since) or _nothing(since) for since in months]


def _nothing(since: date) -> Period:
    return Period(*month_of(since), 0, 0, 0)


def _title_over_time(name: str) -> str:
    return f"What holds cost {name}, by period"


def _over_time(own: Costs, name: str) -> Figure:
    periods = _every_period(own)
    figure, panel = framed(_title_over_time(name), OVER_TIME, (11, 4.6))
    places = range(len(periods))
    not_charged = [(part.cost - part.charged) / CENTS for part in periods]
    charged = [part.charged / CENTS for part in periods]
    panel.bar(places, not_charged, width=0.75, color=BLUE, label="not charged")
    panel.bar(
        places,
        charged,
        width=0.75,
        bottom=not_charged,
        facecolor=YELLOW,
        edgecolor=INK,
        hatch="///",
        linewidth=0.5,
        label="charged",
    )
    shown = every([part.name for part in periods], LABELS_MAX)
    panel.set_xticks(shown, [periods[place].name for place in shown], fontsize=9)
    panel.grid(True, axis="y", color=GRID, linewidth=0.6)
    panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.0f}"))
    panel.legend(frameon=False, fontsize=9, loc="upper left", bbox_to_anchor=(0, 1.12), ncols=2)
    return figure


def _words_over_time(own: Costs, name: str) -> Words:
    periods = _every_period(own)
    most = max(periods, key=lambda part: part.cost)
    told = (
        f"{_title_over_time(name)}. {len(periods)} periods from {periods[0].name} to {periods[-1].name}, {dollars(own.cost)} in all, "
        f"of which {dollars(own.charged)} is charged to Washington. The most is {dollars(most.cost)} in {most.name}. {OVER_TIME}"
    )
    rows = [
        (part.name, f"{part.days:,}", dollars(part.cost), dollars(part.charged), dollars(part.cost - part.charged))
        for part in periods
    ]
    return Words(
        "cost-over-time", _title_over_time(name), told, (("period", "days", "cost", "charged", "not charged"), *rows)
    )


def _parts(own: Costs) -> list[tuple[str, int, str, str]]:
    """Who bears which part of the cost: in words, cents, colour and stripes."""
    ledger = own.ledger
    off = ledger.balance("written_off")
    parts = [
        ("paid by Washington", ledger.balance("paid"), GREEN, ""),
        ("owed by Washington", ledger.owed, YELLOW, "///"),
        ("borne by the county, never charged", ledger.borne - off, BLUE, ""),
        ("borne by the county, written off", off, PURPLE, "..."),
    ]
    return [part for part in parts if part[1]]


def _title_who_pays(own: Costs, name: str) -> str:
    return f"Who pays {dollars(own.cost)} for holds in {name}"


def _who_pays(own: Costs, name: str) -> Figure:
    parts = _parts(own)
    figure, panel = framed(_title_who_pays(own, name), WHO_PAYS, (11, 1.6 + 0.55 * len(parts)))
    for row, (_, cents, colour, hatch) in enumerate(parts):
        panel.barh(row, cents / CENTS, height=0.62, facecolor=colour, edgecolor=INK, hatch=hatch, linewidth=0.6)
        share = f"{dollars(cents)}, {divided(100 * cents, own.cost, 'half_up')}%"
        panel.annotate(
            share, (cents / CENTS, row), (5, 0), textcoords="offset points", fontsize=9, va="center", color=INK
        )
    panel.set_yticks(range(len(parts)), [words for words, *_ in parts], fontsize=9.5)
    panel.invert_yaxis()
    panel.set_xlim(0, max(cents for _, cents, *_ in parts) * 1.2 / CENTS)
    panel.grid(True, axis="x", color=GRID, linewidth=0.6)
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.0f}"))
    return figure


def _words_who_pays(own: Costs, name: str) -> Words:
    parts = _parts(own)
    title = _title_who_pays(own, name)
    told = f"{title}: {', '.join(f'{words} {dollars(cents)}' for words, cents, *_ in parts)}. {WHO_PAYS}"
    return Words("who-pays", title, told, (("who", "amount"), *((words, dollars(cents)) for words, cents, *_ in parts)))
