"""What is typed on the start page finds the place that the program finds: `find.js` is held to the gazetteer in Node."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from comity.place_text import nearest_names
from comity.session import open_folders
from comity.site.find_data import place_document
from comity.site.site import Site

SCRIPT = Path(__file__).parents[2] / "comity" / "site" / "static" / "find.js"
NODE = """
const find = require(process.argv[1]);
const { places, meant, searched, within } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const index = find.open(places);
process.stdout.write(JSON.stringify({
  meant: meant.map((text) => find.meantBy(index, text).map((place) => place.path)),
  searched: searched.map((text) => find.search(index, text, 8).map((place) => place.path)),
  targets: within.map((path) => index.byPath.get(path).target),
}));
"""
SEED, LISTED, TOWNS = 11, 250, 250
# As people write them, and the place that is to be among the first eight.
TYPED = {
    "miami": "us/fl/miami", "Miami-Dade": "us/fl/miami-dade", "dade county": "us/fl/miami-dade", "shannon county sd": "us/sd/oglala-lakota",
    "bostn": "us/ma/boston", "Boston, MA": "us/ma/boston", "nyc": "us/ny/new-york-city", "new york": "us/ny", "housten tx": "us/tx/houston-city",
    "Los Angelos": "us/ca/los-angeles", "albequerque": "us/nm/albuquerque", "pittsburg pa": "us/pa/pittsburgh",
    "saint louis missouri": "us/mo/st-louis", "LaSalle County, Illinois": "us/il/lasalle", "travis cnty": "us/tx/travis",
    "cook": "us/il/cook", "Doña Ana": "us/nm/dona-ana", "washington dc": "us/dc", "nashville": "us/tn/davidson", "Cicago": "us/il/chicago",
}  # fmt: skip


@pytest.fixture(scope="module")
def site_of_all() -> Site:
    return Site(open_folders(()), date(2026, 11, 1))


@pytest.fixture(scope="module")
def answered(site_of_all: Site) -> dict[str, Any]:
    """What the script finds, beside what the program finds."""
    node = shutil.which("node")
    if node is None:
        pytest.fail("Node is not here") if os.environ.get("CI") else pytest.skip("Node is not here")
    gazetteer = site_of_all.law.library.gazetteer
    drawn = random.Random(SEED)
    towns = list(gazetteer.cities.paths)
    counties = [path for path in gazetteer.listed if path.count("/") == 2]
    paths = [*drawn.sample(counties, LISTED), *drawn.sample(towns, TOWNS)]
    meant = [text for path in paths for text in _written(site_of_all, path)]
    meant += [f"{alias.split('/')[2].replace('-', ' ')}, {alias.split('/')[1].upper()}" for alias in gazetteer.aliases]
    wrong = {text: path for path in paths[::10] if (text := _misspelled(site_of_all, path, drawn))}
    several = [path for path in towns if len(_within(site_of_all, path)) > 1]
    asked = {
        "places": place_document(site_of_all), "meant": meant, "searched": [*TYPED, *wrong],
        "within": [*drawn.sample(towns, TOWNS), *drawn.sample(several, TOWNS)],
    }  # fmt: skip
    done = subprocess.run(
        [node, "-e", NODE, str(SCRIPT)], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    return {**asked, "wrong": wrong, "found": json.loads(done.stdout)}


def _written(site: Site, path: str) -> list[str]:
    """A place as people write it."""
    _, state, slug = path.split("/")
    name, of = site.places[path].name, site.name(f"us/{state}")
    return [f"{name}, {of}", f"{name} {state}", f"{slug.replace('-', ' ')} {of.lower()}", f"{name}, {of}, USA", path]


def _misspelled(site: Site, path: str, drawn: random.Random) -> str:
    """A name of a place with two letters exchanged, before its State."""
    slug = path.split("/")[2]
    if len(slug) < 6 or "-" in slug:
        return ""
    at = drawn.randrange(1, len(slug) - 2)
    return f"{slug[:at]}{slug[at + 1]}{slug[at]}{slug[at + 2 :]}, {site.name(path.rpartition('/')[0])}"


def _within(site: Site, path: str) -> tuple[str, ...]:
    city = site.law.library.gazetteer.cities.find(path)
    return city.within if city else ()


def test_a_name_with_its_state_means_what_the_program_reads(answered: dict[str, Any], site_of_all: Site) -> None:
    gazetteer = site_of_all.law.library.gazetteer
    for text, found in zip(answered["meant"], answered["found"]["meant"], strict=True):
        written = text.strip().lower()
        expected = gazetteer.meant_by(written)
        listed = gazetteer.places.find(written)
        assert found == ([listed.path] if listed else expected), text


def test_what_people_type_finds_the_place(answered: dict[str, Any]) -> None:
    for text, found in zip(TYPED, answered["found"]["searched"], strict=False):
        assert TYPED[text] in found, (text, found)


def test_a_misspelled_name_finds_what_the_program_suggests(answered: dict[str, Any], site_of_all: Site) -> None:
    gazetteer = site_of_all.law.library.gazetteer
    searched = dict(zip(answered["searched"], answered["found"]["searched"], strict=True))
    assert len(answered["wrong"]) > 20
    for text, path in answered["wrong"].items():
        found = searched[text]
        assert path in found, (text, path, found)
        state = path.split("/")[1]
        near = nearest_names(
            text.partition(",")[0], [*gazetteer.by_state[f"us/{state}"], *gazetteer.cities.of_state(state)]
        )
        assert not near or {gazetteer.canonical(one) for one in near} & set(found), (text, near, found)


def test_a_town_leads_to_the_place_whose_law_applies(answered: dict[str, Any], site_of_all: Site) -> None:
    """A town in two counties with law of their own is under both, and leads to the first."""
    for path, target in zip(answered["within"], answered["found"]["targets"], strict=True):
        assert target == site_of_all.applying(path), path
    assert site_of_all.applying("us/mn/princeton") in ("us/mn", *_within(site_of_all, "us/mn/princeton"))
