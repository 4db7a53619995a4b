"""Each place that has law of its own here, under each definition of a sanctuary jurisdiction, on two days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from coverage_page import named, table

from comity import api as calls
from comity.classification.classify import PREFIX, definitions_of
from comity.classification.definition import Definition
from comity.classification.view import UNKNOWN, Classified, DefinitionAnswer
from comity.law.library import Library

DAYS = ("2017-03-01", "2025-08-05")
COUNTRY = "us"
MARKS: dict[bool | str, str] = {True: "yes", False: "no", UNKNOWN: "open"}
UNSETTLED = "not settled"
OPENING = """# The places, by each definition

Every State, county and city that has [law of its own](../policies) here, asked by [each definition](definitions.md) whether it is
a "sanctuary jurisdiction": on 1 March 2017, five weeks after Executive Order 13768, and on 5 August 2025, the day of the Justice
Department's list. This program takes none of the definitions for its own. An answer is about law, not about practice.

| mark | what it means |
| --- | --- |
| yes | what the definition asks for is shown, by a request and a provision, by a recorded fact, or by a list |
| no | everything that could show it was gone through, and nothing does, by the law that is encoded here |
| open | it turns on something that is not recorded, or on law that is not encoded; never to be read as no |

A definition is asked about any day, also one on which it was not in use, and a State's definition about places elsewhere, where it
has no force. `comity classify PLACE --on DAY` shows what each answer rests on. Where no law of the place's own is encoded for so
early a day, most answers are open; the second column says from when it is, *in slanted letters* where that day is not certain.

`.venv/bin/python docs/write_pages.py classified` writes this page.
"""


def classified_page(library: Library) -> str:
    """The page as Markdown: which definitions there are, then a table for each day."""
    definitions, _ = definitions_of([], library)
    places = sorted(
        {own.jurisdiction for own in library.instruments.values()} - {COUNTRY}, key=lambda own: named(own, library)
    )
    found = calls.classify_many(places, DAYS, library=library)
    parts = [OPENING, "## The definitions\n", _key(definitions)]
    for day in DAYS:
        own = {made.place: made for made in found if made.on == date.fromisoformat(day)}
        parts += [f"## On {day}\n", *_of_day(own, definitions, library)]
    return "\n".join(parts)


def _key(definitions: Mapping[str, Definition]) -> str:
    rows = [(_short(own.id), f"`{own.id}`", own.title, own.by, own.evidence) for own in definitions.values()]
    return table(("short name", "id", "definition", "whose", "evidence"), rows)


def _of_day(found: Mapping[str, Classified], definitions: Mapping[str, Definition], library: Library) -> Iterator[str]:
    head = ("place", "own law from", *(_short(id) for id in definitions))
    rows = [(named(place, library), _first(place, library), *_marks(own, definitions)) for place, own in found.items()]
    yield table(head, [("*in use then*", "", *_in_use(found.values(), definitions)), *rows, *_counts(rows)])


def _short(id: str) -> str:
    return id.removeprefix(PREFIX)


def _first(place: str, library: Library) -> str:
    """From when on any law of the place's own is encoded."""
    first = min(own.effective for own in library.instruments.values() if own.jurisdiction == place)
    return str(first.last) if first.certain else f"*{first.last}*"


def _marks(own: Classified, definitions: Iterable[str]) -> tuple[str, ...]:
    return tuple(_mark(own.definitions[id]) for id in definitions)


def _mark(own: DefinitionAnswer) -> str:
    """An answer that was not found in the time given is told apart: another machine may find it."""
    if own.meets == UNKNOWN and not all(criterion.settled for criterion in own.criteria):
        return UNSETTLED
    return MARKS[own.meets]


def _in_use(found: Iterable[Classified], definitions: Iterable[str]) -> Iterator[str]:
    first = next(iter(found))
    return (f"*{MARKS[first.definitions[id].in_use]}*" for id in definitions)


def _counts(rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """How many places have each answer, by definition."""
    columns = [Counter(column) for column in list(zip(*rows, strict=True))[2:]]
    for mark in MARKS.values():
        yield (f"**{mark}**", "", *(str(column[mark]) for column in columns))
