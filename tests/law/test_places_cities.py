"""The table of cities: every incorporated place, its counties, and faults in the table."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.law.cities import Cities, check_cities
from comity.law.places import Gazetteer, read_gazetteer

POLICIES = Path(__file__).parents[2] / "policies"
GAZETTEER, FINDINGS = read_gazetteer(POLICIES)
PATHS = [line.partition(",")[0] for line in (POLICIES / "cities.csv").read_text(encoding="utf-8").splitlines()[1:]]
HEADING = "path,name,kind,within\n"
KNOWN = {"us/wa/thurston", "us/wa/king", "us/or/multnomah"}


def test_the_shipped_tables_are_sound() -> None:
    assert FINDINGS == []


def test_a_place_is_in_one_table() -> None:
    assert not set(PATHS) & (GAZETTEER.listed.keys() | GAZETTEER.aliases.keys())


def test_the_rows_are_in_order_so_that_a_change_is_easy_to_review() -> None:
    assert sorted(PATHS) == PATHS and len(PATHS) > 20_000


@pytest.mark.parametrize(
    ("path", "name", "within"),
    [
        ("us/wa/olympia", "Olympia", ("us/wa/thurston",)),
        ("us/il/evanston", "Evanston", ("us/il/cook",)),
        ("us/fl/miami", "Miami", ("us/fl/miami-dade",)),
        ("us/nj/hoboken", "Hoboken", ("us/nj/hudson",)),
        ("us/nj/edison", "Edison", ("us/nj/middlesex",)),
        ("us/ma/brookline", "Brookline", ("us/ma/norfolk",)),
        ("us/tx/houston-city", "Houston", ("us/tx/harris", "us/tx/fort-bend", "us/tx/montgomery")),
        ("us/ca/la-canada-flintridge", "La Cañada Flintridge", ("us/ca/los-angeles",)),
        ("us/ca/mountain-house", "Mountain House", ("us/ca/san-joaquin",)),
        ("us/al/cherokee-ridge", "Cherokee Ridge", ("us/al/marshall",)),
        ("us/il/cahokia", "Cahokia Heights", ("us/il/st-clair",)),
    ],
)
def test_a_city_without_law_of_its_own_is_a_place(path: str, name: str, within: tuple[str, ...]) -> None:
    city = GAZETTEER.named(path)
    assert city and (city.path, city.name, city.within) == (GAZETTEER.canonical(path), name, within)


def test_a_city_has_the_time_zone_of_its_county() -> None:
    assert GAZETTEER.zone_of("us/fl/pensacola") == "America/Chicago"


def test_what_contains_a_city() -> None:
    assert GAZETTEER.containing("us/fl/miami") == ("us/fl/miami", "us/fl/miami-dade", "us/fl", "us")


def test_a_county_needs_no_table_of_cities() -> None:
    read = read_gazetteer(POLICIES)[0]  # checking the table has read it; the stored copy of the law starts without
    gazetteer = Gazetteer(read.listed, read.aliases, read.city_tables, read.former, read.namesakes)
    for path in ("us/fl/miami-dade", "us/fl/dade", "us/la/orleans-parish", "us/tx/houston"):
        assert gazetteer.named(path)
        gazetteer.containing(path)
    assert "_lines" not in vars(gazetteer.cities)
    assert gazetteer.named("us/wa/olympia") and "_lines" in vars(gazetteer.cities)


@given(st.sampled_from(PATHS))
def test_every_city_is_found_by_its_path_and_lies_in_its_state(path: str) -> None:
    city = GAZETTEER.named(path)
    assert city and city.path == path == GAZETTEER.canonical(path)
    assert GAZETTEER.containing(path)[-2:] == ("/".join(path.split("/")[:2]), "us")


@given(
    st.one_of(st.sampled_from(PATHS), st.text(max_size=30), st.from_regex(r"us/[a-z]{2}/[a-z-]{1,12}", fullmatch=True))
)
def test_the_canonical_path_of_a_canonical_path_is_itself(text: str) -> None:
    once = GAZETTEER.canonical(text)
    assert GAZETTEER.canonical(once) == once


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("name,path,kind,within\n", "column"),
        (HEADING + "us/wa/olympia,Olympia,city\n", "place"),
        (HEADING + "us/wa/olympia,Olympia,city,us/wa/thurston\nus/wa/olympia,Olympia,city,us/wa/thurston\n", "place"),
        (HEADING + "us/wa/olympia,Olympia,realm,us/wa/thurston\n", "place"),
        (HEADING + "us/wa/olympia,Olympia,city,us/wa/thurstan\n", "place"),
        (HEADING + "us/wa/olympia,Olympia,city,us/or/multnomah\n", "place"),
        (HEADING + "us/wa/olympia,Olympia,city,\n", "place"),
        (HEADING + "olympia,Olympia,city,us/wa/thurston\n", "place"),
    ],
)
def test_a_fault_in_the_table_is_a_finding(tmp_path: Path, text: str, code: str) -> None:
    table = tmp_path / "cities.csv"
    table.write_text(text, encoding="utf-8")
    assert [finding.code for finding in check_cities([table], KNOWN)] == [code]


def test_a_sound_table_has_no_findings(tmp_path: Path) -> None:
    table = tmp_path / "cities.csv"
    table.write_text(HEADING + "us/wa/olympia,Olympia,city,us/wa/thurston\n", encoding="utf-8")
    assert check_cities([table], KNOWN) == []


def test_a_row_of_a_later_table_replaces_the_shipped_row(tmp_path: Path) -> None:
    table = tmp_path / "cities.csv"
    table.write_text(HEADING + "us/wa/olympia,Olympia City,city,us/wa/king\n", encoding="utf-8")
    cities = Cities([str(POLICIES / "cities.csv"), str(table)])
    olympia, evanston = cities.find("us/wa/olympia"), cities.find("us/il/evanston")
    assert olympia and olympia.within == ("us/wa/king",) and evanston


def test_a_table_that_is_gone_has_no_cities(tmp_path: Path) -> None:
    gazetteer = Gazetteer(GAZETTEER.listed, GAZETTEER.aliases, (str(tmp_path / "cities.csv"),))
    assert gazetteer.named("us/wa/olympia") is None and gazetteer.named("us/wa/thurston")
