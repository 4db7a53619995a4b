"""The tables of the desk. Events are rows that are only added: triggers in the database refuse every change and deletion.

All other tables can be computed again from the events, but for the keys of persons, the papers as they came, and what waits to be sent.
"""

from __future__ import annotations

from django.db import models

DIGEST, ID, SHORT, LONG = 64, 32, 40, 200


class Entry(models.Model):
    """One event of the record: its line as it is hashed, and what finds it again."""

    number = models.BigIntegerField(primary_key=True)
    case = models.CharField(max_length=ID)
    kind = models.CharField(max_length=SHORT)
    at = models.DateTimeField()
    account = models.CharField(max_length=ID)
    line = models.BinaryField()

    class Meta:
        db_table = "desk_entry"
        ordering = ("number",)
        indexes = (models.Index(fields=("case", "number")), models.Index(fields=("account", "number")))


class SignedHead(models.Model):
    """A signed head of the tree of all events: how many there were, as a line of JSON."""

    size = models.BigIntegerField(primary_key=True)
    line = models.BinaryField()

    class Meta:
        db_table = "desk_head"
        ordering = ("size",)


class KeyChange(models.Model):
    """A change of the key that signs heads, as a line of JSON: signed by the key before and by the new one."""

    number = models.BigIntegerField(primary_key=True)
    line = models.BinaryField()

    class Meta:
        db_table = "desk_key_change"
        ordering = ("number",)


class CaseRow(models.Model):
    """A case as its events make it, with the columns that lists and alarms ask for."""

    id = models.CharField(primary_key=True, max_length=ID)
    place = models.CharField(max_length=LONG)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    # Of the hold that runs: null where none does. Overdue is `limit_at <= now`, whatever else ran or did not run.
    limit_at = models.DateTimeField(null=True)
    undecided = models.BooleanField()  # a live detainer has no decision, or the question is open again
    state = models.BinaryField()  # the fold, as MessagePack
    events = models.IntegerField()

    class Meta:
        db_table = "desk_case"
        indexes = (models.Index(fields=("closed_at", "limit_at")), models.Index(fields=("limit_at",)))


class PersonKey(models.Model):
    """The key of the person of a case, sealed under the key of the desk; empty once it was destroyed."""

    case = models.CharField(primary_key=True, max_length=ID)
    sealed_key = models.BinaryField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "desk_person_key"


class BlindName(models.Model):
    """What stands for a name or number in searches; nobody without the key of the desk can read it back."""

    field = models.CharField(max_length=SHORT)
    digest = models.CharField(max_length=DIGEST)
    case = models.CharField(max_length=ID)

    class Meta:
        db_table = "desk_blind_name"
        constraints = (models.UniqueConstraint(fields=("field", "digest", "case"), name="desk_blind_name_once"),)


class Fingerprint(models.Model):
    """Requests that arrived, so that the same request sent twice is one."""

    fingerprint = models.CharField(primary_key=True, max_length=DIGEST)
    case = models.CharField(max_length=ID)
    detainer = models.IntegerField()

    class Meta:
        db_table = "desk_fingerprint"


class Paper(models.Model):
    """The bytes of a paper as they came, once for each case that has it, sealed under the key of the person of that case."""

    case = models.CharField(max_length=ID)
    digest = models.CharField(max_length=DIGEST)
    media_type = models.CharField(max_length=LONG)
    size = models.BigIntegerField()
    sealed = models.BinaryField()  # empty once the key was destroyed

    class Meta:
        db_table = "desk_case_paper"
        constraints = (models.UniqueConstraint(fields=("case", "digest"), name="desk_case_paper_once"),)


class Heartbeat(models.Model):
    """When a process of the desk last said that it runs."""

    process = models.CharField(primary_key=True, max_length=SHORT)
    at = models.DateTimeField()

    class Meta:
        db_table = "desk_heartbeat"


class Outgoing(models.Model):
    """A message that waits to be sent, or was: an e-mail or a webhook, tried again until it is taken."""

    id = models.BigAutoField(primary_key=True)
    channel = models.CharField(max_length=SHORT)
    target = models.CharField(max_length=LONG)
    body = models.TextField()  # codes and ids of cases alone: no person
    due_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    last_fault = models.CharField(max_length=LONG, default="")  # the kind of fault alone
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "desk_outgoing"
        indexes = (models.Index(fields=("sent_at", "due_at")),)
