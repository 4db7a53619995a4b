"""`comity clock`: when a hold must end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import click
from msgspec import structs

from comity.clock.readings import ELIGIBLE, RECEIVED
from comity.commands.options import bad, content_of, folders, refuse, shared
from comity.commands.output import show_json, show_page
from comity.decision.incoming import placed, read_json
from comity.finding import Finding, Place
from comity.hold_clock.hold_clock import FORM, clocked, laid_over
from comity.hold_clock.page import page_of
from comity.law.cache import load

OPTIONS = {ELIGIBLE: "--eligible-at", RECEIVED: "--received-at", FORM: "--form", "place": "--place", "at": "--at"}


@click.command("clock", short_help="When a hold must end, each step shown.")
@click.argument("request", metavar="REQUEST.json", required=False)
@click.option("--place", metavar="PLACE", help="Where the person is held, as in us/fl/miami-dade.")
@click.option("--eligible-at", metavar="MOMENT", help="When the person would walk out, with its offset from UTC.")
@click.option("--received-at", metavar="MOMENT", help="When the request arrived, with its offset from UTC.")
@click.option("--form", metavar="FORM", help="By which form the hold is asked, as in i247a.")
@click.option(
    "--at", metavar="MOMENT", help="By the law of this moment; without it, of the request's own, or of release."
)
@click.option("--picture", metavar="FILE", help="Draw the hold as a line of time into FILE (.svg or .png).")
@shared
def command(
    request: str | None,
    place: str | None,
    eligible_at: str | None,
    received_at: str | None,
    form: str | None,
    at: str | None,
    picture: str | None,
    library: tuple[str, ...],
    as_json: bool,
) -> None:
    """Says when a hold starts and when it must end, under every limit in force at its place.

    The hold starts when the person would walk out, never on receipt of the request, unless the law says so. Where two
    limits read differently, both are counted out and the shorter rules, unless an instrument of counsel's chooses. Give
    REQUEST.json (- reads standard input) or the options; what the options say goes before what the request says.

    \b
    Example: comity clock request.json
    Example: comity clock --place us/fl/miami-dade --eligible-at 2017-09-01T15:00:00-04:00 --form i247a
    """
    given = {ELIGIBLE: eligible_at, RECEIVED: received_at, FORM: form}
    document, content, source = _document(request, place, {path: own for path, own in given.items() if own is not None})
    law, of_law = load(folders(library))
    refuse(of_law)
    made, findings = clocked(document, law, source, place=place, at=at, now=datetime.now(UTC))
    refuse(placed(findings, content, source) if request else _by_option(findings))
    assert made
    if picture:
        made.picture(picture)
    if as_json:
        show_json(made.to_dict())
    else:
        show_page(page_of(made))


def _document(request: str | None, place: str | None, given: dict[str, str]) -> tuple[dict[str, Any], bytes, str]:
    """The request of a file with what the options say, its text, and its name; without a file the options alone."""
    if request is None and not place:
        raise bad(
            "comity clock",
            "no-place",
            "nothing says where the person is held",
            "name a request, or give --place and --eligible-at",
        )
    if request is None and not {ELIGIBLE, RECEIVED} & {*given}:
        raise bad(
            "comity clock",
            "no-request",
            "nothing says when the hold starts",
            "name a request, or give --place and --eligible-at",
        )
    if request is None:
        return dict(given), b"", ""
    content, source = content_of(request)
    document, faults = read_json(content, source)
    refuse(faults)
    return laid_over(document, given), content, source


def _by_option(findings: Iterable[Finding]) -> list[Finding]:
    """The findings with the option that each is about, where no file was given."""
    return [
        structs.replace(own, place=Place(_option(own.place.source)), message=_in_options(own.message))
        for own in findings
    ]


def _option(source: str) -> str:
    path = source.removeprefix(": ")
    return OPTIONS.get(path, path or "comity clock")


def _in_options(message: str) -> str:
    for path, option in OPTIONS.items():
        message = message.replace(f"{path} ", f"{option} ") if "." in path else message
    return message
