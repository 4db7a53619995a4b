"""What keeps a desk from the command line: its clockwork, stored decisions made again, the record verified.

Each opens the desk of a configuration in this process, and imports what needs Django only then.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from comity.desk.audit.verifier import Verified, verify
from comity.desk.config import key_of, read_settings
from comity.desk.law_archive import LawArchive
from comity.finding import Finding, InputFault, Place, did_you_mean, phrase
from comity.web.start import open_database, settings_in, start

if TYPE_CHECKING:
    from comity.desk.clockwork import Ticked

LOG = logging.getLogger("comity.clockwork")
TICK_SECONDS = 20.0


class MadeAgain(Struct, frozen=True):
    """A stored decision made again: its number, day and law version, and the parts of the answer that differ."""

    number: int
    at: datetime
    law_version: str
    differing: list[str]


def run_clockwork(config: Path, *, once: bool = False) -> str:
    """Ticks until it is ended; with `once` one time, and returns what was done.

    A tick that fails is logged by the kind of its fault and tried again: until one succeeds, the heartbeat says that alarms are late.
    """
    start(config, migrate=True)
    from django.db import close_old_connections  # noqa: PLC0415

    from comity.desk.clockwork import tick  # noqa: PLC0415
    from comity.web.at_desk import this_desk  # noqa: PLC0415
    from comity.web.operating.delivery import alarm_targets, open_sender  # noqa: PLC0415
    from comity.web.operating.law_change import kept_folders  # noqa: PLC0415

    settings, folder = settings_in(config)
    targets, send = alarm_targets(settings.alarms), open_sender(settings.alarms, folder)
    checked: dict[str, tuple[object, ...]] = {}
    while True:
        try:
            if folders := kept_folders():
                folders.follow(this_desk())
            ticked = tick(this_desk(), datetime.now(UTC), targets, send, checked)
        except Exception as fault:
            if once:
                raise
            LOG.error("tick failed: %s", type(fault).__name__)  # its text could name a person
        else:
            if once:
                return describe_tick(ticked)
            if any((ticked.alarms, ticked.reopened, ticked.sent, ticked.failed, ticked.signed)):
                LOG.info(describe_tick(ticked))
        close_old_connections()
        time.sleep(TICK_SECONDS)


def describe_tick(ticked: Ticked) -> str:
    """What a tick did, in a line of counts."""
    parts = [
        f"{len(ticked.alarms)} alarms",
        f"{len(ticked.reopened)} cases opened again",
        f"{ticked.sent} messages sent",
    ]
    if ticked.failed:
        parts.append(f"{ticked.failed} not taken")
    if ticked.signed:
        parts.append(f"head of {ticked.signed} events signed")
    return ", ".join(parts)


def watch_clockwork(config: Path) -> tuple[str, ...]:
    """What is wrong with the clockwork of a desk, in a line each; nothing where it works."""
    open_database(config)
    from django.db import DatabaseError  # noqa: PLC0415

    from comity.desk.clockwork import watch  # noqa: PLC0415

    try:
        return watch(datetime.now(UTC)).faults
    except DatabaseError as fault:
        return (f"the database does not answer: {type(fault).__name__}",)


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

    settings, folder = settings_in(config)
    return LawArchive(folder / settings.archive, this_desk().signing_key)


def verify_desk(config: Path, keys: Iterable[str] = ()) -> Verified:
    """Verifies the record of a desk as its database has it; no key of the desk is needed."""
    open_database(config)
    from comity.desk.record import head_lines, record_lines  # noqa: PLC0415

    return verify(record_lines(), head_lines(), keys=frozenset(keys))


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
    from comity.web.operating.law_change import LawFolders  # noqa: PLC0415

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
