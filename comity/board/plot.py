"""Pictures of a choice: the chance at which it turns, along the chance that a hold leads to a payout; and what drives it.

Both have a scale on which each step is ten times the one before, since sums of a case and sums of a day lie that far apart.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor, log10
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from comity.board.break_even import Driver, chance_at, drivers_of, turns_at
from comity.board.comparison import SHARES, Weighed
from comity.board.figures import chosen
from comity.board.page import NAMES, ends_of
from comity.money.ranges import about_chance, about_money, exact_money
from comity.money.settlements import Settlement
from comity.present.picture import (
    BLUE,
    GREEN,
    GRID,
    INK,
    ORANGE,
    PAPER,
    QUIET,
    YELLOW,
    Words,
    files_of,
    framed,
    outlined,
)

STEPS, ALL = 400, 2  # the scale of percents ends at 10 to the power of 2: no chance is above that
SIZE, SIZE_ALONE = (11, 5.4), (7.4, 2.2)  # inches; the smaller one is set as it is, so that its letters keep their size
NAME_OF_CURVE = "break-even-curve"
LABEL = 0.54  # inches that a label of two lines takes, of the height of a picture
ARROW = 0.85  # how far the arrow of what has no bound reaches into the panel
LOOKS = ((BLUE, "-"), (GREEN, "--"), (ORANGE, "-."))
CURVE = (
    "Above a line, not holding is the dearer choice; below it, holding is. Payouts only if holds of this kind are found unlawful and "
    "somebody sues. Nobody published either chance."
)
DRIVERS = (
    "Each bar: where the choice turns when that input alone goes from its lowest to its highest, all others at their middle and nothing "
    "paid out. An arrow has no end: the less is at stake, the higher."
)


def pictures(own: Weighed) -> dict[str, bytes]:
    """The files of both pictures by name; none where the choice turns nowhere, or at any chance at all."""
    if own.turn is None or not 0 < own.turn.chance.middle <= 1:
        return {}
    return {**files_of(_curve(own), _words_of_curve(own)), **files_of(_drivers(own), _words_of_drivers(own))}


def curve_alone(own: Weighed) -> tuple[str, str]:
    """The curve for a page that says around it what it shows, as SVG, and in words; both empty where the choice turns nowhere."""
    if own.turn is None or not own.turn.chance.middle:
        return "", ""
    return outlined(_curve(own, alone=True), NAME_OF_CURVE), _words_of_curve(own).told


def _title_of_curve(own: Weighed) -> str:
    at_stake = exact_money(Fraction(own.inputs.exposure.cents))
    return f"Where the choice turns: the chance of losing {at_stake} at which both laws cost the same"


def _curve(own: Weighed, alone: bool = False) -> Figure:
    figure, panel = framed("", "", SIZE_ALONE) if alone else framed(_title_of_curve(own), CURVE, SIZE)
    base = chance_at(own.counted, own.inputs, Fraction(0), Fraction(0))
    ends = []
    for case, (colour, style) in zip(chosen(own.inputs.settlements), LOOKS, strict=False):
        chances = [
            chance_at(own.counted, own.inputs, case.a_person, Fraction(step, STEPS)) for step in range(STEPS + 1)
        ]
        panel.plot(
            [100 * step / STEPS for step in range(STEPS + 1)],
            _percent(chances),
            color=colour,
            linestyle=style,
            linewidth=2.2,
        )
        ends.append(
            (chances[-1], f"{case.name}:\n{about_money(case.a_person)} a person, {turns_at(chances[-1])}", colour)
        )
    panel.axhline(float(base * 100), color=QUIET, linewidth=1.2, linestyle=":")
    where = {"textcoords": "offset points", "fontsize": 9, "color": QUIET, "ha": "right"}
    panel.annotate(f"nothing paid out: {turns_at(base)}", (100, float(base * 100)), (0, 4), **where)
    _scaled(panel, panel.yaxis, [base, *(chance for chance, *_ in ends)])
    _labelled(panel, ends, LABEL / figure.get_size_inches()[1])
    panel.set_xlim(0, 100)
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}%"))
    panel.set_xlabel("of the holds lead to a payout of the size of a case", fontsize=9.5, color=INK)
    panel.set_ylabel("chance of losing the money", fontsize=9.5, color=INK)
    return figure


def _labelled(panel: Any, ends: list[tuple[Fraction, str, str]], step: float) -> None:
    """The name of each line at its right end, outside of the panel and never over one another."""
    low, high = (log10(end) for end in panel.get_ylim())
    last = -1.0
    for chance, words, colour in sorted(ends):
        height = max((log10(float(min(chance, Fraction(1)) * 100)) - low) / (high - low), last + step)
        panel.annotate(
            words,
            (1.01, height),
            xycoords="axes fraction",
            fontsize=9,
            va="center",
            color=colour,
            annotation_clip=False,
        )
        last = height


def _percent(chances: list[Fraction]) -> list[float]:
    return [float(chance * 100) for chance in chances]


def _scaled(panel: Any, axis: Any, chances: list[Fraction]) -> None:
    """A scale by tens around some chances, which are written as percents."""
    shown = [float(chance * 100) for chance in chances if chance]
    low, high = floor(log10(min(shown)) - 0.1), min(ceil(log10(max(shown)) + 0.1), ALL)
    scale: Callable[[str], None] = panel.set_yscale if axis is panel.yaxis else panel.set_xscale
    limits: Callable[[float, float], None] = panel.set_ylim if axis is panel.yaxis else panel.set_xlim
    scale("log")
    limits(10.0**low, 10.0**high)
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{f'{value:.12f}'.rstrip('0').rstrip('.')}%"))
    axis.set_minor_locator(NullLocator())
    panel.grid(True, axis="y" if axis is panel.yaxis else "x", color=GRID, linewidth=0.6)


def _words_of_curve(own: Weighed) -> Words:
    cases = chosen(own.inputs.settlements)
    rows = [(about_chance(share), *(_at(own, case, share) for case in cases)) for share in SHARES]
    base = turns_at(chance_at(own.counted, own.inputs, Fraction(0), Fraction(0)))
    ends = ", ".join(
        f"{last} by the sum a person of {case.name}" for case, last in zip(cases, rows[-1][1:], strict=True)
    )
    told = f"{_title_of_curve(own)}. Nothing paid out: {base}. If every hold leads to a payout: {ends or base}. {CURVE}"
    return Words(NAME_OF_CURVE, _title_of_curve(own), told, (("of the holds", *(case.name for case in cases)), *rows))


def _at(own: Weighed, case: Settlement, share: Fraction) -> str:
    return turns_at(chance_at(own.counted, own.inputs, case.a_person, share))


def _drivers(own: Weighed) -> Figure:
    every = drivers_of(own.counted, own.inputs)
    figure, panel = framed("What drives the chance at which the choice turns", DRIVERS, (11, 1.9 + 0.62 * len(every)))
    base = chance_at(own.counted, own.inputs, Fraction(0), Fraction(0))
    _scaled(
        panel,
        panel.xaxis,
        [base, base * 2, *(end for one in every for end in (one.low, one.high or base * 100) if end)],
    )
    left, right = panel.get_xlim()
    for row, one in enumerate(every):
        _bar(panel, row, one, float(base * 100), (left, right))
    panel.axvline(float(base * 100), color=INK, linewidth=1.4)
    words = f"all at their middle: {turns_at(base)}"
    panel.annotate(words, (float(base * 100), -0.72), fontsize=9, color=INK, ha="center", annotation_clip=False)
    panel.set_yticks(range(len(every)), [NAMES[one.name] for one in every], fontsize=9.5)
    panel.set_ylim(len(every) - 0.5, -0.55)
    panel.set_xlabel("chance of losing the federal money at which the choice turns", fontsize=9.5, color=INK)
    return figure


def _bar(panel: Any, row: int, one: Driver, base: float, limits: tuple[float, float]) -> None:
    """The bar of one input, with both its ends in words."""
    low = max(float(one.low * 100), limits[0])
    high = min(float(one.high * 100), limits[1]) if one.high is not None else limits[1]
    if one.high is None:
        panel.barh(row, high * ARROW - low, left=low, height=0.3, color=ORANGE)
        panel.plot([high * ARROW], [row], marker=">", markersize=20, color=ORANGE)
    else:
        panel.barh(row, base - low, left=low, height=0.5, facecolor=BLUE, edgecolor=INK, linewidth=0.5)
        panel.barh(row, high - base, left=base, height=0.5, facecolor=YELLOW, edgecolor=INK, hatch="///", linewidth=0.5)
    for words, place, step, side in _ends(one, low, high):
        beyond = place <= limits[0]  # nothing has no place on this scale: its words stand within the bar
        look = {"ha": "left", "color": PAPER} if beyond else {"ha": side, "color": INK}
        off = (abs(step) if beyond else step, 0)
        panel.annotate(words, (place, row), off, textcoords="offset points", fontsize=8.5, va="center", **look)


def _ends(one: Driver, low: float, high: float) -> list[tuple[str, float, int, str]]:
    """What is written at the ends of a bar: the value of the input there, and the chance. Of what lowers it the highest is left."""
    least, most = ends_of(one)
    at_low, at_high = (most, least) if one.name in ("paid", "stake") else (least, most)
    left = [(f"{at_low}: {turns_at(one.low)}", low, -6, "right")]
    return left if one.high is None else [*left, (f"{at_high}: {turns_at(one.high)}", high, 6, "left")]


def _words_of_drivers(own: Weighed) -> Words:
    rows = []
    for one in drivers_of(own.counted, own.inputs):
        least, most = ends_of(one)
        rows.append(
            (
                NAMES[one.name],
                least,
                most,
                turns_at(one.low),
                turns_at(one.high) if one.high is not None else "no bound",
            )
        )
    title = "What drives the chance at which the choice turns"
    told = f"{title}. {'; '.join(f'{name}, {least} to {most}: {low} to {high}' for name, least, most, low, high in rows)}. {DRIVERS}"
    return Words(
        "what-drives-it", title, told, (("one input alone", "lowest", "highest", "it turns from", "to"), *rows)
    )
