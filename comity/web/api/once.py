"""Calls with an idempotency key: the same key and body get the same answer, and the deed is done once.

The answer is written by the deed's own transaction. So no crash can separate them, and of two calls at once the second finds the
answer of the first. A call that was refused wrote nothing, and may be sent again with the same key.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

from comity.desk.desk import Desk
from comity.desk.ledger import Ledger, Refused, Writing
from comity.finding import Finding, Place, phrase
from comity.web.api.models import Answered

T = TypeVar("T")
AGAIN = "Idempotency-Replayed"


class _AnsweredBefore(Exception):
    """Ends a deed whose answer is there already."""

    def __init__(self, body: bytes) -> None:
        super().__init__("answered before")
        self.body = body


class _OnceLedger:
    """The ledger of a desk for one call: it does the deed, and writes its answer, in one transaction."""

    def __init__(self, ledger: Ledger, row: dict[str, Any], describe: Callable[[Any], bytes]) -> None:
        self.ledger, self.row, self.describe = ledger, row, describe
        self.body = b""

    def write(self, deed: Callable[[Writing], T]) -> T:
        def once(writing: Writing) -> T:
            _refuse_answered(self.row)
            result = deed(writing)
            Answered.objects.create(body=self.describe(result), **self.row)
            return result

        return self.ledger.write(once)


def _refuse_answered(row: dict[str, Any]) -> None:
    """Raises where a call of this account had the key before: with its answer, or `Refused` where it was another call."""
    before = Answered.objects.filter(account=row["account"], key=row["key"]).first()
    if before is None:
        return
    if before.digest != row["digest"]:
        words = phrase("this Idempotency-Key was sent before with another request")
        raise Refused(Finding("other-body", Place("Idempotency-Key"), words, phrase("use a new key")))
    raise _AnsweredBefore(bytes(before.body))


def do_once(
    request: HttpRequest,
    desk: Desk,
    key: str | None,
    deed: Callable[[Desk], T],
    describe: Callable[[T], bytes],
    at: datetime,
    *,
    content: bytes = b"",
) -> HttpResponse:
    """Does a deed and answers with what `describe` makes of its result, as JSON; with a key, once.

    The answer is stored with its key, so it must not say who a person is. `content` is what makes two calls the same, where that is
    not the body.
    """
    if not key:
        return _answer(describe(deed(desk)))
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode() + (content or request.body)).hexdigest()
    row = {"account": request.auth.actor.account, "key": key, "digest": digest, "answered_at": at}
    guarded = copy.copy(desk)
    guarded.ledger = _OnceLedger(desk.ledger, row, describe)  # type: ignore[assignment]  # deeds only write by it
    try:
        _refuse_answered(row)  # before the deed looks at a case that has changed since
        return _answer(describe(deed(guarded)))
    except _AnsweredBefore as before:
        response = _answer(before.body)
        response.headers[AGAIN] = "true"
        return response


def _answer(body: bytes) -> HttpResponse:
    return HttpResponse(body, content_type="application/json")
