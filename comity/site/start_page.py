"""The first page: what this is, a place to find by its name, and the States."""

from __future__ import annotations

from collections.abc import Iterator

from comity.site.site import Site
from comity.site.site_page import SitePage


def start_pages(site: Site) -> Iterator[SitePage]:
    """The first page of the site."""
    states = [(site.name(path), f"{path}/") for path in site.full if path.count("/") == 1]
    yield SitePage(path="", template="start.html", title="comity", values={"states": sorted(states)})
