"""The kinds of fact that the law may ask about. Unknown is the absence of a value, not a value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeAlias

import msgspec


class Truth(msgspec.Struct, frozen=True, tag="truth"):
    """True or false."""

    def __str__(self) -> str:
        return "true or false"


class Number(msgspec.Struct, frozen=True, tag="number"):
    """A whole number, with the unit it counts (`years`, `days`) and the least value it can have."""

    unit: str = ""
    minimum: int = 0

    def __str__(self) -> str:
        return f"a whole number of {self.unit}" if self.unit else "a whole number"


class Day(msgspec.Struct, frozen=True, tag="day"):
    """A local calendar day."""

    def __str__(self) -> str:
        return "a day"


class Moment(msgspec.Struct, frozen=True, tag="moment"):
    """A moment with its offset. Conditions never see moments: they see the local day derived from one."""

    def __str__(self) -> str:
        return "a moment"


class Text(msgspec.Struct, frozen=True, tag="text"):
    """A name, compared as a whole."""

    def __str__(self) -> str:
        return "a name"


class Choice(msgspec.Struct, frozen=True, tag="choice"):
    """Exactly one of a closed list of members."""

    members: tuple[str, ...]

    def __str__(self) -> str:
        return "a choice"


class Set(msgspec.Struct, frozen=True, tag="set"):
    """Any of a closed list of members, each at most once."""

    members: tuple[str, ...]

    def __str__(self) -> str:
        return "a set"


class Records(msgspec.Struct, frozen=True, tag="records"):
    """A list of records, each with the same named fields."""

    fields: dict[str, Field]

    def __str__(self) -> str:
        return "a list"


Field: TypeAlias = Truth | Number | Day | Moment | Text | Choice | Set
Kind: TypeAlias = Truth | Number | Day | Moment | Text | Choice | Set | Records

Scalar: TypeAlias = bool | int | str | date | datetime


class KnownSet(msgspec.Struct, frozen=True):
    """The known members of a set; `whole` where there can be no further one."""

    members: frozenset[str]
    whole: bool = True


class KnownList(msgspec.Struct, frozen=True):
    """The known records of a list, each with its known fields; `whole` where there can be no further one."""

    items: tuple[Mapping[str, Scalar | KnownSet], ...]
    whole: bool = True


Value: TypeAlias = Scalar | KnownSet | KnownList
