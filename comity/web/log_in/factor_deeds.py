"""What a person does with their own second factors: an app or a key is added, renamed, removed, and a code is used up.

Each change and its event of the record are one transaction. Nobody removes the last factor of their own account: an administrator
can, and the person then sets up another before anything else.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction

from comity.desk import events
from comity.desk.desk import Desk
from comity.desk.ledger import Refused, Writing
from comity.finding import Finding, Phrase, Place, phrase
from comity.web.models import Account

APP, KEY, CODES = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES
FACTORS = (APP, KEY)
LAST_STEP = "last_step"  # in the data of an app: the time step of the newest code that was used
NAME_LENGTH = 60


def factors_of(account: Account) -> list[Authenticator]:
    """The second factors of an account: its app, then its keys from the oldest on."""
    return list(Authenticator.objects.filter(user=account, type__in=FACTORS).order_by("type", "pk"))


def has_second_factor(account: Account) -> bool:
    """Whether an account has set up an authenticator app or a security key."""
    return bool(Authenticator.objects.filter(user=account, type__in=FACTORS).exists())


def use_code(app: Authenticator, code: str) -> bool:
    """Uses a valid code up, for all processes and for good; False where it, or a later one, was used before."""
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().filter(pk=app.pk).first()
        step = _step(row, code) if row else -1
        if row is None or step <= row.data.get(LAST_STEP, -1):
            return False
        row.data[LAST_STEP] = step
        row.save(update_fields=["data"])
    return True


def _step(app: Authenticator, code: str) -> int:
    """The time step whose code this is, of those that are valid now; -1 where it is of none."""
    secret = decrypt(app.data["secret"])
    steps = (
        step
        for step in yield_hotp_counters_from_time()
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step)))
    )
    return max(steps, default=-1)


def add_app(desk: Desk, account: Account, *, secret: str, code: str, at: datetime) -> Authenticator:
    """Adds the authenticator app that has shown a code; the code is used up."""

    def add() -> Authenticator:
        if Authenticator.objects.filter(user=account, type=APP).exists():
            raise Refused(_not_now(account, phrase("an authenticator app is set up already")))
        app = TOTP.activate(account, secret).instance
        app.data[LAST_STEP] = _step(app, code)
        app.save(update_fields=["data"])
        return app

    return _add(desk, account, add, at)


def add_key(desk: Desk, account: Account, *, name: str, credential: dict[str, Any], at: datetime) -> Authenticator:
    """Adds a security key, by the credential that it made and that was checked."""
    return _add(desk, account, lambda: WebAuthn.add(account, name, credential).instance, at)


def _add(desk: Desk, account: Account, add: Callable[[], Authenticator], at: datetime) -> Authenticator:
    """Adds a factor with its event; the first one comes with recovery codes."""

    def deed(writing: Writing) -> Authenticator:
        factor = add()
        RecoveryCodes.activate(account)
        happening = events.SecondFactorSet(subject=account.actor.account, factor=_kind(factor))
        writing.add_of_account(happening, by=account.actor, at=at)
        return factor

    return desk.ledger.write(deed)


def rename_key(desk: Desk, account: Account, number: int, *, name: str, at: datetime) -> None:
    """Gives a key of one's own another name. The record has no name of a key: people put their own into it."""
    if not 0 < len(name) <= NAME_LENGTH:
        words = phrase("a name has between 1 and {most} letters", most=NAME_LENGTH)
        raise Refused(Finding("bad-name", Place("name"), words))

    def deed(writing: Writing) -> None:
        key = _factor(account, number)
        if key.type != KEY:
            raise Refused(_not_now(account, phrase("only a security key has a name")))
        key.data["name"] = name
        key.save(update_fields=["data"])
        happening = events.SecondFactorRenamed(subject=account.actor.account, factor=_kind(key))
        writing.add_of_account(happening, by=account.actor, at=at)

    desk.ledger.write(deed)


def remove(desk: Desk, account: Account, number: int, *, at: datetime) -> None:
    """Removes a factor of one's own and ends the sessions of the account; the last one is not removed."""

    def deed(writing: Writing) -> None:
        person = Account.objects.select_for_update().get(pk=account.pk)  # two removals at once leave one factor
        factor = _factor(person, number)
        if len(factors_of(person)) == 1:
            words = phrase("this is your only second factor")
            raise Refused(_not_now(account, words, phrase("add another one first")))
        factor.delete()
        person.sessions_ended += 1
        person.save(update_fields=["sessions_ended"])
        happening = events.SecondFactorRemoved(subject=account.actor.account, factor=_kind(factor))
        writing.add_of_account(happening, by=account.actor, at=at)

    desk.ledger.write(deed)


def _factor(account: Account, number: int) -> Authenticator:
    factor = Authenticator.objects.filter(user=account, type__in=FACTORS, pk=number).first()
    if factor is None:
        raise Refused(_not_now(account, phrase("you have no such second factor")))
    return factor


def _kind(factor: Authenticator) -> events.FactorKind:
    return "totp" if factor.type == APP else "webauthn"


def _not_now(account: Account, words: Phrase, help: Phrase | str = "") -> Finding:
    return Finding("not-now", Place(account.actor.account), words, help)
