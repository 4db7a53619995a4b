"""Locks an account after five failures in fifteen minutes: wrong passwords and wrong codes count together.

allauth's own limits are off, so that this is the only count. Only an administrator releases a locked account.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.contrib.auth.backends import ModelBackend

from comity.desk.ledger import Refused
from comity.web.at_desk import this_desk
from comity.web.log_in import account_deeds
from comity.web.models import Account, LogInFailure

FAILURES_MAX, WINDOW = 5, timedelta(minutes=15)


class AccountBackend(ModelBackend):
    """Logs in accounts that are active and not locked. A lock ends sessions at once, because each request asks here."""

    def user_can_authenticate(self, user: Account | None) -> bool:
        return user is not None and may_log_in(user)


def may_log_in(account: Account) -> bool:
    """Whether an account is active and not locked."""
    return account.is_active and account.locked_at is None


def count_failure(account: Account, now: datetime | None = None) -> bool:
    """Counts a wrong password or code; returns whether the account is locked now."""
    at = now or datetime.now(UTC)
    account.refresh_from_db(fields=["locked_at"])
    if account.locked_at:
        return True
    LogInFailure.objects.create(account=account, at=at)
    recent = LogInFailure.objects.filter(account=account, at__gt=at - WINDOW).count()
    if recent < FAILURES_MAX:
        return False
    try:
        account_deeds.lock(this_desk(), account.pk, by=account_deeds.THE_DESK, at=at, reason="failures")
    except Refused:  # another request locked it in between
        return True
    return True
