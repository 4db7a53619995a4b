"""The pages of second factors: the one that the log-in asks for, and those with which a person keeps their own.

A change of one's own factors needs a factor that was used within the last ten minutes, so that an unattended session is not enough.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.internal.auth import clear_totp_secret
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET, require_POST
from msgspec import Struct

from comity.web.at_desk import this_desk
from comity.web.log_in import factor_deeds
from comity.web.log_in.factor_deeds import APP, CODES, KEY, NAME_LENGTH, factors_of, has_second_factor

FRESH_SECONDS = 600
View = Callable[..., HttpResponse]


class Line(Struct, frozen=True, kw_only=True):
    """A second factor as the page of the log-in shows it."""

    number: int
    name: str
    is_key: bool
    added_at: datetime
    used_at: datetime | None


def is_fresh(request: HttpRequest) -> bool:
    """Whether a second factor was used in this session within ten minutes, or there is none yet."""
    if not has_second_factor(request.user):
        return True
    used = [record["at"] for record in get_authentication_records(request, request.user) if record["method"] == "mfa"]
    return bool(used) and time.time() - used[-1] < FRESH_SECONDS


def _fresh(view: View) -> View:
    """Leads back to the page of one's own log-in where a factor has to be used anew."""

    @wraps(view)
    def checked(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        return view(request, *arguments, **named) if is_fresh(request) else redirect("mfa_index")

    return checked


class Code(AuthenticateView):
    """Asks for the second factor at log-in: a key where the account has one, and a code."""

    template_name = "desk/code.html"

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        """Which factors the account has."""
        types = Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True)
        return {**super().get_context_data(**named), "has_key": KEY in types, "has_app": APP in types}


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """One's own second factors with what can be done about them; the choice of one where there is none yet."""
    lines = [_line(factor) for factor in factors_of(request.user)]
    if not lines:
        return render(request, "desk/choose_factor.html")
    codes = Authenticator.objects.filter(user=request.user, type=CODES).first()
    values = {
        "lines": lines,
        "has_app": any(not line.is_key for line in lines),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "is_fresh": is_fresh(request),
        "name_length": NAME_LENGTH,
    }
    return render(request, "desk/factors.html", values)


def _line(factor: Authenticator) -> Line:
    name = factor.wrap().name if factor.type == KEY else "Authenticator app"
    return Line(
        number=factor.pk, name=name, is_key=factor.type == KEY, added_at=factor.created_at, used_at=factor.last_used_at
    )


@method_decorator(_fresh, name="dispatch")
class AddApp(ActivateTOTPView):
    """Sets up the authenticator app of one's own account, where there is none."""

    template_name = "desk/set_up.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Adds the app, which has just shown that it works."""
        code, at = form.cleaned_data["code"], datetime.now(UTC)
        app = factor_deeds.add_app(this_desk(), self.request.user, secret=form.secret, code=code, at=at)
        clear_totp_secret(self.request)
        return _added(self.request, app)


@method_decorator(_fresh, name="dispatch")
class AddKey(AddWebAuthnView):
    """Adds a security key or passkey to one's own account."""

    template_name = "desk/add_key.html"

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        """The page with the form as it was sent, and a new challenge for the key."""
        return {**super().get_context_data(**named), **named}

    def form_valid(self, form: Any) -> HttpResponse:
        """Adds the key, whose answer was checked."""
        sent, at = form.cleaned_data, datetime.now(UTC)
        desk, account = this_desk(), self.request.user
        return _added(
            self.request, factor_deeds.add_key(desk, account, name=sent["name"], credential=sent["credential"], at=at)
        )


def _added(request: HttpRequest, factor: Authenticator) -> HttpResponse:
    """Goes on after a factor was added. That it was proves that it works: it counts as used in this session."""
    record_authentication(request, request.user, "mfa", id=factor.pk, type=str(factor.type))
    codes = Authenticator.objects.filter(user=request.user, type=CODES).first()
    return redirect("mfa_index" if codes is None or codes.wrap().did_view else "mfa_view_recovery_codes")


class RecoveryCodes(ViewRecoveryCodesView):
    """The recovery codes, which are shown once."""

    template_name = "desk/recovery_codes.html"


@require_POST
@_fresh
def do(request: HttpRequest, number: int, deed: str) -> HttpResponse:
    """Renames or removes one of one's own factors, and shows them again."""
    if deed not in DEEDS:
        raise Http404
    DEEDS[deed](request, number, datetime.now(UTC))
    return redirect("mfa_index")


def _rename(request: HttpRequest, number: int, at: datetime) -> None:
    factor_deeds.rename_key(this_desk(), request.user, number, name=request.POST.get("name", "").strip(), at=at)


def _remove(request: HttpRequest, number: int, at: datetime) -> None:
    """Removing a factor ends the sessions of the account, but for this one."""
    factor_deeds.remove(this_desk(), request.user, number, at=at)
    request.user.refresh_from_db()
    update_session_auth_hash(request, request.user)


DEEDS = {"rename": _rename, "remove": _remove}
