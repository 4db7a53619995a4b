"""What keeps a desk from the command line: its clockwork, stored decisions made again, the record verified.

Each opens the desk of a configuration in this process, and imports what needs Django only then.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from comity.desk.audit.verifier import Verified, verify
from comity.desk.config import key_of, read_settings
from comity.desk.law_archive import LawArchive
from comity.finding import Finding, InputFault, Place, did_you_mean, phrase
from comity.web.start import start

TICK_SECONDS = 20.0


class MadeAgain(Struct, frozen=True):
    """A stored decision made again: its number, day and law version, and the parts of the answer that differ."""

    number: int
    at: datetime
    law_version: str
    differing: list[str]


def run_clockwork(config: Path, *, once: bool = False) -> str:
    """Ticks until it is ended; with `once` one time, and says what was done."""
    start(config, migrate=True)
    from comity.desk.clockwork import tick  # noqa: PLC0415
    from comity.web.at_desk import this_desk  # noqa: PLC0415
    from comity.web.law_change import kept_folders  # noqa: PLC0415

    while True:
        if folders := kept_folders():
            folders.follow(this_desk())
        ticked = tick(this_desk(), datetime.now(UTC))
        if once:
            return f"{len(ticked.alarms)} alarms, {len(ticked.reopened)} cases opened again"
        time.sleep(TICK_SECONDS)


def decide_again(config: Path, case: str, number: int = 0) -> MadeAgain:
    """Makes a decision of a case again under the law of its version; the last one where no number is given."""
    start(config)
    from comity.desk import deciding, queries  # noqa: PLC0415

    wanted = number or len(queries.find_case(case).decisions)
    snapshot, event = queries.decision_of(case, wanted)
    library, findings = _archive(config).load(snapshot.law_version)
    if library is None:
        raise InputFault(findings)
    _, differing = deciding.decide_again(snapshot, library)
    return MadeAgain(wanted, event.at, snapshot.law_version, differing)


def _archive(config: Path) -> LawArchive:
    from comity.web.at_desk import this_desk  # noqa: PLC0415

    settings, findings = read_settings(config)
    if settings is None:
        raise InputFault(findings)
    return LawArchive(config.resolve().parent / settings.archive, this_desk().signing_key)


def verify_desk(config: Path, keys: Iterable[str] = ()) -> Verified:
    """Verifies the record of a desk as its database has it."""
    start(config)
    from comity.desk.models import Entry, SignedHead  # noqa: PLC0415

    lines = Entry.objects.order_by("number").values_list("line", flat=True).iterator()
    heads = [bytes(line) for line in SignedHead.objects.values_list("line", flat=True)]
    return verify((bytes(line) for line in lines), heads, keys=frozenset(keys))


def make_token(config: Path, *, account: str, name: str, scopes: Iterable[str], days: int) -> str:
    """Makes a token of the API for an account and returns its secret; raises `InputFault` on what is not known or not allowed."""
    start(config, migrate=True)
    from comity.desk.events import Actor  # noqa: PLC0415
    from comity.desk.ledger import Refused  # noqa: PLC0415
    from comity.desk.roles import Permission, Role  # noqa: PLC0415
    from comity.web.api import tokens  # noqa: PLC0415
    from comity.web.models import Account  # noqa: PLC0415

    known = {permission.value: permission for permission in Permission}
    faults = [
        Finding("bad-scope", Place("--scope"), phrase('there is no permission "{}"', scope), did_you_mean(scope, known))
        for scope in scopes
        if scope not in known
    ]
    found = Account.objects.filter(username=account).first()
    if found is None:
        faults.append(Finding("no-account", Place("--account"), phrase('there is no account "{}"', account)))
    if found is None or faults:
        raise InputFault(faults)
    try:
        return tokens.make_token(
            found, name=name, scopes=[known[scope] for scope in scopes], days=days,
            by=Actor("command", Role.ADMINISTRATOR), at=datetime.now(UTC),
        )  # fmt: skip
    except Refused as refusal:
        raise InputFault(refusal.findings) from refusal


def change_law(config: Path) -> str:
    """Reads the law of a configuration's folders in a child process, archives it and names it as that to hold; returns its version.

    A server that runs holds it within seconds, where it can be relied on; else raises `InputFault`, and the law held stays.
    """
    from comity.web.law_change import LawFolders  # noqa: PLC0415

    settings, findings = read_settings(config)
    if settings is None:
        raise InputFault(findings)
    folder = config.resolve().parent
    key, findings = key_of(folder / settings.signing_key_file)
    if findings:
        raise InputFault(findings)
    library, faults = LawFolders(folder, settings, Ed25519PrivateKey.from_private_bytes(key)).read()
    if library is None:
        raise InputFault(faults)
    return library.version
