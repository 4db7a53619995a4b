"""Accounts from the command line of the machine of the desk: the first account, and a way back where no administrator can log in.

It imports what needs Django only once the desk is open.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from comity.desk.roles import Role
from comity.finding import Finding, InputFault, Place, phrase
from comity.web.start import start


def add(config: Path, name: str, role: Role, *, single_sign_on: bool) -> str:
    """Makes an account; returns its temporary password, or an empty text. Raises `InputFault`."""
    start(config, migrate=True)
    from comity.desk.ledger import Refused  # noqa: PLC0415
    from comity.web.at_desk import this_desk  # noqa: PLC0415
    from comity.web.log_in import account_deeds  # noqa: PLC0415

    try:
        _, password = account_deeds.create(
            this_desk(), name=name, role=role, sign_on="single_sign_on" if single_sign_on else "password",
            by=account_deeds.CONSOLE, at=datetime.now(UTC),
        )  # fmt: skip
    except Refused as refusal:
        raise InputFault(refusal.findings) from None
    return password


def release(config: Path, name: str, *, reset: bool) -> str:
    """Unlocks an account; with `reset` it gets a temporary password, which is returned, and must set up a second factor again."""
    start(config)
    from comity.web.at_desk import this_desk  # noqa: PLC0415
    from comity.web.log_in import account_deeds  # noqa: PLC0415
    from comity.web.models import Account  # noqa: PLC0415

    desk, by, at = this_desk(), account_deeds.CONSOLE, datetime.now(UTC)
    account = Account.objects.filter(username=name).first()
    if account is None:
        raise InputFault([Finding("no-account", Place("account"), phrase('there is no account "{}"', name))])
    if not account.locked_at and not reset:
        raise InputFault([Finding("not-now", Place("account"), phrase("this account is not locked"))])
    if account.locked_at:
        account_deeds.release(desk, account.pk, by=by, at=at)
    if not reset:
        return ""
    account_deeds.reset_second_factor(desk, account.pk, by=by, at=at)
    return account_deeds.reset_password(desk, account.pk, by=by, at=at) if account.has_usable_password() else ""
