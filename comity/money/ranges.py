"""Figures that are not known exactly: the lowest, the middle and the highest, each exact; and how they are shown.

Nothing is rounded before it is shown, and then to two digits that count: more would claim to know what nobody does.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from msgspec import Struct

from comity.money.amount import CENTS, divided, dollars

DIGITS = 2
HALF = Fraction(1, 2)
MILLION, BILLION = 10**6, 10**9
EXACT_BELOW = 100  # a count below it is shown whole
CENT_PLACES = 2


class Span(Struct, frozen=True):
    """A figure between `low` and `high`; all three are equal where it is known."""

    low: Fraction
    middle: Fraction
    high: Fraction

    @property
    def known(self) -> bool:
        return self.low == self.high


def only(value: Fraction | int) -> Span:
    """A figure that is known."""
    return Span(Fraction(value), Fraction(value), Fraction(value))


def around(middle: Fraction, others: Iterable[Fraction]) -> Span:
    """A figure with the lowest and the highest of it and some others."""
    every = [middle, *others]
    return Span(min(every), middle, max(every))


def halfway(low: Fraction | int, high: Fraction | int) -> Span:
    """A figure of which only the bounds are known; its middle is halfway, for want of anything better."""
    return Span(Fraction(low), Fraction(low + high) * HALF, Fraction(high))


def whole(value: Fraction) -> int:
    """The nearest whole number, a half away from nothing: how an exact sum becomes cents, once."""
    size = divided(abs(value.numerator), value.denominator, "half_up")
    return size if value >= 0 else -size


def significant(value: Fraction, digits: int = DIGITS) -> tuple[Fraction, int]:
    """A number above nothing rounded to some digits that count, and how many digits after the point that takes."""
    places = 0
    while value * 10**places < 10 ** (digits - 1):
        places += 1
    scale = 1
    while value >= 10**digits * scale:
        scale *= 10
    rounded = Fraction(whole(Fraction(value * 10**places, scale)) * scale, 10**places)
    return (rounded, max(places - 1, 0)) if places and rounded * 10**places >= 10**digits else (rounded, places)


def written(value: Fraction, places: int) -> str:
    """A number with so many digits after the point, and commas before it."""
    shifted = whole(value * 10**places)
    before, after = divmod(abs(shifted), 10**places)
    sign = "-" if shifted < 0 else ""
    return f"{sign}{before:,}.{after:0{places}d}" if places else f"{sign}{before:,}"


def about(value: Fraction) -> str:
    """A number to two digits that count; whole ones below a hundred as they are."""
    if value == 0 or (value.denominator == 1 and abs(value) < EXACT_BELOW):
        return written(value, 0)
    return ("-" if value < 0 else "") + written(*significant(abs(value)))


def about_money(cents: Fraction) -> str:
    """An amount to two digits that count: `$52,000`, `$17 million`."""
    sign, value = ("-" if cents < 0 else ""), Fraction(abs(cents), CENTS)
    if value == 0:
        return "nothing"
    rounded, places = significant(value)
    for size, word in ((BILLION, " billion"), (MILLION, " million")):
        if rounded >= size:
            return f"{sign}${written(*significant(Fraction(rounded, size)))}{word}"
    return f"{sign}${written(rounded, CENT_PLACES if places else 0)}"


def exact_money(cents: Fraction) -> str:
    """A published amount as it is, without cents where it has none."""
    return dollars(whole(cents)).removesuffix(".00")


def about_chance(chance: Fraction) -> str:
    """A chance in percent to two digits that count."""
    return f"{about(chance * 100)}%"


def one_in(chance: Fraction) -> str:
    """`about 1 in 6,800`, for a chance above nothing and to one."""
    return f"about 1 in {about(Fraction(1, chance))}"
