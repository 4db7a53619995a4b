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
from comity.finding import Finding, InputFault, Place
from comity.hold_clock.hold_clock import FORM, count_request, merge_facts
from comity.hold_clock.page import page_of
from comity.law.cache import load

OPTIONS = {ELIGIBLE: "--eligible-at", RECEIVED: "--received-at", FORM: "--form", "place": "--place", "at": "--at"}


@click.command("clock")
@click.argument("request", metavar="REQUEST.json", required=False)
@click.option("--place", metavar="PLACE", help="Where the person is held, as in us/fl/miami-dade.")
@click.option("--eligible-at", metavar="MOMENT", help="When the person would be released, with its UTC offset.")
@click.option("--received-at", metavar="MOMENT", help="When the request arrived, with its UTC offset.")
@click.option("--form", metavar="FORM", help="The form that asks for the hold, as in i247a.")
@click.option(
    "--at", metavar="MOMENT", help="Use the law of this moment; by default of the request's moment, or of release."
)
@click.option("--picture", metavar="FILE", help="Draw the hold as a timeline into FILE (.svg or .png).")
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
    """Shows when a hold starts and when it must end, under every limit in force at its place.

    The hold starts when the person would be released, and not on receipt of the request, unless the law says so. Where two
    limits read differently, both are counted, and the shorter one rules unless an instrument of counsel chooses. Give
    REQUEST.json (- reads standard input), or the options, or both: an option overrides the request.

    \b
    Example: comity clock request.json
    Example: comity clock --place us/fl/miami-dade --eligible-at 2017-09-01T15:00:00-04:00 --form i247a
    """
    options = {ELIGIBLE: eligible_at, RECEIVED: received_at, FORM: form}
    given = {path: value for path, value in options.items() if value is not None}
    document, content, source = _document(request, place, given)
    law, faults = load(folders(library))
    refuse(faults)
    clock, findings = count_request(document, law, source, place=place, at=at, now=datetime.now(UTC))
    refuse(placed(findings, content, source) if request else _name_options(findings))
    assert clock
    if picture:
        clock.picture(picture)
    if as_json:
        show_json(clock.to_dict())
    else:
        show_page(page_of(clock))


def _document(request: str | None, place: str | None, given: dict[str, str]) -> tuple[dict[str, Any], bytes, str]:
    """The request of a file, overridden by the options, with its text and its name; without a file, the options alone."""
    if request is None and not place:
        raise _lacking("no-place", "nothing says where the person is held")
    if request is None and not {ELIGIBLE, RECEIVED} & {*given}:
        raise _lacking("no-request", "nothing says when the hold starts")
    if request is None:
        return dict(given), b"", ""
    content, source = content_of(request)
    document, faults = read_json(content, source)
    refuse(faults)
    return merge_facts(document, given), content, source


def _lacking(code: str, message: str) -> InputFault:
    return bad("comity clock", code, message, "name a request, or give --place and --eligible-at")


def _name_options(findings: Iterable[Finding]) -> list[Finding]:
    """The findings with options in place of the facts that they give, for a request given by options alone."""
    return [
        structs.replace(finding, place=Place(_option_of(finding.place.source)), message=_replace_facts(finding.message))
        for finding in findings
    ]


def _option_of(source: str) -> str:
    path = source.removeprefix(": ")
    return OPTIONS.get(path, path or "comity clock")


def _replace_facts(message: str) -> str:
    for path, option in OPTIONS.items():
        message = message.replace(f"{path} ", f"{option} ") if "." in path else message
    return message
