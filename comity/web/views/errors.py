"""The pages of errors: each says what happened, that nothing was written, and what to do next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

BAD, NOT_ALLOWED, NOT_FOUND, FAULT = 400, 403, 404, 500
CASES, PARTS = "cases", 2


def back_from(request: HttpRequest) -> str:
    """The page to go back to: the case whose address this is below, else the first page."""
    parts = request.path.strip("/").split("/")
    return f"/cases/{parts[1]}" if parts[0] == CASES and len(parts) > PARTS else "/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that cannot be read."""
    sentences = ("What was sent cannot be read, and nothing was written.", "Go back, and fill the form in again.")
    return _page(request, "Not understood", sentences, BAD)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What the role of the account does not allow."""
    sentences = (
        "Your role may not do this, and nothing was written.",
        "Ask a supervisor, or an administrator for another role.",
    )
    return _page(request, "Not allowed", sentences, NOT_ALLOWED)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was sent without the token of this session: an old page, or another site."""
    sentences = (
        "This form is older than your session, and nothing was written.",
        "Open the page again, and send the form once more. If it happens again, log out and in.",
    )
    return _page(request, "Send it again", sentences, NOT_ALLOWED)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that is no page."""
    sentences = (
        "There is no such page.",
        "A case has eight letters and digits, without 0, 1, I and O. To look for a person, use Find a person.",
    )
    return _page(request, "Not found", sentences, NOT_FOUND)


def fault(request: HttpRequest) -> HttpResponse:
    """A fault of the desk itself; the page asks neither the database nor the law, which may be what failed."""
    return HttpResponse(render_to_string("desk/fault.html"), status=FAULT)


def _page(request: HttpRequest, title: str, sentences: tuple[str, ...], status: int) -> HttpResponse:
    back = back_from(request)
    words = "To the first page" if back == "/" else "Back to the case"
    values = {"title": title, "sentences": sentences, "back": back, "back_words": words}
    return render(request, "desk/error.html", values, status=status)
