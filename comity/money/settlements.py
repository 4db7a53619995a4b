"""What places paid, or were told to pay, because people were held on detainers, as published: a case each, never added up or averaged.

A figure says what happened in that case. It is neither the price of a hold nor a chance that somebody sues.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from comity.finding import Finding
from comity.law.places import Gazetteer
from comity.money.amount import read_amount
from comity.money.sourced import Row, Sheet, Source
from comity.period import LegalDay

SHEET = Sheet(
    "settlement", "settlements.csv",
    ("place", "name", "kind", "amount", "people", "days", "from", "until", "decided_on", "public_on", "source", "evidence", "note"),
)  # fmt: skip
Kind: TypeAlias = Literal["settlement", "verdict", "judgment"]
KINDS: tuple[Kind, ...] = get_args(Kind)
DAYS = ("from", "until", "decided_on", "public_on")
NEEDED = {"name": "what the case is called", "people": "how many people were held", "decided_on": "when it came about"}


class Settlement(Struct, frozen=True):
    """A sum for people held, and for the days they were held where those were published; `decided` is when it came about.

    `since` and `until` are when the people were held; what was not published is left open. `public` is when the figure was
    published, where that was later.
    """

    place: str
    name: str
    kind: Kind
    cents: int
    people: int
    days: int | None
    since: LegalDay | None
    until: LegalDay | None
    decided: LegalDay
    source: Source
    public: LegalDay | None = None

    @property
    def a_person(self) -> Fraction:
        """Cents for each person held."""
        return Fraction(self.cents, self.people)

    @property
    def a_day(self) -> Fraction | None:
        """Cents for each day held, where the days were published."""
        return Fraction(self.cents, self.days) if self.days else None

    def known_on(self, day: date) -> bool:
        """Whether it had surely come about by a day, and the figure been published."""
        return max(self.decided.last, self.public.last if self.public else self.decided.last) <= day


class Settlements(Struct, frozen=True):
    """Every settlement that was read."""

    all: tuple[Settlement, ...] = ()


def read_settlements(folders: Iterable[Path], gazetteer: Gazetteer) -> tuple[Settlements, list[Finding]]:
    """The settlements of some folders of law, and the faults in them; what a later one says of a case replaces the earlier."""
    found, findings = SHEET.read(folders, gazetteer, _settlement, lambda own: (own.place, own.name), _twice)
    return Settlements(found), findings


def _settlement(row: Row) -> tuple[Settlement | None, list[Finding]]:
    cents, findings = read_amount(row.cells["amount"], row.at)
    (people, of_people), (days, of_days) = (SHEET.count(row, column) for column in ("people", "days"))
    (since, first), (until, last), (decided, when), (public, said) = (SHEET.day(row, column) for column in DAYS)
    findings += [*of_people, *of_days, *first, *last, *when, *said]
    findings += [Finding(SHEET.what, row.at, message, help) for message, help in _faults(row)]
    kind = next((own for own in KINDS if own == row.cells["kind"]), None)
    if findings or people is None or decided is None or kind is None:
        return None, findings
    cells = row.cells
    return Settlement(
        cells["place"], cells["name"], kind, cents, people, days, since, until, decided, row.source, public
    ), []


def _twice(own: Settlement, _: Settlement) -> str:
    return f"{own.name} stands here twice"


def _faults(row: Row) -> Iterable[tuple[str, str]]:
    if row.cells["kind"] not in KINDS:
        yield f'a sum cannot be "{row.cells["kind"]}"', f"one of {', '.join(KINDS)}"
    for column, words in NEEDED.items():
        if not row.cells[column]:
            yield f"a settlement lacks {column}", f"say {words}"
