"""Opens a file for reading, also where it is packed with gzip, or the only file of a zip archive; within bounds."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

from comity.intake.sources.source import Unreadable

GZIP, ZIP = ".gz", ".zip"
UNPACKED_MAX = 4 << 30
RATIO_MAX, RATIO_FREE = 200, 64 << 20  # tables pack to a tenth or a thirtieth of their size
BYTES_A_CHUNK = 1 << 22


def inner_name(path: Path) -> str:
    """The name of a file without the ending of its packing: the name of the one file in a zip archive."""
    ending = path.suffix.lower()
    if ending == ZIP:
        return _only_member(path).filename
    return path.stem if ending == GZIP else path.name


def _only_member(path: Path) -> zipfile.ZipInfo:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [
                member
                for member in archive.infolist()
                if not (member.is_dir() or member.filename.startswith("__MACOSX/") or _is_hidden(member.filename))
            ]
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError) as fault:
        raise Unreadable(f"it is no zip archive: {fault}") from None
    if len(members) != 1:
        raise Unreadable(f"the archive has {len(members)} files; unpack it and name one of them")
    return members[0]


def _is_hidden(name: str) -> bool:
    return PurePosixPath(name).name.startswith(".")


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked where it is packed; raises `Unreadable` for an archive that is damaged or too large."""
    ending = path.suffix.lower()
    try:
        if ending == GZIP:
            with gzip.open(path) as file:
                yield io.BufferedReader(_Bounded(file, path.stat().st_size), BYTES_A_CHUNK)
        elif ending == ZIP:
            member = _only_member(path)
            if member.flag_bits & 1:
                raise Unreadable("the archive has a password")
            with zipfile.ZipFile(path) as archive, archive.open(member) as file:
                yield io.BufferedReader(_Bounded(file, path.stat().st_size), BYTES_A_CHUNK)
        else:
            with path.open("rb", buffering=0) as file:
                yield file
    except (gzip.BadGzipFile, zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError) as fault:
        raise Unreadable(f"the archive is damaged: {fault}") from None


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """A file in chunks, from where it is."""
    while chunk := file.read(BYTES_A_CHUNK):
        yield chunk


class _Bounded(io.RawIOBase):
    """A file that is unpacked while it is read, and ends the reading where it becomes too large."""

    def __init__(self, file: Any, packed: int) -> None:
        self.file, self.packed, self.unpacked = file, packed, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        content = self.file.read(min(len(buffer), BYTES_A_CHUNK))
        self.unpacked += len(content)
        if self.unpacked > UNPACKED_MAX:
            raise Unreadable(f"it unpacks to more than {UNPACKED_MAX >> 30} GB; unpack it first")
        if self.unpacked > RATIO_FREE and self.unpacked > RATIO_MAX * self.packed:
            raise Unreadable(f"it unpacks to more than {RATIO_MAX:,} times its size, as no table does")
        buffer[: len(content)] = content
        return len(content)
