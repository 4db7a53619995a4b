"""Prints a page or a JSON document on standard output: in colour on a terminal, plain everywhere else."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import msgspec

from comity.present.page import WIDTH, Block, Style, as_text, lay_out

WIDTH_MAX = 120
STYLES: dict[Style, dict[str, Any]] = {
    "": {},
    "heading": {"bold": True},
    "strong": {"bold": True},
    "quiet": {"dim": True},
    "alarm": {"bold": True, "fg": "red"},
    "open": {"bold": True, "fg": "yellow"},
}
CLEAR_LINE = "\r\x1b[K"


def show_page(page: Iterable[Block]) -> None:
    """Prints a page: as wide as the terminal, or 100 columns where there is none."""
    if not sys.stdout.isatty():
        click.echo(as_text(page, WIDTH), nl=False)
        return
    import shutil  # noqa: PLC0415  with the libraries of archives, which no output to a file needs

    width = min(shutil.get_terminal_size().columns, WIDTH_MAX)
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        click.echo(as_text(page, width), nl=False)
        return
    for line in lay_out(page, width):
        click.echo("".join(click.style(text, **STYLES[style]) if STYLES[style] else text for text, style in line))


def show_json(document: Any) -> None:
    """Prints one JSON document, in UTF-8 whatever the terminal's encoding is."""
    click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2))


def show_written(paths: Iterable[Path]) -> None:
    """Prints the path of each file that was written, below a page; nothing where there is none."""
    lines = [f"\nwritten: {path.as_posix()}" for path in paths]
    if lines:
        click.echo("".join(lines))


@contextmanager
def progress_of(rows: int | None) -> Iterator[Callable[[int], None] | None]:
    """Shows how many of `rows` are decided, on standard error and only on a terminal; `rows` is None where it is not known."""
    if not sys.stderr.isatty():
        yield None
        return
    of_all = "" if rows is None else f" of {rows:,}"
    try:
        yield lambda done: click.echo(f"{CLEAR_LINE}{done:,}{of_all} rows decided", nl=False, err=True)
    finally:
        click.echo(CLEAR_LINE, nl=False, err=True)
