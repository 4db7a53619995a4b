"""The files of the drafting room: the runtime as it is, and one archive with the libraries, this program and the law as read.

The law is written as it was read, since a browser would take a minute to read all of its files.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from comity.authoring.draft import SUFFIX, ReadLaw
from comity.law.cache import file_digests, shipped
from comity.law.library import FACTS_FILE, law_files
from comity.program import PACKAGE
from comity.session import Law
from comity.site.drafting.packages import read_lock
from comity.site.drafting.room import LAW_FILE
from comity.site.site_page import SiteFile

FOLDER = "drafting/"
RUNTIME, ARCHIVE = f"{FOLDER}runtime/", f"{FOLDER}room.zip"
LIBRARIES, LAW = "packages/", "law/"  # in the archive
ROOM_MODULE = "comity.site.drafting.room"
# Rooms that need what a browser lacks, or that make what it has no use for; of this room, what Python runs in the worker.
LEFT_OUT = ("board", "commands", "desk", "site", "warehouse", "web")
OF_SITE = (
    "__init__.py",
    "badge.py",
    "standard_requests.py",
    "standard_requests.yaml",
    "drafting/__init__.py",
    "drafting/room.py",
)
PARTS = {"msgspec": ("msgspec/",), "PyYAML": ("yaml/",), "tzdata": ("tzdata/",)}
COMPILED_ELSEWHERE = "manylinux"
FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # of every entry, so that the archive has the same bytes each time


def room_files(law: Law, packages: Mapping[str, bytes]) -> Iterator[SiteFile]:
    """The runtime and the archive; `packages` has the files of the lock by name."""
    for name in read_lock().files:
        yield SiteFile(f"{RUNTIME}{name}", packages[name])
    entries = {**dict(_libraries(packages)), **dict(program_entries()), **dict(law_entries(law))}
    yield SiteFile(ARCHIVE, _archive(entries))


def law_entries(law: Law) -> Iterator[tuple[str, bytes]]:
    """The law as it was read, and the tables that are read when a city or a jail is first looked up."""
    files = law_files([shipped(), *law.folders])
    yield LAW + LAW_FILE, law_as_read(law, files)
    late = {*law.library.gazetteer.city_tables, *law.library.jail_tables}
    for name, path in files.items():
        if str(path) in late:
            yield LAW + name, path.read_bytes()


def law_as_read(law: Law, files: Mapping[str, Path]) -> bytes:
    """The law with the digests and texts of its files, in MessagePack; each path of this machine becomes the file's name."""
    digests = file_digests(files)
    texts = {
        name.removesuffix(SUFFIX): path.read_text(encoding="utf-8")
        for name, path in files.items()
        if name.endswith(SUFFIX) and path.name != FACTS_FILE
    }
    read = ReadLaw(law.library, {name: digests[path] for name, path in files.items()}, texts)
    names = {str(path): name for name, path in files.items()}
    return msgspec.msgpack.encode(_renamed(msgspec.msgpack.decode(msgspec.msgpack.encode(read)), names))


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """A tree of plain values with some texts replaced."""
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    if isinstance(value, dict):
        return {key: _renamed(item, names) for key, item in value.items()}
    return value


def _libraries(packages: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for library in read_lock().libraries:
        with zipfile.ZipFile(io.BytesIO(packages[library.file])) as wheel:
            for name in wheel.namelist():
                is_code = not (name.endswith(".so") and COMPILED_ELSEWHERE in library.platform)
                if name.startswith(PARTS[library.name]) and is_code and not name.endswith("/"):
                    yield LIBRARIES + name, wheel.read(name)


def program_entries() -> Iterator[tuple[str, bytes]]:
    """The source of this package as far as the room runs it."""
    modules = (path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] not in LEFT_OUT)
    for path in (*modules, *(PACKAGE / "site" / name for name in OF_SITE)):
        yield f"{LIBRARIES}{PACKAGE.name}/{path.relative_to(PACKAGE).as_posix()}", path.read_bytes()


def _archive(entries: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in sorted(entries.items()):
            archive.writestr(zipfile.ZipInfo(name, FIRST_DATE), content, zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()
