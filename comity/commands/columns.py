"""`comity columns`: proposes how the columns of a table with headings of its own are read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from comity.commands.options import bad, folders, refuse, shared
from comity.commands.output import show_json, show_page, show_written
from comity.finding import InputFault
from comity.law.cache import load
from comity.present.files import write_files
from comity.present.page import Block, Heading, Table, Text

if TYPE_CHECKING:
    from comity.intake.column_map.proposal import Proposal, ProposedColumn


@click.command("columns")
@click.argument("table", metavar="TABLE")
@click.option("--out", metavar="MAP.yaml", help="Write the map to a new file; by default it is printed.")
@shared
def command(table: str, out: str | None, library: tuple[str, ...], as_json: bool) -> None:
    """Proposes which column of a table gives which fact, how days are written, and what codes stand for.

    TABLE is any table that comity replay reads. The map says of each column what was seen in its heading and in its cells, without
    quoting any cell but codes. What is not sure is left open as "?". Review the map, and give it to replay, compare or cost
    with --columns. Only a person says what a column means: without a map, comity reads columns that are called by facts.

    \b
    Example: comity columns bookings.csv --out bookings.yaml
    """
    from comity.intake.column_map.propose import propose_map  # noqa: PLC0415  --help needs no table
    from comity.intake.column_map.write_map import as_yaml  # noqa: PLC0415

    target = _target_of(out) if out else None
    law, faults = load(folders(library))
    refuse(faults)
    proposal, findings = propose_map(table, law)
    if proposal is None:
        raise InputFault(findings)
    text = as_yaml(proposal)
    written = write_files(target.parent, {target.name: text.encode()}) if target else []
    if as_json:
        paths = [path.as_posix() for path in written]
        show_json({**msgspec.to_builtins(proposal), "open": proposal.open, "map": text, "written": paths})
    elif target:
        show_page(page_of(proposal))
        show_written(written)
    else:
        click.echo(text, nl=False)


def _target_of(out: str) -> Path:
    """The file to write; raises `InputFault` where there is one already, which somebody may have reviewed."""
    target = Path(out)
    if target.exists():
        raise bad(out, "file-exists", "this file exists, and somebody may have reviewed it", "name a new file")
    if target.suffix.lower() not in (".yaml", ".yml"):
        raise bad(out, "not-a-map", "a map is a .yaml file", "end the name in .yaml")
    if not target.absolute().parent.is_dir():
        raise bad(out, "no-file", "its folder does not exist", "make the folder first")
    return target


def page_of(proposal: Proposal) -> list[Block]:
    """The proposed map as a page: a row for each column, and what to do next."""
    rows = tuple((column.heading, _fact_of(column), _details_of(column)) for column in proposal.columns)
    help = ': replace each "?" in the map by what it is, or the fact by ignore' if proposal.open else ""
    steps = f"{proposal.questions}{help}."
    page: list[Block] = [
        Heading(f"Columns of {proposal.source}", 1),
        Text(f"{proposal.rows:,} rows were looked at."),
        *(Text(f"{note[0].upper()}{note[1:]}.") for note in proposal.notes),
        Table(("Column", "Gives", "Days, codes"), rows, ("strong",)),
        Text(""),
    ]
    if proposal.booking:
        page.append(Text(f"Rows with the same {proposal.booking} are one request."))
    return [*page, Text(f"{steps} Review every line; then run comity replay TABLE --columns MAP.yaml.")]


def _fact_of(column: ProposedColumn) -> str:
    return f"{column.fact} {' or '.join(column.candidates)}".strip()


def _details_of(column: ProposedColumn) -> str:
    known = sum(code.value != "?" for code in column.codes)
    parts = [f"days {column.days}" if column.days else "", f"codes {column.code_list}" if column.code_list else ""]
    if column.codes:
        parts.append(f"{known} of {len(column.codes)} codes")
    return ", ".join(part for part in parts if part)
