"""The drafting room: a page on which Python itself checks a draft over the law of the site, in the reader's browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from comity.decision.words import describe_action, shorten_action
from comity.law.instrument import ACTIONS, FURTHER_ACTIONS
from comity.site.badge import WORDS
from comity.site.drafting.bundle import FOLDER, room_files
from comity.site.drafting.packages import read_packages
from comity.site.find_data import KIND_WORDS
from comity.site.site import Site
from comity.site.site_page import SiteFile, SitePage
from comity.site.standard_requests import standard_requests

STATIC = Path(__file__).parent / "static"
EFFECT_WORDS = {
    "requires": "requires", "permits": "permits", "forbids": "forbids", "only": "permits only with a judge's warrant",
}  # fmt: skip


def drafting_pages(site: Site, folder: Path) -> Iterator[SitePage | SiteFile]:
    """The page, its scripts, and what its worker loads; `folder` has the packages of other projects."""
    files = list(room_files(site.law, read_packages(folder)))
    yield from files
    for path in sorted(STATIC.iterdir()):
        yield SiteFile(f"{FOLDER}{path.name}", path.read_bytes())
    yield SitePage(
        path=FOLDER,
        template="drafting.html",
        title="Drafting room",
        section=FOLDER,
        description="Check a draft law over the law of the country, in your browser.",
        scripts=("find.js", "find-box.js"),
        values={
            "place_kinds": sorted(KIND_WORDS.items()),
            "megabytes": round(sum(len(file.content) for file in files) / 1e6),
            "requests": [(request.id, request.words) for request in standard_requests()],
            "actions": [(action, describe_action(action)) for action in (*ACTIONS, *FURTHER_ACTIONS)],
            "short_actions": [(action, shorten_action(action)) for action in ACTIONS],
            "outcomes": WORDS,
            "effects": EFFECT_WORDS,
        },
    )
