"""The short page of a place without law of its own: whose law applies there, and what that law says of a plain detainer today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from comity.context.describe import Tables, describe_context
from comity.context.page import describe_foreign_born, describe_source
from comity.context.view import CountView
from comity.decision.words import describe_action
from comity.money.budgets import Budgets
from comity.site.answers import Possible
from comity.site.badge import Badge, badge_of
from comity.site.site import Site
from comity.site.site_page import SitePage
from comity.site.standard_requests import PLAIN


class Agreement(Struct, frozen=True):
    """An agreement under 8 U.S.C. 1357(g) on the published list: who signed it, its model, and the last day listed."""

    agency: str
    model: str
    signed: str
    listed_on: str


def short_pages(site: Site, path: str) -> Iterator[SitePage]:
    """The page of a place without law of its own."""
    applying = site.applying(path)
    possible = site.answers(applying)[-1].by_request[PLAIN] if site.has_page(applying) else {}
    count = foreign_born_at(site, path)
    yield SitePage(
        path=f"{path}/",
        template="short.html",
        title=f"{site.name(path)}, {site.name('/'.join(path.split('/')[:2]))}",
        crumbs=site.crumbs(path),
        values={
            "place": path,
            "applying": applying,
            "applying_has_page": site.has_page(applying),
            "applying_name": site.name(applying),
            "answers": badges_of(possible, is_researched=site.is_researched(path)),
            "research": site.research(path),
            "agreements": agreements_at(site, path),
            "foreign_born": describe_foreign_born(count) if count else "",
            "foreign_born_source": f"{count.by}: {describe_source(count)}" if count else "",
        },
    )


def badges_of(possible: Possible, *, is_researched: bool) -> list[tuple[str, Badge]]:
    """Each action in words, with the badge of its answer."""
    return [
        (describe_action(action), badge_of(found, is_researched=is_researched)) for action, found in possible.items()
    ]


def agreements_at(site: Site, path: str) -> list[Agreement]:
    """The agreements that agencies of a place had on the last day of the published list, by agency and day of signing."""
    rows = site.law.library.agreements.listed.get(path, ())
    last = max((row.until for row in rows), default=None)
    found = [
        Agreement(
            row.agency, row.model.replace("_", " "), row.since.isoformat(), (row.until - timedelta(1)).isoformat()
        )
        for row in rows
        if row.until == last and row.since <= site.on
    ]
    return sorted(found, key=lambda agreement: (agreement.agency, agreement.signed, agreement.model))


def foreign_born_at(site: Site, path: str) -> CountView | None:
    """The latest published count of foreign-born residents of a place itself, without its rank; None where there is none."""
    counts = tuple(count for count in site.counts_of_people.get(path, ()) if count.what == "foreign_born")
    if not counts:
        return None
    found = describe_context(site.places[path], Tables(counts, Budgets()), site.law.library).foreign_born
    return replace(found[0], rank=None, ranked=None)
