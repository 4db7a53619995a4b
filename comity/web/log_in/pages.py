"""The pages of the log-in: the use banner, name and password, one's own password, and the idle session."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.views import LoginView
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic.edit import FormView
from requests import RequestException

from comity.web.guards import POLICY
from comity.web.log_in.entry import BANNER, extend, seconds_left

DIGITS = 16  # of the digest by which the record knows a banner
LOCKS = "After five failures in fifteen minutes an account is locked until an administrator releases it."
FAULTS = {
    "wrong": f"That name and password do not belong together, or the account is locked. {LOCKS}",
    "locked": f"This account cannot log in now. It may be locked. {LOCKS}",
    "unsent": "What you sent last was not recorded, because you were not logged in. Log in, and send it again.",
    "provider": "The single sign-on does not answer. Try again, or ask the administrator.",
    "sso": "The single sign-on did not name an account of this desk. An administrator can make one for it.",
}


def banner_digest() -> str:
    """What stands in the record for the text of the banner."""
    return hashlib.sha256(settings.COMITY_BANNER.encode()).hexdigest()[:DIGITS]


class LogIn(LoginView):
    """The use banner until it is accepted, then the one form for a name and password, or the way to single sign-on."""

    template_name = "desk/log_in.html"

    def get(self, request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        """Shows the banner first."""
        if request.session.get(BANNER) != banner_digest():
            values = {"banner": settings.COMITY_BANNER, "next": _next(request)}
            values |= {name: request.GET.get(name) for name in ("ended", "unsent")}
            return render(request, "desk/banner.html", values)
        return _with_provider(super().get(request, *arguments, **named))

    def post(self, request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        """Takes no password before the banner is accepted."""
        if request.session.get(BANNER) != banner_digest():
            return redirect("account_login")
        return _with_provider(super().post(request, *arguments, **named))

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        """What the page shows beside the form."""
        refused = {"1": "locked", "sso": "sso", "provider": "provider"}.get(self.request.GET.get("refused", ""), "")
        fault = (
            "wrong" if self.request.method == "POST" else refused or ("unsent" if "unsent" in self.request.GET else "")
        )
        return {
            **super().get_context_data(**named),
            "fault": FAULTS.get(fault, ""),
            "next": _next(self.request),
            "sign_on": settings.COMITY_SINGLE_SIGN_ON,
        }


def _next(request: HttpRequest) -> str:
    """Where to go after the log-in: an address of this desk, or nowhere."""
    wanted: str = request.POST.get("next", request.GET.get("next", ""))
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else ""


def _with_provider(response: HttpResponse) -> HttpResponse:
    """Lets the form lead on to the provider of single sign-on, which the policy forbids elsewhere."""
    url = urlsplit(settings.COMITY_SINGLE_SIGN_ON.server_url)
    if url.netloc:
        policy = POLICY.replace("form-action 'self'", f"form-action 'self' {url.scheme}://{url.netloc}")
        response.headers["Content-Security-Policy"] = policy
    return response


@require_POST
def accept_banner(request: HttpRequest) -> HttpResponse:
    """The banner is accepted in this session; the event of the log-in records it."""
    request.session[BANNER] = banner_digest()
    wanted = _next(request)
    return redirect(f"/log-in?{urlencode({'next': wanted}, safe='/')}" if wanted else "/log-in")


@require_POST
def go_to_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Leads on to the provider of single sign-on, or says that it does not answer."""
    try:
        return openid_connect.login(request, provider_id)
    except RequestException:
        return redirect("/log-in?refused=provider")


class Password(FormView):
    """Chooses a password of one's own, in place of a temporary one."""

    template_name = "desk/password.html"
    form_class = SetPasswordForm
    success_url = "/"

    def dispatch(self, request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        """Only a temporary password is replaced here; an administrator gives one."""
        if not request.user.password_is_temporary:
            return redirect("/")
        return super().dispatch(request, *arguments, **named)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form with the account whose password it is."""
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        """Saves the password; this session goes on, all others end."""
        account = form.save(commit=False)
        account.password_is_temporary = False
        account.save(update_fields=["password", "password_is_temporary"])
        update_session_auth_hash(self.request, account)
        return super().form_valid(form)


@require_http_methods(["GET", "POST"])
def stay(request: HttpRequest) -> HttpResponse:
    """How many seconds the session lasts without activity; a POST extends it."""
    if not request.user.is_authenticated:
        return JsonResponse({"seconds": 0})
    if request.method == "POST":
        extend(request)
    return JsonResponse({"seconds": int(seconds_left(request))})
