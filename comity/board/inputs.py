"""What goes into a choice beside the requests: rates, days, settlements and federal money, each out of its table, or as it is given."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

from msgspec import Struct

from comity.board.figures import Exposure, Figure, Inputs, Said
from comity.finding import Finding, Place, did_you_mean, grave
from comity.law.cache import shipped
from comity.law.library import Library
from comity.law.places import Jurisdiction
from comity.money.amount import read_amount
from comity.money.assumptions import HELP, HOLD_DAYS, UNITS, Assumption, number_of, read_assumptions
from comity.money.budgets import read_budgets
from comity.money.ranges import about, around, only
from comity.money.rates import KINDS, Kind, Rate, rate_on, read_rates
from comity.money.settlements import Settlement, read_settlements
from comity.money.sourced import Source

OWN = "write it into {file} in a folder, and name it with --library, or give {option}"
ALL_OF_IT = "all federal money in the budget: the most that a condition could reach, whichever programmes it names"


class Given(Struct, frozen=True):
    """What whoever asks gives instead of what is published, still as words; `unbilled` says that Washington is charged nothing.

    `exposure` is what conditions put at stake there, where that was looked up; without it, it is all that is federal in the budget.
    """

    basis: str = "average"
    days: str = ""
    day_cost: str = ""
    at_stake: str = ""
    unbilled: bool = False
    known_on: date | None = None
    folders: tuple[Path, ...] = ()
    exposure: Exposure | None = None


def inputs_of(where: Jurisdiction, on: date, given: Given, library: Library) -> tuple[Inputs | None, list[Finding]]:
    """The inputs of a place and a day; nothing, and everything that stands in the way, where one is missing or faulty."""
    reading = _Reading(where, on, given, library)
    days, cost, paid, exposure = reading.days(), reading.cost(), reading.paid(), reading.exposure()
    settlements = reading.settlements()
    if grave(reading.findings) or days is None or cost is None or paid is None or exposure is None:
        return None, list(grave(reading.findings))
    return Inputs(days, cost, paid, settlements, exposure), []


class _Reading:
    """Reads the tables for one place and day; `findings` grows by what is wrong."""

    def __init__(self, where: Jurisdiction, on: date, given: Given, library: Library) -> None:
        self.where, self.on, self.given, self.gazetteer = where, on, given, library.gazetteer
        self.places = library.gazetteer.containing(where.path)
        self.folders = [shipped(), *given.folders]
        self.findings: list[Finding] = []
        self.basis = self.kind_of(given.basis)
        self.rates, faults = read_rates(self.folders, self.gazetteer)
        self.findings += faults

    def kind_of(self, name: str) -> Kind:
        found = next((own for own in KINDS if own == name), None)
        if found is None:
            help = did_you_mean(name, KINDS) or f"one of {', '.join(KINDS)}"
            self.findings.append(Finding("unknown-word", Place("--basis"), f'"{name}" is none that is known', help))
        return found or "average"

    def lacks(self, code: str, what: str, file: str, option: str) -> None:
        message = f"no {what} of {self.where.path} is known for {self.on}"
        self.findings.append(Finding(code, Place(option), message, OWN.format(file=file, option=option)))

    def cost(self) -> Figure | None:
        if self.given.day_cost:
            cents = self.amount(self.given.day_cost, "--cost-a-day")
            return Figure(only(cents), (Said(f"{self.given.day_cost} a day", None, given="--cost-a-day"),))
        return self.rated(self.basis, "missing-rate", "--cost-a-day")

    def paid(self) -> Figure | None:
        if self.given.unbilled:
            return Figure(only(0), (Said("nothing", None, given="--not-billed"),))
        return self.rated("federal", "missing-federal-rate", "--not-billed")

    def rated(self, kind: Kind, code: str, option: str) -> Figure | None:
        """The rate of the day, between the lowest and the highest that were published for the place."""
        rates = self.rates.of(kind, self.places)
        own = rate_on(rates, self.on)
        if own is None:
            self.lacks(code, f"{kind} rate", "rates.csv", option)
            return None
        known_on = self.given.known_on or date.max
        every = [own, *(rate for rate in rates if rate != own and rate.since <= known_on)]
        return Figure(
            around(_a_day(own), [_a_day(rate) for rate in every]), tuple(_said_of_rate(rate) for rate in every)
        )

    def days(self) -> Figure | None:
        if self.given.days:
            return self.days_given(self.given.days)
        assumptions, faults = read_assumptions(self.folders, self.gazetteer)
        self.findings += faults
        found = assumptions.on(HOLD_DAYS, self.places, self.on)
        if not found:
            self.lacks("missing-days", "number of days that a hold lasts", "assumptions.csv", "--days")
            return None
        return Figure(around(found[0].value, [own.value for own in found]), tuple(_said_of_days(own) for own in found))

    def days_given(self, text: str) -> Figure | None:
        value = number_of(text)
        if value is None:
            self.findings.append(Finding("not-days", Place("--days"), f'"{text}" is no number of days', HELP))
            return None
        return Figure(only(value), (Said(f"{about(value)} {UNITS[HOLD_DAYS]}", None, given="--days"),))

    def settlements(self) -> tuple[Settlement, ...]:
        found, faults = read_settlements(self.folders, self.gazetteer)
        self.findings += faults
        day = self.given.known_on
        return tuple(own for own in found.all if day is None or own.known_on(day))

    def exposure(self) -> Exposure | None:
        """What is at stake: as it is given, or all federal money in the budget."""
        if self.given.at_stake:
            cents = self.amount(self.given.at_stake, "--at-stake")
            return Exposure(cents, "the loss of what was given", Said(self.given.at_stake, None, given="--at-stake"))
        if self.given.exposure:
            return self.given.exposure
        budgets, faults = read_budgets(self.folders, self.gazetteer)
        self.findings += faults
        own = budgets.on(self.places, self.on)
        if own is None:
            self.lacks("missing-budget", "federal money in a budget", "budgets.csv", "--at-stake")
            return None
        return Exposure(
            own.federal,
            ALL_OF_IT,
            Said("federal money in the budget", own.source, own.since, own.until),
            share=own.share,
        )

    def amount(self, text: str, option: str) -> int:
        cents, findings = read_amount(text, Place(option))
        self.findings += findings
        return cents


def _a_day(rate: Rate) -> Fraction:
    return Fraction(rate.cents, rate.days)


def _said_of_rate(rate: Rate) -> Said:
    return Said(rate.words, Source(rate.source, rate.evidence, rate.note), rate.since, rate.until)


def _said_of_days(own: Assumption) -> Said:
    return Said(f"{about(own.value)} {UNITS[own.what]}", own.source, own.since, own.until)
