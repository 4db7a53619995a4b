"""The shapes of the map: one for each county of the gazetteer, but for those that are named as having none."""

from __future__ import annotations

import re

import pytest

from comity.law.places import COUNTY_KINDS
from comity.session import open_folders
from comity.site.county_shapes import read_county_shapes

WITHOUT_SHAPE = {"us/as/rose-island", "us/as/swains-island"}
ONE_COUNTY = {"us/dc", "us/gu"}  # the gazetteer has the county as the place itself
BYTES_MAX = 350_000


def test_every_county_has_a_shape_and_a_code() -> None:
    places = open_folders(()).library.gazetteer.listed
    counties = {path for path, place in places.items() if place.kind in (*COUNTY_KINDS, "independent_city")}
    shapes = read_county_shapes()
    assert set(shapes.counties) == counties | ONE_COUNTY
    drawn = {path for path, county in shapes.counties.items() if county.path or path in shapes.shared}
    assert set(shapes.counties) - drawn == WITHOUT_SHAPE
    codes = [county.fips for county in shapes.counties.values()]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"\d{5}", code) for code in codes)


def test_codes_of_one_state_begin_alike() -> None:
    begin: dict[str, set[str]] = {}
    for path, county in read_county_shapes().counties.items():
        begin.setdefault(path.split("/")[1], set()).add(county.fips[:2])
    assert all(len(codes) == 1 for codes in begin.values())
    assert len(begin) == len({code for codes in begin.values() for code in codes})


@pytest.mark.parametrize(
    ("path", "fips"),
    [
        *(("us/fl/miami-dade", "12086"), ("us/sd/oglala-lakota", "46102"), ("us/ak/chugach", "02063")),
        *(("us/md/baltimore", "24005"), ("us/md/baltimore-city", "24510"), ("us/va/fairfax-city", "51600")),
        *(("us/la/orleans", "22071"), ("us/nv/carson-city", "32510"), ("us/pr/san-juan", "72127")),
        *(("us/ct/hartford", "09003"), ("us/ak/kusilvak", "02158"), ("us/dc", "11001")),
    ],
)
def test_a_county_that_is_easily_taken_for_another_has_its_own_code(path: str, fips: str) -> None:
    assert read_county_shapes().counties[path].fips == fips


def test_shapes_lie_in_the_view_and_are_small() -> None:
    shapes = read_county_shapes()
    left, top, width, height = shapes.view
    for county in shapes.counties.values():
        for x, y in re.findall(r"M(-?\d+),(-?\d+)", county.path):
            assert left <= int(x) <= left + width
            assert top <= int(y) <= top + height
    assert sum(len(county.path) for county in shapes.counties.values()) < BYTES_MAX
