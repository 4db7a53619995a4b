"""Days for the solver, as ordinal numbers, moved as `period.shifted` moves them.

A move by months is monotone. So a moved day compared with a fixed day is the unmoved day compared with a boundary, and the
boundary is computed here. The solver sees years, months and days of the month only where two free days are compared.
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
# The years of a request's days, and of the days that the solver may choose.
FIRST_YEAR, LAST_YEAR = 1900, 2200
EARLIEST, LATEST = date(FIRST_YEAR, 1, 1).toordinal(), date(LAST_YEAR, 12, 31).toordinal()
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
BEFORE_MONTH = (0, *accumulate(LENGTHS[:-1]))
FEBRUARY = 2
COMMON_CENTURIES = tuple(year for year in range(100, 10_000, 100) if year % 400)


class Move(Struct, frozen=True, eq=False):
    """A move of a day by a signed amount of a unit."""

    unit: Unit
    by: Whole


class SomeDay(Struct, frozen=True, eq=False):
    """A day by its ordinal number, and moves that are still to be applied."""

    number: Whole
    moves: tuple[Move, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether the day is fixed."""
        return isinstance(self.number, int) and not self.moves

    @property
    def steady(self) -> bool:
        """Whether all its moves are by fixed amounts."""
        return all(isinstance(move.by, int) for move in self.moves)


def certain(day: date) -> SomeDay:
    return SomeDay(day.toordinal())


def moved(day: SomeDay, unit: Unit, by: Whole) -> SomeDay:
    """The day moved; computed at once if the day and the amount are fixed."""
    if day.certain and isinstance(by, int):
        return SomeDay(_after((Move(unit, by),), day.number))
    return SomeDay(day.number, (*day.moves, Move(unit, by)))


def _after(moves: tuple[Move, ...], number: int) -> int:
    day = date.fromordinal(number)
    for move in moves:
        day = shifted(day, **{move.unit: move.by})
    return day.toordinal()


class Calendar:
    """Compares days.

    Takes days that may be free and may be moved; gives a formula for whether one is before another. It adds to `rules` the
    equations that tie the year, month and day of the month of a free day to its ordinal number; a solution must satisfy them.
    """

    def __init__(self, fresh: Callable[[], Any], rules: list[Any], context: Any) -> None:
        self.fresh, self.rules, self.context = fresh, rules, context
        # By the id of a term; the term is kept with its date, so that the solver gives its id to no other.
        self.dates: dict[int, tuple[Any, Any, Any, Any]] = {}
        self.later: dict[tuple[int, int], tuple[Any, Any]] = {}

    def free(self) -> SomeDay:
        """A day that the solver may choose."""
        return SomeDay(self.between(EARLIEST, LATEST))

    def before(self, left: SomeDay, right: SomeDay) -> Any:
        """Whether one day is before another."""
        if right.certain and left.steady and not left.certain:
            return left.number < _least(left.moves, right.number)
        if left.certain and right.steady and not right.certain:
            return right.number >= _least(right.moves, left.number + 1)
        return self.number_of(left) < self.number_of(right)

    def number_of(self, day: SomeDay) -> Whole:
        """The ordinal number of a day after its moves, kept within the calendar."""
        number: Whole = day.number
        low, high = FIRST_YEAR, LAST_YEAR
        for move in day.moves:
            if move.unit == "days":
                later = number + move.by
                number = z3.If(later < FIRST, FIRST, z3.If(later > LAST, LAST, later))
                low, high = (
                    (low, high) if isinstance(move.by, int) and abs(move.by) < 366 else (FIRST_DAY.year, LAST_DAY.year)
                )
            else:
                number = self.months_after(
                    number, move.by * (12 if move.unit == "years" else 1), low=low - 1, high=high + 1
                )
                years = abs(move.by) if move.unit == "years" else abs(move.by) // 12 + 1
                low, high = low - years, high + years
        return number

    def months_after(self, number: Any, by: int, *, low: int, high: int) -> Whole:
        """A day moved by months; the same move of the same day is translated once."""
        number = z3.IntVal(number, self.context) if isinstance(number, int) else number
        key = (number.get_id(), by)
        if key not in self.later:
            self.later[key] = self.months_later(number, by, low=low, high=high), number
        return self.later[key][0]

    def months_later(self, number: Whole, by: int, *, low: int, high: int) -> Whole:
        """The formula of a day moved by months; its year is between `low` and `high`."""
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
        """The year, month and day of the month of a day, as free numbers tied to it."""
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
        """Whether a year is a leap year, and how many leap years came before it.

        It is between `low` and `high`.
        """
        quotient, rest = self.fresh(), self.between(0, 3)
        self.rules.append(year - 1 == 4 * quotient + rest)
        near = [century for century in COMMON_CENTURIES if low - 1 <= century <= high + 1]
        past = sum(century < low - 1 for century in COMMON_CENTURIES)
        leaps = quotient - past - z3.Sum([z3.If(year > century, 1, 0) for century in near]) if near else quotient - past
        return z3.And(rest == 3, *(year != century for century in near)), leaps

    def between(self, low: int, high: int) -> Any:
        """A free number from `low` to `high`, both included."""
        number = self.fresh()
        self.rules += [number >= low, number <= high]
        return number


def _least(moves: tuple[Move, ...], bound: int) -> int:
    """The first day that these moves take to `bound` or later, found by bisection since moves are monotone."""
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
    days_in_month: Any = z3.If(leap, 29, 28)
    for place, days in enumerate(LENGTHS, 1):
        if place != FEBRUARY:
            days_in_month = z3.If(month == place, days, days_in_month)
    return days_in_month
