"""Money as whole cents, in integers. Every division goes through `divide`, which names its rounding."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Literal, TypeAlias, assert_never, get_args

from comity.finding import Finding, Place

Rounding: TypeAlias = Literal["half_up", "half_even", "down", "up"]
ROUNDINGS: tuple[Rounding, ...] = get_args(Rounding)
CENTS = 100
BASIS_POINTS = 10_000  # in the whole
CENTS_MAX = 10**13  # a hundred billion dollars; more is a typing error, and sums of less stay far from 64 bits
AMOUNT = re.compile(r"(-?)\$?([0-9]{1,3}(?:,[0-9]{3}){1,8}|[0-9]{1,30})(?:\.([0-9]{1,2})0*)?")
HELP = "write dollars and cents, as in 5082.52 or $5,082.52"


def basis_points(share: Fraction) -> int:
    """A share in hundredths of a percent, as `format_percent` takes it."""
    return round(share * BASIS_POINTS)


def divide(numerator: int, denominator: int, rounding: Rounding) -> int:
    """A positive number divided by another, rounded to a whole number as `rounding` says."""
    whole, remainder = divmod(numerator, denominator)
    match rounding:
        case "down":
            return whole
        case "up":
            return whole + (remainder > 0)
        case "half_up":
            return whole + (2 * remainder >= denominator)
        case "half_even":
            return whole + (2 * remainder > denominator or (2 * remainder == denominator and whole % 2 == 1))
        case _:
            assert_never(rounding)


def read_amount(text: str, place: Place) -> tuple[int, list[Finding]]:
    """The cents of an amount written in dollars, and a finding where it is negative, too large or not an amount."""
    match = AMOUNT.fullmatch(text.strip())
    if match is None:
        return 0, [Finding("not-an-amount", place, f'"{text}" is not an amount', HELP)]
    sign, whole, part = match.groups()
    cents = int(whole.replace(",", "")) * CENTS + int((part or "0").ljust(2, "0"))
    if sign:
        return 0, [Finding("negative-amount", place, f"{text.strip()} is negative", HELP)]
    if cents > CENTS_MAX:
        return 0, [Finding("not-an-amount", place, f"{text.strip()} is more than {format_dollars(CENTS_MAX)}", HELP)]
    return cents, []


def format_dollars(cents: int) -> str:
    """`$5,082.52`, for people; `-$5.00` for a negative amount."""
    whole, part = divmod(abs(cents), CENTS)
    return f"{'-' if cents < 0 else ''}${whole:,}.{part:02d}"


def format_published(cents: int) -> str:
    """`$355 million` where the published figure is that round; else as `format_dollars` writes it."""
    for name, unit in (("billion", 10**9), ("million", 10**6)):
        tenths, remainder = divmod(abs(cents), unit * CENTS // 10)
        if tenths >= 10 and not remainder:  # at least one whole unit
            whole, tenth = divmod(tenths, 10)
            return f"{'-' if cents < 0 else ''}${whole:,}{f'.{tenth}' if tenth else ''} {name}"
    return format_dollars(cents).removesuffix(".00")


def format_percent(basis_points: int) -> str:
    """`5.07 %`, from a share in hundredths of a percent."""
    whole, part = divmod(basis_points, CENTS)
    return f"{whole}.{part:02d} %"


def format_decimal(cents: int) -> str:
    """`5082.52`, for a table that other programs read."""
    whole, part = divmod(abs(cents), CENTS)
    return f"{'-' if cents < 0 else ''}{whole}.{part:02d}"
