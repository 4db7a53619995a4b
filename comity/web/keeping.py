"""What keeps a desk from the command line: its clockwork, stored decisions made again, the record verified.

Each opens the desk of a configuration in this process, and imports what needs Django only then.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from comity.desk.audit.verifier import Verified, verify
from comity.desk.config import read_settings
from comity.desk.law_archive import LawArchive
from comity.finding import InputFault
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

    while True:
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
