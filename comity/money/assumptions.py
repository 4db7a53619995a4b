"""Figures that a comparison needs and no request states, such as how many days a hold lasts: by place and day, with sources.

A figure is exact, as it was published: 260 days for 100 people is 260/100. The lowest, middle and highest value of one figure
may come from different publishers, each at the nearest place that has one.
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
from comity.money.sourced import Row, Sheet, Source, find_figure, overlap_fault

SHEET = Sheet(
    "assumption",
    "assumptions.csv",
    ("place", "what", "at", "value", "unit", "from", "until", "source", "evidence", "note"),
)
HOLD_DAYS = "hold_days"
UNITS = {HOLD_DAYS: "days a hold"}
At: TypeAlias = Literal["low", "middle", "high"]
ATS: tuple[At, ...] = get_args(At)
NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?(/[1-9][0-9]{0,8})?")
HELP = "a number above 0, as in 3, 2.6 or 260/100"


class Assumption(Struct, frozen=True, kw_only=True):
    """One value of a figure (`what`), from the day `since` to the day before `until`.

    `at` says whether it is the lowest, the middle or the highest value.
    """

    place: str
    what: str
    at: At
    value: Fraction
    since: date
    until: date
    source: Source


class Assumptions(Struct, frozen=True):
    """All assumptions that were read."""

    all: tuple[Assumption, ...] = ()

    def on(self, what: str, places: Sequence[str], day: date) -> tuple[Assumption, ...]:
        """The values of a figure on a day, the middle one first; empty where no middle value is known."""
        found = {at: find_figure(self._values(what, at), places, day) for at in ATS}
        middle = found.pop("middle")
        return (middle, *(assumption for assumption in found.values() if assumption)) if middle else ()

    def _values(self, what: str, at: At) -> list[Assumption]:
        return [assumption for assumption in self.all if (assumption.what, assumption.at) == (what, at)]


def read_assumptions(folders: Iterable[Path], gazetteer: Gazetteer) -> tuple[Assumptions, list[Finding]]:
    """The assumptions in some folders of law, and their faults; for one place and figure a later folder replaces an earlier one."""
    found, findings = SHEET.read(folders, gazetteer, of_row=_assumption, key=_key, clash=overlap_fault)
    return Assumptions(found), findings


def _key(assumption: Assumption) -> tuple[str, str, str]:
    return assumption.place, assumption.what, assumption.at


def _assumption(row: Row) -> tuple[Assumption | None, list[Finding]]:
    cells = row.cells
    days, findings = SHEET.days(row)
    findings += [Finding(SHEET.what, row.at, message, help) for message, help in _faults(row)]
    at = next((known for known in ATS if known == cells["at"]), None)
    value = parse_number(cells["value"])
    if findings or days is None or at is None or value is None:
        return None, findings
    since, until = days
    return Assumption(
        place=cells["place"], what=cells["what"], at=at, value=value, since=since, until=until, source=row.source
    ), []


def _faults(row: Row) -> Iterable[tuple[str, str]]:
    """The messages and help texts of what is wrong in the columns of this table alone."""
    what, at, value, unit = (row.cells[column] for column in ("what", "at", "value", "unit"))
    if what not in UNITS:
        yield f'there is no figure "{what}"', f"one of {', '.join(UNITS)}"
    elif unit != UNITS[what]:
        yield f'{what} is not counted in "{unit}"', f"write {UNITS[what]}"
    if at not in ATS:
        yield f'"{at}" is not one of the lowest, the middle and the highest', f"one of {', '.join(ATS)}"
    if parse_number(value) is None:
        yield f'"{value}" is not a number of {UNITS.get(what, "anything")}', HELP


def parse_number(text: str) -> Fraction | None:
    """The exact number above 0 that a text writes, as in 3, 2.6 or 260/100; None where it writes none."""
    if not NUMBER.fullmatch(text):
        return None
    numerator, _, denominator = text.partition("/")
    return Fraction(Fraction(numerator), int(denominator or 1)) or None
