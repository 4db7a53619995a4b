"""`comity replay`: stored requests under a law."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity import api
from comity.commands.options import bad, columns_given, folders, shared, with_own_columns
from comity.commands.output import progress_of, show_json, show_page
from comity.commands.parameters import OPTIONS, by_option, exit_code_of, naming_options
from comity.decision.incoming import name_of
from comity.finding import InputFault
from comity.lawview.named_law import split_law

if TYPE_CHECKING:
    from comity.law.library import Library
    from comity.records.replay_result import ReplayResult
    from comity.records.replay_table import ReplayArguments

ASSUME_HELP = "A fact to assume where a row does not say; repeatable."
ENGINES = ("duckdb", "spark", "postgres", "clickhouse")
ENGINE_HELP = "Where it runs: duckdb (this process, the default), spark, postgres or clickhouse."
INTO_HELP = "Write one row for each request into a folder of Parquet or a table, whole or not at all."
OUT_HELP = "Write one row for each request to FILE (.csv or .parquet), with a codebook and the findings."


@click.command("replay")
@click.argument("table", metavar="TABLE")
@click.option(
    "--law", metavar="PLACE@DAY", default="", help="One law for all requests, as in us/fl/miami-dade@2017-02-01."
)
@click.option("--place", metavar="PLACE", default="", help="Where all were held; by default as the table says.")
@click.option("--assume", multiple=True, metavar="FACT=VALUE", help=ASSUME_HELP)
@click.option(
    "--group-by",
    metavar="NAMES",
    default="",
    help="Count by these, as in county,year; also month, facility, state, class, law.",
)
@click.option("--without-duplicates", is_flag=True, help="Leave out rows that the publisher marks as duplicates.")
@click.option("--out", metavar="FILE", help=OUT_HELP)
@click.option(
    "--pictures", metavar="DIR", help="Draw holds by month and by county into DIR (SVG, PNG and their tables)."
)
@with_own_columns
@click.option("--engine", type=click.Choice(ENGINES), default="duckdb", metavar="NAME", help=ENGINE_HELP)
@click.option("--into", metavar="TARGET", help=INTO_HELP)
@shared
def command(
    table: str,
    law: str,
    place: str,
    assume: tuple[str, ...],
    group_by: str,
    without_duplicates: bool,
    out: str | None,
    pictures: str | None,
    columns: str | None,
    column: tuple[str, ...],
    days: str,
    engine: str,
    into: str | None,
    library: tuple[str, ...],
    as_json: bool,
) -> int:
    """Decides the requests of a table under the law of their place and day, and counts the outcomes.

    TABLE is delimited text (also .gz or .zip), a workbook, JSON lines or Parquet, or a folder of Parquet, and is read by its column
    names; on other engines it is a table there, such as postgresql://HOST/DATABASE/TABLE. Where it names facilities, each is mapped
    to its county; requests that no local law binds stay in the total. With --law, all requests are decided under that one law
    instead. A request keeps its days. What its row does not say is unknown, so an outcome may be undetermined: then the possible
    outcomes are shown, and the facts on which they depend.

    \b
    Example: comity replay detainers.csv --group-by county,year
    Example: comity replay detainers.csv --law us/fl/miami-dade@2017-02-01
    """
    from comity.commands.replay_files import draw  # noqa: PLC0415  --help needs no engine
    from comity.records.page import page_of  # noqa: PLC0415
    from comity.records.pieces import PLACE  # noqa: PLC0415
    from comity.records.replay_table import ReplayArguments  # noqa: PLC0415

    whole_law = api.load(folders(library))
    wanted = ReplayArguments(
        law=law,
        place=place,
        assume=assumed_of(assume),
        group_by=groups_of(group_by),
        without_duplicates=without_duplicates,
        columns=columns_given(columns, column, days, whole_law.vocabulary),
    )
    replay = _run(table, wanted, whole_law, out=out, engine=engine, into=into)
    places = whole_law.gazetteer.places
    if pictures:
        paths = {path for path, *_ in replay.by(PLACE) if path}
        draw(replay, {path: name_of(places[path], whole_law) for path in paths}, Path(pictures))
    where = whole_law.gazetteer.named(split_law(law)[0])
    if as_json:
        show_json(replay.to_dict())
    else:
        show_page(page_of(replay, name_of(where, whole_law) if where else ""))
    return exit_code_of(replay.rows, len(replay.refused))


def _run(
    table: str, wanted: ReplayArguments, library: Library, *, out: str | None, engine: str, into: str | None
) -> ReplayResult:
    """The result of a replay, with the rows written where that is asked for; raises `InputFault`."""
    from comity.commands.replay_files import ReplayFiles, target_of  # noqa: PLC0415  --help needs no engine
    from comity.records.codebook import build_codebook, findings_table  # noqa: PLC0415
    from comity.records.replay_table import prepare_replay  # noqa: PLC0415
    from comity.warehouse.engines import replay_elsewhere, runs_elsewhere  # noqa: PLC0415

    if runs_elsewhere(table, engine, into):
        if out:
            raise bad(out, "out-and-into", "--out writes the rows that this process decides", "use --into")
        with naming_options(OPTIONS), progress_of(None) as progress:
            return replay_elsewhere(table, into, wanted, library, engine=engine, progress=progress)
    target = target_of(out, table)
    replaying, findings = prepare_replay(table, wanted, library)
    if replaying is None:
        raise InputFault(by_option(findings))
    with ReplayFiles(target) as files, progress_of(replaying.opened.rows) as progress:
        replay = replaying.run(files.add if target else None, progress)
        files.finish(findings_table(replay), build_codebook(replay))
    return replay


def groups_of(text: str) -> tuple[str, ...]:
    """The names in a list separated by commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def assumed_of(texts: tuple[str, ...]) -> dict[str, str]:
    """The assumed values, by fact; raises `InputFault` on a text without a fact or a value."""
    return dict(_assumed(text) for text in texts)


def _assumed(text: str) -> tuple[str, str]:
    fact, sign, value = text.partition("=")
    if not sign or not fact.strip() or not value.strip():
        message = f'"{text}" does not say which fact has which value'
        raise bad("--assume", "not-an-assumption", message, "write FACT=VALUE, as in subject.age=30")
    return fact.strip(), value.strip()
