"""Accounts of a test desk and browsers that are logged in to it, the whole way: banner, password, second factor."""

from __future__ import annotations

import re
import time
from typing import Any

from comity.desk.roles import Role
from comity.web.demo import PASSWORD, TOTP_SECRET, code_at


def new_account(name: str, role: Role = Role.BOOKING_OFFICER, *, secret: str = TOTP_SECRET) -> Any:
    """An account with a password and, unless `secret` is empty, a second factor."""
    from allauth.mfa.totp.internal.auth import TOTP

    from comity.web.models import Account

    account = Account.objects.create_user(username=name, password=PASSWORD, role=role.value)
    if secret:
        TOTP.activate(account, secret)
    return account


def entering(client: Any, name: str, password: str = PASSWORD, code: str = "") -> Any:
    """What a browser shows after the banner, the password and, where the desk asks for it, the code."""
    client.post("/log-in/banner")
    shown = client.post("/log-in", {"login": name, "password": password}, follow=True)
    if shown.request["PATH_INFO"] != "/log-in/code":
        return shown
    forget_codes()
    return client.post("/log-in/code", {"code": code or code_at(time.time())}, follow=True)


def forget_codes() -> None:
    """Has no code count as used: each is taken once, and tests log in more often than every thirty seconds."""
    from allauth.mfa.models import Authenticator
    from django.core.cache import cache

    from comity.web.log_in.factor_deeds import APP, LAST_STEP

    cache.clear()
    for app in Authenticator.objects.filter(type=APP, data__has_key=LAST_STEP):
        del app.data[LAST_STEP]
        app.save(update_fields=["data"])


def logged_in(role: Role, name: str = "") -> Any:
    """A browser of a person with a role, logged in."""
    from django.test import Client

    from comity.web.models import Account

    name = name or f"a-{role.value}"
    if not Account.objects.filter(username=name).exists():
        new_account(name, role)
    client = Client()
    shown = entering(client, name)
    assert shown.wsgi_request.user.is_authenticated, shown.content.decode()
    return client


def words_of(response: Any) -> str:
    """The words of a page, without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))
