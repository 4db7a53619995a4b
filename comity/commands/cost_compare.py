"""`comity cost compare`: what a choice between two laws comes to, before a board."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity import api as calls
from comity.commands.options import bad, day_given, folders, shared
from comity.commands.output import progress_of, show_json, show_page
from comity.commands.parameters import by_option
from comity.commands.replay import assumed_of
from comity.decision.incoming import name_of
from comity.finding import InputFault
from comity.present.files import put

if TYPE_CHECKING:
    from comity.board.comparison import Weighed

REQUESTS_MAX = 10_000_000


@click.command("compare", short_help="What a choice between two laws comes to.")
@click.argument("table", metavar="TABLE")
@click.option(
    "--law", "laws", metavar="PLACE@DAY", multiple=True, help="A law, as in us/fl/miami-dade@2017-01-26; give two."
)
@click.option(
    "--place", metavar="PLACE", default="", help="Whose figures are taken; without it, those of the laws' place."
)
@click.option("--on", metavar="DAY", help="Of which day figures are taken; without it, of the second law's.")
@click.option(
    "--assume", multiple=True, metavar="FACT=VALUE", help="A fact that holds where a row does not say; repeatable."
)
@click.option(
    "--where-no-law-decides",
    "undecided",
    metavar="WHAT",
    default="either",
    help="either (unless said), held or not-held.",
)
@click.option(
    "--requests", metavar="NUMBER", help="How many requests a year the table stands for; without it, its own."
)
@click.option(
    "--basis",
    metavar="KIND",
    default="average",
    help="What a day costs: average (unless said otherwise), marginal or federal.",
)
@click.option(
    "--days", metavar="NUMBER", default="", help="How many days a hold lasts, as in 2.6, where the table does not tell."
)
@click.option("--cost-a-day", "day_cost", metavar="AMOUNT", default="", help="What a day costs.")
@click.option("--at-stake", metavar="AMOUNT", default="", help="The federal money at stake.")
@click.option("--not-billed", is_flag=True, help="Washington pays nothing, whatever was agreed.")
@click.option("--known-on", metavar="DAY", help="Only cases and rates that could be known on this day.")
@click.option(
    "--pictures",
    metavar="DIR",
    help="Draw where the choice turns and what drives it into DIR (SVG, PNG and their tables).",
)
@click.option("--brief", metavar="FILE", help="Write one printed page for a board into FILE (PDF).")
@shared
def command(
    table: str,
    laws: tuple[str, ...],
    place: str,
    on: str | None,
    assume: tuple[str, ...],
    undecided: str,
    requests: str | None,
    basis: str,
    days: str,
    day_cost: str,
    at_stake: str,
    not_billed: bool,
    known_on: str | None,
    pictures: str | None,
    brief: str | None,
    library: tuple[str, ...],
    as_json: bool,
) -> None:
    """Weighs two laws for a board: whom each would have held of the requests of a table, what that costs and who pays, which payouts
    and which federal money stand at stake, and the chance of losing the money at which the choice turns.

    Every figure is published, dated and shown with its source; a county gives its own in rates.csv, assumptions.csv, budgets.csv and
    settlements.csv, with --library, or by the options. What is not known stays a range. A table that has held_from and held_until, or
    days, tells how long each was held.

    \b
    Example: comity cost compare detainers.csv --law us/fl/miami-dade@2017-01-25 --law us/fl/miami-dade@2017-01-26
    """
    from comity.board.inputs import Given  # noqa: PLC0415  --help needs no engine
    from comity.board.weighing import Wanted, opened_choice  # noqa: PLC0415

    if brief and Path(brief).suffix != ".pdf":
        raise bad(
            "--brief", "not-a-pdf", f'"{brief}" is no name of a PDF', "write a name that ends in .pdf, as in brief.pdf"
        )
    own = calls.load(folders(library))
    given = Given(
        basis, days, day_cost, at_stake, not_billed, day_given(known_on, "--known-on"), tuple(folders(library))
    )
    wanted = Wanted(laws, given, place, day_given(on, "--on"), assumed_of(assume), number_given(requests), undecided)
    weighing, findings = opened_choice(table, wanted, own)
    if weighing is None:
        raise InputFault(by_option(findings))
    with progress_of(weighing.comparing.opened.rows) as told:
        made, findings = weighing.weighed(told)
    if made is None:
        raise InputFault(findings)
    drawn = _drawn(made, Path(pictures)) if pictures else []
    written = [*drawn, *put(Path(brief).parent, {Path(brief).name: calls.brief(made, library=own)})] if brief else drawn
    if as_json:
        show_json({**made.to_dict(), "written": [path.as_posix() for path in written]})
        return
    from comity.board.page import page_of  # noqa: PLC0415  JSON needs no page

    places = [own.gazetteer.named(law.partition("@")[0]) for law in made.laws]
    show_page(page_of(made, [name_of(where, own) if where else "" for where in places]))
    if pictures and not drawn:
        click.echo("\nnothing is drawn: there is no one chance, above nothing, at which the choice turns")
    click.echo("".join(f"\nwritten: {path.as_posix()}" for path in written) + "\n" if written else "", nl=False)


def _drawn(made: Weighed, folder: Path) -> list[Path]:
    from comity.board.plot import pictures  # noqa: PLC0415  drawing is slow to import

    return put(folder, pictures(made))


def number_given(text: str | None) -> int | None:
    """How many requests a table stands for; raises `InputFault` where that is no number."""
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= REQUESTS_MAX):
        raise bad(
            "--requests",
            "not-a-number",
            f'"{text}" is no number of requests',
            f"a whole number from 1 to {REQUESTS_MAX:,}",
        )
    return int(text)
