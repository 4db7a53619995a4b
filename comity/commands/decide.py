"""`comity decide`: one request."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from comity.commands.options import content_of, folders, refuse, shared
from comity.commands.output import show_json, show_page
from comity.decision.incoming import incoming, name_of, placed, read_json
from comity.decision.page import page_of
from comity.decision.request import decided_of
from comity.law.cache import load


@click.command("decide", short_help="One request: what law says, and why.")
@click.argument("request", metavar="REQUEST.json")
@click.option("--place", metavar="PLACE", help="Decide as if it had come to this place.")
@click.option("--at", metavar="MOMENT", help="Decide as of this moment, with its offset from UTC.")
@shared
def command(request: str, place: str | None, at: str | None, library: tuple[str, ...], as_json: bool) -> None:
    """Decides one request by the law of its place and day, and says why.

    REQUEST.json holds the place, the moment and what is known; - reads standard input. What is not there is not known:
    never false, never zero. The outcome is given for each action, with what is still possible and what to find out.

    \b
    Example: comity decide request.json --at 2017-01-26T09:00:00-05:00
    """
    content, source = content_of(request)
    document, faults = read_json(content, source)
    refuse(faults)
    law, of_law = load(folders(library))
    refuse(of_law)
    arrived, findings = incoming(document, law, source, place=place, at=at, now=datetime.now(UTC))
    refuse(placed(findings, content, source))
    assert arrived
    decision = decided_of(arrived, law, source)
    if as_json:
        show_json(decision.to_dict())
    else:
        show_page(page_of(decision, name_of(arrived.where, law)))
