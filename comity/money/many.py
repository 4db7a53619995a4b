"""What many holds cost at once: the same as `money.cost` says of each, by whole columns and in integers alone.

Time is cut where a month begins and where a rate does; a hold is laid over the cuts, and each piece takes what the sum of
its hold's days under that rate grows by within it.
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
PRICED, NO_RATE, CHANGES = 0, 1, 2


class Holds(Struct, frozen=True):
    """Holds as columns: days as ordinals, and `days` above nothing where days of several people are given as a sum."""

    since: Whole
    until: Whole
    days: Whole


class Pieces(Struct, frozen=True):
    """Pieces as columns: which hold and which rate each belongs to, its period, its days, what they come to.

    `state` is of the holds: priced, without a rate on the day in `at`, or with a rate that changes on it.
    """

    hold: Whole
    rate: Whole
    since: Whole
    until: Whole
    days: Whole
    cents: Whole
    state: Whole
    at: Whole


def pieces_of_many(holds: Holds, rates: Sequence[Rate], rounding: Rounding = "half_up") -> Pieces:
    """The pieces of every hold that has a rate on each of its days."""
    state, at = _states(holds, rates)
    priced = np.flatnonzero(state == PRICED)
    sums = priced[holds.days[priced] > 0]
    singles = priced[holds.days[priced] == 0]
    parts = [_summed(holds, sums, rates, rounding), _cut(holds, singles, rates, rounding)]
    joined = [np.concatenate(columns) for columns in zip(*parts, strict=True)]
    order = np.lexsort((joined[2], joined[0]))
    hold, rate, since, until, days, cents = (own[order] for own in joined)
    return Pieces(hold, rate, since, until, days, cents, state, at)


def totals(count: int, index: Whole, values: Whole) -> Whole:
    """The sum of the values of each index."""
    found = np.zeros(count, np.int64)
    np.add.at(found, index, values)
    return found


def _states(holds: Holds, rates: Sequence[Rate]) -> tuple[Whole, Whole]:
    """Of each hold whether its days have rates, and the day on which that fails."""
    begins, ends = _bounds(rates)
    at = holds.since.copy()
    state = np.full(len(at), NO_RATE, np.int64)
    for begin, end in zip(begins, ends, strict=True):
        at = np.where((at >= begin) & (at < end), end, at)
    state[at >= holds.until] = PRICED
    if len(rates):
        own = _rate_of(begins, holds.since)
        changing = (state == PRICED) & (holds.days > 0) & (holds.until > ends[own])
        state[changing] = CHANGES
        at = np.where(changing, ends[own], at)
    return state, at


def _bounds(rates: Sequence[Rate]) -> tuple[Whole, Whole]:
    return _days([own.since for own in rates]), _days([own.until for own in rates])


def _days(days: Sequence[date]) -> Whole:
    return np.array([own.toordinal() for own in days], np.int64)


def _rate_of(begins: Whole, days: Whole) -> Whole:
    """Which rate the last to begin by a day is."""
    return np.maximum(np.searchsorted(begins, days, "right") - 1, 0)


def _summed(holds: Holds, chosen: Whole, rates: Sequence[Rate], rounding: Rounding) -> tuple[Whole, ...]:
    since, until, days = holds.since[chosen], holds.until[chosen], holds.days[chosen]
    rate = _rate_of(_bounds(rates)[0], since) if len(rates) else since
    return chosen, rate, since, until, days, _shares(rates, rate, days, rounding)


def _cut(holds: Holds, chosen: Whole, rates: Sequence[Rate], rounding: Rounding) -> tuple[Whole, ...]:
    since, until = holds.since[chosen], holds.until[chosen]
    if not len(chosen):
        return (chosen,) * 6
    begins, _ = _bounds(rates)
    months = _months(int(since.min()), int(until.max()))
    cuts = np.union1d(months, begins)
    first, last = np.searchsorted(cuts, since, "right") - 1, np.searchsorted(cuts, until, "left")
    counts = last - first
    own = np.repeat(np.arange(len(chosen)), counts)
    cut = np.repeat(first, counts) + np.arange(len(own)) - np.repeat(np.cumsum(counts) - counts, counts)
    begun = np.maximum(cuts[cut], since[own])
    ended = np.minimum(np.append(cuts[1:], until.max())[cut], until[own])
    rate = _rate_of(begins, begun)
    under = np.maximum(begins[rate], since[own])  # from where this hold's days are counted under this rate
    cents = _shares(rates, rate, ended - under, rounding) - _shares(rates, rate, begun - under, rounding)
    month = np.searchsorted(months, begun, "right") - 1
    return chosen[own], rate, months[month], months[month + 1], ended - begun, cents


def _months(first: int, last: int) -> Whole:
    """The first day of each month from that of a day to the one after another, which is the first month beyond all."""
    found = [month_of(date.fromordinal(first))[0]]
    while found[-1].toordinal() < last:
        found.append(month_of(found[-1])[1])
    return _days([*found, month_of(found[-1])[1]])


def _shares(rates: Sequence[Rate], rate: Whole, days: Whole, rounding: Rounding) -> Whole:
    """What days come to under the rate of each, rounded as `amount.divided` does."""
    if not len(rates):
        return np.zeros(len(days), np.int64)
    cents, parts = (
        np.array([own.cents for own in rates], np.int64)[rate],
        np.array([own.days for own in rates], np.int64)[rate],
    )
    whole, left = np.divmod(cents * days, parts)
    more = {"down": left < 0, "up": left > 0, "half_up": 2 * left >= parts}
    even = (2 * left > parts) | ((2 * left == parts) & (whole % 2 == 1))
    found: Whole = whole + more.get(rounding, even)
    return found
