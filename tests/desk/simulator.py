"""Thirty days of a made-up jail, with faults, from a seed: python -m tests.desk.simulator [--days N] SEED...

Officers, two clockworks, a mail server and the disk share one random generator and a clock of the simulation. Any statement to the
database may be the last of its process; an answer may be lost after its commit; the disk fills up; clocks jump; a clockwork is late; a
request arrives twice; the two clockworks run into each other. The same seed gives the same days. A fault prints its seed and ends with 1.
"""

from __future__ import annotations

import argparse
import heapq
import sqlite3
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import django
from django.conf import settings

from comity.desk.config import DeskSettings
from comity.web.settings import django_settings
from tests.desk.simulator_checks import Broken, check

BEGIN = datetime(2026, 11, 2, tzinfo=UTC)
TARGETS = (("email", "shift@sheriff.example"), ("webhook", "https://pager.example/alarms"))
WARRANT = {"kind": "i200", "issuer": "immigration_officer", "signed": True}
BOOKINGS_A_DAY_MAX = 2
CRASHES_IN = 400  # one statement in so many is the last of its process
LOST_IN = 60  # one acknowledgement in so many does not arrive


class Crash(BaseException):
    """The process ends here; no handler of it runs."""


class World:
    """The jail, its desk and its faults."""

    def __init__(self, seed: int, days: int, desk: Any) -> None:
        self.random, self.desk = Random(seed), desk
        self.now, self.end = BEGIN, BEGIN + timedelta(days=days)
        self.agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self.count = 0
        self.offsets = [timedelta(0), timedelta(0)]  # of the clocks of the two clockworks
        self.down_until = [BEGIN, BEGIN]
        self.disk_full_until = self.mail_down_until = BEGIN
        self.quiet = False  # no fault any more
        self.watching = False  # the simulation itself reads
        self.healthy: list[datetime] = []  # ticks that ran through with a right clock
        self.delivered: Counter[int] = Counter()
        self.nested = False
        self.checked: list[dict[str, tuple[object, ...]]] = [{}, {}]  # what each clockwork compared with the law
        self.happened: Counter[str] = Counter()

    # ---- the agenda ----

    def at(self, moment: datetime, act: Callable[[], None]) -> None:
        self.count += 1
        heapq.heappush(self.agenda, (moment, self.count, act))

    def hours(self, least: float, most: float) -> timedelta:
        return timedelta(hours=self.random.uniform(least, most))

    def run(self) -> None:
        for day in range((self.end - BEGIN).days):
            for _ in range(self.random.randint(0, BOOKINGS_A_DAY_MAX)):
                self.at(BEGIN + timedelta(days=day) + self.hours(0, 24), self.book)
            self.at(BEGIN + timedelta(days=day) + self.hours(0, 24), self.trouble)
        for hour in range(0, 24 * (self.end - BEGIN).days, 6):
            self.at(BEGIN + timedelta(hours=hour) + self.hours(0, 1), lambda: self.tick(self.random.randrange(2)))
        while self.agenda:
            moment, _, act = heapq.heappop(self.agenda)
            if moment > self.end:
                break
            self.now = max(self.now, moment)
            act()

    # ---- faults ----

    def trouble(self) -> None:
        """One of the faults begins, and ends by itself."""
        worker, random = self.random.randrange(2), self.random
        match random.randrange(5):
            case 0:
                self.offsets[worker] = self.hours(-6, 6)
                self.at(self.now + self.hours(0.1, 8), lambda: self.offsets.__setitem__(worker, timedelta(0)))
            case 1:
                self.down_until[worker] = self.now + self.hours(0.1, 20)
                self.at(self.down_until[worker], lambda: self.tick(worker))
            case 2:
                self.disk_full_until = self.now + self.hours(0.1, 5)
                self.at(self.disk_full_until, lambda: self.tick(worker))
            case 3:
                self.mail_down_until = self.now + self.hours(0.1, 10)
            case 4:
                self.down_until = [self.now + self.hours(0.1, 14)] * 2
                self.at(self.down_until[0], lambda: self.tick(worker))
        self.happened["troubles"] += 1

    def statement(self, execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        """Each statement to the database goes through here."""
        from django.db import OperationalError

        if not self.quiet and not self.watching:
            if self.random.randrange(CRASHES_IN) == 0:
                self.happened["crashes"] += 1
                raise Crash
            if self.now < self.disk_full_until and sql.startswith(("INSERT", "UPDATE")):
                self.happened["full disk"] += 1
                if context["connection"].in_atomic_block:
                    context["connection"].connection.rollback()  # as SQLite does by itself
                raise OperationalError("database or disk is full")
        return execute(sql, parameters, many, context)

    def lose(self) -> None:
        if not self.quiet and self.random.randrange(LOST_IN) == 0:
            self.happened["lost answers"] += 1
            raise Crash

    # ---- officers ----

    def officer(self, deed: Callable[[], object], then: Callable[[Any], None] = lambda result: None) -> None:
        """Does a deed, and again within the hour where no answer came."""
        from django.db import DatabaseError

        from comity.desk.ledger import Refused

        try:
            result = deed()
        except Refused:
            self.happened["refused"] += 1
        except (Crash, DatabaseError):
            recover()
            self.at(self.now + self.hours(0.1, 1), lambda: self.officer(deed, then))
        else:
            then(result)

    def book(self) -> None:
        """A detainer arrives; it may arrive twice."""
        from comity.desk import deeds
        from comity.desk.events import StatedFact
        from comity.web.demo_cases import OFFICER

        number = self.happened["bookings"] = self.happened["bookings"] + 1
        said: dict[str, Any] = {
            "request.form": "i247a", "request.complete": True, "request.warrants": [WARRANT], "convictions": [],
            "subject.citizenship": self.random.choice(("none_claimed", "none_claimed", "none_claimed", "us_proven")),
        }  # fmt: skip
        facts = {path: StatedFact(value=value, source="api", confirmed_by="u1") for path, value in said.items()}
        person, received_at = deeds.Person(name=f"Subject {number:04}", booking=f"B-{number}"), self.now

        def receive(case: str = "") -> Any:
            return deeds.receive(
                self.desk, facts=facts, person=person, channel="api", received_at=received_at, by=OFFICER, at=self.now, case=case
            )  # fmt: skip

        self.officer(receive, lambda arrived: self.at(self.now + self.hours(0, 2), lambda: self.decide(arrived.case)))
        if self.random.random() < 0.3:
            self.at(self.now + self.hours(0, 5), lambda: self.officer(receive))

    def decide(self, case: str) -> None:
        from comity.desk import deeds
        from comity.web.demo_cases import OFFICER

        self.officer(
            lambda: deeds.decide(self.desk, case, by=OFFICER, at=self.now),
            lambda decided: self.at(self.now + self.hours(0, 30), lambda: self.hold(case)),
        )
        self.at(self.now + self.hours(60, 130), lambda: self.let_go(case))

    def let_go(self, case: str) -> None:
        """Nobody stays for ever: whom no hold kept, or whom one kept too long, is released. It keeps the population small."""
        from comity.desk import deeds
        from comity.web.demo_cases import OFFICER

        self.officer(lambda: deeds.release(self.desk, case, released_at=self.now, by=OFFICER, at=self.now))

    def hold(self, case: str) -> None:
        from comity.desk import deeds
        from comity.web.demo_cases import OFFICER

        def begun(event: Any) -> None:
            limit = event.happening.limit_at
            self.happened["holds"] += 1
            for hours in (12, 4, 1, 0):
                moment = limit - timedelta(hours=hours, seconds=-self.random.uniform(0, 20))
                self.at(moment, lambda: self.tick(self.random.randrange(2)))
            self.at(self.now + self.hours(4, 60), lambda: self.end_hold(case))

        self.officer(lambda: deeds.begin_hold(self.desk, case, began_at=self.now, by=OFFICER, at=self.now), begun)
        if self.random.random() < 0.2:
            self.officer(lambda: deeds.view(self.desk, case, page="case", by=OFFICER, at=self.now))

    def end_hold(self, case: str) -> None:
        """The person is handed over, let go, or the detainer is withdrawn: often in time, at times not."""
        from comity.desk import deeds
        from comity.web.demo_cases import OFFICER

        way = self.random.randrange(4)
        deed: Callable[[], object]
        if way == 0:
            deed = lambda: deeds.transfer(self.desk, case, to="ICE", transferred_at=self.now, by=OFFICER, at=self.now)  # noqa: E731
        elif way == 1:
            deed = lambda: deeds.withdraw(self.desk, case, detainer=1, withdrawn_at=self.now, by=OFFICER, at=self.now)  # noqa: E731
        else:
            deed = lambda: deeds.release(self.desk, case, released_at=self.now, by=OFFICER, at=self.now)  # noqa: E731
        self.officer(deed)

    # ---- the clockworks ----

    def tick(self, worker: int) -> None:
        """A round of one clockwork, by its own clock; where it ran through and the clock is right, no alarm may be missing."""
        from django.db import DatabaseError

        from comity.desk import clockwork

        if self.now < self.down_until[worker]:
            return
        try:
            clockwork.tick(self.desk, self.now + self.offsets[worker], TARGETS, self.send, self.checked[worker])
        except (Crash, DatabaseError):
            recover()
            self.checked[worker].clear()
            self.at(self.now + timedelta(minutes=self.random.uniform(0.3, 60)), lambda: self.tick(worker))
            return
        if not self.offsets[worker]:
            self.healthy.append(self.now)
            self.watching = True
            missing = real_missing(self.now)
            self.watching = False
            if missing:
                raise Broken(f"a tick ran through at {self.now} and left alarms out: {missing}")

    def send(self, message: Any) -> None:
        if not self.quiet and self.now < self.mail_down_until:
            raise ConnectionError
        self.delivered[message.pk] += 1
        self.lose()  # taken, and the process ends before it could note it

    def between(self, now: datetime) -> list[str]:
        """The other clockwork runs between the moment at which one has read what is due and the one at which it writes."""
        found = real_missing(now)
        if found and not self.nested and not self.quiet and self.random.random() < 0.2:
            self.nested = True
            try:
                self.happened["races"] += 1
                self.tick(self.random.randrange(2))
            finally:
                self.nested = False
        return found


real_missing: Callable[[datetime], list[str]]


def recover() -> None:
    """What a new process finds: no transaction."""
    from django.db import connection

    connection.needs_rollback = False
    connection.in_atomic_block, connection.savepoint_ids, connection.atomic_blocks = False, [], []
    connection.run_on_commit, connection.closed_in_transaction = [], False
    if connection.connection.in_transaction:
        connection.connection.rollback()


class Ledger:
    """The ledger without its thread: each deed commits alone, and its answer may be lost."""

    def __init__(self, key: Any, world: Callable[[], World]) -> None:
        self.key, self.world = key, world

    def write(self, deed: Callable[[Any], Any]) -> Any:
        from comity.desk.ledger import _Waiting, commit_together

        waiting = _Waiting(deed)
        commit_together(self.key, [waiting])
        result = waiting.future.result()
        self.world().lose()
        return result


# ---- running ----


def is_signed_quickly(key: bytes, message: bytes, signature: bytes) -> bool:
    """What the verifier does in plain Python, by a library: of a seed's time it took a sixth. `test_audit` has the verifier's own."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@contextmanager
def opened() -> Iterator[tuple[Any, Callable[[World], None], Callable[[], None]]]:
    """A desk in memory; what makes a world its own; and what empties it."""
    config = DeskSettings(place="us/fl/miami-dade")
    fields = django_settings(config, Path(), secret="only for simulations" * 3)
    fields["DATABASES"]["default"] |= {"NAME": ":memory:", "OPTIONS": {}}
    settings.configure(**fields)
    django.setup()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from django.core.management import call_command
    from django.db import connection

    from comity.api import load
    from comity.desk import clockwork, deciding, deeds
    from comity.desk.audit import verifier
    from comity.desk.desk import Desk
    from comity.desk.sealing import DeskKey

    global real_missing  # noqa: PLW0603  the one that is replaced below
    verifier.is_signed = is_signed_quickly
    real_missing = clockwork.missing_alarms
    call_command("migrate", verbosity=0)
    empty = sqlite3.connect(":memory:")
    connection.connection.backup(empty)
    worlds: list[World] = []
    desk = Desk(
        deciding.Bound("us/fl/miami-dade", "corrections_department"),
        load(),
        DeskKey(bytes(32)),
        Ed25519PrivateKey.generate(),
    )
    desk.ledger = Ledger(desk.key, lambda: worlds[-1])  # type: ignore[assignment]
    clockwork.missing_alarms = lambda now: worlds[-1].between(now)
    deeds._new_id = lambda: "".join(worlds[-1].random.choices(deeds.ID_LETTERS, k=deeds.ID_LENGTH))

    def reset() -> None:
        from comity.desk.audit.verifier import Tree

        empty.backup(connection.connection)
        desk._tree = Tree()

    with connection.execute_wrapper(lambda *given: worlds[-1].statement(*given)):
        yield desk, worlds.append, reset


def simulate(seed: int, days: int, desk: Any, enter: Callable[[World], None], reset: Callable[[], None]) -> World:
    """The days of a seed, and after them one quiet day; raises `Broken`."""
    reset()
    world = World(seed, days, desk)
    enter(world)
    world.run()
    world.quiet, world.offsets, world.down_until = True, [timedelta(0)] * 2, [world.now] * 2
    for _ in range(26):
        world.tick(0)
        world.now += timedelta(hours=1)
    check(world, len(TARGETS))
    return world


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("seeds", nargs="+", help="a seed, or FIRST-LAST")
    parser.add_argument("--days", type=int, default=30)
    given = parser.parse_args()
    spans = [tuple(map(int, (words + "-" + words).split("-")[:2])) for words in given.seeds]
    total: Counter[str] = Counter()
    with opened() as (desk, enter, reset):
        for seed in (seed for first, last in spans for seed in range(first, last + 1)):
            try:
                world = simulate(seed, given.days, desk, enter, reset)
            except (Exception, Crash):
                traceback.print_exc()
                sys.stdout.write(
                    f"seed {seed} fails; replay it: python -m tests.desk.simulator --days {given.days} {seed}\n"
                )
                return 1
            total += world.happened
    sys.stdout.write(", ".join(f"{count:,} {name}" for name, count in sorted(total.items())) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
