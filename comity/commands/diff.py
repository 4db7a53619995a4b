"""`comity diff`: what two laws treat differently, for every request that there could be."""

from __future__ import annotations

import click

from comity import api
from comity.commands.options import bad, day_given, folders, shared
from comity.commands.output import show_json, show_page
from comity.commands.prove import FAILS, SECONDS_HELP, SECONDS_MAX


@click.command("diff")
@click.argument("first", metavar="A")
@click.argument("second", metavar="[B]", required=False, default="")
@click.option("--table", metavar="TABLE", help="Stored requests, as in replay, to be counted in each class.")
@click.option("--stack", is_flag=True, help="Compare law files together with all other law of their place.")
@click.option("--on", metavar="DAY", help="The day on which law files are taken; by default their first certain day.")
@click.option("--markdown", is_flag=True, help="Print Markdown, for a board packet or a pull request.")
@click.option("--seconds", metavar="N", default=SECONDS_MAX, type=click.IntRange(1, 3600), help=SECONDS_HELP)
@shared
def command(
    first: str,
    second: str,
    table: str | None,
    stack: bool,
    on: str | None,
    markdown: bool,
    seconds: int,
    library: tuple[str, ...],
    as_json: bool,
) -> int:
    """Shows every class of requests that two laws treat differently, with an example and the provisions responsible.

    A and B are each PLACE@DAY or a law file. A law file without B is compared with its last committed version. Exits 1 if there is
    a difference, or if it was not settled in time whether there is one.

    \b
    Example: comity diff us/fl/miami-dade@2017-01-25 us/fl/miami-dade@2017-01-26
    Example: comity diff county-law/us/fl/alachua/ordinance-2025-4.md --markdown
    """
    if not second and not first.endswith(".md"):
        raise bad("B", "no-second-law", "only one law is named", "name two, each PLACE@DAY or a law file")
    day = day_given(on, "--on")
    diff = api.diff(first, second, table=table, stack=stack, on=day, seconds=seconds, folders=folders(library))
    if as_json:
        show_json(diff.to_dict())
    elif markdown:
        click.echo(diff.to_markdown(), nl=False)
    else:
        show_page(diff.page())
    return 0 if diff.equivalent else FAILS
