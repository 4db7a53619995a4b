"""The tables of facilities: those that their names alone do not identify, and the federal lists with the code of each.

`jails.csv` has some 1,700 rows. A decision needs none of them, so it is read when a table of records is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from comity.csvtext import Row, read_overlaid
from comity.finding import Finding
from comity.law.jails.words import CLASSES, FEDERAL, LOCAL, FacilityClass, spelled, standard_words
from comity.law.places import Gazetteer
from comity.period import FIRST_DAY, LAST_DAY, day_of

FILE, JAILS_FILE = "facilities.csv", "jails.csv"
COLUMNS = ("name", "state", "class", "place", "from", "until", "source")
JAIL_COLUMNS = ("code", "name", "city", *COLUMNS[1:])
# Words that many jails of a State have in their names: a name of these alone means a jail only together with its city.
COMMON = frozenset((
    "ADULT", "CENTER", "CENTRAL", "CITY", "COMPLEX", "CORRECTIONAL", "COUNTY", "CRIMINAL", "DEPARTMENT", "DETENTION",
    "DISTRICT", "EAST", "EASTERN", "ENFORCEMENT", "FACILITY", "HOUSE", "INSTITUTION", "INTAKE", "JAIL", "JOINT", "JUSTICE",
    "JUVENILE", "LAW", "MAIN", "MEDIUM", "METRO", "MULTI", "MUNICIPAL", "NORTH", "NORTHEAST", "NORTHERN", "NORTHWEST", "OF",
    "POLICE", "PRE", "PRETRIAL", "PRISON", "PROCESSING", "REGIONAL", "RELEASE", "SECURITY", "SERVICES", "SOUTH",
    "SOUTHEAST", "SOUTHERN", "SOUTHWEST", "STATE", "TRI", "TRIAL", "WEST", "WESTERN", "WOMENS",
))  # fmt: skip


class Facility(Struct, frozen=True):
    """The class of a facility and the path of the place whose law binds it; empty where none does, or where it is not certain.

    `local_open` is set where only the law of its State is known to bind it, and the county or city that runs it is not known.
    """

    kind: FacilityClass
    place: str = ""
    local_open: bool = False

    @property
    def mapped(self) -> bool:
        """Whether the law of some place binds the facility."""
        return bool(self.place)


class Alias(Struct, frozen=True):
    """A row of a table: the facility that a name or a code means in a State, from `since` until the day before `until`.

    `city` is the spelling of the city where the facility is. `common` is set where other facilities may have the same name.
    """

    facility: Facility
    since: date = FIRST_DAY
    until: date = LAST_DAY
    state: str = ""
    city: str = ""
    common: bool = False

    def fits(self, city: str) -> bool:
        """Whether a facility of this name in a city, or in one that is not given, is this one."""
        if self.city and city:
            return self.city == spelled(standard_words(city))
        return not (self.common and self.city)


class Jails:
    """The facilities of the lists, by their code and by their State and name."""

    def __init__(self, tables: Sequence[str], gazetteer: Gazetteer) -> None:
        self.tables, self.gazetteer = tables, gazetteer

    @cached_property
    def by_code(self) -> dict[str, tuple[Alias, ...]]:
        """The rows by the code of the facility (DETLOC)."""
        return _grouped(self._rows, lambda row: row["code"].upper())

    @cached_property
    def by_name(self) -> dict[str, tuple[Alias, ...]]:
        """The rows by the key that `key_of` gives for their State and name; those of the last table that has the key."""
        found: dict[str, tuple[Alias, ...]] = {}
        for table in self.tables:
            of_table = [row for row in self._rows if row.at.source == table and row["name"]]
            found |= _grouped(of_table, lambda row: key_of(row["name"], row["state"]))
        return found

    def named(self, key: str, city: str, day: date) -> Facility | None:
        """The facility that a name means on a day; None where it means none, or several."""
        rows = [alias for alias in self.by_name.get(key, ()) if alias.since <= day < alias.until and alias.fits(city)]
        found = {alias.facility for alias in rows}
        return found.pop() if len(found) == 1 else None

    @cached_property
    def _rows(self) -> list[Row]:
        rows, _ = read_overlaid([Path(table) for table in self.tables], JAIL_COLUMNS, _key_of_jail)
        return [row for row in rows if not _fault(row, self.gazetteer)]


def key_of(name: str, state: str) -> str:
    """The key of a facility: its State and the spelling of its name."""
    return f"{state}:{spelled(standard_words(name, state))}"


def check_jails(tables: Sequence[Path], gazetteer: Gazetteer) -> list[Finding]:
    """The faults in the tables of listed facilities."""
    rows, findings = read_overlaid(tables, JAIL_COLUMNS, _key_of_jail)
    for row in rows:
        fault = _fault(row, gazetteer)
        fault = fault or ("" if row["code"] or row["name"] else "a facility has a code, a name or both")
        if fault:
            findings.append(Finding("facility", row.at, fault, f"the columns are {', '.join(JAIL_COLUMNS)}"))
    return findings


def read_aliases(
    path: Path, gazetteer: Gazetteer, over: Sequence[Path] = ()
) -> tuple[dict[str, tuple[Alias, ...]], list[Finding]]:
    """The rows of `facilities.csv` by State and name, with the tables `over` laid over it, and the faults."""
    aliases: dict[str, tuple[Alias, ...]] = {}
    rows, findings = read_overlaid([path, *over], COLUMNS, lambda row: key_of(row["name"], row["state"]))
    for row in rows:
        fault = _fault(row, gazetteer)
        if fault:
            findings.append(Finding("facility", row.at, fault, f"the columns are {', '.join(COLUMNS)}"))
            continue
        key = key_of(row["name"], row["state"])
        aliases[key] = (*aliases.get(key, ()), _alias_of(row))
    return aliases, findings


def _grouped(rows: Iterable[Row], key: Callable[[Row], str]) -> dict[str, tuple[Alias, ...]]:
    found: dict[str, tuple[Alias, ...]] = {}
    for row in rows:
        if key(row):
            found[key(row)] = (*found.get(key(row), ()), _alias_of(row))
    return found


def _alias_of(row: Row) -> Alias:
    since, until = day_of(row["from"]) or FIRST_DAY, day_of(row["until"]) or LAST_DAY
    kind = next(kind for kind in CLASSES if kind == row["class"])
    local_open = kind in LOCAL and row["place"].count("/") == 1 and is_divided(row["state"])
    city = spelled(standard_words(row.cells.get("city", "")))
    common = COMMON.issuperset(standard_words(row["name"]).split())
    return Alias(Facility(kind, row["place"], local_open), since, until, row["state"], city, common)


def is_divided(state: str) -> bool:
    """Whether a State has local governments with jails of their own; the District and the territories have none."""
    return state not in ("dc", "gu", "vi", "mp", "as", "pr")


def _key_of_jail(row: Row) -> str:
    return row["code"] or f"{key_of(row['name'], row['state'])}:{row['city']}"


def _fault(row: Row, gazetteer: Gazetteer) -> str:
    if row["class"] not in CLASSES:
        return f'a facility cannot be a "{row["class"]}"; one of {", ".join(CLASSES)}'
    if row["place"] and row["place"] not in gazetteer.places:
        return f'there is no place "{row["place"]}"'
    if row["place"] and row["class"] in FEDERAL:
        return f'a "{row["class"]}" has no place, since no local law binds it'
    if row["place"] and row["place"].split("/")[1] != row["state"]:
        return f'"{row["place"]}" is not in the State "{row["state"]}"'
    strange = next((row[name] for name in ("from", "until") if row[name] and day_of(row[name]) is None), "")
    return f'"{strange}" is no day' if strange else ""
