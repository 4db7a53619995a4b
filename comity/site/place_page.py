"""The page of a place: today's law by action, its answers over the years, and what stands beside the law."""

from __future__ import annotations

from collections.abc import Iterator

from comity.decision.research import describe_research
from comity.site.place_law import actions_of
from comity.site.site import Site
from comity.site.site_page import SitePage


def place_pages(site: Site, path: str) -> Iterator[SitePage]:
    """The page of a place that has law of its own, or is a State."""
    view = site.view(path)
    yield SitePage(
        path=f"{path}/",
        template="place.html",
        title=view.name or site.name(path),
        crumbs=site.crumbs(path),
        values={
            "place": path,
            "name": site.name(path),
            "researched": describe_research(view.researched_to, view.place, view.not_encoded),
            "actions": actions_of(view),
        },
    )
