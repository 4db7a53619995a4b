"""The entries of two lists that are compared: rows of the sender's list, detainers of the desk, and the class that each ends in.

No value here says who a person is: of names and numbers there are digests of the blind index alone, and results have not even these.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

Outcome: TypeAlias = Literal["", "open", "taken", "not_taken", "cancelled", "superseded"]
Where: TypeAlias = Literal["here", "unknown", "another_station", "not_this_jail"]
RowClass: TypeAlias = Literal["same", "differ", "theirs_only", "several_possible", "unreadable"]
OursClass: TypeAlias = Literal["same", "differ", "several_possible", "ours_only"]
Reason: TypeAlias = Literal[
    "a_number", "booking", "name_and_birth", "name_and_day", "day_and_form", "alike", "by_person",
    "never_received", "another_station", "outside_span", "not_this_jail", "repeated", "other_detainer",
    "name_alone", "person_not_known", "near_day", "numbers_differ", "not_listed", "superseded", "withdrawn",
]  # fmt: skip
Conclusion: TypeAlias = Literal[
    "this_case", "never_received", "another_station", "not_this_jail", "sender_is_wrong", "record_is_wrong"
]
ROW_CLASSES: tuple[RowClass, ...] = get_args(RowClass)
CONCLUSIONS: tuple[Conclusion, ...] = get_args(Conclusion)
IDENTITY = ("a_number", "booking", "name", "born_on")  # the fields of the blind index
Keys: TypeAlias = Mapping[str, frozenset[str]]  # by field of `IDENTITY`, the digests of each way to write it
Detainer: TypeAlias = tuple[str, int]  # the id of a case, and the number of its detainer
ANY_I247 = "i247"  # a Form I-247 whose edition a list does not say
CANDIDATES_MAX = 8  # of a row, that are listed


class Listed(Struct, frozen=True, kw_only=True):
    """A row of the list, as it could be read. `day` is None where the row has none, `form` and `outcome` are empty then."""

    row: int
    sheet: str = ""
    day: date | None = None
    form: str = ""
    outcome: Outcome = ""
    keys: Keys = {}
    where: Where = "unknown"
    marked_duplicate: bool = False


class Ours(Struct, frozen=True, kw_only=True):
    """A detainer of the desk. `day` is the local day on which it was received."""

    case: str
    detainer: int
    day: date
    form: str = ""
    outcome: Outcome = "open"
    keys: Keys = {}

    @property
    def key(self) -> Detainer:
        return self.case, self.detainer


class Difference(Struct, frozen=True, array_like=True):
    """What a row and a detainer differ in. Both values are empty where the field says who a person is."""

    field: str
    ours: str = ""
    theirs: str = ""


class RowResult(Struct, frozen=True, array_like=True):
    """The class of a row with its reasons. `case` is the one it was matched with; `candidates` are those that are possible."""

    row: int
    sheet: str
    cls: RowClass
    reasons: tuple[Reason, ...] = ()
    case: str = ""
    detainer: int = 0
    differences: tuple[Difference, ...] = ()
    candidates: tuple[Detainer, ...] = ()
    more: int = 0  # candidates beyond those that are listed
    day: date | None = None
    form: str = ""
    outcome: Outcome = ""
    where: Where = "unknown"
    note: str = ""  # what is wrong with a row that cannot be read, quoting nothing of it

    @property
    def key(self) -> Detainer:
        return self.case, self.detainer


class OursResult(Struct, frozen=True, array_like=True):
    """The class of a detainer of the desk. One outside the span is listed where a row is matched with it or may be."""

    case: str
    detainer: int
    cls: OursClass
    reasons: tuple[Reason, ...] = ()
    day: date | None = None
    form: str = ""
    outcome: Outcome = "open"
    in_span: bool = True

    @property
    def key(self) -> Detainer:
        return self.case, self.detainer


class Matched(Struct, frozen=True, kw_only=True):
    """A list and the desk compared: every row of the list in its order, and every detainer of the span, each in one class."""

    rows: tuple[RowResult, ...] = ()
    ours: tuple[OursResult, ...] = ()

    def count(self, cls: RowClass) -> int:
        """How many rows of the list are of a class."""
        return sum(row.cls == cls for row in self.rows)

    def count_ours(self, cls: OursClass) -> int:
        """How many detainers of the desk within the span are of a class."""
        return sum(ours.cls == cls for ours in self.ours if ours.in_span)
