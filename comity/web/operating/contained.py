"""Runs a module of comity in a child process with limits of time and memory, and hands back what it wrote.

Nothing that is read there can harm the server: at its limit the child is killed, and nothing of it stays.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

PASSED_ON = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "HOME", "LOCALAPPDATA", "XDG_CACHE_HOME", "TMPDIR", "TEMP")


class Limits(Struct, frozen=True):
    """What a child process may take: seconds of the clock and of the processor, and bytes of memory."""

    seconds_max: float
    memory_bytes_max: int


class Ended(Struct, frozen=True):
    """How a child process ended: what it wrote, and whether it was killed because it took too long."""

    written: bytes = b""
    took_too_long: bool = False


def run_contained(module: str, arguments: Sequence[str], limits: Limits, content: bytes = b"") -> Ended:
    """Runs `python -m MODULE OUT MEMORY SECONDS ARGUMENT...` with content on its standard input, until it ends or is killed.

    The child calls `limit_process(MEMORY, SECONDS)` first, and writes its answer to the file OUT.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        bounds = (str(limits.memory_bytes_max), str(max(1, int(limits.seconds_max))))
        command = [sys.executable, "-P", "-m", module, str(out), *bounds, *arguments]
        try:
            done = subprocess.run(
                command, input=content, timeout=limits.seconds_max, capture_output=True, check=False, env=_environment()
            )
        except subprocess.TimeoutExpired:  # which has killed it
            return Ended(took_too_long=True)
        return Ended(out.read_bytes()) if done.returncode == 0 and out.is_file() else Ended()


def _environment() -> dict[str, str]:
    """What the child knows of this process: where the program and its cache lie, and nothing of the desk."""
    root = str(Path(__file__).resolve().parents[3])
    passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {**passed_on, "PYTHONPATH": os.pathsep.join([root, *filter(None, sys.path)])}


def limit_process(memory_bytes_max: int, seconds_max: int) -> None:
    """Limits the memory and the processor time of this process, where the system has such limits."""
    try:
        import resource  # noqa: PLC0415  Windows has none
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes_max, memory_bytes_max))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds_max, seconds_max))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
