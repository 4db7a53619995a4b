"""`comity law`: the law in force at a place."""

from __future__ import annotations

import click

from comity import api
from comity.commands.options import day_given, folders, shared
from comity.commands.output import show_json, show_page
from comity.lawview.page import page_of


@click.command("law")
@click.argument("place")
@click.option("--on", metavar="DAY", help="The local day; today there by default.")
@click.option("--known-on", metavar="DAY", help="Answer as it would have been answered on this day.")
@shared
def command(place: str, on: str | None, known_on: str | None, library: tuple[str, ...], as_json: bool) -> None:
    """Shows the law in force at a place on a day: by action, with citations, and what overrides what.

    \b
    Example: comity law us/fl/miami-dade --on 2017-01-26
    """
    day, known = day_given(on, "--on"), day_given(known_on, "--known-on")
    view = api.law_at(place, on=day, known_on=known, library=api.load(folders(library)))
    if as_json:
        show_json(view.to_dict())
    else:
        show_page(page_of(view))
