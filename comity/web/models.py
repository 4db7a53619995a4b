"""Accounts of the persons who work at the desk: each has one role, which says what it may do."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

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

    class Meta:
        db_table = "web_account"

    @property
    def actor(self) -> Actor:
        """Who this is in the record: the number and the role of now."""
        return Actor(f"u{self.pk}", Role(self.role))
