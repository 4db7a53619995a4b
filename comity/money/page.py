"""What holds cost as a page for people: the sum, who pays, each period, and every rate with its source."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from comity.intake.lines_read import describe_reading
from comity.money.amount import format_dollars
from comity.money.rates import Rate
from comity.money.view import COLUMN_MAP, MIDNIGHT_UTC, SHEET_LEFT_OUT, Costs
from comity.present.page import Block, Heading, Table, Text

ROWS_SHOWN = 5
BASIS_WORDS = {
    "average": "what a day in jail costs on average; an empty bed saves less than that",
    "marginal": "what one more day costs; staff and buildings, which cost the same either way, are left out",
    "federal": "what the federal government pays for a day, which need not be what it costs",
}
SCAAP_WORDS = (
    "SCAAP (8 U.S.C. 1231(i)) pays part of officers' salaries once a year, for people convicted of crimes and held four days "
    "or more. It does not depend on the days of a hold, so nothing of it is subtracted above."
)


def page_of(costs: Costs, name: str = "") -> list[Block]:
    """The whole page; `name` is the name of the place in words."""
    people = (
        f" of {'at least ' if costs.unnamed else ''}{_count(costs.people, 'person', 'people')}" if costs.people else ""
    )
    blocks: list[Block] = [Heading(f"What {_count(costs.holds, 'hold')}{people} cost {name or costs.place}", 1)]
    blocks += [Text(bottom_line(costs), "strong"), Text("")]
    rows = f"{costs.source}: {_count(costs.rows, 'row')}, {costs.holds:,} costed, {len(costs.refused):,} refused."
    rounding = costs.rounding.replace("_", " ")
    blocks.append(Text(f"{rows} {_count(costs.days, 'inmate-day')}; cents rounded {rounding}.", "quiet"))
    blocks += [Text(sentence, "quiet") for sentence in describe_reading(costs.reading)]
    blocks += [Text(f"Cost is {BASIS_WORDS[costs.basis]}.", "quiet"), Text(""), _who_pays(costs)]
    blocks += [Heading("By period"), _periods(costs), Heading("Rates"), *_rates(costs)]
    blocks += [Heading("Not counted here"), Text(SCAAP_WORDS), *_yearly(costs), *_overlaps(costs), *_refused(costs)]
    return blocks


def bottom_line(costs: Costs) -> str:
    """The result in one sentence: what the holds cost, what is charged and paid, and what the county bears."""
    if not costs.holds:
        rows = "the row was" if costs.rows == 1 else f"all {costs.rows:,} rows were"
        return f"Nothing was costed: {f'{rows} refused' if costs.rows else 'the table has no holds'}."
    cost, borne = format_dollars(costs.cost), format_dollars(costs.ledger.borne)
    what = f"{_count(costs.holds, 'hold')} cost {cost} for {_count(costs.days, 'inmate-day')}"
    if not costs.charged:
        return f"{what}; nothing is charged to the federal government, so the county bears all of it."
    paid = costs.ledger.balance("paid")
    charged = f"{format_dollars(costs.charged)} is charged to the federal government"
    charged += f", which has paid {format_dollars(paid)}" if paid else ""
    return f"{what}; {charged}, and the county bears {borne}."


def _count(number: int, word: str, plural: str = "") -> str:
    return f"{number:,} {word if number == 1 else plural or f'{word}s'}"


def _who_pays(costs: Costs) -> Block:
    ledger = costs.ledger
    charged_note = "nothing, as requested" if costs.unbilled else "at the federal rate"
    rows = [
        ("Cost", format_dollars(costs.cost), ""),
        ("Charged to the federal government", format_dollars(costs.charged), charged_note),
        ("  paid", format_dollars(ledger.balance("paid")), ""),
        ("  owed", format_dollars(ledger.owed), ""),
        ("  written off", format_dollars(ledger.balance("written_off")), ""),
        ("Borne by the county", format_dollars(ledger.borne), "what is not charged, and what was written off"),
    ]
    return Table(("", "amount", ""), tuple(rows), ("", "strong", "quiet"))


def _periods(costs: Costs) -> Block:
    rows = [(period.name, period.days, period.cost, period.charged) for period in costs.periods]
    cells = [
        (name, f"{days:,}", format_dollars(cost), format_dollars(charged), format_dollars(cost - charged))
        for name, days, cost, charged in (*rows, ("in all", costs.days, costs.cost, costs.charged))
    ]
    return Table(("period", "days", "cost", "charged", "not charged"), tuple(cells))


def _rates(costs: Costs) -> Iterable[Block]:
    for rate in dict.fromkeys((*costs.used(costs.priced), *costs.used(costs.federal))):
        yield Text(f"{rate.words}, {_span(rate)}. {_source(rate)}", label=f"{rate.kind}:")


def _yearly(costs: Costs) -> Iterable[Block]:
    for rate in costs.used(costs.yearly):
        yield Text(f"{format_dollars(rate.cents)} for {_span(rate)}. {_source(rate)}", label="SCAAP paid")


def _span(rate: Rate) -> str:
    return f"{rate.since} to {rate.until - timedelta(1)}"


def _source(rate: Rate) -> str:
    return f"{rate.source} [{rate.evidence}]{f'; {rate.note}' if rate.note else ''}."


def _overlaps(costs: Costs) -> Iterable[Block]:
    of_table = (COLUMN_MAP, MIDNIGHT_UTC, SHEET_LEFT_OUT)
    yield from (Text(f"{finding.message}.") for finding in costs.findings if finding.code in of_table)
    overlaps = [finding for finding in costs.findings if finding.code not in of_table]
    if overlaps:
        yield Heading("Doubled and overlapping holds")
        rows = [(finding.place.source.rpartition(": ")[2], finding) for finding in overlaps]
        yield from _first_rows([(row, f"{finding.message} [{finding.code}]") for row, finding in rows])


def _refused(costs: Costs) -> Iterable[Block]:
    if costs.refused:
        yield Heading(f"{_count(len(costs.refused), 'row')} refused")
        yield from _first_rows([(f"row {row.row}", f"{row.message} [{row.code}]") for row in costs.refused])


def _first_rows(rows: list[tuple[str, str]]) -> Iterable[Block]:
    for label, message in rows[:ROWS_SHOWN]:
        yield Text(message, label=f"{label}:")
    if len(rows) > ROWS_SHOWN:
        yield Text(f"and {len(rows) - ROWS_SHOWN:,} more; the JSON document lists all", "quiet")
