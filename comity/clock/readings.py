"""Every reading of how long a hold may last, side by side, and which of them rules.

The earliest end rules. A form and a regulation may read differently about the same hours: there counsel may choose, in an
instrument of the county's own, and then the choice stands for what is federal, never past the longest federal reading.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from comity.clock.days import Here
from comity.clock.hold import Step, countable, ending_of, shown, start_of
from comity.facts.kinds import Value
from comity.law.instrument import Limit

ENDS = {
    "request.lifted_at": "the request is withdrawn: nothing asks for the hold any more",
    "request.replaced_at": "a new request takes its place, and is counted from the same release, not anew",
    "custody.assumed_at": "the requesting agency takes the person over",
    "custody.released_at": "the person is let go",
}
GOES_ON = {
    "custody.transferred_at": "the person is moved to another keeper: the count goes on there and does not begin anew"
}
ORDERS_END = ("request.lifted_at", "request.replaced_at")  # the others are how a hold did end
ELIGIBLE, RECEIVED = "custody.release_eligible_at", "request.received_at"


class Applying(Struct, frozen=True):
    """A limit that applies to a hold, or may: then `condition` says when. `federal` is one of the federal law's or forms'."""

    provision: str
    cite: str
    limit: Limit
    words: str
    federal: bool = False
    condition: str = ""


class Reading(Struct, frozen=True):
    """One reading: the limit, from when it runs and when it ends the hold, each empty where not known, and the steps between.

    `elapsed` is how long that is, days that do not count included; `rules` where this reading decides when the hold ends.
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


class Event(Struct, frozen=True):
    """What happened to a hold: when, what it means for the count, and whether it ends it."""

    fact: str
    at: datetime
    words: str
    ends: bool


def readings_of(applying: Sequence[Applying], values: Mapping[str, Value], here: Here) -> tuple[Reading, ...]:
    """The readings, those that rule first and marked, then by when they end; last those whose end is not known."""
    made = [_reading(own, values, here) for own in applying]
    ends = ruling([(own, reading.until) for own, reading in zip(applying, made, strict=True) if reading.until])
    marked = [structs.replace(own, rules=_same(own.until, ends)) for own in made]
    return tuple(sorted(marked, key=lambda own: (not own.rules, own.until.timestamp() if own.until else math.inf)))


def _same(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one.timestamp() == other.timestamp()


def ruling(ends: Iterable[tuple[Applying, datetime]]) -> datetime | None:
    """The end that rules: the earliest, but for federal readings among which counsel has chosen."""
    known = list(ends)
    chosen = [until for own, until in known if own.limit.chosen and not own.condition]
    federal = [until for own, until in known if own.federal]
    others = [until for own, until in known if not own.federal and not (own.limit.chosen and not own.condition)]
    if chosen:
        surely = [until for own, until in known if own.federal and not own.condition]
        longest = (
            max(surely, key=datetime.timestamp) if surely else earliest(federal)
        )  # one that only may apply lengthens nothing
        federal = [end for end in (earliest(chosen), longest) if end]
    return earliest([*federal, *others])


def earliest(moments: Iterable[datetime]) -> datetime | None:
    """The earliest by the instant: two times of one zone compare as the wall shows them, and an hour that comes twice misleads."""
    return min(moments, key=datetime.timestamp, default=None)


def _reading(own: Applying, values: Mapping[str, Value], here: Here) -> Reading:
    made, start = ending_of(own.limit, values, here), start_of(own.limit, values)
    bare = Reading(own.provision, own.cite, own.words, own.limit.hours or None, condition=own.condition)
    if isinstance(start, datetime):
        bare = structs.replace(bare, starts_at=start.astimezone(ZoneInfo(here.zone)))
        if not countable(own.limit, start, here):
            return structs.replace(bare, note="holidays before 1971 are not known here, so it is not counted")
    if made is None:
        return bare
    elapsed = (
        shown(timedelta(seconds=made.until.timestamp() - start.timestamp())) if isinstance(start, datetime) else ""
    )
    return structs.replace(bare, until=made.until, elapsed=elapsed, steps=made.steps, note=_run_out(made.until, values))


def _run_out(until: datetime, values: Mapping[str, Value]) -> str:
    eligible = values.get(ELIGIBLE)
    run_out = isinstance(eligible, datetime) and until.timestamp() < eligible.timestamp()
    return "it runs out before the person would walk out, so it leaves no time for a hold" if run_out else ""


def events_of(values: Mapping[str, Value], here: Here) -> tuple[Event, ...]:
    """What has happened to the hold, in order."""
    zone, words = ZoneInfo(here.zone), {**ENDS, **GOES_ON}
    known = {fact: values[fact] for fact in words if fact in values}
    made = [
        Event(fact, at.astimezone(zone), words[fact], fact in ENDS)
        for fact, at in known.items()
        if isinstance(at, datetime)
    ]
    return tuple(sorted(made, key=lambda own: own.at.timestamp()))


def must_end(readings: Iterable[Reading], events: Iterable[Event]) -> datetime | None:
    """When the hold must end: by the reading that rules, or earlier where nothing asks for it any more."""
    return earliest(
        [own.until for own in readings if own.rules and own.until]
        + [own.at for own in events if own.fact in ORDERS_END]
    )


def held_past(until: datetime | None, events: Iterable[Event]) -> str:
    """How long the person was kept past the moment at which the hold had to end; empty where that is not so."""
    ended = earliest(own.at for own in events if own.ends and own.fact not in ORDERS_END)
    if until is None or ended is None or ended.timestamp() <= until.timestamp():
        return ""
    return shown(timedelta(seconds=ended.timestamp() - until.timestamp()))


def contradictions(values: Mapping[str, Value], until: datetime | None) -> list[tuple[str, str]]:
    """Moments that cannot all be right, each with the fact that is at fault and why."""
    eligible, received = (values.get(own) for own in (ELIGIBLE, RECEIVED))
    released = values.get("custody.released_at")
    made = [
        (fact, f"{fact} is {own.isoformat()}, before {RECEIVED} ({received.isoformat()})")
        for fact in (*ORDERS_END, "custody.assumed_at")
        if isinstance(own := values.get(fact), datetime)
        and isinstance(received, datetime)
        and own.timestamp() < received.timestamp()
    ]
    if (
        isinstance(released, datetime)
        and isinstance(eligible, datetime)
        and released.timestamp() < eligible.timestamp()
    ):
        made.append(
            (
                ELIGIBLE,
                f"the hold ends before it starts: let go at {released.isoformat()}, to walk out at {eligible.isoformat()}",
            )
        )
    if (
        until
        and isinstance(eligible, datetime)
        and isinstance(received, datetime)
        and until.timestamp() < received.timestamp()
    ):
        text = (
            f"the hold ends before it starts: at {until.isoformat()}, and the request arrived at {received.isoformat()}"
        )
        made.append((ELIGIBLE, text))
    return made
