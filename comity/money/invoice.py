"""An invoice to the federal government for the holds of a period: one line for each hold, month and rate."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

from msgspec import Struct

from comity.finding import Finding, Place
from comity.money.amount import format_decimal
from comity.money.rates import Rate
from comity.money.view import Costs, period_name
from comity.period import legal_day_of
from comity.present.clean import safe_cell

HEAD = ("line", "hold", "person", "first_day", "last_day", "days", "rate", "amount")
PERIOD = Place("period")


class Line(Struct, frozen=True, kw_only=True):
    """Days of one hold under one rate; `hold` is the number of its row in the table."""

    hold: int
    person: str
    first: date
    last: date
    days: int
    rate: Rate
    cents: int


class Invoice(Struct, frozen=True, kw_only=True):
    """The lines of a period. The invoice is dated on the day after it."""

    place: str
    since: date
    until: date
    lines: tuple[Line, ...]

    @property
    def name(self) -> str:
        return period_name(self.since, self.until)

    @property
    def cents(self) -> int:
        return sum(line.cents for line in self.lines)

    @property
    def days(self) -> int:
        return sum(line.days for line in self.lines)


def build_invoice(costs: Costs, period: str) -> tuple[Invoice | None, list[Finding]]:
    """The invoice of a month or a year; None, and a finding, where nothing may be charged or a sum of days crosses its end."""
    span = legal_day_of(period)
    if span is None or span.certain:
        message = f'"{period}" is not a period of an invoice'
        return None, [Finding("not-a-period", PERIOD, message, "write a month or a year, as in 2017-11")]
    since, until = span.first, span.last + timedelta(1)
    rows = costs.charges.to_pylist() if costs.charges is not None else []
    inside = [row for row in rows if row["since"] < until.toordinal() and since.toordinal() < row["until"]]
    cut = next((row for row in inside if row["since"] < since.toordinal() or row["until"] > until.toordinal()), None)
    if cut:
        message = f"the days of row {cut['row']} are given as a sum that extends beyond {period}"
        help = "name a longer period, or give each hold its days"
        return None, [Finding("beyond-the-period", PERIOD, message, help)]
    ordered = sorted(inside, key=lambda row: (row["row"], row["first"]))
    lines = tuple(_line(row, costs) for row in ordered if row["cents"])
    if not lines:
        help = "name a period with holds and a federal rate above 0"
        return None, [Finding("nothing-to-bill", PERIOD, f"nothing can be charged for {period}", help)]
    return Invoice(place=costs.place, since=since, until=until, lines=lines), []


def _line(row: dict[str, int | str], costs: Costs) -> Line:
    return Line(
        hold=int(row["row"]),
        person=str(row["person"] or ""),
        first=date.fromordinal(int(row["first"])),
        last=date.fromordinal(int(row["last"]) - 1),
        days=int(row["days"]),
        rate=costs.federal[int(row["rate"])],
        cents=int(row["cents"]),
    )


def as_csv(invoice: Invoice) -> str:
    """The invoice as a table, with the total in its last row.

    Names are safe to open in a spreadsheet: hidden characters are shown, and formulas are disarmed with an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    for number, line in enumerate(invoice.lines, 1):
        amount = format_decimal(line.cents)
        person = safe_cell(line.person)
        writer.writerow([number, line.hold, person, line.first, line.last, line.days, line.rate.words, amount])
    last = invoice.until - timedelta(1)
    writer.writerow(["total", "", "", invoice.since, last, invoice.days, "", format_decimal(invoice.cents)])
    return out.getvalue()
