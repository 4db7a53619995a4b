"""Money is whole cents, in integers: no fraction of a cent is ever kept, and nothing here divides but by a named rounding."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias, assert_never, get_args

from comity.finding import Finding, Place

Rounding: TypeAlias = Literal["half_up", "half_even", "down", "up"]
ROUNDINGS: tuple[Rounding, ...] = get_args(Rounding)
CENTS = 100
CENTS_MAX = 10**13  # a hundred billion dollars: more is a slip of the pen, and sums of less stay far from 64 bits
WRITTEN = re.compile(r"(-?)\$?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]{1,2}))?")
HELP = "write dollars and cents, as in 5082.52 or $5,082.52"


def divided(numerator: int, denominator: int, rounding: Rounding) -> int:
    """What a positive number divided by another is in whole ones; a half goes up, or to the even one of the two."""
    whole, left = divmod(numerator, denominator)
    match rounding:
        case "down":
            return whole
        case "up":
            return whole + (left > 0)
        case "half_up":
            return whole + (2 * left >= denominator)
        case "half_even":
            return whole + (2 * left > denominator or (2 * left == denominator and whole % 2 == 1))
        case _:
            assert_never(rounding)


def read_amount(text: str, place: Place) -> tuple[int, list[Finding]]:
    """The cents that a text writes as dollars; what is no amount, or less than nothing, is a finding."""
    found = WRITTEN.fullmatch(text.strip())
    if found is None:
        return 0, [Finding("not-an-amount", place, f'"{text}" is no amount', HELP)]
    sign, whole, part = found.groups()
    cents = int(whole.replace(",", "")) * CENTS + int((part or "0").ljust(2, "0"))
    if sign:
        return 0, [Finding("negative-amount", place, f"{text.strip()} is less than nothing", HELP)]
    if cents > CENTS_MAX:
        return 0, [Finding("not-an-amount", place, f"{text.strip()} is more than {dollars(CENTS_MAX)}", HELP)]
    return cents, []


def dollars(cents: int) -> str:
    """`$5,082.52`, for people; `-$5.00` below nothing."""
    whole, part = divmod(abs(cents), CENTS)
    return f"{'-' if cents < 0 else ''}${whole:,}.{part:02d}"


def rounded(cents: int) -> str:
    """`$355 million`, where a published figure is that round; else as `dollars` writes it."""
    for name, unit in (("billion", 10**9), ("million", 10**6)):
        tenths, left = divmod(abs(cents), unit * CENTS // 10)
        if tenths >= 10 and not left:  # a whole one at least
            whole, tenth = divmod(tenths, 10)
            return f"{'-' if cents < 0 else ''}${whole:,}{f'.{tenth}' if tenth else ''} {name}"
    return dollars(cents).removesuffix(".00")


def percent(basis_points: int) -> str:
    """`5.07 %`, of a share in hundredths of a percent."""
    whole, part = divmod(basis_points, CENTS)
    return f"{whole}.{part:02d} %"


def plain(cents: int) -> str:
    """`5082.52`, for a table that other programs read."""
    whole, part = divmod(abs(cents), CENTS)
    return f"{'-' if cents < 0 else ''}{whole}.{part:02d}"
