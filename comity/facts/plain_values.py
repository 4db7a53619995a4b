"""Values as a caller gives them, made plain: those of numpy and pandas, of subclasses, and how a message shows any of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timezone
from decimal import Decimal
from fractions import Fraction
from reprlib import Repr
from typing import Any

from comity.whole import DIGITS_MAX

NUMBER_MAX = 10**DIGITS_MAX - 1  # exact in every engine
TEXT_MAX = 10_000  # characters of a name; a longer one is a mistake, and slow to compare and to show
FOREIGN = ("numpy", "pandas")


def unwrapped(raw: Any) -> Any:
    """A value of numpy or pandas as Python has it: a scalar, a list, or None for what is not available.

    A period (a day, a month, a year) and a duration of numpy are texts, as `2014-06` and `3 days`.
    """
    if type(raw).__module__.partition(".")[0] not in FOREIGN or isinstance(raw, datetime):
        return None if type(raw).__name__ == "NaTType" else raw
    if type(raw).__name__ == "NAType":
        return None
    if type(raw).__name__ == "Period" or (type(raw).__name__ == "timedelta64" and raw == raw):
        return str(raw)
    if type(raw).__name__ == "datetime64":
        raw = raw.astype("datetime64[us]")  # of nanoseconds, which pandas has, `tolist` makes a number
    return raw.tolist() if hasattr(raw, "tolist") else raw


def is_absent(raw: Any) -> bool:
    """Whether a value says nothing: None, or what numpy and pandas have for it, or an empty text."""
    raw = unwrapped(raw)
    return raw is None or (isinstance(raw, str) and not raw)


def plain_text(raw: str) -> str:
    """A text as one of the class `str` itself; a member of an enumeration as its value."""
    return str.__str__(raw)


def is_writable(text: str) -> bool:
    """Whether a text can be written in UTF-8: not where it has half of a character pair."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def plain_moment(moment: datetime) -> datetime | None:
    """A moment of the class `datetime` itself with a fixed offset; None where it has none.

    The offset is that of its time zone then, the second one for a local time that comes twice and has `fold=1`.
    """
    offset = moment.utcoffset()
    if offset is None:
        return None
    zone = UTC if moment.tzinfo is UTC else timezone(offset)
    return datetime.combine(date(moment.year, moment.month, moment.day), moment.time().replace(fold=0), zone)


class _Shower(Repr):
    """Shows any value in one short line: cycles and deep nesting are cut, and of a class that is not known its name is shown."""

    maxlevel = 3
    maxother = maxstring = 100

    def repr_int(self, x: int, level: int) -> str:
        return repr(x) if abs(x) <= NUMBER_MAX else f"a number of more than {DIGITS_MAX} digits"

    def repr_bool(self, x: bool, level: int) -> str:
        return str(x)

    def repr_instance(self, x: Any, level: int) -> str:
        if isinstance(x, int):
            return self.repr_int(int(x), level)
        if isinstance(x, str):
            return self.repr_str(plain_text(x), level)
        if isinstance(x, Mapping):
            return "{...}"
        if x is None or isinstance(x, float | complex | date | bytes | Decimal | Fraction):
            return str(x)
        return f"a value of type {type(x).__name__}"


_SHOWER = _Shower()


def shown(raw: Any) -> str:
    """A value in one short line for a message: a text as it is, anything else in short."""
    return plain_text(raw) if isinstance(raw, str) else _SHOWER.repr(raw)
