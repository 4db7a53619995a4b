"""Writes docs/law-changes.md, the outcomes that the law of today changes: python docs/law_changes_page.py

It takes about a minute of CPU, so it is not among the pages of write_pages.py. It reads the earlier law from the history of
this folder.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from coverage_page import named, table
from law_changes import (
    AGENCIES,
    BEFORE,
    CITIZENS,
    FIRST_ON,
    LAST_ON,
    LawChange,
    TwoLibraries,
    find_citizen_changes,
    find_law_changes,
    law_digest,
    read_before,
)
from msgspec import Struct

from comity.api import load
from comity.claims.describe import request_in_words
from comity.decision.words import OUTCOME_WORDS
from comity.engine.outcome import Outcome
from comity.law.calendar import outermost_with_same_law
from comity.law.in_force import Agency
from comity.law.library import Library

FILE = Path(__file__).resolve().parent / "law-changes.md"
HEAD = ("place", "law", "action", "before", "now", "agencies", "days", "a request that shows it")
ANY_AGENCY, ANY_REQUEST, CERTAIN_FROM = "any", "any request", "certain from"
OUTCOMES: dict[str, Outcome] = {words: outcome for outcome, words in OUTCOME_WORDS.items()}


OPENING = """# What changed in the law

The outcomes that today's law files change against those of commit `{commit}`, the last before the law of 2025 and 2026 was added.
Today's program compared the two at every place, for every kind of agency, on every day from {first} to {last}, and for every
request that there could be: where two laws differ in text, a solver finds each class of requests that they treat differently, and
proves that there is no other. An action, a place or a day that is not listed has the same outcomes as before. The starred lines of
the [changelog](../CHANGELOG.md) give the reason for each change and its source.

* Law before: `{before}`. Law of today: `{after}`. These are digests of the days, ranks and conditions of all instruments.
* "No rule applies" is an outcome too: the law of the place does not decide.
* The first day of a law may be uncertain, for example where only the month is known. From the first day in the table the outcome is
  open between before and now; from the day that is called certain it is decided.
* Facts of places, such as who signed a 287(g) agreement, are left open here, like any other fact of a request.
* Visits, questions about status and certifications are not compared: no law on them was encoded before.

`.venv/bin/python docs/law_changes_page.py` compares again and writes this page.
"""


class Row(Struct, frozen=True, kw_only=True):
    """A row of the page: what a reader needs to ask about the change again."""

    places: tuple[str, ...]
    instruments: tuple[str, ...]
    actions: tuple[str, ...]
    before: Outcome
    after: Outcome
    agencies: tuple[str, ...]
    first_on: date
    certain_on: date | None
    last_on: date
    example: str

    def cells(self, library: Library) -> tuple[str, ...]:
        """The row as cells of a table."""
        certain = self.certain_on and self.certain_on > self.first_on
        until = "" if self.last_on == LAST_ON else f" to {self.last_on}"
        return (
            ", ".join(f"{named(place, library)} (`{place}`)" for place in self.places),
            ", ".join(f"[{id.rpartition('/')[2]}](../policies/{id}.md)" for id in self.instruments),
            ", ".join(f"`{action}`" for action in self.actions),
            OUTCOME_WORDS[self.before],
            OUTCOME_WORDS[self.after],
            ANY_AGENCY if len(self.agencies) == len(AGENCIES) - 1 else ", ".join(self.agencies),
            f"from {self.first_on}{f', {CERTAIN_FROM} {self.certain_on}' if certain else ''}{until}",
            self.example,
        )


def law_changes_page(libraries: TwoLibraries) -> str:
    """The page as Markdown."""
    rows = find_rows(libraries)
    before, after = law_digest(libraries.plain_before), law_digest(libraries.after)
    return (
        "\n".join(
            [
                OPENING.format(commit=BEFORE[:7], before=before, after=after, first=FIRST_ON, last=LAST_ON),
                *_on_citizens(find_citizen_changes(libraries), libraries.after),
                f"## By place\n\n{len(rows)} groups of requests.\n",
                table(HEAD, (row.cells(libraries.after) for row in rows)),
            ]
        ).rstrip("\n")
        + "\n"
    )


def find_rows(libraries: TwoLibraries) -> list[Row]:
    """The changes but for the rule on citizens; actions that change alike share a row."""
    alike: dict[tuple[object, ...], list[LawChange]] = defaultdict(list)
    for change in find_law_changes(libraries):
        places, agencies = _places(change, libraries), _agencies(change)
        days = change.first_on, change.certain_on, change.last_on
        alike[places, change.instruments, change.before, change.after, agencies, days].append(change)
    rows = [_row(changes, libraries) for changes in alike.values()]
    return sorted(rows, key=lambda row: (row.places, row.first_on, row.instruments, row.actions))


def _row(changes: list[LawChange], libraries: TwoLibraries) -> Row:
    first = changes[0]
    instruments = {**libraries.before.instruments, **libraries.after.instruments}
    return Row(
        places=_places(first, libraries),
        instruments=first.instruments,
        actions=tuple(change.action for change in changes),
        before=first.before,
        after=first.after,
        agencies=_agencies(first),
        first_on=first.first_on,
        certain_on=first.certain_on,
        last_on=first.last_on,
        example="; ".join(request_in_words(first.change.witness, libraries.after.vocabulary, instruments))
        or ANY_REQUEST,
    )


def _agencies(change: LawChange) -> tuple[str, ...]:
    """The kinds of agency; where the kind is not given, the law of each that it may be counts."""
    found = {situation.agency for situation in change.situations}
    return tuple(kind for kind in AGENCIES if kind and kind in found)


def _places(change: LawChange, libraries: TwoLibraries) -> tuple[str, ...]:
    """The outermost places at which a change shows."""
    gazetteer = libraries.after.gazetteer
    places = {
        outermost_with_same_law(libraries.after, situation.place, Agency(kind=situation.agency))
        for situation in change.situations
    }
    return tuple(sorted(place for place in places if not places & {*gazetteer.containing(place)} - {place}))


def _on_citizens(changes: Iterable[LawChange], library: Library) -> Iterator[str]:
    """The section on the rule on citizens."""
    required: dict[str, list[LawChange]] = defaultdict(list)
    for change in changes:
        if change.before == "required":
            places = {situation.place for situation in change.situations}
            near = [id for id in change.instruments if id != CITIZENS]
            required[near[0] if near else min(places, key=len)].append(change)
    yield (
        "## Everywhere: proven citizens\n\nA hold that is asked for is forbidden where United States citizenship is proved, since "
        f"1997-04-01 ([the rule](../policies/{CITIZENS}.md), [its reasons](decisions/0025-citizens.md)).\n"
        "Before, the hold was permitted, or no rule applied, or a law required it:\n"
    )
    rows = [_required(id, of_law, library) for id, of_law in required.items()]
    yield table(("place", "law that required the hold", "days"), sorted(rows))


def _required(id: str, changes: list[LawChange], library: Library) -> tuple[str, ...]:
    first_on, last_on = min(change.first_on for change in changes), max(change.last_on for change in changes)
    instrument = library.instruments[id]
    until = "" if last_on == LAST_ON else f" to {last_on}"
    place = named(instrument.jurisdiction, library)
    return place, f"[{instrument.title}](../policies/{id}.md)", f"from {first_on}{until}"


def read_rows(page: str) -> list[Row]:
    """The rows of a page that was written, without the names of places; raises if a line of the table is no row."""
    lines = page.partition("## By place")[2].splitlines()
    return [_read_row(line) for line in lines if line.startswith("| ") and not line.startswith(("| place", "| ---"))]


def _read_row(line: str) -> Row:
    place, law, action, before, after, agencies, days, example = line.strip("| ").split(" | ", 7)
    on = [date.fromisoformat(day) for day in re.findall(r"\d{4}-\d\d-\d\d", days)]
    return Row(
        places=tuple(re.findall(r"`([^`]+)`", place)),
        instruments=tuple(re.findall(r"\.\./policies/([^)]+)\.md", law)),
        actions=tuple(re.findall(r"`([^`]+)`", action)),
        before=OUTCOMES[before],
        after=OUTCOMES[after],
        agencies=tuple(kind for kind in AGENCIES if kind) if agencies == ANY_AGENCY else tuple(agencies.split(", ")),
        first_on=on[0],
        certain_on=on[1] if CERTAIN_FROM in days else None,
        last_on=on[-1] if " to " in days else LAST_ON,
        example=example,
    )


def main() -> int:
    """Writes the page."""
    before = read_before()
    if before is None:
        print(f"the history of this folder does not have the commit {BEFORE}", file=sys.stderr)
        return 2
    FILE.write_text(law_changes_page(TwoLibraries(before, load())), encoding="utf-8", newline="\n")
    print(f"docs/{FILE.name} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
