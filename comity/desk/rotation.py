"""Changes the keys of a desk: persons' keys are wrapped under the next key, and the signing key hands over by a head that both sign."""

from __future__ import annotations

from datetime import datetime

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from msgspec import Struct

from comity.desk.audit.lines import leaf_of, public_digits, sign_head, sign_key_change
from comity.desk.audit.verifier import Tree
from comity.desk.deeds import Person, blind_names, fingerprint_of
from comity.desk.events import Received
from comity.desk.ledger import lock_record
from comity.desk.models import BlindName, Entry, Fingerprint, KeyChange, PersonKey, SignedHead
from comity.desk.queries import read_event
from comity.desk.record import record_lines
from comity.desk.sealing import DeskKey, Unsealable


class Keys(Struct, frozen=True):
    """The two keys of a desk that the record depends on."""

    desk: DeskKey
    signing: Ed25519PrivateKey


def opens_record(key: DeskKey) -> bool:
    """Whether a key of the desk opens the persons of the record; true where there is none yet."""
    row = PersonKey.objects.exclude(sealed_key=b"").first()
    if row is None:
        return True
    try:
        key.person(bytes(row.sealed_key), row.case)
    except Unsealable:
        return False
    return True


def handed_over_to(signing: Ed25519PrivateKey) -> bool:
    """Whether the last change of the signing key was to this one."""
    last = KeyChange.objects.order_by("-number").first()
    return last is not None and msgspec.json.decode(bytes(last.line))["next"] == public_digits(signing)


def rotate(before: Keys, after: Keys, at: datetime) -> int:
    """Wraps every person's key again and hands over the signing key, in one transaction; returns how many persons there are.

    The blind index and the fingerprints are computed again from the events. A person who was forgotten has neither: the same
    request sent once more opens a new case.
    """
    with transaction.atomic():
        lock_record()
        rows = list(PersonKey.objects.exclude(sealed_key=b""))
        BlindName.objects.all().delete()
        for row in rows:
            _index_again(row, before.desk, after.desk)
            row.sealed_key = before.desk.wrap_again(bytes(row.sealed_key), row.case, after.desk)
            row.save()
        _hand_over(before.signing, after.signing, at)
    return len(rows)


def _index_again(row: PersonKey, before: DeskKey, after: DeskKey) -> None:
    """Computes the blind index and the fingerprints of a case under the next key."""
    key = before.person(bytes(row.sealed_key), row.case)
    for line in Entry.objects.filter(case=row.case, kind="received").values_list("line", flat=True):
        happening = read_event(bytes(line), key).happening
        assert isinstance(happening, Received)
        person = Person(**{name: getattr(happening, name) for name in Person.__struct_fields__})
        BlindName.objects.bulk_create(blind_names(after, row.case, person), ignore_conflicts=True)
        old = fingerprint_of(before, happening.facts, person, happening.document)
        if Fingerprint.objects.filter(pk=old, case=row.case).delete()[0]:
            new = fingerprint_of(after, happening.facts, person, happening.document)
            Fingerprint.objects.create(fingerprint=new, case=row.case, detainer=happening.detainer)


def _hand_over(before: Ed25519PrivateKey, after: Ed25519PrivateKey, at: datetime) -> None:
    tree = Tree()
    for line in record_lines():
        tree.add(leaf_of(line))
    head = sign_head(before, tree.size, tree.root(), at)
    SignedHead.objects.get_or_create(size=tree.size, defaults={"line": head})
    line = sign_key_change(before, after, tree.size, tree.root(), at)
    KeyChange.objects.create(number=KeyChange.objects.count() + 1, line=line)
