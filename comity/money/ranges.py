"""Figures that are not known exactly, as a lowest, a middle and a highest value, each exact; and how they are shown.

Nothing is rounded before it is shown. It is then shown to two significant digits: more would claim a precision that nobody has.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from msgspec import Struct

from comity.money.amount import CENTS, divide, format_dollars

DIGITS = 2
HALF = Fraction(1, 2)
MILLION, BILLION = 10**6, 10**9
EXACT_BELOW = 100  # a count below it is shown whole
CENT_PLACES = 2


class Span(Struct, frozen=True):
    """A figure between `low` and `high`; all three values are equal where it is known."""

    low: Fraction
    middle: Fraction
    high: Fraction

    @property
    def known(self) -> bool:
        return self.low == self.high


def known_span(value: Fraction | int) -> Span:
    """A figure that is known."""
    return Span(Fraction(value), Fraction(value), Fraction(value))


def span_around(middle: Fraction, others: Iterable[Fraction]) -> Span:
    """A figure bounded by the lowest and the highest of its middle value and some others."""
    values = [middle, *others]
    return Span(min(values), middle, max(values))


def span_between(low: Fraction | int, high: Fraction | int) -> Span:
    """A figure of which only the bounds are known; its middle is taken halfway between them."""
    return Span(Fraction(low), Fraction(low + high) * HALF, Fraction(high))


def round_to_whole(value: Fraction) -> int:
    """The nearest whole number, a half away from zero: how an exact sum becomes cents, once."""
    size = divide(abs(value.numerator), value.denominator, "half_up")
    return size if value >= 0 else -size


def round_to_digits(value: Fraction, digits: int = DIGITS) -> tuple[Fraction, int]:
    """A number above 0 rounded to some significant digits, and how many decimal places it then needs."""
    places = 0
    while value * 10**places < 10 ** (digits - 1):
        places += 1
    scale = 1
    while value >= 10**digits * scale:
        scale *= 10
    rounded = Fraction(round_to_whole(Fraction(value * 10**places, scale)) * scale, 10**places)
    return (rounded, max(places - 1, 0)) if places and rounded * 10**places >= 10**digits else (rounded, places)


def format_number(value: Fraction, places: int) -> str:
    """A number with that many decimal places, and commas between thousands."""
    shifted = round_to_whole(value * 10**places)
    whole, decimals = divmod(abs(shifted), 10**places)
    sign = "-" if shifted < 0 else ""
    return f"{sign}{whole:,}.{decimals:0{places}d}" if places else f"{sign}{whole:,}"


def format_about(value: Fraction) -> str:
    """A number to two significant digits; a whole number below a hundred as it is."""
    if value == 0 or (value.denominator == 1 and abs(value) < EXACT_BELOW):
        return format_number(value, 0)
    return ("-" if value < 0 else "") + format_number(*round_to_digits(abs(value)))


def format_about_money(cents: Fraction) -> str:
    """An amount to two significant digits: `$52,000`, `$17 million`."""
    sign, value = ("-" if cents < 0 else ""), Fraction(abs(cents), CENTS)
    if value == 0:
        return "nothing"
    rounded, places = round_to_digits(value)
    for size, word in ((BILLION, " billion"), (MILLION, " million")):
        if rounded >= size:
            return f"{sign}${format_number(*round_to_digits(Fraction(rounded, size)))}{word}"
    return f"{sign}${format_number(rounded, CENT_PLACES if places else 0)}"


def format_exact_money(cents: Fraction) -> str:
    """A published amount as it is, without cents where it has none."""
    return format_dollars(round_to_whole(cents)).removesuffix(".00")


def format_chance(chance: Fraction) -> str:
    """A chance in percent, to two significant digits."""
    return f"{format_about(chance * 100)}%"


def format_odds(chance: Fraction) -> str:
    """`about 1 in 6,800`, for a chance above 0 and up to 1."""
    return f"about 1 in {format_about(Fraction(1, chance))}"
