"""The law that ships with the package, and a copy of the law as read, kept in the cache folder of whoever runs this.

The copy is named by what it was made from: every law file, the folders, and the source of the code that reads them.
So it is never stale. It is a convenience: where it cannot be written or read, the law is read from its files.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from comity.finding import Finding, grave
from comity.law.library import CONDITIONS, DEFINITIONS, Library, law_files, read_library, version_of

PACKAGE = Path(__file__).resolve().parent.parent
READERS = ("*.py", "facts/*.py", "language/*.py", "law/*.py")
KEPT_MAX = 8


class Stored(msgspec.Struct, frozen=True):
    """What a copy holds: the library, and what was found when it was read."""

    library: Library
    findings: tuple[Finding, ...]


def shipped() -> Path:
    """The folder of the law that ships: inside the installed package, else beside it in the source tree."""
    return _beside_or_inside("policies")


def shipped_definitions() -> Path:
    """The folder of the definitions that ship."""
    return _beside_or_inside(DEFINITIONS)


def shipped_conditions() -> Path:
    """The folder of the conditions on federal money that ship."""
    return _beside_or_inside(CONDITIONS)


def _beside_or_inside(name: str) -> Path:
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def load(folders: Sequence[Path | str] = ()) -> tuple[Library, tuple[Finding, ...]]:
    """The shipped law with further folders laid over it, in their order, and every fault found in any of them."""
    everything = [shipped(), *(Path(folder) for folder in folders)]
    path = cache_folder() / f"{_name(everything)}.law"
    with _nothing_collected():
        kept = _taken(path)
        if kept is None:
            library, findings = read_library(everything)
            kept = Stored(library, tuple(_with_excerpt(own) for own in findings))
            if not grave(
                findings
            ):  # a fault may be mended without any law file being changed: a folder made, a right given
                _keep(path, kept)
    return kept.library, kept.findings


@contextlib.contextmanager
def _nothing_collected() -> Iterator[None]:
    """Leaves the collector out: all that is made here stays, and to go through it again and again took half of the time of large law."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _with_excerpt(own: Finding) -> Finding:
    """The finding with the faulty line of its law file, where it does not have it yet and stands on a line."""
    if own.excerpt or own.place.line < 1 or own.place.column < 1 or (own.place.line, own.place.column) == (1, 1):
        return own
    try:
        lines = Path(own.place.source).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return own
    excerpt = lines[own.place.line - 1] if own.place.line <= len(lines) else ""
    return msgspec.structs.replace(own, excerpt=excerpt)


def cache_folder() -> Path:
    """The folder for copies, by the custom of each system. A relative XDG_CACHE_HOME is ignored, as its specification says."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path("~/AppData/Local").expanduser())
    elif sys.platform == "darwin":
        base = str(Path("~/Library/Caches").expanduser())
    else:
        stated = os.environ.get("XDG_CACHE_HOME", "")
        base = stated if os.path.isabs(stated) else str(Path("~/.cache").expanduser())
    return Path(base) / "comity"


def _name(folders: Sequence[Path]) -> str:
    """A name that differs wherever the copy could: the law, where it lies, the code that reads it, the format."""
    digest = hashlib.sha256(version_of(law_files(folders)).encode())
    for part in (*(str(folder) for folder in folders), _code(), msgspec.__version__):
        digest.update(b"\0" + part.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:32]


@lru_cache(maxsize=1)
def _code() -> str:
    digest = hashlib.sha256()
    for path in sorted(found for pattern in READERS for found in PACKAGE.glob(pattern)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _taken(path: Path) -> Stored | None:
    """A whole copy, or nothing: a damaged one is no copy."""
    try:
        return _decoder().decode(path.read_bytes())
    except (OSError, msgspec.MsgspecError, RecursionError):
        return None


@lru_cache(maxsize=1)
def _decoder() -> msgspec.msgpack.Decoder[Stored]:
    return msgspec.msgpack.Decoder(Stored)


def _keep(path: Path, kept: Stored) -> None:
    """Writes a copy in one step. A folder that cannot be written is no fault: the next run reads the law again."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, msgspec.msgpack.encode(kept))
        _discard_old(path.parent)


def _write(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        os.replace(name, path)
    except OSError:
        os.unlink(name)
        raise


def _discard_old(folder: Path) -> None:
    """Keeps the newest copies, so that editing law for a day does not fill the folder."""
    copies = sorted(folder.glob("*.law"), key=lambda copy: copy.stat().st_mtime, reverse=True)
    for old in copies[KEPT_MAX:]:
        old.unlink()
