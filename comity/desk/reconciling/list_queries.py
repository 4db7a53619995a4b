"""What is read of lists: every reconciliation, and one of them with the rows as they were settled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from comity.desk.deeds import allow
from comity.desk.events import Actor, Event
from comity.desk.happenings.of_lists import ListReconciled, RowSettled
from comity.desk.ledger import Refused
from comity.desk.models import Entry
from comity.desk.queries import read_event
from comity.desk.reconciling.entries import Matched
from comity.desk.reconciling.settling import About, SettledRow, last_of, settle
from comity.desk.roles import Permission
from comity.finding import Finding, Place, phrase

RECONCILED, SETTLED = (str(kind.__struct_config__.tag) for kind in (ListReconciled, RowSettled))
LISTED_MAX = 20


class Reconciliation(Struct, frozen=True, kw_only=True):
    """A reconciliation with its number in the record, and the conclusions of persons applied to what was matched."""

    number: int
    at: datetime
    account: str
    list: ListReconciled
    matched: Matched
    settled_rows: Mapping[About, SettledRow]


def reconciliations(*, by: Actor) -> list[Reconciliation]:
    """The last reconciliations, newest first."""
    allow(by, Permission.SEE_RECORD)
    rows = Entry.objects.filter(case="", kind=RECONCILED).order_by("-number")[:LISTED_MAX]
    return [_with_settled_rows(read_event(bytes(row.line))) for row in rows]


def reconciliation(number: int, *, by: Actor) -> Reconciliation:
    """The reconciliation that is an event of a number; raises `Refused` where there is none."""
    allow(by, Permission.SEE_RECORD)
    return _with_settled_rows(_event(number))


def reconciliation_to_export(number: int, *, by: Actor) -> Reconciliation:
    """The same, for whoever may take tables with no person in them out of the desk."""
    allow(by, Permission.EXPORT)
    return _with_settled_rows(_event(number))


def read_reconciled(number: int) -> ListReconciled:
    """The list that was reconciled by the event of a number; raises `Refused` where there is none."""
    return _list_of(_event(number))


def find_earlier(happening: ListReconciled) -> Event | None:
    """The event that says all that another would: the same list for the same days, with nothing changed at the desk."""
    lines = Entry.objects.filter(case="", kind=RECONCILED).order_by("-number").values_list("line", flat=True)
    digest = happening.digest.encode()
    same_list = (read_event(bytes(line)) for line in lines.iterator() if digest in bytes(line))
    return next((event for event in same_list if event.happening == happening), None)


def settled_rows_of(reconciled: ListReconciled) -> list[SettledRow]:
    """How persons settled rows of a list, read through the same map of columns, in their order."""
    lines = Entry.objects.filter(case="", kind=SETTLED).order_by("number").values_list("line", flat=True)
    digest = reconciled.digest.encode()
    found = (read_event(bytes(line)) for line in lines.iterator() if digest in bytes(line))
    return [settled_row for event in found if (settled_row := _settled_row(event, reconciled.column_map)) is not None]


def matched_of(reconciled: ListReconciled) -> Matched:
    """What was matched, before anybody settled a row."""
    return Matched(rows=reconciled.rows, ours=reconciled.ours)


def _event(number: int) -> Event:
    line = Entry.objects.filter(pk=number, kind=RECONCILED).values_list("line", flat=True).first()
    if line is None:
        raise Refused(Finding("no-reconciliation", Place("reconciliation"), phrase("there is no such reconciliation")))
    return read_event(bytes(line))


def _list_of(event: Event) -> ListReconciled:
    assert isinstance(event.happening, ListReconciled)
    return event.happening


def _with_settled_rows(event: Event) -> Reconciliation:
    reconciled = _list_of(event)
    settled_rows = settled_rows_of(reconciled)
    return Reconciliation(
        number=event.number, at=event.at, account=event.by.account, list=reconciled,
        matched=settle(matched_of(reconciled), settled_rows), settled_rows=last_of(settled_rows),
    )  # fmt: skip


def _settled_row(event: Event, column_map: str) -> SettledRow | None:
    settled = event.happening
    if not isinstance(settled, RowSettled) or settled.column_map != column_map:
        return None
    return SettledRow(
        entry=settled.entry, conclusion=settled.conclusion, reason=settled.reason, case=settled.case, detainer=settled.detainer,
        account=event.by.account, at=event.at,
    )  # fmt: skip
