"""The files of the checkout, without generated ones, for the tests of the house."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "comity"
GENERATED = ("__pycache__", "build", "dist")
SITE = ROOT / "site"  # the documentation, built


@cache
def files(suffix: str = "") -> tuple[Path, ...]:
    """Every file of the project whose name has this ending, without hidden folders other than .ci."""
    return tuple(sorted(path for path in _walk() if path.name.endswith(suffix)))


def _walk() -> Iterator[Path]:
    for folder, names, inside in os.walk(ROOT):
        names[:] = [name for name in names if _ours(name) and Path(folder, name) != SITE]
        yield from (Path(folder, name) for name in inside if name != ".git")


def _ours(folder: str) -> bool:
    if folder.startswith("."):
        return folder == ".ci"
    return folder not in GENERATED and not folder.endswith(".egg-info")


def name_of(path: Path) -> str:
    """The path relative to the root, with slashes."""
    return path.relative_to(ROOT).as_posix()


def must_pass(*command: str) -> None:
    """Runs a tool of the environment at the root; fails with its output if it fails."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        pytest.fail(done.stdout, pytrace=False)
