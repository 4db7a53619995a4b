"""Many holds at once: each row put under the law of its place and day, the readings counted out in whole columns.

A row has a place, a form and moments; whatever else a limit turns on is not known, so that such a limit counts as one that may
apply. Every row of the table is a row of what comes out; one that cannot be counted says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet

from comity.clock.counted import microseconds
from comity.clock.days import Here, here_of
from comity.clock.many import MOMENT, NEVER, Microseconds, ruled
from comity.clock.readings import ELIGIBLE, ORDERS_END, RECEIVED, Applying
from comity.decision.explain import Explainer
from comity.decision.request import applying
from comity.engine.questions.questions import known_truths
from comity.facts.kinds import Choice, Value
from comity.facts.request import FIRST_YEAR, LAST_YEAR
from comity.finding import Finding, InputFault, Place, did_you_mean
from comity.hold_clock.hold_clock import FORM
from comity.law.calendar import Calendar, lawful
from comity.law.in_force import Agency, Stack, in_force
from comity.law.library import Library

PLACE = "place"
COLUMNS = (PLACE, FORM, ELIGIBLE, RECEIVED, *ORDERS_END)
EPOCH = date(1970, 1, 1).toordinal()
FIRST, LAST = (microseconds(datetime(year, 1, 1, tzinfo=UTC)) for year in (FIRST_YEAR, LAST_YEAR))
OUT_OF_REACH = "moment-out-of-reach"
NO_PLACE, NO_START, NOT_COUNTED, IMPOSSIBLE = "unknown-place", "start-not-known", "not-counted", "ends-before-it-starts"
Numbers = npt.NDArray[np.int64]
HELP = f"name its columns {', '.join(COLUMNS)}"


def holds_of(table: Any, library: Library, place: str = "") -> pa.Table:
    """The ends of many holds, a row each: `until`, in UTC, the provision that `rules`, and the `finding` where there is no end."""
    own = read_holds(table, place, library)
    counting = _Counting(library, own)
    for where, rows in _groups(own.column(PLACE)):
        counting.at(where, rows)
    return counting.made()


def read_holds(table: Any, place: str, library: Library) -> pa.Table:
    """The columns that are counted, typed; raises `InputFault` where a column is none, or a moment has no offset."""
    given = _opened(table)
    if place:
        given = given.drop_columns([PLACE]) if PLACE in given.column_names else given
        given = given.append_column(PLACE, pa.DictionaryArray.from_arrays(np.zeros(given.num_rows, np.int32), [place]))
    for name in (PLACE, ELIGIBLE):
        if name not in given.column_names:
            raise _bad(name, f'the table has no column "{name}"', did_you_mean(name, given.column_names) or HELP)
    return pa.table({name: _typed(given, name, library) for name in COLUMNS})


def _opened(table: Any) -> pa.Table:
    if isinstance(table, str | Path):
        path = Path(table)
        if not path.is_file():
            raise _bad(str(path), "there is no such file", "name a file that exists")
        return parquet.read_table(path) if path.suffix.lower() == ".parquet" else arrow_csv.read_csv(path)
    if not (isinstance(table, pa.Table) or hasattr(table, "__arrow_c_stream__")):
        raise _bad("table", "this is no table", "give a path to CSV or Parquet, or an Arrow, pandas or polars frame")
    return pa.table(table)


def _typed(given: pa.Table, name: str, library: Library) -> pa.ChunkedArray:
    moment = name not in (PLACE, FORM)
    if name not in given.column_names:
        return pa.chunked_array([pa.nulls(given.num_rows, MOMENT if moment else pa.string())])
    column = given.column(name)
    if moment:
        return _moments(column, name)
    texts = column.cast(pa.string())
    kind = library.vocabulary.kind(FORM)
    assert isinstance(kind, Choice)
    wrong = [own for own in texts.unique().drop_null().to_pylist() if own not in kind.members] if name == FORM else []
    if wrong:
        raise _bad(
            name,
            f'{name} cannot be "{wrong[0]}"',
            did_you_mean(wrong[0], kind.members) or f"one of {', '.join(kind.members)}",
        )
    return texts


def _moments(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    if pa.types.is_null(column.type) or (pa.types.is_timestamp(column.type) and column.type.tz):
        return _in_microseconds(column, name)
    what = "moments without an offset" if pa.types.is_timestamp(column.type) else "no moments"
    raise _bad(
        name,
        f"the column {name} holds {what}",
        "write each as 2017-09-01T15:00:00-04:00, or give the column its time zone",
    )


def _in_microseconds(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    """What is finer than a microsecond is cut off; what is too far away for one is a fault."""
    if column.type == pa.timestamp("ns", column.type.tz if pa.types.is_timestamp(column.type) else None):
        return column.cast(MOMENT, safe=False)
    try:
        return column.cast(MOMENT)
    except pa.ArrowInvalid:
        raise _bad(
            name,
            f"the column {name} holds a moment out of reach",
            f"write moments from {FIRST_YEAR} to {LAST_YEAR - 1}",
        ) from None


def _bad(where: str, message: str, help: str) -> InputFault:
    return InputFault([Finding("holds", Place(where), message, help)])


def _groups(column: pa.ChunkedArray) -> Iterator[tuple[str, Numbers]]:
    """The rows of each place that is named."""
    coded = column.combine_chunks().dictionary_encode()
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    numbers = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    order = np.argsort(numbers, kind="stable")
    for number, rows in _split(numbers[order], order):
        if number >= 0:
            yield coded.dictionary[number].as_py(), rows


def _split(ordered: Numbers, rows: Numbers) -> Iterator[tuple[int, Numbers]]:
    """The rows of each number, by numbers in order."""
    found, begins = np.unique(ordered, return_index=True)
    ends = [*begins[1:].tolist(), len(rows)]
    return (
        (number, rows[begin:end])
        for number, begin, end in zip(found.tolist(), begins.tolist(), ends[: len(found)], strict=True)
    )


class _Counting:
    """The laws met so far, and the ends found."""

    def __init__(self, library: Library, own: pa.Table) -> None:
        self.library = library
        given = [_whole(own.column(name)) for name in (ELIGIBLE, RECEIVED, *ORDERS_END)]
        self.far = np.logical_or.reduce([(at != NEVER) & ((at < FIRST) | (at >= LAST)) for at in given])
        self.eligible, self.received, *self.ordered = (np.where(self.far, NEVER, at) for at in given)
        forms = own.column(FORM).combine_chunks().dictionary_encode()
        forms = forms.combine_chunks() if isinstance(forms, pa.ChunkedArray) else forms
        self.forms = [*forms.dictionary.to_pylist(), ""]
        self.form = np.asarray(forms.indices.fill_null(len(forms.dictionary)).to_numpy(), np.int64)
        self.calendars: dict[str, Calendar] = {}
        self.explainers: dict[tuple[str, date], tuple[Stack, Explainer]] = {}
        self.limits: dict[tuple[str, date, str], tuple[Applying, ...]] = {}
        self.regimes: dict[tuple[tuple[Applying, ...], Here], int] = {}
        count = len(self.eligible)
        self.until, self.rules = np.full(count, NEVER, np.int64), np.full(count, -1, np.int64)
        self.names: dict[str, int] = {}
        self.regime = np.full(count, -1, np.int64)

    def at(self, place: str, rows: Numbers) -> None:
        """Says of the holds of one place what they fall under; where there is no such place, nothing."""
        where = self.library.gazetteer.named(place)
        if where is None:
            return
        here = here_of(where.zone, self.library.gazetteer.containing(where.path))
        calendar = self.calendar(where.path)
        changes = np.array([day.toordinal() - EPOCH for day in calendar.days], np.int64)
        spans = np.searchsorted(changes, self.days(rows, here), side="right")
        both = spans * len(self.forms) + self.form[rows]
        found, of_row = np.unique(both, return_inverse=True)
        numbers = [
            self.numbered(calendar, own // len(self.forms), own % len(self.forms), here) for own in found.tolist()
        ]
        self.regime[rows] = np.array(numbers, np.int64)[of_row]

    def numbered(self, calendar: Calendar, span: int, form: int, here: Here) -> int:
        """The number of what a hold falls under: the limits that apply or may, and where its days are counted."""
        limits = self.applying(calendar, calendar.begins(span), self.forms[form])
        return self.regimes.setdefault((limits, here), len(self.regimes))

    def days(self, rows: Numbers, here: Here) -> Numbers:
        """The local day of each hold's release, or where that is not known of the request's receipt, from 1970."""
        moments = np.where(self.eligible[rows] != NEVER, self.eligible[rows], self.received[rows])
        known = pa.array(np.where(moments == NEVER, 0, moments)).cast(MOMENT).cast(pa.timestamp("us", here.zone))
        return np.asarray(pc.local_timestamp(known).cast(pa.date32()).cast(pa.int32()).to_numpy(), np.int64)

    def count(self, applying: Sequence[Applying], here: Here, rows: Numbers) -> None:
        """The ends of holds that fall under the same limits in the same zone."""
        until, which = ruled(applying, here, {"receipt": self.received[rows], "release_eligible": self.eligible[rows]})
        numbers = np.array([self.names.setdefault(own.provision, len(self.names)) for own in applying] + [-1], np.int64)
        self.until[rows], self.rules[rows] = until, numbers[which]

    def calendar(self, place: str) -> Calendar:
        own = lawful(self.library, place, Agency())
        if own not in self.calendars:
            self.calendars[own] = Calendar(self.library, own, Agency(), ("limits",))
        return self.calendars[own]

    def applying(self, calendar: Calendar, since: date, form: str) -> tuple[Applying, ...]:
        """The limits on a hold by one form, all else not known."""
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

    def made(self) -> pa.Table:
        """The ends as columns, beside what is wrong where there is none."""
        order, regimes = np.argsort(self.regime, kind="stable"), [*self.regimes]
        for number, rows in _split(self.regime[order], order):
            if number >= 0:
                self.count(*regimes[number], rows)
        impossible = self.impossible()
        until = np.minimum.reduce([self.until, *self.ordered])
        until = np.where(self.eligible == NEVER, until, np.maximum(until, self.eligible))
        lacking = [self.far, self.regime < 0, impossible, (until == NEVER) & (self.eligible == NEVER), until == NEVER]
        finding = np.select(lacking, [OUT_OF_REACH, NO_PLACE, IMPOSSIBLE, NO_START, NOT_COUNTED], "")
        none = finding != ""
        rules = pa.DictionaryArray.from_arrays(
            pa.array(self.rules, mask=none | (self.rules < 0)), pa.array([*self.names], pa.string())
        )
        ends = pa.array(until, mask=none).cast(MOMENT)
        return pa.table(
            {"until": ends, "rules": rules, "finding": pa.array(finding.tolist(), mask=~none).dictionary_encode()}
        )

    def impossible(self) -> npt.NDArray[np.bool_]:
        """As `readings.contradictions`: a request that arrived after the end, or was withdrawn or replaced before it arrived."""
        arrived = (self.received != NEVER) & (self.eligible != NEVER)
        late = arrived & (self.until < self.received)
        early = [(self.received != NEVER) & (own < self.received) for own in self.ordered]
        return np.asarray(np.logical_or.reduce([late, *early]), bool)


def _whole(column: pa.ChunkedArray) -> Microseconds:
    """Moments as microseconds since 1970; NEVER where not known."""
    return np.asarray(column.combine_chunks().cast(pa.int64()).fill_null(NEVER).to_numpy(), np.int64)
