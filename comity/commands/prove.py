"""`comity prove`: one claim about a law, for every request that there could be."""

from __future__ import annotations

import click

from comity import api
from comity.commands.options import folders, shared
from comity.commands.output import show_json, show_page
from comity.commands.parameters import by_option
from comity.finding import InputFault

FAILS = 1
SECONDS_MAX = 10
OPTIONS = {name: f"--{name}" for name in ("action", "outcome", "when", "definition")}
SECONDS_HELP = "How long one question to the solver may take."


@click.command("prove")
@click.argument("claim", metavar="CLAIM")
@click.argument("laws", nargs=-1, required=True, metavar="LAW [LAW]")
@click.option(
    "--action", metavar="ACTION", default="", help="The action: hold, notify, transfer, interview, share_status."
)
@click.option(
    "--outcome",
    metavar="OUTCOME",
    default="",
    help="The outcome: required, permitted, forbidden, unaddressed, in_conflict.",
)
@click.option(
    "--when", metavar="CONDITION", default="", help="Only requests that meet this condition, written as in law files."
)
@click.option(
    "--definition", metavar="ID", default="", help="The definition of a sanctuary jurisdiction, for the claim meets."
)
@click.option("--seconds", metavar="N", default=SECONDS_MAX, type=click.IntRange(1, 3600), help=SECONDS_HELP)
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
    """Proves a claim about every request that could fall under a law, or shows a request that refutes it.

    \b
    total         whenever an action is asked for, the law answers
    unambiguous   the law never both requires and forbids an action
    dutiful       no obligation demands an action that is forbidden
    live          each provision applies to some request
    conflicts     no duty always yields to higher law
    never         an action never has an outcome (--action, --outcome, optionally --when)
    implies       whenever --when is true, an action has an outcome
    equivalent    two laws treat every request alike
    differs       two laws treat some request differently
    covered       the cases of each instrument cover the boundaries of its conditions
    meets         the law of a place meets a definition (--definition)

    LAW is PLACE@DAY or a law file. Exits 1 if the claim does not hold or was not settled in time.

    \b
    Example: comity prove total us/fl/miami-dade@2017-01-26
    Example: comity prove never us/fl/miami-dade@2017-01-26 --action hold --outcome forbidden
    """
    try:
        proofs = api.prove(
            claim, *laws, action=action, outcome=outcome, when=when, definition=definition, seconds=seconds,
            folders=folders(library),
        )  # fmt: skip
    except InputFault as fault:
        raise InputFault(by_option(fault.findings, OPTIONS)) from fault.__cause__
    if as_json:
        show_json(proofs.to_dict())
    else:
        show_page(proofs.page())
    return 0 if proofs.holds else FAILS
