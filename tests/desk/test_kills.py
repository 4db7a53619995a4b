"""The server is killed while eight clients send: what was acknowledged is there, nothing is there twice, and the chain is whole.

COMITY_DESK_KILLS=200 kills as often on each database, PostgreSQL itself 50 times, and takes 1,000 crash images of SQLite's files.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

import psycopg
import pytest

from comity.desk.audit.verifier import verify
from comity.desk.config import DeskSettings
from comity.web.start import make_keys
from tests.desk.conftest import OTHER, ROOT
from tests.desk.postgres import Postgres

MANY = int(os.environ.get("COMITY_DESK_KILLS", "0"))
KILLS, SERVER_KILLS, STOPS = MANY or 30, MANY // 4 or 5, MANY * 5 // 4 or 8
CLIENTS = 8
PLACE = 'place = "us/fl/miami-dade"\nagency_kind = "corrections_department"\n'
QUERY = "SELECT line FROM desk_entry ORDER BY number"
FRAME_HEADER, WAL_HEADER = 24, 32
pytestmark = pytest.mark.skipif(bool(OTHER), reason="this is the process on the other database")
Read = Callable[[], list[bytes]]


class Server:
    """The process that receives, of which each child is killed in turn."""

    def __init__(self, folder: Path, config: str) -> None:
        (folder / "desk.toml").write_text(PLACE + config)
        make_keys(folder, DeskSettings(place=""))
        command = [sys.executable, "-m", "tests.desk.intake_process", str(folder / "desk.toml")]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        assert self.process.stdout and self.process.stdout.readline() == "ready\n"
        self.port = self.pid = 0

    def begin(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write("serve\n")
        self.port, self.pid = map(int, self.process.stdout.readline().split())

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def stop(self) -> None:
        """Stops the process, and waits until each of its threads stands still: some run on for a moment after the signal."""
        self.signal(signal.SIGSTOP)
        until = time.monotonic() + 20
        while any(_state(path) in ("R", "S", "D") for path in Path(f"/proc/{self.pid}/task").glob("*/stat")):
            assert time.monotonic() < until
            time.sleep(0.001)

    def close(self) -> None:
        self.signal(signal.SIGKILL)
        self.process.communicate(timeout=20)


def _state(path: Path) -> str:
    """The state of a thread; none where it has ended."""
    try:
        return path.read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


class Clients:
    """Eight clients, each of which sends one number until it is acknowledged, and then the next."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.acknowledged: dict[int, str] = {}
        self.sent: set[int] = set()
        self.doubled: list[int] = []
        self.ends = False
        self.threads = [threading.Thread(target=self._send, args=(number,), daemon=True) for number in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def _send(self, number: int) -> None:
        serial = number
        while not self.ends:
            try:
                with (
                    socket.create_connection(("127.0.0.1", self.server.port), 5) as caller,
                    caller.makefile("rw") as lines,
                ):
                    caller.settimeout(20)
                    while not self.ends:
                        self.sent.add(serial)
                        lines.write(f"{serial}\n")
                        lines.flush()
                        answer = lines.readline()
                        if not answer.endswith("\n"):
                            break
                        if answer != "-\n":
                            self.acknowledged[serial] = answer.strip()
                            serial += CLIENTS
            except OSError:
                time.sleep(0.01)

    def wait_for(self, more: int) -> None:
        """Waits until some more are acknowledged."""
        wanted, until = len(self.acknowledged) + more, time.monotonic() + 60
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < until, "the server acknowledges nothing"
            time.sleep(0.002)

    def close(self) -> None:
        self.ends = True
        for thread in self.threads:
            thread.join(30)


@contextmanager
def intake(folder: Path, config: str) -> Iterator[tuple[Server, Clients]]:
    server = Server(folder, config)
    try:
        server.begin()
        clients = Clients(server)
        try:
            yield server, clients
        finally:
            clients.close()
    finally:
        server.close()


def check(lines: list[bytes], acknowledged: dict[int, str], sent: set[int]) -> None:
    """Whether a record has all that was acknowledged, nothing twice and nothing that was not sent, in a whole chain."""
    assert not verify(lines).faults
    events = [json.loads(line[65:]) for line in lines]
    fingerprints = Counter(event["happening"]["fingerprint"] for event in events)
    assert max(fingerprints.values(), default=1) == 1
    cases = {event["case"] for event in events}
    assert not [serial for serial, case in acknowledged.items() if case not in cases]
    assert len(acknowledged) <= len(events) <= len(sent)


def sqlite_lines(path: Path) -> list[bytes]:
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA quick_check").fetchone() == ("ok",)
        return [bytes(line) for (line,) in database.execute(QUERY)]


def postgres_lines(server: Postgres) -> list[bytes]:
    with psycopg.connect(host=str(server.folder), user="comity", dbname="postgres") as connection:
        return [bytes(line) for (line,) in connection.execute(QUERY).fetchall()]


def kill_again_and_again(server: Server, clients: Clients, read: Read, seed: int) -> None:
    random = Random(seed)
    for _ in range(KILLS):
        clients.wait_for(random.randrange(1, 40))
        time.sleep(random.random() * 0.02)
        server.signal(signal.SIGKILL)
        acknowledged, sent = dict(clients.acknowledged), set(clients.sent)
        server.begin()
        check(read(), acknowledged, sent | clients.sent)
    clients.wait_for(CLIENTS)


def test_kills_of_the_server_on_sqlite(tmp_path: Path) -> None:
    with intake(tmp_path, "") as (server, clients):
        kill_again_and_again(server, clients, lambda: sqlite_lines(tmp_path / "desk.sqlite3"), 1)
    check(sqlite_lines(tmp_path / "desk.sqlite3"), clients.acknowledged, clients.sent)


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with Postgres() as running:
        yield running


def test_kills_of_the_server_and_of_the_database_on_postgres(postgres: Postgres, tmp_path: Path) -> None:
    random = Random(2)
    with intake(tmp_path, postgres.config()) as (server, clients):
        kill_again_and_again(server, clients, lambda: postgres_lines(postgres), 3)
        for _ in range(SERVER_KILLS):
            clients.wait_for(random.randrange(1, 40))
            postgres.kill()
            acknowledged = dict(clients.acknowledged)
            postgres.start()
            check(postgres_lines(postgres), acknowledged, set(clients.sent))
        clients.wait_for(CLIENTS)  # the same server goes on by itself
    check(postgres_lines(postgres), clients.acknowledged, clients.sent)


def committed_end(wal: bytes) -> int:
    """Where the last commit of a WAL file ends (SQLite's file format, 4.1): what follows was not acknowledged."""
    page, end, at = int.from_bytes(wal[8:12], "big"), min(len(wal), WAL_HEADER), WAL_HEADER
    while at + FRAME_HEADER + page <= len(wal) and wal[at + 8 : at + 16] == wal[16:24]:
        at += FRAME_HEADER + page
        if wal[at - page - 20 : at - page - 16] != bytes(4):  # the size of the database, which a commit has
            end = at
    return end


def test_crash_images_of_sqlite_open_with_all_that_was_acknowledged(tmp_path: Path) -> None:
    """Copies of the files while the process stands still; and the same with what follows the last commit cut, spoilt or longer."""
    random, images, name = Random(4), 0, "desk.sqlite3"
    (tmp_path / "desk").mkdir()
    with intake(tmp_path / "desk", "") as (server, clients):
        for _ in range(STOPS):
            clients.wait_for(random.randrange(1, 12))
            time.sleep(random.random() * 0.01)
            acknowledged = dict(clients.acknowledged)
            server.stop()
            database = (tmp_path / "desk" / name).read_bytes()
            wal_file = tmp_path / "desk" / f"{name}-wal"
            wal = wal_file.read_bytes() if wal_file.exists() else b""
            sent = set(clients.sent)
            end = committed_end(wal)
            spoilt = wal[:end] + random.randbytes(len(wal) - end)
            for image in (wal, wal[: random.randint(end, len(wal))], spoilt, wal + random.randbytes(5_000)):
                folder = tmp_path / f"image-{images}"
                folder.mkdir()
                (folder / name).write_bytes(database)
                (folder / f"{name}-wal").write_bytes(image)
                check(sqlite_lines(folder / name), acknowledged, sent)
                shutil.rmtree(folder)
                images += 1
            server.signal(signal.SIGCONT)  # only now, so that the record stays as small as the images need it
    assert images == STOPS * 4
