"""The hold clock of one request: decided by the law of its place and day, then every limit counted out and put side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from comity.clock.asking import odd, offset_help
from comity.clock.days import Here, here_of
from comity.clock.hold import STARTS, starts_of
from comity.clock.readings import (
    ELIGIBLE,
    ENDS,
    GOES_ON,
    RECEIVED,
    Reading,
    contradictions,
    events_of,
    held_past,
    must_end,
    readings_of,
)
from comity.decision.decision import Decision, Missing, Warned
from comity.decision.incoming import Incoming, incoming, name_of
from comity.decision.request import applying, decided_of, stack_for
from comity.facts.kinds import KnownSet, Value
from comity.facts.request import flattened, read_moment
from comity.finding import Finding, Place, grave
from comity.hold_clock.view import HoldClock
from comity.law.in_force import Stack
from comity.law.library import Library

FORM = "request.form"
MOMENTS = (ELIGIBLE, RECEIVED, *ENDS, *GOES_ON)


class _Asked(Struct, frozen=True):
    """What one count needs: the request, the law in force for it, all that is known, and where it runs."""

    arrived: Incoming
    stack: Stack
    values: Mapping[str, Value]
    here: Here
    source: str


def clocked(
    document: Mapping[str, Any],
    library: Library,
    source: str = "request",
    *,
    place: str | None = None,
    at: str | datetime | None = None,
    now: datetime | None = None,
) -> tuple[HoldClock | None, list[Finding]]:
    """The hold clock of a request in JSON, or nothing and the grave findings that stand in its way.

    Where the request has no moment of its own, the law is that of the day on which the person would walk out.
    """
    flat = flattened(document, library.vocabulary)
    moment = at or document.get("at") or _first_readable(flat)
    arrived, findings = incoming(document, library, source, place=place, at=moment, now=now)
    if arrived is None:
        return None, [_with_zone(own, flat, place or document.get("place"), library) for own in grave(findings)]
    made, faults = clock_of(arrived, library, source)
    return (None, faults) if faults else (made, [])


def laid_over(document: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The request with facts given beside it in the place of its own."""
    made = dict(document)
    for path, value in given.items():
        group, _, name = path.partition(".")
        if isinstance(made.get(group), dict):
            made[group] = {**made[group], name: value}
        else:
            made[path] = value
    return made


def _first_readable(flat: Mapping[str, Any]) -> datetime | None:
    """The moment of release, or else of receipt; one that cannot be read is told as a fault of that fact alone."""
    read = [read_moment(flat[own], Place(own), own)[0] for own in (ELIGIBLE, RECEIVED) if flat.get(own) is not None]
    return next((own for own in read if own), None)


def _with_zone(own: Finding, flat: Mapping[str, Any], place: Any, library: Library) -> Finding:
    """A moment without its offset is asked about in the place's own time."""
    where = library.gazetteer.named(place) if isinstance(place, str) else None
    raw = flat.get(own.message.split(" ", 1)[0])
    if own.code != "no-offset" or where is None or raw is None:
        return own
    local = raw if isinstance(raw, datetime) else datetime.fromisoformat(raw)
    return structs.replace(own, help=offset_help(local, where.zone))


def clock_of(arrived: Incoming, library: Library, source: str = "request") -> tuple[HoldClock, list[Finding]]:
    """The hold clock of a request that came in whole, and what in its moments cannot be."""
    stack = stack_for(arrived, library)
    here = here_of(arrived.where.zone, library.gazetteer.containing(arrived.where.path))
    asked = _Asked(arrived, stack, {**stack.facts, **arrived.request.values}, here, source)
    decision = decided_of(arrived, library, source)
    readings = readings_of(applying(decision.limits, stack), asked.values, here)
    events = events_of(asked.values, here)
    start = _starts(asked)
    until = _not_before(must_end(readings, events), start)
    impossible = contradictions(asked.values, must_end(readings, ()))
    faults = [Finding("clock", Place(_where(source, fact)), text, "check both moments") for fact, text in impossible]
    hold = decision.outcome("hold")
    made = HoldClock(
        arrived.request.place,
        name_of(arrived.where, library),
        here.zone,
        arrived.request.at,
        stack.version,
        hold,
        start,
        until,
        start if hold == "forbidden" else until,
        readings,
        events,
        held_past(until, events),
        tuple(_notes(decision, readings, stack)),
        _asks_no_hold(asked.values),
        tuple(_missing(readings, asked)),
        (*decision.findings, *_odd(asked)),
    )
    return made, faults


def _where(source: str, path: str) -> str:
    return f"{source}: {path}" if source else path


def _starts(asked: _Asked) -> datetime | None:
    """When the hold starts: when the person would walk out, for until then the custody is another."""
    eligible = asked.values.get(ELIGIBLE)
    return eligible.astimezone(ZoneInfo(asked.here.zone)) if isinstance(eligible, datetime) else None


def _not_before(until: datetime | None, start: datetime | None) -> datetime | None:
    """A hold whose time ran out before it started has none: the person walks out when that was due."""
    return start if until and start and until.timestamp() < start.timestamp() else until


def _notes(decision: Decision, readings: Iterable[Reading], stack: Stack) -> Iterable[Warned]:
    """What the forms by which the hold is asked say of it: whether they have effect at all."""
    instruments = {stack.provisions[own.provision].instrument for own in readings}
    forms = {own for own in instruments if stack.instruments[own].kind == "form"}
    return (own for own in decision.actions["hold"].warnings if own.provision.partition("#")[0] in forms)


def _asks_no_hold(values: Mapping[str, Value]) -> bool:
    asks = values.get("request.asks")
    return isinstance(asks, KnownSet) and asks.whole and "hold" not in asks.members


def _missing(readings: Iterable[Reading], asked: _Asked) -> Iterable[Missing]:
    """What to find out: from when a limit runs, and the form, where it decides which limits apply."""
    own = list(readings)
    facts = [
        path for reading in own if reading.until is None and not reading.note for path in _starts_at(reading, asked)
    ]
    facts += [FORM] if FORM not in asked.values and any(reading.condition for reading in own) else []
    return (Missing(fact, asked.stack.vocabulary.entries[fact].question, 0, 0.0) for fact in dict.fromkeys(facts))


def _starts_at(reading: Reading, asked: _Asked) -> list[str]:
    limit = asked.stack.provisions[reading.provision].limit
    assert limit
    return [STARTS[own][0] for own in starts_of(limit) if STARTS[own][0] not in asked.values]


def _odd(asked: _Asked) -> Iterable[Finding]:
    for path in MOMENTS:
        moment = asked.values.get(path)
        text = odd(moment, asked.here.zone) if isinstance(moment, datetime) else ""
        if text and isinstance(moment, datetime):
            said = f"{path} is {moment.isoformat()}; {text}"
            yield Finding("local-time", Place(_where(asked.source, path)), said, "check it", grave=False)
    yield from _late(asked)


def _late(asked: _Asked) -> Iterable[Finding]:
    """A request that arrived when the person could already have walked out buys no time."""
    eligible, received = (asked.values.get(own) for own in (ELIGIBLE, RECEIVED))
    if (
        isinstance(eligible, datetime)
        and isinstance(received, datetime)
        and eligible.timestamp() < received.timestamp()
    ):
        text = f"the request arrived at {received.isoformat()}, after the person could have walked out"
        help = "the count runs from release all the same, and no request stands behind the time before"
        yield Finding("arrived-late", Place(_where(asked.source, RECEIVED)), text, help, grave=False)
