"""`comity compare`: the same stored requests under two laws."""

from __future__ import annotations

import click

from comity import api as calls
from comity.commands.options import folders, shared
from comity.commands.output import progress_of, show_json, show_page
from comity.commands.parameters import by_option, exit_code_of
from comity.commands.replay import assumed_of, groups_of
from comity.decision.incoming import name_of
from comity.finding import InputFault
from comity.lawview.named_law import split_law


@click.command("compare", short_help="The same stored requests under two laws.")
@click.argument("table", metavar="TABLE")
@click.option(
    "--law", "laws", metavar="PLACE@DAY", multiple=True, help="A law, as in us/pa/philadelphia@2014-06-01; give two."
)
@click.option(
    "--assume", multiple=True, metavar="FACT=VALUE", help="A fact that holds where a row does not say; repeatable."
)
@click.option(
    "--group-by",
    metavar="NAMES",
    default="",
    help="Count by these, as in county,year; also month, facility, state, class.",
)
@click.option(
    "--out",
    metavar="FILE",
    help="Write one row a request to FILE (.csv or .parquet), with a codebook and the findings.",
)
@shared
def command(
    table: str,
    laws: tuple[str, ...],
    assume: tuple[str, ...],
    group_by: str,
    out: str | None,
    library: tuple[str, ...],
    as_json: bool,
) -> int:
    """Puts the requests of a table under two laws, and tells who would be treated differently, and why.

    What a row does not say is taken for both laws at once: a request is surely treated alike, surely not, or it turns on
    facts that are named. A law beside itself never differs.

    \b
    Example: comity compare detainers.csv --law us/pa/philadelphia@2014-06-01 --law us/fl/miami-dade@2014-06-01
    """
    from comity.commands.replay_files import Written, target_of  # noqa: PLC0415  --help needs no engine
    from comity.records.codebook import codebook_of_comparison  # noqa: PLC0415
    from comity.records.comparison_page import page_of  # noqa: PLC0415
    from comity.records.replay_table import compared  # noqa: PLC0415

    target = target_of(out, table)
    own = calls.load(folders(library))
    comparing, findings = compared(table, laws, assumed_of(assume), groups_of(group_by), own)
    if comparing is None:
        raise InputFault(by_option(findings))
    with Written(target) as files, progress_of(comparing.opened.rows) as told:
        made = comparing.run(files.add, told)
        files.finish(made.refused, codebook_of_comparison(made))
    if as_json:
        show_json(made.to_dict())
    else:
        places = [own.gazetteer.named(split_law(law)[0]) for law in made.laws]
        show_page(page_of(made, [name_of(place, own) if place else "" for place in places]))
    return exit_code_of(made.rows, len(made.refused))
