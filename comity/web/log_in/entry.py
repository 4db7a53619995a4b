"""What stands between the log-in and the pages: the second factor, a password of one's own, and the end of idle sessions."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from allauth.account.authentication import get_authentication_records
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from comity.desk.roles import Role, may
from comity.web.at_desk import this_desk
from comity.web.everywhere import PAGES
from comity.web.guards import Handler, log_in_then
from comity.web.log_in import account_deeds
from comity.web.log_in.factor_deeds import has_second_factor
from comity.web.models import Account
from comity.web.settings import IDLE_SECONDS

ACTIVE, BANNER = (
    "active_at",
    "banner",
)  # in a session: the last activity, and the digest of the banner that was accepted
STAY = "/stay"
STATIC = "/static/"  # the files of a page, which ask for no session
ALWAYS = (STATIC, "/health", "/log-in", "/log-out", STAY)
SET_UP, PASSWORD = "/second-factor", "/password"
REFRESH = "X-Refresh"  # the header of a page that asks for itself again
IN_BACKGROUND = "empty"  # Sec-Fetch-Dest of what a script asks for


class IdleMiddleware:
    """Ends a session after fifteen minutes without activity. What a page's script asks for by itself is no activity."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(STATIC) and request.user.is_authenticated:
            if seconds_left(request) <= 0:
                address = log_in_then(request, ended="1")
                logout(request)
                return redirect(address)
            if not is_in_background(request) and request.path != STAY:
                extend(request)
        return self.handler(request)


def is_in_background(request: HttpRequest) -> bool:
    """Whether a script of a page asks by itself, as the board does when it renews itself."""
    return request.headers.get("Sec-Fetch-Dest") == IN_BACKGROUND or REFRESH in request.headers


def extend(request: HttpRequest) -> None:
    """The person is there: the session lasts its whole time again."""
    request.session[ACTIVE] = time.time()


def seconds_left(request: HttpRequest) -> float:
    """How long the session of a request lasts from now without activity."""
    now = time.time()
    return float(request.session.get(ACTIVE, now)) + IDLE_SECONDS - now


class SecondFactorMiddleware:
    """Lets nobody reach a page before a second factor is set up and was used in this session, and the password is their own."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(ALWAYS) or not request.user.is_authenticated:
            return self.handler(request)
        wanted = what_is_missing(request)
        if wanted and not request.path.startswith(wanted):
            return redirect(wanted)
        home = home_of(Role(request.user.role))
        return redirect(home) if request.path == "/" != home else self.handler(request)


def home_of(role: Role) -> str:
    """The first page that a role may see: the board, or where there is none for it the next of the navigation."""
    return next(address for _, address, permission in PAGES if may(role, permission))


def what_is_missing(request: HttpRequest) -> str:
    """The page to which a person who is logged in must go first; empty where nothing is missing."""
    if not has_second_factor(request.user):
        return SET_UP
    if not any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user)):
        logout(request)  # a session that began without the factor, which was set up in another
        return "/log-in"
    return PASSWORD if request.user.password_is_temporary else ""


def _record_log_in(sender: object, request: HttpRequest, user: Account, **_: object) -> None:
    """Each log-in is an event of the record, with the banner that was accepted before it."""
    records = get_authentication_records(request, user)
    means = tuple(str(record.get("type") or record.get("method")) for record in records)
    request.session[ACTIVE] = time.time()
    banner = request.session.get(BANNER, "")
    account_deeds.record_log_in(this_desk(), user, means=means, banner=banner, at=datetime.now(UTC))


def connect_signals() -> None:
    """Has log-ins recorded; called once when the application is ready."""
    user_logged_in.connect(_record_log_in, dispatch_uid="comity log-in")
