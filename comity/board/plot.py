"""Pictures of a choice: the break-even chance by the chance that a hold leads to a payout, and what affects it.

Both use a logarithmic scale, since the sum of a case is far larger than the cost of a day.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor, log10
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from comity.board.break_even import Driver, break_even_chance, format_break_even, rank_drivers
from comity.board.comparison import SHARES, Choice
from comity.board.figures import choose_cases
from comity.board.page import NAMES, format_case_chance, format_ends
from comity.money.ranges import format_about_money, format_chance, format_exact_money
from comity.present.picture import (
    BLUE,
    GREEN,
    GRID,
    INK,
    ORANGE,
    PAPER,
    QUIET,
    YELLOW,
    PictureTexts,
    build_figure,
    render_picture,
    svg_with_outlines,
)

STEPS, PERCENT_MAX_POWER = 400, 2  # the scale of percents ends at 10 to the power of 2: no chance is above that
SIZE, SIZE_OUTLINED = (
    (11, 5.4),
    (7.4, 2.2),
)  # inches; the smaller one is set at its size, so that its type keeps its size
CURVE_NAME = "break-even-curve"
LABEL = 0.54  # inches that a label of two lines takes, of the height of a picture
ARROW = 0.85  # how far into the panel the arrow of an input without a bound extends
LOOKS = ((BLUE, "-"), (GREEN, "--"), (ORANGE, "-."))
CURVE = (
    "Above a line, not holding costs more; below it, holding does. Payouts arise only if holds of this kind are found unlawful and "
    "somebody sues. Nobody has published either chance."
)
DRIVERS_TITLE = "What affects the break-even chance"
DRIVERS = (
    "Each bar: the break-even chance as that input alone goes from its lowest to its highest value, with all others at their middle and "
    "nothing paid out. An arrow has no end: the chance rises as less is at stake."
)


def draw_pictures(choice: Choice) -> dict[str, bytes]:
    """The files of both pictures by file name; empty where there is no break-even chance, or it is 0 or above 1."""
    if not _has_curve(choice):
        return {}
    return {
        **render_picture(_curve(choice), _curve_words(choice)),
        **render_picture(_drivers(choice), _driver_words(choice)),
    }


def _has_curve(choice: Choice) -> bool:
    return choice.break_even is not None and 0 < choice.break_even.chance.middle <= 1


def outline_curve(choice: Choice) -> tuple[str, str]:
    """The curve without title and caption, as SVG, and its description; both empty where `draw_pictures` draws none."""
    if not _has_curve(choice):
        return "", ""
    return svg_with_outlines(_curve(choice, bare=True), CURVE_NAME), _curve_words(choice).description


def _curve_title(choice: Choice) -> str:
    at_stake = format_exact_money(Fraction(choice.inputs.exposure.cents))
    return f"Break-even: the chance of losing {at_stake} at which both laws cost the same"


def _curve(choice: Choice, *, bare: bool = False) -> Figure:
    figure, panel = build_figure("", "", SIZE_OUTLINED) if bare else build_figure(_curve_title(choice), CURVE, SIZE)
    without_payout = break_even_chance(choice.counted, choice.inputs)
    shares = [Fraction(step, STEPS) for step in range(STEPS + 1)]
    ends = []
    for case, (colour, style) in zip(choose_cases(choice.inputs.settlements), LOOKS, strict=False):
        chances = [
            break_even_chance(choice.counted, choice.inputs, payout=case.a_person, share=share) for share in shares
        ]
        panel.plot(_percents(shares), _percents(chances), color=colour, linestyle=style, linewidth=2.2)
        label = f"{case.name}:\n{format_about_money(case.a_person)} a person, {format_break_even(chances[-1])}"
        ends.append((chances[-1], label, colour))
    _draw_without_payout(panel, without_payout)
    _set_scale(panel, panel.yaxis, [without_payout, *(chance for chance, *_ in ends)])
    _label_ends(panel, ends, LABEL / figure.get_size_inches()[1])
    panel.set_xlim(0, 100)
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}%"))
    panel.set_xlabel("of the holds lead to a payout as large as in a case", fontsize=9.5, color=INK)
    panel.set_ylabel("chance of losing the money", fontsize=9.5, color=INK)
    return figure


def _draw_without_payout(panel: Any, chance: Fraction) -> None:
    percent = float(chance * 100)
    panel.axhline(percent, color=QUIET, linewidth=1.2, linestyle=":")
    look = {"textcoords": "offset points", "fontsize": 9, "color": QUIET, "ha": "right", "va": "top"}
    panel.annotate(
        f"nothing paid out: {format_break_even(chance)}", (99, percent), (0, -3), **look
    )  # the lines are above


def _label_ends(panel: Any, ends: list[tuple[Fraction, str, str]], step: float) -> None:
    """The name of each line at its right end, outside the panel, so that no two overlap."""
    low, high = (log10(end) for end in panel.get_ylim())
    last = -1.0
    for chance, label, colour in sorted(ends):
        height = max((log10(float(min(chance, Fraction(1)) * 100)) - low) / (high - low), last + step)
        panel.annotate(
            label,
            (1.01, height),
            xycoords="axes fraction",
            fontsize=9,
            va="center",
            color=colour,
            annotation_clip=False,
        )
        last = height


def _percents(chances: list[Fraction]) -> list[float]:
    return [float(chance * 100) for chance in chances]


def _set_scale(panel: Any, axis: Any, chances: list[Fraction]) -> None:
    """A logarithmic scale around some chances, labelled in percent."""
    shown = [percent for percent in _percents(chances) if percent]
    low, high = floor(log10(min(shown)) - 0.1), min(ceil(log10(max(shown)) + 0.1), PERCENT_MAX_POWER)
    scale: Callable[[str], None] = panel.set_yscale if axis is panel.yaxis else panel.set_xscale
    limits: Callable[[float, float], None] = panel.set_ylim if axis is panel.yaxis else panel.set_xlim
    scale("log")
    limits(10.0**low, 10.0**high)
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{f'{value:.12f}'.rstrip('0').rstrip('.')}%"))
    axis.set_minor_locator(NullLocator())
    panel.grid(True, axis="y" if axis is panel.yaxis else "x", color=GRID, linewidth=0.6)


def _curve_words(choice: Choice) -> PictureTexts:
    cases = choose_cases(choice.inputs.settlements)
    rows = [(format_chance(share), *(format_case_chance(choice, case, share) for case in cases)) for share in SHARES]
    without_payout = format_break_even(break_even_chance(choice.counted, choice.inputs))
    pairs = zip(cases, rows[-1][1:], strict=True)
    ends = ", ".join(f"{chance} at the sum a person of {case.name}" for case, chance in pairs)
    title = _curve_title(choice)
    description = f"{title}. Nothing paid out: {without_payout}. If every hold leads to a payout: {ends or without_payout}. {CURVE}"
    return PictureTexts(CURVE_NAME, title, description, (("of the holds", *(case.name for case in cases)), *rows))


def _drivers(choice: Choice) -> Figure:
    drivers = rank_drivers(choice.counted, choice.inputs)
    figure, panel = build_figure(DRIVERS_TITLE, DRIVERS, (11, 1.9 + 0.62 * len(drivers)))
    middle = break_even_chance(choice.counted, choice.inputs)
    percent = float(middle * 100)
    ends = [end for driver in drivers for end in (driver.low, driver.high or middle * 100) if end]
    _set_scale(panel, panel.xaxis, [middle, middle * 2, *ends])
    limits = panel.get_xlim()
    for row, driver in enumerate(drivers):
        _draw_bar(panel, driver, row=row, middle=percent, limits=limits)
    panel.axvline(percent, color=INK, linewidth=1.4)
    label = f"all at their middle: {format_break_even(middle)}"
    panel.annotate(label, (percent, -0.72), fontsize=9, color=INK, ha="center", annotation_clip=False)
    panel.set_yticks(range(len(drivers)), [NAMES[driver.name] for driver in drivers], fontsize=9.5)
    panel.set_ylim(len(drivers) - 0.5, -0.55)
    panel.set_xlabel("break-even chance of losing the federal money", fontsize=9.5, color=INK)
    return figure


def _draw_bar(panel: Any, driver: Driver, *, row: int, middle: float, limits: tuple[float, float]) -> None:
    """The bar of one input, with a label at each end."""
    low = max(float(driver.low * 100), limits[0])
    high = min(float(driver.high * 100), limits[1]) if driver.high is not None else limits[1]
    if driver.high is None:
        panel.barh(row, high * ARROW - low, left=low, height=0.3, color=ORANGE)
        panel.plot([high * ARROW], [row], marker=">", markersize=20, color=ORANGE)
    else:
        edge = {"height": 0.5, "edgecolor": INK, "linewidth": 0.5}
        panel.barh(row, middle - low, left=low, facecolor=BLUE, **edge)
        panel.barh(row, high - middle, left=middle, facecolor=YELLOW, hatch="///", **edge)
    for label, position, step, align in _end_labels(driver, low, high):
        beyond = position <= limits[0]  # zero has no place on a logarithmic scale: its label goes inside the bar
        look = {"ha": "left", "color": PAPER} if beyond else {"ha": align, "color": INK}
        offset = (abs(step) if beyond else step, 0)
        panel.annotate(label, (position, row), offset, textcoords="offset points", fontsize=8.5, va="center", **look)


def _end_labels(driver: Driver, low: float, high: float) -> list[tuple[str, float, int, str]]:
    """The labels at the ends of a bar: the value of the input and the chance. The highest value may be at the left end."""
    lowest, highest = format_ends(driver)
    falling = driver.name in ("paid", "stake")
    at_low, at_high = (highest, lowest) if falling else (lowest, highest)
    left = [(f"{at_low}: {format_break_even(driver.low)}", low, -6, "right")]
    if driver.high is None:
        return left
    return [*left, (f"{at_high}: {format_break_even(driver.high)}", high, 6, "left")]


def _driver_words(choice: Choice) -> PictureTexts:
    rows = []
    for driver in rank_drivers(choice.counted, choice.inputs):
        high = format_break_even(driver.high) if driver.high is not None else "no bound"
        rows.append((NAMES[driver.name], *format_ends(driver), format_break_even(driver.low), high))
    ranges = "; ".join(f"{name}, {lowest} to {highest}: {low} to {high}" for name, lowest, highest, low, high in rows)
    head = ("one input alone", "lowest", "highest", "break-even from", "to")
    return PictureTexts("what-drives-it", DRIVERS_TITLE, f"{DRIVERS_TITLE}. {ranges}. {DRIVERS}", (head, *rows))
