"""The pages of errors: each says what happened, whether anything was written, and what to do next."""

from __future__ import annotations

import sys
from http import HTTPStatus
from typing import NamedTuple

from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
BUSY = (OperationalError, InterfaceError, TimeoutError)  # the record was not read or written in time
RETRY_SECONDS = "30"
PARTS = 2
# By status: the title of the page, and its sentences.
WORDS: dict[int, tuple[str, tuple[str, ...]]] = {
    HTTPStatus.BAD_REQUEST: (
        "Not understood",
        ("What was sent cannot be read, and nothing was written.", "Go back, and fill the form in again."),
    ),
    HTTPStatus.FORBIDDEN: (
        "Not allowed",
        (
            "Your role may not do this, and nothing was written.",
            "Ask a supervisor to do it, or an administrator for another role.",
        ),
    ),
    HTTPStatus.NOT_FOUND: (
        "Not found",
        (
            "There is no such page.",
            "A case has eight letters and digits, without 0, 1, I and O. To look for a person, use Find a person.",
        ),
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "Nothing to show here",
        (
            "This address takes what a form sends and is no page of its own. Nothing was written.",
            "Open the page with the form, and send it from there.",
        ),
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "Too large",
        (
            "What was sent is larger than the desk takes at once, and nothing was written.",
            "Send one detainer at a time, as a PDF of at most 20 MB, or type what the paper says.",
        ),
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (
        "Too many requests",
        (
            "This computer asked for too much in a short time, and nothing was written.",
            "Wait a minute, then try again.",
        ),
    ),
}
OTHER_HOST = (
    "The desk does not answer at this address.",
    "Open it at the address that the administrator gave. An administrator adds an address to hosts in the configuration.",
)


class Back(NamedTuple):
    """Where to go from a page of an error, and the words of the link."""

    address: str
    words: str


def back_from(request: HttpRequest) -> Back:
    """The page to go back to: the case, the accounts or the log-in whose address this is below, else the first page."""
    parts = request.path.strip("/").split("/")
    if parts[0] == "cases" and len(parts) > PARTS:
        return Back(f"/cases/{parts[1]}", "Back to the case")
    if parts[0] in ("accounts", "second-factor") and len(parts) >= PARTS:
        return Back(f"/{parts[0]}", "Back to the accounts" if parts[0] == "accounts" else "Back to your log-in")
    return Back("/", "To the first page")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that cannot be read, is too large, or came to an address that is not the desk's."""
    if isinstance(exception, DisallowedHost):
        return _page(request, HTTPStatus.BAD_REQUEST, "No desk here", OTHER_HOST)
    is_large = isinstance(exception, TOO_LARGE)
    return page_of(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE if is_large else HTTPStatus.BAD_REQUEST)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What the role of the account does not allow."""
    return page_of(request, HTTPStatus.FORBIDDEN)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was sent without the token of this session: an old page, or another site."""
    sentences = (
        "This form is older than your session, and nothing was written.",
        "Open the page again, and send the form once more. If it happens again, log out and in, and allow cookies for this address.",
    )
    return _page(request, HTTPStatus.FORBIDDEN, "Send it again", sentences)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that is no page."""
    return page_of(request, HTTPStatus.NOT_FOUND)


def fault(request: HttpRequest) -> HttpResponse:
    """A fault of the desk itself, or a record that does not answer; the page asks neither, since they may be what failed."""
    if isinstance(sys.exc_info()[1], BUSY):
        headers = {"Retry-After": RETRY_SECONDS}
        content = render_to_string("desk/busy.html")
        return HttpResponse(content, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)
    return HttpResponse(render_to_string("desk/fault.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)


def page_of(request: HttpRequest, status: int) -> HttpResponse:
    """The page of a status, with the words for it; those of 400 where it has none."""
    title, sentences = WORDS.get(status, WORDS[HTTPStatus.BAD_REQUEST])
    return _page(request, status, title, sentences)


def _page(request: HttpRequest, status: int, title: str, sentences: tuple[str, ...]) -> HttpResponse:
    """A page in the frame of the desk; where the request failed before its account was known, in a frame without one."""
    values = {"title": title, "sentences": sentences, "back": back_from(request)}
    if hasattr(request, "user"):
        return render(request, "desk/error.html", {**values, "frame": "desk/base.html"}, status=status)
    return HttpResponse(render_to_string("desk/error.html", {**values, "frame": "desk/alone.html"}), status=status)
