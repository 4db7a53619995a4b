"""`comity demo`: Miami-Dade in January 2017, on requests that ship with the law; every person in them is invented."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from comity.commands.options import folders, refuse, shared
from comity.commands.output import show_json, show_page
from comity.commands.story import board
from comity.commands.story.beside import describe_beside, read_beside
from comity.commands.story.requests import StoryRequest
from comity.decision.decision import Decision
from comity.decision.incoming import Incoming, incoming, read_json
from comity.decision.page import grounds_of, page_of, risks_in_groups
from comity.decision.request import decided_of
from comity.decision.words import OUTCOME_WORDS, list_outcomes
from comity.facts.kinds import KnownSet
from comity.finding import Finding, Place
from comity.law.cache import load, shipped
from comity.law.library import Library
from comity.present.page import Block, Heading, Table, Text

PLACE, PLACE_NAME = "us/fl/miami-dade", "Miami-Dade County, Florida"
BEFORE, AFTER = "2017-01-25T12:00:00-05:00", "2017-01-26T12:00:00-05:00"
BEFORE_DAY, AFTER_DAY = BEFORE[:10], AFTER[:10]
EXPLAINED = "Subject 0004"
FOLDER, SITE_FOLDER = "comity-demo", "miami-dade"
SITE_COMMAND = f"comity site --place {PLACE} --out {SITE_FOLDER}"
SUBJECTS = {
    "Subject 0001": "a detainer (Form I-247D), and nothing else known",
    "Subject 0002": "Washington has agreed to pay; convicted of robbery",
    "Subject 0003": "Washington has agreed to pay; charged with kidnapping, no right to bond",
    "Subject 0004": "Washington has agreed to pay; convicted of felony threats, whether with force is not settled",
    "Subject 0005": "Washington has agreed to pay; convicted of fraud",
    "Subject 0006": "only notice of release is asked (Form I-247N)",
    "Subject 0007": "a federal magistrate's criminal warrant came with the detainer",
    "Subject 0008": "another paper, which asks only to question the person in the jail",
}
OPENING = (
    "On 25 January 2017 Executive Order 13768 threatened places that decline immigration detainers. Miami-Dade's "
    "resolution of 2013 let its jails hold on a detainer only if Washington had agreed to pay and the person was charged with "
    "or convicted of a serious crime. The next day the mayor told the jails to honor every detainer. Here are the same eight "
    "requests under the resolution and, a day later, under the memo. The people are invented; the law is not."
)
PAGES = (
    f"The public pages have both laws side by side, with every day since 2007 and the law itself to ask: {SITE_COMMAND}, then open "
    f"{SITE_FOLDER}/{PLACE}/index.html in a browser. In a fresh checkout: python3 start.py site."
)
HOLD = (
    "A hold here is custody on the detainer alone. A judge's criminal warrant, as for Subject 0007, keeps a person in custody "
    "without it."
)


@click.command("demo")
@click.option("--out", default=FOLDER, show_default=True, metavar="DIR", help="The folder for the files.")
@shared
def command(out: str, library: tuple[str, ...], as_json: bool) -> None:
    """Shows how eight requests were decided in Miami-Dade on 25 and 26 January 2017, and why.

    Prints a table of the requests that are treated differently, the people of the county and Boston's City Hall on the same day,
    explains one of the requests in full, and draws a picture (SVG and PNG,
    with a description and a table). Ends with a brief of one printed page, as the county's board could have had it in that
    month. Needs no argument and no network.

    \b
    Example: comity demo --out pictures
    """
    law, findings = load(folders(library))
    refuse(findings)
    story = [decide_both_days(subject, law) for subject in SUBJECTS]
    beside = read_beside(PLACE, law)
    if not as_json:
        show_page([*summary(story), *describe_beside(beside), *explanation(story)])
    written = draw(story, Path(out))
    choice = board.compare_laws((f"{PLACE}@{BEFORE_DAY}", f"{PLACE}@{AFTER_DAY}"), AFTER_DAY, law)
    brief = board.write_brief(choice, law, Path(out))
    if as_json:
        document = as_document(story, written)
        show_json({**document, "beside": beside.to_dict(), "choice": choice.to_dict(), "brief": brief})
    else:
        show_page([Text(""), Heading("The picture"), *(Text(path, "", 1, "-") for path in written)])
        show_page([Text(""), *board.describe_choice(choice, brief)])
        show_page([Text(""), Heading("The same on a page"), Text(PAGES)])


def decide_both_days(subject: str, library: Library) -> StoryRequest:
    """Decides one of the requests that ship on both days; raises `InputFault` if its file is missing or faulty."""
    path = shipped() / "demo" / f"{subject.lower().replace(' ', '-')}.json"
    if not path.is_file():
        refuse([Finding("no-file", Place(str(path)), "a request of the demo is missing", "install comity again")])
    document, faults = read_json(path.read_bytes(), path.name)
    refuse(faults)
    first, second = (read_request(document, library, path.name, at) for at in (BEFORE, AFTER))
    before, after = (decided_of(request, library, path.name) for request in (first, second))
    asks = first.request.values.get("request.asks")
    asked = tuple(action for action in before.actions if isinstance(asks, KnownSet) and action in asks.members)
    return StoryRequest(subject=subject, about=SUBJECTS[subject], asks=asked, before=before, after=after)


def read_request(document: dict[str, Any], library: Library, source: str, at: str) -> Incoming:
    """Reads a request that ships, as of one moment; raises `InputFault` if it is faulty."""
    arrived, faults = incoming(document, library, source, at=at)
    refuse(faults)
    assert arrived
    return arrived


def summary(story: Sequence[StoryRequest]) -> list[Block]:
    """What the demo is about, and which requests are treated differently."""
    differing = [request for request in story if request.changed()]
    head = ("Subject", "What is known", "Asked", "25 January", "26 January")
    rows = tuple(row for request in story for row in _rows(request))
    count = f"{len(differing)} of {len(story)} requests are treated differently a day later, though nothing about them has changed."
    return [
        Heading("Miami-Dade, January 2017", 1),
        Text(OPENING),
        Heading("Who is treated differently"),
        Table(head, rows, ("strong",)),
        Text(""),
        Text(count, "strong"),
        Text(HOLD),
        *_reasons(differing),
    ]


def _rows(request: StoryRequest) -> Iterable[tuple[str, ...]]:
    for index, action in enumerate(request.asks):
        first = (request.subject, request.about) if index == 0 else ("", "")
        before, after = outcome_in_words(request.before, action), outcome_in_words(request.after, action)
        yield (*first, action, before, after if before != after else "the same")


def outcome_in_words(decision: Decision, action: str) -> str:
    """An outcome in a word or two, with the outcomes still possible where it is undetermined."""
    answer = decision.actions[action]
    if answer.outcome == "undetermined":
        return f"open ({list_outcomes(answer.possible)})"
    return OUTCOME_WORDS[answer.outcome]


def _reasons(differing: Iterable[StoryRequest]) -> Iterable[Block]:
    """The provisions that cause each kind of change, with the subjects concerned."""
    because: dict[str, list[str]] = {}
    for request in differing:
        for action in request.changed():
            change = f"{action}: {outcome_with_cites(request.before, action)}; then {outcome_with_cites(request.after, action)}"
            because.setdefault(change, []).append(request.subject.removeprefix("Subject "))
    yield Heading("Why")
    for change, subjects in because.items():
        yield Text(f"{change} ({'Subject' if len(subjects) == 1 else 'Subjects'} {', '.join(subjects)})", "", 1, "-")


def outcome_with_cites(decision: Decision, action: str) -> str:
    """An outcome with the citations of the provisions that determine it."""
    names = decision.actions[action].determining
    by = ", ".join(dict.fromkeys(decision.grounds[name].cite for name in names))
    outcome = outcome_in_words(decision, action)
    return f"{outcome} by {by}" if by else outcome


def explanation(story: Iterable[StoryRequest]) -> list[Block]:
    """One request explained under the resolution, and what the memo changed about it."""
    chosen = next(request for request in story if request.subject == EXPLAINED)
    before = [Heading(f"{chosen.subject}: {chosen.about}"), *page_of(chosen.before, PLACE_NAME)]
    before += [block for action in chosen.asks for block in grounds_of(action, chosen.before)]
    after = [block for action in chosen.changed() for block in grounds_of(action, chosen.after)]
    return [
        *before,
        Heading(f"{chosen.subject} a day later", 1),
        *after,
        *risks_in_groups(chosen.after, beyond=chosen.before),
    ]


def draw(story: Sequence[StoryRequest], folder: Path) -> list[str]:
    """Draws the requests into a folder, and returns the paths of the files."""
    from comity.commands.story.picture import write_picture  # noqa: PLC0415  the plotting library takes half a second

    return write_picture(story, folder)


def as_document(story: Iterable[StoryRequest], written: list[str]) -> dict[str, Any]:
    """The demo as one JSON document."""
    requests = [
        {
            "subject": request.subject,
            "about": request.about,
            "asks": request.asks,
            "changed": request.changed(),
            "before": request.before.to_dict(),
            "after": request.after.to_dict(),
        }
        for request in story
    ]
    return {"place": PLACE, "days": [BEFORE_DAY, AFTER_DAY], "requests": requests, "pictures": written}
