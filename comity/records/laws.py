"""Finds the law of each row: a named one, or that of the row's place, agency and day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from msgspec import Struct

from comity.facts.kinds import Value
from comity.intake.locations import Locations
from comity.law.calendar import Calendar, outermost_with_same_law
from comity.law.facilities import AGENCY_KINDS
from comity.law.in_force import Agency, Stack
from comity.law.jails.words import FacilityClass
from comity.law.library import Library
from comity.records.engine import Engine, deciding_effects
from comity.records.pieces import NONE, Numbers

EPOCH = date(1970, 1, 1).toordinal()


class Law(Struct, frozen=True):
    """A law that decides rows: its name (`PLACE@DAY`), its stack, and the engine for it."""

    name: str
    stack: Stack
    engine: Engine


class Laws:
    """The laws used so far. Stacks with the same content share an engine, because most days change nothing that decides."""

    def __init__(self, library: Library, assumed: Mapping[str, Value]) -> None:
        self.library, self.assumed = library, assumed
        self.paths: tuple[str, ...] = ()  # the facts of the table, set once they are known
        self.laws: list[Law] = []
        self.engines: dict[Any, Engine] = {}
        self.calendars: dict[tuple[str, str], Calendar] = {}
        self.places: dict[tuple[str, str, date], int] = {}
        self.lawful: dict[tuple[str, str], str] = {}

    def add(self, stack: Stack) -> int:
        """Adds a law and returns its number; builds an engine unless another law has the same content."""
        fills = {**stack.facts, **self.assumed}
        key = (deciding_effects(stack), repr(sorted(fills.items())))
        if key not in self.engines:
            self.engines[key] = Engine(stack, paths=self.paths, fills=fills)
        self.laws.append(Law(f"{stack.place}@{stack.day}", stack, self.engines[key]))
        return len(self.laws) - 1

    def of_rows(self, where: Locations, days: pa.Array) -> Numbers:
        """The number of each row's law; NONE where the place is not certain."""
        numbers_of_law = np.full(len(days), NONE, np.int64)
        numbers = days.cast(pa.int32()).to_numpy()
        for place, kind, rows in _groups(where):
            calendar = self.calendar(place, AGENCY_KINDS.get(kind, ""))
            changes = np.array([day.toordinal() - EPOCH for day in calendar.days], np.int64)
            spans = np.searchsorted(changes, numbers[rows], side="right")
            distinct, of_row = np.unique(spans, return_inverse=True)
            numbers_of_law[rows] = np.array([self.of_span(calendar, span) for span in distinct.tolist()], np.int64)[
                of_row
            ]
        return numbers_of_law

    def of_span(self, calendar: Calendar, span: int) -> int:
        since = calendar.begins(span)
        key = (calendar.place, calendar.agency.kind, since)
        if key not in self.places:
            self.places[key] = self.add(calendar.stack(since))
        return self.places[key]

    def calendar(self, place: str, kind: str) -> Calendar:
        if (place, kind) not in self.lawful:
            self.lawful[place, kind] = outermost_with_same_law(self.library, place, Agency(kind))
        key = self.lawful[place, kind], kind
        if key not in self.calendars:
            self.calendars[key] = Calendar(self.library, key[0], Agency(kind))
        return self.calendars[key]


def _groups(where: Locations) -> Iterator[tuple[str, FacilityClass, Numbers]]:
    """The rows of each place and class of facility; rows without a place are left out."""
    places, classes = where.places, where.classes
    if not len(places):
        return
    at = places.indices.fill_null(len(places.dictionary)).to_numpy(zero_copy_only=False).astype(np.int64)
    both = at * len(classes.dictionary) + classes.indices.to_numpy(zero_copy_only=False)
    order = np.argsort(both, kind="stable")
    distinct, starts = np.unique(both[order], return_index=True)
    for number, rows in zip(distinct.tolist(), np.split(order, starts[1:]), strict=True):
        place, kind = divmod(number, len(classes.dictionary))
        if place < len(places.dictionary) and places.dictionary[place].is_valid:
            yield places.dictionary[place].as_py(), classes.dictionary[kind].as_py(), rows
