"""The record of the whole desk, for those who may see it: its events newest first, by kind, account, case and day; views included.

What says who a person is stays sealed. What is read here is read for the reader's own sake; the cases that it names are not opened.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from comity.desk.deeds import allow
from comity.desk.events import KINDS, Actor, Event
from comity.desk.models import Entry, SignedHead
from comity.desk.queries import read_event
from comity.desk.roles import Permission

KIND_NAMES = tuple(str(kind.__struct_config__.tag) for kind in KINDS)
PAGE_LENGTH = 100


class RecordFilter(Struct, frozen=True, kw_only=True):
    """Which events are wanted: each part that is empty leaves none out. `before` is the number of an event, for the next page."""

    kind: str = ""
    account: str = ""
    case: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int = 0


class RecordPage(Struct, frozen=True, kw_only=True):
    """A page of the record, newest first; `next_before` leads to the next one, and is 0 on the last."""

    events: tuple[Event, ...]
    count: int
    next_before: int
    signed: int  # how many events the last signed head covers


def record_page(wanted: RecordFilter, *, by: Actor) -> RecordPage:
    """The events that a filter lets in, and how many there are on all pages."""
    allow(by, Permission.SEE_RECORD)
    rows = Entry.objects.order_by("-number")
    exact = {"kind": wanted.kind, "account": wanted.account, "case": wanted.case}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.since:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(at__lt=wanted.until)
    count = rows.count()
    page = list((rows.filter(number__lt=wanted.before) if wanted.before else rows)[: PAGE_LENGTH + 1])
    shown, more = page[:PAGE_LENGTH], len(page) > PAGE_LENGTH
    head = SignedHead.objects.order_by("-size").values_list("size", flat=True).first()
    return RecordPage(
        events=tuple(read_event(bytes(row.line)) for row in shown),
        count=count, next_before=shown[-1].number if more else 0, signed=head or 0,
    )  # fmt: skip
