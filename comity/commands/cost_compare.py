"""`comity cost compare`: what the choice between two laws costs, for a board."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import structs

from comity import api
from comity.commands.options import BASIS_HELP, COLUMNS_HELP, bad, day_given, folders, shared
from comity.commands.output import progress_of, show_json, show_page, show_written
from comity.commands.parameters import by_option
from comity.commands.replay import ASSUME_HELP, assumed_of
from comity.decision.incoming import name_of
from comity.finding import Finding, InputFault, Place
from comity.present.files import write_files

if TYPE_CHECKING:
    from comity.board.beside import Wanted
    from comity.board.comparison import Choice
    from comity.board.inputs import GivenFigures
    from comity.law.library import Library

OPTIONS = {
    "columns": "--columns",
    "place": "--place",
    "basis": "--basis",
    "undecided": "--where-no-law-decides",
    "days": "--days",
    "day_cost_cents": "--cost-a-day",
    "at_stake_cents": "--at-stake",
    "not_billed": "--not-billed",
    "requests": "--requests",
    "figures": "--figures",
    "folders": "--library",
    "law": "--law",
    "assume": "--assume",
}
NOT_DRAWN = "\nno picture: there is no single chance above zero at which both laws cost the same"


def _write_template(context: click.Context, _: click.Parameter, name: str | None) -> None:
    """Writes an empty worksheet, and ends the command."""
    if name is None or context.resilient_parsing:
        return
    from comity.board.worksheet import ENDINGS, template  # noqa: PLC0415  only when it is asked for

    path = Path(name)
    if path.suffix.lower() not in ENDINGS:
        help = f"write a name that ends in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
        raise bad("--figures-template", "not-a-worksheet", f'"{name}" is no name of a file of figures', help)
    if path.exists():
        raise bad("--figures-template", "exists", f"{path} exists already", "give another name, or fill that file in")
    write_files(path.parent, {path.name: template(path.suffix).encode()})
    next_step = "fill in the figures that you have, each with its day and source, and pass the file with --figures"
    click.echo(f"written: {path.as_posix()}\n{next_step}")
    context.exit()


@click.command("compare")
@click.argument("table", metavar="TABLE")
@click.option(
    "--law", "laws", metavar="PLACE@DAY", multiple=True, help="A law, as in us/fl/miami-dade@2017-01-26; give two."
)
@click.option("--place", metavar="PLACE", default="", help="The place of the figures; by default that of the laws.")
@click.option("--on", metavar="DAY", help="The day of the figures; by default that of the second law.")
@click.option("--assume", multiple=True, metavar="FACT=VALUE", help=ASSUME_HELP)
@click.option(
    "--where-no-law-decides",
    "undecided",
    metavar="WHAT",
    default="either",
    help="Whether a person is held there: either (the default), held or not-held.",
)
@click.option(
    "--requests", metavar="NUMBER", help="How many requests a year the table represents; by default its rows."
)
@click.option("--basis", metavar="KIND", default="average", help=BASIS_HELP)
@click.option(
    "--days", metavar="NUMBER", default="", help="Days that a hold lasts, as in 2.6, where the table does not say."
)
@click.option("--cost-a-day", "day_cost", metavar="AMOUNT", default="", help="What a day costs.")
@click.option("--at-stake", metavar="AMOUNT", default="", help="The federal money at stake.")
@click.option(
    "--figures",
    metavar="FILE",
    help="The county's own figures, in place of --days, --cost-a-day, --at-stake and --requests (CSV or YAML).",
)
@click.option(
    "--figures-template", metavar="FILE", is_eager=True, expose_value=False, callback=_write_template,
    help="Write an empty file for --figures, and end.",
)  # fmt: skip
@click.option("--not-billed", is_flag=True, help="The federal government pays nothing, whatever was agreed.")
@click.option("--known-on", metavar="DAY", help="Use only cases and rates that were known by this day.")
@click.option(
    "--pictures", metavar="DIR", help="Draw the break-even chance and what drives it into DIR (SVG, PNG and tables)."
)
@click.option("--brief", metavar="FILE", help="Write a brief of one page for a board into FILE (PDF).")
@click.option("--people", is_flag=True, help="Add the foreign-born residents of the place to the brief.")
@click.option("--trust", is_flag=True, help="Add at most three findings on trust in the police to the brief.")
@click.option("--columns", metavar="MAP.yaml", help=COLUMNS_HELP)
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
    figures: str | None,
    not_billed: bool,
    known_on: str | None,
    pictures: str | None,
    brief: str | None,
    people: bool,
    trust: bool,
    columns: str | None,
    library: tuple[str, ...],
    as_json: bool,
) -> None:
    """Compares two laws for a board: who would have been held under each, what that costs and who pays, which payouts and which
    federal money are at stake, and the chance of losing that money at which both laws cost the same.

    Every figure is published, dated and shown with its source; a county gives its figures in rates.csv, assumptions.csv, budgets.csv
    and settlements.csv, with --library, in one file with --figures, or by the options. What is not known stays a range. A table with
    held_from and held_until, or with days, says how long each person was held.

    \b
    Example: comity cost compare detainers.csv --law us/fl/miami-dade@2017-01-25 --law us/fl/miami-dade@2017-01-26
    """
    from comity.board.beside import Wanted  # noqa: PLC0415
    from comity.board.weighing import ChoiceOptions, open_choice  # noqa: PLC0415  --help needs no engine

    _check_brief(brief, people=people, trust=trust)
    law = api.load(folders(library))
    given = structs.replace(
        figures_given(days, day_cost, at_stake), basis=basis, unbilled=not_billed,
        known_on=day_given(known_on, "--known-on"), folders=tuple(folders(library)),
    )  # fmt: skip
    wanted = ChoiceOptions(
        laws=laws, given=given, place=place, on=day_given(on, "--on"), assume=assumed_of(assume),
        requests=number_given(requests), undecided=undecided, figures=Path(figures) if figures is not None else None,
        columns=columns,
    )  # fmt: skip
    choice, findings = open_choice(table, wanted, law)
    if choice is None:
        raise InputFault(by_option(findings, OPTIONS))
    with progress_of(choice.comparing.opened.rows) as progress:
        comparison, findings = choice.compare(progress)
    if comparison is None:
        raise InputFault(findings)
    drawn = _draw(comparison, Path(pictures)) if pictures else []
    written = [*drawn, *_write_brief(brief, comparison, library=law, added=Wanted(people, trust), given=library)]
    if as_json:
        show_json({**comparison.to_dict(), "written": [path.as_posix() for path in written]})
    else:
        _show(comparison, law, written, not_drawn=bool(pictures and not drawn))


def _check_brief(brief: str | None, *, people: bool, trust: bool) -> None:
    """Raises `InputFault` where the brief is no PDF, or where something is to be added and there is no brief."""
    if brief and Path(brief).suffix != ".pdf":
        message, help = f'"{brief}" is no name of a PDF', "write a name that ends in .pdf, as in brief.pdf"
        raise bad("--brief", "not-a-pdf", message, help)
    if (people or trust) and not brief:
        message, help = "there is no brief to add it to", "give --brief FILE.pdf"
        raise bad("--people" if people else "--trust", "no-brief", message, help)


def _write_brief(
    brief: str | None, comparison: Choice, *, library: Library, added: Wanted, given: tuple[str, ...]
) -> list[Path]:
    """Writes the brief, if one is asked for, with the context that is to be added; `given` are folders of a county's own tables."""
    if not brief:
        return []
    page = api.brief(comparison, library=library, folders=folders(given), people=added.people, trust=added.trust)
    return write_files(Path(brief).parent, {Path(brief).name: page})


def _show(comparison: Choice, law: Library, written: Iterable[Path], *, not_drawn: bool) -> None:
    from comity.board.page import page_of  # noqa: PLC0415  JSON needs no page

    places = [law.gazetteer.named(name.partition("@")[0]) for name in comparison.laws]
    show_page(page_of(comparison, [name_of(where, law) if where else "" for where in places]))
    if not_drawn:
        click.echo(NOT_DRAWN)
    show_written(written)


def _draw(comparison: Choice, folder: Path) -> list[Path]:
    from comity.board.plot import draw_pictures  # noqa: PLC0415  drawing is slow to import

    return write_files(folder, draw_pictures(comparison))


def figures_given(days: str, day_cost: str, at_stake: str) -> GivenFigures:
    """The numbers that the options write; raises `InputFault` with a finding for each text that is not a number."""
    from comity.board.inputs import GivenFigures  # noqa: PLC0415  --help needs none of it
    from comity.money.amount import read_amount  # noqa: PLC0415
    from comity.money.assumptions import HELP, parse_number  # noqa: PLC0415

    number, findings = parse_number(days), list[Finding]()
    if days and number is None:
        findings.append(Finding("not-days", Place("--days"), f'"{days}" is not a number of days', HELP))
    amounts: list[int | None] = []
    for text, option in ((day_cost, "--cost-a-day"), (at_stake, "--at-stake")):
        cents, faults = read_amount(text, Place(option)) if text else (None, [])
        amounts.append(cents)
        findings += faults
    if findings:
        raise InputFault(findings)
    return GivenFigures(days=number, day_cost_cents=amounts[0], at_stake_cents=amounts[1])


def number_given(text: str | None) -> int | None:
    """How many requests a table represents, or None where it is not given; raises `InputFault` on text that is not a number."""
    from comity.board.worksheet import REQUESTS_MAX  # noqa: PLC0415  --help needs none of it

    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= REQUESTS_MAX):
        message, help = f'"{text}" is no number of requests', f"a whole number from 1 to {REQUESTS_MAX:,}"
        raise bad("--requests", "not-a-number", message, help)
    return int(text)
