"""A choice between two laws in figures: whom each would have held, what that comes to, and the federal money that stands at stake.

Everything is exact, in whole numbers and fractions of them. A middle is what was published; where only bounds are known it is
halfway between them. Payouts and federal money are sums that could be paid or lost, never weighed by a chance: nobody
published one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from itertools import product
from typing import TypeAlias

from msgspec import Struct

from comity.money.ranges import Span, halfway
from comity.money.settlements import Settlement
from comity.money.sourced import Source

Bounds: TypeAlias = tuple[int, int]


class Held(Struct, frozen=True):
    """How many people are surely held, and how many at most: those for whom the table tells the days (with the sum of them), and
    those for whom it does not. Of two laws, by how many more the second holds, which may be below nothing."""

    told: Bounds = (0, 0)
    days: Bounds = (0, 0)
    untold: Bounds = (0, 0)

    @property
    def people(self) -> Bounds:
        return self.told[0] + self.untold[0], self.told[1] + self.untold[1]

    @property
    def turned(self) -> Held:
        """By how many more the first holds."""
        return Held(*((-high, -low) for low, high in (self.told, self.days, self.untold)))


class Counted(Struct, frozen=True):
    """The requests that were counted, whom each law holds, and by how many the second holds more. What is not known of a request is
    taken for both laws at once, so that the last is no difference of the first two."""

    requests: int
    first: Held
    second: Held
    more: Held


class Said(Struct, frozen=True):
    """One value in words, with its source, and from and until which day it holds where it has days.

    One that was `given` by whoever asks has no source but that: it names the option.
    """

    words: str
    source: Source | None
    since: date | None = None
    until: date | None = None
    given: str = ""


class Figure(Struct, frozen=True):
    """Something that goes into the sum: between which bounds it lies, and who said so; the first said the middle."""

    span: Span
    said: tuple[Said, ...]


class Exposure(Struct, frozen=True):
    """Federal money that a condition puts at stake: at most `cents`, and at least `least` where that is known.

    `condition` says in words what loses it; `share` is what part of the budget it is, where that is known.
    """

    cents: int
    condition: str
    said: Said
    least: int | None = None
    share: Fraction | None = None


class Bearing(Struct, frozen=True):
    """A condition on federal money that bears on a choice: how it stands at the place, what it demands, whether the first and the
    second law breach it (in words), and which way the facts point that are recorded about it."""

    id: str
    title: str
    state: str
    demands: str
    first: str
    second: str
    facts: str
    source: str


class Inputs(Struct, frozen=True):
    """All that goes into the sum beside the requests: days a hold, what a day costs, what Washington pays for one, in cents; the
    settlements that were published; the federal money. By `scale` the requests are multiplied."""

    days: Figure
    cost: Figure
    paid: Figure
    settlements: tuple[Settlement, ...]
    exposure: Exposure
    scale: Fraction = Fraction(1)


class Values(Struct, frozen=True):
    """One value for each: people held, of whom the table does not tell the days of `untold`, and tells `told` days of the others;
    days a hold, and cents a day."""

    untold: Fraction
    told: Fraction
    people: Fraction
    days: Fraction
    cost: Fraction
    paid: Fraction

    @property
    def all_days(self) -> Fraction:
        return self.told + self.untold * self.days

    @property
    def net(self) -> Fraction:
        return self.all_days * (self.cost - self.paid)


class Sums(Struct, frozen=True):
    """What one law comes to, or by how much the second comes to more: people, days, and cents."""

    people: Span
    days: Span
    cost: Span
    charged: Span
    net: Span


def sums_of(held: Held, own: Inputs) -> Sums:
    """What some people held come to; the bounds are those of every combination of the inputs."""

    def spanned(of: Callable[[Values], Fraction]) -> Span:
        every = [of(values) * own.scale for values in corners(held, own)]
        return Span(min(every), of(middle(held, own)) * own.scale, max(every))

    return Sums(
        spanned(lambda at: at.people),
        spanned(lambda at: at.all_days),
        spanned(lambda at: at.all_days * at.cost),
        spanned(lambda at: at.all_days * at.paid),
        spanned(lambda at: at.net),
    )


def middle(held: Held, own: Inputs) -> Values:
    """Everything at its middle."""
    untold, told, people = (halfway(*bounds).middle for bounds in (held.untold, held.days, held.people))
    return Values(untold, told, people, own.days.span.middle, own.cost.span.middle, own.paid.span.middle)


def corners(held: Held, own: Inputs) -> Iterable[Values]:
    """Every combination of lowest and highest: what is a product of inputs is lowest and highest at one of them."""
    ends = [(figure.span.low, figure.span.high) for figure in (own.days, own.cost, own.paid)]
    for side in (0, 1):
        for days, cost, paid in product(*ends):
            yield Values(*at_side(held, side), days, cost, paid)


def at_side(held: Held, side: int) -> tuple[Fraction, Fraction, Fraction]:
    """The people held at the lowest or the highest: those whose days the table does not tell, the days told, all of them."""
    return Fraction(held.untold[side]), Fraction(held.days[side]), Fraction(held.people[side])


def chosen(settlements: Iterable[Settlement]) -> tuple[Settlement, ...]:
    """The cases with the lowest, the middle (of two, the lower) and the highest sum a person, each once."""
    every = sorted(settlements, key=lambda case: (case.a_person, case.name))
    places = sorted({0, (len(every) - 1) // 2, len(every) - 1}) if every else []
    return tuple(every[place] for place in places)


def payable(number: Span, a_one: Fraction) -> Span:
    """What so many people, or days, would come to at so many cents for each."""
    return Span(number.low * a_one, number.middle * a_one, number.high * a_one)
