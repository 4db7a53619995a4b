"""What a caller of the API passes in: a request as a mapping, and a day as a date or as text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from comity.facts.plain_values import shown
from comity.finding import Finding, InputFault, Place, phrase
from comity.period import day_of

DAY_HELP = phrase("write YYYY-MM-DD, as in 2017-01-26")


def mapping_of(request: object) -> Mapping[str, Any]:
    """The request, where it is a mapping; raises on anything else, such as a JSON text that was not parsed."""
    if request.__class__ is dict or isinstance(request, Mapping):
        return request
    parse, nest = phrase("parse it first, with json.loads"), phrase("give a dict, nested as in JSON")
    message = phrase("a request is a mapping, and this is of type {type}", type=type(request).__name__)
    help = parse if isinstance(request, str | bytes) else nest
    raise InputFault([Finding("not-a-request", Place(phrase("request")), message, help)])


def day_given(given: date | str | None, name: str) -> date | None:
    """A day, given as one or as text; raises on any other text."""
    if given is None or (isinstance(given, date) and not isinstance(given, datetime)):
        return given
    day = day_of(given) if isinstance(given, str) else None
    if day is None:
        raise InputFault([Finding("not-a-day", Place(phrase(name)), phrase('"{}" is no day', shown(given)), DAY_HELP)])
    return day
