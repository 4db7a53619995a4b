"""Where a person was held: the class of a facility, the place whose law binds it, and nothing where that is not certain."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from comity.api import load
from comity.facts.offenses import read_offenses
from comity.law.facilities import FEDERAL, LOCAL, Facility, read_aliases

LIBRARY = load()
FACILITIES = LIBRARY.facilities
DAY = date(2014, 6, 1)


@pytest.mark.parametrize(
    ("name", "state", "kind", "place"),
    [
        ("MONTGOMERY CNTY JAIL, PA", "PENNSYLVANIA", "county_jail", "us/pa/montgomery"),
        ("MONTGOMERY COUNTY JAIL", "TX", "county_jail", "us/tx/montgomery"),
        ("FRANKLIN COUNTY JAIL", "PENNSYLVANIA", "county_jail", "us/pa/franklin"),
        ("FRANKLIN COUNTY JAIL", "OHIO", "county_jail", "us/oh/franklin"),
        ("FRANKLIN COUNTY JAIL, OHIO", "PENNSYLVANIA", "unknown", ""),
        ("FRANKLIN COUNTY JAIL", "ALASKA", "unknown", ""),
        ("FRANKLIN COUNTY JAIL", "", "unknown", ""),
        ("ADAMS COUNTY JAIL", "CO", "county_jail", "us/co/adams"),
        ("ORLEANS PARISH SHERIFF", "LA", "county_jail", "us/la/orleans"),
        ("ST. MARYS COUNTY DETENTION CENTER", "MARYLAND", "county_jail", "us/md/st-marys"),
        ("DOUGLAS COUNTY DEPARTMENT OF CORRECTIONS", "NE", "county_jail", "us/ne/douglas"),
        ("S.C.I., CRESSON, PA", "PENNSYLVANIA", "state_prison", "us/pa"),
        ("ALLENWOOD U.S.PEN.", "PENNSYLVANIA", "federal_prison", ""),
        ("US MARSHAL MIDDLE DIST., PA", "PENNSYLVANIA", "federal_prison", ""),
        ("FORT BEND COUNTY HOLD ROOM", "TX", "immigration_site", ""),
        ("BERKS COUNTY FAMILY SHELTER", "PENNSYLVANIA", "immigration_site", ""),
        ("BERKS CO. JUVENILE", "PENNSYLVANIA", "juvenile", "us/pa/berks"),
        ("LACKAWANA CNTY JAIL, PA", "PENNSYLVANIA", "county_jail", "us/pa/lackawanna"),
        ("SOUTH TEXAS DETENTION COMPLEX", "TX", "unknown", ""),
    ],
)
def test_a_facility_by_its_name_and_state(name: str, state: str, kind: str, place: str) -> None:
    assert FACILITIES.found(name, "", state, DAY) == Facility(kind, place)


def test_a_lock_up_belongs_to_its_city_where_that_has_law() -> None:
    name = "PHILADELPHIA 25TH POLICE DIST."
    assert FACILITIES.found(name, "PHILADELPHIA", "PENNSYLVANIA", DAY) == Facility("city_lockup", "us/pa/philadelphia")
    assert FACILITIES.found("GLENDALE POLICE DEPARTMENT", "GLENDALE", "PA", DAY) == Facility("city_lockup", "")


@pytest.mark.parametrize(
    ("day", "kind"), [("2021-03-31", "federal_prison"), ("2021-04-01", "unknown"), ("2021-11-01", "immigration_site")]
)
def test_a_facility_can_change_hands(day: str, kind: str) -> None:
    found = FACILITIES.found("MOSHANNON VALLEY CORRECTIONAL", "PHILIPSBURG", "PENNSYLVANIA", date.fromisoformat(day))
    assert found == Facility(kind, "")


def test_every_facility_of_the_real_records_is_classified_and_each_local_one_has_its_county(records: Path) -> None:
    with (records / "pennsylvania" / "pa_detainers.csv").open(encoding="utf-8", newline="") as lines:
        named = {(row["det_facility"], row["city"], row["state"]) for row in csv.DictReader(lines)}
    found = {name: FACILITIES.found(*name, DAY) for name in named}
    assert not [
        name
        for name, facility in found.items()
        if facility.kind == "unknown" or facility.mapped == (facility.kind in FEDERAL)
    ]
    assert Counter(facility.kind in LOCAL for facility in found.values())[True] > 60


@pytest.mark.parametrize(
    ("file", "apart", "mapped_min"), [("facilities_joined.csv", "|", 750), ("facilities_fy15_listing.csv", ",", 140)]
)
def test_the_federal_lists_are_classified_or_left_alone_and_never_put_in_the_wrong_county(
    file: str, apart: str, mapped_min: int, records: Path
) -> None:
    """The lists name a county too; where theirs is another, it is theirs that is wrong, or the jail stands outside its county."""
    with (records / "facilities" / file).open(encoding="utf-8", newline="") as lines:
        read = [*csv.DictReader(lines, delimiter=apart)]
    rows = [{key.lower().replace(" ", "_"): cell.strip() for key, cell in row.items()} for row in read]
    differs, mapped = [], 0
    for row in rows:
        facility = FACILITIES.found(row["name"], row["city"], row["state"], DAY)
        assert not (facility.kind in LOCAL and row["type_detailed"] in ("BOP", "SPC", "FAMILY", "CDF")), row["name"]
        assert not facility.place or facility.place.startswith(f"us/{row['state'].lower()}")
        if facility.kind in ("county_jail", "juvenile") and facility.mapped:
            mapped += 1
            if _bare(LIBRARY.gazetteer.places[facility.place].name) != _bare(row["county"]):
                differs.append((row["name"], row["state"], row["county"]))
    assert mapped > mapped_min
    assert len(differs) < mapped / 20, differs


def _bare(name: str) -> str:
    return re.sub(r"SAINT|ST\b|PARISH|COUNTY|[^A-Z]", "", name.upper())


AGENCY_CODES = {"13AB", "35AA", "35AB"}  # codes of the immigration agency, which are not in the NCIC list


def test_only_ncic_codes_and_codes_of_the_agency_have_a_family(records: Path) -> None:
    with (records / "codes" / "ncic.csv").open(encoding="utf-8", newline="") as lines:
        codes = {row["ncic_code"] for row in csv.DictReader(lines)}
    assert len(codes) > 400 and LIBRARY.offenses.keys() - codes == AGENCY_CODES and not codes - LIBRARY.offenses.keys()
    assert LIBRARY.offenses["0999"] == "homicide" and "999" not in LIBRARY.offenses


def test_every_code_that_was_seen_in_the_detainer_tables_has_a_family(records: Path) -> None:
    known = json.loads((records / "ddp" / "vocabularies.json").read_text(encoding="utf-8"))
    [seen] = [codes for name, codes in known.items() if name.startswith("msc_charge_code")]
    with (records / "ddp" / "processed_sample.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = {row["msc_charge_code"] for row in csv.DictReader(lines)} - {"", "NA"}
    assert AGENCY_CODES <= set(seen) and not (set(seen) | rows) - LIBRARY.offenses.keys()


def test_each_family_is_told_by_a_code_but_for_three_that_records_do_not_tell_apart() -> None:
    offense = LIBRARY.vocabulary.entries["convictions[].offense"]
    assert set(offense.words) - set(LIBRARY.offenses.values()) == {"stalking", "aggravated_stalking", "status_offense"}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("SOME JAIL,pa,county_jale,us/pa/york,,,s", 'cannot be a "county_jale"'),
        ("SOME JAIL,pa,county_jail,us/pa/yrok,,,s", 'no place "us/pa/yrok"'),
        ("SOME JAIL,pa,county_jail,us/pa/york,soon,,s", '"soon" is no day'),
        ("SOME JAIL,pa,county_jail", "has 3 cells"),
    ],
)
def test_a_faulty_row_of_the_table_is_a_finding(line: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "facilities.csv"
    path.write_text(f"name,state,class,place,from,until,source\n{line}\n")
    found, [fault] = read_aliases(path, LIBRARY.gazetteer)
    assert not found and says in fault.line() and ":2" in fault.line()


@pytest.mark.parametrize(
    ("line", "code"),
    [("robery,1201", "unknown-choice"), ("robbery,1201 1201", "offense-code"), ("robbery,120", "offense-code")],
)
def test_a_faulty_row_of_the_offenses_is_a_finding(line: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "offenses.csv"
    path.write_text(f"family,codes\n{line}\n")
    assert [finding.code for finding in read_offenses(path, LIBRARY.vocabulary)[1]] == [code]
