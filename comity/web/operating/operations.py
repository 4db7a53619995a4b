"""What an administrator does to a desk from the command line: begin it, back it up, restore it, change its keys, write its record out.

Each opens what it needs of the desk in this process, and imports what needs Django only then.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from comity.desk.config import DeskSettings, key_of
from comity.desk.law_archive import LawArchive
from comity.desk.sealing import DeskKey
from comity.finding import Finding, InputFault, Place, phrase
from comity.present.files import write_files
from comity.web.start import NEXT, make_key, make_keys, open_database, read_law, settings_in, start

CONFIG_NAME = "desk.toml"
CONFIG = """# The configuration of a desk. docs/desk-runbook.md describes each line.
place = "{place}"
agency_kind = "{kind}"
hosts = ["127.0.0.1", "localhost"]   # add the name that the proxy forwards
behind_proxy = false                 # true once a proxy with TLS is in front

[database]
{database}

[alarms]
# emails = ["shift@sheriff.example"]
# webhook = "https://pager.example/alarms"
# webhook_key_file = "webhook.key"
"""
SQLITE = 'engine = "sqlite"'
POSTGRES = 'engine = "postgres"\nname = "desk"\nuser = "desk"\nhost = "127.0.0.1"\npassword_file = "database.password"'


class Rotated(Struct, frozen=True):
    """A change of keys: how many persons were sealed again, and the files of the keys before, which are to be destroyed."""

    persons: int
    replaced: list[Path]
    was_finished: bool = False  # an earlier change, which had been cut short


# ---- beginning ----


def begin_desk(folder: Path, place: str, *, agency_kind: str = "sheriff", postgres: bool = False) -> list[Path]:
    """Writes the configuration and the keys of a new desk; returns the files. Raises `InputFault` where one is there already."""
    library, _ = read_law(())
    found = library.gazetteer.named(place)
    if found is None:
        raise InputFault([Finding("no-place", Place("place"), phrase('there is no place "{}"', place))])
    taken = (
        [path for path in folder.iterdir() if path.suffix in (".key", ".toml", ".sqlite3")] if folder.is_dir() else []
    )
    if taken:
        help = phrase("name a folder without a desk")
        raise InputFault([Finding("desk-exists", Place(str(taken[0])), phrase("is there already"), help)])
    text = CONFIG.format(place=found.path, kind=agency_kind, database=POSTGRES if postgres else SQLITE)
    write_files(folder, {CONFIG_NAME: text.encode()})
    return [folder / CONFIG_NAME, *make_keys(folder, DeskSettings(place=found.path))]


# ---- the record ----


def sign_record(config: Path) -> tuple[int, str]:
    """Signs the tree of all events; returns how many there are, and the public key that an auditor checks it with."""
    start(config)
    from comity.desk.audit.lines import public_digits  # noqa: PLC0415
    from comity.web.at_desk import this_desk  # noqa: PLC0415

    return this_desk().sign(), public_digits(this_desk().signing_key)


def write_record(config: Path, file: Path) -> tuple[int, int]:
    """Writes the record to a file and its heads beside it, as FILE.heads; returns how many lines each has."""
    open_database(config)
    from comity.desk.record import head_lines, record_lines  # noqa: PLC0415

    heads = head_lines()
    return _write_lines(file, record_lines()), _write_lines(Path(f"{file}.heads"), heads)


def _write_lines(path: Path, lines: Iterable[bytes]) -> int:
    """Writes lines to a file that is there whole or not at all."""
    count, part = 0, path.with_name(path.name + ".part")
    with part.open("wb") as file:
        for line in lines:
            file.write(line)
            count += 1
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return count


# ---- keys ----


def rotate_keys(config: Path) -> Rotated:
    """Changes the keys of a desk that is stopped. Cut short at any moment, it is finished or undone by calling it again."""
    settings, folder = settings_in(config)
    paths = [folder / settings.key_file, folder / settings.signing_key_file]
    begun = [path.with_name(path.name + NEXT) for path in paths]
    open_database(config)
    from comity.desk import clockwork, rotation  # noqa: PLC0415

    now = datetime.now(UTC)
    if not clockwork.is_late(now):
        help = phrase("stop comity serve and its clockwork, and try again three minutes later")
        raise InputFault([Finding("desk-runs", Place(str(config)), phrase("the desk is running"), help)])
    archive = folder / settings.archive
    if begun[1].exists() and rotation.handed_over_to(_signing_of(begun[1])):
        return Rotated(0, _replace(paths, begun, archive, now), was_finished=True)
    for path in begun:  # of a change that was cut short before the database had it
        path.unlink(missing_ok=True)
    keys = rotation.Keys(DeskKey(_content_of(paths[0])), _signing_of(paths[1]))
    key, signing = (make_key(path) for path in begun)
    persons = rotation.rotate(keys, rotation.Keys(DeskKey(key), Ed25519PrivateKey.from_private_bytes(signing)), now)
    return Rotated(persons, _replace(paths, begun, archive, now))


def _content_of(path: Path) -> bytes:
    content, findings = key_of(path)
    if findings:
        raise InputFault(findings)
    return content


def _signing_of(path: Path) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_content_of(path))


def _replace(paths: list[Path], begun: list[Path], archive: Path, now: datetime) -> list[Path]:
    """Puts the next keys in the place of those before, which get the moment in their names; returns the files of those before."""
    if paths[1].exists():
        LawArchive(archive, _signing_of(paths[1])).sign_again(_signing_of(begun[1]))
    replaced = []
    for path, next in zip(paths, begun, strict=True):
        if next.exists():
            if path.exists():
                old = path.with_name(f"{path.name}.until-{now:%Y%m%dT%H%M%SZ}")
                path.rename(old)
                replaced.append(old)
            next.rename(path)
    return replaced
