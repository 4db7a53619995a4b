"""What holds cost as a page for people: the sum, who pays, month by month, and every rate with its source."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from comity.money.amount import dollars
from comity.money.rates import Rate
from comity.money.view import Costs
from comity.present.page import Block, Heading, Table, Text

REFUSED_SHOWN = 5
BASIS_WORDS = {
    "average": "what a day in jail costs on average; an empty bed saves less than that",
    "marginal": "what one day more costs; staff and buildings, which cost the same either way, are not in it",
    "federal": "what Washington pays for a day, which need not be what it costs",
}
SCAAP_WORDS = (
    "SCAAP (8 U.S.C. 1231(i)) pays a part of officers' salaries once a year, for people convicted of crimes and held four days "
    "or more. The days of a hold are not its measure, so nothing of it is taken off above."
)


def page_of(own: Costs, name: str = "") -> list[Block]:
    """The whole of it; `name` is the place's name in words."""
    people = f" of {own.people:,} people" if own.people is not None else ""
    blocks: list[Block] = [Heading(f"What {_count(own.holds, 'hold')}{people} cost {name or own.place}", 1)]
    rows = f"{own.source}: {_count(own.rows, 'row')}, {own.holds:,} costed, {len(own.refused):,} refused."
    blocks.append(
        Text(f"{rows} {_count(own.days, 'inmate-day')}; cents rounded {own.rounding.replace('_', ' ')}.", "quiet")
    )
    blocks += [Text(f"Cost is {BASIS_WORDS[own.basis]}.", "quiet"), Text(""), _who_pays(own)]
    blocks += [Heading("By period"), _periods(own), Heading("Rates"), *_rates(own)]
    blocks += [Heading("Not counted here"), Text(SCAAP_WORDS), *_yearly(own), *_refused(own)]
    return blocks


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _who_pays(own: Costs) -> Block:
    ledger = own.ledger
    rows = [
        ("Cost", dollars(own.cost), ""),
        (
            "Charged to Washington",
            dollars(own.charged),
            "nothing, as was asked for" if own.unbilled else "at the federal rate",
        ),
        ("  paid", dollars(ledger.balance("paid")), ""),
        ("  owed", dollars(ledger.owed), ""),
        ("  written off", dollars(ledger.balance("written_off")), ""),
        ("Borne by the county", dollars(ledger.borne), "the cost that is not charged, and what was written off"),
    ]
    return Table(("", "amount", ""), tuple(rows), ("", "strong", "quiet"))


def _periods(own: Costs) -> Block:
    rows = [(part.name, part.days, part.cost, part.charged) for part in own.periods]
    cells = [
        (name, f"{days:,}", dollars(cost), dollars(charged), dollars(cost - charged))
        for name, days, cost, charged in (*rows, ("in all", own.days, own.cost, own.charged))
    ]
    return Table(("period", "days", "cost", "charged", "not charged"), tuple(cells))


def _rates(own: Costs) -> Iterable[Block]:
    for rate in dict.fromkeys((*own.used(own.priced), *own.used(own.federal))):
        yield Text(f"{rate.words}, {_span(rate)}. {_source(rate)}", label=f"{rate.kind}:")


def _yearly(own: Costs) -> Iterable[Block]:
    for rate in own.used(own.yearly):
        yield Text(f"{dollars(rate.cents)} for {_span(rate)}. {_source(rate)}", label="SCAAP paid")


def _span(rate: Rate) -> str:
    return f"{rate.since} to {rate.until - timedelta(1)}"


def _source(rate: Rate) -> str:
    return f"{rate.source} [{rate.evidence}]{f'; {rate.note}' if rate.note else ''}."


def _refused(own: Costs) -> Iterable[Block]:
    if own.refused:
        yield Heading(f"{_count(len(own.refused), 'row')} refused")
        for row in own.refused[:REFUSED_SHOWN]:
            yield Text(f"{row.message} [{row.code}]", label=f"row {row.row}:")
        if len(own.refused) > REFUSED_SHOWN:
            yield Text(f"and {len(own.refused) - REFUSED_SHOWN:,} more; --json gives all", "quiet")
