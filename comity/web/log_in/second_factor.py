"""How allauth checks second factors at the desk: secrets sealed, failures counted, each code used once, keys of this address."""

from __future__ import annotations

import base64
import os
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from django import forms
from django.conf import settings

from comity.web.log_in.factor_deeds import APP, NAME_LENGTH, use_code
from comity.web.log_in.lock_out import count_failure, may_log_in
from comity.web.models import Account

NONCE_LENGTH, KEY_LENGTH = 12, 32
PURPOSE = b"comity desk: second factors"
WRONG_CODE = "That code is wrong or was used already, or the account is locked."
WRONG_KEY = "That security key was not accepted, or the account is locked."
NOT_ADDED = "What the security key answered cannot be used."
# What the libraries raise on an answer of a key that was changed or made up on the way.
BROKEN = (forms.ValidationError, ValueError, TypeError, LookupError, AttributeError, AssertionError)


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

    def generate_authenticator_name(self, user: Account, type: str) -> str:
        return f"Security key {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Keys belong to the host name under which the desk is reached: they answer no other address."""
        return {"id": context.request.get_host().partition(":")[0], "name": settings.COMITY_TITLE}


def _cipher() -> AESGCM:
    return AESGCM(HKDFExpand(SHA256(), KEY_LENGTH, PURPOSE).derive(settings.SECRET_KEY.encode()))


class CodeForm(AuthenticateForm):
    """The code of the second factor at log-in. A wrong one counts with wrong passwords."""

    def clean_code(self) -> str:
        self.user.refresh_from_db()
        if not may_log_in(self.user):
            raise forms.ValidationError(WRONG_CODE)
        try:
            code = str(super().clean_code())
            if self.authenticator.type == APP and not use_code(self.authenticator, code):
                raise forms.ValidationError(WRONG_CODE)
        except InvalidTag:
            words = "The second factor cannot be read any more. An administrator can reset it."
            raise forms.ValidationError(words) from None
        except forms.ValidationError:
            count_failure(self.user)
            raise forms.ValidationError(WRONG_CODE) from None
        return code


class KeyForm(AuthenticateWebAuthnForm):
    """The answer of a security key at log-in. A wrong one counts with wrong passwords."""

    def clean_credential(self) -> Authenticator:
        self.user.refresh_from_db()
        if not may_log_in(self.user):
            raise forms.ValidationError(WRONG_KEY)
        try:
            return super().clean_credential()
        except BROKEN:
            count_failure(self.user)
            raise forms.ValidationError(WRONG_KEY) from None


class AddKeyForm(AddWebAuthnForm):
    """A new security key of one's own: its name, and what it answered."""

    name = forms.CharField(required=False, max_length=NAME_LENGTH)

    def clean(self) -> dict[str, Any]:
        try:
            return dict(super().clean())
        except BROKEN:
            raise forms.ValidationError(NOT_ADDED) from None
