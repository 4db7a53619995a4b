"""`comity cost`: what holds cost, and who pays."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity import api as calls
from comity.commands.options import bad, folders, shared
from comity.commands.output import show_json, show_page
from comity.commands.parameters import by_option, exit_code_of, naming_options
from comity.decision.incoming import name_of
from comity.finding import InputFault
from comity.present.files import put

if TYPE_CHECKING:
    from comity.money.view import Costs

OPTIONS = {
    "place": "--place",
    "basis": "--basis",
    "rounding": "--rounding",
    "not_billed": "--not-billed",
    "leave_out": "--leave-out",
    "period": "--invoice",
    "folders": "--library",
}


class Cost(click.Command):
    """The command on a table, unless the first word is that of another command on costs; a table of that name is `./compare`."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        if args[:1] == ["compare"]:
            from comity.commands.cost_compare import command as compare  # noqa: PLC0415  only when it is asked for

            return compare.make_context(f"{info_name} compare", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command("cost", cls=Cost, short_help="What holds cost, and who pays.")
@click.argument("table", metavar="TABLE")
@click.option("--place", metavar="PLACE", required=True, help="Where the people were held.")
@click.option(
    "--basis",
    metavar="KIND",
    default="average",
    help="What a day costs: average (unless said otherwise), marginal or federal.",
)
@click.option(
    "--rounding", metavar="NAME", default="half_up", help="half_up (unless said otherwise), half_even, down or up."
)
@click.option("--not-billed", is_flag=True, help="Charge nothing to Washington, whatever was agreed.")
@click.option("--payments", metavar="FILE", help="A table of what was paid: on, period, paid, written_off.")
@click.option(
    "--leave-out",
    is_flag=True,
    help="Go on without the rows that cannot be costed; they are counted, each with its reason.",
)
@click.option(
    "--bill-twice",
    is_flag=True,
    help="Bill days twice that doubled or overlapping holds of one person share.",
)
@click.option("--invoice", metavar="PERIOD", help="Write the invoice of a month or a year, as CSV and PDF.")
@click.option("--to", metavar="DIR", default=".", help="The folder that the invoice goes to.")
@click.option(
    "--pictures", metavar="DIR", help="Draw cost over time and who pays into DIR (SVG, PNG and their tables)."
)
@shared
def command(
    table: str,
    place: str,
    basis: str,
    rounding: str,
    not_billed: bool,
    payments: str | None,
    leave_out: bool,
    bill_twice: bool,
    invoice: str | None,
    to: str,
    pictures: str | None,
    library: tuple[str, ...],
    as_json: bool,
) -> int:
    """What the holds of a table cost by the rates of their place and days, by month and in all, and who pays.

    TABLE is CSV, XLSX or Parquet and is read by the names of its columns: held_from and held_until, or held_from and days; of
    several people together, period (a month or a year) and days. A column person counts people. The day of coming in
    counts, the day of leaving does not. Each rate is shown with its source; a county gives its own in rates.csv, with --library.

    \b
    Example: comity cost holds.csv --place us/fl/miami-dade
    Example: comity cost holds.csv --place us/fl/miami-dade --invoice 2017-11

    comity cost compare weighs two laws for a board; comity cost compare --help says how.
    """
    own = calls.load(folders(library))
    with naming_options(OPTIONS):
        made = calls.cost(
            table, place=place, basis=basis, rounding=rounding, not_billed=not_billed, payments=payments, leave_out=leave_out,
            bill_overlaps=bill_twice, library=own, folders=folders(library),
        )  # fmt: skip
    name = name_of(own.gazetteer.places[made.place], own)
    written = _written(made, invoice, Path(to), name) if invoice else []
    written += _drawn(made, Path(pictures), name) if pictures else []
    if as_json:
        show_json({**made.to_dict(), "written": [path.as_posix() for path in written]})
    else:
        from comity.money.page import page_of  # noqa: PLC0415  JSON needs no page

        show_page(page_of(made, name))
        click.echo("".join(f"\nwritten: {path.as_posix()}" for path in written) + "\n" if written else "", nl=False)
    return exit_code_of(made.rows, len(made.refused))


def _written(made: Costs, period: str, folder: Path, name: str) -> list[Path]:
    """Writes both forms of an invoice, each whole; nothing is written where there is no such invoice."""
    from comity.money.invoice import as_csv, invoice_of  # noqa: PLC0415  --help needs none of it
    from comity.money.invoice_pdf import as_pdf  # noqa: PLC0415

    own, findings = invoice_of(made, period)
    if own is None:
        raise InputFault(by_option(findings, OPTIONS))
    if not folder.is_dir():
        raise bad("--to", "no-file", f"there is no folder {folder}", "make the folder first")
    stem = f"invoice-{own.place.rpartition('/')[2]}-{own.name}"
    pdf, findings = as_pdf(own, name)
    written = put(folder, {f"{stem}.csv": as_csv(own).encode(), f"{stem}.pdf": pdf})
    click.echo("".join(f"{finding.line()}\n" for finding in findings), nl=False, err=True)
    return written


def _drawn(made: Costs, folder: Path, name: str) -> list[Path]:
    from comity.money.plot import pictures  # noqa: PLC0415  drawing is slow to import

    return put(folder, pictures(made, name))
