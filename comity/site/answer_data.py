"""The answers of all places as one script of data, for the map and for the comparison: `data/answers.js`.

Each place has the days on which its answers change, and for each the number of a pattern: a letter for each action of each
request. Places share patterns, so that the whole is small.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from comity.law.instrument import ACTIONS, FURTHER_ACTIONS
from comity.site.answers import Answers
from comity.site.badge import LETTERS, outcome_of
from comity.site.site import Site
from comity.site.site_page import SiteFile
from comity.site.standard_requests import standard_requests

ANSWERS_FILE = "data/answers.js"
DETAINER_ACTIONS = (*ACTIONS, *FURTHER_ACTIONS)


def answer_files(site: Site) -> Iterator[SiteFile]:
    """The script of the answers of all places with a page of their own."""
    yield SiteFile(ANSWERS_FILE, script_of("comityAnswers", answer_document(site)))


def answer_document(site: Site) -> dict[str, Any]:
    """The answers as plain values; `spans` of a place are the number of a day and of a pattern by turns."""
    spans = {path: list(patterns_of(site, path)) for path in site.full}
    days = sorted({since for found in spans.values() for since, _ in found})
    patterns = sorted({pattern for found in spans.values() for _, pattern in found})
    day_numbers, pattern_numbers = ({value: n for n, value in enumerate(values)} for values in (days, patterns))
    return {
        "on": site.on.isoformat(), "days": days, "patterns": patterns,
        "requests": [request.id for request in standard_requests()], "actions": list(DETAINER_ACTIONS),
        "letters": {letter: outcome for outcome, letter in LETTERS.items()},
        "places": {
            path: [n for since, pattern in found for n in (day_numbers[since], pattern_numbers[pattern])]
            for path, found in spans.items()
        },
        "names": {path: site.name(path) for path in site.full},
    }  # fmt: skip


def patterns_of(site: Site, path: str) -> Iterator[tuple[str, str]]:
    """Each day on which the pattern of a place changes, with the new one."""
    is_researched, last = site.is_researched(path), ""
    for answers in site.answers(path):
        pattern = pattern_of(answers, is_researched=is_researched)
        if pattern != last:
            yield answers.since.isoformat(), pattern
        last = pattern


def pattern_of(answers: Answers, *, is_researched: bool) -> str:
    """A letter for each action of each request, request by request."""
    return "".join(
        LETTERS[outcome_of(answers.by_request[request.id].get(action, ("unaddressed",)), is_researched=is_researched)]
        for request in standard_requests()
        for action in DETAINER_ACTIONS
    )


def script_of(name: str, document: Any) -> bytes:
    """A script that fills a global of this name with data: a page that is opened from a folder may load nothing else."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=False)
    return f"var {name}={text};\n".encode()
