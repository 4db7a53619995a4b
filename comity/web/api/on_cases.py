"""Calls on cases: each does one deed or one query, as the screens do."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, get_type_hints

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Router

from comity.decision.decision import Decision
from comity.desk import deeds, queries
from comity.desk.desk import Desk
from comity.desk.events import Actor, Event, StatedFact
from comity.desk.ledger import Refused
from comity.desk.roles import Permission
from comity.finding import Finding, Place, phrase
from comity.web.api import bodies
from comity.web.api.bodies import ERRORS, CaseId, Key
from comity.web.api.once import do_once
from comity.web.api.tokens import TokenAuth
from comity.web.at_desk import this_desk

router = Router(tags=["cases"])
Deed = Callable[[Desk, str, Any, Actor, datetime], Event]
EVENT = {200: bodies.EventOut, **ERRORS}
BOARD = TokenAuth(Permission.SEE_BOARD)


def _now() -> datetime:
    return datetime.now(UTC)


def describe_event(event: Event) -> bytes:
    """An event that was written, as calls answer with it."""
    kind = event.happening.__struct_config__.tag
    return msgspec.json.encode({"event": event.number, "case": event.case, "kind": kind, "at": event.at})


def _writes(permission: Permission) -> Callable[[Deed], Deed]:
    """Makes a deed on a case, which writes one event, the call of its name: `begin_hold` is POST /cases/{case}/begin-hold."""

    def register(deed: Deed) -> Deed:
        def call(request: HttpRequest, case: str, body: Any, key: str | None = None) -> HttpResponse:
            by, at = request.auth.actor, _now()
            return do_once(request, this_desk(), key, lambda desk: deed(desk, case, body, by, at), describe_event, at)

        call.__name__, call.__doc__ = deed.__name__, deed.__doc__
        kinds = {"request": HttpRequest, "case": CaseId, "body": get_type_hints(deed)["body"], "key": Key}
        call.__annotations__ = {**kinds, "return": HttpResponse}
        address = f"/cases/{{case}}/{deed.__name__.replace('_', '-')}"
        router.post(address, response=EVENT, auth=TokenAuth(permission), operation_id=deed.__name__)(call)
        return deed

    return register


def _stated(facts: Mapping[str, Any], account: str) -> dict[str, StatedFact]:
    return {path: StatedFact(value=value, source="api", confirmed_by=account) for path, value in facts.items()}


def _governing(case: str, detainer: int) -> int:
    """The detainer that is named, else that which counts."""
    if detainer:
        return detainer
    governing = queries.find_case(case).governing
    return governing.number if governing else 0


# ---- what is read ----


@router.get("/board", response={200: list[bodies.LineOut], **ERRORS}, auth=BOARD, operation_id="board")
def board(request: HttpRequest) -> HttpResponse:
    """The live cases, those that are overdue first, then those that end soonest."""
    return _json(queries.board(this_desk(), by=request.auth.actor, now=_now()))


@router.get(
    "/cases/{case}", response={200: bodies.CaseOut, **ERRORS}, auth=TokenAuth(Permission.SEE_CASE), operation_id="case"
)
def case(request: HttpRequest, case: CaseId) -> HttpResponse:
    """A case whole. Each view is an event of the record. Who the person is needs the scope `see_person`."""
    desk, by = this_desk(), request.auth.actor
    queries.find_case(case)
    deeds.view(desk, case, page="api", by=by, at=_now())
    file = queries.case_file(desk, case, by=by)
    document: dict[str, Any] = msgspec.to_builtins(file)
    if Permission.SEE_PERSON not in request.auth.scopes:
        document["person"] = {}
        for event in document["events"]:
            for field in ("name", "a_number", "booking", "born_on", "note"):
                if field in event["happening"] and event["happening"]["kind"] in ("received", "note_added"):
                    event["happening"][field] = ""
    return _json(document)


@router.get(
    "/record", response={200: bodies.RecordOut, **ERRORS}, auth=TokenAuth(Permission.SEE_RECORD), operation_id="record"
)
def record(request: HttpRequest, after: bodies.After = 0, count: bodies.Count = 100) -> HttpResponse:
    """Events of the whole record after a number, with who did them and no person."""
    found = queries.entries_after(after, count, by=request.auth.actor)
    return _json({"events": found, "last": found[-1].number if found else after})


def _json(value: Any) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(value), content_type="application/json")


# ---- receiving ----


@router.post(
    "/cases", response={200: bodies.ArrivedOut, **ERRORS}, auth=TokenAuth(Permission.RECEIVE), operation_id="receive"
)
def receive(request: HttpRequest, body: bodies.ReceiveBody, key: Key = None) -> HttpResponse:
    """A detainer arrives. The same request sent twice is one case."""
    by, at = request.auth.actor, _now()
    person = deeds.Person(**body.person.dict())
    paper = _bytes_of(body.paper)
    return do_once(
        request, this_desk(), key,
        lambda desk: deeds.receive(
            desk, facts=_stated(body.facts, by.account), person=person, channel="api",
            received_at=body.received_at or at, case=body.case, paper=paper, media_type=body.media_type, by=by, at=at,
        ),
        msgspec.json.encode, at,
    )  # fmt: skip


def _bytes_of(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refused(Finding("bad-field", Place("paper"), phrase("is no base64"))) from None


@_writes(Permission.RECEIVE)
def state(desk: Desk, case: str, body: bodies.StateBody, by: Actor, at: datetime) -> Event:
    """Facts that were not known before."""
    facts = _stated(body.facts, by.account)
    return deeds.state(desk, case, facts=facts, detainer=body.detainer, by=by, at=at)


@_writes(Permission.CORRECT)
def correct(desk: Desk, case: str, body: bodies.CorrectBody, by: Actor, at: datetime) -> Event:
    """An earlier event was wrong: the facts as they are, and why."""
    return deeds.correct(
        desk, case, event=body.event, reason=body.reason, facts=_stated(body.facts, by.account), detainer=body.detainer,
        by=by, at=at,
    )  # fmt: skip


@_writes(Permission.RECEIVE)
def withdraw(desk: Desk, case: str, body: bodies.WithdrawBody, by: Actor, at: datetime) -> Event:
    """The sender cancelled a detainer, that which counts where none is named."""
    detainer, moment = _governing(case, body.detainer), body.withdrawn_at or at
    return deeds.withdraw(desk, case, detainer=detainer, withdrawn_at=moment, reason=body.reason, by=by, at=at)


# ---- deciding ----


@router.post(
    "/cases/{case}/decide", response={200: bodies.DecidedOut, **ERRORS}, auth=TokenAuth(Permission.DECIDE),
    operation_id="decide_case",
)  # fmt: skip
def decide(request: HttpRequest, case: CaseId, body: bodies.DecideBody, key: Key = None) -> HttpResponse:
    """Decides a detainer of a case, and records the decision whole."""
    by, at = request.auth.actor, _now()

    def describe(result: tuple[Decision, Event]) -> bytes:
        decision, event = result
        answer = msgspec.Raw(decision.to_json())
        number = getattr(event.happening, "decision", 0)
        return msgspec.json.encode({"event": event.number, "case": case, "decision": number, "answer": answer})

    return do_once(
        request, this_desk(), key,
        lambda desk: deeds.decide(desk, case, detainer=body.detainer, by=by, at=at), describe, at,
    )  # fmt: skip


@_writes(Permission.USE_DISCRETION)
def choose(desk: Desk, case: str, body: bodies.ChooseBody, by: Actor, at: datetime) -> Event:
    """Where the law leaves a choice, whoever it names makes it, for a reason."""
    return deeds.choose(desk, case, by=by, at=at, **body.dict())


@_writes(Permission.ASK_OVERRIDE)
def ask_override(desk: Desk, case: str, body: bodies.OverrideBody, by: Actor, at: datetime) -> Event:
    """Asks to act against a decision; a second account must confirm it."""
    return deeds.ask_override(desk, case, by=by, at=at, **body.dict())


@_writes(Permission.CONFIRM_OVERRIDE)
def settle_override(desk: Desk, case: str, body: bodies.SettleBody, by: Actor, at: datetime) -> Event:
    """A second person confirms an override, or refuses it."""
    return deeds.settle_override(desk, case, by=by, at=at, **body.dict())


@_writes(Permission.DECIDE)
def reopen(desk: Desk, case: str, body: bodies.ReopenBody, by: Actor, at: datetime) -> Event:
    """Opens the question again. A hold that ended does not begin by it."""
    return deeds.reopen(desk, case, by=by, at=at, **body.dict())


# ---- the hold ----


@_writes(Permission.TEND_HOLD)
def begin_hold(desk: Desk, case: str, body: bodies.HoldBody, by: Actor, at: datetime) -> Event:
    """The hold runs, until the limit that governs."""
    return deeds.begin_hold(desk, case, began_at=body.began_at or at, detainer=body.detainer, by=by, at=at)


@_writes(Permission.TEND_HOLD)
def serve_copy(desk: Desk, case: str, body: bodies.CopyBody, by: Actor, at: datetime) -> Event:
    """The person was given a copy of the detainer, or refused to take it."""
    detainer, moment = _governing(case, body.detainer), body.served_at or at
    return deeds.serve_copy(desk, case, detainer=detainer, served_at=moment, refused=body.refused, by=by, at=at)


@_writes(Permission.TEND_HOLD)
def give_notice(desk: Desk, case: str, body: bodies.NoticeBody, by: Actor, at: datetime) -> Event:
    """Notice was given."""
    return deeds.give_notice(
        desk, case, to=body.to, about=body.about, given_at=body.given_at or at, obligation=body.obligation, by=by, at=at
    )


@_writes(Permission.TEND_HOLD)
def transfer(desk: Desk, case: str, body: bodies.TransferBody, by: Actor, at: datetime) -> Event:
    """The person was handed over; the hold ends and the case is closed."""
    return deeds.transfer(desk, case, to=body.to, transferred_at=body.transferred_at or at, by=by, at=at)


@_writes(Permission.TEND_HOLD)
def release(desk: Desk, case: str, body: bodies.ReleaseBody, by: Actor, at: datetime) -> Event:
    """The person was let go; the hold ends and the case is closed."""
    return deeds.release(desk, case, released_at=body.released_at or at, reason=body.reason, by=by, at=at)


@_writes(Permission.ACKNOWLEDGE_ALARM)
def acknowledge(desk: Desk, case: str, body: bodies.AcknowledgeBody, by: Actor, at: datetime) -> Event:
    """Somebody saw an alarm, and says what is done."""
    return deeds.acknowledge(desk, case, by=by, at=at, **body.dict())


@_writes(Permission.ADD_NOTE)
def note(desk: Desk, case: str, body: bodies.NoteBody, by: Actor, at: datetime) -> Event:
    """A note on the case; it may name people, and is sealed."""
    return deeds.add_note(desk, case, by=by, at=at, **body.dict())
