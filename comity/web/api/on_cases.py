"""Calls on cases: each does one deed or one query, as the screens do."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Router

from comity.decision.decision import Decision
from comity.desk import deeds, queries
from comity.desk.desk import Desk
from comity.desk.events import Event, StatedFact
from comity.desk.ledger import Refused
from comity.desk.roles import Permission
from comity.finding import Finding, Place, phrase
from comity.web.api import bodies
from comity.web.api.bodies import ERRORS, CaseId, Key
from comity.web.api.once import do_once
from comity.web.api.tokens import TokenAuth
from comity.web.at_desk import this_desk

router = Router(tags=["cases"])
EVENT = {200: bodies.EventOut, **ERRORS}
BOARD = TokenAuth(Permission.SEE_BOARD)


def _now() -> datetime:
    return datetime.now(UTC)


def describe_event(event: Event) -> bytes:
    """An event that was written, as calls answer with it."""
    kind = event.happening.__struct_config__.tag
    return msgspec.json.encode({"event": event.number, "case": event.case, "kind": kind, "at": event.at})


def _event(request: HttpRequest, key: str | None, at: datetime, deed: Callable[[Desk], Event]) -> HttpResponse:
    return do_once(request, this_desk(), key, deed, describe_event, at)


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


@router.post(
    "/cases/{case}/state", response=EVENT, auth=TokenAuth(Permission.RECEIVE), operation_id="state"
)  # fmt: skip
def state(request: HttpRequest, case: CaseId, body: bodies.StateBody, key: Key = None) -> HttpResponse:
    """Facts that were not known before."""
    by, at = request.auth.actor, _now()
    facts = _stated(body.facts, by.account)
    return _event(
        request, key, at, lambda desk: deeds.state(desk, case, facts=facts, detainer=body.detainer, by=by, at=at)
    )


@router.post("/cases/{case}/correct", response=EVENT, auth=TokenAuth(Permission.CORRECT), operation_id="correct")
def correct(request: HttpRequest, case: CaseId, body: bodies.CorrectBody, key: Key = None) -> HttpResponse:
    """An earlier event was wrong: the facts as they are, and why."""
    by, at = request.auth.actor, _now()
    return _event(
        request, key, at,
        lambda desk: deeds.correct(
            desk, case, event=body.event, reason=body.reason, facts=_stated(body.facts, by.account),
            detainer=body.detainer, by=by, at=at,
        ),
    )  # fmt: skip


@router.post("/cases/{case}/withdraw", response=EVENT, auth=TokenAuth(Permission.RECEIVE), operation_id="withdraw")
def withdraw(request: HttpRequest, case: CaseId, body: bodies.WithdrawBody, key: Key = None) -> HttpResponse:
    """The sender cancelled a detainer, that which counts where none is named."""
    by, at = request.auth.actor, _now()
    return _event(
        request, key, at,
        lambda desk: deeds.withdraw(
            desk, case, detainer=_governing(case, body.detainer), withdrawn_at=body.withdrawn_at or at,
            reason=body.reason, by=by, at=at,
        ),
    )  # fmt: skip


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


@router.post("/cases/{case}/choose", response=EVENT, auth=TokenAuth(Permission.USE_DISCRETION), operation_id="choose")
def choose(request: HttpRequest, case: CaseId, body: bodies.ChooseBody, key: Key = None) -> HttpResponse:
    """Where the law leaves a choice, whoever it names makes it, for a reason."""
    by, at = request.auth.actor, _now()
    return _event(request, key, at, lambda desk: deeds.choose(desk, case, by=by, at=at, **body.dict()))


@router.post(
    "/cases/{case}/ask-override", response=EVENT, auth=TokenAuth(Permission.ASK_OVERRIDE), operation_id="ask_override"
)
def ask_override(request: HttpRequest, case: CaseId, body: bodies.OverrideBody, key: Key = None) -> HttpResponse:
    """Asks to act against a decision; a second account must confirm it."""
    by, at = request.auth.actor, _now()
    return _event(request, key, at, lambda desk: deeds.ask_override(desk, case, by=by, at=at, **body.dict()))


@router.post(
    "/cases/{case}/settle-override", response=EVENT, auth=TokenAuth(Permission.CONFIRM_OVERRIDE),
    operation_id="settle_override",
)  # fmt: skip
def settle_override(request: HttpRequest, case: CaseId, body: bodies.SettleBody, key: Key = None) -> HttpResponse:
    """A second person confirms an override, or refuses it."""
    by, at = request.auth.actor, _now()
    return _event(request, key, at, lambda desk: deeds.settle_override(desk, case, by=by, at=at, **body.dict()))


@router.post("/cases/{case}/reopen", response=EVENT, auth=TokenAuth(Permission.DECIDE), operation_id="reopen")
def reopen(request: HttpRequest, case: CaseId, body: bodies.ReopenBody, key: Key = None) -> HttpResponse:
    """Opens the question again. A hold that ended does not begin by it."""
    by, at = request.auth.actor, _now()
    return _event(request, key, at, lambda desk: deeds.reopen(desk, case, reason=body.reason, by=by, at=at))


# ---- the hold ----

TEND = TokenAuth(Permission.TEND_HOLD)


@router.post("/cases/{case}/begin-hold", response=EVENT, auth=TEND, operation_id="begin_hold")
def begin_hold(request: HttpRequest, case: CaseId, body: bodies.HoldBody, key: Key = None) -> HttpResponse:
    """The hold runs, until the limit that governs."""
    by, at = request.auth.actor, _now()
    return _event(
        request, key, at,
        lambda desk: deeds.begin_hold(
            desk, case, began_at=body.began_at or at, detainer=body.detainer, by=by, at=at
        ),
    )  # fmt: skip


@router.post("/cases/{case}/serve-copy", response=EVENT, auth=TEND, operation_id="serve_copy")
def serve_copy(request: HttpRequest, case: CaseId, body: bodies.CopyBody, key: Key = None) -> HttpResponse:
    """The person was given a copy of the detainer, or refused to take it."""
    by, at = request.auth.actor, _now()
    return _event(
        request, key, at,
        lambda desk: deeds.serve_copy(
            desk, case, detainer=_governing(case, body.detainer), served_at=body.served_at or at,
            refused=body.refused, by=by, at=at,
        ),
    )  # fmt: skip


@router.post("/cases/{case}/give-notice", response=EVENT, auth=TEND, operation_id="give_notice")
def give_notice(request: HttpRequest, case: CaseId, body: bodies.NoticeBody, key: Key = None) -> HttpResponse:
    """Notice was given."""
    by, at = request.auth.actor, _now()
    return _event(
        request, key, at,
        lambda desk: deeds.give_notice(
            desk, case, to=body.to, about=body.about, given_at=body.given_at or at, obligation=body.obligation,
            by=by, at=at,
        ),
    )  # fmt: skip


@router.post("/cases/{case}/transfer", response=EVENT, auth=TEND, operation_id="transfer")
def transfer(request: HttpRequest, case: CaseId, body: bodies.TransferBody, key: Key = None) -> HttpResponse:
    """The person was handed over; the hold ends and the case is closed."""
    by, at = request.auth.actor, _now()
    moment = body.transferred_at or at
    return _event(
        request, key, at, lambda desk: deeds.transfer(desk, case, to=body.to, transferred_at=moment, by=by, at=at)
    )


@router.post("/cases/{case}/release", response=EVENT, auth=TEND, operation_id="release")
def release(request: HttpRequest, case: CaseId, body: bodies.ReleaseBody, key: Key = None) -> HttpResponse:
    """The person was let go; the hold ends and the case is closed."""
    by, at = request.auth.actor, _now()
    moment = body.released_at or at
    return _event(
        request, key, at, lambda desk: deeds.release(desk, case, released_at=moment, reason=body.reason, by=by, at=at)
    )


@router.post(
    "/cases/{case}/acknowledge",
    response=EVENT,
    auth=TokenAuth(Permission.ACKNOWLEDGE_ALARM),
    operation_id="acknowledge",
)
def acknowledge(request: HttpRequest, case: CaseId, body: bodies.AcknowledgeBody, key: Key = None) -> HttpResponse:
    """Somebody saw an alarm, and says what is done."""
    by, at = request.auth.actor, _now()
    return _event(request, key, at, lambda desk: deeds.acknowledge(desk, case, by=by, at=at, **body.dict()))


@router.post("/cases/{case}/note", response=EVENT, auth=TokenAuth(Permission.ADD_NOTE), operation_id="note")
def note(request: HttpRequest, case: CaseId, body: bodies.NoteBody, key: Key = None) -> HttpResponse:
    """A note on the case; it may name people, and is sealed."""
    by, at = request.auth.actor, _now()
    return _event(request, key, at, lambda desk: deeds.add_note(desk, case, note=body.note, by=by, at=at))
