"""Style: ruff's checks and its formatter, as pyproject.toml configures them."""

from __future__ import annotations

from tests.house.tree import must_pass


def test_ruff_finds_nothing() -> None:
    must_pass("-m", "ruff", "check", "--quiet", "--output-format=concise", ".")


def test_every_file_is_formatted() -> None:
    must_pass("-m", "ruff", "format", "--check", "--quiet", ".")
