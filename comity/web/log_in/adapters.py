"""How allauth works at the desk: no sign-up, no e-mail, failures counted, secrets sealed, single sign-on for known accounts."""

from __future__ import annotations

import base64
import os
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from requests import RequestException

from comity.web.log_in.lock_out import count_failure, may_log_in
from comity.web.models import Account

NONCE_LENGTH, KEY_LENGTH = 12, 32
PURPOSE = b"comity desk: second factors"
CODE_SECONDS = 120  # longer than any code is valid
WRONG_CODE = "That code is wrong or was used already, or the account is locked."


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
        """A second factor can be set up only where there is none: there is nothing that needs another proof."""
        return False

    def add_message(self, *_: object, **__: object) -> None:
        """allauth's own messages are not shown: the pages say what they say."""

    def send_notification_mail(self, *_: object, **__: object) -> None:
        """No e-mail is sent about accounts."""


def _refused(request: HttpRequest) -> HttpResponse:
    clear_login(request)
    return redirect("/log-in?refused=1")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Seals the secrets of second factors under a key made from the session secret, which is kept apart from the database."""

    def encrypt(self, text: str) -> str:
        nonce = os.urandom(NONCE_LENGTH)
        return base64.b64encode(nonce + _cipher().encrypt(nonce, text.encode(), PURPOSE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        sealed = base64.b64decode(encrypted_text)
        return _cipher().decrypt(sealed[:NONCE_LENGTH], sealed[NONCE_LENGTH:], PURPOSE).decode()

    def get_totp_issuer(self) -> str:
        return str(settings.COMITY_TITLE)


def _cipher() -> AESGCM:
    return AESGCM(HKDFExpand(SHA256(), KEY_LENGTH, PURPOSE).derive(settings.SECRET_KEY.encode()))


class CodeForm(AuthenticateForm):
    """The code of the second factor at log-in. A wrong one counts with wrong passwords."""

    def clean_code(self) -> str:
        self.user.refresh_from_db()
        if not may_log_in(self.user):
            raise forms.ValidationError(WRONG_CODE)
        try:
            return self._once(str(super().clean_code()))
        except InvalidTag:
            words = "The second factor cannot be read any more. An administrator can reset it."
            raise forms.ValidationError(words) from None
        except forms.ValidationError:
            count_failure(self.user)
            raise forms.ValidationError(WRONG_CODE) from None

    def _once(self, code: str) -> str:
        """Takes a code one time for as long as it is valid; allauth remembers it for a third of that."""
        key = f"comity.code.{self.user.pk}.{''.join(filter(str.isalnum, code))}"  # "123 456" is "123456"
        if not cache.add(key, True, timeout=CODE_SECONDS):
            raise forms.ValidationError(WRONG_CODE)
        return code


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
