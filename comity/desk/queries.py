"""Everything that is read at the desk: the board of the shift, a case with its person and its events, counts.

A query takes `by`, and asks whether that role may see it; pages record each view of a case through `deeds.view`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import F
from msgspec import Struct

from comity.desk.audit.lines import event_of
from comity.desk.case import Case
from comity.desk.deeds import allow
from comity.desk.desk import Desk
from comity.desk.events import Actor, Decided, Event, personal_fields
from comity.desk.ledger import Refused, about_of, state_of
from comity.desk.models import BlindName, CaseRow, Entry, Heartbeat, PersonKey
from comity.desk.papers.keeping import open_paper
from comity.desk.roles import Permission
from comity.desk.sealing import PersonKey as Key
from comity.desk.sealing import Unsealable
from comity.finding import Finding, Place, phrase

FORGOTTEN = "destroyed"
SAYS_WHO = ("received", "stated")
BOARD_MAX, FOUND_MAX = 500, 50


class Line(Struct, frozen=True, kw_only=True):
    """A case on the board: its clock, and what waits. Overdue is computed from `now`, whatever ran or did not run."""

    case: str
    limit_at: datetime | None
    overdue: bool
    undecided: bool
    reopened: str
    alarms: tuple[str, ...]  # raised, and acknowledged by nobody
    outcome: str  # of the hold, by the last decision on the detainer that counts


class CaseFile(Struct, frozen=True, kw_only=True):
    """A case with who the person is, and its events with what was sealed opened."""

    case: Case
    person: dict[str, str]
    events: tuple[Event, ...]


def board(desk: Desk, *, by: Actor, now: datetime) -> list[Line]:
    """The live cases: holds that are overdue first, then those that end soonest, then those that wait for a decision."""
    return [line_of(case, now) for case in live_cases(by=by)]


def live_cases(*, by: Actor) -> list[Case]:
    """The cases of the board themselves, in its order."""
    allow(by, Permission.SEE_BOARD)
    rows = CaseRow.objects.filter(closed_at=None).order_by(
        F("limit_at").asc(nulls_last=True), "-undecided", "changed_at"
    )
    return [state_of(row.state) for row in rows[:BOARD_MAX]]


def overdue(now: datetime) -> list[str]:
    """The cases whose hold runs at or past its limit: a query, true even where no other process ran."""
    rows = CaseRow.objects.filter(limit_at__lte=now).order_by("limit_at")
    return list(rows.values_list("id", flat=True))


def line_of(case: Case, now: datetime) -> Line:
    """A case as a line of the board."""
    hold, governing = case.hold, case.governing
    decided = case.decision_on(governing.number) if governing else None
    return Line(
        case=case.id,
        limit_at=hold.limit_at if hold else None,
        overdue=case.is_overdue(now),
        undecided=case.is_undecided,
        reopened=case.reopened,
        alarms=tuple(alarm for alarm in hold.alarms if alarm not in hold.acknowledged) if hold else (),
        outcome=decided.outcomes.get("hold", "") if decided else "",
    )


def case_file(desk: Desk, id: str, *, by: Actor) -> CaseFile:
    """A case whole; who the person is only for those who may see it. Raises `Refused` where there is none."""
    allow(by, Permission.SEE_CASE)
    case = find_case(id)
    happened = tuple(events_of(desk, id, with_person=permits_person(by)))
    return CaseFile(case=case, person=_person_of(happened), events=happened)


def find_case(id: str) -> Case:
    """A case by its id; raises `Refused` where there is none."""
    row = CaseRow.objects.filter(pk=id).first()
    if row is None:
        raise Refused(Finding("no-case", Place(id), phrase("there is no such case")))
    return state_of(row.state)


def permits_person(by: Actor) -> bool:
    """Whether an actor may see who the person is."""
    try:
        allow(by, Permission.SEE_PERSON)
    except Refused:
        return False
    return True


def events_of(desk: Desk, id: str, *, with_person: bool) -> Iterator[Event]:
    """The events of a case in their order; what is sealed is opened, or empty where it may not or cannot be."""
    row = PersonKey.objects.filter(pk=id).first()
    key = desk.key.person(bytes(row.sealed_key), id) if row and row.sealed_key and with_person else None
    for line in Entry.objects.filter(case=id).values_list("line", flat=True):
        yield read_event(bytes(line), key)


def read_event(line: bytes, key: Key | None = None) -> Event:
    """An event from its line, with what was sealed where the key opens it."""
    fields: dict[str, Any] = msgspec.json.decode(event_of(line))
    event = msgspec.convert(
        {name: fields[name] for name in ("number", "case", "at", "by")}
        | {"happening": _with_personal(fields["happening"])},
        Event,
    )
    if "sealed" not in fields or key is None:
        return event
    try:
        opened = key.open(fields["sealed"], about_of(event))
    except Unsealable:
        opened = dict.fromkeys(personal_fields(type(event.happening)), FORGOTTEN)
    return msgspec.structs.replace(event, happening=msgspec.structs.replace(event.happening, **opened))


def _with_personal(happening: dict[str, Any]) -> dict[str, Any]:
    """What happened, with empty texts where its sealed fields are needed."""
    return {**happening, "note": ""} if happening["kind"] == "note_added" else happening


def _person_of(happened: tuple[Event, ...]) -> dict[str, str]:
    """Who the person is, by the last that said so."""
    person: dict[str, str] = {}
    for event in happened:
        if event.happening.__struct_config__.tag in SAYS_WHO:
            said = {name: getattr(event.happening, name) for name in personal_fields(type(event.happening))}
            person |= {name: text for name, text in said.items() if text}
    return person


def find_by_person(desk: Desk, *, field: str, text: str, by: Actor) -> list[str]:
    """The cases of a name or number, through the blind index: it must be given whole, and is compared without case, accents and signs."""
    allow(by, Permission.SEE_PERSON)
    rows = BlindName.objects.filter(field=field, digest=desk.key.blind(field, text)).order_by("case")
    return list(rows.values_list("case", flat=True)[:FOUND_MAX])


def decision_of(id: str, number: int) -> tuple[Decided, Event]:
    """A stored decision of a case with all that makes it again; raises `Refused` where there is none."""
    decision = find_case(id).decisions.get(number)
    line = Entry.objects.filter(pk=decision.event).values_list("line", flat=True).first() if decision else None
    if line is None:
        raise Refused(Finding("no-decision", Place(id), phrase("has no decision {number}", number=number)))
    event = read_event(bytes(line))
    snapshot = event.happening
    assert isinstance(snapshot, Decided)
    return snapshot, event


class RecordEntry(Struct, frozen=True, kw_only=True):
    """An event of the record as its row has it: no person, and nothing of what happened but its kind."""

    number: int
    case: str
    kind: str
    at: datetime
    account: str


def entries_after(number: int, count: int, *, by: Actor) -> list[RecordEntry]:
    """The events of the whole record after a number, in their order, `count` at most."""
    allow(by, Permission.SEE_RECORD)
    rows = Entry.objects.filter(number__gt=number).order_by("number").values(*RecordEntry.__struct_fields__)
    return [RecordEntry(**row) for row in rows[:count]]


def paper_of(desk: Desk, id: str, digest: str, *, by: Actor) -> tuple[bytes, str]:
    """A paper of a case as it came, and its media type; raises `Refused` where there is none, or its key was destroyed."""
    allow(by, Permission.SEE_PERSON)
    return open_paper(desk.key, id, digest)


def heartbeats() -> dict[str, datetime]:
    """When each process of the desk last said that it runs."""
    return dict(Heartbeat.objects.values_list("process", "at"))
