"""The page on which two places, or one place on two days, are compared: the answers to the standard requests side by side."""

from __future__ import annotations

from collections.abc import Iterator

from comity.decision.words import describe_action
from comity.site.answer_data import ANSWERS_FILE, DETAINER_ACTIONS
from comity.site.answers import FIRST
from comity.site.badge import LETTERS, WORDS
from comity.site.find_data import KIND_WORDS
from comity.site.site import Site
from comity.site.site_page import SitePage
from comity.site.standard_requests import standard_requests

# Comparisons to begin with: a place and a day for each side; an empty day is the day of the site.
EXAMPLES = (
    ("us/fl/miami-dade", "2017-01-25", "us/fl/miami-dade", "2017-01-26"),
    ("us/ca/los-angeles", "", "us/fl/miami-dade", ""),
    ("us/il/cook", "", "us/tx", ""),
)


def compare_pages(site: Site) -> Iterator[SitePage]:
    """The page of comparisons; its table is filled by a script from the answers of all places."""
    on = site.on.isoformat()
    examples = [
        (
            site.name(one),
            first or on,
            site.name(other),
            second or on,
            f"a={one}&on={first or on}&b={other}&bn={second or on}",
        )
        for one, first, other, second in EXAMPLES
        if site.has_page(one) and site.has_page(other)
    ]
    yield SitePage(
        path="compare/",
        template="compare.html",
        title="Compare",
        section="compare/",
        scripts=("answers.js", "find.js", "find-box.js", "compare.js"),
        data=(ANSWERS_FILE,),
        values={
            "requests": [(request.id, request.words) for request in standard_requests()],
            "actions": [(action, describe_action(action)) for action in DETAINER_ACTIONS],
            "outcomes": [(outcome, WORDS[outcome]) for outcome in LETTERS],
            "place_kinds": sorted(KIND_WORDS.items()),
            "first": FIRST.isoformat(),
            "examples": examples,
        },
    )
