"""The page of places: every place with encoded law, under each definition of a sanctuary jurisdiction, on two days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from coverage_page import named, table

from comity import api
from comity.classification.classify import PREFIX, read_all_definitions
from comity.classification.definition import Definition
from comity.classification.view import UNKNOWN, Classified, DefinitionAnswer
from comity.intake.named_place import lies_in_several
from comity.law.library import Library

DAYS = ("2017-03-01", "2025-08-05")
COUNTRY = "us"
MARKS: dict[bool | str, str] = {True: "yes", False: "no", UNKNOWN: "open"}
UNSETTLED = "not settled"
OPENING = """# The places, by each definition

Every State, county and city with [law in this library](../policies), and whether [each definition](definitions.md) makes it a
"sanctuary jurisdiction": on 1 March 2017, five weeks after Executive Order 13768, and on 5 August 2025, the day of the Justice
Department's list. This program endorses none of the definitions. An answer is about law, not about practice.

| mark | what it means |
| --- | --- |
| yes | the definition is met, as a request and a provision, a recorded fact, or a list shows |
| no | under the law that is encoded here, nothing meets the definition |
| open | the answer depends on a fact that is not recorded, or on law that is not encoded; it does not mean no |

A definition is applied to any day, even one on which it was not in use, and a State's definition to places elsewhere, where it
has no force. A city in several counties, such as Houston, is not listed, since their law differs.
`comity classify PLACE --on DAY` shows the grounds of each answer. Where none of a place's law is encoded for a day
that early, most answers are open; the second column gives the first day of its law, *in italics* where that day is not certain.

`.venv/bin/python docs/write_pages.py classified` writes this page.
"""


def classified_page(library: Library) -> str:
    """The page as Markdown: the definitions, then a table for each day."""
    definitions, _ = read_all_definitions([], library)
    places = sorted(
        {
            place
            for instrument in library.instruments.values()
            if (place := instrument.jurisdiction) != COUNTRY and not lies_in_several(library.gazetteer.places[place])
        },
        key=lambda place: named(place, library),
    )
    answers = api.classify_many(places, DAYS, library=library)
    parts = [OPENING, "## The definitions\n", _key(definitions)]
    for day in DAYS:
        by_place = {answer.place: answer for answer in answers if answer.on == date.fromisoformat(day)}
        parts += [f"## On {day}\n", *_of_day(by_place, definitions, library)]
    return "\n".join(parts)


def _key(definitions: Mapping[str, Definition]) -> str:
    rows = [
        (_short(definition.id), f"`{definition.id}`", definition.title, definition.by, definition.evidence)
        for definition in definitions.values()
    ]
    return table(("short name", "id", "definition", "whose", "evidence"), rows)


def _of_day(
    answers: Mapping[str, Classified], definitions: Mapping[str, Definition], library: Library
) -> Iterator[str]:
    head = ("place", "its law from", *(_short(id) for id in definitions))
    rows = [
        (named(place, library), _first(place, library), *_marks(answer, definitions))
        for place, answer in answers.items()
    ]
    yield table(head, [("*in use then*", "", *_in_use(answers.values(), definitions)), *rows, *_counts(rows)])


def _short(id: str) -> str:
    return id.removeprefix(PREFIX)


def _first(place: str, library: Library) -> str:
    """The first day on which any law of the place is encoded."""
    first = min(instrument.effective for instrument in library.instruments.values() if instrument.jurisdiction == place)
    return str(first.last) if first.certain else f"*{first.last}*"


def _marks(answer: Classified, definitions: Iterable[str]) -> tuple[str, ...]:
    return tuple(_mark(answer.definitions[id]) for id in definitions)


def _mark(answer: DefinitionAnswer) -> str:
    """The mark of an answer. One that was not settled in time has a mark of its own: a faster machine may settle it."""
    if answer.meets == UNKNOWN and not all(criterion.settled for criterion in answer.criteria):
        return UNSETTLED
    return MARKS[answer.meets]


def _in_use(answers: Iterable[Classified], definitions: Iterable[str]) -> Iterator[str]:
    first = next(iter(answers))
    return (f"*{MARKS[first.definitions[id].in_use]}*" for id in definitions)


def _counts(rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """How many places have each mark, by definition."""
    columns = [Counter(column) for column in list(zip(*rows, strict=True))[2:]]
    for mark in MARKS.values():
        yield (f"**{mark}**", "", *(str(column[mark]) for column in columns))
