"""What the map shows: each county with its shape, its name, and the place whose law applies there; and counts by State."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from comity.engine.outcome import Outcome
from comity.site.answer_data import script_of
from comity.site.badge import LETTERS, UNRESEARCHED, outcome_of
from comity.site.county_shapes import read_county_shapes
from comity.site.site import Site
from comity.site.site_page import SiteFile
from comity.site.standard_requests import PLAIN

COUNTIES_FILE = "data/counties.js"
NOTHING: tuple[Outcome, ...] = ("unaddressed",)


class StateCounts(Struct, frozen=True):
    """A State, and how many of its counties have each answer, in the order of `LETTERS`."""

    path: str
    name: str
    counts: tuple[int, ...]


def county_files(site: Site) -> Iterator[SiteFile]:
    """The script of the counties: shapes, names, and whose law applies where it is not that of the State."""
    yield SiteFile(COUNTIES_FILE, script_of("comityCounties", county_document(site)))


def county_document(site: Site) -> dict[str, Any]:
    """The counties as plain values: for each its path without `us/`, its name and its shape."""
    shapes = read_county_shapes()
    counties = shapes.counties
    applying = {path: site.applying(path) for path in counties}
    return {
        "view": list(shapes.view),
        "states": shapes.states,
        "counties": [[path[3:], site.name(path), county.path] for path, county in counties.items()],
        "shared": shapes.shared,
        "applying": {path: place for path, place in applying.items() if place != state_of(path)},
        "names": {path: site.name(path) for path in sorted({state_of(path) for path in counties})},
        "pages": [path for path in counties if site.has_page(path)] if site.wanted else None,
    }


def state_of(path: str) -> str:
    """The path of the State that a county lies in."""
    return "/".join(path.split("/")[:2])


def county_outcomes(site: Site, action: str) -> dict[str, str]:
    """The outcome of an action for the plain request in each county on the day of the site."""
    return {path: _outcome(site, path, action) for path in read_county_shapes().counties}


def _outcome(site: Site, path: str, action: str) -> str:
    applying = site.applying(path)
    if not site.has_page(applying):
        return UNRESEARCHED
    possible = site.answers(applying)[-1].by_request[PLAIN].get(action, NOTHING)
    return outcome_of(possible, is_researched=site.is_researched(applying))


def counts_by_state(site: Site, outcomes: dict[str, str]) -> list[StateCounts]:
    """How many counties of each State have each answer, by the name of the State."""
    counts: dict[str, Counter[str]] = {}
    for path, outcome in outcomes.items():
        counts.setdefault(state_of(path), Counter())[outcome] += 1
    rows = [
        StateCounts(path, site.name(path), tuple(found[outcome] for outcome in LETTERS))
        for path, found in counts.items()
    ]
    return sorted(rows, key=lambda row: row.name)
