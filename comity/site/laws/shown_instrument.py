"""An instrument as its page shows it: what it is, its state today, what it does, and how it stands to other law."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from comity.claims.describe import request_in_words
from comity.decision.cases import values_of
from comity.decision.words import EVIDENCE_WORDS, OUTCOME_WORDS, describe_action
from comity.law.instrument import Case, Instrument
from comity.law.library import Library
from comity.lawview.citation_links import Piece, pieces_in, pieces_of
from comity.lawview.sentences import name_agencies
from comity.site.days import say_day
from comity.site.laws.relations import Relation

KIND_WORDS = {"board_policy": "Policy of a board", "agency_policy": "Policy of an agency", "programme": "Program"}
EVIDENCE_SENTENCES = {
    "verified": "Read against the text or a reliable copy of it.",
    "partly": "The main points were read; details come from reports.",
    "recalled-high": "Not read for this entry; well known and not in doubt.",
    "recalled-medium": "Not read for this entry; the outline is certain, details may be wrong.",
    "recalled-low": "Not read for this entry; check it before you rely on it.",
}
# What binds no agency by itself, or only those of its parties or of its court.
ADVISING = ("precedent", "ruling", "injunction", "decree", "order", "form", "agreement", "programme")
CITATION = "Citation"
SEPARATOR = re.compile(r"\|(?:\s*:?-+:?\s*\|)+")


class ShownCase(Struct, frozen=True):
    """A case of the law: its name, its day, the facts in words, and the answer that must follow."""

    name: str
    day: str
    facts: tuple[str, ...]
    answers: tuple[tuple[str, str, str], ...]


class Named(Struct, frozen=True):
    """Another instrument as a link: its id, its title and a reason."""

    id: str
    title: str
    reason: str = ""


class Paragraph(Struct, frozen=True):
    """Words, or a table where `rows` has some, of which the first is its head."""

    words: str
    rows: tuple[tuple[str, ...], ...] = ()


def kind_words(instrument: Instrument) -> str:
    """The kind of an instrument: `Ordinance`, `Executive order`, `Policy of an agency`."""
    return KIND_WORDS.get(instrument.kind, instrument.kind.replace("_", " ").capitalize())


def sources_of(instrument: Instrument) -> list[tuple[Piece, ...]]:
    """The sources that the file names, in their parts: an address and a citation of a published text are links to it."""
    return [
        pieces_of(
            f"{source[:1].upper()}{source[1:]}" if "://" not in source.split()[0] else source, instrument.jurisdiction
        )
        for source in instrument.sources
    ]


def paragraphs_of(text: str) -> Iterator[Paragraph]:
    """The prose of a law file; a table in Markdown, which reading has put on one line, is a table again."""
    mark = SEPARATOR.search(text)
    if mark is None:
        yield from ([Paragraph(text)] if text else [])
        return
    columns = mark[0].count("|") - 1
    before, cells = text[: mark.start()].split("|"), text[mark.end() :].split("|")
    head = tuple(cell.strip() for cell in before[-columns - 1 : -1])
    opening = "|".join(before[: -columns - 1]).strip().removesuffix("|").strip()
    if opening:
        yield Paragraph(opening)
    rows = [head]
    while len(cells) > columns and not cells[0].strip():
        rows.append(tuple(cell.strip() for cell in cells[1 : columns + 1]))
        cells = cells[columns + 1 :]
    yield Paragraph("", tuple(rows))
    yield from paragraphs_of("|".join(cells).strip())


def facts_at_a_glance(instrument: Instrument, library: Library) -> list[tuple[str, tuple[Piece, ...]]]:
    """What is known of an instrument beside its text, as names and values; a citation with links to its text."""
    court = library.courts.get(instrument.court)
    binds = name_agencies(instrument.binds)
    places = court.places if court and instrument.kind == "precedent" else ()
    return [
        (name, pieces_in(value, instrument) if name == CITATION else (Piece(value),))
        for name, value in (
            (CITATION, instrument.citation),
            ("Kind", kind_words(instrument)),
            ("Court", instrument.court),
            ("Binds in", ", ".join(_party(place, library) for place in places)),
            (
                "Binds",
                f"{binds[:1].upper()}{binds[1:]}" if binds or instrument.kind in ADVISING else "Every agency there",
            ),
            ("Parties", ", ".join(_party(party, library) for party in instrument.parties)),
            (
                "Evidence",
                f"{EVIDENCE_WORDS[instrument.evidence].capitalize()}. {EVIDENCE_SENTENCES[instrument.evidence]}",
            ),
        )
        if value
    ]


def _party(party: str, library: Library) -> str:
    return library.gazetteer.places[party].name if party in library.gazetteer.places else party


def related(instrument: Instrument, library: Library, relations: Iterable[Relation]) -> dict[str, list[Named]]:
    """Other instruments by how this one stands to them; groups without any are left out."""
    instruments = library.instruments
    mine, id = list(relations), instrument.id
    groups = {
        "Reviews": [instrument.reviews],
        "Construes": [instrument.construes],
        "Sets aside": instrument.overrides,
        "Is set aside by": [other.id for other in instruments.values() if id in other.overrides],
        "Gives way by its own words to": instrument.subject_to,
        "Is reviewed by": [other.id for other in instruments.values() if other.reviews == id],
        "Is construed by": [other.id for other in instruments.values() if other.construes == id],
        "Takes terms from": instrument.uses,
        "Suspended by": [stay.by for stay in instrument.suspended],
        "Suspends": [other.id for other in instruments.values() if id in {stay.by for stay in other.suspended}],
        "Replaces": [other.id for other in instruments.values() if other.ended_by == id],
        "Replaced by": [instrument.ended_by],
    }
    found = {name: _named(ids, library) for name, ids in groups.items()}
    yields = {relation.higher: relation.reason for relation in mine if relation.lower == id}
    prevails = {relation.lower: relation.reason for relation in mine if relation.higher == id}
    found["Yields, where both apply, to"] = _named(yields, library, yields)
    found["Prevails, where both apply, over"] = _named(prevails, library)
    return {name: others for name, others in found.items() if others}


def _named(ids: Iterable[str], library: Library, reasons: dict[str, str] | None = None) -> list[Named]:
    found = [library.instruments[id] for id in dict.fromkeys(ids) if id in library.instruments]
    found.sort(key=lambda instrument: (instrument.jurisdiction.count("/"), instrument.title))
    return [Named(instrument.id, instrument.title, (reasons or {}).get(instrument.id, "")) for instrument in found]


def case_shown(case: Case, instrument: Instrument, library: Library) -> ShownCase:
    """A case in words."""
    values, _ = values_of(library, instrument, case)
    facts = request_in_words(values or {}, library.vocabulary, library.instruments)
    answers = tuple(
        (describe_action(action), outcome, OUTCOME_WORDS.get(outcome, outcome.replace("_", " ")))  # type: ignore[call-overload]
        for action, outcome in case.then.items()
    )
    day = say_day("en", case.at) if case.at else ""
    return ShownCase(case.name, day, tuple(facts), answers)


def file_of(instrument: Instrument) -> bytes:
    """The law file, byte for byte."""
    return Path(instrument.place.source).read_bytes()
