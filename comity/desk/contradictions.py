"""Facts of a request that cannot both be right, or that need a second look before anybody is held: said on the first screen.

In Miami-Dade, 420 detainers of two years named people whose record said that they are citizens (ACLU of Florida).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comity.desk.events import StatedFact

CITIZENSHIP, WARRANTS, FORM = "subject.citizenship", "request.warrants", "request.form"
PROVEN = (
    "This person is proven to be a United States citizen, and {paper} asks to hold the person as removable. "
    "Both cannot be right. Do not hold on it: call the county attorney now."
)
CLAIMED = (
    "This person claims United States citizenship, and {paper} says that the person is removable. "
    "Look into the claim before any hold: ask for papers, and tell the sender."
)
LAWFUL = "This person is proven to be here lawfully, and {paper} says that the person is removable. Ask the sender to confirm it."
UNSIGNED = "A warrant that came with the request is not signed. Ask the sender for the signed one."
IMMIGRATION = (
    "i200",
    "i203",
    "i205",
    "i286",
    "ncic_civil",
)  # the kinds of warrants that say that a person is removable
WORDS = {"us_proven": PROVEN, "us_claimed": CLAIMED, "lawful_status_proven": LAWFUL}


def contradictions(facts: Mapping[str, StatedFact]) -> tuple[str, ...]:
    """What does not fit together in some facts, each as a sentence that says what to do; the gravest first."""
    warrants = _records(facts.get(WARRANTS))
    is_immigration = any(warrant.get("kind") in IMMIGRATION for warrant in warrants)
    if not (is_immigration or FORM in facts):
        return ()
    citizenship = facts[CITIZENSHIP].value if CITIZENSHIP in facts else ""
    paper = "an immigration warrant" if is_immigration else "the request"
    found = [WORDS[citizenship].format(paper=paper)] if citizenship in WORDS else []
    return (*found, *([UNSIGNED] if any(warrant.get("signed") is False for warrant in warrants) else ()))


def _records(fact: StatedFact | None) -> list[dict[str, Any]]:
    value = fact.value if fact else []
    records = value.get("partial", []) if isinstance(value, dict) else value
    return [record for record in records if isinstance(record, dict)] if isinstance(records, list) else []
