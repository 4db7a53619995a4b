"""What every command shares: the county's own law, JSON or a page, and days and files read from the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from comity.finding import Finding, InputFault, Place
from comity.period import day_of

Command = TypeVar("Command", bound=Callable[..., Any])


def shared(command: Command) -> Command:
    """Adds `--library` and `--json` to a command, which gets `library` (folders) and `as_json`."""
    library = click.option(
        "--library",
        multiple=True,
        metavar="DIR",
        help="A folder of a county's own law, laid over the shipped law; repeatable.",
    )
    json = click.option(
        "--json", "as_json", is_flag=True, help="One JSON document on standard output, and nothing else there."
    )
    return library(json(command))


def day_given(text: str | None, option: str) -> date | None:
    """The day that an option names; raises `InputFault` where it is none."""
    if text is None:
        return None
    day = day_of(text)
    if day is None:
        raise bad(option, "not-a-day", f'"{text}" is no day', "write YYYY-MM-DD, as in 2017-01-26")
    return day


def content_of(path: str) -> tuple[bytes, str]:
    """The content of a file, or of standard input for `-`, and the name that findings give it."""
    if path == "-":
        return sys.stdin.buffer.read(), "standard input"
    try:
        return Path(path).read_bytes(), path
    except FileNotFoundError:
        raise bad(
            path, "no-file", "there is no such file", "name a file that exists, or - for standard input"
        ) from None
    except IsADirectoryError:
        raise bad(path, "no-file", "this is a folder", "name a file, or - for standard input") from None
    except OSError as fault:
        raise bad(
            path, "no-file", f"cannot be read: {(fault.strerror or str(fault)).lower()}", "name a file that can be read"
        ) from None


def bad(where: str, code: str, message: str, help: str) -> InputFault:
    """A fault of the command line, to be raised."""
    return InputFault([Finding(code, Place(where), message, help)])


def refuse(findings: Iterable[Finding]) -> None:
    """Raises `InputFault` where there is a grave finding."""
    stopping = [finding for finding in findings if finding.grave]
    if stopping:
        raise InputFault(stopping)


def folders(library: Sequence[str]) -> list[Path]:
    return [Path(folder) for folder in library]
