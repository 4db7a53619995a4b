"""`comity law`: the law in force at a place."""

from __future__ import annotations

import click

from comity import api
from comity.commands.options import day_given, folders, shared
from comity.commands.output import show_json, show_page
from comity.lawview.page import full_page_of, page_of


@click.command("law")
@click.argument("place")
@click.option("--on", metavar="DAY", help="The local day; today there by default.")
@click.option("--known-on", metavar="DAY", help="Answer as it would have been answered on this day.")
@click.option("--full", is_flag=True, help="Print everything, and not the page of about 60 lines.")
@shared
def command(
    place: str, on: str | None, known_on: str | None, library: tuple[str, ...], as_json: bool, full: bool
) -> None:
    """Shows the law in force at a place on a day: for each action the default and its exceptions, then duties and risks.

    The heading says to which day the law of the place was researched.

    \b
    Example: comity law us/fl/miami-dade --on 2017-01-26
    """
    day, known = day_given(on, "--on"), day_given(known_on, "--known-on")
    view = api.law_at(place, on=day, known_on=known, library=api.load(folders(library)))
    if as_json:
        show_json(view.to_dict())
    else:
        show_page((full_page_of if full else page_of)(view))
