"""The law that an ask page runs: for each span of days and kind of agency, the stack as the browser's engine reads it.

A span is one in which the effects that decide and the limits on a hold stay the same. Its stack is that of its first day;
of the span in which the day of the site lies, that of the site's day. Stacks of one place that say the same are written once.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from msgspec import Struct, structs

from comity.decision.warned import warnings_about
from comity.engine.browser.stack_json import StackWriter
from comity.engine.questions.diagram import Diagrams
from comity.engine.questions.questions import questions
from comity.law.calendar import DECIDING, Calendar
from comity.law.in_force import Agency, Stack, binds, concerns, in_force, reaches
from comity.law.instrument import ACTIONS, BEYOND_ACTIONS
from comity.law.library import Library
from comity.site.answers import FIRST

NOT_GIVEN = ""
# The kinds of agency that have a person in custody whom a detainer may name; other kinds receive none.
HOLDING = ("sheriff", "corrections_department", "police_department", "state_prison", "probation")
AHEAD = timedelta(days=365)  # a page is read after the day of the site: known later changes of law are in it
OF_WARNED = ("provision", "text", "topic", "about", "force", "courts", "parties_only", "same_as", "since")
OF_WARNED_MORE = ("constitutional", "disputes")


class AskSpan(Struct, frozen=True):
    """The law from `since` until the day before `until`, for the agencies of some kinds; `day` is the day of its stack.

    `document` is its number among the documents of the place.
    """

    since: date
    until: date
    day: date
    kinds: tuple[str, ...]
    document: int


class AskLaw(Struct, frozen=True):
    """All the law of a place since 2007: its spans, the earliest first, and the documents that these name by number."""

    spans: tuple[AskSpan, ...]
    documents: tuple[dict[str, Any], ...]


def law_to_ask(library: Library, place: str, on: date) -> AskLaw:
    """The law of a place since 2007 for each kind of agency, up to `AHEAD` after the day of the site."""
    numbers: dict[Hashable, int] = {}
    documents: list[dict[str, Any]] = []
    spans: list[AskSpan] = []
    for agencies in kinds_alike(library, place):
        agency = Agency(agencies[0])
        for since, until in spans_for(library, place, agency, on + AHEAD):
            day = on if since <= on < until else since
            stack = in_force(library, place, day, agency)
            key = _key(stack)
            if key not in numbers:
                numbers[key] = len(documents)
                documents.append(document_of(stack))
            spans.append(AskSpan(since, until, day, agencies, numbers[key]))
    return AskLaw(tuple(sorted(spans, key=lambda span: (span.since, span.kinds))), tuple(documents))


def spans_for(library: Library, place: str, agency: Agency, last: date) -> list[tuple[date, date]]:
    """The spans since 2007 until `last`, that day included, in which the law that decides is the same for an agency."""
    days = Calendar(library, place, agency, (*DECIDING, "limits")).days
    starts = [FIRST, *(day for day in days if FIRST < day <= last)]
    return list(zip(starts, [*starts[1:], last + timedelta(1)], strict=True))


def kinds_alike(library: Library, place: str) -> list[tuple[str, ...]]:
    """The kinds of agency in groups for which the law of a place is the same on every day; first the one that is not given."""
    here = library.gazetteer.containing(place)
    reaching = [instrument for instrument in library.instruments.values() if reaches(instrument, here, library)]
    facts = [fact for path in here for fact in library.facts_at(path)]
    is_open = any(instrument.binds for instrument in reaching)
    groups: dict[Hashable, list[str]] = {}
    for kind in (NOT_GIVEN, *HOLDING):
        agency = Agency(kind)
        binding = frozenset(instrument.id for instrument in reaching if binds(instrument, agency))
        known = frozenset(number for number, fact in enumerate(facts) if concerns(fact, agency))
        groups.setdefault((binding, known, is_open and not kind), []).append(kind)
    return [tuple(kinds) for kinds in groups.values()]


def _key(stack: Stack) -> Hashable:
    """What a document depends on, but for its day."""
    return stack.standing, stack.set_aside, stack.warnings, repr(stack.facts), tuple(stack.provisions), stack.moot


def document_of(stack: Stack) -> dict[str, Any]:
    """A stack as the browser's engine reads it, with the warnings about each action that is always answered.

    A warning has the fields of `Warned` that are not empty, and `when`: where the diagram of its condition starts.
    """
    asked = questions(stack)
    writer = StackWriter(Diagrams(asked))
    spoken_of = {effect.action for effect in asked.standing} - {"", *ACTIONS, *BEYOND_ACTIONS}
    warnings = {action: list(_warnings(writer, action)) for action in (*ACTIONS, *sorted(spoken_of))}
    return writer.document() | {"warnings": warnings}


def _warnings(writer: StackWriter, action: str) -> Iterator[dict[str, Any]]:
    for about in warnings_about(writer.asked, action):
        fields = structs.asdict(about.warned)
        given = {name: fields[name] for name in (*OF_WARNED, *OF_WARNED_MORE) if fields[name]}
        yield given | {"when": writer.status(about.condition)}


def span_at(spans: Sequence[AskSpan], day: date, kind: str) -> AskSpan:
    """The span of a day for a kind of agency. Raises `LookupError` where none has that day."""
    for span in spans:
        if span.since <= day < span.until and kind in span.kinds:
            return span
    raise LookupError(f"no span has {day}")
