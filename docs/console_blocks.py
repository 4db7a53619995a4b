"""Console blocks: each line `$ comity ...` is run, and what it prints is shown below it.

`# exit 1` at the end of the line says that the command should end so; without it, that it should succeed.
Output that the page itself gives is held to what was printed; a line of `...` stands for any lines. Other
commands are only shown.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

SECONDS_MAX = 180
WRITTEN = re.compile(r"(?:.*\\\n)*.*\n?")
EXIT = re.compile(r"\s+# exit (\d+)$")
SETTINGS = {
    "COLUMNS": "100",
    "NO_COLOR": "1",
    "TERM": "dumb",
    "PYTHONIOENCODING": "utf-8",
    "PYTHONHASHSEED": "0",
}


class Command(NamedTuple):
    """A command as shown and as run, its expected exit code, and the output that the page gives for it."""

    shown: str
    line: str
    code: int
    given: list[str]


def run_block(text: str, root: Path) -> tuple[list[tuple[str, str]], list[str]]:
    """The pieces of the block, each with its kind (command or output), and where the outcome differs from the page."""
    pieces: list[tuple[str, str]] = []
    faults: list[str] = []
    for command in commands_in(text):
        pieces.append(("command", command.shown))
        if not command.line.startswith("comity ") and command.line != "comity":
            pieces += [("output", "\n".join(command.given) + "\n")] if command.given else []
            continue
        code, printed = outcome_of(command.line, root)
        pieces += [("output", printed)] if printed else []
        faults += faults_of(command, code, printed)
    return pieces, faults


def commands_in(text: str) -> Iterator[Command]:
    """Each command with the lines below it; a line that ends in a backslash continues on the next."""
    for block in re.split(r"^(?=\$ )", text, flags=re.MULTILINE):
        if not block.strip():
            continue
        written = next(WRITTEN.finditer(block))[0]
        line = written.removeprefix("$ ").replace("\\\n", " ").strip()
        code = EXIT.search(line)
        shown = EXIT.sub("", written.rstrip()) + "\n"
        given = block[len(written) :].strip("\n").splitlines()
        yield Command(shown, EXIT.sub("", line), int(code[1]) if code else 0, given)


@cache
def outcome_of(line: str, root: Path) -> tuple[int, str]:
    """The exit code of a command, and what it printed, without the path of this checkout."""
    command = [sys.executable, "-m", "comity", *shlex.split(line)[1:]]
    done = subprocess.run(
        command,
        cwd=root,
        env={**os.environ, **SETTINGS},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=SECONDS_MAX,
        check=False,
    )
    printed = "\n".join(row.rstrip() for row in done.stdout.replace(f"{root}{os.sep}", "").splitlines())
    return done.returncode, f"{printed}\n" if printed else ""


def faults_of(command: Command, code: int, printed: str) -> list[str]:
    if code != command.code:
        last = printed.strip().splitlines()[-1:] or ["it printed nothing"]
        return [f"`{command.line}` ended with {code} and not {command.code}: {last[0]}"]
    if command.given and not agrees(command.given, printed.rstrip("\n").split("\n")):
        return [f"`{command.line}` no longer prints what the page says it prints"]
    return []


def agrees(given: list[str], printed: list[str]) -> bool:
    """Whether the printed lines are those given; a given line `...` matches any number of lines."""
    pattern = "".join(r"(?:.*\n)*?" if row.strip() == "..." else re.escape(row.rstrip()) + r"\n" for row in given)
    return re.fullmatch(pattern, "".join(f"{row.rstrip()}\n" for row in printed)) is not None
