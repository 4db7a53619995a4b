"""`comity law`: what is in force at a place."""

from __future__ import annotations

import click

from comity import api as calls
from comity.commands.options import day_given, folders, shared
from comity.commands.output import show_json, show_page
from comity.lawview.page import page_of


@click.command("law", short_help="What is in force at a place, and what yields to what.")
@click.argument("place")
@click.option("--on", metavar="DAY", help="The local day; today there, where none is given.")
@click.option("--known-on", metavar="DAY", help="As one would have answered on this day.")
@shared
def command(place: str, on: str | None, known_on: str | None, library: tuple[str, ...], as_json: bool) -> None:
    """Shows the law in force at a place on a day: by action, with its citations, and what yields to what.

    \b
    Example: comity law us/fl/miami-dade --on 2017-01-26
    """
    day, known = day_given(on, "--on"), day_given(known_on, "--known-on")
    view = calls.law(place, day, known_on=known, library=calls.load(folders(library)))
    if as_json:
        show_json(view.to_dict())
    else:
        show_page(page_of(view))
