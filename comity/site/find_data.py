"""Every place that can be found by its name, as one script of data: `data/places.js`. A page loads it when someone begins to type.

A State has its listed places and its towns, each in a few letters: what follows from the rest, such as the slug of a name, is left
out, and `find.js` works it out again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

from comity.law.places import COUNTY_KINDS, SUFFIXES, Jurisdiction
from comity.place_text import slug_of
from comity.site.answer_data import script_of
from comity.site.site import Site
from comity.site.site_page import SiteFile

PLACES_FILE = "data/places.js"
SIZES_TO_A_DIGIT = 4
KINDS = {
    "county": "c", "consolidated": "c", "independent_city": "i", "city": "t", "town": "o", "village": "v", "borough": "b",
    "township": "p", "municipality": "m", "region": "r", "state": "s", "territory": "s",
}  # fmt: skip
KIND_WORDS = {
    "c": "county", "i": "independent city", "t": "city", "o": "town", "v": "village", "b": "borough", "p": "township",
    "m": "municipality", "r": "region", "s": "State", "f": "former name",
}  # fmt: skip


def place_files(site: Site) -> Iterator[SiteFile]:
    """The script of all places."""
    yield SiteFile(PLACES_FILE, script_of("comityPlaces", place_document(site)))


def place_document(site: Site) -> dict[str, Any]:
    """The places as plain values, by State: `[name, slug, kind, target, size, aliases]`, and `[name, within, kind, slug]` for towns.

    The size orders places of one name: it grows with the residents that were counted. A slug is empty, or left out, where it
    follows from the name. The target is the place whose law applies, as a number in `targets`; 0 is the State itself. Places
    that a town lies in are numbers of listed places of its State.
    """
    gazetteer = site.law.library.gazetteer
    states = [path for path in site.places if path.count("/") == 1]
    targets: dict[str, int] = {"": 0}
    aliases: dict[str, list[str]] = {}
    for alias, path in gazetteer.aliases.items():
        aliases.setdefault(path, []).append(alias)
    listed = {path: list(_listed(site, path, targets, aliases)) for path in states}
    return {
        "names": gazetteer.states,
        "kinds": KIND_WORDS,
        "states": {path[3:]: site.name(path) for path in states},
        "listed": {path[3:]: [entry for _, entry in rows] for path, rows in listed.items()},
        "cities": {path[3:]: _cities(site, path, [place for place, _ in listed[path]]) for path in states},
        "former": {path: list(former.places) for path, former in gazetteer.former.items()},
        "targets": list(targets),
        "pages": list(site.listed) if site.wanted else None,
    }


def _listed(
    site: Site, state: str, targets: dict[str, int], aliases: dict[str, list[str]]
) -> Iterator[tuple[str, list[Any]]]:
    for path in site.law.library.gazetteer.by_state.get(state, []):
        place = site.law.library.gazetteer.listed.get(path)
        if place is None or path == state:
            continue
        applying = site.applying(path)
        target = targets.setdefault(applying, len(targets)) if applying != state else 0
        slug = path.rpartition("/")[2]
        others = [alias.rpartition("/")[2] for alias in aliases.get(path, [])]
        entry: list[Any] = [
            place.name,
            "" if slug == slug_by_name(place) else slug,
            KINDS[place.kind],
            target,
            size_of(site, path),
        ]
        yield path, [*entry, " ".join(others)] if others else entry


def size_of(site: Site, path: str) -> int:
    """Four times the logarithm of the residents of the largest county in or around a place; 0 where none was counted here."""
    around = [
        path,
        *site.places[path].within,
        *(county for county, place in site.places.items() if path in place.within),
    ]
    counts = (count for place in around for count in site.counts_of_people.get(place, ()))
    most = max((count.total for count in counts if count.total), default=1)
    return round(SIZES_TO_A_DIGIT * math.log10(most))


def slug_by_name(place: Jurisdiction) -> str:
    """The slug that follows from the name of a listed place: without the word for its kind, for a county."""
    slug = slug_of(place.name)
    if place.kind not in COUNTY_KINDS:
        return slug
    return next((slug.removesuffix(suffix) for suffix in SUFFIXES if slug.endswith(suffix)), slug)


def _cities(site: Site, state: str, listed: list[str]) -> list[list[Any]]:
    """The towns of a State that are listed nowhere else: their names, where they lie, their kinds, and slugs that do not follow."""
    cities = site.law.library.gazetteer.cities
    numbers = {path: n for n, path in enumerate(listed)} | {state: -1}
    found = (cities.find(path) for path in cities.of_state(state[3:]))
    return [_city(city.path, city.name, city.kind, city.within, numbers) for city in found if city]


def _city(path: str, name: str, kind: str, within: Iterable[str], numbers: dict[str, int]) -> list[Any]:
    inside = [numbers[place] for place in within]
    slug = path.rpartition("/")[2]
    entry: list[Any] = [name, inside[0] if len(inside) == 1 else inside, KINDS[kind]]
    return entry if slug == slug_of(name) else [*entry, slug]
