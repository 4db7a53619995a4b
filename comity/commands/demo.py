"""`comity demo`: Miami-Dade in January 2017, on requests that ship with the law; every person in them is made up."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from comity.commands import demo_board
from comity.commands.demo_story import Told
from comity.commands.options import folders, refuse, shared
from comity.commands.output import show_json, show_page
from comity.decision.decision import Decision
from comity.decision.incoming import Incoming, incoming, read_json
from comity.decision.page import grounds_of, page_of, warnings_of
from comity.decision.request import decided_of
from comity.facts.kinds import KnownSet
from comity.finding import Finding, Place
from comity.law.cache import load, shipped
from comity.law.library import Library
from comity.present.page import Block, Heading, Table, Text

PLACE, PLACE_NAME = "us/fl/miami-dade", "Miami-Dade County, Florida"
BEFORE, AFTER = "2017-01-25T12:00:00-05:00", "2017-01-26T12:00:00-05:00"
BEFORE_DAY, AFTER_DAY = BEFORE[:10], AFTER[:10]
EXPLAINED = "Subject 0004"
FOLDER = "comity-demo"
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
    "On 25 January 2017 Executive Order 13768 threatened places that decline immigration detainers. Miami-Dade's own "
    "resolution of 2013 let its jails hold on a detainer only where Washington had agreed to pay and the person was "
    "grave. The next day the mayor told the jails to honor every detainer. Here are the same eight requests under the "
    "resolution and, a day later, under the memo. The people are made up; the law is not."
)
HOLD = (
    "A hold is one for the detainer's sake: a judge's criminal warrant, as Subject 0007's, keeps a person in custody by "
    "itself."
)


@click.command("demo", short_help="The story of Miami-Dade, January 2017, end to end.")
@click.option(
    "--out",
    default=FOLDER,
    show_default=True,
    metavar="DIR",
    help="The folder for the picture, its table and the brief.",
)
@shared
def command(out: str, library: tuple[str, ...], as_json: bool) -> None:
    """Tells how eight requests fared in Miami-Dade on 25 and 26 January 2017, and why.

    Prints a table of who is treated differently, explains one of them in full, and draws a picture (SVG and PNG, with
    a text that describes it and a table beside it). It ends with what the county's board could have had before it in that
    month: a brief of one printed page. It needs no argument and no network.

    \b
    Example: comity demo --out pictures
    """
    law, findings = load(folders(library))
    refuse(findings)
    story = [told(subject, law) for subject in SUBJECTS]
    if not as_json:
        show_page([*summary(story), *explanation(story)])
    written = draw(story, Path(out))
    choice = demo_board.weighed((f"{PLACE}@{BEFORE_DAY}", f"{PLACE}@{AFTER_DAY}"), AFTER_DAY, law)
    brief = demo_board.brief_in(choice, law, Path(out))
    if as_json:
        show_json({**as_document(story, written), "choice": choice.to_dict(), "brief": brief})
    else:
        show_page([Text(""), Heading("The picture"), *(Text(path, "", 1, "-") for path in written)])
        show_page([Text(""), *demo_board.told(choice, law, brief)])


def told(subject: str, library: Library) -> Told:
    """One of the requests that ship, decided on both days; raises `InputFault` where its file is missing or faulty."""
    path = shipped() / "demo" / f"{subject.lower().replace(' ', '-')}.json"
    if not path.is_file():
        refuse([Finding("no-file", Place(str(path)), "a request of the demo is missing", "install comity again")])
    document, faults = read_json(path.read_bytes(), path.name)
    refuse(faults)
    first, second = (arriving(document, library, path.name, at) for at in (BEFORE, AFTER))
    before, after = (decided_of(own, library, path.name) for own in (first, second))
    asks = first.request.values.get("request.asks")
    asked = tuple(own for own in before.actions if isinstance(asks, KnownSet) and own in asks.members)
    return Told(subject, SUBJECTS[subject], asked, before, after)


def arriving(document: dict[str, Any], library: Library, source: str, at: str) -> Incoming:
    """A request that ships, as of one moment; raises `InputFault` where it is faulty."""
    arrived, faults = incoming(document, library, source, at=at)
    refuse(faults)
    assert arrived
    return arrived


def summary(story: Iterable[Told]) -> list[Block]:
    """What the story is, and who is treated differently."""
    own = list(story)
    differing = [one for one in own if one.changed()]
    head = ("Subject", "What is known", "Asked", "25 January", "26 January")
    rows = tuple(row for one in own for row in _rows(one))
    count = f"{len(differing)} of {len(own)} requests are treated differently a day later, and none of the people has changed."
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


def _rows(one: Told) -> Iterable[tuple[str, ...]]:
    for index, action in enumerate(one.asks):
        first = (one.subject, one.about) if index == 0 else ("", "")
        before, after = worded(one.before, action), worded(one.after, action)
        yield (*first, action, before, after if before != after else "the same")


def worded(decision: Decision, action: str) -> str:
    """An outcome in a word or two, with what is still open."""
    answer = decision.actions[action]
    if answer.outcome == "undetermined":
        return f"open ({' or '.join(own.replace('unaddressed', 'no law') for own in answer.possible)})"
    return {"unaddressed": "no law decides", "in_conflict": "in conflict"}.get(answer.outcome, answer.outcome)


def _reasons(differing: list[Told]) -> Iterable[Block]:
    """The provisions behind each kind of change, with the subjects that it concerns."""
    because: dict[str, list[str]] = {}
    for one in differing:
        for action in one.changed():
            change = f"{action}: {cited(one.before, action)}; then {cited(one.after, action)}"
            because.setdefault(change, []).append(one.subject.removeprefix("Subject "))
    yield Heading("Why")
    for change, subjects in because.items():
        yield Text(f"{change} ({'Subject' if len(subjects) == 1 else 'Subjects'} {', '.join(subjects)})", "", 1, "-")


def cited(decision: Decision, action: str) -> str:
    """An outcome with the citations of what determines it."""
    names = decision.actions[action].determining
    by = ", ".join(dict.fromkeys(decision.grounds[name].cite for name in names))
    return f"{worded(decision, action)} by {by}" if by else worded(decision, action)


def explanation(story: Iterable[Told]) -> list[Block]:
    """One request explained in full under the resolution, and what the memo changed about it."""
    one = next(own for own in story if own.subject == EXPLAINED)
    title = f"{one.subject} in full: {one.about}"
    after = [block for action in one.changed() for block in grounds_of(action, one.after)]
    fresh = warnings_of(one.after, beyond=one.before)
    return [Heading(title), *page_of(one.before, PLACE_NAME), Heading(f"{one.subject} a day later", 1), *after, *fresh]


def draw(story: list[Told], folder: Path) -> list[str]:
    """Draws the story into a folder; the names of the files written."""
    from comity.commands.demo_picture import drawn  # noqa: PLC0415  the plotting library takes half a second

    return drawn(story, folder)


def as_document(story: Iterable[Told], written: list[str]) -> dict[str, Any]:
    """The story as one JSON document."""
    requests = [
        {
            "subject": one.subject,
            "about": one.about,
            "asks": one.asks,
            "changed": one.changed(),
            "before": one.before.to_dict(),
            "after": one.after.to_dict(),
        }
        for one in story
    ]
    return {"place": PLACE, "days": [BEFORE_DAY, AFTER_DAY], "requests": requests, "pictures": written}
