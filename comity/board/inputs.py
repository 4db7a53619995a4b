"""The inputs of a comparison beside the requests: rates, days, settlements and federal money, from tables or from the caller."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from numbers import Integral, Real
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import Struct

from comity.board.figures import CountySource, Exposure, Figure, Inputs, SourcedValue
from comity.finding import Finding, Place, did_you_mean, grave
from comity.law.cache import shipped
from comity.law.library import Library
from comity.law.places import Jurisdiction
from comity.money.amount import CENTS_MAX
from comity.money.assumptions import HOLD_DAYS, UNITS, Assumption, read_assumptions
from comity.money.budgets import read_budgets
from comity.money.ranges import format_about, format_exact_money, known_span, span_around
from comity.money.rates import KINDS, Kind, Rate, rate_on, read_rates
from comity.money.settlements import Settlement, read_settlements
from comity.money.sourced import Source

Number: TypeAlias = "int | float | Decimal | Fraction"
DAYS_MAX = 1_000_000_000
HELP = "add it to {file} in a folder and pass that folder with `folders`, or give `{parameter}`"
ALL_FEDERAL = "all federal money in the budget: the most that a condition could reach, whichever programmes it names"


class GivenFigures(Struct, frozen=True, kw_only=True):
    """What the caller sets instead of published figures; `unbilled` charges nothing to the federal government.

    `days` is the length of a hold in days, `paid_cents` the federal payment for a day. `exposure` is what the conditions put at
    stake at the place, where that was looked up; without it, and without `at_stake_cents`, it is all federal money in the budget.
    `county_sources` says where figures are from, by the names of `board.worksheet`.
    """

    basis: str = "average"
    days: Number | None = None
    day_cost_cents: int | None = None
    paid_cents: int | None = None
    at_stake_cents: int | None = None
    unbilled: bool = False
    known_on: date | None = None
    folders: tuple[Path, ...] = ()
    exposure: Exposure | None = None
    county_sources: Mapping[str, CountySource] = {}


def read_inputs(
    where: Jurisdiction, on: date, *, given: GivenFigures, library: Library
) -> tuple[Inputs | None, list[Finding]]:
    """The inputs of a place and a day; None, and every finding, where one is missing or faulty."""
    reading = _Reading(where, on, given=given, library=library)
    days, cost, paid, exposure = reading.days(), reading.cost(), reading.paid(), reading.exposure()
    settlements = reading.settlements()
    if grave(reading.findings) or days is None or cost is None or paid is None or exposure is None:
        return None, list(grave(reading.findings))
    return Inputs(days=days, cost=cost, paid=paid, settlements=settlements, exposure=exposure), []


class _Reading:
    """Reads the tables for one place and day, and collects what is wrong in `findings`."""

    def __init__(self, where: Jurisdiction, on: date, *, given: GivenFigures, library: Library) -> None:
        self.where, self.on, self.given, self.gazetteer = where, on, given, library.gazetteer
        self.places = library.gazetteer.containing(where.path)
        self.folders = [shipped(), *given.folders]
        self.findings: list[Finding] = []
        self.basis = self.read_basis(given.basis)
        self.rates, faults = read_rates(self.folders, self.gazetteer)
        self.findings += faults

    def read_basis(self, name: str) -> Kind:
        basis = next((kind for kind in KINDS if kind == name), None)
        if basis is None:
            help = did_you_mean(name, KINDS) or f"one of {', '.join(KINDS)}"
            self.findings.append(Finding("unknown-word", Place("basis"), f'there is no basis "{name}"', help))
        return basis or "average"

    def report_missing(self, code: str, what: str, *, file: str, parameter: str) -> None:
        message = f"no {what} of {self.where.path} is known for {self.on}"
        self.findings.append(Finding(code, Place(parameter), message, HELP.format(file=file, parameter=parameter)))

    def cost(self) -> Figure | None:
        if self.given.day_cost_cents is not None:
            cents = self.check_amount(self.given.day_cost_cents, "day_cost_cents")
            return Figure(
                known_span(cents), (self.county_value("cost_a_day", f"{format_exact_money(Fraction(cents))} a day"),)
            )
        return self.rate(self.basis, "missing-rate", "day_cost_cents")

    def paid(self) -> Figure | None:
        if self.given.unbilled:
            return Figure(known_span(0), (self.county_value("paid_a_day", "nothing"),))
        if self.given.paid_cents is not None:
            cents = self.check_amount(self.given.paid_cents, "paid_cents")
            return Figure(
                known_span(cents), (self.county_value("paid_a_day", f"{format_exact_money(Fraction(cents))} a day"),)
            )
        return self.rate("federal", "missing-federal-rate", "not_billed")

    def rate(self, kind: Kind, code: str, parameter: str) -> Figure | None:
        """The rate of the day, between the lowest and the highest that were published for the place."""
        rates = self.rates.of(kind, self.places)
        of_day = rate_on(rates, self.on)
        if of_day is None:
            self.report_missing(code, f"{kind} rate", file="rates.csv", parameter=parameter)
            return None
        known_on = self.given.known_on or date.max
        known = [of_day, *(rate for rate in rates if rate != of_day and rate.since <= known_on)]
        span = span_around(_day_cents(of_day), [_day_cents(rate) for rate in known])
        return Figure(span, tuple(_rate_value(rate) for rate in known))

    def days(self) -> Figure | None:
        if self.given.days is not None:
            return self.check_days(self.given.days)
        assumptions, faults = read_assumptions(self.folders, self.gazetteer)
        self.findings += faults
        found = assumptions.on(HOLD_DAYS, self.places, self.on)
        if not found:
            what = "number of days that a hold lasts"
            self.report_missing("missing-days", what, file="assumptions.csv", parameter="days")
            return None
        span = span_around(found[0].value, [assumption.value for assumption in found])
        return Figure(span, tuple(_assumption_value(assumption) for assumption in found))

    def check_days(self, number: Number) -> Figure | None:
        days = _exact(number)
        if days is None:
            help = "give a number above 0, as in 3 or 2.6"
            self.findings.append(Finding("not-days", Place("days"), f"{number!r} is not a number of days", help))
            return None
        return Figure(known_span(days), (self.county_value("days_a_hold", f"{format_about(days)} {UNITS[HOLD_DAYS]}"),))

    def settlements(self) -> tuple[Settlement, ...]:
        settlements, faults = read_settlements(self.folders, self.gazetteer)
        self.findings += faults
        day = self.given.known_on
        return tuple(case for case in settlements.all if day is None or case.known_on(day))

    def exposure(self) -> Exposure | None:
        """What is at stake: as the caller set it, or all federal money in the budget."""
        if self.given.at_stake_cents is not None:
            cents = self.check_amount(self.given.at_stake_cents, "at_stake_cents")
            value = self.county_value("at_stake", format_exact_money(Fraction(cents)))
            return Exposure(cents=cents, condition="the amount that the county names", value=value)
        if self.given.exposure:
            return self.given.exposure
        budgets, faults = read_budgets(self.folders, self.gazetteer)
        self.findings += faults
        budget = budgets.on(self.places, self.on)
        if budget is None:
            what = "federal money in a budget"
            self.report_missing("missing-budget", what, file="budgets.csv", parameter="at_stake_cents")
            return None
        value = SourcedValue(
            words="federal money in the budget", source=budget.source, since=budget.since, until=budget.until
        )
        return Exposure(cents=budget.federal, condition=ALL_FEDERAL, value=value, share=budget.share)

    def county_value(self, name: str, words: str) -> SourcedValue:
        return county_value(self.given, self.on, name=name, words=words)

    def check_amount(self, cents: Any, parameter: str) -> int:
        """An amount in cents; reports a finding where the text is no amount."""
        whole = not isinstance(cents, bool) and isinstance(cents, Integral)
        if whole and 0 <= cents <= CENTS_MAX:
            return int(cents)
        code = "negative-amount" if whole and cents < 0 else "not-an-amount"
        message = f"{cents!r} is not an amount in cents"
        help = f"give whole cents, from 0 to {CENTS_MAX}, as in 15000 for $150"
        self.findings.append(Finding(code, Place(parameter), message, help))
        return 0


def _exact(number: Number) -> Fraction | None:
    """The exact value of a number above 0 and within bounds, else None; a binary fraction is taken as it is written."""
    if isinstance(number, bool) or not isinstance(number, (Real, Decimal)):
        return None
    try:
        exact = Fraction(number) if isinstance(number, (int, Fraction, Decimal)) else Fraction(str(number))
    except (ValueError, OverflowError):  # not finite
        return None
    return exact if 0 < exact <= DAYS_MAX else None


def _day_cents(rate: Rate) -> Fraction:
    return Fraction(rate.cents, rate.days)


def county_value(given: GivenFigures, on: date, *, name: str, words: str) -> SourcedValue:
    """A figure of the county's own: with the source that it names, or for the day of the comparison."""
    return SourcedValue(words=words, source=None, county=given.county_sources.get(name, CountySource(on=on)))


def _rate_value(rate: Rate) -> SourcedValue:
    source = Source(rate.source, rate.evidence, rate.note)
    return SourcedValue(words=rate.words, source=source, since=rate.since, until=rate.until)


def _assumption_value(assumption: Assumption) -> SourcedValue:
    words = f"{format_about(assumption.value)} {UNITS[assumption.what]}"
    return SourcedValue(words=words, source=assumption.source, since=assumption.since, until=assumption.until)
