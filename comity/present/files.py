"""Writes files into a folder, each whole or not at all.

A file is written beside its target, as a part that bears the number of the process, and renamed when it is whole.
"""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

PART = re.compile(r"\..+\.([1-9][0-9]{0,8})\.part")
ENDED = 128 + signal.SIGTERM  # the exit code of a process that SIGTERM ended


def write_files(folder: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Writes files by name into a folder, which is created if needed; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    sweep_parts(folder)
    with cleaning_up_on_sigterm():
        for name, content in contents.items():
            part = part_of(folder / name)
            try:
                part.write_bytes(content)
                part.replace(folder / name)
            finally:
                part.unlink(missing_ok=True)
    return [folder / name for name in contents]


def part_of(target: Path) -> Path:
    """Where a file is written until it is whole; whoever may read new files there may read it."""
    return target.absolute().with_name(f".{target.name}.{os.getpid()}.part")


def sweep_parts(folder: Path) -> None:
    """Removes the parts in a folder that were left by processes which no longer run."""
    if os.name == "nt":  # Windows cannot ask for a process without ending it
        return
    for part in folder.glob(".*.part"):
        match = PART.fullmatch(part.name)
        if match and not _is_running(int(match[1])):
            part.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)  # signal 0 is never sent: it only asks whether there is such a process
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def cleaning_up_on_sigterm() -> Iterator[None]:
    """Ends the program by `SystemExit` on SIGTERM, so that it cleans up as on Ctrl-C.

    Only the main thread may do so, and a program with a handler of its choice keeps it.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _end(*_: Any) -> NoReturn:
    raise SystemExit(ENDED)
