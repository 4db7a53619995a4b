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

from msgspec import Struct

from comity.desk.audit.verifier import Verified, verify
from comity.desk.law_archive import LawArchive
from comity.finding import InputFault
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
    from comity.web.delivery import alarm_targets, open_sender  # noqa: PLC0415

    settings, folder = settings_in(config)
    targets, send = alarm_targets(settings.alarms), open_sender(settings.alarms, folder)
    checked: dict[str, tuple[object, ...]] = {}
    while True:
        try:
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
