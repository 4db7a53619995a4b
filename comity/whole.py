"""Reads whole numbers: ASCII digits and a bounded length, so that no text can raise or take long."""

from __future__ import annotations

import re

DIGITS_MAX = 15  # exact in every engine, and below the length at which Python refuses to convert


def whole_number(text: str, digits_max: int = DIGITS_MAX, *, signed: bool = False) -> int | None:
    """The number that the text writes in ASCII digits, or None. A minus sign is read where `signed` is true."""
    pattern = r"-?[0-9]{1,%d}" if signed else r"[0-9]{1,%d}"
    return int(text) if re.fullmatch(pattern % digits_max, text) else None
