"""The law that ships with the package, and a copy of the law as read, kept in the cache folder of whoever runs this.

The copy is named by what it was made from: the bytes of every law file that was read, the folders, and the source of the
program. So it is never stale. It carries a digest of its content and is refused where it does not fit, or where
another user owns it. It is a convenience: at any fault it is thrown away, and the law is read from its files.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding, Place, grave
from comity.law.library import BESIDE, CONDITIONS, DEFINITIONS, SUFFIXES, Library, law_files, read_library
from comity.law.places import Gazetteer
from comity.program import PACKAGE, program_digest
from comity.textfile import recording_files

COPIES_MAX, TRIES_MAX = 8, 3
DIGEST_BYTES = 32


class CachedLaw(msgspec.Struct, frozen=True):
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
    faults = tuple(fault for folder in everything[1:] if (fault := _fault_of_folder(folder)))
    if faults:
        return Library(Vocabulary(), Gazetteer()), faults
    with collection_paused():
        for _ in range(TRIES_MAX):
            digests = file_digests(law_files(everything))
            path = cache_folder() / f"{_name(everything, digests)}.law"
            copy = _read_copy(path)
            if copy:
                return copy.library, copy.findings
            fresh, read = _read_fresh(everything)
            if all(digests.get(file, digest) == digest for file, digest in read.items()):
                if not grave(
                    fresh.findings
                ):  # a fault may be mended with no law file changed: a folder made, a right given
                    _store(path, fresh)
                break  # no file was saved between being hashed and being read
    return fresh.library, fresh.findings


def _read_fresh(folders: Sequence[Path]) -> tuple[CachedLaw, dict[Path, bytes]]:
    """The law read from its files, and the digest of each file as it was read."""
    with recording_files() as read:
        library, findings = read_library(folders)
    return CachedLaw(library, tuple(_with_excerpt(finding) for finding in findings)), read


def _fault_of_folder(folder: Path) -> Finding | None:
    """What is wrong with a folder of law before anything in it is read: walking a whole disk would take long."""
    if not folder.is_dir():
        message = "there is no such folder of law" if not folder.exists() else "this is not a folder"
        return Finding("no-folder", Place(str(folder)), message, "name the folder that holds us/")
    try:
        inside = [entry.name for entry in folder.iterdir()]
    except OSError as fault:
        return Finding("no-folder", Place(str(folder)), f"this folder cannot be read: {fault.strerror}")
    if inside and not any(name in ("us", *BESIDE) or name.endswith(SUFFIXES) for name in inside):
        return Finding("no-law", Place(str(folder)), "there is no law in this folder", "name the folder that holds us/")
    return None


def file_digests(files: Mapping[str, Path]) -> dict[Path, bytes]:
    """The digest (SHA-256) of each file's bytes, by its path; an unreadable file counts as empty."""
    digests = {}
    for path in files.values():
        try:
            with open(path, "rb", buffering=0) as file:  # one read of the whole file
                content = file.readall()
        except OSError:
            content = b""
        digests[path] = hashlib.sha256(content).digest()
    return digests


@contextlib.contextmanager
def collection_paused() -> Iterator[None]:
    """Pauses garbage collection while the law loads: all of it stays, and collecting took half of the time of large law.

    Then everything is moved to the oldest generation, or the next collection would look through all the law as if it were new. A
    replay pauses it while it prepares the law of each place, which also stays.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            if not gc.get_freeze_count():  # else the program has frozen objects of its own, which must stay so
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def _with_excerpt(finding: Finding) -> Finding:
    """The finding with the faulty line of its law file, where it does not have it yet and stands on a line."""
    if (
        finding.excerpt
        or finding.place.line < 1
        or finding.place.column < 1
        or (finding.place.line, finding.place.column) == (1, 1)
    ):
        return finding
    try:
        lines = Path(finding.place.source).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return finding
    excerpt = lines[finding.place.line - 1] if finding.place.line <= len(lines) else ""
    return msgspec.structs.replace(finding, excerpt=excerpt)


def cache_folder() -> Path:
    """The folder for copies, by the custom of each system. A relative XDG_CACHE_HOME is ignored, as its specification says."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path("~/AppData/Local").expanduser())
    elif sys.platform == "darwin":
        base = str(Path("~/Library/Caches").expanduser())
    else:
        named = os.environ.get("XDG_CACHE_HOME", "")
        base = named if Path(named).is_absolute() else str(Path("~/.cache").expanduser())  # the specification says so
    return Path(base) / "comity"


def _name(folders: Sequence[Path], digests: Mapping[Path, bytes]) -> str:
    """A name that differs wherever the copy could: the law, where it lies, the program, the format."""
    digest = hashlib.sha256()
    for path, content in digests.items():
        digest.update(str(path).encode("utf-8", "surrogateescape") + b"\0" + content)
    for part in (*(str(folder) for folder in folders), program_digest(), msgspec.__version__):
        digest.update(b"\0" + part.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:32]


def _read_copy(path: Path) -> CachedLaw | None:
    """A whole copy of one's own, or nothing; one that is damaged, or that another user wrote, is thrown away."""
    try:
        with path.open("rb") as file:
            foreign = hasattr(os, "getuid") and os.fstat(file.fileno()).st_uid != os.getuid()
            content = b"" if foreign else file.read()
    except OSError:
        return None
    digest, body = content[:DIGEST_BYTES], content[DIGEST_BYTES:]
    try:
        if digest == hashlib.sha256(body).digest():
            return _decoder().decode(body)
    except (msgspec.MsgspecError, RecursionError):
        pass  # thrown away below, as any copy that does not fit
    with contextlib.suppress(OSError):
        path.unlink()
    return None


@lru_cache(maxsize=1)
def _decoder() -> msgspec.msgpack.Decoder[CachedLaw]:
    return msgspec.msgpack.Decoder(CachedLaw)


def _store(path: Path, cached: CachedLaw) -> None:
    """Writes a copy in one step. A folder that cannot be written is no fault: the next run reads the law again."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        body = msgspec.msgpack.encode(cached)
        _write(path, hashlib.sha256(body).digest() + body)
        _discard_old(path.parent)


def _write(path: Path, content: bytes) -> None:
    import tempfile  # noqa: PLC0415  most runs write no copy

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
    for old in copies[COPIES_MAX:]:
        old.unlink()
