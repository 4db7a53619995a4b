"""Where a choice turns: the chance of losing the federal money at which holding and not holding cost the same, and what drives it.

Not holding costs that chance times the money. Holding costs what the holds cost, and, where holds of this kind are found unlawful
and somebody sues, what is paid out. Nobody published a chance of that: so it is left out at first, and shown over its whole range.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from comity.board.figures import Counted, Held, Inputs, Values, at_side, chosen, corners, middle
from comity.money.ranges import Span, about_chance, halfway

Which: TypeAlias = Literal["first", "second", "neither", "open"]
Name: TypeAlias = Literal["people", "days", "cost", "paid", "payout", "stake"]
NONE = Fraction(0)
NO_CHANCE = "no chance"


class Turn(Struct, frozen=True):
    """The chance at which the choice turns. At its middle nothing is paid out; at its highest every person held is paid the highest
    sum a person that was published. Above one it does not turn at all: holding costs more than could be lost."""

    chance: Span
    holds_more: Which


class Driver(Struct, frozen=True):
    """Where the choice turns when one input is at its lowest and at its highest (`at`) and all others are at their middle.

    `high` is nothing where there is no bound.
    """

    name: Name
    at: Span
    low: Fraction
    high: Fraction | None

    @property
    def width(self) -> Fraction:
        return (self.high or NONE) - self.low


def turns_at(chance: Fraction) -> str:
    """Where a choice turns in words; at no chance where holding costs more than could be lost."""
    return about_chance(chance) if chance <= 1 else NO_CHANCE


def which_holds_more(more: Held) -> Which:
    """Which law holds more people, or that it turns on what is not known."""
    low, high = more.people
    if low == high == 0 and more.days == (0, 0):
        return "neither"
    if low >= 0 and more.days[0] >= 0:
        return "second"
    return "first" if high <= 0 and more.days[1] <= 0 else "open"


def turn_of(counted: Counted, own: Inputs) -> Turn | None:
    """Where the choice turns; nowhere where both laws hold the same people, or nobody knows which holds more, or nothing is at stake."""
    which = which_holds_more(counted.more)
    if which in ("neither", "open") or not own.exposure.cents:
        return None
    more, stake = _more(counted), Fraction(own.exposure.cents)
    payouts = (NONE, max((case.a_person for case in own.settlements), default=NONE))
    stakes = (stake, Fraction(own.exposure.least or stake))
    every = [_chance(at, own, payout, lost) for at in corners(more, own) for payout in payouts for lost in stakes]
    return Turn(Span(min(every), _chance(middle(more, own), own, NONE, stake), max(every)), which)


def _more(counted: Counted) -> Held:
    """By how many more the law holds that holds more."""
    return counted.more.turned if which_holds_more(counted.more) == "first" else counted.more


def _chance(at: Values, own: Inputs, payout: Fraction, stake: Fraction) -> Fraction:
    return max(Fraction((at.net + at.people * payout) * own.scale, stake), NONE)


def chance_at(counted: Counted, own: Inputs, payout: Fraction, share: Fraction) -> Fraction:
    """Where the choice turns, everything at its middle, if each hold leads to a payout with the chance `share`."""
    return _chance(middle(_more(counted), own), own, payout * share, Fraction(own.exposure.cents))


def drivers_of(counted: Counted, own: Inputs) -> list[Driver]:
    """What moves the chance at which the choice turns, most of all first; an input that is known moves nothing."""
    more = _more(counted)
    at = middle(more, own)
    made = [_driver("people", halfway(*more.people), [_people(at, more, side) for side in (0, 1)], own)]
    made += [_driver("days", own.days.span, [replace(at, days=end) for end in _ends(own.days.span)], own)]
    made += [_driver("cost", own.cost.span, [replace(at, cost=end) for end in _ends(own.cost.span)], own)]
    made += [_driver("paid", own.paid.span, [replace(at, paid=end) for end in _ends(own.paid.span)], own)]
    made += _of_payouts(at, own)
    moving = sorted((driver for driver in made if driver.width), key=lambda driver: -driver.width)
    return [_of_stake(at, own), *moving] if own.exposure.least != own.exposure.cents else moving


def _ends(span: Span) -> tuple[Fraction, Fraction]:
    return span.low, span.high


def _people(at: Values, more: Held, side: int) -> Values:
    untold, told, people = at_side(more, side)
    return replace(at, untold=untold, told=told, people=people)


def _driver(name: Name, span: Span, ends: Iterable[Values], own: Inputs) -> Driver:
    low, high = sorted(_chance(at, own, NONE, Fraction(own.exposure.cents)) for at in ends)
    return Driver(name, span, low, high)


def _of_payouts(at: Values, own: Inputs) -> list[Driver]:
    """From nothing paid out to every person held being paid the highest sum that was published."""
    highest = [case.a_person for case in chosen(own.settlements)][-1:]
    stake = Fraction(own.exposure.cents)
    return [
        Driver("payout", Span(NONE, NONE, most), _chance(at, own, NONE, stake), _chance(at, own, most, stake))
        for most in highest
    ]


def _of_stake(at: Values, own: Inputs) -> Driver:
    """The less is at stake, the higher the chance must be: without a lower bound there is no highest."""
    most, least = Fraction(own.exposure.cents), own.exposure.least
    high = _chance(at, own, NONE, Fraction(least)) if least else None
    return Driver("stake", Span(Fraction(least or 0), most, most), _chance(at, own, NONE, most), high)
