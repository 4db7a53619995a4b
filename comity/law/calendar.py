"""On which days the law of a place changes, so that many requests can be put under few stacks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta

from comity.law.in_force import Agency, Stack, binds, concerns, in_force, reaches
from comity.law.instrument import EffectKind, Instrument
from comity.law.library import Library
from comity.period import FIRST_DAY, LAST_DAY, LegalDay

# Effects on which an outcome can rest; the others advise, limit, oblige or cost.
DECIDING: tuple[EffectKind, ...] = ("requires", "forbids", "permits", "protects")


class Calendar:
    """The stacks of one place and agency, each made when it is first asked for.

    It changes on the days on which provisions of the effects named begin or end: those on which an outcome can rest, or others.
    `place` is the outermost place that has the same law, so that all counties of a state without law of their own share
    one calendar.
    """

    def __init__(
        self, library: Library, place: str, agency: Agency, effects: tuple[EffectKind, ...] = DECIDING
    ) -> None:
        self.library, self.place, self.agency = library, place, agency
        self.days = sorted({day for day in _days(library, place, agency, effects) if FIRST_DAY < day < LAST_DAY})
        self.stacks: dict[date, Stack] = {}

    def since(self, day: date) -> date:
        """The day from which the law of a day has stood unchanged."""
        return self.begins(bisect_right(self.days, day))

    def begins(self, span: int) -> date:
        """The first day of a span between two changes.

        The first span has none: then it is the day before the first change, or any day where nothing ever changes.
        """
        if span:
            return self.days[span - 1]
        return self.days[0] - timedelta(days=1) if self.days else date(1970, 1, 1)

    def stack(self, since: date) -> Stack:
        if since not in self.stacks:
            self.stacks[since] = in_force(self.library, self.place, since, self.agency)
        return self.stacks[since]


def days_of_change(library: Library, place: str, agency: Agency) -> list[date]:
    """Every day on which anything of the stack of a place may change, in order: between two of them only its day does."""
    here = library.gazetteer.containing(place)
    found: set[date] = set()
    for instrument in library.instruments.values():
        if reaches(instrument, here, library) and binds(instrument, agency):
            for lender in (instrument.id, *instrument.uses):
                found.update(_days_of(library.instruments[lender]))
            enacted = instrument.enacted or instrument.effective
            found |= {enacted.first, enacted.last}
    for path in here:
        for fact in library.facts_at(path):
            if concerns(fact, agency):
                found |= {fact.since, fact.until}
    return sorted(day for day in found if FIRST_DAY < day < LAST_DAY)


def lawful(library: Library, place: str, agency: Agency) -> str:
    """The outermost place around another whose law is the same for an agency."""
    here = library.gazetteer.containing(place)
    own = _law_of(library, place, agency)
    return next((outer for outer in reversed(here) if _law_of(library, outer, agency) == own), place)


def _law_of(library: Library, place: str, agency: Agency) -> tuple[frozenset[str], frozenset[str]]:
    here = library.gazetteer.containing(place)
    instruments = frozenset(own.id for own in library.instruments.values() if reaches(own, here, library))
    facts = (own for path in here for own in library.facts_at(path) if concerns(own, agency))
    named = {f"{own.place_path}:{own.fact}" for own in facts}
    stays = {f"stayed for {name}" for id in instruments for name in _stayed_for(library, id) if name in here}
    return instruments, frozenset(named | stays)


def _stayed_for(library: Library, id: str) -> Iterable[str]:
    """The places and agencies that the stays of an instrument name, also as parties to the order."""
    for stay in library.instruments[id].suspended:
        yield from stay.covers
        if "parties" in stay.covers and stay.by in library.instruments:
            yield from library.instruments[stay.by].parties


def _days(library: Library, place: str, agency: Agency, effects: tuple[EffectKind, ...]) -> Iterable[date]:
    here = library.gazetteer.containing(place)
    for own in library.instruments.values():
        if reaches(own, here, library) and binds(own, agency) and _says(own, effects):
            for lender in (own.id, *own.uses):  # a term is borrowed as it stands on the day of decision
                yield from _days_of(library.instruments[lender])
    for fact in (own for path in here for own in library.facts_at(path)):
        if concerns(fact, agency):
            yield from (fact.since, fact.until)


def _says(own: Instrument, effects: tuple[EffectKind, ...]) -> bool:
    return bool(own.overrides) or any(
        effect.kind in effects for provision in own.provisions for effect in provision.effects
    )


def _days_of(own: Instrument) -> Iterable[date]:
    """Every day on which what an instrument says can change; between two of them nothing of it does."""
    spans: list[LegalDay | None] = [own.effective, own.applies_from, own.ended]
    for stay in own.suspended:
        spans += [stay.since, stay.until]
    for span in spans:
        if span:
            yield from (span.first, span.last)
    for param in own.params.values():
        yield from (since for since, _ in param.values)
