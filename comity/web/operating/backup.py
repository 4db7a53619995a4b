"""Backups of a desk on SQLite: one file with the database, the configuration, its folders of law and the archive, without the keys.

The database is copied while the desk runs, page by page and as of one moment. Both a backup and what is restored from it are verified:
the database's own check, the chain of events, and every signed head. A desk on PostgreSQL is backed up by that database's own means.
"""

from __future__ import annotations

import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from comity.desk.audit.verifier import Verified, verify
from comity.desk.config import DeskSettings, read_settings
from comity.finding import Finding, InputFault, Place, phrase
from comity.law.library import law_files
from comity.web.start import settings_in

MANIFEST, DATABASE, CONFIG, ARCHIVE = "backup.json", "desk.sqlite3", "desk.toml", "law-archive/"
LAW = "law-folders/"  # the law of the configuration, by the number of its folder
NAMES = (MANIFEST, DATABASE, CONFIG)
BYTES_MAX = 1 << 40


class Backup(Struct, frozen=True, kw_only=True):
    """What a backup holds: when it was made, how many events, and the root of their tree."""

    made_at: datetime
    events: int
    root: str


def write_backup(config: Path, target: Path) -> Backup:
    """Backs a desk up into a new file, which is there whole or not at all; raises `InputFault`."""
    settings, folder = settings_in(config)
    if settings.database.engine != "sqlite":
        help = phrase("use pg_dump, as docs/desk-runbook.md describes")
        raise _fault("not-sqlite", config, "is a desk on PostgreSQL", help)
    if target.exists():
        raise _fault("file-exists", target, "is there already", phrase("name a new file"))
    source = folder / settings.database.path
    if not source.exists():
        raise _fault("no-database", source, "is not there", phrase("start the desk once, and it makes its database"))
    part = target.with_name(target.name + ".part")
    with tempfile.TemporaryDirectory(dir=target.resolve().parent) as work:
        copy = Path(work) / DATABASE
        with closing(sqlite3.connect(source)) as desk, closing(sqlite3.connect(copy)) as database:
            desk.backup(database)
        backup = _checked(copy)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(MANIFEST, msgspec.json.encode(backup))
            archive.write(copy, DATABASE)
            archive.write(config, CONFIG)
            for path in sorted((folder / settings.archive).glob("*")):
                archive.write(path, ARCHIVE + path.name)
            for number, name in enumerate(settings.law_folders):
                for inside, path in law_files([folder / name]).items():
                    archive.write(path, f"{LAW}{number}/{inside}")
    part.rename(target)
    return backup


def restore_backup(file: Path, folder: Path) -> tuple[Backup, list[str]]:
    """Unpacks a backup into a new folder and verifies it; returns what it holds, and the names of the keys that are missing there."""
    if folder.exists() and any(folder.iterdir()):
        raise _fault("folder-not-empty", folder, "is not empty", phrase("name a new folder"))
    try:
        with zipfile.ZipFile(file) as archive:
            wanted = msgspec.json.decode(archive.read(MANIFEST), type=Backup)
            settings = _unpack(archive, folder)
    except (OSError, KeyError, zipfile.BadZipFile, msgspec.MsgspecError) as fault:
        raise _fault("no-backup", file, "is no backup of a desk that can be read", phrase("{}", fault)) from fault
    found = _checked(folder / settings.database.path)
    if (found.events, found.root) != (wanted.events, wanted.root):
        raise _fault("other-record", file, "holds another record than its manifest says", phrase("use another backup"))
    keys = (settings.key_file, settings.signing_key_file, settings.secret_file)
    return found, [name for name in keys if not (folder / name).exists()]


def _unpack(archive: zipfile.ZipFile, folder: Path) -> DeskSettings:
    """Writes the files of a backup where its configuration wants them; a name that no backup has is refused."""
    for entry in archive.infolist():
        name = entry.filename
        plain = name.removeprefix(ARCHIVE)
        is_ours = name in NAMES or (name.startswith(ARCHIVE) and Path(plain).name == plain)
        is_law = name.startswith(LAW) and not {"", ".", ".."}.intersection(name.split("/"))
        if entry.file_size > BYTES_MAX or not (is_ours or is_law):
            raise zipfile.BadZipFile(f"has a file {name!r}")
    folder.mkdir(parents=True, exist_ok=True)
    archive.extract(CONFIG, folder)
    settings, findings = read_settings(folder / CONFIG)
    if settings is None:
        raise InputFault(findings)
    with tempfile.TemporaryDirectory(dir=folder) as work:
        archive.extractall(work)
        target = folder / settings.database.path
        target.parent.mkdir(parents=True, exist_ok=True)
        (Path(work) / DATABASE).rename(target)
        if (Path(work) / ARCHIVE).is_dir():
            (Path(work) / ARCHIVE).rename(folder / settings.archive)
        for number, name in enumerate(settings.law_folders):
            law, place = Path(work) / LAW / str(number), (folder / name).resolve()
            if law.is_dir() and place.is_relative_to(folder.resolve()):  # one that lay elsewhere is copied by hand
                place.parent.mkdir(parents=True, exist_ok=True)
                law.rename(place)
    return settings


def _checked(database: Path) -> Backup:
    """What a database holds, once it was found whole; raises `InputFault`."""
    with closing(sqlite3.connect(database)) as connection:
        [said] = connection.execute("PRAGMA integrity_check").fetchone()
        if said != "ok":
            raise _fault("broken-database", database, "is broken", phrase("{}", said))
        verified = _verified(connection)
    if verified.faults:
        raise _fault(
            "broken-record", database, "holds a record that is not whole", phrase("{}", str(verified.faults[0]))
        )
    return Backup(made_at=datetime.now(UTC), events=verified.events, root=verified.root)


def _verified(connection: sqlite3.Connection) -> Verified:
    heads = "SELECT size, 0, line FROM desk_head"
    changes = "SELECT json_extract(CAST(line AS TEXT), '$.size'), number, line FROM desk_key_change"
    rows = connection.execute(f"{heads} UNION ALL {changes} ORDER BY 1, 2").fetchall()
    return verify(_lines(connection), [bytes(line) for _, _, line in rows])


def _lines(connection: sqlite3.Connection) -> Iterator[bytes]:
    for (line,) in connection.execute("SELECT line FROM desk_entry ORDER BY number"):
        yield bytes(line)


def _fault(code: str, path: Path, words: str, help: object) -> InputFault:
    return InputFault([Finding(code, Place(str(path)), phrase(words), help)])  # type: ignore[arg-type]
