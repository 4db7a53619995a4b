"""The gazetteer: what a path names, and what contains what."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from comity.law.places import read_gazetteer

POLICIES = Path(__file__).parents[2] / "policies"
GAZETTEER, FINDINGS = read_gazetteer(POLICIES)
HEADING = "path,name,kind,zone,within,aliases\n"


def test_the_shipped_table_is_sound() -> None:
    assert FINDINGS == []


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("us/fl/miami-dade", "us/fl/miami-dade"),
        ("us/fl/Miami-Dade-County", "us/fl/miami-dade"),
        ("us/fl/dade", "us/fl/miami-dade"),
        ("us/la/orleans-parish", "us/la/orleans"),
        ("us/la/new-orleans", "us/la/orleans"),
        ("us/pa/philadelphia-city", "us/pa/philadelphia"),
        ("us/ca/san-francisco-city", "us/ca/san-francisco"),
        ("us/co/denver-city", "us/co/denver"),
        ("us/ca/los-angeles", "us/ca/los-angeles"),
        ("us/ca/los-angeles-city", "us/ca/los-angeles-city"),
        ("us/va/fairfax-city", "us/va/fairfax-city"),
        ("us/va/alexandria-city", "us/va/alexandria"),
        ("us/md/baltimore-city", "us/md/baltimore-city"),
        ("us/dc", "us/dc"),
    ],
)
def test_what_a_path_names(path: str, meant: str) -> None:
    named = GAZETTEER.named(path)
    assert named and named.path == meant


def test_a_county_and_a_city_of_one_name_are_two_places() -> None:
    county, city = GAZETTEER.named("us/va/fairfax"), GAZETTEER.named("us/va/fairfax-city")
    assert county and city and county.kind == "county" and city.kind == "independent_city"


@pytest.mark.parametrize(
    ("path", "containing"),
    [
        ("us/fl/miami-dade", ("us/fl/miami-dade", "us/fl", "us")),
        ("us/ny/kings", ("us/ny/kings", "us/ny/new-york-city", "us/ny", "us")),
        ("us/il/chicago", ("us/il/chicago", "us/il/cook", "us/il", "us")),
        ("us/dc", ("us/dc", "us")),
        ("us/fl/nowhere", ()),
    ],
)
def test_what_contains_a_place(path: str, containing: tuple[str, ...]) -> None:
    assert GAZETTEER.containing(path) == containing


@pytest.mark.parametrize(
    ("path", "zone"),
    [
        ("us/fl/escambia", "America/Chicago"),
        ("us/fl/leon", "America/New_York"),
        ("us/tx/el-paso", "America/Denver"),
        ("us/in/lake", "America/Chicago"),
        ("us/az/maricopa", "America/Phoenix"),
        ("us/or/malheur", "America/Boise"),
    ],
)
def test_the_zone_of_a_county(path: str, zone: str) -> None:
    named = GAZETTEER.named(path)
    assert named and named.zone == zone


def test_a_misspelt_place_has_a_suggestion() -> None:
    assert GAZETTEER.suggestion("us/fl/miami-daid") == 'did you mean "us/fl/miami-dade"?'


def test_every_county_of_the_census_table_is_here(records: Path) -> None:
    """By number in each state; Connecticut by its counties before 2022, which is the law's own division."""
    with (records / "codes" / "county_fips_geoid.csv").open(encoding="utf-8", newline="") as lines:
        codes = {row["county_fips"] for row in csv.DictReader(lines)}
    listed = {code for code in codes if code[:2] <= "56" and code[:2] != "09"}
    ours = [
        place for place in GAZETTEER.places.values() if place.kind in ("county", "consolidated", "independent_city")
    ]
    territories = tuple(f"{place.path}/" for place in GAZETTEER.places.values() if place.kind == "territory")
    outside = [place for place in ours if not place.path.startswith(("us/ct/", *territories))]
    assert len(outside) + 1 == len(listed)  # the District is a county there, and a place of state rank here


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("path,name\nus,x\n", "column"),
        (HEADING + "us,US,country,America/New_York,,\nus,US,country,America/New_York,,\n", "place"),
        (HEADING + "us,US,country,America/Nowhere,,\n", "zone"),
        (HEADING + "us,US,realm,America/New_York,,\n", "place"),
        (HEADING + "us,US,country,America/New_York,moon,\n", "unknown-place"),
        (HEADING + "a,A,county,America/New_York,b,\nb,B,county,America/New_York,a,\n", "circle"),
        (HEADING + "a,A,county,America/New_York,,c\nb,B,county,America/New_York,,c\n", "place"),
        (HEADING + "a,A,county,America/New_York,,b\nb,B,county,America/New_York,,\n", "place"),
    ],
)
def test_a_fault_in_the_table_is_a_finding(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "places.csv").write_text(text, encoding="utf-8")
    assert code in {finding.code for finding in read_gazetteer(tmp_path)[1]}


def test_a_missing_table_is_a_finding(tmp_path: Path) -> None:
    assert read_gazetteer(tmp_path)[1][0].code == "no-gazetteer"
