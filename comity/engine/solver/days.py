"""Days for the solver, as numbers counted from the first of the calendar; moved as `period.shifted` moves them.

A move by months is monotone, so a moved day compared with a certain one is that day itself compared with a boundary,
which is found here. Only where two free days are compared does the solver see years, months and days of the month.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import accumulate
from typing import Any, TypeAlias

import z3
from msgspec import Struct

from comity.language.syntax import Unit
from comity.period import FIRST_DAY, LAST_DAY, shifted

Whole: TypeAlias = Any  # a Python number or an expression of the solver's, which has no types
FIRST, LAST = FIRST_DAY.toordinal(), LAST_DAY.toordinal()
# A request's days lie in these years; so do the days that the solver may think of.
FIRST_YEAR, LAST_YEAR = 1900, 2200
EARLIEST, LATEST = date(FIRST_YEAR, 1, 1).toordinal(), date(LAST_YEAR, 12, 31).toordinal()
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
BEFORE_MONTH = (0, *accumulate(LENGTHS[:-1]))
FEBRUARY = 2
COMMON_CENTURIES = tuple(year for year in range(100, 10_000, 100) if year % 400)


class Move(Struct, frozen=True, eq=False):
    """By how much a day is moved; the amount has its sign."""

    unit: Unit
    by: Whole


class SomeDay(Struct, frozen=True, eq=False):
    """A day by its number, and the moves that come after it, which are not worked out until they must be."""

    number: Whole
    moves: tuple[Move, ...] = ()

    @property
    def certain(self) -> bool:
        return isinstance(self.number, int) and not self.moves

    @property
    def steady(self) -> bool:
        """Whether it is moved by certain amounts only."""
        return all(isinstance(own.by, int) for own in self.moves)


def certain(day: date) -> SomeDay:
    return SomeDay(day.toordinal())


def moved(own: SomeDay, unit: Unit, by: Whole) -> SomeDay:
    """The day moved; worked out at once where all is certain."""
    if own.certain and isinstance(by, int):
        return SomeDay(_after((Move(unit, by),), own.number))
    return SomeDay(own.number, (*own.moves, Move(unit, by)))


def _after(moves: tuple[Move, ...], number: int) -> int:
    day = date.fromordinal(number)
    for own in moves:
        day = shifted(day, **{own.unit: own.by})
    return day.toordinal()


class Calendar:
    """Compares days; `rules` must hold of the free numbers that it makes on the way."""

    def __init__(self, fresh: Callable[[], Any], rules: list[Any], context: Any) -> None:
        self.fresh, self.rules, self.context = fresh, rules, context
        # By the identity of a number, which is kept beside so that no other takes its place.
        self.dates: dict[int, tuple[Any, Any, Any, Any]] = {}
        self.later: dict[tuple[int, int], tuple[Any, Any]] = {}

    def free(self) -> SomeDay:
        """A day of which nothing is known."""
        return SomeDay(self.between(EARLIEST, LATEST))

    def before(self, left: SomeDay, right: SomeDay) -> Any:
        """Whether one day lies before another."""
        if right.certain and left.steady and not left.certain:
            return left.number < _least(left.moves, right.number)
        if left.certain and right.steady and not right.certain:
            return right.number >= _least(right.moves, left.number + 1)
        return self.number_of(left) < self.number_of(right)

    def number_of(self, own: SomeDay) -> Whole:
        """The number of a day after its moves."""
        number: Whole = own.number
        low, high = FIRST_YEAR, LAST_YEAR
        for move in own.moves:
            if move.unit == "days":
                later = number + move.by
                number = z3.If(later < FIRST, FIRST, z3.If(later > LAST, LAST, later))
                low, high = (
                    (low, high) if isinstance(move.by, int) and abs(move.by) < 366 else (FIRST_DAY.year, LAST_DAY.year)
                )
            else:
                number = self.months_after(number, move.by * (12 if move.unit == "years" else 1), low - 1, high + 1)
                years = abs(move.by) if move.unit == "years" else abs(move.by) // 12 + 1
                low, high = low - years, high + years
        return number

    def months_after(self, number: Any, by: int, low: int, high: int) -> Whole:
        """A day moved by months, worked out once."""
        number = z3.IntVal(number, self.context) if isinstance(number, int) else number
        key = (number.get_id(), by)
        if key not in self.later:
            self.later[key] = self.months_later(number, by, low, high), number
        return self.later[key][0]

    def months_later(self, number: Whole, by: int, low: int, high: int) -> Whole:
        """A day moved by months; `low` and `high` are years that it lies between."""
        year, month, day = self.date_of(number, low, high)
        reach = abs(by) // 12 + 1
        low, high = max(low - reach, FIRST_DAY.year), min(high + reach, LAST_DAY.year)
        later_year, later_month = self.between(low - 1, high + 1), self.between(1, 12)
        total = 12 * year + month + by
        before, after = total < 12 * FIRST_DAY.year + 1, total > 12 * LAST_DAY.year + 12
        self.rules.append(z3.Or(before, after, 12 * later_year + later_month == total))
        leap, leaps = self.leap(later_year, low, high)
        last = _length(later_month, leap)
        later = _number(later_year, later_month, z3.If(day > last, last, day), leap, leaps)
        return z3.If(before, FIRST, z3.If(after, LAST, later))

    def date_of(self, number: Any, low: int, high: int) -> tuple[Any, Any, Any]:
        """The year, the month and the day of the month of a day."""
        if number.get_id() not in self.dates:
            year, month, day = (
                self.between(max(low, FIRST_DAY.year), min(high, LAST_DAY.year)),
                self.between(1, 12),
                self.between(1, 31),
            )
            leap, leaps = self.leap(year, low, high)
            self.rules += [day <= _length(month, leap), _number(year, month, day, leap, leaps) == number]
            self.dates[number.get_id()] = year, month, day, number
        return self.dates[number.get_id()][:3]

    def leap(self, year: Any, low: int, high: int) -> tuple[Any, Any]:
        """Whether a year is a leap year, and how many there were before it; `low` and `high` are years around it."""
        quotient, rest = self.fresh(), self.between(0, 3)
        self.rules.append(year - 1 == 4 * quotient + rest)
        near = [own for own in COMMON_CENTURIES if low - 1 <= own <= high + 1]
        past = sum(own < low - 1 for own in COMMON_CENTURIES)
        leaps = quotient - past - z3.Sum([z3.If(year > own, 1, 0) for own in near]) if near else quotient - past
        return z3.And(rest == 3, *(year != own for own in near)), leaps

    def between(self, low: int, high: int) -> Any:
        own = self.fresh()
        self.rules += [own >= low, own <= high]
        return own


def _least(moves: tuple[Move, ...], bound: int) -> int:
    """The first day that these moves take to the bound or beyond it."""
    low, high = FIRST - 1, LAST + 1
    while high - low > 1:
        middle = (low + high) // 2
        if _after(moves, middle) >= bound:
            high = middle
        else:
            low = middle
    return high


def _number(year: Any, month: Any, day: Any, leap: Any, leaps: Any) -> Any:
    before: Any = 0
    for place, days in enumerate(BEFORE_MONTH, 1):
        before = z3.If(month == place, days, before)
    return 365 * (year - 1) + leaps + before + z3.If(z3.And(leap, month > FEBRUARY), 1, 0) + day


def _length(month: Any, leap: Any) -> Any:
    """How many days a month has."""
    made: Any = z3.If(leap, 29, 28)
    for place, days in enumerate(LENGTHS, 1):
        if place != FEBRUARY:
            made = z3.If(month == place, days, made)
    return made
