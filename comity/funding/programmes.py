"""Federal grant programmes: who gives the money and under which statute, read from tables of law."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from msgspec import Struct

from comity.finding import Finding
from comity.law.places import Gazetteer
from comity.money.sourced import Row, Sheet, Source

COLUMNS = ("place", "programme", "name", "agency", "statute", "from", "until", "source", "evidence", "note")
SHEET = Sheet("programme", "programmes.csv", COLUMNS)


class Programme(Struct, frozen=True, kw_only=True):
    """One programme: its name, the agency that gives the money, the statute behind it, and the days on which it exists."""

    id: str
    place: str
    name: str
    agency: str
    statute: str
    since: date
    until: date
    source: Source


def read_programmes(folders: Iterable[Path], gazetteer: Gazetteer) -> tuple[dict[str, Programme], list[Finding]]:
    """The programmes in some folders of law by id, and their faults; a later folder replaces an earlier one."""
    found, findings = SHEET.read(
        folders, gazetteer, of_row=_programme, key=lambda programme: programme.id, clash=_twice
    )
    return {programme.id: programme for programme in found}, findings


def _programme(row: Row) -> tuple[Programme | None, list[Finding]]:
    days, findings = SHEET.days(row)
    for column in ("programme", "name", "agency", "statute"):
        if not row.cells[column]:
            findings.append(Finding(SHEET.what, row.at, f"the programme has no {column}", f"fill in {column}"))
    if days is None or findings:
        return None, findings
    cells, (since, until) = row.cells, days
    programme = Programme(
        id=cells["programme"], place=cells["place"], name=cells["name"], agency=cells["agency"], statute=cells["statute"],
        since=since, until=until, source=row.source,
    )  # fmt: skip
    return programme, []


def _twice(programme: Programme, _other: Programme) -> str:
    return f"two programmes have the id {programme.id}"
