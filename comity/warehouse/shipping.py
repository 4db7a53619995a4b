"""What a process on another machine needs to decide rows: the law as bytes, and the package as a file to import it from."""

from __future__ import annotations

import atexit
import hashlib
import io
import shutil
import tempfile
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from comity.law.library import Library
from comity.program import PACKAGE

LEVEL = 1  # of compression: a third of the bytes at a tenth of the time of the best


class ShippedLaw(Struct, frozen=True):
    """The law as read, and the content of the tables that the library reads only when a facility is looked up."""

    library: Library
    tables: tuple[bytes, ...]


def pack_law(library: Library) -> bytes:
    """The whole law as bytes that `unpack_law` reads on a machine without its files."""
    tables = tuple(Path(table).read_bytes() for table in library.jail_tables)
    return zlib.compress(msgspec.msgpack.encode(ShippedLaw(library, tables)), LEVEL)


@lru_cache(maxsize=1)
def unpack_law(content: bytes) -> Library:
    """The law in these bytes; the last one is held, so that the tasks of a process share it."""
    shipped = msgspec.msgpack.decode(zlib.decompress(content), type=ShippedLaw)
    folder = Path(tempfile.gettempdir()) / f"comity-law-{hashlib.sha256(content).hexdigest()[:16]}"
    folder.mkdir(mode=0o700, exist_ok=True)
    paths = []
    for number, table in enumerate(shipped.tables):
        path = folder / f"{number}.csv"
        if not path.is_file() or path.read_bytes() != table:
            with tempfile.NamedTemporaryFile(dir=folder, delete=False) as part:  # other processes write it, too
                part.write(table)
            Path(part.name).replace(path)
        paths.append(str(path))
    return structs.replace(shipped.library, jail_tables=tuple(paths))


@lru_cache(maxsize=1)
def packed_package() -> Path:
    """The package as a zip file from which Python imports it. It is there while this process runs; its name is that of its content."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(PACKAGE.rglob("*.py")):
            entry = zipfile.ZipInfo(
                file.relative_to(PACKAGE.parent).as_posix()
            )  # without a time, so that equal files are equal
            archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)
    folder = Path(tempfile.mkdtemp(prefix="comity-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / f"comity-{hashlib.sha256(content.getvalue()).hexdigest()[:16]}.zip"
    path.write_bytes(content.getvalue())
    return path
