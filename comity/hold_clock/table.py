"""Many holds at once: the law of each row's place and day, and the readings counted in whole columns.

A row has a place, a form and moments. Whatever else a limit depends on is not known, so such a limit counts as one that may
apply. Every row of the table is a row of the result; a row that cannot be counted has a finding that says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from comity.clock.counted import microseconds
from comity.clock.days import ClockLocation, find_clock_location
from comity.clock.many import MOMENT, NEVER, Microseconds, find_ruling_ends
from comity.clock.readings import ELIGIBLE, ORDERS_END, RECEIVED, ApplicableLimit
from comity.decision.explain import Explainer
from comity.decision.request import applying
from comity.engine.questions.questions import known_truths
from comity.facts.kinds import Value
from comity.facts.request import FIRST_YEAR, LAST_YEAR
from comity.finding import Place
from comity.hold_clock.hold_clock import FORM
from comity.hold_clock.read_table import OUT_OF_REACH, PLACE, Holds, read_holds
from comity.intake.named_place import find_place
from comity.law.calendar import Calendar, outermost_with_same_law
from comity.law.in_force import Agency, Stack, in_force
from comity.law.library import Library

EPOCH = date(1970, 1, 1).toordinal()
FIRST, LAST = (microseconds(datetime(year, 1, 1, tzinfo=UTC)) for year in (FIRST_YEAR, LAST_YEAR))
NO_PLACE, NO_START, NOT_COUNTED, IMPOSSIBLE = "unknown-place", "start-not-known", "not-counted", "ends-before-it-starts"
Numbers = npt.NDArray[np.int64]


def count_hold_table(table: Any, library: Library, place: str = "", columns: Any = None) -> pa.Table:
    """The ends of many holds, a row each: `until` in UTC, the provision that `rules`, and a `finding` where there is no end.

    Raises `InputFault` where the table, or every cell of a column, cannot be read.
    """
    holds = read_holds(table, place, library, columns)
    count = _HoldCount(library, holds)
    for name, rows in _rows_by_place(holds.columns.column(PLACE)):
        count.add_place(name, rows)
    return count.table()


def _rows_by_place(column: pa.ChunkedArray) -> Iterator[tuple[str, Numbers]]:
    """The rows of each place that is named."""
    encoded = _encoded(column)
    numbers = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    order = np.argsort(numbers, kind="stable")
    for number, rows in _rows_by_number(numbers[order], order):
        if number >= 0:
            yield encoded.dictionary[number].as_py(), rows


def _encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    encoded = column.combine_chunks().dictionary_encode()
    return encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded


def _rows_by_number(ordered: Numbers, rows: Numbers) -> Iterator[tuple[int, Numbers]]:
    """The rows of each number, in the order of the numbers."""
    numbers, begins = np.unique(ordered, return_index=True)
    ends = [*begins[1:].tolist(), len(rows)]
    return (
        (number, rows[begin:end])
        for number, begin, end in zip(numbers.tolist(), begins.tolist(), ends[: len(numbers)], strict=True)
    )


class _HoldCount:
    """The laws looked up so far, and the ends found."""

    def __init__(self, library: Library, holds: Holds) -> None:
        self.library, self.faults = library, holds.faults
        moments = [_microseconds(holds.columns.column(name)) for name in (ELIGIBLE, RECEIVED, *ORDERS_END)]
        self.far = np.logical_or.reduce([(at != NEVER) & ((at < FIRST) | (at >= LAST)) for at in moments])
        self.eligible, self.received, *self.ordered = (np.where(self.far, NEVER, at) for at in moments)
        forms = _encoded(holds.columns.column(FORM))
        self.forms = [*forms.dictionary.to_pylist(), ""]
        self.form = np.asarray(forms.indices.fill_null(len(forms.dictionary)).to_numpy(), np.int64)
        self.calendars: dict[str, Calendar] = {}
        self.explainers: dict[tuple[str, date], tuple[Stack, Explainer]] = {}
        self.limits: dict[tuple[str, date, str], tuple[ApplicableLimit, ...]] = {}
        self.regimes: dict[tuple[tuple[ApplicableLimit, ...], ClockLocation], int] = {}
        rows = len(self.eligible)
        self.until, self.rules = np.full(rows, NEVER, np.int64), np.full(rows, -1, np.int64)
        self.provisions: dict[str, int] = {}
        self.regime = np.full(rows, -1, np.int64)

    def add_place(self, place: str, rows: Numbers) -> None:
        """Finds the regime of each hold of one place; leaves them without one where there is no such place."""
        where, _ = find_place(place, self.library, Place("place"))
        if where is None:
            return
        here = find_clock_location(where.zone, self.library.gazetteer.containing(where.path))
        calendar = self.calendar(where.path)
        changes = np.array([day.toordinal() - EPOCH for day in calendar.days], np.int64)
        spans = np.searchsorted(changes, self.days(rows, here), side="right")
        keys, of_row = np.unique(spans * len(self.forms) + self.form[rows], return_inverse=True)
        regimes = [
            self.regime_of(calendar, calendar.begins(span), form=self.forms[form], here=here)
            for span, form in (divmod(key, len(self.forms)) for key in keys.tolist())
        ]
        self.regime[rows] = np.array(regimes, np.int64)[of_row]

    def regime_of(self, calendar: Calendar, since: date, *, form: str, here: ClockLocation) -> int:
        """The number of a regime: the limits that apply or may, and where hours are counted."""
        limits = self.applying(calendar, since, form)
        return self.regimes.setdefault((limits, here), len(self.regimes))

    def days(self, rows: Numbers, here: ClockLocation) -> Numbers:
        """The local day of each hold's release, or of receipt where release is not known, as days since 1970."""
        moments = np.where(self.eligible[rows] != NEVER, self.eligible[rows], self.received[rows])
        known = pa.array(np.where(moments == NEVER, 0, moments)).cast(MOMENT).cast(pa.timestamp("us", here.zone))
        return np.asarray(pc.local_timestamp(known).cast(pa.date32()).cast(pa.int32()).to_numpy(), np.int64)

    def count(self, applying: Sequence[ApplicableLimit], here: ClockLocation, rows: Numbers) -> None:
        """Counts the ends of the holds of one regime."""
        starts = {"receipt": self.received[rows], "release_eligible": self.eligible[rows]}
        until, which = find_ruling_ends(applying, here, starts)
        numbers = [self.provisions.setdefault(limit.provision, len(self.provisions)) for limit in applying]
        self.until[rows], self.rules[rows] = until, np.array([*numbers, -1], np.int64)[which]

    def calendar(self, place: str) -> Calendar:
        path = outermost_with_same_law(self.library, place, Agency())
        if path not in self.calendars:
            self.calendars[path] = Calendar(self.library, path, Agency(), ("limits",))
        return self.calendars[path]

    def applying(self, calendar: Calendar, since: date, form: str) -> tuple[ApplicableLimit, ...]:
        """The limits on a hold by one form, with nothing else known."""
        key = (calendar.place, since, form)
        if key not in self.limits:
            stack, explainer = self.explainer(calendar, since)
            values: dict[str, Value] = {**stack.facts, **({FORM: form} if form else {})}
            self.limits[key] = tuple(applying(explainer.limits(known_truths(explainer.asked, values)), stack))
        return self.limits[key]

    def explainer(self, calendar: Calendar, since: date) -> tuple[Stack, Explainer]:
        key = (calendar.place, since)
        if key not in self.explainers:
            stack = calendar.stack(since)
            kind = stack.facts.get("agency.kind")
            stack = in_force(self.library, calendar.place, since, Agency(kind)) if isinstance(kind, str) else stack
            self.explainers[key] = (stack, Explainer(stack))
        return self.explainers[key]

    def table(self) -> pa.Table:
        """The ends as columns, with a finding where there is none."""
        order, regimes = np.argsort(self.regime, kind="stable"), [*self.regimes]
        for number, rows in _rows_by_number(self.regime[order], order):
            if number >= 0:
                self.count(*regimes[number], rows)
        impossible = self.impossible()
        until = np.minimum.reduce([self.until, *self.ordered])
        until = np.where(self.eligible == NEVER, until, np.maximum(until, self.eligible))
        finding = self.findings(until, impossible)
        none = finding != ""
        rules = pa.DictionaryArray.from_arrays(
            pa.array(self.rules, mask=none | (self.rules < 0)), pa.array([*self.provisions], pa.string())
        )
        ends = pa.array(until, mask=none).cast(MOMENT)
        return pa.table(
            {"until": ends, "rules": rules, "finding": pa.array(finding.tolist(), mask=~none).dictionary_encode()}
        )

    def findings(self, until: Microseconds, impossible: npt.NDArray[np.bool_]) -> npt.NDArray[np.object_]:
        """The code of each row without an end, empty for the others; a row that cannot be read comes before all else."""
        unknown = until == NEVER
        lacking = [self.far, self.regime < 0, impossible, unknown & (self.eligible == NEVER), unknown]
        finding = np.select(lacking, [OUT_OF_REACH, NO_PLACE, IMPOSSIBLE, NO_START, NOT_COUNTED], "").astype(object)
        finding[list(self.faults)] = list(self.faults.values())
        return finding

    def impossible(self) -> npt.NDArray[np.bool_]:
        """As `readings.contradictions`: requests that arrived after the end, or were withdrawn or replaced before arrival."""
        arrived = (self.received != NEVER) & (self.eligible != NEVER)
        late = arrived & (self.until < self.received)
        early = [(self.received != NEVER) & (at < self.received) for at in self.ordered]
        return np.asarray(np.logical_or.reduce([late, *early]), bool)


def _microseconds(column: pa.ChunkedArray) -> Microseconds:
    """Moments as microseconds since 1970; NEVER where not known."""
    return np.asarray(column.combine_chunks().cast(pa.int64()).fill_null(NEVER).to_numpy(), np.int64)
