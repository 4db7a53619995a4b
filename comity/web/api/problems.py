"""Every error of the API as a problem of RFC 9457: its status, its code, and the findings that say what would be right."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

import msgspec
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from comity.desk.ledger import Refused
from comity.finding import Finding, InputFault, Place, grave, phrase

MEDIA_TYPE = "application/problem+json"
LOG = logging.getLogger("comity.web")
FINDINGS_MAX = 50
UNREADABLE = ("bad-form", "not-json", "encoding", "doubled-key", "not-a-request")
STATUS = {
    **dict.fromkeys(UNREADABLE, 400), "no-token-given": 401, "not-allowed": 403, "too-large": 413, "bad-media-type": 415,
    "took-too-long": 503, "busy": 503,
    **dict.fromkeys(("no-case", "no-decision", "no-paper", "no-token", "no-address", "unknown-place"), 404),
    **dict.fromkeys(
        ("not-now", "undecided", "nothing-to-decide", "no-limit", "not-closed", "other-body", "same-law", "forgotten"), 409
    ),
}  # fmt: skip
TOO_DEEP = 422  # and every other finding: the request was understood and cannot be done as it is
TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}  # as RFC 9110 has them, whatever Python is older


def problem(
    request: HttpRequest, findings: Iterable[Finding], status: int = 0, *, headers: dict[str, str] | None = None
) -> HttpResponse:
    """The answer for some findings; its status is that of the first, where none is given."""
    found = tuple(grave(findings))[:FINDINGS_MAX]
    first = found[0]
    number = status or STATUS.get(first.code, TOO_DEEP)
    request.comity_code = first.code
    body = {
        "type": f"urn:comity:problem:{first.code}",
        "title": TITLES.get(number, HTTPStatus(number).phrase),
        "status": number,
        "detail": "; ".join(filter(None, (first.message, first.help))),
        "code": first.code,
        "request_id": getattr(request, "comity_id", ""),
        "findings": [
            {"code": each.code, "at": str(each.place), "message": each.message, "help": each.help} for each in found
        ],
    }
    return HttpResponse(msgspec.json.encode(body), status=number, content_type=MEDIA_TYPE, headers=headers)


def plain_problem(request: HttpRequest, status: int, code: str, message: str, help: str = "") -> HttpResponse:
    """The answer for one fault that no finding describes yet."""
    return problem(request, [Finding(code, Place("request"), phrase(message), phrase(help))], status)


def add_handlers(api: NinjaAPI) -> None:
    """Makes an API answer every exception with a problem."""
    handlers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        Refused: _of_findings, InputFault: _of_findings, ValidationError: _of_validation, HttpError: _of_http,
        Http404: lambda request, fault: no_address(request), TimeoutError: _of_busy, DatabaseError: _of_busy,
        Exception: of_own_fault,
    }  # fmt: skip
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _of_findings(request: HttpRequest, fault: Refused | InputFault) -> HttpResponse:
    return problem(request, fault.findings)


def no_address(request: HttpRequest) -> HttpResponse:
    """The answer where the API has no such address."""
    return plain_problem(request, 404, "no-address", "the API has no such address", "see /api/v1/openapi.json")


def no_token(request: HttpRequest) -> HttpResponse:
    """The answer to a call without a valid token."""
    help = "send Authorization: Bearer and a token that an administrator made"
    response = plain_problem(request, 401, "no-token-given", "no valid token was sent", help)
    response.headers["WWW-Authenticate"] = 'Bearer realm="desk"'
    return response


def _of_validation(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    """One finding for each field of the body or address that is not as the schema has it; no value is repeated."""
    findings = [
        Finding("bad-field", Place(".".join(str(part) for part in error["loc"])), phrase("{words}", words=error["msg"]))
        for error in fault.errors
    ]
    return problem(request, findings)


def _of_http(request: HttpRequest, fault: HttpError) -> HttpResponse:
    """What ninja raises: a body that could not be read has its cause in words, a missing token its own answer."""
    if isinstance(fault.__cause__, InputFault | Refused):
        return problem(request, fault.__cause__.findings)
    if fault.status_code == HTTPStatus.UNAUTHORIZED:
        return no_token(request)
    return plain_problem(request, fault.status_code, "bad-request", "the request cannot be read")


def _of_busy(request: HttpRequest, fault: Exception) -> HttpResponse:
    LOG.error("id=%s fault=%s", getattr(request, "comity_id", ""), type(fault).__name__)
    help = "send it again with the same Idempotency-Key"
    return plain_problem(request, 503, "busy", "the record could not be written or read in time", help)


def of_own_fault(request: HttpRequest, fault: Exception) -> HttpResponse:
    """A fault of the program itself: its kind goes to the log, and nothing of the request."""
    LOG.error("id=%s fault=%s", getattr(request, "comity_id", ""), type(fault).__name__)
    help = "tell the administrator the request_id"
    return plain_problem(request, 500, "own-fault", "the desk has a fault of its own", help)
