"""What an ask page knows of its place beside the law: clocks, how far the law was followed, forms, counties without law."""

from __future__ import annotations

from datetime import date
from typing import Any

from comity.clock.days import ClockLocation, find_clock_location
from comity.decision.incoming import name_of
from comity.engine.browser.clock_json import write_clock
from comity.facts.document import as_json
from comity.intake.form import HOLD_FORMS, NOTICE_FORMS, instrument_of
from comity.law.consistency import typed_fact
from comity.law.in_force import Agency, concerns
from comity.law.library import Library
from comity.law.register import COUNTRY, first_encoded
from comity.law.researched import concerned
from comity.site.ask.spans import HOLDING, NOT_GIVEN
from comity.site.site import Site

FAR = date(9000, 1, 1)
MEMBERS, ENCODED = f"{__name__} members", f"{__name__} encoded"  # what is kept with a library


def surroundings_of(site: Site, path: str, alone: str = "") -> dict[str, Any]:
    """The place of a page and, for a State, each county that has no law of its own: `members`, by path.

    With `alone` only that place, to which the law of the page applies. Each has its name, the number of its clock, and
    `researched`: rows of path, name and the day to which law was followed; `given` are facts of its own.
    """
    clocks: list[ClockLocation] = []
    members = [alone] if alone else [path, *(counties_without_law(site).get(path, ()) if path != COUNTRY else ())]
    known = {member: _member(site.law.library, member, path, clocks) for member in members}
    return {
        "place": members[0],
        "members": known,
        "clocks": [write_clock(clock) for clock in clocks],
        "forms": _forms(site.law.library),
    }


def _member(library: Library, path: str, page: str, clocks: list[ClockLocation]) -> dict[str, Any]:
    where, here = library.gazetteer.places[path], library.gazetteer.containing(path)
    clock = find_clock_location(where.zone, here)
    if clock not in clocks:
        clocks.append(clock)
    begun = _first_encoded(library).get(path)
    listed = library.agreements.last_listed(path, FAR)
    return {
        "name": name_of(where, library),
        "clock": clocks.index(clock),
        "researched": [
            [place, library.gazetteer.places[place].name, row.to.isoformat() if row else ""]
            for place, row in concerned(here, library.researched)
        ],
        **({"given": given} if path != page and (given := _facts_of(library, path)) else {}),
        **({"encoded": begun.isoformat()} if begun else {}),
        **({"agreements": [_listed_until(library, path), listed]} if listed else {}),
    }


def _facts_of(library: Library, path: str) -> list[list[Any]]:
    """The facts of a place whose law is that of another: name, value, since, until, and the kinds of agency that each concerns.

    Those of the place of the page are in its stacks.
    """
    found: list[list[Any]] = []
    for fact in library.facts_at(path):
        kinds = [kind for kind in (NOT_GIVEN, *HOLDING) if concerns(fact, Agency(kind))]
        value, findings = typed_fact(fact, library.vocabulary)
        if kinds and value is not None and not findings:
            written = as_json(value)  # type: ignore[arg-type]  # the vocabulary gave it its kind
            found.append([fact.fact, written, fact.since.isoformat(), fact.until.isoformat(), kinds])
    return found


def _listed_until(library: Library, path: str) -> str:
    return max(row.until for row in library.agreements.listed[path]).isoformat()


def _first_encoded(library: Library) -> dict[str, date]:
    """The first day of each place's own law on detainers, found once for a library."""
    days: dict[str, date] = library.prepared.get(ENCODED) or first_encoded(library)
    library.prepared[ENCODED] = days
    return days


def _forms(library: Library) -> dict[str, Any]:
    """When each form was in use: from when at the earliest, until when at the latest, and both days in words."""
    found = {}
    for form in (*HOLD_FORMS, *NOTICE_FORMS):
        instrument = library.instruments.get(instrument_of(form))
        if instrument:
            ended = instrument.ended
            found[form] = {
                "title": instrument.title,
                "first": instrument.effective.first.isoformat(),
                "first_words": str(instrument.effective),
                "ended": ended.last.isoformat() if ended else "",
                "ended_words": str(ended or ""),
            }
    return found


def counties_without_law(site: Site) -> dict[str, tuple[str, ...]]:
    """By place with a page of its own, the places whose page is short and whose law is that of this place."""
    prepared = site.law.library.prepared
    if MEMBERS not in prepared:
        found: dict[str, list[str]] = {}
        for path in sorted(site.places):
            if not site.is_full(path):
                found.setdefault(site.applying(path), []).append(path)
        prepared[MEMBERS] = {path: tuple(members) for path, members in found.items()}
    members: dict[str, tuple[str, ...]] = prepared[MEMBERS]
    return members
