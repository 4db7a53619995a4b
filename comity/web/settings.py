"""The settings of Django for a desk, made from its one configuration file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from comity.desk.config import DatabaseConfig, DeskSettings

TEMPLATES = Path(__file__).parent / "templates"
SQLITE_AT_START = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=10000; "
    "PRAGMA secure_delete=ON; PRAGMA trusted_schema=OFF;"
)
IDLE_SECONDS = 15 * 60  # without a click, then the screen locks; a warning comes two minutes before


def database_of(config: DatabaseConfig, folder: Path, password: str = "") -> dict[str, Any]:
    """The database as Django describes it. Transactions begin by taking the lock that writing needs."""
    if config.engine == "sqlite":
        options = {"transaction_mode": "IMMEDIATE", "init_command": SQLITE_AT_START, "timeout": 10}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / config.path), "OPTIONS": options}
    return _postgres(config, password)


def _postgres(config: DatabaseConfig, password: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql", "NAME": config.name, "HOST": config.host,
        "PORT": config.port or "", "USER": config.user, "PASSWORD": password, "CONN_MAX_AGE": 60,
    }  # fmt: skip


def django_settings(settings: DeskSettings, folder: Path, *, secret: str, password: str = "") -> dict[str, Any]:
    """All settings of Django for a desk."""
    return {
        "SECRET_KEY": secret,
        "DEBUG": False,
        "ALLOWED_HOSTS": [*settings.hosts],
        "INSTALLED_APPS": ["django.contrib.contenttypes", "django.contrib.auth", "comity.desk.apps.DeskConfig"],
        "DATABASES": {"default": database_of(settings.database, folder, password)},
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
    }
