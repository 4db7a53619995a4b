"""Cities, towns and villages, and former names of places: the tables `cities.csv` and `former-places.csv`.

The table of cities has some 20,000 rows. A decision at a county needs none of them, so it is read when a name is looked up
that no other table has, and then only the row of that name is taken apart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from comity.csvtext import BYTES_MAX, cells_of, read_overlaid
from comity.finding import Finding, Place, did_you_mean
from comity.period import day_of
from comity.place_text import spelling
from comity.textfile import read_text_file

CITIES_FILE, FORMER_FILE = "cities.csv", "former-places.csv"
CITY_COLUMNS = ("path", "name", "kind", "within")
FORMER_COLUMNS = ("path", "places", "until", "change")
CITY_KINDS = ("city", "town", "village", "borough", "township", "municipality", "region")
PARTS = 3  # of the path of a city: us, State, slug


class City(Struct, frozen=True):
    """A row of the table of cities. `within` has the paths of its counties, the one with most of its people first."""

    path: str
    name: str
    kind: str
    within: tuple[str, ...]


class FormerName(Struct, frozen=True):
    """A name or status that a place lost: the paths that replaced it, the first day without it, and what happened."""

    places: tuple[str, ...]
    until: date
    change: str


class Cities:
    """The rows of one or more tables of cities by their paths; a row of a later table replaces that of an earlier one."""

    def __init__(self, tables: Sequence[str]) -> None:
        self.tables = tables

    def find(self, path: str) -> City | None:
        """The city with a path, or None; a row that cannot be read is none."""
        line = self._lines.get(path) if path.count("/") == PARTS - 1 else None
        return _city_of(line)[0] if line else None

    def spelled(self, state: str, slug: str) -> list[str]:
        """The paths of the cities of a State whose slugs are spellings of one name."""
        if state not in self._spelled:
            by_spelling: dict[str, list[str]] = {}
            for path in self.of_state(state):
                by_spelling.setdefault(spelling(path.rpartition("/")[2]), []).append(path)
            self._spelled[state] = by_spelling
        return self._spelled[state].get(spelling(slug), [])

    def of_state(self, state: str) -> list[str]:
        """The paths of all cities of a State, by its postal code."""
        return self._of_states.get(state, [])

    @property
    def paths(self) -> Iterable[str]:
        """The paths of all cities."""
        return self._lines.keys()

    @cached_property
    def _spelled(self) -> dict[str, dict[str, list[str]]]:
        return {}

    @cached_property
    def _of_states(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self._lines:
            found.setdefault("".join(path.split("/")[1:2]), []).append(path)
        return found

    @cached_property
    def _lines(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for table in self.tables:
            try:
                text = Path(table).read_text(encoding="utf-8", errors="replace")  # checked when the law was read
            except OSError:
                continue
            found |= {line.partition(",")[0]: line for line in text.split("\n")[1:] if line}
        return found


def check_cities(tables: Iterable[Path], known: Collection[str]) -> list[Finding]:
    """The faults in tables of cities; `known` has the paths of the places that a city can lie in."""
    findings: list[Finding] = []
    for table in tables:
        text, faults = read_text_file(table, BYTES_MAX) if table.is_file() else (None, [])
        findings += faults
        lines = (text or ",".join(CITY_COLUMNS)).split("\n")
        if lines[0].strip() != ",".join(CITY_COLUMNS):
            message = f"the columns of {table.name} are not {', '.join(CITY_COLUMNS)}, in this order"
            findings.append(Finding("column", Place(str(table), 1), message))
            continue
        seen: set[str] = set()
        for number, line in enumerate(lines[1:], 2):
            city, fault = _city_of(line) if line.strip() else (None, "")
            message, help = (fault, "") if city is None else _fault_of(city, seen, known)
            if message:
                findings.append(Finding("place", Place(str(table), number), message, help))
            if city:
                seen.add(city.path)
    return findings


def _city_of(line: str) -> tuple[City | None, str]:
    cells, fault = cells_of(line)
    if fault or len(cells) != len(CITY_COLUMNS):
        return None, fault or f"this row has not the {len(CITY_COLUMNS)} cells {', '.join(CITY_COLUMNS)}"
    path, name, kind, within = cells
    return City(path, name, kind, tuple(within.split())), ""


def _fault_of(city: City, seen: Collection[str], known: Collection[str]) -> tuple[str, str]:
    if city.path.count("/") != PARTS - 1 or city.path in seen:
        return f'the place "{city.path}" has no path of {PARTS} parts, or is given twice', ""
    if city.kind not in CITY_KINDS:
        return f'{city.path} has the unknown kind "{city.kind}"', f"one of {', '.join(CITY_KINDS)}"
    state = city.path.rpartition("/")[0]
    wrong = [outer for outer in city.within if outer not in known or not outer.startswith(state)]
    if wrong or not city.within:
        message = f'{city.path} lies within "{" ".join(wrong)}", which is no place of its State'
        return message, did_you_mean(wrong[0], [path for path in known if path.startswith(state)]) if wrong else ""
    return "", ""


def read_former_names(tables: Sequence[Path]) -> tuple[dict[str, FormerName], list[Finding]]:
    """The former names by their paths, and the faults in the tables."""
    rows, findings = read_overlaid(tables, FORMER_COLUMNS, lambda row: row["path"])
    found: dict[str, FormerName] = {}
    for row in rows:
        until, places = day_of(row["until"]), tuple(row["places"].split())
        if until is None or not places or row["path"] in found:
            message = f'the former place "{row["path"]}" has no day, no present place, or is given twice'
            findings.append(Finding("place", row.at, message, "a day is written 2019-01-02"))
            continue
        found[row["path"]] = FormerName(places, until, row["change"])
    return found, findings
