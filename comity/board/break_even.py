"""The break-even chance: the chance of losing the federal money at which holding and not holding cost the same.

Not holding costs that chance times the money. Holding costs what the holds cost and, where holds of this kind are found unlawful
and somebody sues, what is paid out. No chance of a payout has been published, so payouts are left out at first, and then shown
over the whole range of chances.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from comity.board.figures import Counted, Held, Inputs, Values, choose_cases, corner_values, middle_values
from comity.money.ranges import Span, format_chance, span_between

HoldsMore: TypeAlias = Literal["first", "second", "neither", "open"]
InputName: TypeAlias = Literal["people", "days", "cost", "paid", "payout", "stake"]
ZERO = Fraction(0)
NO_CHANCE = "no chance"


class BreakEven(Struct, frozen=True):
    """The break-even chance, and which law holds more people.

    At its middle nothing is paid out; at its highest every person held is paid the highest published sum for a person. Above 1
    there is no break-even: holding costs more than could be lost.
    """

    chance: Span
    holds_more: HoldsMore


class Driver(Struct, frozen=True, kw_only=True):
    """The break-even chance with one input at its lowest and at its highest (`at`), and all others at their middle.

    `high` is None where there is no upper bound.
    """

    name: InputName
    at: Span
    low: Fraction
    high: Fraction | None

    @property
    def width(self) -> Fraction:
        return (self.high or ZERO) - self.low


def format_break_even(chance: Fraction) -> str:
    """A break-even chance in words; `no chance` where holding costs more than could be lost."""
    return format_chance(chance) if chance <= 1 else NO_CHANCE


def compare_held(more: Held) -> HoldsMore:
    """Which law holds more people; `open` where that depends on what is not known."""
    low, high = more.people
    if low == high == 0 and more.days == (0, 0):
        return "neither"
    if low >= 0 and more.days[0] >= 0:
        return "second"
    return "first" if high <= 0 and more.days[1] <= 0 else "open"


def find_break_even(counted: Counted, inputs: Inputs) -> BreakEven | None:
    """The break-even chance.

    None where both laws hold the same people, where it is not known which holds more, or where no money is at stake.
    """
    holds_more = compare_held(counted.more)
    if holds_more in ("neither", "open") or not inputs.exposure.cents:
        return None
    more, most = _positive_difference(counted), Fraction(inputs.exposure.cents)
    payouts = (ZERO, max((case.a_person for case in inputs.settlements), default=ZERO))
    stakes = (most, Fraction(inputs.exposure.least or most))
    chances = [
        _chance(values, inputs, payout=payout, stake=stake)
        for values in corner_values(more, inputs)
        for payout in payouts
        for stake in stakes
    ]
    middle = _chance(middle_values(more, inputs), inputs, payout=ZERO, stake=most)
    return BreakEven(Span(min(chances), middle, max(chances)), holds_more)


def _positive_difference(counted: Counted) -> Held:
    """How many more people are held under the law that holds more."""
    return counted.more.reversed if compare_held(counted.more) == "first" else counted.more


def _chance(values: Values, inputs: Inputs, *, payout: Fraction, stake: Fraction) -> Fraction:
    return max(Fraction((values.net + values.people * payout) * inputs.scale, stake), ZERO)


def break_even_chance(counted: Counted, inputs: Inputs, *, payout: Fraction = ZERO, share: Fraction = ZERO) -> Fraction:
    """The break-even chance with every input at its middle, if a share of the holds leads to a payout of so many cents."""
    values, stake = middle_values(_positive_difference(counted), inputs), Fraction(inputs.exposure.cents)
    return _chance(values, inputs, payout=payout * share, stake=stake)


def rank_drivers(counted: Counted, inputs: Inputs) -> list[Driver]:
    """The inputs that move the break-even chance, those that move it most first; an input that is known moves nothing."""
    more = _positive_difference(counted)
    middle = middle_values(more, inputs)
    days, cost, paid = inputs.days.span, inputs.cost.span, inputs.paid.span
    people = [_with_people(middle, more, side) for side in (0, 1)]
    drivers = [
        _driver("people", span_between(*more.people), ends=people, inputs=inputs),
        _driver("days", days, ends=[replace(middle, days=end) for end in (days.low, days.high)], inputs=inputs),
        _driver("cost", cost, ends=[replace(middle, cost=end) for end in (cost.low, cost.high)], inputs=inputs),
        _driver("paid", paid, ends=[replace(middle, paid=end) for end in (paid.low, paid.high)], inputs=inputs),
        *_payout_driver(middle, inputs),
    ]
    moving = sorted((driver for driver in drivers if driver.width), key=lambda driver: -driver.width)
    return [_stake_driver(middle, inputs), *moving] if inputs.exposure.least != inputs.exposure.cents else moving


def _with_people(middle: Values, more: Held, side: int) -> Values:
    return replace(
        middle,
        without_days=Fraction(more.without_days[side]),
        table_days=Fraction(more.days[side]),
        people=Fraction(more.people[side]),
    )


def _driver(name: InputName, span: Span, *, ends: Iterable[Values], inputs: Inputs) -> Driver:
    stake = Fraction(inputs.exposure.cents)
    low, high = sorted(_chance(values, inputs, payout=ZERO, stake=stake) for values in ends)
    return Driver(name=name, at=span, low=low, high=high)


def _payout_driver(middle: Values, inputs: Inputs) -> list[Driver]:
    """From no payout to every person held being paid the highest published sum; empty where no case was published."""
    cases = choose_cases(inputs.settlements)
    if not cases:
        return []
    highest, stake = cases[-1].a_person, Fraction(inputs.exposure.cents)
    low, high = (_chance(middle, inputs, payout=payout, stake=stake) for payout in (ZERO, highest))
    return [Driver(name="payout", at=Span(ZERO, ZERO, highest), low=low, high=high)]


def _stake_driver(middle: Values, inputs: Inputs) -> Driver:
    """The less is at stake, the higher the break-even chance: without a least amount at stake there is no highest chance."""
    most, least = Fraction(inputs.exposure.cents), inputs.exposure.least
    high = _chance(middle, inputs, payout=ZERO, stake=Fraction(least)) if least else None
    low = _chance(middle, inputs, payout=ZERO, stake=most)
    return Driver(name="stake", at=Span(Fraction(least or 0), most, most), low=low, high=high)
