"""The cost of many holds at once, by whole columns and in integers; it agrees with `money.cost` on each hold.

Time is cut where a month begins and where a rate begins. Each hold is split at these cuts, and each piece gets the amount by
which it raises the rounded sum of the hold's days under that rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from comity.money.amount import Rounding
from comity.money.cost import month_of
from comity.money.rates import Rate

Whole: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
PRICED, NO_RATE, CHANGES = 0, 1, 2


class Holds(Struct, frozen=True):
    """Holds as columns: days as ordinals, and `days` above 0 where it is a sum of days of several people."""

    since: Whole
    until: Whole
    days: Whole


class Pieces(Struct, frozen=True, kw_only=True):
    """Pieces as columns: the index of the hold and of the rate, the period, the days, the cost in cents.

    `state` and `at` have one value a hold: priced, without a rate on the day `at`, or with a rate that changes on it.
    """

    hold: Whole
    rate: Whole
    since: Whole
    until: Whole
    days: Whole
    cents: Whole
    state: Whole
    at: Whole


def price_holds(holds: Holds, rates: Sequence[Rate], rounding: Rounding = "half_up") -> Pieces:
    """The pieces of every hold that has a rate on each of its days."""
    state, at = find_states(holds, rates)
    priced = np.flatnonzero(state == PRICED)
    sums = priced[holds.days[priced] > 0]
    singles = priced[holds.days[priced] == 0]
    parts = [
        _price_sums(holds, sums, rates=rates, rounding=rounding),
        _price_days(holds, singles, rates=rates, rounding=rounding),
    ]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.lexsort((columns[2], columns[0]))
    hold, rate, since, until, days, cents = (column[order] for column in columns)
    return Pieces(hold=hold, rate=rate, since=since, until=until, days=days, cents=cents, state=state, at=at)


def totals(count: int, index: Whole, values: Whole) -> Whole:
    """The sum of the values of each index."""
    sums = np.zeros(count, np.int64)
    np.add.at(sums, index, values)
    return sums


def find_states(holds: Holds, rates: Sequence[Rate]) -> tuple[Whole, Whole]:
    """Whether each hold has a rate on all its days, and the day on which it has none or the rate changes."""
    begins, ends = _bounds(rates)
    at = holds.since.copy()
    state = np.full(len(at), NO_RATE, np.int64)
    for begin, end in zip(begins, ends, strict=True):
        at = np.where((at >= begin) & (at < end), end, at)
    state[at >= holds.until] = PRICED
    if len(rates):
        rate = _rate_of(begins, holds.since)
        changing = (state == PRICED) & (holds.days > 0) & (holds.until > ends[rate])
        state[changing] = CHANGES
        at = np.where(changing, ends[rate], at)
    return state, at


def _bounds(rates: Sequence[Rate]) -> tuple[Whole, Whole]:
    return _ordinals([rate.since for rate in rates]), _ordinals([rate.until for rate in rates])


def _ordinals(days: Sequence[date]) -> Whole:
    return np.array([day.toordinal() for day in days], np.int64)


def _rate_of(begins: Whole, days: Whole) -> Whole:
    """The index of the last rate to begin by each day."""
    return np.maximum(np.searchsorted(begins, days, "right") - 1, 0)


def _price_sums(holds: Holds, chosen: Whole, *, rates: Sequence[Rate], rounding: Rounding) -> tuple[Whole, ...]:
    """One piece for each of the chosen holds, whose days are a sum."""
    since, until, days = holds.since[chosen], holds.until[chosen], holds.days[chosen]
    rate = _rate_of(_bounds(rates)[0], since) if len(rates) else since
    return chosen, rate, since, until, days, _costs(rates, rate, days=days, rounding=rounding)


def _price_days(holds: Holds, chosen: Whole, *, rates: Sequence[Rate], rounding: Rounding) -> tuple[Whole, ...]:
    """The chosen holds, split where a month or a rate begins."""
    since, until = holds.since[chosen], holds.until[chosen]
    if not len(chosen):
        return (chosen,) * 6
    begins, _ = _bounds(rates)
    months = _months(int(since.min()), int(until.max()))
    cuts = np.union1d(months, begins)
    first, last = np.searchsorted(cuts, since, "right") - 1, np.searchsorted(cuts, until, "left")
    counts = last - first
    hold = np.repeat(np.arange(len(chosen)), counts)
    cut = np.repeat(first, counts) + np.arange(len(hold)) - np.repeat(np.cumsum(counts) - counts, counts)
    begun = np.maximum(cuts[cut], since[hold])
    ended = np.minimum(np.append(cuts[1:], until.max())[cut], until[hold])
    rate = _rate_of(begins, begun)
    counted = np.maximum(begins[rate], since[hold])  # from where this hold's days are counted under this rate
    to_end = _costs(rates, rate, days=ended - counted, rounding=rounding)
    to_begin = _costs(rates, rate, days=begun - counted, rounding=rounding)
    month = np.searchsorted(months, begun, "right") - 1
    return chosen[hold], rate, months[month], months[month + 1], ended - begun, to_end - to_begin


def _months(first: int, last: int) -> Whole:
    """The first day of each month from that of the day `first` to the first month that begins after the day `last`."""
    found = [month_of(date.fromordinal(first))[0]]
    while found[-1].toordinal() < last:
        found.append(month_of(found[-1])[1])
    return _ordinals([*found, month_of(found[-1])[1]])


def _costs(rates: Sequence[Rate], rate: Whole, *, days: Whole, rounding: Rounding) -> Whole:
    """The cost in cents of each number of days under its rate, rounded as `amount.divide` does."""
    if not len(rates):
        return np.zeros(len(days), np.int64)
    cents = np.array([known.cents for known in rates], np.int64)[rate]
    divisor = np.array([known.days for known in rates], np.int64)[rate]
    whole, remainder = np.divmod(cents * days, divisor)
    more = {"down": remainder < 0, "up": remainder > 0, "half_up": 2 * remainder >= divisor}
    even = (2 * remainder > divisor) | ((2 * remainder == divisor) & (whole % 2 == 1))
    costs: Whole = whole + more.get(rounding, even)
    return costs
