"""The files of other projects that the drafting room runs on, taken from a folder and held to the hashes of `packages.yaml`."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from comity.finding import Finding, InputFault, Place, phrase

LOCK = Path(__file__).with_name("packages.yaml")
OPTION = Place("--drafting")
HELP = "bring the files there: python lists/drafting_packages.py DIR"


class LockedLibrary(Struct, frozen=True):
    """A wheel of a Python library, for a platform, with its SHA-256."""

    name: str
    version: str
    platform: str
    file: str
    sha256: str


class Lock(Struct, frozen=True):
    """The versions: of Python, of the runtime, whose `files` have their SHA-256 by name, and of the libraries."""

    python: str
    runtime: str
    version: str
    files: dict[str, str]
    libraries: tuple[LockedLibrary, ...]

    @property
    def hashes(self) -> dict[str, str]:
        """The SHA-256 of every file of the folder, by name."""
        return {**self.files, **{library.file: library.sha256 for library in self.libraries}}


@cache
def read_lock() -> Lock:
    """The lock that ships."""
    # Not through `read_yaml`: the lock is a file of the program, not of the law.
    return msgspec.yaml.decode(LOCK.read_bytes(), type=Lock)


def read_packages(folder: Path) -> dict[str, bytes]:
    """The content of every file of the lock, by name. Raises `InputFault` where one is missing or is another file."""
    if not folder.is_dir():
        message = phrase("the packages of the drafting room are not there: {} is no folder", folder)
        raise InputFault([Finding("no-packages", OPTION, message, HELP)])
    found: dict[str, bytes] = {}
    for name, digest in read_lock().hashes.items():
        path = folder / name
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() != digest:
            wrong = "is not the file that was checked" if content else "is missing"
            message = phrase("{} {wrong}", path, wrong=wrong)
            raise InputFault([Finding("no-packages", OPTION, message, HELP)])
        found[name] = content
    return found
