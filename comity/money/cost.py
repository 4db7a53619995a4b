"""What one hold costs, day by day: this is the definition, kept plain; `money.many` is right when it agrees.

The day of coming in counts and the day of leaving does not, and a hold within one day is one day: so the Marshals Service
pays for a prisoner-day (agreement 59-02-0016 with Cass County, North Dakota, article VI), and so jails count here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from comity.money.amount import Rounding, divided
from comity.money.rates import Rate, first_day_without, rate_on
from comity.period import shifted

DAY = timedelta(1)


class Hold(Struct, frozen=True):
    """A person's days from `since` to the one before `until`; or, where `days` is given, so many days of several people between
    them, of which the single ones are not known."""

    since: date
    until: date
    days: int = 0


class Piece(Struct, frozen=True):
    """Days of a hold within one period and under one rate, and what they come to."""

    since: date
    until: date
    days: int
    cents: int
    rate: Rate


class Unpriced(Struct, frozen=True):
    """Why a hold has no amount: no rate is known for a day, or it `changes` on it and the days are not known one by one."""

    day: date
    changes: bool = False


def pieces_of(hold: Hold, rates: Sequence[Rate], rounding: Rounding = "half_up") -> tuple[Piece, ...] | Unpriced:
    """What a hold comes to by the month and by the rate of each day.

    Cents are rounded on the sum of a hold's days under a rate, never on each day, so that a month's end loses none.
    """
    without = first_day_without(rates, hold.since, hold.until)
    if without:
        return Unpriced(without)
    return _summed(hold, rates, rounding) if hold.days else _counted(hold, rates, rounding)


def _summed(hold: Hold, rates: Sequence[Rate], rounding: Rounding) -> tuple[Piece, ...] | Unpriced:
    rate = rate_on(rates, hold.since)
    if rate is None or hold.until > rate.until:
        return Unpriced(rate.until if rate else hold.since, changes=True)
    return (Piece(hold.since, hold.until, hold.days, _share(rate, hold.days, rounding), rate),)


def _counted(hold: Hold, rates: Sequence[Rate], rounding: Rounding) -> tuple[Piece, ...]:
    """Day by day: each adds what the sum under its rate grows by."""
    found: dict[tuple[date, Rate], Piece] = {}
    under: dict[Rate, int] = {}
    day = hold.since
    while day < hold.until:
        rate = rate_on(rates, day)
        assert rate is not None  # every day has one
        count = under.get(rate, 0)
        grown = _share(rate, count + 1, rounding) - _share(rate, count, rounding)
        since, until = month_of(day)
        before = found.get((since, rate), Piece(since, until, 0, 0, rate))
        found[since, rate] = Piece(since, until, before.days + 1, before.cents + grown, rate)
        under[rate] = count + 1
        day += DAY
    return tuple(found.values())


def _share(rate: Rate, days: int, rounding: Rounding) -> int:
    return divided(rate.cents * days, rate.days, rounding)


def month_of(day: date) -> tuple[date, date]:
    """The first day of a day's month, and of the next."""
    first = day.replace(day=1)
    return first, shifted(first, months=1)
