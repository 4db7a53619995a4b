"""The tables to download: their columns with what each holds, and their rows, as plain values in a fixed order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

from comity.language.sentence import clause
from comity.language.show import show
from comity.law.closing import close_condition, scope_of
from comity.law.instrument import ACTIONS, EFFECT_KINDS, EVIDENCE, FURTHER_ACTIONS, KNOWN_ACTIONS, Instrument
from comity.lawview.build_view import DECIDES
from comity.period import FIRST_DAY, LegalDay
from comity.site.laws.force_today import force_today
from comity.site.laws.relations import day_shown
from comity.site.site import Site
from comity.site.standard_requests import standard_requests

Kind: TypeAlias = Literal["text", "day", "flag"]
Cell: TypeAlias = str | date | bool | None
OUTCOMES = (
    "required, permitted, forbidden, unaddressed (no rule applies), in_conflict, or undetermined (several are possible)"
)
LIST = "; "


class Column(Struct, frozen=True):
    """A column: its name, what its cells are, and what they hold."""

    name: str
    kind: Kind
    says: str


class Table(Struct, frozen=True):
    """A table to download: its name, title and description, its columns, and its rows."""

    name: str
    title: str
    says: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


class TableKind(Struct, frozen=True):
    """How a table is made: all of it but its rows, and the function that finds these."""

    name: str
    title: str
    says: str
    columns: tuple[Column, ...]
    rows: Callable[[Site], Iterable[tuple[Cell, ...]]]


def tables_of(site: Site) -> Iterator[Table]:
    """Every table, in the order of the page."""
    for kind in KINDS:
        yield Table(kind.name, kind.title, kind.says, kind.columns, tuple(kind.rows(site)))


def outcome_rows(site: Site) -> Iterator[tuple[Cell, ...]]:
    """The outcomes of each place by request and action; neighbouring spans with the same outcome are one row."""
    requests = [request.id for request in standard_requests()]
    for place in site.full:
        spans = site.answers(place)
        for request in requests:
            for action in dict.fromkeys(action for span in spans for action in span.by_request[request]):
                begun, known = spans[0].since, spans[0].by_request[request].get(action, ())
                for span in spans[1:]:
                    possible = span.by_request[request].get(action, ())
                    if possible != known:
                        yield _outcome_row(place, request, action, begun, span.since, known)
                        begun, known = span.since, possible
                yield _outcome_row(place, request, action, begun, None, known)


def _outcome_row(
    place: str, request: str, action: str, since: date, until: date | None, possible: tuple[str, ...]
) -> tuple[Cell, ...]:
    known = possible or ("unaddressed",)
    outcome = known[0] if len(known) == 1 else "undetermined"
    return place, request, action, since, until, outcome, LIST.join(known)


def request_rows(_: Site) -> Iterator[tuple[Cell, ...]]:
    """The twelve standard requests."""
    for request in standard_requests():
        yield request.id, request.words, request.says


def instrument_rows(site: Site) -> Iterator[tuple[Cell, ...]]:
    """Every instrument."""
    instruments = site.law.library.instruments
    for id, instrument in sorted(instruments.items()):
        force = force_today(instrument, site.on, instruments)
        yield (
            *(id, instrument.jurisdiction, instrument.title, instrument.kind, instrument.citation),
            *_span(instrument.enacted),
            *_span(instrument.effective),
            *_span(instrument.ended),
            *(instrument.ended_by, force.state, force.sentence, instrument.evidence, LIST.join(instrument.binds)),
            *(instrument.summary, LIST.join(instrument.sources), f"law/{id}/"),
        )


def _span(day: LegalDay | None) -> tuple[date | None, date | None]:
    """The first and the last day on which a change may have been; no first day where it is not known."""
    if day is None:
        return None, None
    return (None if day.first == FIRST_DAY else day.first), day.last


def provision_rows(site: Site) -> Iterator[tuple[Cell, ...]]:
    """Every effect of every provision, with its condition in words and as it is written."""
    for id in sorted(site.law.library.instruments):
        yield from _effect_rows(site, site.law.library.instruments[id])


def _effect_rows(site: Site, instrument: Instrument) -> Iterator[tuple[Cell, ...]]:
    library = site.law.library
    scope = scope_of(instrument, library.instruments, day_shown(instrument, site.on))
    for provision in instrument.provisions:
        for effect in provision.effects:
            always = not effect.when or show(effect.when) == "true"
            words = "" if always else clause(close_condition(effect, scope), library.vocabulary)
            yield (
                *(provision.id, instrument.id, provision.heading, provision.plain, effect.kind, effect.action),
                *(effect.kind in DECIDES, words, "" if always else show(effect.when), provision.decider),
                *(provision.text, provision.cite, provision.evidence),
            )


def place_rows(site: Site) -> Iterator[tuple[Cell, ...]]:
    """Every place of the gazetteer that has a page in this edition."""
    researched = site.law.library.researched
    for path in sorted((*site.full, *site.short)):
        place = site.places[path]
        row = researched.get(path)
        yield (
            *(path, place.name, place.kind, place.zone, LIST.join(place.within)),
            *(site.applying(path), site.is_full(path), row.to if row else None),
        )


def agreement_rows(site: Site) -> Iterator[tuple[Cell, ...]]:
    """Every agreement on the published list."""
    for place, rows in sorted(site.law.library.agreements.listed.items()):
        for row in rows:
            yield place, row.agency, row.kind, row.model, row.since, row.until, row.source


PLACE = Column("place", "text", "the path of the place, such as us/fl/miami-dade")
EVIDENCE_COLUMN = Column("evidence", "text", f"how certain the encoding is: {', '.join(EVIDENCE)}")
KINDS = (
    TableKind(
        "outcomes",
        "Outcomes by place and day",
        "What the law of each place says about twelve standard requests, since January 1, 2007. A county without law of its own has "
        "no rows: the table of places names the place whose law applies there.",
        (
            PLACE,
            Column("request", "text", "the standard request; see the table of requests"),
            Column("action", "text", f"what is asked of the agency: {', '.join((*ACTIONS, *FURTHER_ACTIONS))}"),
            Column("since", "day", "the first local day of the outcome"),
            Column(
                "until", "day", "the first local day of another outcome; empty where it lasts on the day of the edition"
            ),
            Column("outcome", "text", OUTCOMES),
            Column("possible", "text", "every outcome that is possible, separated by semicolons"),
        ),
        outcome_rows,
    ),
    TableKind(
        "requests",
        "The twelve standard requests",
        "Requests that differ in one thing each, so that outcomes can be compared over places and years.",
        (
            Column("request", "text", "the key of the request"),
            Column("name", "text", "what it is called"),
            Column("description", "text", "what it says of the person and of the request"),
        ),
        request_rows,
    ),
    TableKind(
        "instruments",
        "Instruments",
        "Every statute, ordinance, order, policy and ruling that is encoded, with its days and its state on the day of the edition.",
        (
            Column("instrument", "text", "the id: the path of its place and a name"),
            PLACE,
            Column("title", "text", "its name"),
            Column("kind", "text", "statute, ordinance, executive_order, ruling and others"),
            Column("citation", "text", "how it is cited; empty where the title is its citation"),
            Column("enacted_first", "day", "the first day on which it may have been enacted"),
            Column(
                "enacted_last",
                "day",
                "the last day on which it may have been enacted; equal to the first where it is certain",
            ),
            Column("effective_first", "day", "the first day on which it may have taken effect; empty where unknown"),
            Column("effective_last", "day", "the last day on which it may have taken effect"),
            Column("ended_first", "day", "the first day that may not be in force any more"),
            Column(
                "ended_last",
                "day",
                "the first day that is certainly not in force any more; empty where it has not ended",
            ),
            Column("ended_by", "text", "the instrument by which it ended"),
            Column(
                "state", "text", "on the day of the edition: in_force, partly, suspended, ended, not_yet or uncertain"
            ),
            Column("state_in_words", "text", "the same as a sentence"),
            EVIDENCE_COLUMN,
            Column("binds", "text", "the only agencies that it binds, by kind or name; empty where it binds all"),
            Column("summary", "text", "what it is about"),
            Column("sources", "text", "the sources that its file names, separated by semicolons"),
            Column("page", "text", "the path of its page in this site"),
        ),
        instrument_rows,
    ),
    TableKind(
        "provisions",
        "Provisions and their conditions",
        "Every effect of every provision. Its condition is given in English, with the meaning of terms, and as its file writes it.",
        (
            Column("provision", "text", "the id of the instrument with the number of the provision"),
            Column("instrument", "text", "the instrument; see the table of instruments"),
            Column("heading", "text", "its heading in the file"),
            Column("plain", "text", "the same in plain words"),
            Column("effect", "text", ", ".join(EFFECT_KINDS)),
            Column("action", "text", f"{', '.join(KNOWN_ACTIONS)}; empty where it is about none alone"),
            Column(
                "decides", "flag", "whether the effect decides an action; the others limit, oblige, ask, cost or warn"
            ),
            Column("condition", "text", "where the effect applies, in English; empty where it always applies"),
            Column("condition_as_written", "text", "the same as the file writes it, with the names of terms"),
            Column("decider", "text", "who decides, where the law leaves it to somebody"),
            Column("text", "text", "the words of a warning or a penalty"),
            Column("cite", "text", "what it is cited by"),
            EVIDENCE_COLUMN,
        ),
        provision_rows,
    ),
    TableKind(
        "places",
        "Places",
        "Every State, county and independent city, and each other city that has law here, with the place whose law applies there.",
        (
            PLACE,
            Column("name", "text", "its name"),
            Column("kind", "text", "country, state, territory, county, city, independent_city or consolidated"),
            Column("zone", "text", "its time zone, as the IANA database names it"),
            Column("within", "text", "the places that it directly lies in, separated by semicolons"),
            Column(
                "law_of",
                "text",
                "the place that has the same law and a page of its own: itself, or one that contains it",
            ),
            Column("has_page", "flag", "whether it has a page of its own"),
            Column(
                "researched_to",
                "day",
                "the latest day to which the sources on its own law reach; empty where none is recorded",
            ),
        ),
        place_rows,
    ),
    TableKind(
        "agreements",
        "287(g) agreements",
        "Who signed an agreement under 8 U.S.C. 1357(g), from the published list; an agency is on it for the days that the list covers.",
        (
            PLACE,
            Column("agency", "text", "the agency as the list names it"),
            Column(
                "kind", "text", "its kind: sheriff, police_department and others; empty where the name does not tell"
            ),
            Column("model", "text", "the model of the agreement"),
            Column("signed", "day", "the day of signing"),
            Column("until", "day", "the first day that the list does not cover"),
            Column("source", "text", "the copy of the list"),
        ),
        agreement_rows,
    ),
)
