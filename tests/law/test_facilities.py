"""Where a person was held: the class of a facility, the place whose law binds it, and nothing where that is not certain."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from comity.api import load
from comity.facts.offenses import read_offenses
from comity.law.facilities import Facilities
from comity.law.jails.table import Facility, read_aliases
from comity.law.jails.words import FEDERAL, LOCAL
from comity.law.places import COUNTY_KINDS

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
        ("SOUTH TEXAS DETENTION COMPLEX", "TX", "immigration_site", ""),
        ("SOUTHERN DETENTION COMPLEX", "TX", "unknown", ""),
        ("BERNALILLO COUNTY METROPOLITAN DETENTION CENTER", "NEW MEXICO", "county_jail", "us/nm/bernalillo"),
        ("LOUISVILLE METRO DEPT OF CORR", "KENTUCKY", "county_jail", "us/ky/jefferson"),
        ("HENNEPIN DEPARTMENT OF CORRECTIONS", "MN", "county_jail", "us/mn/hennepin"),
        ("BOULDER METRO DETENTION CENTER", "COLORADO", "unknown", ""),
        ("SPRINGFIELD DEPT OF CORRECTIONS", "ILLINOIS", "unknown", ""),
        ("ILLINOIS DEPT OF CORRECTIONS - DIXON", "ILLINOIS", "state_prison", "us/il"),
        ("CALIFORNIA STATE PRISON, LOS ANGELES COUNTY", "CA", "state_prison", "us/ca"),
        ("CALIFORNIA CITY CORRECTIONAL CENTER", "CA", "unknown", ""),
        ("SAN DIEGO MCC", "CA", "federal_prison", ""),
        ("ROCHESTER FEDERAL MEDICAL CENTER", "MN", "federal_prison", ""),
        ("USMS - DALLAS COUNTY JAIL", "TX", "county_jail", "us/tx/dallas"),
        ("KANSAS CITY JAIL", "MISSOURI", "city_lockup", "us/mo/kansas-city"),
        ("FEDERAL WAY CITY JAIL", "WASHINGTON", "city_lockup", "us/wa/federal-way"),
        ("CITY OF TUKWILA", "WA", "city_lockup", "us/wa/tukwila"),
        ("PARKER CENTER JAIL", "CA", "city_lockup", "us/ca/los-angeles-city"),
        ("CHATHAM TOWNSHIP POLICE", "NJ", "city_lockup", "us/nj/chatham-township"),
        ("COUNTY OF YORK PRISON", "PA", "county_jail", "us/pa/york"),
        ("MEMPHIS/SHELBY COUNTY JAIL", "TN", "county_jail", "us/tn/shelby"),
        ("WINSTON/CHOCTAW COUNTY CORRECTIONAL FACILITY", "MS", "unknown", ""),
        ("MARION-WALTHALL COUNTY CORRECTIONAL FACILITY", "MS", "unknown", ""),
        ("YAKIMA SHERIFF'S OFFICE", "WA", "county_jail", "us/wa/yakima"),
        ("FRANKLIN HOUSE OF CORRECTIONS", "MA", "county_jail", "us/ma/franklin"),
        ("ORLEANS CORRECTIONAL", "NY", "state_prison", "us/ny"),
        ("BALTIMORE CITY JAIL", "MD", "state_prison", "us/md"),
    ],
)
def test_a_facility_by_its_name_and_state(name: str, state: str, kind: str, place: str) -> None:
    assert FACILITIES.found(name, "", state, DAY) == Facility(kind, place)


def test_a_lock_up_belongs_to_its_city_where_that_is_known_and_else_to_its_state() -> None:
    name = "PHILADELPHIA 25TH POLICE DIST."
    assert FACILITIES.found(name, "PHILADELPHIA", "PENNSYLVANIA", DAY) == Facility("city_lockup", "us/pa/philadelphia")
    found = FACILITIES.found("GLENDALE POLICE DEPARTMENT", "GLENDALE", "PA", DAY)
    assert found == Facility("city_lockup", "us/pa", local_open=True)
    of_two = FACILITIES.found("CHATHAM POLICE", "CHATHAM", "NJ", DAY)  # a borough and a township
    assert of_two == Facility("city_lockup", "us/nj", local_open=True)


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
    ("name", "city", "state", "place"),
    [
        ("DOÑA ANA COUNTY JAIL", "", "NM", "us/nm/dona-ana"),
        ("DONA ANA CO. JAIL", "", "NEW MEXICO", "us/nm/dona-ana"),
        ("DU PAGE COUNTY JAIL", "", "IL", "us/il/dupage"),
        ("O BRIEN COUNTY JAIL", "", "IA", "us/ia/obrien"),
        ("KING & QUEEN COUNTY JAIL", "", "VA", "us/va/king-and-queen"),
        ("PRINCE GEORGE COUNTY JAIL", "", "MD", "us/md/prince-georges"),
        ("MC LENNAN COUNTY JAIL", "", "TX", "us/tx/mclennan"),
        ("SHANNON COUNTY JAIL", "", "SD", "us/sd/oglala-lakota"),
        ("DADE COUNTY JAIL", "", "FL", "us/fl/miami-dade"),
        ("DADE COUNTY JAIL", "", "GA", "us/ga/dade"),
        ("BULOCH COUNTY JAIL", "STATESBORO", "GA", "us/ga/bulloch"),
        ("BULOCH COUNTY JAIL", "", "GA", ""),
        ("BULLOCK COUNTY JAIL", "STATESBORO", "AL", "us/al/bullock"),
        ("WASHINGTON COUNTY JAIL", "", "WA", ""),
        ("LINCOLN PARISH JAIL", "", "GA", ""),
        ("CLAIRTON BOROUGH COUNTY", "", "PA", ""),
    ],
)
def test_a_county_in_any_spelling_and_never_in_another_state(name: str, city: str, state: str, place: str) -> None:
    assert FACILITIES.found(name, city, state, DAY).place == place


@pytest.mark.parametrize(
    ("state", "place"),
    [("Penna.", "us/pa"), ("N Y", "us/ny"), ("W. Va.", "us/wv"), ("No. Carolina", "us/nc"), ("Ala.", "us/al"), ("NewYork", "us/ny"),
     ("Washington State", "us/wa"), ("Alabma", ""), ("NY/NJ", ""), ("Virg", ""), ("36", "")],
)  # fmt: skip
def test_a_state_by_an_abbreviation_and_none_by_a_misspelling(state: str, place: str) -> None:
    assert FACILITIES.found("STATE PRISON", "", state, DAY).place == place


def test_the_district_has_no_county() -> None:
    assert FACILITIES.found("MONTGOMERY COUNTY JAIL", "WASHINGTON", "D. C.", DAY) == Facility("unknown")


@pytest.mark.parametrize(
    ("name", "state", "code", "place"),
    [
        ("", "", "LEHIGPA", "us/pa/lehigh"),
        ("", "", "lehigpa ", "us/pa/lehigh"),
        ("LEHIGH COUNTY JAIL", "PA", "LEHIGPA", "us/pa/lehigh"),
        ("LEHIGH COUNTY JAIL", "OHIO", "LEHIGPA", ""),  # the State and the code disagree
        ("BUCKS COUNTY JAIL", "PA", "LEHIGPA", ""),  # the name and the code disagree
        ("KNOX COUNTY JAIL", "", "KNOXXTN", "us/tn/knox"),  # not listed: the code says the State, the name the county
        ("KNOX COUNTY JAIL", "", "KNOXXPA", ""),
        ("MILWAUKEE SECURE FACILITY", "", "WIMILSD", "us/wi"),  # ends in another State's code by chance
        ("SANTA RITA JAIL", "", "", ""),
    ],
)
def test_a_code_gives_the_state_and_the_facility(name: str, state: str, code: str, place: str) -> None:
    assert FACILITIES.found(name, "", state, DAY, code).place == place


@pytest.mark.parametrize(
    ("name", "state", "place"),
    [
        ("RIKERS ISLAND", "NY", "us/ny/new-york-city"),
        ("TURNER GUILFORD KNIGHT (TGK) JAIL", "FL", "us/fl/miami-dade"),
        ("SANTA RITA JAIL", "CA", "us/ca/alameda"),
        ("MEN'S CENTRAL JAIL", "CALIFORNIA", "us/ca/los-angeles"),
        ("TWIN TOWERS CORR FAC", "CA", "us/ca/los-angeles"),
        ("LOWER BUCKEYE JAIL", "AZ", "us/az/maricopa"),
        ("VAN CISE-SIMONET DET CTR", "CO", "us/co/denver"),
        ("LAPD METRO DET CTR", "CA", "us/ca/los-angeles-city"),
        ("NYC DEPARTMENT OF CORRECTIONS", "NY", "us/ny/new-york-city"),
    ],
)
def test_the_jails_of_large_counties_by_names_of_their_own(name: str, state: str, place: str) -> None:
    assert FACILITIES.found(name, "", state, DAY).place == place
    assert FACILITIES.found(name, "", "VT", DAY).place in ("", "us/vt")


@pytest.mark.parametrize(
    ("name", "city", "state", "place"),
    [
        ("NORTH COUNTY JAIL", "OAKLAND", "CA", "us/ca/alameda"),
        ("NORTH COUNTY JAIL", "PALO ALTO", "CA", ""),
        ("NORTH COUNTY JAIL", "", "CA", ""),
        ("WOMEN'S DETENTION CENTER", "Miami", "FL", "us/fl/miami-dade"),
        ("WOMEN'S DETENTION CENTER", "", "FL", ""),
        ("METRO DADE JAIL", "DORAL", "FL", "us/fl/miami-dade"),
    ],
)
def test_a_name_that_several_jails_may_have_needs_its_city(name: str, city: str, state: str, place: str) -> None:
    assert FACILITIES.found(name, city, state, DAY).place == place


@pytest.mark.parametrize(
    ("name", "city", "state", "place"),
    [
        # The name of a city begins or ends another name.
        ("MIAMI-DADE PD", "MIAMI", "FL", "us/fl/miami-dade"),
        ("DADE POLICE", "MIAMI", "FL", "us/fl"),
        ("DADE CITY POLICE", "DADE CITY", "FL", "us/fl/dade-city"),
        ("KANSAS POLICE", "TOPEKA", "KS", "us/ks"),
        ("SALT LAKE POLICE", "SALT LAKE CITY", "UT", "us/ut/salt-lake-city"),
        ("NEW YORK STATE POLICE", "NEW YORK", "NY", "us/ny"),
        ("NEW JERSEY STATE POLICE", "NEW BRUNSWICK", "NJ", "us/nj"),
        ("NEW YORK POLICE", "", "NY", "us/ny/new-york-city"),
        ("HOUSTON ISD POLICE", "HOUSTON", "TX", "us/tx"),
        ("HOUSTON CENTRAL POLICE STATION", "HOUSTON", "TX", "us/tx/houston-city"),
        ("TEXARKANA ARKANSAS POLICE", "TEXARKANA", "AR", "us/ar/texarkana"),
        ("NASSAU POLICE", "MINEOLA", "NY", "us/ny"),
        ("NASSAU POLICE", "", "NY", "us/ny/nassau-city"),
        ("METROPOLITAN POLICE DEPARTMENT", "WASHINGTON", "DC", "us/dc"),
        ("VIRGINIA BEACH CORRECTIONAL CENTER", "", "VA", "us/va/virginia-beach"),
        ("VIRGINIA BEACH WORK PRISON", "", "VA", ""),
        # The city and the county of one name each have a sheriff.
        ("RICHMOND SHERIFF", "RICHMOND", "VA", ""),
        ("RICHMOND SHERIFF", "WARSAW", "VA", "us/va/richmond"),
        ("RICHMOND COUNTY SHERIFF", "", "VA", "us/va/richmond"),
        # Tribes, the armed forces and federal police are under no law of a State or county.
        ("NAVAJO DEPARTMENT OF CORRECTIONS", "TUBA CITY", "AZ", ""),
        ("NAVAJO COUNTY JAIL", "HOLBROOK", "AZ", "us/az/navajo"),
        ("US PARK POLICE", "SAN FRANCISCO", "CA", ""),
        ("FORT HOOD MILITARY POLICE", "KILLEEN", "TX", ""),
        # Words of immigration sites and hospitals in the names of local jails.
        ("HARRIS COUNTY JOINT PROCESSING CENTER", "HOUSTON", "TX", "us/tx/harris"),
        ("DALLAS COUNTY SHERIFF TRANSPORT", "", "TX", "us/tx/dallas"),
        ("HOUSTON AIRPORT POLICE", "HOUSTON", "TX", "us/tx"),
        ("COOK COUNTY JAIL CERMAK HEALTH SERVICES", "", "IL", "us/il/cook"),
        ("COOK COUNTY HOSPITAL", "", "IL", ""),
        ("ADAMS COUNTY RESIDENTIAL CENTER", "", "CO", ""),
        # The name or the city says another State.
        ("JEFFERSON COUNTY (TX) JAIL", "", "AL", ""),
        ("JEFFERSON COUNTY JAIL - TX", "", "AL", ""),
        ("FRANKLIN CO OH JAIL", "", "PA", ""),
        ("TEXAS COUNTY JAIL", "HOUSTON", "MO", "us/mo/texas"),
        ("MONTGOMERY COUNTY JAIL", "ROCKVILLE", "VA", ""),
        ("ORANGE COUNTY JAIL", "SANTA ANA", "FL", ""),
        ("ORANGE COUNTY JAIL", "ORLANDO", "FL", "us/fl/orange"),
    ],
)
def test_a_name_is_never_taken_for_that_of_a_similar_place(name: str, city: str, state: str, place: str) -> None:
    assert FACILITIES.found(name, city, state, DAY).place == place


def test_a_code_and_a_name_that_say_two_places_give_none() -> None:
    assert FACILITIES.found("PITTSBURGH POLICE", "", "PA", DAY, "LEHIGPA") == Facility("unknown")
    assert FACILITIES.found("ALLENTOWN POLICE", "", "PA", DAY, "LEHIGPA") == Facility("county_jail", "us/pa/lehigh")


def test_a_name_that_a_table_gives_to_two_facilities_means_neither(tmp_path: Path) -> None:
    path = tmp_path / "jails.csv"
    rows = ",OLD MILL JAIL,YORK,pa,county_jail,us/pa/york,,,s\n,OLD MILL JAIL,READING,pa,county_jail,us/pa/berks,,,s\n"
    path.write_text(f"code,name,city,state,class,place,from,until,source\n{rows}")
    finder = Facilities({}, LIBRARY.gazetteer, [str(path)])
    found = [finder.found("Old Mill Jail", city, "PA", DAY).place for city in ("York", "Reading", "", "Lancaster")]
    assert found == ["us/pa/york", "us/pa/berks", "", ""]


def test_every_county_with_law_of_its_own_has_its_jail_placed() -> None:
    places = LIBRARY.gazetteer.places
    with_law = {place for id in LIBRARY.instruments if (place := "/".join(id.split("/")[:3])) in places}
    counties = [places[path] for path in with_law if path.count("/") > 1 and places[path].kind in COUNTY_KINDS]
    assert len(counties) > 25
    for county in counties:
        found = FACILITIES.found(f"{county.name.upper()} JAIL", "", county.path.split("/")[1], DAY)
        assert found == Facility("county_jail", county.path)


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
