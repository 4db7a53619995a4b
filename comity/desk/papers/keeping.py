"""Papers as they came: each case that has a paper holds its bytes under the key of its own person.

So disposing of one person leaves the same paper of another case readable, and leaves nothing of the first.
"""

from __future__ import annotations

from datetime import datetime

from comity.desk.ledger import Refused, Writing
from comity.desk.models import BlindName, Fingerprint, Paper, PersonKey
from comity.desk.sealing import DeskKey
from comity.finding import Finding, Place, phrase

EXTENSIONS = {"application/pdf": "pdf", "text/plain": "txt"}


def store_paper(writing: Writing, case: str, digest: str, content: bytes, media_type: str) -> None:
    """Stores a paper for a case; one that the case has already is left as it is."""
    sealed = writing.person(case).seal_bytes(content, _about(case, digest))
    found = {"media_type": media_type, "size": len(content), "sealed": sealed}
    Paper.objects.get_or_create(case=case, digest=digest, defaults=found)


def open_paper(key: DeskKey, case: str, digest: str) -> tuple[bytes, str]:
    """The bytes of a paper of a case and its media type; raises `Refused` where there is none, or its key was destroyed."""
    paper = Paper.objects.filter(case=case, digest=digest).first()
    row = PersonKey.objects.filter(pk=case).first()
    if paper is None or row is None or not row.sealed_key:
        raise Refused(Finding("no-paper", Place(case), phrase("has no such paper, or its key was destroyed")))
    return key.person(bytes(row.sealed_key), case).open_bytes(
        bytes(paper.sealed), _about(case, digest)
    ), paper.media_type


def served_as(media_type: str) -> str:
    """The media type under which a paper is given out: what its sender called it only where that is a known type."""
    return media_type if media_type in EXTENSIONS else "application/octet-stream"


def dispose_of(case: str, at: datetime) -> None:
    """Destroys the key of the person of a case, and removes what finds the person again and the sealed bytes of the papers."""
    PersonKey.objects.filter(pk=case).update(sealed_key=b"", destroyed_at=at)
    BlindName.objects.filter(case=case).delete()
    Fingerprint.objects.filter(case=case).delete()
    Paper.objects.filter(case=case).update(sealed=b"")


def _about(case: str, digest: str) -> str:
    """What sealed bytes belong to: they can be opened for no other case."""
    return f"{case} {digest}"
