"""`comity serve` as a process: it starts the clockwork again when that ends, and both end with it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desk.conftest import OTHER, ROOT

pytestmark = pytest.mark.skipif(bool(OTHER), reason="it has a database of its own")
SECONDS_MAX = 60


def wait_for(what: Callable[[], object]) -> None:
    until = time.monotonic() + SECONDS_MAX
    while not what():
        assert time.monotonic() < until
        time.sleep(0.2)


def free_port() -> int:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        return int(holder.getsockname()[1])


def children(pid: int) -> dict[str, int]:
    """The processes that a process started, by what they run."""
    found = {}
    for child in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
        words = Path(f"/proc/{child}/cmdline").read_bytes().decode().split("\0")
        found["clockwork" if "clockwork" in words else "server"] = child
    return found


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are found in /proc")
def test_the_clockwork_is_started_again_and_ends_with_the_server(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "comity", "serve", "--demo", "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (tmp_path / "log").open("w") as log:
        serving = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log)
    try:
        wait_for(lambda: is_well(port))
        first = children(serving.pid)
        os.kill(first["clockwork"], signal.SIGKILL)
        wait_for(lambda: children(serving.pid).get("clockwork", first["clockwork"]) != first["clockwork"])
        second = children(serving.pid)
        assert second["server"] == first["server"] and is_well(port)
    finally:
        serving.terminate()
        code = serving.wait(SECONDS_MAX)
    assert code == 0 and not any(runs(pid) for pid in second.values())


def is_well(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as answer:
            return json.load(answer)["clockwork_late"] is False
    except OSError:
        return False
