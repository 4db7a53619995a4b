"""The databases of the desk: the same tests on PostgreSQL, and settings refused that could lose what was acknowledged."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.desk.config import DeskSettings
from comity.web.start import make_keys
from tests.desk.conftest import OTHER, ROOT
from tests.desk.postgres import Postgres

PLACE = 'place = "us/fl/miami-dade"\nagency_kind = "corrections_department"\n'
# What a process does that opens a desk, after a setting that makes SQLite unsafe.
OPEN = "from pathlib import Path; from comity.web import settings, start; {change}start.start(Path('desk.toml'), migrate=True)"
pytestmark = pytest.mark.skipif(bool(OTHER), reason="this is the process on the other database")


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with Postgres() as running:
        yield running


NEEDS = re.compile("database: None|desk: Any")


def test_the_tests_of_the_desk_hold_on_postgres(server: Postgres) -> None:
    """Deeds, the ledger and the clockwork each day; with COMITY_DESK_EVERYTHING=1 every test that needs a database."""
    tests = ["test_deeds.py", "test_ledger.py", "test_clockwork.py"]
    if os.environ.get("COMITY_DESK_EVERYTHING"):
        files = Path(__file__).parent.glob("test_*.py")
        tests = [path.name for path in files if {"database: None", "desk: Any"} & {*NEEDS.findall(path.read_text())}]
    environment = {**os.environ, "COMITY_DESK_POSTGRES": f"{server.folder},0,comity,postgres"}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        *(f"tests/desk/{name}" for name in sorted(tests)),
    ]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-1_000:]


def opened(folder: Path, config: str, change: str = "") -> str:
    """What a new process says that opens a desk: nothing where it opens."""
    (folder / "desk.toml").write_text(PLACE + config)
    key = folder / "desk.key"
    key.write_text("00" * 32)  # that of the tests, which may have used this database
    key.chmod(0o600)
    make_keys(folder, DeskSettings(place=""))
    command = [sys.executable, "-c", OPEN.format(change=change)]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    return done.stderr.strip().rpartition("\n")[2]


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("synchronous=FULL", ""),
        ("synchronous=NORMAL", "may lose what it acknowledged: synchronous is 1"),
        ("synchronous=OFF", "may lose what it acknowledged: synchronous is 0"),
    ],
)
def test_sqlite_that_does_not_wait_for_the_disk_is_refused(tmp_path: Path, setting: str, words: str) -> None:
    change = f"settings.SQLITE_AT_START = settings.SQLITE_AT_START.replace('synchronous=FULL', '{setting}'); "
    said = opened(tmp_path, "", change)
    assert words in said if words else not said


def test_postgres_that_does_not_wait_for_the_disk_is_refused(server: Postgres, tmp_path: Path) -> None:
    unsafe, config = ("fsync", "full_page_writes", "synchronous_commit"), server.create("settings")
    for name in unsafe:
        server.change(f"{name}=off")
    try:
        said = opened(tmp_path, config)
    finally:
        for name in unsafe:
            server.change(f"{name}=on")
    assert all(f"{name} is off" in said for name in unsafe), said
    assert not opened(tmp_path, config)
