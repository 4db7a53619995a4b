"""Everything that is written about accounts: one function for each deed, one event of the record for each call.

The change of the account and its event are one transaction. An account is never deleted: the record names it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError

from comity.desk import events
from comity.desk.deeds import allow
from comity.desk.desk import Desk
from comity.desk.events import Actor
from comity.desk.ledger import Refused, Writing
from comity.desk.roles import Permission, Role
from comity.finding import Finding, Place, phrase
from comity.web.models import Account, LogInFailure

SignOn = Literal["password", "single_sign_on"]
THE_DESK = Actor("desk", Role.ADMINISTRATOR)  # no person: it locks after too many failures
CONSOLE = Actor("console", Role.ADMINISTRATOR)  # whoever may run commands on the machine of the desk
PASSWORD_BYTES = 15
NAME_LENGTH = 150


def create(desk: Desk, *, name: str, role: Role, sign_on: SignOn, by: Actor, at: datetime) -> tuple[Account, str]:
    """A new account, and its temporary password; none where the person logs in by single sign-on."""
    allow(by, Permission.KEEP_ACCOUNTS)
    _refuse_name(name)
    password = secrets.token_urlsafe(PASSWORD_BYTES) if sign_on == "password" else ""
    hashed = make_password(password or None)

    def deed(writing: Writing) -> Account:
        if Account.objects.filter(username__iexact=name).exists():
            raise Refused(Finding("name-taken", Place("name"), phrase('there is an account "{}" already', name)))
        account: Account = Account.objects.create(
            username=name, password=hashed, role=role.value, password_is_temporary=bool(password)
        )
        happening = events.AccountCreated(subject=account.actor.account, role=role, sign_on=sign_on)
        writing.add_of_account(happening, by=by, at=at)
        return account

    return desk.ledger.write(deed), password


def _refuse_name(name: str) -> None:
    try:
        UnicodeUsernameValidator()(name)
    except ValidationError:
        words = phrase("a name has letters, digits and @ . + - _ alone")
        raise Refused(Finding("bad-name", Place("name"), words)) from None
    if len(name) > NAME_LENGTH:
        raise Refused(Finding("bad-name", Place("name"), phrase("a name has at most {most} letters", most=NAME_LENGTH)))


def change_role(desk: Desk, number: int, *, role: Role, by: Actor, at: datetime) -> None:
    """Gives an account another role, which counts from its next request on."""

    def change(account: Account) -> events.OfAccount:
        if account.role != role.value:
            _refuse_last_administrator(account)
        account.role = role.value
        return events.RoleChanged(subject=account.actor.account, role=role)

    _change(desk, number, change, by=by, at=at)


def lock(
    desk: Desk, number: int, *, by: Actor, at: datetime, reason: Literal["administrator", "failures"] = "administrator"
) -> None:
    """Locks an account until an administrator releases it, and ends its sessions."""

    def change(account: Account) -> events.OfAccount:
        if account.locked_at:
            raise Refused(_not_now(account, "this account is locked already"))
        if by != THE_DESK:
            _refuse_last_administrator(account)
        account.locked_at = at
        account.sessions_ended += 1
        return events.AccountLocked(subject=account.actor.account, reason=reason)

    _change(desk, number, change, by=by, at=at)


def release(desk: Desk, number: int, *, by: Actor, at: datetime) -> None:
    """Unlocks an account; its earlier failures do not count any more."""

    def change(account: Account) -> events.OfAccount:
        if not account.locked_at:
            raise Refused(_not_now(account, "this account is not locked"))
        account.locked_at = None
        LogInFailure.objects.filter(account=account).delete()
        return events.AccountReleased(subject=account.actor.account)

    _change(desk, number, change, by=by, at=at)


def reset_password(desk: Desk, number: int, *, by: Actor, at: datetime) -> str:
    """Gives an account a temporary password, which is returned, and ends its sessions."""
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    hashed = make_password(password)

    def change(account: Account) -> events.OfAccount:
        if not account.has_usable_password():
            raise Refused(_not_now(account, "this account logs in by single sign-on and has no password"))
        account.password, account.password_is_temporary = hashed, True
        account.sessions_ended += 1
        return events.PasswordReset(subject=account.actor.account)

    _change(desk, number, change, by=by, at=at)
    return password


def reset_second_factor(desk: Desk, number: int, *, by: Actor, at: datetime) -> None:
    """Removes the second factors and the recovery codes of an account, and ends its sessions."""

    def change(account: Account) -> events.OfAccount:
        Authenticator.objects.filter(user=account).delete()
        account.sessions_ended += 1
        return events.SecondFactorReset(subject=account.actor.account)

    _change(desk, number, change, by=by, at=at)


def record_log_in(desk: Desk, account: Account, *, means: tuple[str, ...], banner: str, at: datetime) -> None:
    """Records that a person logged in, by which means, and the use banner that they accepted."""
    happening = events.LoggedIn(subject=account.actor.account, means=means, banner=banner)
    desk.ledger.write(lambda writing: writing.add_of_account(happening, by=account.actor, at=at))


def _change(desk: Desk, number: int, change: Callable[[Account], events.OfAccount], *, by: Actor, at: datetime) -> None:
    """Changes an account that is not one's own, and records it, in one transaction."""
    allow(by, Permission.KEEP_ACCOUNTS)

    def deed(writing: Writing) -> None:
        account = Account.objects.select_for_update().filter(pk=number).first()
        if account is None:
            raise Refused(Finding("no-account", Place("account"), phrase("there is no such account")))
        if account.actor.account == by.account:
            help = phrase("ask another administrator")
            raise Refused(Finding("not-allowed", Place("account"), phrase("nobody changes their own account"), help))
        happening = change(account)
        account.save()
        writing.add_of_account(happening, by=by, at=at)

    desk.ledger.write(deed)


def _refuse_last_administrator(account: Account) -> None:
    """Refuses what would leave a desk that nobody can administer."""
    others = Account.objects.filter(role=Role.ADMINISTRATOR.value, locked_at=None, is_active=True).exclude(
        pk=account.pk
    )
    if account.role == Role.ADMINISTRATOR.value and not others.exists():
        raise Refused(_not_now(account, "this is the last administrator", "make another administrator first"))


def _not_now(account: Account, words: str, help: str = "") -> Finding:
    return Finding("not-now", Place(account.actor.account), phrase(words), phrase(help))
