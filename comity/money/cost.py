"""What one hold costs, day by day. This is the definition and is kept plain; `money.many` must agree with it.

The day of arrival counts and the day of departure does not; a hold within one day counts as one day. The Marshals Service
pays for a prisoner-day in this way (agreement 59-02-0016 with Cass County, North Dakota, article VI).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from comity.money.amount import Rounding, divide
from comity.money.rates import Rate, first_day_without, rate_on
from comity.period import shifted

DAY = timedelta(1)


class Hold(Struct, frozen=True):
    """The days of one person from `since` to the day before `until`.

    With `days` above 0 it is that many inmate-days of several people between them, of which the single days are not known.
    """

    since: date
    until: date
    days: int = 0


class Piece(Struct, frozen=True, kw_only=True):
    """The days of a hold within one period under one rate, and their cost in cents."""

    since: date
    until: date
    days: int
    cents: int
    rate: Rate


class Unpriced(Struct, frozen=True):
    """Why a hold has no cost: no rate is known for `day`, or the rate `changes` on it while only a sum of days is known."""

    day: date
    changes: bool = False


def price_hold(hold: Hold, rates: Sequence[Rate], rounding: Rounding = "half_up") -> tuple[Piece, ...] | Unpriced:
    """The cost of a hold by month and by the rate of each day.

    Cents are rounded on the sum of a hold's days under a rate, never day by day, so that no cent is lost at a month's end.
    """
    day = first_day_without(rates, hold.since, hold.until)
    if day:
        return Unpriced(day)
    return _price_sum(hold, rates, rounding) if hold.days else _price_days(hold, rates, rounding)


def _price_sum(hold: Hold, rates: Sequence[Rate], rounding: Rounding) -> tuple[Piece, ...] | Unpriced:
    rate = rate_on(rates, hold.since)
    if rate is None or hold.until > rate.until:
        return Unpriced(rate.until if rate else hold.since, changes=True)
    cents = _cost(rate, hold.days, rounding)
    return (Piece(since=hold.since, until=hold.until, days=hold.days, cents=cents, rate=rate),)


def _price_days(hold: Hold, rates: Sequence[Rate], rounding: Rounding) -> tuple[Piece, ...]:
    """Day by day: each day adds the amount by which it raises the rounded sum under its rate."""
    pieces: dict[tuple[date, Rate], Piece] = {}
    counts: dict[Rate, int] = {}
    day = hold.since
    while day < hold.until:
        rate = rate_on(rates, day)
        assert rate is not None  # every day has one
        count = counts.get(rate, 0)
        added = _cost(rate, count + 1, rounding) - _cost(rate, count, rounding)
        since, until = month_of(day)
        before = pieces.get((since, rate), Piece(since=since, until=until, days=0, cents=0, rate=rate))
        pieces[since, rate] = Piece(
            since=since, until=until, days=before.days + 1, cents=before.cents + added, rate=rate
        )
        counts[rate] = count + 1
        day += DAY
    return tuple(pieces.values())


def _cost(rate: Rate, days: int, rounding: Rounding) -> int:
    return divide(rate.cents * days, rate.days, rounding)


def month_of(day: date) -> tuple[date, date]:
    """The first day of a day's month, and of the next."""
    first = day.replace(day=1)
    return first, shifted(first, months=1)
