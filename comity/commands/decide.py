"""`comity decide`: one request."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from comity.commands.options import bad, content_of, folders, refuse, shared
from comity.commands.output import show_json, show_page, show_written
from comity.decision.decision import Decision
from comity.decision.incoming import incoming, name_of, placed, read_json
from comity.decision.page import full_page_of, page_of
from comity.decision.request import decided_of
from comity.law.cache import load
from comity.present.files import write_files


@click.command("decide")
@click.argument("request", metavar="REQUEST.json")
@click.option("--place", metavar="PLACE", help="Decide as if the request had come to this place.")
@click.option("--at", metavar="MOMENT", help="Decide as of this moment, with its UTC offset.")
@click.option("--full", is_flag=True, help="Print everything, and not the card of at most 40 lines.")
@click.option("--pdf", metavar="FILE", help="Write the card as one page of PDF, to put with the booking.")
@shared
def command(
    request: str,
    place: str | None,
    at: str | None,
    library: tuple[str, ...],
    as_json: bool,
    full: bool,
    pdf: str | None,
) -> None:
    """Decides one request under the law of its place and day, on one page.

    REQUEST.json holds the place, the moment and the known facts; - reads standard input. A fact that it does not hold is unknown,
    never false and never zero. The decision gives an outcome for each action, the outcomes that are still possible, and the
    facts to find out.

    \b
    Example: comity decide request.json --at 2017-01-26T09:00:00-05:00
    Example: comity decide request.json --pdf card.pdf
    """
    content, source = content_of(request)
    document, faults = read_json(content, source)
    refuse(faults)
    law, law_faults = load(folders(library))
    refuse(law_faults)
    arrived, findings = incoming(document, law, source, place=place, at=at, now=datetime.now(UTC))
    refuse(placed(findings, content, source))
    assert arrived
    decision, name = decided_of(arrived, law, source), name_of(arrived.where, law)
    written = _write_card(decision, name, Path(pdf)) if pdf else []
    if as_json:
        show_json({**decision.to_dict(), **({"written": [path.as_posix() for path in written]} if pdf else {})})
    else:
        show_page((full_page_of if full else page_of)(decision, name))
        show_written(written)


def _write_card(decision: Decision, name: str, path: Path) -> list[Path]:
    from comity.decision.card_pdf import as_pdf  # noqa: PLC0415  most calls write no file

    if not path.parent.is_dir():
        raise bad("--pdf", "no-file", f"there is no folder {path.parent}", "make the folder first")
    return write_files(path.parent, {path.name: as_pdf(decision, name)})
