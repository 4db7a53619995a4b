"""The instruments that reach a place, by the place that made them, and the places inside it and around it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from comity.law.calendar import outermost_with_same_law
from comity.law.in_force import Agency, reaches
from comity.law.instrument import Instrument
from comity.period import LegalDay
from comity.site.site import Site


class Reaching(Struct, frozen=True, kw_only=True):
    """An instrument that reaches a place: `state` is `in force`, `ended`, `not yet in force` or `uncertain` on the day."""

    instrument: str
    title: str
    kind: str
    begins: LegalDay
    ends: LegalDay | None
    state: str


class Maker(Struct, frozen=True):
    """A place and the instruments that it made."""

    place: str
    name: str
    instruments: tuple[Reaching, ...]


class Link(Struct, frozen=True):
    """A place that has a page: its path and its name."""

    path: str
    name: str


def instruments_by_place(site: Site, path: str) -> Iterator[Maker]:
    """The instruments that reach a place, the nearest maker first, the latest instrument first."""
    library = site.law.library
    here = library.gazetteer.containing(path)
    for place in here:
        instruments = [
            found
            for found in library.instruments.values()
            if found.jurisdiction == place and reaches(found, here, library)
        ]
        instruments.sort(key=lambda found: (-found.effective.last.toordinal(), found.id))
        if instruments:
            yield Maker(place, site.name(place), tuple(_reaching(found, site) for found in instruments))


def _reaching(found: Instrument, site: Site) -> Reaching:
    return Reaching(
        instrument=found.id, title=found.title, kind=found.kind.replace("_", " "), begins=found.effective,
        ends=found.ended, state=_state(found, site),
    )  # fmt: skip


def _state(found: Instrument, site: Site) -> str:
    begins, ends = found.applies_from or found.effective, found.ended
    if site.on < begins.first:
        return "not yet in force"
    if ends and ends.last <= site.on:
        return "ended"
    return "uncertain" if site.on < begins.last or (ends and ends.first <= site.on) else "in force"


def places_inside(site: Site, path: str) -> tuple[list[Link], list[Link]]:
    """The places inside a place that have a page: those with law of their own (of the country: States), and the others."""
    containing = site.law.library.gazetteer.containing
    inside = [place for place in site.places if place != path and path in containing(place)]
    if path.count("/") == 0:
        inside = [place for place in inside if place.count("/") == 1]
    links = sorted((site.name(place), place) for place in inside if site.has_page(place))
    with_law = [Link(place, name) for name, place in links if site.is_full(place)]
    return with_law, [Link(place, name) for name, place in links if not site.is_full(place)]


def has_own_law(site: Site, path: str) -> bool:
    """Whether a place has law or recorded facts of its own; a State without them is under federal law alone."""
    return outermost_with_same_law(site.law.library, path, Agency()) == path
