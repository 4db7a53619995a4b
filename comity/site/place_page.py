"""The page of a place: today's law by action, its answers over the years, and what stands beside the law."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from comity.decision.words import describe_action
from comity.site.place.around import Link, has_own_law, instruments_by_place, places_inside
from comity.site.place.beside import agreements_inside, agreements_of, definitions_of, figures_of, money_of
from comity.site.place.changes import changes_around, changes_at
from comity.site.place.drawing import draw
from comity.site.place.timeline import timeline_of
from comity.site.place.today import actions_today, request_columns, requests_today
from comity.site.place_law import law_of
from comity.site.site import Site
from comity.site.site_page import SitePage
from comity.site.standard_requests import standard_requests

DESCRIPTION = "Immigration detainers in {name}: what the law requires, forbids and permits."


def place_pages(site: Site, path: str) -> Iterator[SitePage]:
    """The page of a place that has law of its own, or is a State."""
    view = site.view(path)
    yield SitePage(
        path=f"{path}/",
        template="place.html",
        title=view.name or site.name(path),
        named=view.name or site.name(path),
        crumbs=site.crumbs(path),
        description=DESCRIPTION,
        values={
            "place": path,
            "name": site.name(path),
            "ask": f"{path}/ask/" if site.is_full(path) else "",
            "has_law_pages": not site.alone,
            "instruments": site.law.library.instruments,
            "text_address": site.text_address,
            "has_own_law": has_own_law(site, path),
            "research": site.research(path),
            **_law(site, path),
            **_years(site, path),
            **_beside(site, path),
        },
    )


def _law(site: Site, path: str) -> dict[str, Any]:
    """Today's answers and the law that they rest on."""
    law = law_of(site.view(path))
    shown = (*law.actions, *law.beyond)
    return {
        "plain": standard_requests()[0],
        "today": list(actions_today(site, path)),
        "law": law,
        "anchors": {action: one.actions[0] for one in shown for action in one.actions},
        "titles": {action: describe_action(action) for one in shown for action in one.actions},
        "columns": request_columns(),
        "requests": list(requests_today(site, path)),
        "params": site.view(path).params,
        "facts": site.view(path).facts,
        "agency_facts": site.view(path).agencies,
    }


def _years(site: Site, path: str) -> dict[str, Any]:
    """The timeline and the changes."""
    timeline = timeline_of(site, path)
    return {
        "timeline": timeline,
        "drawing": draw(timeline),
        "changes": changes_at(site, path),
        "changes_around": changes_around(site, path),
    }


def _beside(site: Site, path: str) -> dict[str, Any]:
    """What is beside the law, and the ways to other pages."""
    with_law, others = places_inside(site, path)
    around = site.law.library.gazetteer.containing(path)
    inside = agreements_inside(site, path) if path.count("/") == 1 else []
    return {
        "definitions": definitions_of(site, path),
        "money": money_of(site, path),
        "agreements": agreements_of(site, path),
        "agreements_inside": [(place, site.name(place), count) for place, count in inside if place in site.places],
        "figures": figures_of(site, path),
        "makers": list(instruments_by_place(site, path)),
        "inside": with_law,
        "outside": [Link(place, site.name(place)) for place in around if place != path and site.has_page(place)],
        "inside_without_law": others,
        "pages": {place for place, _ in inside if site.has_page(place)}
        | {place for place in around if site.has_page(place)},
    }
