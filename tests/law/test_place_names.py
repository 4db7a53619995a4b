"""Names of places as people write them, former names, names of two places, and what is suggested for an unknown name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.finding import Place
from comity.intake.named_place import county_findings, place_notes
from comity.law.cache import load
from comity.law.cities import read_former_names
from comity.place_text import kind_of, nearest_names, slug_of, sound, spelling

LIBRARY = load()[0]
GAZETTEER = LIBRARY.gazetteer
AT = Place("request")
LISTED = sorted(GAZETTEER.listed)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Harris County, TX", "us/tx/harris"),
        ("Harris County, Texas, USA", "us/tx/harris"),
        ("harris county texas", "us/tx/harris"),
        ("HARRIS COUNTY TX", "us/tx/harris"),
        ("County of Harris, TX", "us/tx/harris"),
        ("Miami, FL", "us/fl/miami"),
        ("City of Miami, Florida", "us/fl/miami"),
        ("City of St. Louis, MO", "us/mo/st-louis-city"),
        ("Saint Louis County, Missouri", "us/mo/st-louis"),
        ("Ste. Genevieve County, MO", "us/mo/ste-genevieve"),
        ("Sainte Genevieve County, MO", "us/mo/ste-genevieve"),
        ("Doña Ana County, NM", "us/nm/dona-ana"),
        ("Dona Ana County, NM", "us/nm/dona-ana"),
        ("Prince George's County, MD", "us/md/prince-georges"),
        ("Orleans Parish, Louisiana", "us/la/orleans"),
        ("Kenai Peninsula Borough, Alaska", "us/ak/kenai-peninsula"),
        ("Princeton borough, NJ", "us/nj/princeton"),
        ("Kansas City, MO", "us/mo/kansas-city"),
        ("Charles Town, WV", "us/wv/charles-town"),
        ("Mineral County, West Virginia", "us/wv/mineral"),
        ("Kings County, New York", "us/ny/kings"),
        ("Bayamón, PR", "us/pr/bayamon"),
        ("San Juan, Puerto Rico", "us/pr/san-juan"),
        ("DC", "us/dc"),
        ("Washington, D.C.", "us/dc"),
        ("District of Columbia", "us/dc"),
        ("Washington", "us/wa"),
        ("New York", "us/ny"),
        ("Guam", "us/gu"),
        ("us/il/dewitt", "us/il/de-witt"),
        ("us/in/la-porte", "us/in/laporte"),
        ("us/la/lasalle", "us/la/la-salle"),
        ("us/mo/saint-louis-city", "us/mo/st-louis-city"),
        ("us/wa/olympia-city", "us/wa/olympia"),
    ],
)
def test_a_name_with_its_state_names_a_place(name: str, path: str) -> None:
    named = GAZETTEER.named(name)
    assert named and named.path == path


@pytest.mark.parametrize("name", ["Houston, TX", "St. Louis, MO", "Harris County", "", ",", "us", "us/", "TX/harris"])
def test_a_name_of_no_place_or_of_two_is_not_guessed(name: str) -> None:
    named = GAZETTEER.named(name)
    assert named is None or named.path == "us"


@pytest.mark.parametrize(
    ("path", "zone"),
    [
        ("us/pr/san-juan", "America/Puerto_Rico"),
        ("us/gu", "Pacific/Guam"),
        ("us/vi/st-croix", "America/St_Thomas"),
        ("us/as", "Pacific/Pago_Pago"),
        ("us/mp/saipan", "Pacific/Saipan"),
    ],
)
def test_a_territory_is_a_place_in_the_country(path: str, zone: str) -> None:
    assert GAZETTEER.zone_of(path) == zone and GAZETTEER.containing(path)[-1] == "us"


@pytest.mark.parametrize(
    ("path", "meant", "day"),
    [
        ("us/fl/dade", "us/fl/miami-dade", "1997-11-13"),
        ("us/sd/shannon", "us/sd/oglala-lakota", "2015-05-01"),
        ("us/ak/wade-hampton", "us/ak/kusilvak", "2015-07-01"),
        ("us/va/bedford-city", "us/va/bedford-city", "2013-07-01"),
        ("us/ak/valdez-cordova", "us/ak/valdez-cordova", "2019-01-02"),
    ],
)
def test_a_former_name_is_noted_with_its_day(path: str, meant: str, day: str) -> None:
    where = GAZETTEER.named(path)
    assert where and where.path == meant
    [note] = place_notes(path, where, GAZETTEER, AT)
    assert note.code == "former-place" and day in note.message and not note.grave


def test_a_county_that_was_split_lies_in_its_successors() -> None:
    where = GAZETTEER.named("us/ak/valdez-cordova")
    assert where and where.name == "Valdez-Cordova Census Area"
    assert set(GAZETTEER.containing(where.path)) >= {"us/ak/chugach", "us/ak/copper-river", "us/ak"}


@pytest.mark.parametrize("text", ["us/a/b,us/a/c,never,x\n", "us/a/b,,2019-01-02,x\n"])
def test_a_fault_in_the_table_of_former_names_is_a_finding(tmp_path: Path, text: str) -> None:
    table = tmp_path / "former-places.csv"
    table.write_text(f"path,places,until,change\n{text}", encoding="utf-8")
    assert [finding.code for finding in read_former_names([table])[1]] == ["place"]


def test_a_county_with_the_name_of_a_city_elsewhere_says_so() -> None:
    where = GAZETTEER.named("us/tx/houston")
    assert where and where.name == "Houston County"
    [note] = place_notes("us/tx/houston", where, GAZETTEER, AT)
    assert note.message == '"us/tx/houston" is Houston County; the city is us/tx/houston-city' and not note.grave


@pytest.mark.parametrize("name", ["us/tx/houston-county", "us/tx/harris", "us/ca/los-angeles", "Harris County, TX"])
def test_a_name_of_one_place_needs_no_note(name: str) -> None:
    where = GAZETTEER.named(name)
    assert where and place_notes(name, where, GAZETTEER, AT) == []


def test_a_city_in_counties_with_different_law_asks_which_county() -> None:
    where = GAZETTEER.named("us/tx/houston-city")
    assert where
    [question] = county_findings(where, LIBRARY, date(2026, 11, 25), AT)
    assert question.grave and question.code == "which-county"
    assert all(f'"us/tx/{county}"' in question.help for county in ("harris", "fort-bend", "montgomery"))


def test_a_city_in_counties_with_the_same_law_is_decided() -> None:
    where = GAZETTEER.named("us/mo/kansas-city")
    assert where
    [note] = county_findings(where, LIBRARY, date(2026, 11, 25), AT)
    assert not note.grave and "their law is the same" in note.message


@pytest.mark.parametrize("path", ["us/wa/olympia", "us/ny/new-york-city", "us/il/chicago", "us/ny/kings"])
def test_a_place_in_one_county_needs_no_question(path: str) -> None:
    where = GAZETTEER.named(path)
    assert where and county_findings(where, LIBRARY, date(2026, 11, 25), AT) == []


@pytest.mark.parametrize(
    ("name", "help"),
    [
        ("us/wa/olimpia", 'did you mean "us/wa/olympia"?'),
        ("us/tx/haris", 'did you mean "us/tx/harris"?'),
        ("Kuyahoga County, OH", 'did you mean "us/oh/cuyahoga"?'),
        ("us/mo/genevieve", 'did you mean "us/mo/ste-genevieve" or "us/mo/ste-genevieve-city"?'),
        ("us/co/grand-junktion", 'did you mean "us/co/grand-junction"?'),
        ("harris county", 'did you mean "us/ga/harris" or "us/tx/harris"?'),
        ("Houston, TX", 'write "us/tx/houston" for Houston County or "us/tx/houston-city" for the city of Houston'),
        ("us/tx/zzzzqq", ""),
        ("", ""),
    ],
)
def test_what_is_suggested(name: str, help: str) -> None:
    assert GAZETTEER.suggestion(name) == help


def test_a_name_in_many_states_asks_for_the_state() -> None:
    assert GAZETTEER.suggestion("Franklin County").startswith("name its State too")


@given(st.sampled_from(sorted(GAZETTEER.states.values())), st.from_regex(r"[a-z-]{1,14}", fullmatch=True))
def test_no_other_state_is_suggested(state: str, slug: str) -> None:
    path = f"us/{state}/{slug}"
    help = GAZETTEER.suggestion(path)
    assert all(part.startswith(f"us/{state}") for part in help.split('"')[1::2])


@given(st.sampled_from(LISTED))
def test_every_listed_place_is_its_own_canonical_path(path: str) -> None:
    named = GAZETTEER.named(path)
    assert named and named.path == path and GAZETTEER.containing(path)[-1] == "us"


@pytest.mark.parametrize(
    ("one", "other"),
    [("la-salle", "LaSalle"), ("saint-louis", "St. Louis"), ("de-witt", "DEWITT"), ("mount-airy", "mt airy")],
)
def test_spellings_that_are_equal(one: str, other: str) -> None:
    assert spelling(one) == spelling(other)


@pytest.mark.parametrize(
    ("one", "other"), [("smith", "smyth"), ("Harris", "Haris"), ("ashcraft", "ashcroft"), ("pfister", "pister")]
)
def test_names_that_sound_alike(one: str, other: str) -> None:
    assert sound(one) == sound(other) != sound("Washtenaw")


@pytest.mark.parametrize(
    ("slug", "parts"),
    [
        ("harris-county", ("harris", "county")),
        ("city-of-houston", ("houston", "city")),
        ("town-of-barre", ("barre", "city")),
        ("olympia", ("olympia", "")),
    ],
)
def test_the_words_for_the_kind_of_a_place(slug: str, parts: tuple[str, str]) -> None:
    assert kind_of(slug) == parts


def test_the_nearest_names_are_at_most_three() -> None:
    paths = [f"us/xx/new-{n}" for n in "abcdef"]
    assert len(nearest_names("new", paths)) == 3
    assert nearest_names("zzz", paths) == []


@given(st.text(max_size=40))
def test_a_slug_of_a_slug_is_itself(text: str) -> None:
    assert slug_of(slug_of(text)) == slug_of(text)
