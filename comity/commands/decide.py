"""`comity decide`: one request."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from comity.commands.options import content_of, folders, refuse, shared
from comity.commands.output import show_json, show_page
from comity.decision.card import card_of
from comity.decision.incoming import incoming, name_of, placed, read_json
from comity.decision.page import page_of
from comity.decision.request import decided_of
from comity.law.cache import load


@click.command("decide")
@click.argument("request", metavar="REQUEST.json")
@click.option("--place", metavar="PLACE", help="Decide as if the request had come to this place.")
@click.option("--at", metavar="MOMENT", help="Decide as of this moment, with its UTC offset.")
@click.option("--full", is_flag=True, help="Print everything, and not the card of at most 40 lines.")
@shared
def command(
    request: str, place: str | None, at: str | None, library: tuple[str, ...], as_json: bool, full: bool
) -> None:
    """Decides one request under the law of its place and day, on one page.

    REQUEST.json holds the place, the moment and the known facts; - reads standard input. A fact that it does not hold is unknown,
    never false and never zero. The decision gives an outcome for each action, the outcomes that are still possible, and the
    facts to find out.

    \b
    Example: comity decide request.json --at 2017-01-26T09:00:00-05:00
    """
    content, source = content_of(request)
    document, faults = read_json(content, source)
    refuse(faults)
    law, law_faults = load(folders(library))
    refuse(law_faults)
    arrived, findings = incoming(document, law, source, place=place, at=at, now=datetime.now(UTC))
    refuse(placed(findings, content, source))
    assert arrived
    decision = decided_of(arrived, law, source)
    if as_json:
        show_json(decision.to_dict())
    else:
        show_page((page_of if full else card_of)(decision, name_of(arrived.where, law)))
