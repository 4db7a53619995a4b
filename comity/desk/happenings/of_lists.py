"""What happens to a list with which the desk was reconciled. Such events belong to no case."""

from __future__ import annotations

from datetime import date

from comity.desk.happenings.kind import Happening, Text
from comity.desk.reconciling.entries import Conclusion, OursResult, RowResult


class OfList(Happening, frozen=True, kw_only=True):
    """What happens to a list with which the desk was reconciled, and to no case.

    `digest` is the SHA-256 of its bytes, and `column_map` that of the map of columns through which it was read.
    """

    digest: str
    column_map: str = ""


class ListReconciled(OfList, frozen=True, kw_only=True, tag="list_reconciled"):
    """A list was compared with the desk, for the days from `first_on` to `last_on`: each row and each detainer with its class.

    The list itself is not stored, and nothing of a row says who a person is.
    """

    sender: Text  # who made the list
    first_on: date
    last_on: date
    compared: tuple[str, ...] = ()  # the columns that were understood
    rows: tuple[RowResult, ...] = ()
    ours: tuple[OursResult, ...] = ()


class RowSettled(OfList, frozen=True, kw_only=True, tag="row_settled"):
    """A person concluded what a row of a list is, or a detainer that it lacks (`entry` is 0 then), for a reason."""

    entry: int  # the place of the row in the list, from 1
    conclusion: Conclusion
    reason: Text
    case: str = ""
    detainer: int = 0
