"""Finds the days on which the law of a place changes, so that many requests can share few stacks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Literal, TypeAlias

from msgspec import Struct

from comity.law.in_force import Agency, Stack, binds, concerns, find_reaching, in_force
from comity.law.instrument import BEYOND_ACTIONS, EffectKind, Instrument, Suspension
from comity.law.library import Library
from comity.period import FIRST_DAY, LAST_DAY, LegalDay

# Effects that can decide an outcome; the others advise, limit, oblige or cost.
DECIDING: tuple[EffectKind, ...] = ("requires", "forbids", "permits", "protects")


REACHING_MAX = 20_000
ChangeKind: TypeAlias = Literal["begins", "ends", "suspended", "resumes", "number"]
Reaching: TypeAlias = tuple[frozenset[str], frozenset[str]]


class Calendar:
    """The stacks of one place and agency, each built on first use.

    A new span begins on each day on which a provision with one of the named effects begins or ends. `place` is the
    outermost place that has the same law, so that all counties without law of their own share one calendar.
    """

    def __init__(
        self, library: Library, place: str, agency: Agency, effects: tuple[EffectKind, ...] = DECIDING
    ) -> None:
        self.library, self.place, self.agency = library, place, agency
        self.days = sorted({day for day in _days(library, place, agency, effects) if FIRST_DAY < day < LAST_DAY})
        self.stacks: dict[date, Stack] = {}

    def since(self, day: date) -> date:
        """The first day from which the law is the same as on the given day."""
        return self.begins(bisect_right(self.days, day))

    def begins(self, span: int) -> date:
        """The first day of a span between two changes.

        The first span has no first day: it returns the day before the first change, or any day where nothing changes.
        """
        if span:
            return self.days[span - 1]
        return self.days[0] - timedelta(days=1) if self.days else date(1970, 1, 1)

    def stack(self, since: date) -> Stack:
        if since not in self.stacks:
            self.stacks[since] = in_force(self.library, self.place, since, self.agency)
        return self.stacks[since]


def days_of_change(library: Library, place: str, agency: Agency) -> list[date]:
    """Every day on which the stack of a place may change, in order; between two of them only its day changes."""
    here = library.gazetteer.containing(place)
    found: set[date] = set()
    for instrument in find_reaching(library, here):
        if binds(instrument, agency):
            for lender in (instrument.id, *instrument.uses):
                found.update(_days_of(library.instruments[lender]))
            enacted = instrument.enacted or instrument.effective
            found |= {enacted.first, enacted.last}
    for path in here:
        for fact in library.facts_at(path):
            if concerns(fact, agency):
                found |= {fact.since, fact.until}
    return sorted(day for day in found if FIRST_DAY < day < LAST_DAY)


def outermost_with_same_law(library: Library, place: str, agency: Agency) -> str:
    """The outermost place that contains the given place and has the same law for an agency."""
    here = library.gazetteer.containing(place)
    law = law_reaching(library, place, agency)
    return next((outer for outer in reversed(here) if law_reaching(library, outer, agency) == law), place)


def law_reaching(library: Library, place: str, agency: Agency) -> Reaching:
    """The ids of the instruments, and the names of the facts and stays, that reach a place on any day: equal for equal law."""
    around = library.gazetteer.containing(place)
    here = tuple([path for path in around if path in _places_with_law(library) or library.facts_at(path)])
    known: dict[tuple[tuple[str, ...], Agency], Reaching] = library.prepared.setdefault(f"{__name__} reaching", {})
    found = known.get((here, agency))
    if found is None:
        if len(known) >= REACHING_MAX:  # the names of agencies come from requests
            known.clear()
        found = known[here, agency] = _reaching(library, here, agency)
    return found


def _places_with_law(library: Library) -> frozenset[str]:
    """The places that an instrument, its court or one of its stays names; no other place has instruments of its own."""
    found: frozenset[str] | None = library.prepared.get(f"{__name__} places")
    if found is None:
        courts = (place for court in library.courts.values() for place in court.places)
        stays = (place for id in library.instruments for place in _stayed_for(library, id))
        named = (instrument.jurisdiction for instrument in library.instruments.values())
        found = library.prepared[f"{__name__} places"] = frozenset((*courts, *stays, *named))
    return found


def _reaching(library: Library, here: tuple[str, ...], agency: Agency) -> Reaching:
    instruments = frozenset(instrument.id for instrument in find_reaching(library, here))
    facts = (fact for path in here for fact in library.facts_at(path) if concerns(fact, agency))
    named = {f"{fact.place_path}:{fact.fact}" for fact in facts}
    stayed = _places_stayed(library)
    stays = {f"stayed for {name}" for id in instruments & stayed.keys() for name in stayed[id] if name in here}
    return instruments, frozenset(named | stays)


def _places_stayed(library: Library) -> dict[str, tuple[str, ...]]:
    """For each instrument with stays that name places or agencies, their names."""
    found: dict[str, tuple[str, ...]] | None = library.prepared.get(f"{__name__} stays")
    if found is None:
        every = {id: tuple(_stayed_for(library, id)) for id in library.instruments}
        found = library.prepared[f"{__name__} stays"] = {id: names for id, names in every.items() if names}
    return found


def _stayed_for(library: Library, id: str) -> Iterable[str]:
    """The places and agencies named by the stays of an instrument, including parties to the order."""
    for stay in library.instruments[id].suspended:
        yield from stay.covers
        if "parties" in stay.covers and stay.by in library.instruments:
            yield from library.instruments[stay.by].parties


def _days(library: Library, place: str, agency: Agency, effects: tuple[EffectKind, ...]) -> Iterable[date]:
    here = library.gazetteer.containing(place)
    for instrument in find_reaching(library, here):
        if binds(instrument, agency) and _says(instrument, effects):
            for lender in (
                instrument.id,
                *instrument.uses,
            ):  # a borrowed term has its lender's params of the day of decision
                yield from _days_of(library.instruments[lender])
    for fact in (around for path in here for around in library.facts_at(path)):
        if concerns(fact, agency):
            yield from (fact.since, fact.until)


def _says(instrument: Instrument, effects: tuple[EffectKind, ...]) -> bool:
    return bool(instrument.overrides) or any(
        effect.kind in effects and effect.action not in BEYOND_ACTIONS
        for provision in instrument.provisions
        for effect in provision.effects
    )


def _days_of(instrument: Instrument) -> Iterable[date]:
    """Every day on which the effects of an instrument can change; between two such days they do not."""
    for change in changes_of(instrument):
        yield from (change.day.first, change.day.last)


class LifeChange(Struct, frozen=True):
    """What happens to an instrument on a day, which may be uncertain; `stay` is the suspension that begins or ends then."""

    kind: ChangeKind
    day: LegalDay
    stay: Suspension | None = None


def changes_of(instrument: Instrument) -> Iterator[LifeChange]:
    """What happens to an instrument: it begins, ends, is suspended or resumed, or a number in it changes.

    An instrument that reaches back begins on two days: when it takes effect, and the earlier day from which it applies.
    """
    yield LifeChange("begins", instrument.effective)
    if instrument.applies_from:
        yield LifeChange("begins", instrument.applies_from)
    if instrument.ended:
        yield LifeChange("ends", instrument.ended)
    for stay in instrument.suspended:
        yield LifeChange("suspended", stay.since, stay)
        if stay.until:
            yield LifeChange("resumes", stay.until, stay)
    for param in instrument.params.values():
        yield from (LifeChange("number", LegalDay(since, since)) for since, _ in param.values)


def deciding_instruments(library: Library, place: str) -> list[Instrument]:
    """The instruments that reach a place on any day and can decide what a detainer asks for, by id."""
    here = library.gazetteer.containing(place)
    reaching = find_reaching(library, here)
    found = (instrument for instrument in reaching if binds(instrument, Agency()) and _says(instrument, DECIDING))
    return sorted(found, key=lambda instrument: instrument.id)
