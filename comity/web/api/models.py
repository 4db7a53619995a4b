"""The tables of the API: tokens, of which only the hash is stored, and the answers to calls that had an idempotency key."""

from __future__ import annotations

from django.conf import settings
from django.db import models

DIGEST, NAME, KEY = 64, 100, 200


class Token(models.Model):
    """A secret with which another system acts for an account, within some of the permissions of that account."""

    digest = models.CharField(max_length=DIGEST, unique=True)  # SHA-256 of the secret, which is random and long
    name = models.CharField(max_length=NAME)  # of the system that uses it
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    scopes = models.TextField()  # names of permissions, with spaces between
    made_by = models.CharField(max_length=NAME)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_token"
        ordering = ("pk",)


class Answered(models.Model):
    """The answer to a call with an idempotency key. It is written in the transaction of the deed itself."""

    account = models.CharField(max_length=NAME)
    key = models.CharField(max_length=KEY)
    digest = models.CharField(max_length=DIGEST)  # of the method, the address and the body
    body = models.BinaryField()
    answered_at = models.DateTimeField()

    class Meta:
        db_table = "api_answered"
        constraints = (models.UniqueConstraint(fields=("account", "key"), name="api_answered_once"),)
