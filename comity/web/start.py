"""Starts the desk in a process: reads its configuration, sets Django up, opens the law and the record, refuses what is unsafe."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

import django
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings as django_conf
from django.core.management import call_command
from django.db import connection

from comity.desk.config import DeskSettings, key_of, read_settings
from comity.desk.sealing import KEY_LENGTH, DeskKey
from comity.finding import Finding, InputFault, Place, grave, phrase
from comity.law import cache
from comity.law.library import Library
from comity.web.settings import django_settings

CONFIG = "COMITY_DESK_CONFIG"  # the environment variable that names the file for processes of the server
NEXT = ".next"  # the ending of a key file that is about to replace the present one
SAFE_AT_START = {"synchronous": 2, "foreign_keys": 1}  # of SQLite: FULL, on


def make_keys(folder: Path, settings: DeskSettings) -> list[Path]:
    """Makes the keys that are not there yet, readable by their owner alone; returns the files that were made."""
    names = (settings.key_file, settings.signing_key_file, settings.secret_file)
    missing = [folder / name for name in names if not (folder / name).exists()]
    for path in missing:
        make_key(path)
    return missing


def make_key(path: Path) -> bytes:
    """Makes a key in a new file that only its owner may read, and returns it once the disk has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    key = secrets.token_bytes(KEY_LENGTH)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return key


def start(config: Path, *, migrate: bool = False) -> None:
    """Opens the desk of a configuration file in this process; raises `InputFault` on what is wrong or unsafe."""
    settings, folder = settings_in(config)
    names = (settings.key_file, settings.signing_key_file, settings.secret_file)
    keys = [key_of(folder / name) for name in names]
    faults = [finding for _, found in keys for finding in found]
    if faults:
        raise InputFault(faults)
    (key, _), (signing, _), (secret, _) = keys
    _set_up(settings, folder, secret.hex())
    if migrate:
        call_command("migrate", verbosity=0)
    _refuse_unsafe(config)
    _refuse_other_key(folder / settings.key_file, DeskKey(key))
    _open(settings, folder, DeskKey(key), Ed25519PrivateKey.from_private_bytes(signing))


def open_database(config: Path) -> tuple[DeskSettings, Path]:
    """Opens the database alone, with no key and no law, for what only counts and compares; returns the settings and their folder."""
    settings, folder = settings_in(config)
    _set_up(settings, folder, secrets.token_hex(KEY_LENGTH))
    return settings, folder


def settings_in(config: Path) -> tuple[DeskSettings, Path]:
    """The settings in a configuration file, and the folder that its paths begin at; raises `InputFault`."""
    settings, findings = read_settings(config)
    if settings is None:
        raise InputFault(findings)
    return settings, config.resolve().parent


def _set_up(settings: DeskSettings, folder: Path, secret: str) -> None:
    django_conf.configure(**django_settings(settings, folder, secret=secret, password=_password(folder, settings)))
    django.setup()


def _password(folder: Path, settings: DeskSettings) -> str:
    file = settings.database.password_file
    return (folder / file).read_text(encoding="utf-8").strip() if file else ""


def _refuse_unsafe(config: Path) -> None:
    """Refuses a database that answers before the disk has what was written."""
    found: dict[str, object] = {}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, safe in SAFE_AT_START.items():
                cursor.execute(f"PRAGMA {name}")
                if (value := cursor.fetchone()[0]) != safe:
                    found[name] = value
        else:
            for name in ("fsync", "full_page_writes"):
                cursor.execute(f"SHOW {name}")
                if (value := cursor.fetchone()[0]) != "on":
                    found[name] = value
            cursor.execute("SHOW synchronous_commit")
            if (value := cursor.fetchone()[0]) == "off":
                found["synchronous_commit"] = value
    if found:
        words = ", ".join(f"{name} is {value}" for name, value in found.items())
        message = phrase("the database is set so that it may lose what it acknowledged: {words}", words=words)
        raise InputFault([Finding("unsafe-database", Place(str(config)), message, phrase("set it back"))])


def _refuse_other_key(path: Path, key: DeskKey) -> None:
    """Refuses a key that does not open the persons of the record: with it, new persons would be sealed apart from the others.

    And a change of keys that was cut short: the keys on the disk may be a pair that never belonged together.
    """
    from comity.desk.rotation import opens_record  # noqa: PLC0415  the tables of the desk need Django set up

    begun = sorted(path.parent.glob(f"*{NEXT}"))
    if begun:
        help = phrase("comity desk rotate-keys finishes it")
        raise InputFault(
            [Finding("half-rotated", Place(str(begun[0])), phrase("a change of keys was cut short"), help)]
        )
    if "desk_person_key" in connection.introspection.table_names() and not opens_record(key):
        help = phrase(
            "put the key of this record there; comity desk rotate-keys finishes a change of keys that was cut short"
        )
        raise InputFault([Finding("other-key", Place(str(path)), phrase("does not open this record"), help)])


def _open(settings: DeskSettings, folder: Path, key: DeskKey, signing: Ed25519PrivateKey) -> None:
    from comity.desk.deciding import Bound  # noqa: PLC0415  the tables of the desk need Django set up
    from comity.desk.desk import Desk  # noqa: PLC0415
    from comity.web.at_desk import open_desk  # noqa: PLC0415
    from comity.web.operating.law_change import LawFolders, keep_folders  # noqa: PLC0415

    law = LawFolders(folder, settings, signing)
    library, folders = read_law(law.folders())
    place = library.gazetteer.named(settings.place)
    if place is None:
        raise InputFault([Finding("no-place", Place("place"), phrase('there is no place "{}"', settings.place))])
    law.archive.keep(library, folders)
    bound = Bound(place.path, settings.agency_kind, settings.agency_name)
    open_desk(Desk(bound, library, key, signing), folders[1:])
    keep_folders(law)


def read_law(folders: Sequence[Path]) -> tuple[Library, list[Path]]:
    """The shipped law with a county's folders over it, and the folders that it was read from."""
    library, findings = cache.load(folders)
    if grave(findings):
        raise InputFault(grave(findings))
    return library, [cache.shipped(), *folders]
