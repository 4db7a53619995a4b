"""A desk of a made-up sheriff in Miami-Dade on a real database: a file of SQLite, or a PostgreSQL that the tests start."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.management import call_command

from comity.desk.config import DatabaseConfig, DeskSettings
from comity.web.settings import django_settings

SECRET = "only for tests " * 4
# The other database, for the process that runs these tests again on it: host, port, user and name.
OTHER = os.environ.get("COMITY_DESK_POSTGRES", "")


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("desk")
    config = DatabaseConfig()
    if OTHER:
        host, port, user, name = OTHER.split(",")
        config = DatabaseConfig(engine="postgres", host=host, port=int(port), user=user, name=name)
    if not settings.configured:
        desk_settings = DeskSettings(
            place="us/fl/miami-dade", database=config, hosts=("testserver", "127.0.0.1", "localhost")
        )
        settings.configure(**django_settings(desk_settings, folder, secret=SECRET))
        django.setup()
    call_command("migrate", verbosity=0)


@pytest.fixture
def desk(database: None) -> Iterator[Any]:
    """A desk whose law is the shipped one."""
    from comity.api import load
    from comity.desk.deciding import Bound
    from comity.desk.desk import Desk
    from comity.desk.sealing import DeskKey

    opened = Desk(
        Bound("us/fl/miami-dade", "corrections_department"), load(), DeskKey(bytes(32)), Ed25519PrivateKey.generate()
    )
    yield opened
    opened.ledger.close()


@pytest.fixture
def served(desk: Any) -> Iterator[Any]:
    """The desk of the test as the one that pages work on; passwords are hashed quickly."""
    from django.test import override_settings

    from comity.web.at_desk import open_desk

    open_desk(desk)
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield desk


NOON = datetime(2026, 11, 2, 17, tzinfo=UTC)  # a Monday, noon in Miami


def after(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


SAMPLE_PAPER = b"%PDF-1.7 a made-up paper"
ROOT = Path(__file__).resolve().parents[2]
