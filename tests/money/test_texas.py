"""What Texas counties reported of their holds from 2011 to 2017, put through the ledger: real records, in this test alone."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pytest
from msgspec import Struct

from comity.api import load
from comity.finding import Place
from comity.money.amount import read_amount
from comity.money.cost import month_of
from comity.money.ledger import ACCOUNTS
from comity.money.many import PRICED, Holds, price_holds
from comity.money.rates import Rate
from comity.money.view import Period, book_periods

GAZETTEER = load().gazetteer
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
UNREPORTED = "NA"


class Report(Struct, frozen=True):
    """One line of a month's report: days held and the cost in cents, or none where the report has none."""

    spelling: str
    since: date
    until: date
    days: int
    cents: int | None


@pytest.fixture(scope="module")
def reports(records: Path) -> list[Report]:
    with (records / "texas" / "texas_jails_immigrant_detainer_2011_2017.csv").open(
        encoding="utf-8", newline=""
    ) as lines:
        return [report(row) for row in csv.DictReader(lines)]


def report(row: dict[str, str]) -> Report:
    since, until = month_of(date(int(row["year"]), MONTHS.index(row["month"]) + 1, 1))
    return Report(row["county"], since, until, int(row["num_of_inmate_days"]), cents_of(row["cost_in_dollars"]))


def cents_of(text: str) -> int | None:
    """The file was written from binary fractions (7510.6500000000005): what was meant is the nearest cent."""
    if text == UNREPORTED:
        return None
    exact = Decimal(text)
    cents, findings = read_amount(f"{exact.quantize(Decimal('0.01'), ROUND_HALF_UP):f}", Place(text))
    assert not findings and abs(exact * 100 - cents) < Decimal("0.0001")
    return cents


def place_of(spelling: str) -> str:
    """The county of a spelling: a private jail's lines stand under the county's name."""
    found = GAZETTEER.named(f"us/tx/{spelling.partition(' (')[0].replace(' ', '-')}")
    assert found is not None, spelling
    return found.path


def costed(reports: list[Report]) -> Iterator[tuple[Report, int]]:
    """The reports of one spelling with days and a cost, each costed at the rate of its month."""
    priced = sorted((one for one in reports if one.days and one.cents is not None), key=lambda one: one.since)
    rates = [
        Rate(
            place="us/tx",
            kind="average",
            cents=one.cents or 0,
            days=one.days,
            since=one.since,
            until=one.until,
            source="its report",
            evidence="verified",
        )
        for one in priced
    ]
    columns = (
        [one.since.toordinal() for one in priced],
        [one.until.toordinal() for one in priced],
        [one.days for one in priced],
    )
    found = price_holds(Holds(*(np.array(column, np.int64) for column in columns)), rates)
    assert found.state.tolist() == [PRICED] * len(priced)
    yield from zip(priced, found.cents.tolist(), strict=True)


def test_each_of_the_257_spellings_is_one_of_253_counties_and_one_county_never_reported(reports: list[Report]) -> None:
    by_county: dict[str, set[str]] = defaultdict(set)
    for report in reports:
        by_county[place_of(report.spelling)].add(report.spelling)
    counties = {
        path
        for path, place in GAZETTEER.places.items()
        if path.startswith("us/tx/") and place.kind in ("county", "consolidated")
    }
    assert sum(len(spellings) for spellings in by_county.values()) == 257
    assert counties - {*by_county} == {"us/tx/hartley"} and len(counties) == 254
    several = {county: len(spellings) for county, spellings in by_county.items() if len(spellings) > 1}
    assert several == {
        "us/tx/burnet": 3,
        "us/tx/fannin": 2,
        "us/tx/jefferson": 2,
    }  # private jails, on separate lines


def test_every_month_of_every_county_goes_through_the_ledger_to_the_cent(reports: list[Report]) -> None:
    sums: dict[tuple[date, date], list[int]] = defaultdict(lambda: [0, 0])
    count = 0
    for of_spelling in grouped(reports):
        for one, cents in costed(of_spelling):
            count += 1
            sums[one.since, one.until][0] += one.days
            sums[one.since, one.until][1] += cents
    periods = [
        Period(since=since, until=until, days=days, cost=cents, charged=0)
        for (since, until), (days, cents) in sorted(sums.items())
    ]
    ledger, findings = book_periods(periods, [], "texas")
    assert not findings and sum(ledger.balance(account) for account in ACCOUNTS) == 0
    held = [report for report in reports if report.days and report.cents is not None]
    for period in periods:
        reported = [report for report in held if report.since == period.since]
        assert period.days == sum(report.days for report in reported)
        assert ledger.balance("cost", period.name) == sum(report.cents or 0 for report in reported)
    left = [report for report in reports if not (report.days and report.cents is not None)]
    assert count + len(left) == len(reports) and len(periods) == len({report.since for report in reports})


def test_what_is_left_out_is_accounted_for(reports: list[Report]) -> None:
    unreported = [report for report in reports if report.cents is None]
    without_days = [report for report in reports if report.cents is not None and not report.days]
    odd = [report for report in without_days if report.cents]
    assert (len(unreported), len(odd)) == (
        4,
        4,
    )  # no cost said, and a cost said of no days: neither has a cost by the day
    total = sum(report.cents or 0 for report in reports)
    costed_total = sum(cents for of_spelling in grouped(reports) for _, cents in costed(of_spelling))
    assert total - costed_total == sum(report.cents or 0 for report in odd)


def grouped(reports: list[Report]) -> list[list[Report]]:
    found: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        found[report.spelling].append(report)
    return [*found.values()]
