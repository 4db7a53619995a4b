"""Writes policies/agreements.csv from the published list of 287(g) agreements: python lists/agreements.py LIST.xlsx --on DAY.

The list names each participating agency, with its model and the day of signing, and also agencies that were on earlier copies and
were gone on the DAY. Only facts are copied: place, agency, model and days. A misspelt county is corrected where the agency's name
or the nearest spelling in that State identifies it; a local agency that cannot be placed so is put under its State, and then the
list does not count as complete there. Every correction and omission is printed on standard error.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineWorkbook

from comity.api import load
from comity.law.agreements import COLUMNS, FILE
from comity.law.places import Gazetteer

OUT = Path(__file__).resolve().parent.parent / "policies" / FILE
SOURCE = "ICE list of participating agencies, a copy of {day}"
MODELS = {"jail": "jail_enforcement", "warrant": "warrant_service_officer", "task": "task_force"}
GONE = "Absent"
NEAR = 0.85
STATES = {"PENNSLYVANIA": "PENNSYLVANIA", "WEST VIRIGINIA": "WEST VIRGINIA"}
OF_STATE, SHERIFF, CURLY = "State", "sheriff", "\u2019"
OF_COUNTY = re.compile(r"^(?P<name>[\w .'-]+?) (?:County|Parish)\b")
KINDS = (
    ("sheriff", r"sheriff"),
    ("state_prison", r"department of corrections?$|safety & corrections"),
    ("corrections_department", r"correction|detention|\bjail"),
    ("police_department", r"police|public safety"),
)


class Row(NamedTuple):
    """A line of the table."""

    place: str
    agency: str
    kind: str
    model: str
    signed: str
    until: str
    source: str


def main(arguments: list[str]) -> int:
    """Reads the list and writes the table."""
    parser = argparse.ArgumentParser(description="Writes policies/agreements.csv from the published list.")
    parser.add_argument("list", type=Path, help="the workbook")
    parser.add_argument(
        "--on", type=date.fromisoformat, required=True, help="the day of the copy: on it the list is complete"
    )
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args(arguments)
    remarks: list[str] = []
    placing = Placing(load().gazetteer, remarks)
    rows = sorted(set(name_sheriffs(list(rows_of(given.list, given.on, placing)), remarks)))
    write(rows, ("us", *placing.whole()), given.on, given.out)
    print(*remarks, sep="\n", file=sys.stderr)
    print(f"{len(rows)} agreements of {len({row[:2] for row in rows})} agencies in {given.out}; {len(remarks)} remarks")
    return 0


def write(rows: Iterable[Row], whole: Iterable[str], day: date, out: Path) -> None:
    """Writes the table: first, in rows without an agency, the places where it is complete, and when."""
    with out.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(COLUMNS)
        until = (day + timedelta(1)).isoformat()
        lines.writerows(Row(place, "", "", "", day.isoformat(), until, SOURCE.format(day=day)) for place in whole)
        lines.writerows(rows)


def rows_of(path: Path, day: date, placing: Placing) -> Iterator[Row]:
    """Each agreement of the list that has its days, its model and a place; the others become remarks."""
    heads, *lines = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    for line in lines:
        row = {plain(head): plain(cell) for head, cell in zip(heads, line, strict=True)}
        agency, signed, model = row["LAW ENFORCEMENT AGENCY"], day_of(row["SIGNED"]), model_of(row["SUPPORT TYPE"])
        last = day_of(row["Last Seen"]) if row["Status"] == GONE else day
        place = placing.place(row, agency)
        if signed is None or last is None or not model or not place:
            placing.remarks.append(f"left out, because a day, a model or a place is missing: {agency}, {row['STATE']}")
            placing.open |= {place} if place and row["Status"] != GONE else set()
            continue
        until = (max(last, signed) + timedelta(1)).isoformat()
        yield Row(place, agency, kind_of(agency, place), model, signed.isoformat(), until, SOURCE.format(day=day))


def name_sheriffs(rows: list[Row], remarks: list[str]) -> Iterator[Row]:
    """The rows with one name for the sheriff of each county, however often the list spells the office differently."""
    names: dict[str, list[Row]] = {}
    for row in rows:
        if row.kind == SHERIFF:
            names.setdefault(row.place, []).append(row)
    chosen = {
        place: max(group, key=lambda row: (row.until, row.signed, row.agency)).agency for place, group in names.items()
    }
    for row in rows:
        name = chosen[row.place] if row.kind == SHERIFF and row.place.count("/") > 1 else row.agency
        if name != row.agency:
            remarks.append(f'"{row.agency}" corrected to {name}, {row.place}')
        yield row._replace(agency=name)


def plain(cell: object) -> str:
    """The text of a cell, with single spaces and straight apostrophes."""
    return " ".join(str(cell).replace(CURLY, "'").split())


def day_of(text: str) -> date | None:
    """`5/17/26` as a day."""
    return datetime.strptime(text, "%m/%d/%y").date() if text else None


def model_of(text: str) -> str:
    return MODELS.get(text.partition(" ")[0].lower(), "")


def kind_of(agency: str, place: str) -> str:
    """The kind of an agency, where its name says it; only a State has a state prison."""
    kind = next((kind for kind, words in KINDS if re.search(words, agency, re.IGNORECASE)), "")
    return "corrections_department" if kind == "state_prison" and place.count("/") > 1 else kind


class Placing:
    """Finds the place of an agency: its county, or its State where no county is certain."""

    def __init__(self, gazetteer: Gazetteer, remarks: list[str]) -> None:
        self.gazetteer, self.remarks = gazetteer, remarks
        self.states = {place.name.upper(): place.path for place in gazetteer.places.values() if place.kind == "state"}
        self.open: set[str] = (
            set()
        )  # States in which an agency that is not named may be one of those listed under the State

    def whole(self) -> list[str]:
        """The States in which every listed agency was placed in a county."""
        return sorted(set(self.states.values()) - self.open)

    def place(self, row: Mapping[str, str], agency: str) -> str:
        """The place of an agency; empty where the State is not in the gazetteer."""
        state = self.states.get(STATES.get(row["STATE"], row["STATE"]), "")
        if not state or row["TYPE"].startswith(OF_STATE):
            self.open |= {state} if row["Status"] != GONE else set()
            return state
        named = OF_COUNTY.match(agency)
        for county in (row["COUNTY"], named["name"] if named else ""):
            named = self.gazetteer.named(f"{state}/{slug(county)}") if county else None
            where = (
                named if named and named.path in self.gazetteer.listed else None
            )  # a misspelt county may be a city's name
            if where:
                return where.path
        return self.nearest(row["COUNTY"], state, agency, row["Status"] != GONE)

    def nearest(self, county: str, state: str, agency: str, stands: bool) -> str:
        """The county of that State with the nearest spelling, else the State."""
        known = {
            path.rpartition("/")[2]: path
            for path, place in self.gazetteer.places.items()
            if state in place.within and place.kind != "city"
        }
        near = difflib.get_close_matches(slug(county), known, 1, NEAR)
        if near:
            self.remarks.append(f'"{county}" corrected to {known[near[0]]}: {agency}')
            return known[near[0]]
        self.open |= {state} if stands else set()
        self.remarks.append(
            f"in no county of {state} that is certain, put under the State: {agency}"
            + (f', "{county}"' if county else "")
        )
        return state


def slug(county: str) -> str:
    """The name of a county as in a path of the gazetteer."""
    bare = re.sub(r" (county|parish|borough|conty|countey)$", "", county.lower())
    words = re.sub(r"^saint ", "st ", re.sub(r"[^\w\s-]", "", bare))
    return re.sub(r"[^a-z0-9]+", "-", words).strip("-")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
