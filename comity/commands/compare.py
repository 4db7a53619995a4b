"""`comity compare`: the same stored requests under two laws."""

from __future__ import annotations

import click

from comity import api
from comity.commands.options import columns_given, folders, shared, with_own_columns
from comity.commands.output import progress_of, show_json, show_page
from comity.commands.parameters import by_option, exit_code_of
from comity.commands.replay import ASSUME_HELP, OUT_HELP, assumed_of, groups_of
from comity.decision.incoming import name_of
from comity.finding import InputFault
from comity.lawview.named_law import split_law


@click.command("compare")
@click.argument("table", metavar="TABLE")
@click.option(
    "--law", "laws", metavar="PLACE@DAY", multiple=True, help="A law, as in us/pa/philadelphia@2014-06-01; give two."
)
@click.option("--assume", multiple=True, metavar="FACT=VALUE", help=ASSUME_HELP)
@click.option(
    "--group-by",
    metavar="NAMES",
    default="",
    help="Count by these, as in county,year; also month, facility, state, class.",
)
@click.option("--out", metavar="FILE", help=OUT_HELP)
@with_own_columns
@shared
def command(
    table: str,
    laws: tuple[str, ...],
    assume: tuple[str, ...],
    group_by: str,
    out: str | None,
    columns: str | None,
    column: tuple[str, ...],
    days: str,
    library: tuple[str, ...],
    as_json: bool,
) -> int:
    """Decides the requests of a table under two laws, and shows which are treated differently, and why.

    What a row does not say is the same unknown under both laws: a request is surely treated alike, surely treated differently,
    or it depends on facts that are named. A law compared with itself never differs.

    \b
    Example: comity compare detainers.csv --law us/pa/philadelphia@2014-06-01 --law us/fl/miami-dade@2014-06-01
    """
    from comity.commands.replay_files import ReplayFiles, target_of  # noqa: PLC0415  --help needs no engine
    from comity.records.codebook import build_comparison_codebook, findings_table  # noqa: PLC0415
    from comity.records.comparison_page import page_of  # noqa: PLC0415
    from comity.records.replay_table import prepare_comparison  # noqa: PLC0415

    target = target_of(out, table)
    law = api.load(folders(library))
    column_map = columns_given(columns, column, days, law.vocabulary)
    comparing, findings = prepare_comparison(
        table, laws, assumed_of(assume), groups_of(group_by), law, columns=column_map
    )
    if comparing is None:
        raise InputFault(by_option(findings))
    with ReplayFiles(target) as files, progress_of(comparing.opened.rows) as progress:
        comparison = comparing.run(files.add, progress)
        files.finish(findings_table(comparison), build_comparison_codebook(comparison))
    if as_json:
        show_json(comparison.to_dict())
    else:
        places = [law.gazetteer.named(split_law(name)[0]) for name in comparison.laws]
        show_page(page_of(comparison, [name_of(place, law) if place else "" for place in places]))
    return exit_code_of(comparison.rows, len(comparison.refused))
