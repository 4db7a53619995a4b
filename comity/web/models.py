"""Accounts of the persons who work at the desk: each has one role, which says what it may do."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac

from comity.desk.events import Actor
from comity.desk.roles import Role

ROLE_LENGTH = 40


class Account(AbstractUser):
    """A person who works at the desk. The record names the account by its number, never by a name."""

    role = models.CharField(
        max_length=ROLE_LENGTH, choices=[(role.value, role.value.replace("_", " ")) for role in Role],
        default=Role.BOOKING_OFFICER.value,
    )  # fmt: skip
    # Set by too many failures; only an administrator takes it away.
    locked_at = models.DateTimeField(null=True, blank=True)
    # Set by an administrator; the person must choose another before anything else.
    password_is_temporary = models.BooleanField(default=False)
    # Part of what a session is checked against: one more ends every session of the account.
    sessions_ended = models.IntegerField(default=0)

    class Meta:
        db_table = "web_account"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        checked = f"{self.password} {self.sessions_ended}"
        return str(salted_hmac("comity desk: session", checked, secret=secret, algorithm="sha256").hexdigest())

    @property
    def actor(self) -> Actor:
        """Who this is in the record: the number and the role of now."""
        return Actor(f"u{self.pk}", Role(self.role))


class LogInFailure(models.Model):
    """A password or code that was wrong, for an account that exists. What was typed is not stored."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="failures")
    at = models.DateTimeField()

    class Meta:
        db_table = "web_log_in_failure"
        indexes = (models.Index(fields=("account", "at")),)
