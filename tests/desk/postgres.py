"""A PostgreSQL of its own for the tests of the desk, with settings as a county must have them: it can be killed and started again."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

from tests.agreement.servers import _postgres_tools

SETTINGS = ("listen_addresses=", "timezone=Pacific/Auckland")


class Postgres:
    """A server on a socket in a folder, gone at the end. A server never runs as root, so root lends it another user."""

    def __init__(self, *settings: str) -> None:
        self.settings = (*SETTINGS, *settings)
        self.tools = _postgres_tools()
        self.folder = Path(tempfile.mkdtemp(prefix="pg"))  # a socket's path must be short
        lends = os.geteuid() == 0
        self.as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if lends else []
        if lends:
            shutil.chown(self.folder, "postgres", "postgres")

    def __enter__(self) -> Postgres:
        data = ["-D", str(self.folder / "data"), "-U", "comity", "--auth=trust", "-E", "UTF8", "--no-sync"]
        self._run(str(self.tools / "initdb"), *data)
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        try:
            self._control("-m", "immediate", "stop")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Starts the server, and waits until it takes connections."""
        options = " ".join(f"-c {setting}" for setting in self.settings)
        self._control("-o", f"-k {self.folder} {options}", "-t", "120", "start")

    def change(self, setting: str) -> None:
        """Changes a setting of the running server."""
        with (self.folder / "data" / "postgresql.auto.conf").open("a") as file:
            file.write(setting + "\n")
        self._control("reload")

    def kill(self) -> None:
        """Kills the server and everything that it started, as a loss of power to its processes would."""
        postmaster = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children")
        pids = [postmaster, *(map(int, children.read_text().split()) if children.exists() else ())]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        until = time.monotonic() + 20
        while any(_runs(pid) for pid in pids) and time.monotonic() < until:
            time.sleep(0.02)
        # Locks of a process that nobody may have reaped yet.
        for lock in (self.folder / "data" / "postmaster.pid", *self.folder.glob(".s.PGSQL.*.lock")):
            lock.unlink()

    def create(self, name: str) -> str:
        """Makes an empty database beside the first one; returns what names it in the configuration of a desk."""
        self._run(str(self.tools / "createdb"), "-U", "comity", "-h", str(self.folder), name)
        return self.config(name)

    def config(self, name: str = "postgres") -> str:
        """What names a database of this server in the configuration of a desk."""
        return f'[database]\nengine = "postgres"\nname = "{name}"\nuser = "comity"\nhost = "{self.folder}"\n'

    def _control(self, *arguments: str) -> None:
        self._run(
            str(self.tools / "pg_ctl"),
            "-D",
            str(self.folder / "data"),
            "-w",
            "-l",
            str(self.folder / "log"),
            *arguments,
        )

    def _run(self, *command: str) -> None:
        subprocess.run(
            [*self.as_user, *command], cwd=self.folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
        )


def _runs(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
