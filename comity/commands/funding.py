"""`comity funding`: which federal money is at stake at a place, and under which conditions."""

from __future__ import annotations

import click

from comity import api
from comity.commands.options import day_given, folders, shared
from comity.commands.output import show_json, show_page


@click.command("funding")
@click.argument("place")
@click.option("--on", metavar="DAY", help="The local day; today there by default.")
@shared
def command(place: str, on: str | None, library: tuple[str, ...], as_json: bool) -> None:
    """Shows the federal grant programmes, the conditions put on them, whether each condition has force at a place on a day or is
    stopped there by a court, and whether the law in force there breaches it: proved, with a request that shows the breach.

    Below each condition are the elements of the Spending Clause test, with the facts for and against each, and no verdict.

    \b
    Example: comity funding us/fl/miami-dade --on 2017-02-01
    """
    law = api.load(folders(library))
    funding = api.money_at_stake(place, on=day_given(on, "--on"), library=law, folders=folders(library))
    if as_json:
        show_json(funding.to_dict())
    else:
        from comity.funding.page import page_of  # noqa: PLC0415  JSON needs no page

        show_page(page_of(funding))
