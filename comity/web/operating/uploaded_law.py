"""Law of a county that was uploaded: proposed by one person, confirmed by another, and held from then on.

The ZIP files lie beside the archive of law, by their digests, with two small files: `uploaded`, the digest of the one in effect, and
`proposed`, the one that waits. The record has an event of each step, and the archive keeps every law that was held, signed.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec
from msgspec import Struct

from comity.desk import events
from comity.desk.deeds import allow
from comity.desk.desk import Desk
from comity.desk.events import Actor
from comity.desk.ledger import Refused, Writing
from comity.desk.roles import Permission
from comity.finding import Finding, Place, grave, phrase
from comity.law.library import Library
from comity.present.files import write_files
from comity.web.at_desk import open_desk
from comity.web.operating.law_change import LawFolders
from comity.web.operating.law_checking import CheckedLaw, LawFile, check_upload
from comity.web.operating.law_files import PROPOSED, UPLOADED, unpacked, zip_name

LINES_MAX = 100


class Proposal(Struct, frozen=True, kw_only=True):
    """Law that waits for a second person: its event, who uploaded it, its files, and the warnings of its check, a line each."""

    event: int
    digest: str
    law_version: str
    by: str
    at: datetime
    files: list[LawFile]
    warnings: list[str]


_CHECKED: dict[str, Library] = {}  # the law of the proposal that was checked last, by its digest


def propose(
    desk: Desk, folders: LawFolders, content: bytes, *, by: Actor, at: datetime
) -> tuple[Proposal | None, CheckedLaw]:
    """Checks a ZIP of law and lets it wait for a second person, in the place of one that waited; None where a finding is grave."""
    allow(by, Permission.PROPOSE_LAW)
    checked = check_upload(content, folders.configured, folders.place)
    if checked.library is None:
        return None, checked
    digest, version = hashlib.sha256(content).hexdigest(), checked.library.version
    write_files(folders.archive.folder, {zip_name(digest): content})
    happening = events.LawProposed(digest=digest, law_version=version, files=len(checked.files))
    event = desk.ledger.write(lambda writing: writing.add_outside_cases(happening, by=by, at=at))
    proposal = Proposal(
        event=event.number, digest=digest, law_version=version, by=by.account, at=event.at, files=checked.files,
        warnings=[str(finding) for finding in checked.findings][:LINES_MAX],
    )  # fmt: skip
    write_files(folders.archive.folder, {PROPOSED: msgspec.json.encode(proposal)})
    _CHECKED.clear()
    _CHECKED[digest] = checked.library
    return proposal, checked


def waiting(folders: LawFolders) -> Proposal | None:
    """The law that waits for a second person."""
    try:
        return msgspec.json.decode((folders.archive.folder / PROPOSED).read_bytes(), type=Proposal)
    except FileNotFoundError:
        return None


def library_of(folders: LawFolders, proposal: Proposal) -> Library | None:
    """The law that a proposal would make; read again where another process checked it. None where it can no longer be read."""
    if proposal.digest not in _CHECKED:
        library, _ = folders.read_over(unpacked(folders.archive.folder, proposal.digest))
        if library is None:
            return None
        _CHECKED.clear()
        _CHECKED[proposal.digest] = library
    return _CHECKED[proposal.digest]


def settle(
    desk: Desk, folders: LawFolders, *, event: int, confirmed: bool, reason: str, by: Actor, at: datetime
) -> Library | None:
    """A second person confirms the law that waits, from when on it is held, or refuses it; raises `Refused`.

    It is read again, since the law beneath it may have changed, and must make the version that was proposed.
    """
    allow(by, Permission.CONFIRM_LAW)
    proposal = waiting(folders)
    if proposal is None or proposal.event != event:
        raise _refused("not-now", "no such law waits to be confirmed", "open the page of the law again")
    if proposal.by == by.account:
        raise _refused("not-now", "whoever uploaded a law cannot confirm it", "ask a second person")
    library = _read_again(folders, proposal) if confirmed else None
    kind = events.LawConfirmed if confirmed else events.LawRefused
    happening = kind(digest=proposal.digest, law_version=proposal.law_version, reason=reason)

    def deed(writing: Writing) -> None:
        current = waiting(folders)
        if current is None or current.event != event:
            raise _refused("not-now", "somebody settled this law at the same time", "open the page of the law again")
        writing.add_outside_cases(happening, by=by, at=at)

    desk.ledger.write(deed)
    if library is not None:
        write_files(folders.archive.folder, {UPLOADED: f"{proposal.digest}\n".encode()})
        folders.hold(desk, library)
        open_desk(desk, folders.folders())
    (folders.archive.folder / PROPOSED).unlink(missing_ok=True)
    return library


def _read_again(folders: LawFolders, proposal: Proposal) -> Library:
    library, findings = folders.read_over(unpacked(folders.archive.folder, proposal.digest))
    if library is None:
        raise Refused(*grave(findings))
    if library.version != proposal.law_version:
        raise _refused("other-law", "the law beneath it has changed since it was checked", "upload it again")
    return library


def _refused(code: str, words: str, help: str) -> Refused:
    return Refused(Finding(code, Place("law"), phrase(words), phrase(help)))
