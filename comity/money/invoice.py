"""An invoice: what Washington is asked for the holds of a period, a line for each hold, month and rate."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

from msgspec import Struct

from comity.finding import Finding, Place
from comity.money.amount import plain
from comity.money.rates import Rate
from comity.money.view import Costs, period_name
from comity.period import legal_day_of

HEAD = ("line", "hold", "person", "first_day", "last_day", "days", "rate", "amount")


class Line(Struct, frozen=True):
    """Days of one hold under one rate; `hold` is the row in the table that they come from."""

    hold: int
    person: str
    first: date
    last: date
    days: int
    rate: Rate
    cents: int


class Invoice(Struct, frozen=True):
    """The lines of a period, dated on the day after it."""

    place: str
    since: date
    until: date
    lines: tuple[Line, ...]

    @property
    def name(self) -> str:
        return period_name(self.since, self.until)

    @property
    def cents(self) -> int:
        return sum(own.cents for own in self.lines)

    @property
    def days(self) -> int:
        return sum(own.days for own in self.lines)


def invoice_of(costs: Costs, period: str) -> tuple[Invoice | None, list[Finding]]:
    """The invoice of a month or a year; nothing, and why, where nothing may be charged or a sum of days reaches beyond it."""
    span = legal_day_of(period)
    if span is None or span.certain:
        message = f'"{period}" is no period of an invoice'
        return None, [Finding("not-a-period", Place("--invoice"), message, "write a month or a year, as in 2017-11")]
    since, until = span.first, span.last + timedelta(1)
    rows = costs.charges.to_pylist() if costs.charges is not None else []
    inside = [row for row in rows if row["since"] < until.toordinal() and since.toordinal() < row["until"]]
    cut = next((row for row in inside if row["since"] < since.toordinal() or row["until"] > until.toordinal()), None)
    if cut:
        message = f"the days of row {cut['row']} are given as a sum that reaches beyond {period}"
        return None, [
            Finding(
                "beyond-the-period", Place("--invoice"), message, "name a longer period, or give each hold its days"
            )
        ]
    lines = tuple(
        _line(row, costs) for row in sorted(inside, key=lambda row: (row["row"], row["first"])) if row["cents"]
    )
    if not lines:
        message = f"nothing of {period} may be charged"
        return None, [
            Finding(
                "nothing-to-bill",
                Place("--invoice"),
                message,
                "name a period with holds and a federal rate above nothing",
            )
        ]
    return Invoice(costs.place, since, until, lines), []


def _line(row: dict[str, int | str], costs: Costs) -> Line:
    first, last = date.fromordinal(int(row["first"])), date.fromordinal(int(row["last"]) - 1)
    person = str(row["person"] or "")
    return Line(
        int(row["row"]), person, first, last, int(row["days"]), costs.federal[int(row["rate"])], int(row["cents"])
    )


def as_csv(own: Invoice) -> str:
    """The invoice as a table, with the sum in its last row."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    for number, line in enumerate(own.lines, 1):
        writer.writerow(
            [number, line.hold, line.person, line.first, line.last, line.days, line.rate.words, plain(line.cents)]
        )
    writer.writerow(["total", "", "", own.since, own.until - timedelta(1), own.days, "", plain(own.cents)])
    return out.getvalue()
