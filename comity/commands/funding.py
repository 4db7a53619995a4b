"""`comity funding`: which federal money is at stake at a place, and what stands between."""

from __future__ import annotations

import click

from comity import api as calls
from comity.commands.options import day_given, folders, shared
from comity.commands.output import show_json, show_page


@click.command("funding", short_help="Which federal money is at stake, and what stands between.")
@click.argument("place")
@click.option("--on", metavar="DAY", help="The local day; today there, where none is given.")
@shared
def command(place: str, on: str | None, library: tuple[str, ...], as_json: bool) -> None:
    """Shows the federal grant programmes, the conditions put on them, whether each has force at a place on a day or is stopped
    there by a court, and whether the law in force there breaches it: proved, with a request that shows it.

    Below each condition stands the Spending Clause test, element by element, with the facts that speak for and against. No verdict.

    \b
    Example: comity funding us/fl/miami-dade --on 2017-02-01
    """
    own = folders(library)
    found = calls.funding(place, on=day_given(on, "--on"), library=calls.load(own), folders=own)
    if as_json:
        show_json(found.to_dict())
    else:
        from comity.funding.page import page_of  # noqa: PLC0415  JSON needs no page

        show_page(page_of(found))
