"""`comity classify`: which definitions of a sanctuary jurisdiction a place meets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import click

from comity import api
from comity.classification.page import page_of, table_of
from comity.commands.options import bad, day_given, folders, shared
from comity.commands.output import show_json, show_page

YEARS_MAX = 60


@click.command("classify")
@click.argument("places", metavar="PLACE...", nargs=-1, required=True)
@click.option("--on", "days", metavar="DAY", multiple=True, help="A local day; today there by default; repeatable.")
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
    """Applies each definition of "sanctuary jurisdiction" to the law of a place on a day, and shows the requests that prove
    which criteria are met, with the provisions behind them. For several places or days, prints one table.

    \b
    Example: comity classify us/fl/miami-dade --on 2017-01-25
    """
    on = [day_given(day, "--on") for day in days] + [date(year, 1, 1) for year in _years(years)]
    law = api.load(folders(library))
    answers = api.classify_many(places, on or [None], definition=definition, library=law, folders=folders(library))
    if as_json:
        documents = [answer.to_dict() for answer in answers]
        show_json(documents[0] if len(documents) == 1 else {"answers": documents})
    else:
        show_page(page_of(answers[0]) if len(answers) == 1 else table_of(answers))


def _years(text: str | None) -> Sequence[int]:
    if text is None:
        return ()
    parts = re.fullmatch(r"(\d{4})-(\d{4})", text)
    first, last = (int(parts[1]), int(parts[2])) if parts else (1, 0)
    if not 1900 <= first <= last < min(first + YEARS_MAX, 2200):
        raise bad("--years", "not-years", f'"{text}" is no span of years', "write 2013-2025")
    return range(first, last + 1)
