"""What stands before every page: the policy of content, that a person is logged in, and refusals in words."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from comity.desk.ledger import Refused
from comity.finding import InputFault
from comity.web.views.errors import back_from, page_of

Handler = Callable[[HttpRequest], HttpResponse]
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
LOG_OUT = "/log-out"
OPEN_TO_ALL = ("/log-in", "/health", "/static/")
BAD, NOT_ALLOWED, NOT_FOUND, CONFLICT, TOO_LARGE, BUSY = 400, 403, 404, 409, 413, 503
TITLES = {NOT_ALLOWED: "Not allowed", NOT_FOUND: "Not found"}
STATUS = {
    "not-allowed": NOT_ALLOWED,
    **dict.fromkeys(("no-case", "no-decision", "no-paper", "no-reconciliation"), NOT_FOUND),
    "too-large": TOO_LARGE, "took-too-long": BUSY, "busy": BUSY,
}  # fmt: skip


class PolicyMiddleware:
    """Sets what a page may load: its own files alone. Pages of the desk are stored nowhere on the way."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.handler(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class LogInMiddleware:
    """Leads everybody who is not logged in to the log-in, but for the few pages that are open to all."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OPEN_TO_ALL) or request.user.is_authenticated:
            return self.handler(request)
        return redirect("/log-in" if request.path == LOG_OUT else log_in_then(request))


def log_in_then(request: HttpRequest, **values: str) -> str:
    """The address of the log-in that leads back to the page of a request, without its query, or says that nothing was recorded."""
    wanted = {**values, **({"next": request.path} if request.method == "GET" else {"unsent": "1"})}
    return f"/log-in?{urlencode(wanted, safe='/')}"


class RefusalMiddleware:
    """A deed or query that was refused, and an error that has no page yet, becomes a page that says why, and what to do next."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.handler(request)
        is_empty = not response.streaming and not response.content
        if response.status_code < BAD or not is_empty:
            return response
        page = page_of(request, response.status_code)
        if "Allow" in response.headers:
            page.headers["Allow"] = response.headers["Allow"]
        return page

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        return show_refused(request, fault) if isinstance(fault, (Refused, InputFault)) else None


def show_refused(request: HttpRequest, fault: Refused | InputFault) -> HttpResponse:
    """The page that says why nothing was done or shown, and what to do next."""
    code = fault.findings[0].code
    request.comity_code = code
    status = STATUS.get(code, CONFLICT if isinstance(fault, Refused) else BAD)
    wrote = request.method == "POST"
    title = "Not done" if wrote else TITLES.get(status, "Not shown")
    unsure = code == "took-too-long"  # a deed may have been done before its answer was late
    values = {
        "title": title, "wrote": wrote, "unsure": unsure, "findings": fault.findings, "back": back_from(request),
    }  # fmt: skip
    return render(request, "desk/refused.html", values, status=status)
