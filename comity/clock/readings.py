"""All readings of how long a hold may last, side by side, and which of them rules.

The earliest end rules. Where a form and a regulation count the same hours differently, counsel may choose one in an
instrument of the county. The choice then replaces the federal readings, but never ends later than the longest of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from comity.clock.days import ClockLocation
from comity.clock.hold import Step, count_hold_of_request, countable, format_span, start_of
from comity.facts.kinds import Value
from comity.finding import phrase
from comity.law.instrument import Limit

ENDS = {
    "request.lifted_at": "the request is withdrawn: nothing asks for the hold any more",
    "request.replaced_at": "a new request replaces it; the count still runs from the same release",
    "custody.assumed_at": "the requesting agency takes the person over",
    "custody.released_at": "the person is released",
}
GOES_ON = {
    "custody.transferred_at": "the person is moved to another jail; the count goes on there and does not restart"
}
ORDERS_END = ("request.lifted_at", "request.replaced_at")  # the others record how a hold did end
ELIGIBLE, RECEIVED = "custody.release_eligible_at", "request.received_at"
BEFORE_RECEIPT = "{fact} is {}, before {received} ({})"
RELEASED_EARLY = "the hold ends before it starts: released at {}, due for release at {}"
ENDS_EARLY = "the hold ends before it starts: it ends at {}, the request arrived at {}"


class ApplicableLimit(Struct, frozen=True):
    """A limit that applies to a hold, or may: then `condition` says when. `federal` marks federal law and federal forms."""

    provision: str
    cite: str
    limit: Limit
    words: str
    federal: bool = False
    condition: str = ""


class Reading(Struct, frozen=True, kw_only=True):
    """One reading: the limit, when it starts to run, when it ends the hold (None where not known) and the steps between.

    `elapsed` is the time between, including days that do not count; `rules` says that this reading decides when the hold ends.
    """

    provision: str
    cite: str
    words: str
    hours: int | None
    starts_at: datetime | None = None
    until: datetime | None = None
    elapsed: str = ""
    condition: str = ""
    rules: bool = False
    steps: tuple[Step, ...] = ()
    note: str = ""


class Event(Struct, frozen=True, kw_only=True):
    """Something that happened to a hold: when, what it means for the count, and whether it ends the hold."""

    fact: str
    at: datetime
    words: str
    ends: bool


def readings_of(
    applying: Sequence[ApplicableLimit], values: Mapping[str, Value], here: ClockLocation
) -> tuple[Reading, ...]:
    """The readings in the order of their ends: first those that rule, marked; last those whose end is not known."""
    readings = [_read(limit, values, here) for limit in applying]
    until = find_ruling_end(
        [(limit, reading.until) for limit, reading in zip(applying, readings, strict=True) if reading.until]
    )
    marked = [structs.replace(reading, rules=_same(reading.until, until)) for reading in readings]
    return tuple(sorted(marked, key=_by_end))


def _by_end(reading: Reading) -> tuple[bool, float]:
    return not reading.rules, reading.until.timestamp() if reading.until else math.inf


def _same(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one.timestamp() == other.timestamp()


def find_ruling_end(ends: Iterable[tuple[ApplicableLimit, datetime]]) -> datetime | None:
    """The end that rules: the earliest, except where counsel has chosen among the federal readings."""
    known = list(ends)
    chosen = [until for limit, until in known if limit.limit.chosen and not limit.condition]
    federal = [until for limit, until in known if limit.federal]
    others = [until for limit, until in known if not limit.federal and not (limit.limit.chosen and not limit.condition)]
    if chosen:
        surely = [until for limit, until in known if limit.federal and not limit.condition]
        # A federal reading that only may apply must not lengthen the hold.
        longest = max(surely, key=datetime.timestamp) if surely else earliest(federal)
        federal = [end for end in (earliest(chosen), longest) if end]
    return earliest([*federal, *others])


def earliest(moments: Iterable[datetime]) -> datetime | None:
    """The earliest moment, compared by instant: datetimes of one zone compare by local time, which may occur twice."""
    return min(moments, key=datetime.timestamp, default=None)


def _read(applicable: ApplicableLimit, values: Mapping[str, Value], here: ClockLocation) -> Reading:
    ending, start = count_hold_of_request(applicable.limit, values, here), start_of(applicable.limit, values)
    bare = Reading(
        provision=applicable.provision, cite=applicable.cite, words=applicable.words,
        hours=applicable.limit.hours or None, condition=applicable.condition,
    )  # fmt: skip
    if isinstance(start, datetime):
        bare = structs.replace(bare, starts_at=start.astimezone(ZoneInfo(here.zone)))
        if not countable(applicable.limit, start, here):
            return structs.replace(bare, note="it is not counted, because holidays before 1971 are not known")
    if ending is None:
        return bare
    elapsed = (
        format_span(timedelta(seconds=ending.until.timestamp() - start.timestamp()))
        if isinstance(start, datetime)
        else ""
    )
    note = _note(ending.until, values)
    return structs.replace(bare, until=ending.until, elapsed=elapsed, steps=ending.steps, note=note)


def _note(until: datetime, values: Mapping[str, Value]) -> str:
    eligible = values.get(ELIGIBLE)
    ends_early = isinstance(eligible, datetime) and until.timestamp() < eligible.timestamp()
    return "it runs out before the person is due for release, so it leaves no time for a hold" if ends_early else ""


def events_of(values: Mapping[str, Value], here: ClockLocation) -> tuple[Event, ...]:
    """The events of the hold, in order."""
    zone, words = ZoneInfo(here.zone), {**ENDS, **GOES_ON}
    known = {fact: values[fact] for fact in words if fact in values}
    events = [
        Event(fact=fact, at=at.astimezone(zone), words=words[fact], ends=fact in ENDS)
        for fact, at in known.items()
        if isinstance(at, datetime)
    ]
    return tuple(sorted(events, key=lambda event: event.at.timestamp()))


def must_end(readings: Iterable[Reading], events: Iterable[Event]) -> datetime | None:
    """When the hold must end: by the reading that rules, or earlier where the request is withdrawn or replaced."""
    return earliest(
        [reading.until for reading in readings if reading.rules and reading.until]
        + [event.at for event in events if event.fact in ORDERS_END]
    )


def held_past(until: datetime | None, events: Iterable[Event]) -> str:
    """How long the person was held past the moment the hold had to end; empty where that did not happen."""
    ended = earliest(event.at for event in events if event.ends and event.fact not in ORDERS_END)
    if until is None or ended is None or ended.timestamp() <= until.timestamp():
        return ""
    return format_span(timedelta(seconds=ended.timestamp() - until.timestamp()))


def contradictions(values: Mapping[str, Value], until: datetime | None) -> list[tuple[str, str]]:
    """Moments that contradict each other: the fact at fault, and why."""
    eligible, received = (values.get(path) for path in (ELIGIBLE, RECEIVED))
    released = values.get("custody.released_at")
    found: list[tuple[str, str]] = [
        (fact, phrase(BEFORE_RECEIPT, moment.isoformat(), received.isoformat(), fact=fact, received=RECEIVED))
        for fact in (*ORDERS_END, "custody.assumed_at")
        if isinstance(moment := values.get(fact), datetime)
        and isinstance(received, datetime)
        and moment.timestamp() < received.timestamp()
    ]
    if (
        isinstance(released, datetime)
        and isinstance(eligible, datetime)
        and released.timestamp() < eligible.timestamp()
    ):
        found.append((ELIGIBLE, phrase(RELEASED_EARLY, released.isoformat(), eligible.isoformat())))
    if (
        until
        and isinstance(eligible, datetime)
        and isinstance(received, datetime)
        and until.timestamp() < received.timestamp()
    ):
        found.append((ELIGIBLE, phrase(ENDS_EARLY, until.isoformat(), received.isoformat())))
    return found
