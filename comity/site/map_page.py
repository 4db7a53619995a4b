"""The map of the counties by what law says of a request, over the days since 2007; and the same for one day as a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from comity.decision.words import describe_action
from comity.site.answer_data import ANSWERS_FILE, DETAINER_ACTIONS
from comity.site.badge import LETTERS, WORDS
from comity.site.county_shapes import read_county_shapes
from comity.site.map_data import COUNTIES_FILE, counts_by_state, county_outcomes
from comity.site.site import Site
from comity.site.site_page import SiteFile, SitePage
from comity.site.standard_requests import standard_requests

HOLD = "hold"
PICTURE_FILE = "map/today.svg"
STYLE_FILE = Path(__file__).parent / "static" / "map-fill.css"


def map_pages(site: Site) -> Iterator[SitePage | SiteFile]:
    """The page of the map, and the picture of the day of the site, which pages show where scripts are off."""
    outcomes = county_outcomes(site, HOLD)
    yield SiteFile(PICTURE_FILE, picture_of(outcomes).encode())
    yield SitePage(
        path="map/",
        template="map.html",
        title="Map",
        section="map/",
        scripts=("answers.js", "map.js"),
        data=(ANSWERS_FILE, COUNTIES_FILE),
        values=legend_values(outcomes)
        | {
            "requests": standard_requests(),
            "actions": [(action, describe_action(action)) for action in DETAINER_ACTIONS],
            "states": counts_by_state(site, outcomes),
            "outcomes": [(outcome, WORDS[outcome]) for outcome in LETTERS],
            "outcome_order": list(LETTERS),
            "has_page": site.has_page,
            "source": read_county_shapes().source,
        },
    )


def legend_values(outcomes: dict[str, str]) -> dict[str, Any]:
    """How many counties have each answer, with its word: what a legend of the map shows."""
    counts = Counter(outcomes.values())
    return {
        "legend": [(outcome, WORDS[outcome], counts[outcome]) for outcome in LETTERS],
        "view": " ".join(str(number) for number in read_county_shapes().view),
        "patterns": PATTERNS,
    }


def picture_of(outcomes: dict[str, str]) -> str:
    """The map of one day as a picture: the counties with one answer are one path."""
    shapes = read_county_shapes()
    drawn: dict[str, list[str]] = {}
    for path, outcome in outcomes.items():
        drawn.setdefault(outcome, []).append(shapes.counties[path].path)
    paths = "".join(
        f'<path class="c fill-{outcome}" d="{"".join(drawn[outcome])}"/>' for outcome in LETTERS if outcome in drawn
    )
    view = " ".join(str(number) for number in shapes.view)
    style = STYLE_FILE.read_text(encoding="utf-8")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map" viewBox="{view}"><style>{style}</style>'
        f'<defs>{PATTERNS}</defs>{paths}<path class="l" d="{shapes.states}"/></svg>\n'
    )


def _pattern(outcome: str, mark: str) -> str:
    size = f'width="{PATTERN_SIZE}" height="{PATTERN_SIZE}"'
    return (
        f'<pattern id="pattern-{outcome}" {size} patternUnits="userSpaceOnUse">'
        f'<rect {size} class="ground-{outcome}"/>{mark}</pattern>'
    )


PATTERN_SIZE = 20
# Made here and not in a template, since pictures of the map need them too.
PATTERNS = "".join(
    (
        _pattern("forbidden", '<path d="M-5 5L5 -5M0 20L20 0M15 25L25 15" class="mark-forbidden"/>'),
        _pattern("permitted", '<circle cx="10" cy="10" r="3" class="mark-permitted"/>'),
        _pattern("undetermined", '<path d="M0 10H20" class="mark-undetermined"/>'),
        _pattern("unresearched", '<circle cx="10" cy="10" r="2.5" class="mark-unresearched"/>'),
    )
)
