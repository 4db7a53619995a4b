"""`comity context`: the people of a place, as they were counted or estimated, beside its law."""

from __future__ import annotations

import click

from comity import api
from comity.commands.options import folders, shared
from comity.commands.output import show_json, show_page


@click.command("context")
@click.argument("place")
@shared
def command(place: str, library: tuple[str, ...], as_json: bool) -> None:
    """Shows the people of a place: foreign-born residents with their share and rank, estimates of unauthorized immigrants there and in
    the country with who made them, detainers on record, and the federal money in its budget.

    Every figure has its years, its source and a mark of evidence. No decision reads any of it.

    \b
    Example: comity context us/fl/miami-dade
    """
    paths = folders(library)
    context = api.describe_context(place, library=api.load(paths), folders=paths)
    if as_json:
        show_json(context.to_dict())
    else:
        from comity.context.page import page_of  # noqa: PLC0415  JSON needs no page

        show_page(page_of(context))
