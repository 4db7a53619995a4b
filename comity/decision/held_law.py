"""A library held open: a stack is prepared once for each span of days between two changes of law.

The library is immutable, and threads may share the prepared stacks; at worst two threads prepare the same one. All caches are
bounded, so memory does not grow with the number of different requests.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from comity.clock.days import ClockLocation, find_clock_location
from comity.decision.answer import Researched
from comity.decision.explain import Explainer
from comity.decision.proof import digest_of
from comity.engine.compiled.reader import RequestReader
from comity.engine.compiled.typed import Table, Unusual, check_key, check_reach
from comity.facts.request import location, read_moment
from comity.finding import Finding, Place, phrase
from comity.intake.form import find_form_out_of_use, instrument_of
from comity.intake.named_place import lies_in_several, place_notes
from comity.law.calendar import days_of_change, outermost_with_same_law
from comity.law.in_force import Agency, Stack, in_force
from comity.law.library import Library
from comity.law.places import Jurisdiction
from comity.law.register import local_law_lacking
from comity.law.researched import concerned

STACKS_MAX = 256  # prepared stacks in the cache; a few megabytes each at the places with the most law
PLACES_MAX, DAYS_MAX, MOMENTS_MAX = 5_000, 2_000, 20_000
FIRST_SPAN = date(1970, 1, 1)  # the law never changes there, so any day will do
StackKey: TypeAlias = tuple[str, str, str, date, date | None]


class Prepared:
    """A stack ready to decide, and a reader of raw requests for each time zone that it is used in."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.explainer = Explainer(stack)
        self.digest = digest_of(stack)
        self.readers = Table(lambda zone: RequestReader(self.explainer.asked, zone, self.explainer.deciding))


class Applicable(Struct, frozen=True):
    """The law that applies to a request at a place and a moment: the local day, the stack of that day, and its reader."""

    at_place: AtPlace
    moment: datetime
    day: date
    prepared: Prepared
    reader: RequestReader


class AtPlace:
    """The law of one place for one agency, by the day and moment of a decision."""

    def __init__(self, law: HeldLaw, where: Jurisdiction, agency: Agency, name: str) -> None:
        self.law, self.where, self.agency, self.name = law, where, agency, name
        library = law.library
        self.has_notes = bool(self.notes("request"))
        self.lies_in_several = lies_in_several(where)
        self.here: ClockLocation = find_clock_location(where.zone, library.gazetteer.containing(where.path))
        self.moments = Table(self._moment, most=MOMENTS_MAX)
        self.on = Table(self._on, most=DAYS_MAX)
        self.applicable = Table(self._applicable, most=MOMENTS_MAX)
        self.researched = Table(self._researched, most=DAYS_MAX)
        self.agreements = Table(lambda day: library.agreements.last_listed(where.path, day), most=DAYS_MAX)
        self.lacking = Table(
            lambda entry: local_law_lacking(library, where.path, entry[0], beyond_jail=entry[1]), most=DAYS_MAX
        )

    def notes(self, source: str) -> list[Finding]:
        """The findings, none of them grave, on the name that the request gives the place."""
        return place_notes(self.name, self.where, self.law.library.gazetteer, Place(location(source, "place")))

    def _moment(self, raw: Any) -> tuple[datetime, date]:
        """A moment of decision as it was written, and its local day."""
        check_key(raw)
        moment, fault = read_moment(raw, Place("at"), "at")
        if moment is None or fault:
            raise Unusual(raw)
        check_reach(moment)
        return moment, moment.astimezone(ZoneInfo(self.where.zone)).date()

    def _applicable(self, raw: Any) -> Applicable:
        """The law at a moment as it was written. Which county a place of several is in, the general reader finds out."""
        if self.lies_in_several:
            raise Unusual(self.name)
        moment, day = self.moments[raw]
        return Applicable(self, moment, day, *self.on[day])

    def _researched(self, day: date) -> dict[str, Researched]:
        """How far the law of the place and of those that contain it was followed, from the State inwards."""
        places, here = self.law.library.gazetteer.places, self.law.library.gazetteer.containing(self.where.path)
        found: dict[str, Researched] = {}
        for path, row in concerned(here, self.law.library.researched):
            name = places[path].name
            found[path] = (
                Researched(name, row.to.isoformat(), row.looked_at, row.not_found, day > row.to)
                if row
                else Researched(name)
            )
        return found

    def _on(self, day: date) -> tuple[Prepared, RequestReader]:
        prepared = self.law.prepared(self.where.path, day, self.agency)
        return prepared, prepared.readers[self.where.zone]


class HeldLaw:
    """A library with the stacks prepared from it."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.places = Table(self._place, most=PLACES_MAX)
        self.places_alone = Table(lambda name: self.places[name, "", ""], most=PLACES_MAX)  # where no agency is given
        self.forms_out_of_time = Table(self._form_out_of_time)
        self._days = Table(lambda entry: days_of_change(library, entry[0], Agency(entry[1], entry[2])), most=PLACES_MAX)
        self._lawful = Table(
            lambda entry: outermost_with_same_law(library, entry[0], Agency(entry[1], entry[2])), most=PLACES_MAX
        )
        self._stacks: OrderedDict[StackKey, Prepared] = OrderedDict()
        self._lock = Lock()

    def prepared(self, place: str, day: date, agency: Agency, known_on: date | None = None) -> Prepared:
        """The law in force at a place, ready to decide, for any day of the span in which `day` lies.

        The kind of the agency may follow from its name and the place. With `known_on`, a stack is used for its own day only.
        """
        found = self._prepared(place, day, agency, known_on)
        kind = found.stack.facts.get("agency.kind")
        if agency.kind or not isinstance(kind, str):
            return found
        return self._prepared(place, day, Agency(kind, agency.name), known_on)

    def stack(self, place: str, day: date, agency: Agency, known_on: date | None = None) -> Stack:
        """The law in force at a place on a day."""
        return structs.replace(self.prepared(place, day, agency, known_on).stack, place=place, day=day)

    def _prepared(self, place: str, day: date, agency: Agency, known_on: date | None) -> Prepared:
        outermost = self._lawful[place, agency.kind, agency.name]
        since = day if known_on else self._since(outermost, day, agency)
        key = (outermost, agency.kind, agency.name, since, known_on)
        with self._lock:
            if key in self._stacks:
                self._stacks.move_to_end(key)
                return self._stacks[key]
        prepared = Prepared(in_force(self.library, outermost, since, agency, known_on))
        with self._lock:
            self._stacks[key] = prepared
            full = len(self._stacks) > STACKS_MAX
            while len(self._stacks) > STACKS_MAX:
                self._stacks.popitem(last=False)
        if full:
            self.places.clear()  # each place holds on to its stacks
            self.places_alone.clear()
        return prepared

    def _since(self, place: str, day: date, agency: Agency) -> date:
        """The first day of the span that contains a day; before the first change of law, the day before that change."""
        days: list[date] = self._days[place, agency.kind, agency.name]
        at = bisect_right(days, day)
        return days[at - 1] if at else days[0] - timedelta(1) if days else FIRST_SPAN

    def _form_out_of_time(self, entry: tuple[str, date, str]) -> tuple[Finding, ...]:
        """A finding if a form was certainly not in use on the day of its receipt or, if that is not known, of the decision."""
        form, received, source = entry
        message = find_form_out_of_use(self.library.instruments.get(instrument_of(form)), received)
        help = phrase("check which form it is")
        return (Finding("form-out-of-time", Place(source), message, help, grave=False),) if message else ()

    def _place(self, entry: tuple[str, str, str]) -> AtPlace:
        name, kind, agency = entry
        where = self.library.gazetteer.named(name) if isinstance(name, str) else None
        if where is None:
            raise Unusual(name)
        return AtPlace(self, where, Agency(kind, agency), name)


def held_law(library: Library) -> HeldLaw:
    """The `HeldLaw` of a library: the same object each time."""
    held = library.prepared.get(__name__)
    if isinstance(held, HeldLaw):
        return held
    held = library.prepared.setdefault(__name__, HeldLaw(library))
    assert isinstance(held, HeldLaw)
    return held
