"""Finds the class of a facility by its name, and the place whose law binds it.

A shipped table lists facilities whose names alone do not identify them. All others are classified by the words of the
name, within the State given by the record, since many States have a Franklin or a Montgomery. An uncertain one has no place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from comity.csvtext import Row, read_overlaid
from comity.finding import Finding
from comity.law.places import Gazetteer
from comity.period import FIRST_DAY, LAST_DAY, day_of

FILE = "facilities.csv"
COLUMNS = ("name", "state", "class", "place", "from", "until", "source")
FacilityClass: TypeAlias = Literal[
    "county_jail",
    "city_lockup",
    "juvenile",
    "state_prison",
    "federal_prison",
    "immigration_site",
    "hospital",
    "unknown",
]
CLASSES: tuple[FacilityClass, ...] = get_args(FacilityClass)
LOCAL: tuple[FacilityClass, ...] = ("county_jail", "city_lockup", "juvenile")
FEDERAL: tuple[FacilityClass, ...] = ("federal_prison", "immigration_site")
AGENCY_KINDS: dict[FacilityClass, str] = {"city_lockup": "police_department", "state_prison": "state_prison"}

SHORT = {
    "CNTY": "COUNTY", "CTY": "COUNTY", "CO": "COUNTY", "COUNY": "COUNTY", "FED": "FEDERAL", "PEN": "PENITENTIARY",
    "DIST": "DISTRICT", "DEPT": "DEPARTMENT", "PD": "POLICE", "SAINT": "ST", "SAINTE": "STE", "FT": "FORT", "MT": "MOUNT",
    "DET": "DETENTION", "HOLDROOM": "HOLD ROOM", "MARSHALS": "MARSHAL", "JUV": "JUVENILE", "JUVI": "JUVENILE",
}  # fmt: skip
# The order matters: a hold room in a county's jail is not a jail, nor is a county's juvenile hall.
BY_WORDS: tuple[tuple[FacilityClass, str], ...] = (
    (
        "immigration_site",
        r"HOLD ROOM|STAGING|PROCESSING C\w*|DISTRICT OFFICE|FIELD OFFICE|SUB ?OFFICE|DOCKET CONTROL|FAMILY (RESIDENTIAL|SHELTER|DETENTION)"
        r"|BORDER PATROL|BPS|POE|PORT OF ENTRY|ICE|ERO|DRO|SPC|CDF|IMMIGRATION|RESIDENTIAL CENTER|AIRPORT|CUSTOMS",
    ),
    (
        "federal_prison",
        r"FCI|USP|FDC|MCC|MDC|FMC|FPC|FCC|MCFP|BOP|US PENITENTIARY|US MARSHAL|USMS|FEDERAL"
        r"|MET(RO(POLITAN)?)? (DETENTION|CORR\w*)( CE?N?TE?R)?",
    ),
    ("hospital", r"HOSPITAL|MEDICAL|MED CENTER|HEALTH\w*|PSYCHIATRIC|INFIRMARY"),
    ("juvenile", r"JUVENILE|YOUTH|CHILDRENS?|BOYS|GIRLS|ADOLESCENT|MINORS?"),
    (
        "state_prison",
        r"SCI|SRCF|STATE (PRISON|PENITENTIARY|CORR\w*|JAIL|REFORMATORY)|DEPARTMENT OF CORR\w*|D ?O ?C|CORRECTIONAL INSTITUTION FOR",
    ),
    (
        "city_lockup",
        r"POLICE|CITY JAIL|LOCK ?UP|CITY (DETENTION|CORR\w*)|PUBLIC SAFETY DEPARTMENT|TOWN JAIL|VILLAGE JAIL",
    ),
)
WORDS = tuple((kind, re.compile(rf"\b(?:{words})\b")) for kind, words in BY_WORDS)
INITIALS = re.compile(r"\b([A-Z])\. ?(?=[A-Z]\b)")  # S.C.I. is SCI, and U.S. is US
NO_LETTERS = re.compile(r"[^A-Z0-9]+")
OF_KIND = re.compile(r" (County|Parish|Borough|Census Area|Municipality|city)$")
PARTS_OF_LOCAL = 3
OF_COUNTY = re.compile(r"^(?P<name>[A-Z ]+?) (?:COUNTY|PARISH|BOROUGH)\b")
STATE_AT_END = re.compile(r"(?:,\s*|\()([A-Za-z. ]{2,})\)?\.?\s*$")


class Facility(Struct, frozen=True):
    """The class of a facility and the path of the place whose law binds it; empty where none does, or where it is not certain."""

    kind: FacilityClass
    place: str = ""

    @property
    def mapped(self) -> bool:
        """Whether the law of some place binds the facility."""
        return bool(self.place)


class Alias(Struct, frozen=True):
    """A row of the table: the facility that a name means in a State, from `since` until the day before `until`."""

    facility: Facility
    since: date
    until: date


class Facilities:
    """Finds the facility of a record by the table and by the words of its name."""

    def __init__(self, aliases: Mapping[str, tuple[Alias, ...]], gazetteer: Gazetteer) -> None:
        self.aliases = aliases
        self.states = {
            name: path[3:]
            for path, place in gazetteer.places.items()
            if place.kind == "state"
            for name in (_letters(place.name), path[3:].upper())
        }
        self.counties: dict[tuple[str, str], str] = {}
        self.cities: dict[tuple[str, str], str] = {}
        for path, place in gazetteer.places.items():
            parts = path.split("/")
            if len(parts) != PARTS_OF_LOCAL:
                continue
            if place.kind in ("county", "consolidated"):
                self.counties[parts[1], _plain(OF_KIND.sub("", place.name))] = path
            if place.kind != "county":
                self.cities[parts[1], _plain(OF_KIND.sub("", place.name))] = path

    def found(self, name: str, city: str, state: str, on: date) -> Facility:
        """The facility on a day; `state` is a name or a postal code. Without a place where that is not certain."""
        postal = self.states.get(_letters(state), "")
        plain, named_state = self.without_state(name)
        if not postal or (named_state and named_state != postal):
            return Facility(_class_of(plain))
        for alias in self.aliases.get(f"{postal}:{plain}", ()):
            if alias.since <= on < alias.until:
                return alias.facility
        return self.by_words(plain, _plain(city), postal)

    def changes_hands(self, name: str, state: str) -> bool:
        """Whether the class or the place of a facility depends on the day."""
        postal, (plain, _) = self.states.get(_letters(state), ""), self.without_state(name)
        return any(
            (alias.since, alias.until) != (FIRST_DAY, LAST_DAY) for alias in self.aliases.get(f"{postal}:{plain}", ())
        )

    def by_words(self, name: str, city: str, postal: str) -> Facility:
        kind = _class_of(name)
        if kind in FEDERAL or kind == "hospital":
            return Facility(kind)
        if kind == "city_lockup":
            return Facility(kind, self.cities.get((postal, city), ""))
        named_state = OF_COUNTY.match(name)
        county = self.counties.get((postal, named_state["name"]), "") if named_state else ""
        if kind == "state_prison" and not county:  # some counties have a department of corrections
            return Facility(kind, f"us/{postal}")
        return Facility("county_jail" if county and kind != "juvenile" else kind, county)

    def without_state(self, name: str) -> tuple[str, str]:
        """The name without the State at its end, and the postal code of that State."""
        found = STATE_AT_END.search(name)
        named_state = self.states.get(_letters(found[1]), "") if found else ""
        return (_plain(name[: found.start()]), named_state) if found and named_state else (_plain(name), "")


def _class_of(name: str) -> FacilityClass:
    return next((kind for kind, words in WORDS if words.search(name)), "unknown")


def _plain(text: str) -> str:
    """The name in capitals, without punctuation, its usual abbreviations written out."""
    return " ".join(SHORT.get(word, word) for word in _letters(text).split())


def _letters(text: str) -> str:
    return " ".join(NO_LETTERS.sub(" ", INITIALS.sub(r"\1", text.upper().replace("'", ""))).split())


def read_aliases(
    path: Path, gazetteer: Gazetteer, over: Sequence[Path] = ()
) -> tuple[dict[str, tuple[Alias, ...]], list[Finding]]:
    """The rows of the table by State and name, with the tables `over` laid over it, and the faults."""
    aliases: dict[str, tuple[Alias, ...]] = {}
    rows, findings = read_overlaid([path, *over], COLUMNS, lambda row: (row["state"], _plain(row["name"])))
    for row in rows:
        fault = _fault(row, gazetteer)
        if fault:
            findings.append(Finding("facility", row.at, fault, f"the columns are {', '.join(COLUMNS)}"))
            continue
        key = f"{row['state']}:{_plain(row['name'])}"
        since, until = day_of(row["from"]) or FIRST_DAY, day_of(row["until"]) or LAST_DAY
        kind = next(kind for kind in CLASSES if kind == row["class"])
        aliases[key] = (*aliases.get(key, ()), Alias(Facility(kind, row["place"]), since, until))
    return aliases, findings


def _fault(row: Row, gazetteer: Gazetteer) -> str:
    if row["class"] not in CLASSES:
        return f'a facility cannot be a "{row["class"]}"; one of {", ".join(CLASSES)}'
    if row["place"] and row["place"] not in gazetteer.places:
        return f'there is no place "{row["place"]}"'
    strange = next((row[name] for name in ("from", "until") if row[name] and day_of(row[name]) is None), "")
    return f'"{strange}" is no day' if strange else ""
