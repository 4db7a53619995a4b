"""`comity classify`: which definitions of a sanctuary jurisdiction a place meets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import click

from comity import api as calls
from comity.classification.page import page_of, table_of
from comity.commands.options import bad, day_given, folders, shared
from comity.commands.output import show_json, show_page

YEARS_MAX = 60


@click.command("classify", short_help="Which definitions of a sanctuary jurisdiction a place meets.")
@click.argument("places", metavar="PLACE...", nargs=-1, required=True)
@click.option(
    "--on", "days", metavar="DAY", multiple=True, help="The local day; today there, where none is given; repeatable."
)
@click.option("--years", metavar="FROM-TO", help="1 January of each of these years, as in 2013-2025.")
@click.option("--definition", metavar="ID", default="", help="Only this definition, as in def-cis.")
@shared
def command(
    places: tuple[str, ...],
    days: tuple[str, ...],
    years: str | None,
    definition: str,
    library: tuple[str, ...],
    as_json: bool,
) -> None:
    """Asks each definition of a "sanctuary jurisdiction" about the law of a place on a day, with the requests that show
    what is met and the provisions behind them. With several places or days, one table.

    \b
    Example: comity classify us/fl/miami-dade --on 2017-01-25
    """
    on = [day_given(day, "--on") for day in days] + [date(year, 1, 1) for year in _years(years)]
    own = folders(library)
    law = calls.load(own)
    found = calls.classify_many(places, on or [None], definition=definition, library=law, folders=own)
    if as_json:
        show_json(found[0].to_dict() if len(found) == 1 else {"answers": [one.to_dict() for one in found]})
    else:
        show_page(page_of(found[0]) if len(found) == 1 else table_of(found))


def _years(text: str | None) -> Sequence[int]:
    if text is None:
        return ()
    found = re.fullmatch(r"(\d{4})-(\d{4})", text)
    first, last = (int(found[1]), int(found[2])) if found else (1, 0)
    if not 1900 <= first <= last < min(first + YEARS_MAX, 2200):
        raise bad("--years", "not-years", f'"{text}" is no span of years', "write 2013-2025")
    return range(first, last + 1)
