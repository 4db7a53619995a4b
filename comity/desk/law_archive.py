"""Every law that a decision was made under, kept by its version, so that a decision of years ago can be made again.

A law is the files that were read, in one ZIP file of fixed order and times; its name is the version, and a manifest beside it holds
the digest of the ZIP with a signature of the desk. What was changed there is not loaded.
"""

from __future__ import annotations

import hashlib
import io
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from comity.finding import Finding, Place, grave, phrase
from comity.law.library import Library, law_files, read_library
from comity.present.files import write_files

FIRST_TIME = (1980, 1, 1, 0, 0, 0)  # of every file in the ZIP, so that equal law makes equal bytes
FILE_MAX, FILES_MAX = 20_000_000, 20_000


class Manifest(Struct, frozen=True, kw_only=True):
    """What a stored law is: its version, the digest of its ZIP, how many folders it was laid from, and the signature."""

    version: str
    digest: str
    folders: int
    signature: str = ""

    def signed(self) -> bytes:
        return f"comity law\n{self.version}\n{self.digest}\n{self.folders}\n".encode()


class LawArchive:
    """A folder of laws by version."""

    def __init__(self, folder: Path, key: Ed25519PrivateKey) -> None:
        self.folder, self.key = folder, key

    def versions(self) -> list[str]:
        """The versions that are kept, in order."""
        return sorted(path.stem for path in self.folder.glob("*.json")) if self.folder.is_dir() else []

    def keep(self, library: Library, folders: Sequence[Path]) -> bool:
        """Keeps the law that was read from some folders, where its version is not kept yet; returns whether it was added."""
        if library.version in self.versions():
            return False
        content = pack(folders)
        manifest = Manifest(version=library.version, digest=hashlib.sha256(content).hexdigest(), folders=len(folders))
        signed = msgspec.structs.replace(manifest, signature=self.key.sign(manifest.signed()).hex())
        write_files(
            self.folder, {f"{library.version}.zip": content, f"{library.version}.json": msgspec.json.encode(signed)}
        )
        return True

    def load(self, version: str) -> tuple[Library | None, list[Finding]]:
        """A law of a version, read again from its files; or why that cannot be."""
        where = Place(version)
        if version not in self.versions():
            help = phrase("one of {versions}", versions=", ".join(self.versions()) or "none: the archive is empty")
            return None, [Finding("no-law", where, phrase("no law of this version is kept"), help)]
        manifest = msgspec.json.decode((self.folder / f"{version}.json").read_bytes(), type=Manifest)
        content = (self.folder / f"{version}.zip").read_bytes()
        if not self._holds(manifest, content):
            return None, [Finding("changed-law", where, phrase("was changed since it was kept"))]
        with tempfile.TemporaryDirectory() as folder:
            folders = unpack(content, Path(folder), manifest.folders)
            library, findings = read_library(folders)
        return (None, list(grave(findings))) if grave(findings) else (library, [])

    def sign_again(self, next: Ed25519PrivateKey) -> int:
        """Signs each law that was not changed with the next key; returns how many. What is signed by it already is left as it is."""
        count, after = 0, LawArchive(self.folder, next)
        for version in self.versions():
            path = self.folder / f"{version}.json"
            manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
            content = (self.folder / f"{version}.zip").read_bytes()
            if self._holds(manifest, content) and not after._holds(manifest, content):
                signed = msgspec.structs.replace(manifest, signature=next.sign(manifest.signed()).hex())
                write_files(self.folder, {path.name: msgspec.json.encode(signed)})
                count += 1
        return count

    def _holds(self, manifest: Manifest, content: bytes) -> bool:
        try:
            self.key.public_key().verify(bytes.fromhex(manifest.signature), manifest.signed())
        except (InvalidSignature, ValueError):
            return False
        return hashlib.sha256(content).hexdigest() == manifest.digest


def pack(folders: Sequence[Path]) -> bytes:
    """The law files of some folders as a ZIP; the number of the folder is the first part of each name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, folder in enumerate(folders):
            for name, path in law_files([folder]).items():
                entry = zipfile.ZipInfo(f"{number}/{name}", FIRST_TIME)
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def unpack(content: bytes, target: Path, folders: int) -> list[Path]:
    """The folders of a packed law, below a target; a name that leads out of it is refused with `ValueError`."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if len(archive.namelist()) > FILES_MAX or any(entry.file_size > FILE_MAX for entry in archive.infolist()):
            raise ValueError("too many files, or too large a one")
        for entry in archive.infolist():
            path = (target / entry.filename).resolve()
            if not path.is_relative_to(target.resolve()):
                raise ValueError(entry.filename)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(archive.read(entry))
    return [target / str(number) for number in range(folders)]
