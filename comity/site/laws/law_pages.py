"""The pages of the law: an index of the instruments by State and county, and a page and the raw file of each.

The guide shows the same pages, since its texts link to law files.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from msgspec import Struct

from comity.decision.words import EVIDENCE_WORDS
from comity.law.instrument import Instrument
from comity.site.laws.force_today import ForceToday, events_of, force_today
from comity.site.laws.relations import Relation, day_shown, relations_of
from comity.site.laws.shown_instrument import (
    case_shown,
    facts_at_a_glance,
    file_of,
    kind_words,
    paragraphs_of,
    related,
    sources_of,
)
from comity.site.laws.shown_provisions import provisions_of, terms_of
from comity.site.site import Site
from comity.site.site_page import SiteFile, SitePage

INDEX = "law/"
FACTS = "facts.md"


class IndexEntry(Struct, frozen=True, kw_only=True):
    """One line of the index: an instrument, its kind, its days, its state and how sure its encoding is."""

    id: str
    title: str
    kind: str
    citation: str
    force: ForceToday
    evidence: str


class PlaceEntries(Struct, frozen=True, kw_only=True):
    """The instruments of one place; `facts` says whether a file of recorded facts belongs to it."""

    path: str
    name: str
    has_page: bool
    entries: tuple[IndexEntry, ...]
    facts: bool


class StateEntries(Struct, frozen=True, kw_only=True):
    """A State, or the country, with the places in it that have instruments; `count` is how many these have."""

    name: str
    anchor: str
    places: tuple[PlaceEntries, ...]
    count: int


def law_pages(site: Site) -> Iterator[SitePage | SiteFile]:
    """The index, and the page and file of each instrument and of each file of facts."""
    library = site.law.library
    states = _states(site)
    yield SitePage(
        path=INDEX,
        template="law_index.html",
        title="The law",
        section=INDEX,
        description="Every instrument of the law on immigration detainers that comity has, by State and county.",
        values={"states": states, "count": len(library.instruments)},
        scripts=("filter.js",),
    )
    relations = relations_of(library, site.on)
    for instrument in library.instruments.values():
        yield _instrument_page(site, instrument, relations)
        yield SiteFile(raw_path(instrument.id), file_of(instrument))
    for place, file in facts_files(site).items():
        yield _facts_page(site, place)
        yield SiteFile(raw_path(f"{place}/facts"), file.read_bytes())


def raw_path(id: str) -> str:
    """The path in the site of the text file of an instrument."""
    return f"{INDEX}{id}/{id.rpartition('/')[2]}.txt"


def facts_files(site: Site) -> dict[str, Path]:
    """The files of recorded facts, by the place that each is about."""
    found = {fact.place_path: Path(fact.place.source) for fact in site.law.library.facts}
    return {place: file for place, file in sorted(found.items()) if file.name == FACTS}


def _states(site: Site) -> list[StateEntries]:
    """The country first, then States by name; within each, its own instruments first, then its places by name."""
    library = site.law.library
    facts = facts_files(site)
    ordered = sorted(library.instruments.values(), key=lambda one: _order(site, one))
    places = [
        PlaceEntries(
            path=path,
            name=site.name(path),
            has_page=site.has_page(path) and site.is_full(path),
            entries=tuple(_entry(site, instrument) for instrument in members),
            facts=path in facts,
        )
        for path, members in groupby(ordered, key=lambda one: one.jurisdiction)
    ]
    return [
        StateEntries(
            name=site.name(state),
            anchor=state.replace("/", "-"),
            places=tuple(members),
            count=sum(len(place.entries) for place in members),
        )
        for state, group in groupby(places, key=lambda place: _state_of(place.path))
        for members in [list(group)]
    ]


def _state_of(path: str) -> str:
    return "/".join(path.split("/")[:2])


def _order(site: Site, instrument: Instrument) -> tuple[bool, str, int, str, str, str]:
    place, state = instrument.jurisdiction, _state_of(instrument.jurisdiction)
    last = instrument.effective.last.isoformat()
    return state != "us", site.name(state), place.count("/"), site.name(place), last, instrument.title


def _entry(site: Site, instrument: Instrument) -> IndexEntry:
    return IndexEntry(
        id=instrument.id,
        title=instrument.title,
        kind=kind_words(instrument),
        citation=instrument.citation if instrument.citation != instrument.title else "",
        force=force_today(instrument, site.on, site.law.library.instruments),
        evidence=EVIDENCE_WORDS[instrument.evidence],
    )


def _instrument_page(site: Site, instrument: Instrument, relations: tuple[Relation, ...]) -> SitePage:
    library, place = site.law.library, instrument.jurisdiction
    day = day_shown(instrument, site.on)
    return SitePage(
        path=f"{INDEX}{instrument.id}/",
        template="instrument.html",
        title=instrument.title,
        section=INDEX,
        description=instrument.summary[:200],
        crumbs=(("The law", INDEX),),
        values={
            "instrument": instrument,
            "place": place,
            "place_name": site.name(place),
            "place_has_page": site.has_page(place) and site.is_full(place),
            "anchor": place.replace("/", "-"),
            "kind": kind_words(instrument),
            "force": force_today(instrument, site.on, library.instruments),
            "summary": list(paragraphs_of(instrument.summary)),
            "glance": facts_at_a_glance(instrument, library),
            "events": list(events_of(instrument, library.instruments, library.gazetteer)),
            "provisions": provisions_of(instrument, library, day),
            "terms": terms_of(instrument, library),
            "titles": {id: library.instruments[id].title for id in instrument.uses if id in library.instruments},
            "related": related(instrument, library, relations),
            "sources": sources_of(instrument),
            "cases": [case_shown(case, instrument, library) for case in instrument.cases],
            "raw": raw_path(instrument.id),
        },
    )


def _facts_page(site: Site, place: str) -> SitePage:
    library = site.law.library
    facts = [fact for fact in library.facts if fact.place_path == place and Path(fact.place.source).name == FACTS]
    entries = library.vocabulary.entries
    rows = [
        (
            entries[fact.fact].question if fact.fact in entries else fact.fact,
            str(fact.value),
            fact.since,
            fact.until,
            fact.source,
            EVIDENCE_WORDS[fact.evidence],
        )
        for fact in facts
    ]
    return SitePage(
        path=f"{INDEX}{place}/facts/",
        template="law_facts.html",
        title=f"What is known of {site.name(place)}",
        section=INDEX,
        crumbs=(("The law", INDEX),),
        values={"rows": rows, "place": place, "raw": raw_path(f"{place}/facts")},
    )
