"""`comity replay`: stored requests under a law."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import click

from comity.commands.options import bad, folders, shared
from comity.commands.output import show_json, show_page
from comity.door import calls
from comity.door.incoming import name_of


@click.command("replay", short_help="Stored requests under the law of a place and day.")
@click.argument("table", metavar="TABLE")
@click.option("--law", metavar="PLACE@DAY", required=True, help="The law to put them under, as in us/fl/miami-dade@2017-02-01.")
@click.option("--assume", multiple=True, metavar="FACT=VALUE", help="A fact that holds where a row does not say; repeatable.")
@click.option("--out", metavar="FILE", help="Write one row a request to FILE, a .csv or .parquet file.")
@shared
def command(table: str, law: str, assume: tuple[str, ...], out: str | None, library: tuple[str, ...], as_json: bool) -> None:
    """Puts the requests of a table under the law of a place and day, and counts how they come out.

    TABLE is CSV or Parquet and is read by the names of its columns. A request keeps its own days; what its row does not
    say is not known, so an outcome may stay open: then it is shown between which outcomes, and on which facts it turns.

    \b
    Example: comity replay detainers.csv --law us/fl/miami-dade@2017-02-01
    """
    target = _target(out)
    own = calls.load(folders(library))
    made = calls.replay(table, law=law, assume=dict(_assumed(text) for text in assume), library=own)
    if target:
        _write(made.table, target)
    where = own.gazetteer.named(law.partition("@")[0])
    if as_json:
        show_json(made.to_dict())
    else:
        from comity.replay.words import page_of  # noqa: PLC0415  --help needs no engine

        show_page(page_of(made, name_of(where, own) if where else ""))


def _assumed(text: str) -> tuple[str, str]:
    fact, sign, value = text.partition("=")
    if not sign or not fact.strip() or not value.strip():
        message = f'"{text}" does not say which fact has which value'
        raise bad("--assume", "not-an-assumption", message, "write FACT=VALUE, as in subject.age=30")
    return fact.strip(), value.strip()


def _target(out: str | None) -> Path | None:
    """Where to write; refused before anything is read where it cannot be."""
    if out is None:
        return None
    target = Path(out)
    if target.suffix.lower() not in (".csv", ".parquet"):
        raise bad(out, "not-a-table", "this is neither .csv nor .parquet", "end the name in one of the two")
    if not target.absolute().parent.is_dir():
        raise bad(out, "no-file", "its folder does not exist", "make the folder first")
    return target


def _write(table: Any, target: Path) -> None:
    """Writes beside the target first and then puts it in place, so that nothing half-written is ever there."""
    from pyarrow import csv, parquet  # noqa: PLC0415  --help needs no engine

    handle, name = tempfile.mkstemp(dir=target.absolute().parent, suffix=".part")
    os.close(handle)
    try:
        csv.write_csv(table, name) if target.suffix.lower() == ".csv" else parquet.write_table(table, name)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise
