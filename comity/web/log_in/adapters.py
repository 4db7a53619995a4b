"""How allauth works at the desk: no sign-up, no e-mail, failures counted, single sign-on for known accounts."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from requests import RequestException

from comity.web.log_in.lock_out import count_failure, may_log_in
from comity.web.models import Account


class AccountAdapter(DefaultAccountAdapter):
    """Log-in by name and password. allauth's own limits are off: `lock_out` has the only count."""

    def is_open_for_signup(self, request: HttpRequest, *_: object) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing is asked before the password is checked: a locked account answers as slowly, and in the same words."""

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        account = Account.objects.filter(username=credentials.get("username", "")).first()
        if account is not None:
            count_failure(account)

    def pre_login(self, request: HttpRequest, user: Account, **_: Any) -> HttpResponse | None:
        return None if may_log_in(user) else _refused(request)

    def login(self, request: HttpRequest, user: Account) -> None:
        """Asks once more whether the account may log in: it may have been locked while a code was awaited."""
        user.refresh_from_db()
        if not may_log_in(user):
            raise ImmediateHttpResponse(_refused(request))
        super().login(request, user)

    def is_reauthentication_required(self, *, app: str, **_: object) -> bool:
        """The desk asks for a new proof itself, where a second factor is changed: `factor_pages.is_fresh`."""
        return False

    def add_message(self, *_: object, **__: object) -> None:
        """allauth's own messages are not shown: the pages say what they say."""

    def send_notification_mail(self, *_: object, **__: object) -> None:
        """No e-mail is sent about accounts."""


def _refused(request: HttpRequest) -> HttpResponse:
    clear_login(request)
    return redirect("/log-in?refused=1")


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Single sign-on logs in accounts that an administrator made for it, and makes none.

    The first time, the name that the provider gives (the claim of the configuration) finds the account; from then on the provider's own
    id of the person does. What else the provider says of the person is not stored.
    """

    def is_open_for_signup(self, request: HttpRequest, *_: object) -> bool:
        return False

    def on_authentication_error(
        self, request: HttpRequest, *_: object, exception: Exception | None = None, **__: object
    ) -> None:
        why = "provider" if isinstance(exception, RequestException) else "sso"
        raise ImmediateHttpResponse(redirect(f"/log-in?refused={why}"))

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        said = sociallogin.account.extra_data
        name = {**said.get("id_token", {}), **said.get("userinfo", {})}.get(settings.COMITY_ACCOUNT_CLAIM, "")
        sociallogin.account.extra_data, sociallogin.email_addresses, sociallogin.token = {}, [], None
        if (
            sociallogin.state.get("process", "login") != "login"
        ):  # nobody ties another identity to an account of their own
            raise ImmediateHttpResponse(redirect("/log-in?refused=sso"))
        if sociallogin.is_existing:
            sociallogin.account.save(update_fields=["extra_data"])
            return
        account = Account.objects.filter(username=name).first() if isinstance(name, str) and name else None
        if account is None or account.has_usable_password() or account.socialaccount_set.exists():
            raise ImmediateHttpResponse(redirect("/log-in?refused=sso"))
        sociallogin.connect(request, account)
