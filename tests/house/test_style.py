"""Style: ruff's checks, as pyproject.toml chooses them. Layout is left to whoever writes."""

from __future__ import annotations

from tests.house.tree import must_pass


def test_ruff_finds_nothing() -> None:
    must_pass("-m", "ruff", "check", "--quiet", "--output-format=concise", ".")
