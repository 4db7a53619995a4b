"""Measures the desk: durable intake with eight clients on SQLite and on PostgreSQL, and the verification of a long record.

    python bench/desk_intake.py [--seconds S] [sqlite] [postgres] [verify]

measures and prints. Each client receives one made-up detainer after another through `deeds.receive`, which answers only after the disk
has the event. The rate at which the same disk syncs a small file, of the same minute, stands beside it.
"""

# ruff: noqa: PLC0415  the tables of the desk are imported once Django is set up
from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CLIENTS = 8
EVENTS = 1_000_000
SETTINGS = 'place = "us/fl/miami-dade"\nagency_kind = "corrections_department"\n'


def syncs_a_second(folder: Path, seconds: float = 2.0) -> float:
    """How often a second the disk takes 4 kB that are appended and synced, by one process."""
    count, block = 0, b"x" * 4096
    with (folder / "sync").open("wb", buffering=0) as file:
        begun = time.perf_counter()
        while time.perf_counter() - begun < seconds:
            file.write(block)
            os.fdatasync(file.fileno())
            count += 1
    return count / seconds


def open_desk(folder: Path, database: str = "") -> Any:
    """A desk of a made-up county in a folder."""
    from comity.desk.config import DeskSettings
    from comity.web.start import make_keys, start

    config = folder / "desk.toml"
    config.write_text(SETTINGS + database, encoding="utf-8")
    make_keys(folder, DeskSettings(place=""))
    start(config, migrate=True)
    from comity.web.at_desk import this_desk

    return this_desk()


def intake(desk: Any, seconds: float, first: int = 0) -> tuple[int, list[float]]:
    """How many detainers eight clients had acknowledged, and the seconds that each waited."""
    from comity.desk import deeds
    from comity.desk.events import Actor, StatedFact
    from comity.desk.roles import Role

    officer = Actor("u1", Role.BOOKING_OFFICER)
    warrant = {"kind": "i200", "issuer": "immigration_officer", "signed": True}
    said = {"request.form": "i247a", "request.complete": True, "request.warrants": [warrant], "convictions": [],
            "subject.citizenship": "none_claimed"}  # fmt: skip
    facts = {path: StatedFact(value=value, source="api", confirmed_by="u1") for path, value in said.items()}
    waits: list[list[float]] = [[] for _ in range(CLIENTS)]
    until = time.perf_counter() + seconds

    def client(number: int) -> None:
        while (begun := time.perf_counter()) < until:
            serial = first + len(waits[number]) * CLIENTS + number
            person = deeds.Person(name=f"Subject {serial:04}", a_number=f"A{serial:09}", booking=f"B-{serial}")
            now = datetime.now(UTC)
            deeds.receive(desk, facts=facts, person=person, channel="api", received_at=now, by=officer, at=now)
            waits[number].append(time.perf_counter() - begun)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    everything = sorted(wait for each in waits for wait in each)
    return len(everything), everything


def measure_intake(engine: str, seconds: float) -> str:
    """A line on durable intake on a database; `engine` is sqlite or postgres."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("COMITY_BENCH_FOLDER")) as name:
        folder = Path(name)
        if engine == "sqlite":
            return _line(engine, open_desk(folder), folder, seconds)
        sys.path.insert(0, str(ROOT))
        from tests.desk.postgres import Postgres

        with Postgres("timezone=UTC") as server:
            return _line(engine, open_desk(folder, server.config()), folder, seconds)


def _line(engine: str, desk: Any, folder: Path, seconds: float) -> str:
    from comity.desk.models import Entry

    intake(desk, 1.0)  # the law is compiled and the connections are open
    before, cpu = Entry.objects.count(), time.process_time()
    syncs = syncs_a_second(folder)
    cpu, begun = time.process_time(), time.perf_counter()
    count, waits = intake(desk, seconds, first=EVENTS)
    cpu, took = time.process_time() - cpu, time.perf_counter() - begun
    desk.ledger.close()
    assert Entry.objects.count() - before == count
    p50, p99 = (waits[int(len(waits) * share)] * 1000 for share in (0.5, 0.99))
    load = os.getloadavg()[0]
    return (
        f"{engine}: {count / took:,.0f} intakes a second, {CLIENTS} clients, p50 {p50:.0f} ms, p99 {p99:.0f} ms; "
        f"{cpu / count * 1000:.2f} ms of processor time each; the disk syncs {syncs:,.0f} times a second; load {load:.1f}"
    )


def measure_verify(events: int = EVENTS) -> str:
    """A line on the verification of a long record."""
    from comity.desk.audit.lines import Chain
    from comity.desk.audit.verifier import verify

    chain = Chain()
    fields = {"case": "7KQ2M9XR", "at": datetime(2026, 11, 2, tzinfo=UTC), "by": {"account": "u1", "role": "booking_officer"},
              "happening": {"kind": "viewed", "page": "board"}}  # fmt: skip
    lines = [chain.line(fields) for _ in range(events)]
    begun, cpu = time.perf_counter(), time.process_time()
    verified = verify(lines)
    took, cpu = time.perf_counter() - begun, time.process_time() - cpu
    assert verified.events == events and not verified.faults
    return f"verify: {events:,} events in {took:.1f} s, {cpu:.1f} s of processor time"


def main(arguments: list[str]) -> None:
    """Measures what is named, or everything; each database in a process of its own, because Django is set up once."""
    seconds = float(arguments.pop(arguments.index("--seconds") + 1)) if "--seconds" in arguments else 10.0
    names = [word for word in arguments if word != "--seconds"] or ["sqlite", "postgres", "verify"]
    for name in names:
        if len(names) > 1:
            os.spawnv(os.P_WAIT, sys.executable, [sys.executable, __file__, "--seconds", str(seconds), name])
        else:
            sys.stdout.write((measure_verify() if name == "verify" else measure_intake(name, seconds)) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
