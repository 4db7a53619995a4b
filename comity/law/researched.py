"""How far the law of each place was followed: the table of days to which the sources that were looked at reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from comity.csvtext import read_overlaid
from comity.finding import Finding
from comity.law.places import Gazetteer
from comity.period import day_of

FILE = "researched.csv"
COLUMNS = ("place", "researched_to", "looked_at", "not_found")
STATE_DEPTH = 1  # the slashes in the path of a State


class Researched(Struct, frozen=True):
    """How far the law of a place was followed: the latest day to which the sources reach, what was looked at, what was not found."""

    place: str
    to: date
    looked_at: str = ""
    not_found: str = ""


def read_researched(
    path: Path, gazetteer: Gazetteer, over: Sequence[Path] = ()
) -> tuple[dict[str, Researched], list[Finding]]:
    """The table by place, with the tables `over` laid over it, and the faults; a library may have none."""
    rows, findings = read_overlaid([path, *over], COLUMNS, lambda row: row["place"])
    found: dict[str, Researched] = {}
    for row in rows:
        place, day = row["place"], day_of(row["researched_to"])
        if place not in gazetteer.places:
            message = f'"{place}" is no place'
            findings.append(Finding("researched", row.at, message, gazetteer.suggestion(place)))
        elif day is None:
            message = f'researched_to is "{row["researched_to"]}", which is no day'
            findings.append(Finding("researched", row.at, message, "write YYYY-MM-DD"))
        elif place in found:
            findings.append(Finding("researched", row.at, f"{place} is given twice", "keep the later row"))
        elif not row["looked_at"]:
            message = f"nothing is said to have been looked at for {place}"
            findings.append(
                Finding("researched", row.at, message, "name the sources: the day is raised only by looking")
            )
        else:
            found[place] = Researched(place, day, row["looked_at"], row["not_found"])
    return found, findings


def concerned(here: tuple[str, ...], researched: Mapping[str, Researched]) -> list[tuple[str, Researched | None]]:
    """The State of a place, researched or not, then the nearer places that were researched, and the place itself."""
    nearer = [path for path in reversed(here) if path.count("/") >= STATE_DEPTH]
    return [
        (path, researched.get(path))
        for path in nearer
        if path in researched or path.count("/") == STATE_DEPTH or path == here[0]
    ]
