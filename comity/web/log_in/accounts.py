"""The page of accounts, for the administrator: who may log in, with which role, and the deeds on each account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from allauth.mfa.models import Authenticator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from msgspec import Struct

from comity.desk.deeds import allow
from comity.desk.events import Actor
from comity.desk.ledger import Refused
from comity.desk.roles import Permission, Role
from comity.finding import Finding, Place, phrase
from comity.web.at_desk import this_desk
from comity.web.log_in import account_deeds
from comity.web.log_in.factor_deeds import FACTORS
from comity.web.models import Account


class Line(Struct, frozen=True, kw_only=True):
    """An account as the page shows it."""

    number: int
    name: str
    role: str
    locked_at: datetime | None
    last_login: datetime | None
    has_factor: bool
    has_password: bool
    is_own: bool


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """All accounts; a POST makes one, and shows its temporary password once."""
    by = request.user.actor
    allow(by, Permission.KEEP_ACCOUNTS)
    if request.method == "GET":
        return _page(request)
    sent = request.POST
    sign_on: account_deeds.SignOn = "single_sign_on" if sent.get("sign_on") == "single_sign_on" else "password"
    try:
        account, password = account_deeds.create(
            this_desk(), name=sent.get("name", "").strip(), role=_role(request), sign_on=sign_on, by=by,
            at=datetime.now(UTC),
        )  # fmt: skip
    except Refused as refusal:
        return _page(request, status=400, faults=refusal.findings)
    return _page(request, name=account.username, password=password)


def _page(request: HttpRequest, *, status: int = 200, **values: object) -> HttpResponse:
    factors = set(Authenticator.objects.filter(type__in=FACTORS).values_list("user_id", flat=True))
    lines = [
        Line(
            number=account.pk, name=account.username, role=account.role, locked_at=account.locked_at,
            last_login=account.last_login, has_factor=account.pk in factors, has_password=account.has_usable_password(),
            is_own=account.pk == request.user.pk,
        )
        for account in Account.objects.order_by("username")
    ]  # fmt: skip
    roles = [(role.value, role.value.replace("_", " ")) for role in Role]
    return render(request, "desk/accounts.html", {"lines": lines, "roles": roles, **values}, status=status)


def _role(request: HttpRequest) -> Role:
    try:
        return Role(request.POST.get("role", ""))
    except ValueError:
        raise Refused(Finding("bad-role", Place("role"), phrase("there is no such role"))) from None


@require_POST
def do(request: HttpRequest, number: int, deed: str) -> HttpResponse:
    """Does one deed on an account, and shows the accounts again."""
    if deed not in DEEDS:
        raise Http404
    password = DEEDS[deed](request, number, request.user.actor, datetime.now(UTC))
    if password:
        return _page(request, name=Account.objects.get(pk=number).username, password=password)
    return redirect("accounts")


Deed = Callable[[HttpRequest, int, Actor, datetime], str | None]


def _change_role(request: HttpRequest, number: int, by: Actor, at: datetime) -> None:
    account_deeds.change_role(this_desk(), number, role=_role(request), by=by, at=at)


def _lock(request: HttpRequest, number: int, by: Actor, at: datetime) -> None:
    account_deeds.lock(this_desk(), number, by=by, at=at)


def _release(request: HttpRequest, number: int, by: Actor, at: datetime) -> None:
    account_deeds.release(this_desk(), number, by=by, at=at)


def _reset_password(request: HttpRequest, number: int, by: Actor, at: datetime) -> str:
    return account_deeds.reset_password(this_desk(), number, by=by, at=at)


def _reset_second_factor(request: HttpRequest, number: int, by: Actor, at: datetime) -> None:
    account_deeds.reset_second_factor(this_desk(), number, by=by, at=at)


DEEDS: dict[str, Deed] = {
    "role": _change_role, "lock": _lock, "release": _release, "reset-password": _reset_password,
    "reset-second-factor": _reset_second_factor,
}  # fmt: skip
