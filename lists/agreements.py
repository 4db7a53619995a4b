"""Makes policies/agreements.csv from the published list of 287(g) agreements: python lists/agreements.py LIST.xlsx --on DAY.

The list names each agency that takes part, with its model and the day of signing, and here also those that stood on earlier
copies and were gone on the DAY. What is taken over are facts: place, agency, model and days. A county that is misspelt is
put right where the agency's name or the nearest spelling in that State tells which is meant; a local agency that cannot be placed
so stands under its State, and then the list cannot be called complete there. Everything that was mended or left out
is told on standard error.
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
    """A line of the table that is made."""

    place: str
    agency: str
    kind: str
    model: str
    signed: str
    until: str
    source: str


def main(arguments: list[str]) -> int:
    """Reads the list and writes the table."""
    asked = argparse.ArgumentParser(description="Makes policies/agreements.csv from the published list.")
    asked.add_argument("list", type=Path, help="the workbook")
    asked.add_argument(
        "--on", type=date.fromisoformat, required=True, help="the day of the copy: on it the list is complete"
    )
    asked.add_argument("--out", type=Path, default=OUT)
    given = asked.parse_args(arguments)
    told: list[str] = []
    placing = Placing(load().gazetteer, told)
    rows = sorted(set(of_one_sheriff(list(rows_of(given.list, given.on, placing)), told)))
    write(rows, ("us", *placing.whole()), given.on, given.out)
    print(*told, sep="\n", file=sys.stderr)
    print(f"{len(rows)} agreements of {len({row[:2] for row in rows})} agencies in {given.out}; {len(told)} remarks")
    return 0


def write(rows: Iterable[Row], whole: Iterable[str], day: date, out: Path) -> None:
    """The table; first, in rows without an agency, where it is complete and when."""
    with out.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(COLUMNS)
        until = (day + timedelta(1)).isoformat()
        lines.writerows(Row(place, "", "", "", day.isoformat(), until, SOURCE.format(day=day)) for place in whole)
        lines.writerows(rows)


def rows_of(path: Path, day: date, placing: Placing) -> Iterator[Row]:
    """Each agreement of the list that has its days and its model; what has not is told."""
    heads, *lines = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    for line in lines:
        own = {plain(head): plain(cell) for head, cell in zip(heads, line, strict=True)}
        agency, signed, model = own["LAW ENFORCEMENT AGENCY"], day_of(own["SIGNED"]), model_of(own["SUPPORT TYPE"])
        last = day_of(own["Last Seen"]) if own["Status"] == GONE else day
        place = placing.place(own, agency)
        if signed is None or last is None or not model or not place:
            placing.told.append(f"left out, for a day, a model or a place is missing: {agency}, {own['STATE']}")
            placing.open |= {place} if place and own["Status"] != GONE else set()
            continue
        until = (max(last, signed) + timedelta(1)).isoformat()
        yield Row(place, agency, kind_of(agency, place), model, signed.isoformat(), until, SOURCE.format(day=day))


def of_one_sheriff(rows: list[Row], told: list[str]) -> Iterator[Row]:
    """The rows with one name for the sheriff of a county, who is one however often the list spells the office otherwise."""
    names: dict[str, list[Row]] = {}
    for row in rows:
        if row.kind == SHERIFF:
            names.setdefault(row.place, []).append(row)
    chosen = {
        place: max(own, key=lambda row: (row.until, row.signed, row.agency)).agency for place, own in names.items()
    }
    for row in rows:
        name = chosen[row.place] if row.kind == SHERIFF and row.place.count("/") > 1 else row.agency
        if name != row.agency:
            told.append(f'"{row.agency}" taken for {name}, {row.place}')
        yield row._replace(agency=name)


def plain(cell: object) -> str:
    """A cell's text with single blanks and straight apostrophes."""
    return " ".join(str(cell).replace(CURLY, "'").split())


def day_of(text: str) -> date | None:
    """`5/17/26` as a day."""
    return datetime.strptime(text, "%m/%d/%y").date() if text else None


def model_of(text: str) -> str:
    return MODELS.get(text.partition(" ")[0].lower(), "")


def kind_of(agency: str, place: str) -> str:
    """What kind of agency it is, where its name tells; a state prison is the State's."""
    kind = next((own for own, words in KINDS if re.search(words, agency, re.IGNORECASE)), "")
    return "corrections_department" if kind == "state_prison" and place.count("/") > 1 else kind


class Placing:
    """Finds the place of an agency: its county, or its State where no county is certain."""

    def __init__(self, gazetteer: Gazetteer, told: list[str]) -> None:
        self.gazetteer, self.told = gazetteer, told
        self.states = {own.name.upper(): own.path for own in gazetteer.places.values() if own.kind == "state"}
        self.open: set[str] = (
            set()
        )  # States in which an agency that is not named may be one of those listed under the State

    def whole(self) -> list[str]:
        """The States each of whose listed agencies was put to a county."""
        return sorted(set(self.states.values()) - self.open)

    def place(self, own: Mapping[str, str], agency: str) -> str:
        """Where an agency is; empty where the State is none that is known here."""
        state = self.states.get(STATES.get(own["STATE"], own["STATE"]), "")
        if not state or own["TYPE"].startswith(OF_STATE):
            self.open |= {state} if own["Status"] != GONE else set()
            return state
        named = OF_COUNTY.match(agency)
        for county in (own["COUNTY"], named["name"] if named else ""):
            where = self.gazetteer.named(f"{state}/{slug(county)}") if county else None
            if where:
                return where.path
        return self.nearest(own["COUNTY"], state, agency, own["Status"] != GONE)

    def nearest(self, county: str, state: str, agency: str, stands: bool) -> str:
        """The county of that State that is spelt most nearly so, else the State."""
        known = {
            path.rpartition("/")[2]: path
            for path, own in self.gazetteer.places.items()
            if state in own.within and own.kind != "city"
        }
        near = difflib.get_close_matches(slug(county), known, 1, NEAR)
        if near:
            self.told.append(f'"{county}" taken for {known[near[0]]}: {agency}')
            return known[near[0]]
        self.open |= {state} if stands else set()
        self.told.append(
            f"in no county of {state} that is certain, put under the State: {agency}"
            + (f', "{county}"' if county else "")
        )
        return state


def slug(county: str) -> str:
    """A county's name as the gazetteer writes it in a path."""
    bare = re.sub(r" (county|parish|borough|conty|countey)$", "", county.lower())
    words = re.sub(r"^saint ", "st ", re.sub(r"[^\w\s-]", "", bare))
    return re.sub(r"[^a-z0-9]+", "-", words).strip("-")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
