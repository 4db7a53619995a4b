"""Builds the stack: the law in force at a place on a day for an agency, as known on a day, with closed conditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from operator import itemgetter

from msgspec import Struct, structs

from comity.facts.kinds import Value
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.connect import ALWAYS, NEVER, all_of, denial
from comity.law.closing import close_condition, params_on, scope_of
from comity.law.consistency import typed_fact
from comity.law.instrument import Instrument, PlaceFact, Provision, Topic
from comity.law.library import Court, Library
from comity.law.life import Covered, Force, force_of, known_by
from comity.law.precedence import OrderedEffect, Ranking, is_lower, ordered
from comity.law.rank import LOCAL, ORDERS, level_of
from comity.period import LegalDay

STATE_PRISON = "state_prison"


class Agency(Struct, frozen=True):
    """The receiving agency: its kind and its name, each empty where not known."""

    kind: str = ""
    name: str = ""


def agency_of(values: Mapping[str, Value]) -> Agency:
    """The receiving agency named by the facts of a request."""
    return Agency(str(values.get("agency.kind", "")), str(values.get("agency.name", "")))


class SetAside(Struct, frozen=True):
    """A provision that is not in force here, with the reason: `overridden by`, `suspended by` or `not in force until`."""

    provision: str
    to: str
    reason: str


class StandingWarning(Struct, frozen=True):
    """A standing warning: a legal risk that an attorney must see whatever the request says.

    It is shown when `when` is true or Unknown; `action` is empty where it concerns all actions. `of_agency` where it is that the
    instrument binds only some agencies, and which of them received the request is not given.
    """

    provision: str
    text: str
    action: str = ""
    when: syntax.Condition = ALWAYS
    topic: Topic = "authority"
    of_agency: bool = False


class Stack(Struct, frozen=True):
    """All the law that can apply to a request at one place, on one day, for one agency.

    `standing` holds the effects in an order in which an effect comes after all effects that it could yield to.
    Conditions are closed, and include the force of their instrument where that is uncertain. `provisions` and
    `instruments` also contain those in `set_aside`: overridden, suspended or not yet in force. `courts` are those of the
    instruments; `moot` are the rulings and orders whose object is not in force.
    """

    place: str
    day: date
    agency: Agency
    vocabulary: Vocabulary
    standing: tuple[OrderedEffect, ...]
    provisions: dict[str, Provision]
    instruments: dict[str, Instrument]
    set_aside: tuple[SetAside, ...] = ()
    warnings: tuple[StandingWarning, ...] = ()
    facts: dict[str, Value] = {}
    fact_sources: dict[str, PlaceFact] = {}
    params: dict[str, int | date] = {}
    version: str = ""
    courts: dict[str, Court] = {}
    moot: frozenset[str] = frozenset()

    def nearness(self, instrument: str) -> tuple[bool, int]:
        """A key that sorts instruments by how near they are: first those of the place itself, then the smaller places around it."""
        jurisdiction = self.instruments[instrument].jurisdiction
        return jurisdiction != self.place, -jurisdiction.count("/")


def in_force(
    library: Library, place: str, day: date, agency: Agency | None = None, known_on: date | None = None
) -> Stack:
    """The stack at a canonical place on a local day; `known_on` leaves out law that could not be known on that day."""
    agency = agency or Agency()
    here = library.gazetteer.containing(place)
    binding = [instrument for instrument in find_reaching(library, here) if binds(instrument, agency)]
    known = [instrument for instrument in binding if known_by(instrument, known_on)]
    covered = Covered(here, tuple(filter(None, (agency.kind, agency.name))))
    lives = {instrument.id: force_of(instrument, day, library.instruments, known_on, covered) for instrument in known}
    return _Building(library, place, here, day, agency, known_on, known, lives).stack()


def of_instrument(library: Library, instrument: Instrument, day: date | None = None) -> Stack:
    """The stack of one instrument alone, as its cases use it: on its first certain day in force, or on another day.

    It contains no other law and no facts of a place, and every agency is bound.
    """
    on = day or instrument.first_sure_day
    lives = {instrument.id: force_of(instrument, on, library.instruments)}
    here = library.gazetteer.containing(instrument.jurisdiction) or (instrument.jurisdiction,)
    building = _Building(library, instrument.jurisdiction, here, on, Agency(), None, [instrument], lives)
    return building.stack(facts=False)


def find_reaching(library: Library, here: tuple[str, ...]) -> list[Instrument]:
    """The instruments that reach one of some places, in the library's order.

    They are found by their jurisdictions: a place has a fraction of all law, and a replay asks for the law of every county.
    """
    by_place = library.instruments_by_place
    near = sorted((entry for place in {*here} for entry in by_place.get(place, ())), key=itemgetter(0))
    return [item for _, item in near if item.kind != "precedent" or reaches(item, here, library)]


def reaches(instrument: Instrument, here: tuple[str, ...], library: Library) -> bool:
    """Whether an instrument's jurisdiction is the place or contains it; a precedent also needs its court's places."""
    if instrument.jurisdiction not in here:
        return False
    court = library.courts.get(instrument.court)
    if instrument.kind != "precedent" or court is None:
        return True
    return any(place in here for place in court.places)


def binds(instrument: Instrument, agency: Agency) -> bool:
    """Whether an instrument binds an agency, or may bind it where its kind or name is not known.

    Local law does not bind a State prison unless it says so.
    """
    if not instrument.binds:
        return not (agency.kind == STATE_PRISON and level_of(instrument) == LOCAL)
    if agency.name in instrument.binds or agency.kind in instrument.binds:
        return True
    named = [name for name in instrument.binds if not _is_kind(name)]
    of_kinds = [name for name in instrument.binds if _is_kind(name) and name != STATE_PRISON]
    return (not agency.kind and bool(of_kinds)) or (not agency.name and bool(named) and agency.kind != STATE_PRISON)


def typed_facts(sources: dict[str, PlaceFact], vocabulary: Vocabulary) -> tuple[dict[str, Value], dict[str, PlaceFact]]:
    """The typed values of facts, and the sources; a fact that cannot be read is left out."""
    values: dict[str, Value] = {}
    for name, fact in sources.items():
        value, findings = typed_fact(fact, vocabulary)
        if not findings:
            values[name] = value  # type: ignore[assignment]
    return values, sources


def concerns(fact: PlaceFact, agency: Agency) -> bool:
    """Whether a fact of a place certainly concerns the agency."""
    return not fact.binds or agency.name in fact.binds or agency.kind in fact.binds


def _is_kind(name: str) -> bool:
    return name.islower() and " " not in name


def closed_effects(library: Library, instrument: Instrument, day: date) -> tuple[OrderedEffect, ...]:
    """The effects of an instrument while it is in force, with their conditions closed for a day.

    Those that can never apply are left out. They depend on the day by the values of params alone, so that they are closed once
    for all days and places with the same values; engines then recognise equal conditions of two stacks as one object.
    """
    cache: dict[tuple[str, tuple[int | date, ...]], tuple[Instrument, tuple[OrderedEffect, ...]]]
    cache = library.prepared.setdefault(f"{__name__} effects", {})
    key = instrument.id, params_on(instrument, library.instruments, day)
    known = cache.get(key)
    if known is None or known[0] is not instrument:  # a changed instrument may be compared with that of the library
        known = cache[key] = instrument, tuple(_close_effects(library, instrument, day))
    return known[1]


def _close_effects(library: Library, instrument: Instrument, day: date) -> Iterable[OrderedEffect]:
    scope = scope_of(instrument, library.instruments, day)
    for provision in instrument.provisions:
        for effect in provision.effects:
            when = all_of([close_condition(effect, scope)])
            if when != NEVER:
                demands = provision.obligation.demands if provision.obligation and effect.kind == "obliges" else ()
                yield OrderedEffect(provision.id, effect.kind, effect.action, when, demands=demands)


class _Building:
    """Builds one stack."""

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
        self.present = [instrument for instrument in known if self.lives[instrument.id].when != NEVER]
        self.instruments = {instrument.id: instrument for instrument in self.present}
        self.overriding: dict[str, list[Instrument]] = {}
        for instrument in self.present:
            for id in dict.fromkeys(instrument.overrides):
                self.overriding.setdefault(id, []).append(instrument)
        self.ranking = Ranking(
            library.instruments, frozenset(c.name for c in library.courts.values() if c.system == "federal")
        )

    def stack(self, facts: bool = True) -> Stack:
        live = self.live()
        standing = [effect for instrument in self.present for effect in self.effects(instrument, live[instrument.id])]
        set_aside = tuple(self.set_aside(live))
        aside = {entry.provision.partition("#")[0] for entry in set_aside}
        shown = {
            instrument.id: instrument
            for instrument in self.known
            if instrument.id in self.instruments or instrument.id in aside
        }
        provisions = {provision.id: provision for instrument in shown.values() for provision in instrument.provisions}
        values, sources = self.place_facts() if facts else ({}, {})
        return Stack(
            self.place,
            self.day,
            self.agency,
            self.library.vocabulary,
            ordered(standing, self.instruments, self.ranking),
            provisions,
            shown,
            set_aside,
            tuple(self.warnings(live)),
            values,
            sources,
            {
                f"{instrument.id}: {name}": param.on(self.day)
                for instrument in self.present
                for name, param in instrument.params.items()
            },
            self.library.version,
            {name: court for name, court in self.library.courts.items() if name in self.courts_named()},
            frozenset(instrument.id for instrument in self.present if self.is_moot(instrument)),
        )

    def courts_named(self) -> set[str]:
        return {instrument.court for instrument in self.present}

    def is_moot(self, instrument: Instrument) -> bool:
        """Whether what an instrument reviews or construes was law and is in force no longer."""
        target = self.library.instruments.get(instrument.reviews or instrument.construes)
        if target is None or instrument.kind == "precedent":
            return False
        life = self.lives.get(target.id) or force_of(target, self.day, self.library.instruments, self.known_on)
        return life.when == NEVER and self.day >= target.effective.last

    def live(self) -> dict[str, syntax.Condition]:
        """The condition under which each instrument is in force and not overridden by one that is in force itself."""
        live: dict[str, syntax.Condition] = {}
        for instrument in self.present:
            self.settle(instrument, live, [])
        return live

    def settle(self, instrument: Instrument, live: dict[str, syntax.Condition], trail: list[str]) -> syntax.Condition:
        if instrument.id in live:
            return live[instrument.id]
        over = [other for other in self.overriders(instrument) if other.id not in (*trail, instrument.id)]
        above = [self.settle(other, live, [*trail, instrument.id]) for other in over]
        live[instrument.id] = all_of([self.lives[instrument.id].when, *(denial(condition) for condition in above)])
        return live[instrument.id]

    def overriders(self, instrument: Instrument) -> list[Instrument]:
        return self.overriding.get(instrument.id, [])

    def effects(self, instrument: Instrument, live: syntax.Condition) -> Iterable[OrderedEffect]:
        force = self.lives[instrument.id]
        for effect in closed_effects(self.library, instrument, self.day):
            part = force.of_provision(effect.provision)
            if live == part == ALWAYS:
                yield effect
            elif (when := all_of([live, part, effect.when])) != NEVER:
                yield structs.replace(effect, when=when)

    def set_aside(self, live: Mapping[str, syntax.Condition]) -> Iterable[SetAside]:
        for instrument in self.known:
            force = self.lives[instrument.id]
            if (
                force.starts
                and self.day < force.starts.first
                and _last(instrument.enacted, instrument.effective) <= self.day
            ):
                yield from (SetAside(p.id, str(force.starts), "not in force until") for p in instrument.provisions)
            for provision, by in force.suspended:
                yield SetAside(provision, by, "suspended by")
            if instrument.id in live and force.when != NEVER:
                yield from self.overridden(instrument, live)

    def overridden(self, instrument: Instrument, live: Mapping[str, syntax.Condition]) -> Iterable[SetAside]:
        for other in self.overriders(instrument):
            if live[other.id] != NEVER:
                yield from (SetAside(p.id, other.id, "overridden by") for p in instrument.provisions)

    def warnings(self, live: Mapping[str, syntax.Condition]) -> Iterable[StandingWarning]:
        for instrument in self.present:
            if live[instrument.id] == NEVER:
                continue
            for target in instrument.overrides:
                set_aside = self.instruments.get(target)
                if set_aside and is_lower(instrument, set_aside, self.ranking):
                    yield StandingWarning(
                        instrument.id, _lower_over_higher(instrument, set_aside), "", live[instrument.id]
                    )
            if instrument.kind in ORDERS:
                yield StandingWarning(
                    instrument.id, f"{instrument.title} commands the parties to it.", "", live[instrument.id], "dispute"
                )
        yield from self.of_agency()

    def of_agency(self) -> Iterable[StandingWarning]:
        for instrument in self.present:
            sure = not instrument.binds or self.agency.kind in instrument.binds or self.agency.name in instrument.binds
            if not sure:
                bound = ", ".join(name.replace("_", " ") for name in instrument.binds)
                text = f"{instrument.title} binds only {bound}; which agency received the request is not given, so it counts."
                yield StandingWarning(instrument.id, text, topic="form", of_agency=True)

    def place_facts(self) -> tuple[dict[str, Value], dict[str, PlaceFact]]:
        """The facts of the day that concern the agency; a nearer place goes before a wider one."""
        sources = self.facts_about(self.agency)
        kind = sources.get("agency.kind")
        if kind and not self.agency.kind:  # the name tells the kind, and the kind may tell more
            sources = self.facts_about(Agency(str(kind.value), self.agency.name))
        return typed_facts(
            {name: fact for name, fact in sources.items() if fact.value is not None}, self.library.vocabulary
        )

    def facts_about(self, agency: Agency) -> dict[str, PlaceFact]:
        """By fact, what is said of an agency on the day; a nearer place goes before a wider one."""
        sources: dict[str, PlaceFact] = {}
        for path in self.here:
            for fact in self.library.facts_at(path):
                if fact.since <= self.day < fact.until and concerns(fact, agency):
                    sources.setdefault(fact.fact, fact)
        return sources


def _last(enacted: LegalDay | None, effective: LegalDay) -> date:
    return (enacted or effective).last


def _lower_over_higher(instrument: Instrument, target: Instrument) -> str:
    lower, higher = instrument.kind.replace("_", " "), target.kind.replace("_", " ")
    return f"{instrument.title} sets aside {target.title}: a {lower} over a {higher}, which a court may not let stand."
