"""A choice between two laws in figures: whom each would have held, what that costs, and the federal money at stake.

Everything is exact, in whole numbers and fractions. A middle value is what was published; where only bounds are known it lies
halfway between them. Payouts and federal money are sums that could be paid or lost. They are not multiplied by a chance, since
nobody has published one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from itertools import product
from typing import TypeAlias

from msgspec import Struct

from comity.money.ranges import Span, span_between
from comity.money.settlements import Settlement
from comity.money.sourced import Source

Bounds: TypeAlias = tuple[int, int]


class Held(Struct, frozen=True):
    """The lowest and the highest number of people held, with the days they were held where the table gives them.

    `with_days` counts people for whom the table gives the days, and `days` is the sum of these; `without_days` counts the
    others. As a difference of two laws it says how many more the second holds, which may be negative.
    """

    with_days: Bounds = (0, 0)
    days: Bounds = (0, 0)
    without_days: Bounds = (0, 0)

    @property
    def people(self) -> Bounds:
        return self.with_days[0] + self.without_days[0], self.with_days[1] + self.without_days[1]

    @property
    def reversed(self) -> Held:
        """The difference taken the other way round: how many more the first law holds."""
        return Held(*((-high, -low) for low, high in (self.with_days, self.days, self.without_days)))


class Counted(Struct, frozen=True, kw_only=True):
    """The requests counted, whom each law holds, and how many more the second holds.

    What is not known of a request is assumed alike for both laws, so `more` is not the difference of the other two.
    """

    requests: int
    first: Held
    second: Held
    more: Held


class CountySource(Struct, frozen=True, kw_only=True):
    """Where a figure that the county gave is from: its day, and who says so. `source` is empty where only a value was given."""

    on: date | None
    source: str = ""
    note: str = ""

    @property
    def words(self) -> str:
        """`the county's own figure of 2026-03-01: budget office, memo 12`."""
        dated = f" of {self.on}" if self.source else f" for {self.on}"
        source = self.source or "no source given"
        note = f"; {self.note}" if self.note else ""
        return f"the county's own figure{dated if self.on else ''}{': ' if self.source else ', '}{source}{note}"


class SourcedValue(Struct, frozen=True, kw_only=True):
    """One value in words, with its source, and the days on which it holds where it has any.

    A figure of the county's own has no published source; `county` says where it is from.
    """

    words: str
    source: Source | None
    since: date | None = None
    until: date | None = None
    county: CountySource | None = None


class Figure(Struct, frozen=True):
    """An input: its bounds, and the values that they come from, the one of the middle first."""

    span: Span
    values: tuple[SourcedValue, ...]


class Exposure(Struct, frozen=True, kw_only=True):
    """Federal money that a condition puts at stake: at most `cents`, and at least `least` where that is known.

    `condition` describes what would lose it; `share` is the part of the budget that it is, where that is known.
    """

    cents: int
    condition: str
    value: SourcedValue
    least: int | None = None
    share: Fraction | None = None


class ConditionComparison(Struct, frozen=True, kw_only=True):
    """A condition on federal money under two laws: its state at the place, and what it demands.

    `first` and `second` say whether each law breaches it, and `facts` which way the recorded facts point, all in words.
    """

    id: str
    title: str
    state: str
    demands: str
    first: str
    second: str
    facts: str
    source: str


class Inputs(Struct, frozen=True, kw_only=True):
    """The inputs of a comparison beside the requests: days a hold, the cost of a day and the federal payment for one, in cents.

    Also the published settlements and the federal money at stake. The requests are multiplied by `scale`; `requests` says how
    many there are in a year, where that was given.
    """

    days: Figure
    cost: Figure
    paid: Figure
    settlements: tuple[Settlement, ...]
    exposure: Exposure
    scale: Fraction = Fraction(1)
    requests: SourcedValue | None = None


class Values(Struct, frozen=True, kw_only=True):
    """One value for each input: the people held, and of these the people `without_days` in the table.

    `table_days` are the days of the others; `days` are the days of a hold, `cost` and `paid` the cents for a day.
    """

    without_days: Fraction
    table_days: Fraction
    people: Fraction
    days: Fraction
    cost: Fraction
    paid: Fraction

    @property
    def all_days(self) -> Fraction:
        return self.table_days + self.without_days * self.days

    @property
    def net(self) -> Fraction:
        return self.all_days * (self.cost - self.paid)


class Sums(Struct, frozen=True, kw_only=True):
    """The totals under one law, or how much higher they are under the second: people, days, and cents."""

    people: Span
    days: Span
    cost: Span
    charged: Span
    net: Span


def compute_sums(held: Held, inputs: Inputs) -> Sums:
    """The totals for the people held; the bounds are those of every combination of the inputs."""

    def span(of: Callable[[Values], Fraction]) -> Span:
        every = [of(values) * inputs.scale for values in corner_values(held, inputs)]
        return Span(min(every), of(middle_values(held, inputs)) * inputs.scale, max(every))

    return Sums(
        people=span(lambda values: values.people),
        days=span(lambda values: values.all_days),
        cost=span(lambda values: values.all_days * values.cost),
        charged=span(lambda values: values.all_days * values.paid),
        net=span(lambda values: values.net),
    )


def middle_values(held: Held, inputs: Inputs) -> Values:
    """Every input at its middle."""
    return Values(
        without_days=span_between(*held.without_days).middle,
        table_days=span_between(*held.days).middle,
        people=span_between(*held.people).middle,
        days=inputs.days.span.middle,
        cost=inputs.cost.span.middle,
        paid=inputs.paid.span.middle,
    )


def corner_values(held: Held, inputs: Inputs) -> Iterable[Values]:
    """Every combination of lowest and highest: a product of inputs has its lowest and its highest value at one of these."""
    ends = [(figure.span.low, figure.span.high) for figure in (inputs.days, inputs.cost, inputs.paid)]
    for side in (0, 1):
        for days, cost, paid in product(*ends):
            yield Values(
                without_days=Fraction(held.without_days[side]),
                table_days=Fraction(held.days[side]),
                people=Fraction(held.people[side]),
                days=days,
                cost=cost,
                paid=paid,
            )


def choose_cases(settlements: Iterable[Settlement]) -> tuple[Settlement, ...]:
    """The cases with the lowest, the middle (of two, the lower) and the highest sum a person, each once."""
    ordered = sorted(settlements, key=lambda case: (case.a_person, case.name))
    positions = sorted({0, (len(ordered) - 1) // 2, len(ordered) - 1}) if ordered else []
    return tuple(ordered[position] for position in positions)


def compute_payout(number: Span, cents: Fraction) -> Span:
    """The payout for a number of people, or of days, at so many cents each."""
    return Span(number.low * cents, number.middle * cents, number.high * cents)
