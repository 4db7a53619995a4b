"""Writes policies/jails.csv from the federal lists of facilities: python lists/jails.py LIST.csv OPERATORS.csv.

LIST is the list of every facility with its code (DETLOC), apart by bars; OPERATORS is that of fiscal year 2015, with who runs each.
The class comes from the type that LIST gives, and where that is an agreement with a local government from the name. `lists/jails.csv`
has what neither shows: facilities named after people or places, and other names of the jails of large counties. Only the code,
the name, the city, the State, the class and the place are copied. What cannot be placed stays out. The county that a list gives is where a
facility stands and may be wrong, so it places nothing: where it differs from the name, that is printed on standard error.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from comity.api import load
from comity.law.facilities import Facilities
from comity.law.jails.table import JAIL_COLUMNS, JAILS_FILE, Facility
from comity.law.jails.words import FEDERAL, LOCAL, standard_words
from comity.period import FIRST_DAY

HERE = Path(__file__).resolve().parent
BY_HAND, OUT = HERE / JAILS_FILE, HERE.parent / "policies" / JAILS_FILE
LIST, OPERATORS = "ICE list of facilities used until 2017-11-04", "ICE list of facilities, fiscal year 2015"
# The types that say what a facility is, whatever its name says.
OF_TYPE = {
    **dict.fromkeys(("HOLD", "STAGING", "CDF", "SPC", "POE", "BPS", "AIRPORT", "TRANSPORT", "MIRP", "FAMILY"), "immigration_site"),
    **dict.fromkeys(("HOSPITAL", "HEALTH"), "hospital"),
    "BOP": "federal_prison",
    "USMS CDF": "federal_prison",
}  # fmt: skip
NONE = ("", "NA")


class Row(NamedTuple):
    """A line of the table."""

    code: str
    name: str
    city: str
    state: str
    kind: str
    place: str
    since: str
    until: str
    source: str


def main(arguments: list[str]) -> int:
    """Reads the lists and writes the table."""
    parser = argparse.ArgumentParser(description="Writes policies/jails.csv from the federal lists of facilities.")
    parser.add_argument("list", type=Path, help="the list of every facility, apart by bars")
    parser.add_argument("operators", type=Path, help="the list with who runs each facility")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args(arguments)
    library = load()
    facilities = Facilities(library.aliases, library.gazetteer)
    with given.operators.open(encoding="utf-8", newline="") as lines:
        operators = {line["DETLOC"]: line["Facility Operator"] for line in csv.DictReader(lines)}
    remarks: list[str] = []
    rows = sorted({*rows_of(given.list, operators, facilities, remarks), *other_names()})
    with given.out.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(JAIL_COLUMNS)
        table.writerows(rows)
    print(*remarks, sep="\n", file=sys.stderr)
    print(f"{len(rows)} facilities in {given.out}; {len(remarks)} remarks")
    return 0


def hand_rows() -> list[dict[str, str]]:
    """The rows written by hand."""
    with BY_HAND.open(encoding="utf-8", newline="") as lines:
        return [*csv.DictReader(lines)]


def other_names() -> Iterator[Row]:
    """The facilities that the list does not have."""
    for row in hand_rows():
        if row["name"]:
            where = row["city"], row["state"]
            yield Row(row["code"], row["name"], *where, row["class"], row["place"], "", "", row["source"])


def rows_of(path: Path, operators: Mapping[str, str], facilities: Facilities, remarks: list[str]) -> Iterator[Row]:
    """Each facility of the list that has a class, and a place where a local law binds it."""
    by_hand = {row["code"]: row for row in hand_rows() if not row["name"]}
    with path.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines, delimiter="|"):
            code, name, state = line["detloc"], " ".join(line["name"].split()), line["state"].lower()
            hand, source = by_hand.get(code), LIST
            found = facilities.found(name, line["city"], state, FIRST_DAY)
            if hand:
                found, source = Facility(found.kind, hand["place"]), f"{LIST}; {hand['source']}"
            kind = hand["class"] if hand else kind_of(line["type_detailed"], found)
            place = "" if kind in (*FEDERAL, "hospital") else found.place
            if operators.get(code, "NA") not in NONE:
                source = f"{OPERATORS}, run by {operators[code]}"
            if state == "na" or kind == "unknown" or (kind in LOCAL and not place and kind != "juvenile"):
                remarks.append(f"left out, not placed: {code}, {name}, {state}")
                continue
            remarks += differs(line, place, facilities)
            yield Row(code, name, " ".join(line["city"].split()), state, kind, place, "", "", source)


def kind_of(type: str, found: Facility) -> str:
    """The class by the type of the list, or by the name where the type is an agreement with a local government."""
    if type == "HOLD" and found.kind == "county_jail":  # a jail of which the agency uses a room
        return "immigration_site"
    if type == "JUVENILE":
        return "juvenile"
    return OF_TYPE.get(type, found.kind)


def differs(line: Mapping[str, str], place: str, facilities: Facilities) -> list[str]:
    """A remark where the list gives a facility another county than its name does."""
    known = facilities.gazetteer.places.find(place) if place.count("/") > 1 else None
    county = facilities.owners.county(standard_words(line["county"]), line["state"].lower()) if known else ""
    if not known or not county or county in (known.path, *known.within):
        return []
    return [f"placed at {place}, and listed in {county}: {line['detloc']}, {line['name']}"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
