"""Unpacks a ZIP file with law of a county, which may be hostile: nothing is written outside the folder, and nothing without bound.

Every name is refused that could lead elsewhere, here or on another system: `..`, absolute names, drives, backslashes, names of devices,
links, and names that differ in case alone.
"""

from __future__ import annotations

import io
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from comity.finding import Finding, Phrase, Place, phrase
from comity.law.library import SUFFIXES

BYTES_MAX, FILES_MAX = 5_000_000, 2_000
FILE_BYTES_MAX, UNPACKED_BYTES_MAX = 2_000_000, 20_000_000
DEPTH_MAX, PART_MAX = 8, 100
RATIO_MAX, RATIO_FROM = 100, 100_000  # unpacked to packed, of files above some size: text packs to a tenth
FINDINGS_MAX = 20
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1  # a flag of an entry
DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.IGNORECASE)
LITTER = re.compile(r"(.*/)?(__MACOSX/.*|\.DS_Store|Thumbs\.db|desktop\.ini)")  # what systems add by themselves
LAW_FOLDER = "us/"
# What zipfile raises on a file that is damaged or was made to harm.
DAMAGED = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError,
    OverflowError, IndexError, KeyError,
)  # fmt: skip
SOURCE = "upload"


def unpack_law(content: bytes, target: Path) -> tuple[list[str], list[Finding]]:
    """Unpacks a ZIP of law into a folder; returns the names of the files, or the findings for which nothing was written."""
    if len(content) > BYTES_MAX:
        words = phrase("the file has {size:,} bytes, and may have {most:,}", size=len(content), most=BYTES_MAX)
        return [], [_too_large(SOURCE, words)]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not LITTER.fullmatch(entry.filename)]
            findings = [*_faults_of_all(entries), *(fault for entry in entries for fault in _faults_of(entry))]
            if findings:
                return [], findings[:FINDINGS_MAX]
            files, findings = _read(archive, [entry for entry in entries if not entry.is_dir()])
    except DAMAGED:
        help = phrase("make the ZIP file again, with no password")
        return [], [Finding("no-zip", Place(SOURCE), phrase("is no ZIP file that can be read"), help)]
    files = _without_top(files)
    if not findings and not any(name.startswith(LAW_FOLDER) for name in files):
        help = phrase("zip the folder that holds us/, such as us/fl/miami-dade/directive.md")
        findings = [Finding("no-law", Place(SOURCE), phrase("holds no folder us/"), help)]
    if findings:
        return [], findings
    for name, text in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    return sorted(files), []


def _read(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> tuple[dict[str, bytes], list[Finding]]:
    """The files by name, as they really are: what an entry says of its size is not relied on."""
    files: dict[str, bytes] = {}
    total = 0
    for entry in entries:
        with archive.open(entry) as file:
            text = file.read(FILE_BYTES_MAX + 1)
        total += len(text)
        if len(text) > FILE_BYTES_MAX or total > UNPACKED_BYTES_MAX:
            return {}, [_too_large(entry.filename, phrase("unpacks to more than {most:,} bytes", most=FILE_BYTES_MAX))]
        files[entry.filename] = text
    return files, []


def _faults_of_all(entries: list[zipfile.ZipInfo]) -> Iterable[Finding]:
    """What is wrong with the entries together: too many, too much, or two that would be one file somewhere."""
    if len(entries) > FILES_MAX:
        yield _too_large(
            SOURCE, phrase("holds {count:,} files, and may hold {most:,}", count=len(entries), most=FILES_MAX)
        )
        return
    size = sum(entry.file_size for entry in entries)
    if size > UNPACKED_BYTES_MAX:
        yield _too_large(
            SOURCE, phrase("unpacks to {size:,} bytes, and may to {most:,}", size=size, most=UNPACKED_BYTES_MAX)
        )
    seen: dict[str, str] = {}
    files = {_folded(entry.filename) for entry in entries if not entry.is_dir()}
    for entry in entries:
        key = _folded(entry.filename)
        if key in seen and not entry.is_dir():
            words = phrase('is there twice, or as "{}" too', seen[key])
            yield Finding(
                "unsafe-name", Place(_shown(entry.filename)), words, phrase("give each file a name of its own")
            )
        parents = [key.rsplit("/", place)[0] for place in range(1, key.count("/") + 1)]
        if files.intersection(parents):
            yield Finding("unsafe-name", Place(_shown(entry.filename)), phrase("lies below a file"))
        seen[key] = entry.filename


def _faults_of(entry: zipfile.ZipInfo) -> Iterable[Finding]:
    """What is wrong with one entry: its name, its kind, or its size."""
    name = entry.orig_filename.removesuffix("/")
    words = _fault_of_name(name) or _fault_of_kind(entry)
    if words:
        help = phrase("name files as in us/fl/miami-dade/directive.md")
        yield Finding("unsafe-name", Place(_shown(entry.orig_filename)), words, help)
    elif entry.file_size > FILE_BYTES_MAX:
        words = phrase("has {size:,} bytes, and may have {most:,}", size=entry.file_size, most=FILE_BYTES_MAX)
        yield _too_large(name, words)
    elif entry.file_size > RATIO_FROM and entry.file_size > RATIO_MAX * entry.compress_size:
        yield _too_large(name, phrase("is packed to less than a hundredth, as no law is"))
    elif not entry.is_dir() and not name.endswith(SUFFIXES):
        words = phrase("is no file of law: these end in {endings}", endings=", ".join(SUFFIXES))
        yield Finding("not-law", Place(_shown(name)), words, phrase("leave it out of the ZIP file"))


def _fault_of_name(name: str) -> Phrase | None:
    """Why a name could lead out of the folder, or mean something else on another system."""
    parts = name.split("/")
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return phrase("is an absolute name")
    if "\\" in name:
        return phrase("has a backslash, which parts folders on some systems")
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn") for letter in name):
        return phrase("has a character that is not shown")
    if any(part in ("", ".", "..") for part in parts):
        return phrase("leads to another folder")
    if any(part.endswith((".", " ")) or part.startswith(" ") or set(part) & set('<>:"|?*') for part in parts):
        return phrase("has a character that some systems do not allow there")
    if any(DEVICE.fullmatch(part) for part in parts):
        return phrase("is the name of a device")
    if len(parts) > DEPTH_MAX or any(len(part) > PART_MAX for part in parts):
        return phrase(
            "is more than {depth} folders deep, or longer than {most} letters", depth=DEPTH_MAX, most=PART_MAX
        )
    return None


def _fault_of_kind(entry: zipfile.ZipInfo) -> Phrase | None:
    """Why an entry is no plain file: a link, a device, locked, or packed in an unusual way."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return phrase("is a link")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return phrase("is no plain file")
    if entry.flag_bits & ENCRYPTED:
        return phrase("is locked with a password")
    return None if entry.compress_type in METHODS else phrase("is packed by a method that is not taken")


def _without_top(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files without the one folder that holds all of them, as systems add it when a folder is zipped."""
    tops = {name.partition("/")[0] for name in files}
    if len(tops) != 1 or not all("/" in name for name in files) or f"{next(iter(tops))}/" == LAW_FOLDER:
        return files
    return {name.partition("/")[2]: text for name, text in files.items()}


def _folded(name: str) -> str:
    """A name as systems compare it that know no difference of case."""
    return unicodedata.normalize("NFKC", name.removesuffix("/")).casefold()


def _shown(name: str) -> Phrase:
    return phrase("{}", name[:PART_MAX])


def _too_large(name: str, words: Phrase) -> Finding:
    return Finding("too-large", Place(_shown(name)), words, phrase("upload the files of law of this county alone"))
