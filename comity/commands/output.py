"""Puts a page or a JSON document on standard output: in colour on a terminal, plain everywhere else."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from typing import Any

import click
import msgspec

from comity.page import WIDTH, Block, Style, laid_out, plain

WIDEST = 120
COLOURS: dict[Style, str] = {"heading": "bold", "strong": "bold", "quiet": "dim", "alarm": "bold red", "open": "bold yellow"}


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
