"""Writes policies/context.csv: python lists/people.py FOREIGN_BORN.csv DETAINERS.csv.

FOREIGN_BORN.csv has a row for each county, from the American Community Survey (fips, county, state, year, foreign_born, total).
DETAINERS.csv has a row for each county of Texas and month, from the reports of the Commission on Jail Standards (county, year,
month, num_of_inmates). Only years with all twelve months are summed. Estimates of single places and of the nation are written by
hand in lists/people.csv and copied first. Rows that name no county of the gazetteer are printed on standard error and left out.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from comity.api import load
from comity.context.figures import FILE, SHEET
from comity.law.places import COUNTY_KINDS, Gazetteer
from comity.place_text import slug_of

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "policies" / FILE
INDEPENDENT, INDEPENDENT_IN = (
    500,
    ("md", "mo", "nv", "va"),
)  # from this code on, a county of these States is an independent city
CENSUS = "U.S. Census Bureau"
SURVEY = "American Community Survey, 5-year estimates, in a public table of counties (MEDSL)"
JAILS = "Texas Commission on Jail Standards"
REPORTS = "monthly Immigration Detainer Reports, in a public table (jacobkap/texas_jails)"
MONTHS_NOTE = "the sum of twelve monthly counts; a person in jail in two months is counted twice"
RELEASED = "2017-12-07"
YEAR, MONTHS, CAPITAL = "2016", 12, "us/dc"


def main(arguments: list[str]) -> int:
    """Reads the lists and writes the table."""
    parser = argparse.ArgumentParser(description="Writes policies/context.csv from published tables.")
    parser.add_argument("foreign_born", type=Path, help="the table of counties")
    parser.add_argument("detainers", type=Path, help="the table of months of Texas jails")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args(arguments)
    gazetteer, remarks = load().gazetteer, list[str]()
    rows = [
        *_read(HERE / "people.csv"),
        *sorted(foreign_born(_read(given.foreign_born), gazetteer, remarks), key=lambda row: row["place"]),
        *sorted(detainers(_read(given.detainers), gazetteer, remarks), key=lambda row: row["place"]),
    ]
    with given.out.open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, SHEET.columns, lineterminator="\n")
        lines.writeheader()
        lines.writerows(rows)
    print(*remarks, sep="\n", file=sys.stderr)
    print(f"{len(rows)} figures in {given.out}; {len(remarks)} remarks")
    return 0


def foreign_born(rows: Iterable[dict[str, str]], gazetteer: Gazetteer, remarks: list[str]) -> Iterator[dict[str, str]]:
    """A row for each county with residents."""
    for row in rows:
        state = gazetteer.states.get(slug_of(row["state"]), "")
        independent = int(row["fips"]) % 1000 >= INDEPENDENT and state in INDEPENDENT_IN
        place = CAPITAL if state == "dc" else county_path(state, row["county"], independent, gazetteer)
        if place is None:
            remarks.append(f"{row['fips']}: no county {row['county']}, {row['state']}")
        elif int(row["foreign_born"]):
            first, _, last = row["year"].partition("-")
            yield _row(
                place,
                "foreign_born",
                row["foreign_born"],
                of=row["total"],
                first=first,
                last=last,
                by=CENSUS,
                published=RELEASED,
                source=SURVEY,
            )


def detainers(rows: Iterable[dict[str, str]], gazetteer: Gazetteer, remarks: list[str]) -> Iterator[dict[str, str]]:
    """A row for each county of Texas that reported every month of the year."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        if row["year"] == YEAR and row["num_of_inmates"].isdigit():
            counts[row["county"]][row["month"]] = int(row["num_of_inmates"])
    for county, months in counts.items():
        place = county_path("tx", county, False, gazetteer)
        if place is None:
            remarks.append(f"{YEAR}: no county {county} in Texas")
        elif len(months) == MONTHS and sum(months.values()):
            count = str(sum(months.values()))
            yield _row(place, "detainers", count, first=YEAR, last=YEAR, by=JAILS, source=REPORTS, note=MONTHS_NOTE)


def county_path(state: str, name: str, independent: bool, gazetteer: Gazetteer) -> str | None:
    """The path of a county, or of an independent city, that a table names without saying which it is."""
    slug = slug_of(name)
    for path in dict.fromkeys(
        gazetteer.canonical(f"us/{state}/{known}") for known in (slug, f"{slug}-city", f"{slug}-county")
    ):
        found = gazetteer.places.find(path)
        if (
            found
            and (found.kind == "independent_city") == independent
            and found.kind in (*COUNTY_KINDS, "independent_city")
        ):
            return path
        if found and independent and found.kind == "consolidated":
            return path
    return None


def _row(
    place: str,
    what: str,
    figure: str,
    *,
    first: str,
    last: str,
    by: str,
    source: str,
    of: str = "",
    published: str = "",
    note: str = "",
) -> dict[str, str]:
    return {
        "place": place, "what": what, "figure": figure, "of": of, "from": first, "until": last, "area": "", "by": by,
        "published": published,
        "source": source, "evidence": "partly", "note": note,
    }  # fmt: skip


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [*csv.DictReader(lines)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
