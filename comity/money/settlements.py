"""What places paid, or were ordered to pay, because people were held on detainers: one case a row, never summed or averaged.

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
REQUIRED = {"name": "the name of the case", "people": "how many people were held", "decided_on": "when it was decided"}


class Settlement(Struct, frozen=True, kw_only=True):
    """A sum in cents for people held, and for the days they were held where those were published.

    `since` and `until` are when the people were held, where that was published. `decided` is when the case was decided or
    settled, and `public` when the figure was published, where that was later.
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
        """Whether the case was certainly decided and the figure published by a day."""
        return max(self.decided.last, self.public.last if self.public else self.decided.last) <= day


class Settlements(Struct, frozen=True):
    """All settlements that were read."""

    all: tuple[Settlement, ...] = ()


def read_settlements(folders: Iterable[Path], gazetteer: Gazetteer) -> tuple[Settlements, list[Finding]]:
    """The settlements in some folders of law, and their faults; for one case a later folder replaces an earlier one."""
    found, findings = SHEET.read(
        folders, gazetteer, of_row=_settlement, key=lambda case: (case.place, case.name), clash=_twice
    )
    return Settlements(found), findings


def _settlement(row: Row) -> tuple[Settlement | None, list[Finding]]:
    cents, findings = read_amount(row.cells["amount"], row.at)
    counts = [SHEET.count(row, column) for column in ("people", "days")]
    dates = [SHEET.day(row, column) for column in DAYS]
    findings += [finding for _, faults in counts for finding in faults]
    findings += [finding for _, faults in dates for finding in faults]
    findings += [Finding(SHEET.what, row.at, message, help) for message, help in _faults(row)]
    kind = next((known for known in KINDS if known == row.cells["kind"]), None)
    people, days = (count for count, _ in counts)
    since, until, decided, public = (day for day, _ in dates)
    if findings or people is None or decided is None or kind is None:
        return None, findings
    settlement = Settlement(
        place=row.cells["place"], name=row.cells["name"], kind=kind, cents=cents, people=people, days=days, since=since,
        until=until, decided=decided, source=row.source, public=public,
    )  # fmt: skip
    return settlement, []


def _twice(settlement: Settlement, _: Settlement) -> str:
    return f"{settlement.name} is in the table twice"


def _faults(row: Row) -> Iterable[tuple[str, str]]:
    if row.cells["kind"] not in KINDS:
        yield f'"{row.cells["kind"]}" is not a kind of case', f"one of {', '.join(KINDS)}"
    for column, description in REQUIRED.items():
        if not row.cells[column]:
            yield f"a settlement needs {column}", f"write {description}"
