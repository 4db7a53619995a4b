"""`comity prove`: one claim about a law, for every request that there could be."""

from __future__ import annotations

import click

from comity import api as calls
from comity.commands.options import folders, shared
from comity.commands.output import show_json, show_page
from comity.commands.parameters import by_option
from comity.finding import InputFault

FAILS = 1
SECONDS_MAX = 10
OPTIONS = {name: f"--{name}" for name in ("action", "outcome", "when", "definition")}


@click.command("prove", short_help="A claim about every request, proved or refuted by one.")
@click.argument("claim", metavar="CLAIM")
@click.argument("laws", nargs=-1, required=True, metavar="LAW [LAW]")
@click.option(
    "--action", metavar="ACTION", default="", help="Of which action: hold, notify, transfer, interview, share_status."
)
@click.option(
    "--outcome",
    metavar="OUTCOME",
    default="",
    help="Which outcome: required, permitted, forbidden, unaddressed, in_conflict.",
)
@click.option(
    "--when", metavar="CONDITION", default="", help="Only of requests of which this is so, in the words of law files."
)
@click.option(
    "--definition", metavar="ID", default="", help="Which definition of a sanctuary jurisdiction, for the claim meets."
)
@click.option(
    "--seconds", metavar="N", default=SECONDS_MAX, type=click.IntRange(1, 3600), help="How long one question may take."
)
@shared
def command(
    claim: str,
    laws: tuple[str, ...],
    action: str,
    outcome: str,
    when: str,
    definition: str,
    seconds: int,
    library: tuple[str, ...],
    as_json: bool,
) -> int:
    """Proves a claim about every request that could come under a law, or shows a request that refutes it.

    \b
    total         whenever an action is asked for, law answers
    unambiguous   law never both requires and forbids an action
    live          each provision affects some request
    conflicts     no duty always yields to higher law
    never         an action never has an outcome (--action, --outcome, perhaps --when)
    implies       where --when is so, an action always has an outcome
    equivalent    two laws treat every request alike
    differs       they do not
    covered       the cases of each instrument cover the boundaries of its conditions
    meets         the law of a place meets a definition (--definition)

    LAW is PLACE@DAY or a law file. Exits 1 where the claim does not hold or was not settled in time.

    \b
    Example: comity prove total us/fl/miami-dade@2017-01-26
    Example: comity prove never us/fl/miami-dade@2017-01-26 --action hold --outcome forbidden
    """
    own = folders(library)
    try:
        made = calls.prove(
            claim, *laws, action=action, outcome=outcome, when=when, definition=definition, seconds=seconds, folders=own
        )
    except InputFault as fault:
        raise InputFault(by_option(fault.findings, OPTIONS)) from None
    if as_json:
        show_json(made.to_dict())
    else:
        show_page(made.page())
    return 0 if made.holds else FAILS
