"""Federal grant programmes: who gives the money and by which statute, read from tables of law."""

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


class Programme(Struct, frozen=True):
    """One programme: its name, the agency that gives the money, the statute behind it, and between which days it has been there."""

    id: str
    place: str
    name: str
    agency: str
    statute: str
    since: date
    until: date
    source: Source


def read_programmes(folders: Iterable[Path], gazetteer: Gazetteer) -> tuple[dict[str, Programme], list[Finding]]:
    """The programmes of some folders of law by their ids, and the faults in them; a later folder over the earlier ones."""
    found, findings = SHEET.read(folders, gazetteer, _programme, lambda own: own.id, _twice)
    return {own.id: own for own in found}, findings


def _programme(row: Row) -> tuple[Programme | None, list[Finding]]:
    days, findings = SHEET.days(row)
    for column in ("programme", "name", "agency", "statute"):
        if not row.cells[column]:
            findings.append(Finding(SHEET.what, row.at, f"the programme has no {column}", f"fill in {column}"))
    if days is None or findings:
        return None, findings
    cells = row.cells
    return Programme(
        cells["programme"], cells["place"], cells["name"], cells["agency"], cells["statute"], *days, row.source
    ), []


def _twice(own: Programme, _other: Programme) -> str:
    return f"{own.id} stands for two programmes"
