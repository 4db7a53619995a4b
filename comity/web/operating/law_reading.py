"""Reads the law of folders in a child process with limits of memory and time, so that no law can harm a running desk.

The child follows no link out of a folder (`law_files` follows none), and hands back the law as it was read. Run as a program it is the
child: `python -m comity.web.operating.law_reading OUT FOLDER...`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from comity.finding import Finding, Place, grave, phrase
from comity.law import cache
from comity.law.library import Library

MEMORY_BYTES_MAX, SECONDS_MAX = 2_000_000_000, 120
FILES_MAX, BYTES_MAX = 20_000, 100_000_000  # of a county's folders: the shipped law has 3 MB


def read_in_child(
    folders: Sequence[Path], *, seconds_max: float = SECONDS_MAX, memory_max: int = MEMORY_BYTES_MAX
) -> tuple[Library | None, list[Finding]]:
    """The shipped law with a county's folders over it, read by a child process; or the findings that prevent it."""
    faults = [fault for folder in folders for fault in _beyond_limits(folder)]
    if faults:
        return None, faults
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "law"
        command = [
            sys.executable,
            "-m",
            "comity.web.operating.law_reading",
            str(out),
            str(memory_max),
            *map(str, folders),
        ]
        try:
            done = subprocess.run(command, timeout=seconds_max, capture_output=True, check=False)
        except subprocess.TimeoutExpired:
            return None, [_too_large(phrase("was not read within {seconds:g} s", seconds=seconds_max))]
        if done.returncode or not out.is_file():
            return None, [_too_large(phrase("could not be read within its memory"))]
        read = msgspec.msgpack.decode(out.read_bytes(), type=cache.CachedLaw)
    found = list(grave(read.findings))
    return (None, found) if found else (read.library, [])


def _beyond_limits(folder: Path) -> list[Finding]:
    """Findings on a folder with too many files, or too much in them."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    size = sum(path.stat().st_size for path in files)
    if len(files) > FILES_MAX or size > BYTES_MAX:
        words = phrase("has {count:,} files with {size:,} bytes", count=len(files), size=size)
        return [_too_large(words, Place(str(folder)))]
    return []


def _too_large(words: str, place: Place | None = None) -> Finding:
    return Finding(
        "too-large", place or Place("law"), words, phrase("name the folder that holds us/, and nothing else")
    )


def _limit(memory_max: int) -> None:
    """Limits the memory and the processor time of this process, where the system has such limits."""
    try:
        import resource  # noqa: PLC0415  Windows has none
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_max, memory_max))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MAX, SECONDS_MAX))


def main(out: str, memory_max: str, *folders: str) -> None:
    """Reads the law of some folders and writes it whole to a file."""
    _limit(int(memory_max))
    library, findings = cache.load(folders)
    Path(out).write_bytes(msgspec.msgpack.encode(cache.CachedLaw(library, findings)))


if __name__ == "__main__":
    main(*sys.argv[1:])
