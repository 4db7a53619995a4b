"""The law in force at a place on a day, for an agency, as known on a day: a stack of effects with closed conditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from comity.facts.kinds import Value
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.connect import ALWAYS, NEVER, all_of, denial
from comity.law.closing import closed, scope_of
from comity.law.consistency import typed_fact
from comity.law.instrument import Instrument, PlaceFact, Provision
from comity.law.library import Library
from comity.law.life import Covered, Force, force_of, known_by
from comity.law.precedence import Sides, Standing, is_lower, ordered
from comity.law.rank import LOCAL, ORDERS, level_of
from comity.period import LegalDay

STATE_PRISON = "state_prison"


class Agency(Struct, frozen=True):
    """The receiving agency: its kind and its name, each empty where not known."""

    kind: str = ""
    name: str = ""


def agency_of(values: Mapping[str, Value]) -> Agency:
    """The receiving agency as the facts of a request name it."""
    return Agency(str(values.get("agency.kind", "")), str(values.get("agency.name", "")))


class SetAside(Struct, frozen=True):
    """A provision that is not in force here, and why: `overridden by`, `suspended by` or `not in force until`."""

    provision: str
    to: str
    reason: str


class Warning(Struct, frozen=True):
    """A standing warning: a legal risk that an attorney must see whatever the request says.

    It is shown when `when` is so or not known; `action` is empty where it concerns all.
    """

    provision: str
    text: str
    action: str = ""
    when: syntax.Condition = ALWAYS


class Stack(Struct, frozen=True):
    """All that bears on a request at one place, on one day, for one agency.

    `standing` holds the effects so ordered that what yields comes after all to which it could yield. Conditions
    are closed, and hold the force of their instrument where that is uncertain. `provisions` and `instruments` name
    also those that are `set_aside`: overridden, suspended or yet to come.
    """

    place: str
    day: date
    agency: Agency
    vocabulary: Vocabulary
    standing: tuple[Standing, ...]
    provisions: dict[str, Provision]
    instruments: dict[str, Instrument]
    set_aside: tuple[SetAside, ...] = ()
    warnings: tuple[Warning, ...] = ()
    facts: dict[str, Value] = {}
    fact_sources: dict[str, PlaceFact] = {}
    params: dict[str, int | date] = {}
    version: str = ""


def in_force(
    library: Library, place: str, day: date, agency: Agency | None = None, known_on: date | None = None
) -> Stack:
    """The stack at a canonical place on a local day; `known_on` leaves out what could not be known that day."""
    agency = agency or Agency()
    here = library.gazetteer.containing(place)
    reaching = [own for own in library.instruments.values() if reaches(own, here, library) and binds(own, agency)]
    known = [own for own in reaching if known_by(own, known_on)]
    covered = Covered(here, tuple(filter(None, (agency.kind, agency.name))))
    lives = {own.id: force_of(own, day, library.instruments, known_on, covered) for own in known}
    return _Building(library, place, here, day, agency, known_on, known, lives).stack()


def of_instrument(library: Library, instrument: Instrument, day: date | None = None) -> Stack:
    """One instrument alone, as its cases run it: on the day on which it certainly took effect, or another.

    No other law stands beside it, no facts of a place are filled in, and every agency is bound.
    """
    on = day or instrument.first_sure_day
    lives = {instrument.id: force_of(instrument, on, library.instruments)}
    here = library.gazetteer.containing(instrument.jurisdiction) or (instrument.jurisdiction,)
    building = _Building(library, instrument.jurisdiction, here, on, Agency(), None, [instrument], lives)
    return building.stack(facts=False)


def reaches(own: Instrument, here: tuple[str, ...], library: Library) -> bool:
    """Whether an instrument's jurisdiction is the place or contains it; a precedent also needs its court's places."""
    if own.jurisdiction not in here:
        return False
    court = library.courts.get(own.court)
    if own.kind != "precedent" or court is None:
        return True
    return any(place in here for place in court.places)


def binds(own: Instrument, agency: Agency) -> bool:
    """Whether an instrument binds an agency; where part of the agency is not known, whether it may.

    Local law never binds a state prison unless it says so.
    """
    if not own.binds:
        return not (agency.kind == STATE_PRISON and level_of(own) == LOCAL)
    if agency.name in own.binds or agency.kind in own.binds:
        return True
    named = [name for name in own.binds if not _is_kind(name)]
    of_kinds = [name for name in own.binds if _is_kind(name) and name != STATE_PRISON]
    return (not agency.kind and bool(of_kinds)) or (not agency.name and bool(named) and agency.kind != STATE_PRISON)


def typed_facts(sources: dict[str, PlaceFact], vocabulary: Vocabulary) -> tuple[dict[str, Value], dict[str, PlaceFact]]:
    """The values of facts by their kinds, with where each comes from; one that cannot be read is left out."""
    values: dict[str, Value] = {}
    for name, fact in sources.items():
        value, findings = typed_fact(fact, vocabulary)
        if not findings:
            values[name] = value  # type: ignore[assignment]
    return values, sources


def concerns(fact: PlaceFact, agency: Agency) -> bool:
    """Whether a fact of a place is surely one of the agency."""
    return not fact.binds or agency.name in fact.binds or agency.kind in fact.binds


def _is_kind(name: str) -> bool:
    return name.islower() and " " not in name


class _Building:
    """Puts one stack together."""

    def __init__(
        self,
        library: Library,
        place: str,
        here: tuple[str, ...],
        day: date,
        agency: Agency,
        known_on: date | None,
        known: list[Instrument],
        lives: Mapping[str, Force],
    ) -> None:
        self.library, self.place, self.here, self.day = library, place, here, day
        self.agency, self.known_on, self.lives = agency, known_on, lives
        self.known = known
        self.present = [own for own in known if self.lives[own.id].when != NEVER]
        self.instruments = {own.id: own for own in self.present}
        self.sides = Sides(
            library.instruments, frozenset(c.name for c in library.courts.values() if c.system == "federal")
        )

    def stack(self, facts: bool = True) -> Stack:
        live = self.live()
        standing = [made for own in self.present for made in self.effects(own, live[own.id])]
        set_aside = tuple(self.set_aside(live))
        aside = {entry.provision.partition("#")[0] for entry in set_aside}
        shown = {own.id: own for own in self.known if own.id in self.instruments or own.id in aside}
        provisions = {own.id: own for instrument in shown.values() for own in instrument.provisions}
        values, sources = self.place_facts() if facts else ({}, {})
        return Stack(
            self.place,
            self.day,
            self.agency,
            self.library.vocabulary,
            ordered(standing, self.instruments, self.sides),
            provisions,
            shown,
            set_aside,
            tuple(self.warnings(live)),
            values,
            sources,
            {f"{own.id}: {name}": param.on(self.day) for own in self.present for name, param in own.params.items()},
            self.library.version,
        )

    def live(self) -> dict[str, syntax.Condition]:
        """When each instrument is in force and not set aside by one that is itself live."""
        made: dict[str, syntax.Condition] = {}
        for own in self.present:
            self.settle(own, made, [])
        return made

    def settle(self, own: Instrument, made: dict[str, syntax.Condition], trail: list[str]) -> syntax.Condition:
        if own.id in made:
            return made[own.id]
        over = [other for other in self.overriders(own) if other.id not in (*trail, own.id)]
        above = [self.settle(other, made, [*trail, own.id]) for other in over]
        made[own.id] = all_of([self.lives[own.id].when, *(denial(condition) for condition in above)])
        return made[own.id]

    def overriders(self, own: Instrument) -> list[Instrument]:
        return [other for other in self.present if own.id in other.overrides]

    def effects(self, own: Instrument, live: syntax.Condition) -> Iterable[Standing]:
        scope = scope_of(own, self.library.instruments, self.day)
        for provision in own.provisions:
            part = self.lives[own.id].of_provision(provision.id)
            for effect in provision.effects:
                when = all_of([live, part, closed(effect, scope)])
                if when != NEVER:
                    yield Standing(provision.id, effect.kind, effect.action, when)

    def set_aside(self, live: Mapping[str, syntax.Condition]) -> Iterable[SetAside]:
        for own in self.known:
            force = self.lives[own.id]
            if force.starts and self.day < force.starts.first and _last(own.enacted, own.effective) <= self.day:
                yield from (SetAside(p.id, str(force.starts), "not in force until") for p in own.provisions)
            for provision, by in force.suspended:
                yield SetAside(provision, by, "suspended by")
            if own.id in live and force.when != NEVER:
                yield from self.overridden(own, live)

    def overridden(self, own: Instrument, live: Mapping[str, syntax.Condition]) -> Iterable[SetAside]:
        for other in self.overriders(own):
            if live[other.id] != NEVER:
                yield from (SetAside(p.id, other.id, "overridden by") for p in own.provisions)

    def warnings(self, live: Mapping[str, syntax.Condition]) -> Iterable[Warning]:
        for own in self.present:
            if live[own.id] == NEVER:
                continue
            for target in own.overrides:
                set_aside = self.instruments.get(target)
                if set_aside and is_lower(own, set_aside, self.sides):
                    yield Warning(own.id, _lower_over_higher(own, set_aside), "", live[own.id])
            if own.kind in ORDERS:
                yield Warning(own.id, f"{own.title} commands the parties to it.", "", live[own.id])
        yield from self.of_agency()

    def of_agency(self) -> Iterable[Warning]:
        for own in self.present:
            sure = not own.binds or self.agency.kind in own.binds or self.agency.name in own.binds
            if not sure:
                bound = ", ".join(name.replace("_", " ") for name in own.binds)
                text = f"{own.title} binds only {bound}; which agency received the request is not given, so it counts."
                yield Warning(own.id, text)

    def place_facts(self) -> tuple[dict[str, Value], dict[str, PlaceFact]]:
        """The facts true of the nearest place on the day, of those that concern the agency."""
        sources: dict[str, PlaceFact] = {}
        for path in self.here:
            for fact in self.library.facts_at(path):
                if fact.since <= self.day < fact.until and concerns(fact, self.agency):
                    sources.setdefault(fact.fact, fact)
        return typed_facts(
            {name: own for name, own in sources.items() if own.value is not None}, self.library.vocabulary
        )


def _last(enacted: LegalDay | None, effective: LegalDay) -> date:
    return (enacted or effective).last


def _lower_over_higher(own: Instrument, target: Instrument) -> str:
    lower, higher = own.kind.replace("_", " "), target.kind.replace("_", " ")
    return f"{own.title} sets aside {target.title}: a {lower} over a {higher}, which a court may not let stand."
