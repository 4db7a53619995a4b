"""What the holds of a table cost and who pays, by period and in all: the value from which the page and pictures are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from comity.finding import Finding
from comity.intake.sources.source import Reading
from comity.money.amount import Rounding
from comity.money.cost import month_of
from comity.money.ledger import Event, Ledger, build_ledger
from comity.money.rates import Rate
from comity.present.result import Presentable

COLUMN_MAP = "column-map"  # the code of the finding that names the map of columns
SHEET_LEFT_OUT = "sheet-left-out"  # of the finding that names a sheet of payments that is not read
MIDNIGHT_UTC = "midnight-utc"  # of the finding that some moments may be meant as days


class Period(Struct, frozen=True, order=True, kw_only=True):
    """The inmate-days of a period and their cost in cents; `charged` is the part that the federal government is charged."""

    since: date
    until: date
    days: int
    cost: int
    charged: int

    @property
    def name(self) -> str:
        return period_name(self.since, self.until)


class Payment(Struct, frozen=True, kw_only=True):
    """Cents received for the bill of a period, and cents written off from it."""

    on: date
    period: str
    paid: int
    written_off: int


class Refusal(Struct, frozen=True):
    """A row that is not costed: its number, a code, and why."""

    row: int
    code: str
    message: str


class Costs(Presentable, Struct, frozen=True, kw_only=True):
    """What holds cost. `rows` counts the rows of the source: the holds costed and the rows refused.

    `people` are those that the column of persons names, and `unnamed` counts the holds costed in which it names nobody.
    `basis` is the kind of rate used for the cost of a day. `priced` and `federal` are the rates of the place, `yearly` is what
    SCAAP paid it. `unbilled` says that no hold is charged, as the caller asked. `table` has one row for each hold, `charges`
    one for each hold, month and federal rate. `findings` names doubled and overlapping holds, and the map
    of columns; none of them is grave. `reading` says what became of each line of the source.
    """

    source: str
    place: str
    basis: str
    rounding: Rounding
    rows: int
    holds: int
    people: int | None
    unnamed: int = 0
    periods: tuple[Period, ...]
    ledger: Ledger
    refused: tuple[Refusal, ...]
    priced: tuple[Rate, ...]
    federal: tuple[Rate, ...]
    yearly: tuple[Rate, ...] = ()
    unbilled: bool = False
    findings: tuple[Finding, ...] = ()
    table: Any = None
    charges: Any = None
    reading: Reading = Reading(format="")

    @property
    def days(self) -> int:
        return sum(period.days for period in self.periods)

    @property
    def cost(self) -> int:
        return self.ledger.balance("cost")

    @property
    def charged(self) -> int:
        return -self.ledger.balance("claims")

    def used(self, rates: Iterable[Rate]) -> tuple[Rate, ...]:
        """The rates that hold in one of the periods."""
        return tuple(
            rate
            for rate in rates
            if any(rate.since < period.until and period.since < rate.until for period in self.periods)
        )

    def to_dict(self) -> dict[str, Any]:
        """The JSON document: every amount in whole cents."""
        ledger = self.ledger
        return {
            "place": self.place, "basis": self.basis, "rounding": self.rounding,
            "rows": self.rows, "holds": self.holds, "people": self.people, "holds_without_person": self.unnamed, "days": self.days,
            "cost_cents": self.cost, "charged_cents": self.charged, "paid_cents": ledger.balance("paid"),
            "written_off_cents": ledger.balance("written_off"), "owed_cents": ledger.owed, "borne_cents": ledger.borne,
            "periods": [_period_dict(period, ledger) for period in self.periods],
            "ledger": ledger.entries, "rates": self.used(dict.fromkeys((*self.priced, *self.federal))),
            "scaap": self.used(self.yearly), "charges_left_out": self.unbilled, "refused": self.refused,
            "findings": [msgspec.to_builtins(finding) for finding in self.findings],
            "reading": msgspec.to_builtins(self.reading),
        }  # fmt: skip


def _period_dict(period: Period, ledger: Ledger) -> dict[str, Any]:
    money = {
        f"{name}_cents": ledger.balance(name, period.name) for name in ("unbilled", "billed", "paid", "written_off")
    }
    counts = {"period": period.name, "days": period.days, "cost_cents": period.cost, "charged_cents": period.charged}
    return {**counts, **money}


def period_name(since: date, until: date) -> str:
    """`2017-01`, `2017`, or the first and the last day of any other span."""
    if (since, until) == month_of(since):
        return f"{since:%Y-%m}"
    if (since, until) == (date(since.year, 1, 1), date(since.year + 1, 1, 1)):
        return f"{since.year}"
    return f"{since} to {until - timedelta(1)}"


def book_periods(periods: Sequence[Period], payments: Iterable[Payment], source: str) -> tuple[Ledger, list[Finding]]:
    """The ledger of some periods: accrued on the last day of each, billed on the day after, paid on the day of payment."""
    events = [
        Event(
            on=period.until - timedelta(1), deed="accrued", about=period.name, cents=period.cost, charged=period.charged
        )
        for period in periods
    ]
    events += [
        Event(on=period.until, deed="billed", about=period.name, cents=period.charged)
        for period in periods
        if period.charged
    ]
    for payment in payments:
        if payment.paid:
            events.append(Event(on=payment.on, deed="paid", about=payment.period, cents=payment.paid))
        if payment.written_off:
            events.append(Event(on=payment.on, deed="written_off", about=payment.period, cents=payment.written_off))
    return build_ledger(events, source)
