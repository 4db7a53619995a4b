"""Calls on papers: a PDF arrives and is read, values that were read are confirmed, and a paper about an earlier detainer goes there."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import Router

from comity.desk import deeds, queries
from comity.desk.desk import Desk
from comity.desk.events import Event, StatedFact
from comity.desk.ledger import Refused
from comity.desk.papers.arriving import cancels, earlier_detainers, find_paper, join, settle_paper
from comity.desk.papers.confirming import Confirmed
from comity.desk.papers.contained import BYTES_MAX, is_pdf
from comity.desk.papers.keeping import EXTENSIONS, served_as
from comity.desk.papers.reading import as_json, read_paper
from comity.desk.roles import Permission
from comity.finding import Finding, InputFault, Place, phrase
from comity.web.api import bodies, paper_bodies
from comity.web.api.bodies import ERRORS, CaseId, Key
from comity.web.api.limits import too_large
from comity.web.api.on_cases import EVENT, describe_event
from comity.web.api.once import AGAIN, do_once
from comity.web.api.paper_bodies import DetainerNumber
from comity.web.api.tokens import TokenAuth
from comity.web.at_desk import this_desk

router = Router(tags=["papers"])
RECEIVE, SEE_PERSON = TokenAuth(Permission.RECEIVE), TokenAuth(Permission.SEE_PERSON)
PDF, FORM, FIELD = "application/pdf", "multipart/form-data", "paper"
BYTES = {"type": "string", "format": "binary", "maxLength": BYTES_MAX}
UPLOAD_SCHEMA = {
    "requestBody": {
        "required": True,
        "content": {
            PDF: {"schema": BYTES},
            FORM: {"schema": {"type": "object", "required": [FIELD], "properties": {FIELD: BYTES}}},
        },
    }
}
ORIGINAL_SCHEMA = {
    "responses": {
        200: {
            "description": "OK",
            "content": {name: {"schema": BYTES} for name in (*EXTENSIONS, served_as(""))},
        }
    }
}
PAPER = {200: paper_bodies.PaperOut, **ERRORS, 415: bodies.Problem}


@router.post("/papers", response=PAPER, auth=RECEIVE, openapi_extra=UPLOAD_SCHEMA, operation_id="receive_paper")
def receive_paper(
    request: HttpRequest, case: paper_bodies.OfCase = "", received_at: paper_bodies.ReceivedAt = None, key: Key = None
) -> HttpResponse:
    """A detainer arrives as a PDF: as the body, or as the file `paper` of a form. It is kept as it came and then read.

    It opens a case, or supersedes the others of the case that is named, and has no facts until a call confirms them.
    """
    by, at = request.auth.actor, datetime.now(UTC)
    content = _paper_in(request)
    answer = do_once(
        request, this_desk(), key,
        lambda desk: deeds.receive(
            desk, facts={}, person=deeds.NOBODY, channel="pdf", received_at=received_at or at, case=case, paper=content,
            media_type=PDF, by=by, at=at,
        ),
        msgspec.json.encode, at, content=msgspec.json.encode((case, received_at)) + content,
    )  # fmt: skip
    arrived = msgspec.json.decode(answer.content, type=deeds.Arrived)  # the answer that is stored has no person
    response = _json(_described(request, arrived, content, PDF))
    if AGAIN in answer.headers:
        response.headers[AGAIN] = answer.headers[AGAIN]
    return response


def _paper_in(request: HttpRequest) -> bytes:
    """The PDF that a call brings; raises `InputFault` or `Refused` where there is none, or it is too long."""
    if request.content_type not in (PDF, FORM):
        help = phrase("send {pdf}, or {form} with a file named {field}", pdf=PDF, form=FORM, field=FIELD)
        raise Refused(Finding("bad-media-type", Place("Content-Type"), phrase("a paper is a PDF"), help))
    content = request.body if request.content_type == PDF else _file_in(request)
    if len(content) > BYTES_MAX:
        raise too_large(
            phrase("the paper has {size:,} bytes, and may have {most:,}", size=len(content), most=BYTES_MAX)
        )
    if not is_pdf(content):
        help = phrase("send the bytes of the PDF as they came")
        raise InputFault([Finding("no-pdf", Place(FIELD), phrase("no PDF came"), help)])
    return content


def _file_in(request: HttpRequest) -> bytes:
    """The file of a form; empty where there is none. The body is read first, since a form that was read leaves none."""
    try:
        file = request.FILES.get(FIELD) if request.body else None
    except (MultiPartParserError, SuspiciousOperation) as fault:
        raise InputFault([Finding("bad-form", Place(FIELD), phrase("the form cannot be read"))]) from fault
    return file.read() if file else b""


def _described(request: HttpRequest, arrived: deeds.Arrived, content: bytes, media_type: str) -> dict[str, Any]:
    """A paper with what was read from it. Which cases have the same person is for a token that may see who persons are."""
    desk, by = this_desk(), request.auth.actor
    reading = read_paper(content, media_type)
    sees = Permission.SEE_PERSON in request.auth.scopes and queries.permits_person(by)
    earlier = earlier_detainers(desk, arrived.case, reading, by=by) if sees else []
    document = as_json(reading)
    document["notes"] = [{**note, "at": FIELD} for note in document["notes"]]
    return {
        **msgspec.to_builtins(arrived), "document": hashlib.sha256(content).hexdigest(), "media_type": media_type,
        "size": len(content), **document, "cancels": cancels(reading), "earlier": earlier,
    }  # fmt: skip


@router.get("/cases/{case}/papers/{detainer}", response=PAPER, auth=SEE_PERSON, operation_id="paper")
def paper(request: HttpRequest, case: CaseId, detainer: DetainerNumber) -> HttpResponse:
    """What a paper of a case says, read again. Each view is an event of the record."""
    content, media_type = _opened(request, case, detainer, "paper")
    return _json(_described(request, deeds.Arrived(case, detainer, is_new=False), content, media_type))


@router.get(
    "/cases/{case}/papers/{detainer}/original", response=ERRORS, auth=SEE_PERSON, openapi_extra=ORIGINAL_SCHEMA,
    operation_id="original",
)  # fmt: skip
def original(request: HttpRequest, case: CaseId, detainer: DetainerNumber) -> HttpResponse:
    """The bytes of a paper as they came. Each view is an event of the record."""
    content, media_type = _opened(request, case, detainer, "paper as it came")
    headers = {"Content-Disposition": "attachment", "Content-Security-Policy": "sandbox"}
    return HttpResponse(content, content_type=served_as(media_type), headers=headers)


def _opened(request: HttpRequest, case: str, detainer: int, page: str) -> tuple[bytes, str]:
    desk, by = this_desk(), request.auth.actor
    found = find_paper(case, detainer)
    opened = queries.paper_of(desk, case, found.document, by=by)
    deeds.view(desk, case, page=page, by=by, at=datetime.now(UTC))
    return opened


@router.post(
    "/cases/{case}/papers/{detainer}/confirm", response={200: paper_bodies.ConfirmedOut, **ERRORS}, auth=RECEIVE,
    operation_id="confirm_paper",
)  # fmt: skip
def confirm_paper(
    request: HttpRequest, case: CaseId, detainer: DetainerNumber, body: paper_bodies.ConfirmBody, key: Key = None
) -> HttpResponse:
    """Values that were read are right: they become facts that name their field, the paper, and the account of this token."""
    by, at = request.auth.actor, datetime.now(UTC)
    facts = {
        path: StatedFact(value=value, source="api", confirmed_by=by.account, document=body.document)
        for path, value in body.facts.items()
    }
    person = {name: text for name, text in body.person.dict().items() if text}

    settled: list[Confirmed] = []

    def deed(desk: Desk) -> Event:
        settled.append(
            settle_paper(
                desk, case, detainer=detainer, document=body.document, confirmed=body.confirmed, facts=facts,
                person=person, by=by,
            )
        )  # fmt: skip
        said = deeds.Person(**settled[0].person)
        return deeds.state(desk, case, facts=settled[0].facts, person=said, detainer=detainer, by=by, at=at)

    def describe(event: Event) -> bytes:
        recorded = {"facts": sorted(settled[0].facts), "person": sorted(settled[0].person), "left": settled[0].left}
        return msgspec.json.encode({"event": event.number, "case": case, "detainer": detainer, **recorded})

    return do_once(request, this_desk(), key, deed, describe, at)


@router.post("/cases/{case}/papers/{detainer}/join", response=EVENT, auth=RECEIVE, operation_id="join_paper")
def join_paper(
    request: HttpRequest, case: CaseId, detainer: DetainerNumber, body: paper_bodies.JoinBody, key: Key = None
) -> HttpResponse:
    """A paper that opened this case cancels or replaces a detainer of another case; this one is closed, and goes on there."""
    by, at = request.auth.actor, datetime.now(UTC)

    def deed(desk: Desk) -> Event:
        governing = queries.find_case(body.case).governing
        earlier = body.detainer or (governing.number if governing else 0)
        return join(desk, case, detainer=detainer, earlier_case=body.case, earlier=earlier, how=body.how, by=by, at=at)

    return do_once(request, this_desk(), key, deed, describe_event, at)


def _json(value: Any) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(value), content_type="application/json")
