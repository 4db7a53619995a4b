"""Types: the whole package under mypy's strict mode, as pyproject.toml sets it."""

from __future__ import annotations

from tests.house.tree import must_pass


def test_the_package_is_strictly_typed() -> None:
    must_pass("-m", "mypy")
