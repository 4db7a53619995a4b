"""Runs a command in this process, and compares its output with pinned files."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from click.testing import CliRunner, Result

from comity.cli import main

ACCEPT = bool(os.environ.get("COMITY_ACCEPT"))


def run(command: str, stdin: str | None = None) -> Result:
    """Runs a command line, given without the leading `comity`."""
    return CliRunner().invoke(main, shlex.split(command), input=stdin)


def pinned(path: Path, text: str) -> None:
    """Compares a text with its pinned file, or with COMITY_ACCEPT=1 writes that file."""
    if ACCEPT:
        path.write_text(text, encoding="utf-8", newline="\n")
    assert path.is_file(), f"{path.name} is missing: COMITY_ACCEPT=1 writes it"
    assert text == path.read_text(encoding="utf-8")
