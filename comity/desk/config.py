"""The one configuration file of a desk, read from TOML with its faults as findings."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from comity.desk.sealing import KEY_LENGTH
from comity.finding import Finding, Place, phrase

SECRET_LENGTH_MIN = 32


class DatabaseConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the record is kept: a file of SQLite, or a database of PostgreSQL."""

    engine: Literal["sqlite", "postgres"] = "sqlite"
    path: str = "desk.sqlite3"
    name: str = ""
    host: str = ""
    port: int = 0
    user: str = ""
    password_file: str = ""


class AlarmConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where alarms go beside the screens."""

    emails: tuple[str, ...] = ()
    webhook: str = ""
    webhook_key_file: str = ""
    mail_host: str = "localhost"
    mail_port: int = 25
    mail_from: str = "desk@localhost"
    mail_tls: Literal["", "starttls", "tls"] = ""
    mail_user: str = ""
    mail_password_file: str = ""


class DeskSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a county says of its desk. Paths are relative to the file."""

    place: str
    agency_kind: str = "sheriff"
    agency_name: str = ""
    title: str = "Detainer desk"
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    law_folders: tuple[str, ...] = ()
    key_file: str = "desk.key"  # seals persons' keys: keep it apart from the database and its backups
    signing_key_file: str = "signing.key"
    secret_file: str = "secret.key"  # signs sessions
    archive: str = "law-archive"
    database: DatabaseConfig = DatabaseConfig()
    alarms: AlarmConfig = AlarmConfig()
    behind_proxy: bool = False  # TLS ends at a proxy, which sets X-Forwarded-Proto


def read_settings(path: Path) -> tuple[DeskSettings | None, list[Finding]]:
    """The settings in a file, or the findings that say what is wrong with it."""
    where = Place(str(path))
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        return None, [Finding("unreadable", where, phrase("cannot be read: {}", fault.strerror or "unknown fault"))]
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        return None, [Finding("not-toml", where, phrase("is no TOML: {}", fault))]
    try:
        return msgspec.convert(document, DeskSettings), []
    except msgspec.ValidationError as fault:
        return None, [Finding("bad-setting", where, phrase("{}", fault))]


def key_of(path: Path, length: int = KEY_LENGTH) -> tuple[bytes, list[Finding]]:
    """A key from its file, which nobody but its owner may read."""
    where = Place(str(path))
    try:
        if os.name != "nt" and path.stat().st_mode & 0o077:
            help = phrase("chmod 600 {}", path)
            return b"", [Finding("unsafe-key", where, phrase("may be read by others"), help)]
        content = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as fault:
        help = phrase("comity desk init makes the keys of a new desk")
        return b"", [Finding("no-key", where, phrase("cannot be read: {}", fault.strerror or ""), help)]
    except ValueError:
        return b"", [Finding("no-key", where, phrase("holds no key in hexadecimal digits"))]
    if len(content) != length:
        return b"", [
            Finding(
                "no-key",
                where,
                phrase("holds {found} bytes, and a key has {length}", found=len(content), length=length),
            )
        ]
    return content, []
