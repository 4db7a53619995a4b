"""Reads the law of folders in a child process with limits of memory and time, so that no law can harm a running desk.

The child follows no link out of a folder (`law_files` follows none), and hands back the law as it was read. Run as a program it is the
child.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from comity.finding import Finding, Place, grave, phrase
from comity.law import cache
from comity.law.library import Library
from comity.web.operating.contained import Limits, limit_process, run_contained

MEMORY_BYTES_MAX, SECONDS_MAX = 2_000_000_000, 120
FILES_MAX, BYTES_MAX = 20_000, 100_000_000  # of a county's folders: the shipped law has 3 MB


def read_in_child(
    folders: Sequence[Path], *, seconds_max: float = SECONDS_MAX, memory_max: int = MEMORY_BYTES_MAX
) -> tuple[Library | None, list[Finding]]:
    """The shipped law with a county's folders over it, read by a child process; or the findings that prevent it."""
    faults = [fault for folder in folders for fault in _beyond_limits(folder)]
    if faults:
        return None, faults
    ended = run_contained(
        "comity.web.operating.law_reading", [str(folder) for folder in folders], Limits(seconds_max, memory_max)
    )
    if ended.took_too_long:
        return None, [too_large(phrase("was not read within {seconds:g} s", seconds=seconds_max))]
    if not ended.written:
        return None, [too_large(phrase("could not be read within its memory"))]
    read = msgspec.msgpack.decode(ended.written, type=cache.CachedLaw)
    found = list(grave(read.findings))
    return (None, found) if found else (read.library, [])


def _beyond_limits(folder: Path) -> list[Finding]:
    """Findings on a folder with too many files, or too much in them."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    size = sum(path.stat().st_size for path in files)
    if len(files) > FILES_MAX or size > BYTES_MAX:
        words = phrase("has {count:,} files with {size:,} bytes", count=len(files), size=size)
        return [too_large(words, Place(str(folder)))]
    return []


def too_large(words: str, place: Place | None = None) -> Finding:
    """The finding on law that is beyond a limit."""
    return Finding(
        "too-large", place or Place("law"), words, phrase("name the folder that holds us/, and nothing else")
    )


def main(out: str, memory_max: str, seconds_max: str, *folders: str) -> None:
    """Reads the law of some folders and writes it whole to a file."""
    limit_process(int(memory_max), int(seconds_max))
    library, findings = cache.load(folders)
    Path(out).write_bytes(msgspec.msgpack.encode(cache.CachedLaw(library, findings)))


if __name__ == "__main__":
    main(*sys.argv[1:])
