"""Limits on what a call may send: bytes, depth, entries, numbers and texts. `operating.doors` holds calls to the bytes.

They bound the seconds too: a body of 200 KB with 3,000 records was decided in 0.15 s on 2026-11-26.
"""

from __future__ import annotations

import math
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from comity.decision.incoming import read_json
from comity.finding import Finding, InputFault, Phrase, Place, grave, phrase
from comity.web.settings import BODY_BYTES_MAX as LARGEST

BODY_BYTES_MAX = 262_144
PAPER_BODY_BYTES_MAX = LARGEST  # of a call that brings a paper, in base64
UPLOAD_BODY_BYTES_MAX = (
    20_050_000  # of one that brings it as it is: the most that a paper may have, with the parts of a form
)
DEPTH_MAX, ENTRIES_MAX, VALUES_MAX = 16, 1_000, 20_000
NUMBER_MAX = 2**53  # above it, JSON means different numbers to different readers
SOURCE = phrase("request")


def bounded_json(content: bytes) -> dict[str, Any]:
    """The JSON object in a body; raises `InputFault` on what is no JSON object, or is beyond a limit."""
    tree, findings = read_json(content, SOURCE)
    if grave(findings):
        raise InputFault(grave(findings))
    _refuse_beyond(tree)
    return tree


def too_large(words: Phrase, help: str = "") -> InputFault:
    """The fault of what is beyond a limit."""
    return InputFault([Finding("too-large", Place(SOURCE), words, phrase(help))])


def _refuse_beyond(tree: Any) -> None:
    """Walks a tree level by level, so that its depth costs no stack."""
    level, depth, values = [tree], 0, 0
    while level:
        depth += 1
        values += len(level)
        if depth > DEPTH_MAX:
            raise _unfit("nested", phrase("is nested more than {most} levels deep", most=DEPTH_MAX))
        if values > VALUES_MAX:
            raise too_large(phrase("the body has more than {most:,} values", most=VALUES_MAX))
        level = [inner for value in level for inner in _inside(value)]


def _inside(value: Any) -> list[Any]:
    match value:
        case str():
            if "\0" in value or not _is_unicode(value):
                raise _unfit("text", phrase("a text has a NUL or half of a surrogate pair"))
        case bool() | None:
            pass
        case int() | float():
            if not math.isfinite(value) or abs(value) > NUMBER_MAX:
                raise _unfit("number", phrase("a number is beyond {most:,}", most=NUMBER_MAX))
        case dict():
            return [*value, *value.values()]
        case list():
            if len(value) > ENTRIES_MAX:
                raise too_large(phrase("a list has more than {most:,} entries", most=ENTRIES_MAX))
            return value
    return []


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unfit(what: str, words: Phrase) -> InputFault:
    return InputFault([Finding(f"unfit-{what}", Place(SOURCE), words)])


class BoundedParser(Parser):
    """Reads bodies within the limits; a body of any other kind than a JSON object is a finding."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body as a JSON object."""
        return bounded_json(request.body)
