"""What a comparison needs to know and no request says, such as how many days a hold lasts: by place and day, each with its source.

A figure is exact, as it was published: 260 days for 100 people is 260/100. Of one figure a lowest, a middle and a highest may
be published by different people, each at the nearest place that has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from comity.finding import Finding
from comity.law.places import Gazetteer
from comity.money.sourced import Row, Sheet, Source, both_hold, holding

SHEET = Sheet(
    "assumption",
    "assumptions.csv",
    ("place", "what", "at", "value", "unit", "from", "until", "source", "evidence", "note"),
)
HOLD_DAYS = "hold_days"
UNITS = {HOLD_DAYS: "days a hold"}
At: TypeAlias = Literal["low", "middle", "high"]
ATS: tuple[At, ...] = get_args(At)
VALUE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?(/[1-9][0-9]{0,8})?")
HELP = "a number above nothing, as in 3, 2.6 or 260/100"


class Assumption(Struct, frozen=True):
    """One figure of what is assumed (`what`), the lowest, the middle or the highest, from a day and until the day before another."""

    place: str
    what: str
    at: At
    value: Fraction
    since: date
    until: date
    source: Source


class Assumptions(Struct, frozen=True):
    """Everything that is assumed."""

    all: tuple[Assumption, ...] = ()

    def on(self, what: str, places: Sequence[str], day: date) -> tuple[Assumption, ...]:
        """The figures of a day, the middle one first; without a middle one there is nothing."""
        found = {at: holding([own for own in self.all if (own.what, own.at) == (what, at)], places, day) for at in ATS}
        middle = found.pop("middle")
        return (middle, *(own for own in found.values() if own)) if middle else ()


def read_assumptions(folders: Iterable[Path], gazetteer: Gazetteer) -> tuple[Assumptions, list[Finding]]:
    """What is assumed in some folders of law, and the faults in it; what a later one says of a place replaces the earlier."""
    found, findings = SHEET.read(folders, gazetteer, _assumption, lambda own: (own.place, own.what, own.at), both_hold)
    return Assumptions(found), findings


def _assumption(row: Row) -> tuple[Assumption | None, list[Finding]]:
    cells = row.cells
    days, findings = SHEET.days(row)
    findings += [Finding(SHEET.what, row.at, message, help) for message, help in _faults(row)]
    at = next((own for own in ATS if own == cells["at"]), None)
    if findings or days is None or at is None:
        return None, findings
    return Assumption(
        cells["place"], cells["what"], at, Fraction(number_of(cells["value"]) or 0), *days, row.source
    ), []


def _faults(row: Row) -> Iterable[tuple[str, str]]:
    what, at, value, unit = (row.cells[column] for column in ("what", "at", "value", "unit"))
    if what not in UNITS:
        yield f'nothing here asks for "{what}"', f"one of {', '.join(UNITS)}"
    elif unit != UNITS[what]:
        yield f'{what} is not counted in "{unit}"', f"write {UNITS[what]}"
    if at not in ATS:
        yield f'"{at}" is neither the lowest nor the middle nor the highest', f"one of {', '.join(ATS)}"
    if number_of(value) is None:
        yield f'"{value}" is no number of {UNITS.get(what, "anything")}', HELP


def number_of(text: str) -> Fraction | None:
    """The exact number that a text writes, above nothing, or nothing."""
    if not VALUE.fullmatch(text):
        return None
    above, _, below = text.partition("/")
    return Fraction(Fraction(above), int(below or 1)) or None
