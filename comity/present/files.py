"""Writes files into a folder, each whole or not at all.

A file is written beside its target, as a part that bears the number of the process, and renamed when it is whole.
"""

from __future__ import annotations

import os
import re
import signal
import stat
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

PART = re.compile(r"\..+\.([1-9][0-9]{0,8})\.part")
# The signals that end a program, of those that the system has: SIGHUP is sent where the terminal closes.
ENDING = tuple(signal.Signals[name] for name in ("SIGTERM", "SIGHUP") if name in signal.Signals.__members__)


def write_files(folder: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Writes files by name into a folder, which is created if needed; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    sweep_parts(folder)
    with cleaning_up_on_signals():
        for name, content in contents.items():
            part = part_of(folder / name)
            try:
                part.write_bytes(content)
                put_in_place(part, folder / name)
            finally:
                part.unlink(missing_ok=True)
    return [folder / name for name in contents]


def part_of(target: Path) -> Path:
    """Where a file is written until it is whole; whoever may read new files there may read it."""
    return target.absolute().with_name(f".{target.name}.{os.getpid()}.part")


def put_in_place(part: Path, target: Path) -> None:
    """Renames a part to its target. A file that is written over keeps its rights (not on Windows, which has others)."""
    if os.name != "nt":
        with suppress(FileNotFoundError):
            part.chmod(stat.S_IMODE(target.stat().st_mode))
    part.replace(target)


def sweep_parts(folder: Path) -> None:
    """Removes the parts in a folder that were left by processes which no longer run."""
    if os.name == "nt":  # Windows cannot ask for a process without ending it
        return
    for part in folder.glob(".*.part"):
        match = PART.fullmatch(part.name)
        if match and not is_running(int(match[1])):
            part.unlink(missing_ok=True)


def is_running(process: int) -> bool:
    """Whether a process of this machine runs; not asked on Windows, which cannot ask without ending it."""
    if os.name == "nt":
        return False
    try:
        os.kill(process, 0)  # signal 0 is never sent: it only asks whether there is such a process
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def cleaning_up_on_signals() -> Iterator[None]:
    """Ends the program by `SystemExit` on SIGTERM and SIGHUP, so that it cleans up as on Ctrl-C.

    Only the main thread may do so, and a program with a handler of its choice keeps it, also one that ignores a signal (`nohup`).
    """
    is_main = threading.current_thread() is threading.main_thread()
    changed = [ending for ending in ENDING if is_main and signal.getsignal(ending) is signal.SIG_DFL]
    for ending in changed:
        signal.signal(ending, _end)
    try:
        yield
    finally:
        for ending in changed:
            signal.signal(ending, signal.SIG_DFL)


def _end(number: int, _: Any) -> NoReturn:
    raise SystemExit(128 + number)  # the exit code that a shell gives for a process that a signal ended
