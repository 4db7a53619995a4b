"""The first page: what this is, a place to find by its name, the map of the day, and the States."""

from __future__ import annotations

from collections.abc import Iterator

from comity.site.find_data import KIND_WORDS
from comity.site.map_data import county_outcomes
from comity.site.map_page import HOLD, legend_values
from comity.site.site import Site
from comity.site.site_page import SitePage


def start_pages(site: Site) -> Iterator[SitePage]:
    """The first page of the site; that of single places alone has neither a map nor a place to find."""
    states = [(site.name(path), f"{path}/") for path in site.full if site.alone or path.count("/") == 1]
    yield SitePage(
        path="",
        template="start.html",
        title="comity",
        scripts=() if site.alone else ("find.js", "find-box.js"),
        values={"states": sorted(states), "is_alone": site.alone, "place_kinds": sorted(KIND_WORDS.items())}
        | ({} if site.alone else legend_values(county_outcomes(site, HOLD))),
    )
