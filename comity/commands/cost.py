"""`comity cost`: what holds cost, and who pays."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity import api
from comity.commands.options import BASIS_HELP, bad, columns_given, folders, shared, with_own_columns
from comity.commands.output import show_json, show_page, show_written
from comity.commands.parameters import by_option, exit_code_of, naming_options
from comity.decision.incoming import name_of
from comity.finding import InputFault
from comity.present.files import write_files

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
    """The command, or `compare` where that is the first argument; a table of that name is written `./compare`."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        if args[:1] == ["compare"]:
            from comity.commands.cost_compare import command as compare  # noqa: PLC0415  only when it is run

            return compare.make_context(f"{info_name} compare", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command("cost", cls=Cost)
@click.argument("table", metavar="TABLE")
@click.option("--place", metavar="PLACE", required=True, help="Where the people were held.")
@click.option("--basis", metavar="KIND", default="average", help=BASIS_HELP)
@click.option("--rounding", metavar="NAME", default="half_up", help="half_up (the default), half_even, down or up.")
@click.option("--not-billed", is_flag=True, help="Charge nothing to the federal government, whatever was agreed.")
@click.option("--payments", metavar="FILE", help="A table of payments: on, period, paid, written_off.")
@click.option(
    "--leave-out", is_flag=True, help="Leave out rows that cannot be costed, and count them, each with its reason."
)
@click.option(
    "--bill-twice",
    is_flag=True,
    help="Bill days twice that doubled or overlapping holds of one person share.",
)
@click.option("--invoice", metavar="PERIOD", help="Write the invoice for a month or a year, as CSV and PDF.")
@click.option("--to", metavar="DIR", default=".", help="The folder for the invoice.")
@click.option(
    "--pictures", metavar="DIR", help="Draw cost over time and who pays into DIR (SVG, PNG and their tables)."
)
@with_own_columns
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
    columns: str | None,
    column: tuple[str, ...],
    days: str,
    library: tuple[str, ...],
    as_json: bool,
) -> int:
    """Computes what the holds of a table cost by the rates of their place and days, by month and in total, and who pays.

    TABLE is delimited text (also .gz or .zip), a workbook, JSON lines or Parquet, and is read by its column
    names: held_from and held_until, or held_from and days; for several people together, period (a month or a year) and
    days. A column person counts people. The day of admission counts, the day of release does not.
    Each rate is shown with its source; a county gives its rates in rates.csv, with --library.

    \b
    Example: comity cost holds.csv --place us/fl/miami-dade
    Example: comity cost holds.csv --place us/fl/miami-dade --invoice 2017-11

    To compare two laws for a board, see comity cost compare --help.
    """
    law = api.load(folders(library))
    with naming_options(OPTIONS):
        costs = api.cost(
            table, place=place, basis=basis, rounding=rounding, not_billed=not_billed, payments=payments, leave_out=leave_out,
            bill_overlaps=bill_twice, columns=columns_given(columns, column, days, law.vocabulary), library=law, folders=folders(library),
        )  # fmt: skip
    name = name_of(law.gazetteer.places[costs.place], law)
    written = _write_invoice(costs, invoice, Path(to), name) if invoice else []
    written += _draw(costs, Path(pictures), name) if pictures else []
    if as_json:
        show_json({**costs.to_dict(), "written": [path.as_posix() for path in written]})
    else:
        from comity.money.page import page_of  # noqa: PLC0415  JSON needs no page

        show_page(page_of(costs, name))
        show_written(written)
    return exit_code_of(costs.rows, len(costs.refused))


def _write_invoice(costs: Costs, period: str, folder: Path, name: str) -> list[Path]:
    """Writes both forms of an invoice, each whole; nothing is written where there is no such invoice."""
    from comity.money.invoice import as_csv, build_invoice  # noqa: PLC0415  --help needs none of it
    from comity.money.invoice_pdf import as_pdf  # noqa: PLC0415

    invoice, findings = build_invoice(costs, period)
    if invoice is None:
        raise InputFault(by_option(findings, OPTIONS))
    if not folder.is_dir():
        raise bad("--to", "no-file", f"there is no folder {folder}", "make the folder first")
    stem = f"invoice-{invoice.place.rpartition('/')[2]}-{invoice.name}"
    pdf, findings = as_pdf(invoice, name)
    written = write_files(folder, {f"{stem}.csv": as_csv(invoice).encode(), f"{stem}.pdf": pdf})
    click.echo("".join(f"{finding.line()}\n" for finding in findings), nl=False, err=True)
    return written


def _draw(costs: Costs, folder: Path, name: str) -> list[Path]:
    from comity.money.plot import draw_pictures  # noqa: PLC0415  drawing is slow to import

    return write_files(folder, draw_pictures(costs, name))
