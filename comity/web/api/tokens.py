"""Tokens of other systems: made by an administrator, hashed where they are stored, with scopes and a last day."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from msgspec import Struct
from ninja.security import HttpBearer

from comity.desk.deeds import allow
from comity.desk.events import Actor
from comity.desk.ledger import Refused
from comity.desk.roles import Permission, may
from comity.finding import Finding, Place, phrase
from comity.web.api.models import Token
from comity.web.models import Account

PREFIX = "cmt_"  # so that scanners for secrets find a token in a file
DAYS_MAX = 366
KNOWN_SECONDS, KNOWN_MAX = 5.0, 1_000  # a revoked token works for so long at most


class Caller(Struct, frozen=True):
    """Who calls: the account in the record, and what the token permits."""

    actor: Actor
    scopes: frozenset[Permission]
    expires_at: datetime


def make_token(account: Account, *, name: str, scopes: Iterable[Permission], days: int, by: Actor, at: datetime) -> str:
    """Makes a token for an account and returns its secret, which is shown once and stored nowhere.

    Raises `Refused` where `by` is no administrator, or a scope is none of the permissions of the account's role.
    """
    allow(by, Permission.KEEP_ACCOUNTS)
    wanted = sorted(set(scopes))
    beyond = [scope for scope in wanted if not may(account.actor.role, scope)]
    if beyond or not wanted:
        words = phrase("a {role} may not {scopes}", role=account.role, scopes=", ".join(beyond) or "have no scope")
        raise Refused(Finding("bad-scope", Place("scopes"), words, phrase("name permissions of the account's role")))
    if not 1 <= days <= DAYS_MAX:
        words = phrase("a token is valid for 1 to {most} days", most=DAYS_MAX)
        raise Refused(Finding("bad-days", Place("days"), words))
    secret = PREFIX + secrets.token_urlsafe(32)
    Token.objects.create(
        digest=digest_of(secret), name=name, account=account, scopes=" ".join(wanted), made_by=by.account, made_at=at,
        expires_at=at + timedelta(days=days),
    )  # fmt: skip
    return secret


def revoke_token(number: int, *, by: Actor, at: datetime) -> None:
    """Ends a token; raises `Refused` where there is none, or it ended before."""
    allow(by, Permission.KEEP_ACCOUNTS)
    if not Token.objects.filter(pk=number, revoked_at=None).update(revoked_at=at):
        raise Refused(Finding("no-token", Place("token"), phrase("there is no such token, or it was revoked")))
    _KNOWN.clear()


def digest_of(secret: str) -> str:
    """What stands for a token in the database."""
    return hashlib.sha256(secret.encode()).hexdigest()


_KNOWN: dict[str, tuple[float, Caller]] = {}


def find_caller(secret: str, now: datetime) -> Caller | None:
    """Who calls with a token; None where it is unknown, ended or of an account that is closed or locked."""
    digest = digest_of(secret)
    known_at, caller = _KNOWN.get(digest, (0.0, None))
    if caller is None or time.monotonic() - known_at > KNOWN_SECONDS:
        caller = _read_caller(digest)
        if caller is None:
            _KNOWN.pop(digest, None)
            return None
        if len(_KNOWN) >= KNOWN_MAX:
            _KNOWN.clear()
        _KNOWN[digest] = (time.monotonic(), caller)
    return caller if caller.expires_at > now else None


def _read_caller(digest: str) -> Caller | None:
    token = Token.objects.select_related("account").filter(digest=digest, revoked_at=None).first()
    if token is None or not token.account.is_active or token.account.locked_at is not None:
        return None
    known = {permission.value: permission for permission in Permission}
    scopes = frozenset(known[scope] for scope in token.scopes.split() if scope in known)
    return Caller(token.account.actor, scopes, token.expires_at)


class TokenAuth(HttpBearer):
    """The token in `Authorization: Bearer`, with the scope that a call needs. Cookies are not looked at."""

    def __init__(self, permission: Permission | None = None) -> None:
        super().__init__()
        self.permission = permission

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The caller; None for a token that is not valid. Raises `Refused` where the scope is lacking."""
        caller = find_caller(token, datetime.now(UTC))
        if caller is None:
            return None
        if self.permission is not None and self.permission not in caller.scopes:
            words = phrase("the token has not the scope {scope}", scope=self.permission.value)
            raise Refused(Finding("not-allowed", Place("token"), words, phrase("ask an administrator for a token")))
        return caller
