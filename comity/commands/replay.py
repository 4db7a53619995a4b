"""`comity replay`: stored requests under a law."""

from __future__ import annotations

from pathlib import Path

import click

from comity import api as calls
from comity.commands.options import bad, folders, shared
from comity.commands.output import progress_of, show_json, show_page
from comity.commands.parameters import by_option, exit_code_of
from comity.decision.incoming import name_of
from comity.finding import InputFault
from comity.lawview.named_law import split_law


@click.command("replay", short_help="Stored requests under the law of their day, or any other.")
@click.argument("table", metavar="TABLE")
@click.option(
    "--law", metavar="PLACE@DAY", default="", help="One law for all of them, as in us/fl/miami-dade@2017-02-01."
)
@click.option(
    "--place", metavar="PLACE", default="", help="Where all of them were held; without it, as the table says."
)
@click.option(
    "--assume", multiple=True, metavar="FACT=VALUE", help="A fact that holds where a row does not say; repeatable."
)
@click.option(
    "--group-by",
    metavar="NAMES",
    default="",
    help="Count by these, as in county,year; also month, facility, state, class, law.",
)
@click.option(
    "--without-duplicates", is_flag=True, help="Leave out rows that the publisher marks as likely duplicates."
)
@click.option(
    "--out",
    metavar="FILE",
    help="Write one row a request to FILE (.csv or .parquet), with a codebook and the findings.",
)
@click.option(
    "--pictures", metavar="DIR", help="Draw holds by month and by county into DIR (SVG, PNG and their tables)."
)
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
    library: tuple[str, ...],
    as_json: bool,
) -> int:
    """Puts the requests of a table under the law of their place and day, and counts how they come out.

    TABLE is CSV, XLSX or Parquet and is read by the names of its columns. Where it names facilities, each is put to its
    county; what local law does not bind stays in the total. With --law all are put under that one law instead. A request
    keeps its own days; what its row does not say is not known, so an outcome may stay open: then it is shown between
    which outcomes, and on which facts it turns.

    \b
    Example: comity replay detainers.csv --group-by county,year
    Example: comity replay detainers.csv --law us/fl/miami-dade@2017-02-01
    """
    from comity.commands.replay_files import Written, target_of  # noqa: PLC0415  --help needs no engine
    from comity.records.codebook import codebook_of  # noqa: PLC0415
    from comity.records.replay_table import Wanted, prepared  # noqa: PLC0415

    target = target_of(out, table)
    own = calls.load(folders(library))
    wanted = Wanted(
        law=law,
        place=place,
        assume=assumed_of(assume),
        group_by=groups_of(group_by),
        without_duplicates=without_duplicates,
    )
    replaying, findings = prepared(table, wanted, own)
    if replaying is None:
        raise InputFault(by_option(findings))
    with Written(target) as files, progress_of(replaying.opened.rows) as told:
        made = replaying.run(files.add, told)
        files.finish(made.refused, codebook_of(made))
    if pictures:
        from comity.commands.replay_files import draw  # noqa: PLC0415

        draw(
            made,
            {path: name_of(place, own) for path, place in own.gazetteer.places.items() if path.count("/") > 0},
            Path(pictures),
        )
    where = own.gazetteer.named(split_law(law)[0])
    if as_json:
        show_json(made.to_dict())
    else:
        from comity.records.page import page_of  # noqa: PLC0415

        show_page(page_of(made, name_of(where, own) if where else ""))
    return exit_code_of(made.rows, len(made.refused))


def groups_of(text: str) -> tuple[str, ...]:
    """The names in a list set apart by commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def assumed_of(texts: tuple[str, ...]) -> dict[str, str]:
    """What is assumed, by fact."""
    return dict(_assumed(text) for text in texts)


def _assumed(text: str) -> tuple[str, str]:
    fact, sign, value = text.partition("=")
    if not sign or not fact.strip() or not value.strip():
        message = f'"{text}" does not say which fact has which value'
        raise bad("--assume", "not-an-assumption", message, "write FACT=VALUE, as in subject.age=30")
    return fact.strip(), value.strip()
