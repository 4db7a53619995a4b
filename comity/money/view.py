"""What the holds of a table cost and who pays, by period and in all; every view of it is made from this."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from msgspec import Struct

from comity.finding import Finding
from comity.money.amount import Rounding
from comity.money.cost import month_of
from comity.money.ledger import Event, Ledger, ledger_of
from comity.money.rates import Rate
from comity.present.result import Presentable


class Period(Struct, frozen=True, order=True):
    """What the days of a period come to: `charged` is what of the cost may be asked of Washington."""

    since: date
    until: date
    days: int
    cost: int
    charged: int

    @property
    def name(self) -> str:
        return period_name(self.since, self.until)


class Payment(Struct, frozen=True):
    """Money that came in for the bill of a period, or that was given up."""

    on: date
    period: str
    paid: int
    written_off: int


class Refusal(Struct, frozen=True):
    """A row that is not costed: its number, a code, and why."""

    row: int
    code: str
    message: str


class Costs(Presentable, Struct, frozen=True):
    """What holds cost. `rows` is what the source has: the holds costed and those refused.

    `basis` is the kind of rate that says what a day costs. `priced` and `federal` are the rates of the place, `yearly` what
    SCAAP paid it. `unbilled` says that no hold is charged, because the caller said so. `table` has one row a hold, `charges`
    one a hold, month and federal rate.
    """

    source: str
    place: str
    basis: str
    rounding: Rounding
    rows: int
    holds: int
    people: int | None
    periods: tuple[Period, ...]
    ledger: Ledger
    refused: tuple[Refusal, ...]
    priced: tuple[Rate, ...]
    federal: tuple[Rate, ...]
    yearly: tuple[Rate, ...] = ()
    unbilled: bool = False
    table: Any = None
    charges: Any = None

    @property
    def days(self) -> int:
        return sum(own.days for own in self.periods)

    @property
    def cost(self) -> int:
        return self.ledger.balance("cost")

    @property
    def charged(self) -> int:
        return -self.ledger.balance("claims")

    def used(self, rates: Iterable[Rate]) -> tuple[Rate, ...]:
        """Those of some rates that hold in one of the periods."""
        return tuple(
            own for own in rates if any(own.since < part.until and part.since < own.until for part in self.periods)
        )

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it: every amount in whole cents."""
        ledger = self.ledger
        return {
            "place": self.place, "basis": self.basis, "rounding": self.rounding,
            "rows": self.rows, "holds": self.holds, "people": self.people, "days": self.days,
            "cost_cents": self.cost, "charged_cents": self.charged, "paid_cents": ledger.balance("paid"),
            "written_off_cents": ledger.balance("written_off"), "owed_cents": ledger.owed, "borne_cents": ledger.borne,
            "periods": [_period_of(own, ledger) for own in self.periods],
            "ledger": ledger.entries, "rates": self.used(dict.fromkeys((*self.priced, *self.federal))),
            "scaap": self.used(self.yearly), "charges_left_out": self.unbilled, "refused": self.refused,
        }  # fmt: skip


def _period_of(own: Period, ledger: Ledger) -> dict[str, Any]:
    money = {f"{name}_cents": ledger.balance(name, own.name) for name in ("unbilled", "billed", "paid", "written_off")}
    return {"period": own.name, "days": own.days, "cost_cents": own.cost, "charged_cents": own.charged, **money}


def period_name(since: date, until: date) -> str:
    """`2017-01`, `2017`, or the first and the last day of any other span."""
    if (since, until) == month_of(since):
        return f"{since:%Y-%m}"
    if (since, until) == (date(since.year, 1, 1), date(since.year + 1, 1, 1)):
        return f"{since.year}"
    return f"{since} to {until - timedelta(1)}"


def booked(periods: Sequence[Period], payments: Iterable[Payment], source: str) -> tuple[Ledger, list[Finding]]:
    """The ledger of some periods: accrued on the last day of each, billed on the day after, paid as it was paid."""
    events = [Event(own.until - timedelta(1), "accrued", own.name, own.cost, own.charged) for own in periods]
    events += [Event(own.until, "billed", own.name, own.charged) for own in periods if own.charged]
    for own in payments:
        events += [Event(own.on, "paid", own.period, own.paid)] if own.paid else []
        events += [Event(own.on, "written_off", own.period, own.written_off)] if own.written_off else []
    return ledger_of(events, source)
