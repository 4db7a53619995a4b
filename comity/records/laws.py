"""Finds the law of each row: a named one, or that of the row's place, agency and day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from comity.facts.kinds import Value
from comity.facts.row_codes import Numbers
from comity.intake.locations import Locations
from comity.intake.table import SEPARATOR, FactRows, without_separator
from comity.law.calendar import Calendar, outermost_with_same_law
from comity.law.facilities import AGENCY_KINDS
from comity.law.in_force import Agency, Stack
from comity.law.library import Library
from comity.records.engine import Engine, deciding_effects
from comity.records.pieces import NONE, rows_by_number

AGENCY_KIND, AGENCY_NAME = "agency.kind", "agency.name"
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
        self.calendars: dict[tuple[str, Agency], Calendar] = {}
        self.places: dict[tuple[str, Agency, date], int] = {}
        self.lawful: dict[tuple[str, Agency], str] = {}

    def add(self, stack: Stack) -> int:
        """Adds a law and returns its number; builds an engine unless another law has the same content."""
        fills = {**stack.facts, **self.assumed}
        key = (deciding_effects(stack), repr(sorted(fills.items())))
        if key not in self.engines:
            self.engines[key] = Engine(stack, paths=self.paths, fills=fills)
        self.laws.append(Law(f"{stack.place}@{stack.day}", stack, self.engines[key]))
        return len(self.laws) - 1

    def of_rows(self, rows: FactRows, where: Locations, days: pa.Array) -> Numbers:
        """The number of each row's law; NONE where the place is not certain."""
        numbers_of_law = np.full(len(days), NONE, np.int64)
        numbers = days.cast(pa.int32()).to_numpy()
        agencies, of_row = agencies_of(rows, where)
        for place, agency, group in self.groups(where, agencies, of_row):
            kind_follows = _kind_follows(agency)
            changes = [] if kind_follows else self.calendar(place, agency).days
            days_of_change = np.array([day.toordinal() - EPOCH for day in changes], np.int64)
            spans = numbers[group] if kind_follows else np.searchsorted(days_of_change, numbers[group], side="right")
            encoded = pa.array(spans).dictionary_encode()
            find = self.of_named if kind_follows else self.of_span
            of_spans = np.array([find(place, agency, span) for span in encoded.dictionary.to_pylist()], np.int64)
            numbers_of_law[group] = of_spans[encoded.indices.to_numpy()]
        return numbers_of_law

    def groups(
        self, where: Locations, agencies: Sequence[Agency], of_row: Numbers
    ) -> Iterator[tuple[str, Agency, Numbers]]:
        """The rows of each agency with the same law, with a place that has it; rows without a place are left out."""
        places = where.places.dictionary.to_pylist()
        if not places:
            return
        at = where.places.indices.fill_null(len(places)).to_numpy(zero_copy_only=False).astype(np.int64)
        pairs = pa.array(at * len(agencies) + of_row).dictionary_encode()
        groups: dict[tuple[str, Agency], int] = {}
        of_pair = []
        for pair in pairs.dictionary.to_pylist():
            number, agency = divmod(pair, len(agencies))
            place = places[number] if number < len(places) else None
            if place is None:
                of_pair.append(NONE)
            else:
                key = place if _kind_follows(agencies[agency]) else self.calendar(place, agencies[agency]).place
                of_pair.append(groups.setdefault((key, agencies[agency]), len(groups)))
        named = [*groups]
        for number, rows in rows_by_number(np.array(of_pair, np.int64)[pairs.indices.to_numpy()]):
            yield *named[number], rows

    def of_span(self, place: str, agency: Agency, span: int) -> int:
        """The law of a place between two changes."""
        calendar = self.calendar(place, agency)
        since = calendar.begins(span)
        key = (calendar.place, agency, since)
        if key not in self.places:
            self.places[key] = self.add(calendar.stack(since))
        return self.places[key]

    def of_day(self, place: str, agency: Agency, day: date) -> int:
        """The law of a place on a day."""
        if _kind_follows(agency):
            return self.of_named(place, agency, day.toordinal() - EPOCH)
        return self.of_span(place, agency, bisect_right(self.calendar(place, agency).days, day))

    def days_of_change(self, place: str, agency: Agency) -> list[date]:
        """The days on which the number that `of_day` gives may change, in order."""
        calendar = self.calendar(place, agency)
        if not _kind_follows(agency):
            return calendar.days
        known = {_known_agency(calendar, calendar.begins(span)) for span in range(len(calendar.days) + 1)}
        return sorted({*calendar.days, *(day for agency in known for day in self.calendar(place, agency).days)})

    def of_named(self, place: str, agency: Agency, number: int) -> int:
        """The law of a place on a day, for an agency whose kind may follow from its name."""
        day = date.fromordinal(number + EPOCH)
        calendar = self.calendar(place, agency)
        known = _known_agency(calendar, calendar.since(day))
        return self.of_span(place, known, bisect_right(self.calendar(place, known).days, day))

    def calendar(self, place: str, agency: Agency) -> Calendar:
        if (place, agency) not in self.lawful:
            self.lawful[place, agency] = outermost_with_same_law(self.library, place, agency)
        key = self.lawful[place, agency], agency
        if key not in self.calendars:
            self.calendars[key] = Calendar(self.library, key[0], agency)
        return self.calendars[key]


def agencies_of(rows: FactRows, where: Locations) -> tuple[list[Agency], Numbers]:
    """The agencies of rows, each once, and for each row the position of its own.

    An agency is the one that the row names; where it gives no kind, the kind follows from the class of its facility.
    """
    kinds = pa.array([AGENCY_KINDS.get(name, "") for name in where.classes.dictionary.to_pylist()], pa.string())
    of_class = kinds.take(where.classes.indices).fill_null("")
    if AGENCY_KIND not in rows.paths and AGENCY_NAME not in rows.paths:
        encoded = of_class.dictionary_encode()
        return [Agency(kind) for kind in encoded.dictionary.to_pylist()], encoded.indices.to_numpy().astype(np.int64)
    parts = []
    for path, otherwise in ((AGENCY_KIND, of_class), (AGENCY_NAME, pa.scalar(""))):
        given = rows.facts.column(path).combine_chunks() if path in rows.paths else pa.nulls(len(of_class), pa.string())
        unread = rows.unread.get(path, pa.repeat(False, len(of_class)))
        parts.append(pc.if_else(unread, pa.scalar(""), pc.coalesce(given, otherwise)))
    encoded = pc.binary_join_element_wise(*(without_separator(part) for part in parts), SEPARATOR).dictionary_encode()
    named = [Agency(*text.split(SEPARATOR)) for text in encoded.dictionary.to_pylist()]
    return named, encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def _known_agency(calendar: Calendar, since: date) -> Agency:
    """The agency of a calendar with the kind that follows from its name, in the span that begins on a day."""
    kind = calendar.stack(since).facts.get(AGENCY_KIND)
    return Agency(kind if isinstance(kind, str) else "", calendar.agency.name)


def _kind_follows(agency: Agency) -> bool:
    """Whether the kind of an agency follows, on some days, from its name."""
    return bool(agency.name and not agency.kind)
