"""Puts a page or a JSON document on standard output: in colour on a terminal, plain everywhere else."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click
import msgspec

from comity.present.page import WIDTH, Block, Style, laid_out, plain

WIDEST = 120
COLOURS: dict[Style, str] = {
    "heading": "bold",
    "strong": "bold",
    "quiet": "dim",
    "alarm": "bold red",
    "open": "bold yellow",
}


def show_page(page: Iterable[Block]) -> None:
    """Prints a page: as wide as the terminal, or 100 columns where there is none."""
    if not sys.stdout.isatty():
        click.echo(plain(page, WIDTH), nl=False)
        return
    width = min(shutil.get_terminal_size().columns, WIDEST)
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        click.echo(plain(page, width), nl=False)
    else:
        _show_in_colour(page, width)


def _show_in_colour(page: Iterable[Block], width: int) -> None:
    from rich.console import Console  # noqa: PLC0415  for terminals only
    from rich.text import Text  # noqa: PLC0415

    console = Console(width=width, highlight=False, soft_wrap=True)
    for line in laid_out(page, width):
        console.print(Text.assemble(*((text, COLOURS.get(style, "")) for text, style in line)))


def show_json(document: Any) -> None:
    """Prints one JSON document, in UTF-8 whatever the terminal's own encoding."""
    click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2))


@contextmanager
def progress_of(rows: int | None) -> Iterator[Callable[[int], None] | None]:
    """A bar of rows read, on standard error and on a terminal only; `rows` is how many there are, where that is known."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415  for terminals only
    from rich.progress import Progress, TextColumn  # noqa: PLC0415

    columns = (*Progress.get_default_columns(), TextColumn("{task.completed:,.0f} rows"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Deciding", total=rows)
        yield lambda done: bar.update(task, completed=done)
