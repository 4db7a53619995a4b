"""How many facilities of real lists are placed, and how many rightly: python bench/facilities.py [--show 100] [--without-table].

The lists name a county, a city and a State too. The county and the State are compared with the place that is found for the name;
the type of a facility is compared with its class.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from comity.api import load
from comity.law.facilities import GROUPS, Facilities
from comity.law.jails.owners import Owners
from comity.law.jails.patterns import MARSHAL
from comity.law.jails.table import Facility
from comity.law.jails.words import CLASSES, standard_words
from comity.place_text import slug_of

DAY = date(2017, 6, 1)
RECORDS = "COMITY_RECORDS"
RIGHT, WRONG_STATE, WRONG_COUNTY, WRONG_CLASS, UNKNOWN = (
    "right",
    "another State",
    "another county",
    "another class",
    "unknown",
)
STATES = 2  # digits of a FIPS code
# What the type that a federal list gives says of the class.
OF_TYPE = {
    **dict.fromkeys(("HOLD", "STAGING", "CDF", "SPC", "POE", "BPS", "AIRPORT", "TRANSPORT", "MIRP", "FAMILY", "USMS CDF"),
                    ("immigration_site", "federal_prison")),
    **dict.fromkeys(("HOSPITAL", "HEALTH"), ("hospital", "state_prison")),
    "BOP": ("federal_prison",),
    "JUVENILE": ("juvenile", "county_jail"),
    "DIGSA": ("immigration_site", "federal_prison", "county_jail"),
}  # fmt: skip
LOCAL_OR_STATE = ("county_jail", "city_lockup", "state_prison", "juvenile")


class Listed(NamedTuple):
    """A row of a list: the facility as it would stand in a table of records, and what the list says of its place and type."""

    name: str
    city: str
    state: str
    code: str
    county: str
    type: str


def federal_list(path: Path, apart: str) -> Iterator[Listed]:
    """The rows of a federal list of facilities that name a facility, a city and a State."""
    with path.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines, delimiter=apart):
            row = {key.lower().replace(" ", "_"): cell.strip() for key, cell in line.items()}
            if row["state"] not in ("", "NA") and row["city"] not in ("", "NA"):
                code, county = row["detloc"], row["county"]
                yield Listed(row["name"], row["city"], row["state"], code, county, row["type_detailed"])


def jail_list(path: Path, counties: Path, postal: Mapping[str, str]) -> Iterator[Listed]:
    """The rows of the list of local jails that have a name, with the State and the county of their FIPS code."""
    with counties.open(encoding="utf-8", newline="") as lines:
        states = {row["geoid_state"]: postal[slug_of(row["name"].rpartition(",")[2])] for row in csv.DictReader(lines)}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["name"] and row["county_name"]:
                yield Listed(row["name"], "", states[row["fips"][:STATES]], "", row["county_name"], row["gov_type"])


def verdict(row: Listed, facility: Facility, facilities: Facilities, owners: Owners) -> str:
    """Whether what was found for a row agrees with its list."""
    state = row.state.lower()
    if facility.place and facility.place.split("/")[1] != state:
        return WRONG_STATE
    if facilities.group_of(facility) == "unknown":
        return UNKNOWN
    if facility.kind not in allowed_classes(row):
        return WRONG_CLASS
    if facility.place.count("/") < 2:
        return RIGHT
    listed = {owners.county(standard_words(row.county), state), owners.city(standard_words(row.county), state)}
    listed |= {owners.city(standard_words(row.city), state)}
    within = {outer for path in listed - {""} for outer in owners.gazetteer.containing(path)}
    around = owners.gazetteer.containing(facility.place)[:-2]  # without the State and the country
    return RIGHT if not listed - {""} or within & {*around} else WRONG_COUNTY


def allowed_classes(row: Listed) -> Sequence[str]:
    """The classes that agree with the type that a list gives; where that is no type of facility, with the words of its name."""
    if row.type in OF_TYPE:
        return OF_TYPE[row.type]
    if row.type == "private":
        return CLASSES
    federal = ("federal_prison",) if MARSHAL.search(standard_words(row.name)) or row.type == "federal" else ()
    return (*LOCAL_OR_STATE, *federal, *(("immigration_site",) if row.type == "Other" else ()))


def lists_of(folder: Path, postal: Mapping[str, str]) -> dict[str, list[Listed]]:
    """The real lists in a folder of records, by name; `postal` has the postal code of each State by the slug of its name."""
    listed = folder / "facilities"
    return {
        "federal list to 2017": [*federal_list(listed / "facilities_joined.csv", "|")],
        "federal list of 2015": [*federal_list(listed / "facilities_fy15_listing.csv", ",")],
        "local jails": [*jail_list(folder / "codes" / "jid.csv", listed / "county_aor.csv", postal)],
    }


def compared(rows: list[Listed], facilities: Facilities, *, coded: bool) -> Iterator[tuple[Listed, Facility, str]]:
    """Each row with what was found for it, by its name and where `coded` is set by its code too, and the verdict."""
    for row in rows:
        facility = facilities.found(row.name, row.city, row.state, DAY, row.code if coded else "")
        yield row, facility, verdict(row, facility, facilities, facilities.owners)


def main(arguments: list[str]) -> int:
    """Prints the confusion of each list, and some of the rows that are not right."""
    parser = argparse.ArgumentParser(description="How many facilities of real lists are placed, and how many rightly.")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="also print N random rows that are not right")
    parser.add_argument("--codes", action="store_true", help="look facilities up by their codes too")
    parser.add_argument("--without-table", action="store_true", help="by the words of their names alone")
    given = parser.parse_args(arguments)
    library = load()
    tables = () if given.without_table else library.jail_tables
    facilities = Facilities(library.aliases, library.gazetteer, tables)
    for name, rows in lists_of(Path(os.environ[RECORDS]), library.gazetteer.states).items():
        found = [*compared(rows, facilities, coded=given.codes)]
        verdicts = Counter(verdict for _, _, verdict in found)
        groups = Counter((facilities.group_of(facility), verdict) for _, facility, verdict in found)
        print(
            f"{name}: {len(rows):,} rows, "
            + ", ".join(f"{key} {n:,} ({n / len(rows):.1%})" for key, n in verdicts.most_common())
        )
        for group in GROUPS:
            print(f"    {group:13}", *(f"{key} {groups[group, key]:,};" for key in verdicts if groups[group, key]))
        others = [row for row in found if row[2] != RIGHT]
        for row, facility, of_row in sorted(
            random.Random(0).sample(others, min(given.show, len(others))), key=lambda r: r[2]
        ):
            print("   ", of_row, "|", *(f"{cell} |" for cell in row), facility.kind, facility.place)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
