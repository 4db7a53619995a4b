"""Calls on the law alone, without a record: a request decided, and the law in force at a place."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from comity.decision.request import decided
from comity.desk.roles import Permission
from comity.finding import InputFault, phrase
from comity.session import Law
from comity.web.api.bodies import ERRORS
from comity.web.api.limits import bounded_json
from comity.web.api.tokens import TokenAuth
from comity.web.at_desk import this_desk

router = Router(tags=["law"])
ASK = TokenAuth(Permission.ASK_LAW)
SOURCE = phrase("request")
PLACE_MAX = 200
# The body is read by `comity decide`'s own reader, so its schema says only what it begins with.
REQUEST_SCHEMA = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["place", "at"],
                    "properties": {
                        "place": {"type": "string", "description": "A path such as us/fl/miami-dade."},
                        "at": {"type": "string", "format": "date-time"},
                    },
                    "description": "The place, the moment and the known facts, nested as in docs/facts.md.",
                }
            }
        },
    }
}


@router.post(
    "/decide", response={200: dict[str, Any], **ERRORS}, auth=ASK, openapi_extra=REQUEST_SCHEMA, operation_id="decide"
)
def decide(request: HttpRequest) -> HttpResponse:
    """Decides one request under the law of its place and day, explained. Nothing is recorded."""
    document = bounded_json(request.body)
    decision, findings = decided(document, this_desk().library, SOURCE, now=datetime.now(UTC))
    if decision is None:
        raise InputFault(findings)
    return HttpResponse(decision.to_json(), content_type="application/json")


@router.get("/law/{path:place}", response={200: dict[str, Any], **ERRORS}, auth=ASK, operation_id="law")
def law(
    request: HttpRequest,
    place: Annotated[str, Path(max_length=PLACE_MAX)],
    on: Annotated[date | None, Query(description="A local day; today there, where none is given.")] = None,
) -> HttpResponse:
    """The law in force at a place on a day: defaults, exceptions, duties, and to which day it was researched."""
    view = Law(this_desk().library).at(place, on=on)
    return HttpResponse(msgspec.json.encode(view.to_dict()), content_type="application/json")
