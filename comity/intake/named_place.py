"""What to say of the name of a place: that it names another place too, that it is a former name, or that a county is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from comity.finding import Finding, Phrase, Place, grave, phrase
from comity.law.calendar import law_reaching
from comity.law.cities import CITY_KINDS
from comity.law.in_force import Agency, in_force
from comity.law.jails.words import standard_words
from comity.law.library import Library
from comity.law.places import Gazetteer, Jurisdiction
from comity.place_text import one_of, slug_of

COUNTY_OR_COLORADO = re.compile(r"(.*[^\W\d_]) co\.?", re.IGNORECASE)


def find_place(name: object, library: Library, at: Place) -> tuple[Jurisdiction | None, list[Finding]]:
    """The place that a name names on any day, or None and why not: it is unknown, or in counties whose law differs."""
    where = library.gazetteer.named(name) if isinstance(name, str) else None
    if where is None:
        known = isinstance(name, str) and library.gazetteer.suggestion(name)
        help = known or phrase("write a path, as in us/fl/miami-dade")
        return None, [Finding("unknown-place", at, phrase('there is no place "{}"', name), help)]
    findings = list(grave(county_findings(where, library, None, at)))
    return (None if findings else where), findings


def place_notes(name: str, where: Jurisdiction, gazetteer: Gazetteer, at: Place) -> list[Finding]:
    """Findings, none of them grave, on a path that names a place: a city elsewhere has the same name, or the name is former."""
    written = name.strip().strip("/").lower()
    city, former = gazetteer.namesakes.get(written), gazetteer.former.get(written)
    notes: list[Finding] = []
    if city:
        message = phrase('"{}" is {county}; the {kind} is {path}', name, county=where.name, kind=_kind(gazetteer, city),
                         path=city)  # fmt: skip
        notes.append(Finding("namesake", at, message, grave=False))
    if former:
        message = phrase("{change} on {day}", change=former.change, day=former.until.isoformat())
        notes.append(Finding("former-place", at, message, grave=False))
    return notes


def is_county_or_state(text: str, library: Library) -> bool:
    """Whether a text without a path may name a State and may name a county elsewhere: `Washington`, and `Adams Co`."""
    if "/" in text or "," in text:
        return False
    owners, states = library.facilities.owners, {*library.gazetteer.states.values()}
    cut = COUNTY_OR_COLORADO.fullmatch(text.strip())
    if cut:
        return any(owners.county(standard_words(cut[1]), state) for state in states - {"co"})
    where = library.gazetteer.named(text)
    if where is None or where.path.count("/") != 1 or slug_of(text) != slug_of(where.name):
        return False
    return any(owners.county(standard_words(where.name), state) for state in states)


def lies_in_several(where: Jurisdiction) -> bool:
    """Whether a place is a city, or a former county, that lies in several counties."""
    return len(where.within) > 1 and (where.kind in CITY_KINDS or where.kind == "former")


def county_findings(where: Jurisdiction, library: Library, day: date | None, at: Place) -> list[Finding]:
    """For a place in several counties: the question which of them it is, or that their law is the same.

    The question is grave. The law is compared as it is in force on a day; without a day, all of it is compared.
    """
    if not lies_in_several(where):
        return []
    places = library.gazetteer.places
    names = [places[path].name for path in where.within]
    if len({_law_on(library, path, day) for path in where.within}) == 1:
        message = phrase(
            "{name} is in {count} counties, and their law is the same: {counties}",
            name=where.name, count=len(names), counties=_listed(names),
        )  # fmt: skip
        return [Finding("several-counties", at, message, grave=False)]
    message = phrase("{name} is in {counties}, where the law differs", name=where.name, counties=_listed(names))
    return [Finding("which-county", at, message, _choice(where.within))]


def _kind(gazetteer: Gazetteer, city: str) -> str:
    return gazetteer.places[city].kind.replace("independent_", "")


def _choice(paths: Iterable[str]) -> Phrase:
    return phrase("{help}", help=one_of([f'"{path}"' for path in paths], "write the county of the jail:"))


def _law_on(library: Library, path: str, day: date | None) -> object:
    if day is None:
        return law_reaching(library, path, Agency())
    stack = in_force(library, path, day)
    facts = tuple((fact, str(value)) for fact, value in stack.facts.items())
    return frozenset(stack.instruments), frozenset(stack.provisions), facts


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
