"""What a day in jail costs and what is paid for one, by place and day, each rate with its source: read from tables of law.

Three kinds of rate are kept apart and never stand in for each other: what a day costs on *average*, what one day more costs
(*marginal*), and the *federal* rate at which a hold may be charged; nothing, where none was agreed. What SCAAP paid is no
rate: it is a part of officers' salaries of a whole year, and the days of a hold are not its measure.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from comity.finding import Finding, Place
from comity.law.instrument import EVIDENCE, Evidence
from comity.law.places import Gazetteer
from comity.money.amount import dollars, read_amount
from comity.period import day_of

FILE = "rates.csv"
COLUMNS = ("place", "kind", "amount", "days", "from", "until", "source", "evidence", "note")
Kind: TypeAlias = Literal["average", "marginal", "federal"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SCAAP = "scaap"
# So that cents times days, and the sum of a quarter of a million rows, stay within 64 bits.
DAYS_MAX, DAY_CENTS_MAX = 1_000_000, 1_000_000


class Rate(Struct, frozen=True):
    """An amount for a number of days, from a day and until the day before another. A published sum over published days is
    such a rate as it stands; divided, it would not come out again. `kind` is one of `KINDS`, or `scaap` with no days."""

    place: str
    kind: str
    cents: int
    days: int
    since: date
    until: date
    source: str
    evidence: Evidence
    note: str = ""

    @property
    def words(self) -> str:
        """`$113.00 a day`, `$5,082.52 for 227 days`."""
        return f"{dollars(self.cents)} {'a day' if self.days == 1 else f'for {self.days:,} days'}"


class Rates(Struct, frozen=True):
    """Every rate that was read."""

    all: tuple[Rate, ...] = ()

    def of(self, kind: str, places: Iterable[str]) -> tuple[Rate, ...]:
        """The rates of a kind at the nearest of some places that has any, by their days; no two of them share one."""
        for place in places:
            found = [own for own in self.all if (own.place, own.kind) == (place, kind)]
            if found:
                return tuple(sorted(found, key=lambda own: own.since))
        return ()


def rate_on(rates: Sequence[Rate], day: date) -> Rate | None:
    """The rate of a day, if one is known."""
    return next((own for own in rates if own.since <= day < own.until), None)


def read_rates(folders: Iterable[Path], gazetteer: Gazetteer) -> tuple[Rates, list[Finding]]:
    """The rates of some folders of law, and the faults in them; what a later one says of a place and kind replaces the earlier."""
    found: dict[tuple[str, str], list[Rate]] = {}
    findings: list[Finding] = []
    for path in [folder.joinpath(FILE) for folder in folders]:
        if not path.is_file():
            continue
        own, faults = _read_file(path, gazetteer)
        found |= own
        findings += faults
    return Rates(tuple(rate for rates in found.values() for rate in rates)), findings


def _read_file(path: Path, gazetteer: Gazetteer) -> tuple[dict[tuple[str, str], list[Rate]], list[Finding]]:
    found: dict[tuple[str, str], list[Rate]] = {}
    findings: list[Finding] = []
    with path.open(encoding="utf-8", errors="replace", newline="") as lines:
        reader = csv.DictReader(lines)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            help = f"its columns are {', '.join(COLUMNS)}"
            return {}, [Finding("column", Place(str(path), 1), f"the table of rates lacks the column {missing[0]}", help)]
        for row in reader:
            own, faults = _rate(row, Place(str(path), reader.line_num), gazetteer)
            findings += faults
            if own:
                findings += _shared(own, found.get((own.place, own.kind), ()), Place(str(path), reader.line_num))
                found.setdefault((own.place, own.kind), []).append(own)
    return found, findings


def _rate(row: Mapping[str, str | None], place: Place, gazetteer: Gazetteer) -> tuple[Rate | None, list[Finding]]:
    cells = {column: (row.get(column) or "").strip() for column in COLUMNS}
    cents, findings = read_amount(cells["amount"], place)
    findings += [Finding("rate", place, message, help) for message, help in _faults(cells, gazetteer)]
    since, until = day_of(cells["from"]), day_of(cells["until"])
    evidence = next((own for own in EVIDENCE if own == cells["evidence"]), None)
    if findings or since is None or until is None or evidence is None:
        return None, findings
    days = int(cells["days"] or 0)
    if days and cents > DAY_CENTS_MAX * days:
        help = f"at most {dollars(DAY_CENTS_MAX)} a day; are amount and days of the same span?"
        return None, [Finding("rate", place, f"{dollars(cents)} for {days:,} days is no rate of a jail", help)]
    return Rate(cells["place"], cells["kind"], cents, days, since, until, cells["source"], evidence, cells["note"]), []


def _faults(cells: Mapping[str, str], gazetteer: Gazetteer) -> Iterable[tuple[str, str]]:
    """What is wrong with a row, and what would be right."""
    if cells["place"] not in gazetteer.places:
        yield f'there is no place "{cells["place"]}"', gazetteer.suggestion(cells["place"]) or "write a path, as in us/fl/miami-dade"
    if cells["kind"] not in (*KINDS, SCAAP):
        yield f'a rate cannot be "{cells["kind"]}"', f"one of {', '.join((*KINDS, SCAAP))}"
    if not _days_fit(cells["kind"], cells["days"]):
        yield f'"{cells["days"]}" is no number of days that the amount is for', f"a number from 1, and nothing for {SCAAP}"
    if not cells["source"]:
        yield "a rate without a source is nobody's word", "say who published it, and when"
    if cells["evidence"] not in EVIDENCE:
        yield f'"{cells["evidence"]}" is no mark of evidence', f"one of {', '.join(EVIDENCE)}"
    since, until = day_of(cells["from"]), day_of(cells["until"])
    if since is None or until is None or until <= since:
        yield "a rate holds from a day until a later one", "write both as YYYY-MM-DD; until is the first day of which it is not known"


def _days_fit(kind: str, days: str) -> bool:
    return not days if kind == SCAAP else days.isascii() and days.isdigit() and 1 <= int(days) <= DAYS_MAX


def _shared(own: Rate, others: Iterable[Rate], place: Place) -> list[Finding]:
    twice = [other for other in others if own.since < other.until and other.since < own.until]
    message = f"{own.place} has two rates of the kind {own.kind} for {max(own.since, twice[0].since)}" if twice else ""
    return [Finding("rate", place, message, "end one on the day on which the other begins")] if twice else []


def first_day_without(rates: Sequence[Rate], since: date, until: date) -> date | None:
    """The first day of a span on which no rate is known; nothing where each has one."""
    day = since
    while day < until:
        own = rate_on(rates, day)
        if own is None:
            return day
        day = max(own.until, day + timedelta(1))
    return None
