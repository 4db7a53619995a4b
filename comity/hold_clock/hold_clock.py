"""The hold clock of one request: decided under the law of its place and day, with every limit counted side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from comity.clock.asking import find_oddity, offset_help
from comity.clock.days import ClockLocation, find_clock_location
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
from comity.decision.answer import Missing, Warned
from comity.decision.decision import Decision
from comity.decision.incoming import Incoming, incoming, name_of
from comity.decision.local_times import read_local
from comity.decision.request import applying, decided_of, stack_for
from comity.facts.kinds import KnownSet, Value
from comity.facts.plain_values import is_absent, unwrapped
from comity.facts.request import flatten, location, read_moment
from comity.finding import Finding, Place, grave, phrase
from comity.hold_clock.view import HoldClock
from comity.law.in_force import Stack
from comity.law.library import Library
from comity.law.places import Jurisdiction

FORM = "request.form"
MOMENTS = (ELIGIBLE, RECEIVED, *ENDS, *GOES_ON)


class _Count(Struct, frozen=True, kw_only=True):
    """What a count needs: the request, the law in force for it, the facts known, and where hours are counted."""

    arrived: Incoming
    stack: Stack
    values: Mapping[str, Value]
    here: ClockLocation
    source: str


def count_request(
    document: Mapping[str, Any],
    library: Library,
    source: str = "request",
    *,
    place: str | None = None,
    at: str | datetime | None = None,
    now: datetime | None = None,
) -> tuple[HoldClock | None, list[Finding]]:
    """The hold clock of a request in JSON, or None and the grave findings that prevent it.

    Where the request names no moment, the law is that of the day on which the person is due for release.
    """
    names = library.vocabulary.aliases
    flat = {
        names.get(path.casefold(), path) if isinstance(path, str) else path: raw
        for path, raw in flatten(document, library.vocabulary).items()
    }
    at_place = document.get("place") if is_absent(place) else place
    where = library.gazetteer.named(at_place) if isinstance(at_place, str) else None
    moment = document.get("at") if is_absent(at) else at
    moment = _first_readable(flat, where) if is_absent(moment) else moment
    arrived, findings = incoming(document, library, source, place=place, at=moment, now=now)
    if arrived is None:
        return None, [_with_zone(finding, flat, place=at_place, library=library) for finding in grave(findings)]
    clock, faults = clock_of(arrived, library, source)
    return (None, faults) if faults else (clock, [])


def merge_facts(document: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The request with the facts of `given` put in place of those it states."""
    merged = dict(document)
    for path, value in given.items():
        group, _, name = path.partition(".")
        if isinstance(merged.get(group), dict):
            merged[group] = {**merged[group], name: value}
        else:
            merged[path] = value
    return merged


def _first_readable(flat: Mapping[str, Any], where: Jurisdiction | None) -> datetime | None:
    """The moment of release, or else of receipt; one that cannot be read is reported later, as a fault of that fact."""
    given = {path: flat[path] for path in (ELIGIBLE, RECEIVED) if flat.get(path) is not None}
    texts = [read_local(raw, where.zone, path, "", []) if where else raw for path, raw in given.items()]
    moments = [read_moment(raw, Place(ELIGIBLE), ELIGIBLE)[0] for raw in texts if raw is not None]
    return next((moment for moment in moments if moment), None)


def _with_zone(finding: Finding, flat: Mapping[str, Any], *, place: Any, library: Library) -> Finding:
    """Adds to a finding on a moment without an offset what that time is at the place."""
    where = library.gazetteer.named(place) if isinstance(place, str) else None
    raw = unwrapped(flat.get(finding.message.split(" ", 1)[0]))
    if finding.code != "no-offset" or where is None or raw is None:
        return finding
    local = raw if isinstance(raw, datetime) else datetime.fromisoformat(raw)
    return finding.changed(help=offset_help(local, where.zone))


def clock_of(arrived: Incoming, library: Library, source: str = "request") -> tuple[HoldClock, list[Finding]]:
    """The hold clock of a request that was read, and the contradictions between its moments."""
    stack = stack_for(arrived, library)
    here = find_clock_location(arrived.where.zone, library.gazetteer.containing(arrived.where.path))
    count = _Count(
        arrived=arrived, stack=stack, values={**stack.facts, **arrived.request.values}, here=here, source=source
    )
    decision = decided_of(arrived, library, source)
    readings = readings_of(applying(decision.limits, stack), count.values, here)
    events = events_of(count.values, here)
    start = _starts(count)
    until = _not_before(must_end(readings, events), start)
    impossible = contradictions(count.values, must_end(readings, ()))
    faults = [
        Finding("clock", Place(location(source, fact)), text, phrase("check both moments")) for fact, text in impossible
    ]
    hold = decision.outcome("hold")
    clock = HoldClock(
        place=arrived.request.place,
        name=name_of(arrived.where, library),
        zone=here.zone,
        at=arrived.request.at,
        law_version=stack.version,
        hold=hold,
        starts_at=start,
        until=until,
        alarm_at=start if hold == "forbidden" else until,
        readings=readings,
        events=events,
        held_past=held_past(until, events),
        notes=tuple(_notes(decision, readings, stack)),
        asks_no_hold=_asks_no_hold(count.values),
        missing=tuple(_missing(readings, count)),
        findings=(*decision.findings, *_odd_moments(count)),
    )
    return clock, faults


def _starts(count: _Count) -> datetime | None:
    """When the hold starts: when the person is due for release, because earlier custody has another ground."""
    eligible = count.values.get(ELIGIBLE)
    return eligible.astimezone(ZoneInfo(count.here.zone)) if isinstance(eligible, datetime) else None


def _not_before(until: datetime | None, start: datetime | None) -> datetime | None:
    """A hold whose time ran out before it started has no time: the person is released when due."""
    return start if until and start and until.timestamp() < start.timestamp() else until


def _notes(decision: Decision, readings: Iterable[Reading], stack: Stack) -> Iterable[Warned]:
    """What the forms of the request say of its effect: whether they have any."""
    instruments = {stack.provisions[reading.provision].instrument for reading in readings}
    forms = {instrument for instrument in instruments if stack.instruments[instrument].kind == "form"}
    return (warning for warning in decision.actions["hold"].warnings if warning.provision.partition("#")[0] in forms)


def _asks_no_hold(values: Mapping[str, Value]) -> bool:
    asks = values.get("request.asks")
    return isinstance(asks, KnownSet) and asks.whole and "hold" not in asks.members


def _missing(readings: Iterable[Reading], count: _Count) -> Iterable[Missing]:
    """What to find out: when a limit starts to run, and the form where it decides which limits apply."""
    readings = list(readings)
    facts = [
        path
        for reading in readings
        if reading.until is None and not reading.note
        for path in _starts_at(reading, count)
    ]
    facts += [FORM] if FORM not in count.values and any(reading.condition for reading in readings) else []
    return (Missing(fact, count.stack.vocabulary.entries[fact].question, 0, 0.0) for fact in dict.fromkeys(facts))


def _starts_at(reading: Reading, count: _Count) -> list[str]:
    limit = count.stack.provisions[reading.provision].limit
    assert limit
    return [STARTS[start][0] for start in starts_of(limit) if STARTS[start][0] not in count.values]


def _odd_moments(count: _Count) -> Iterable[Finding]:
    for path in MOMENTS:
        moment = count.values.get(path)
        text = find_oddity(moment, count.here.zone) if isinstance(moment, datetime) else ""
        if text and isinstance(moment, datetime):
            message = phrase("{fact} is {}; {oddity}", moment.isoformat(), fact=path, oddity=text)
            place = Place(location(count.source, path))
            yield Finding("local-time", place, message, phrase("check it"), grave=False)
    yield from _late(count)


def _late(count: _Count) -> Iterable[Finding]:
    """A request that arrived after the person was due for release adds no time."""
    eligible, received = (count.values.get(path) for path in (ELIGIBLE, RECEIVED))
    if (
        isinstance(eligible, datetime)
        and isinstance(received, datetime)
        and eligible.timestamp() < received.timestamp()
    ):
        text = phrase("the request arrived at {}, after the person was due for release", received.isoformat())
        help = phrase("the count still runs from release, and no request supports the time before it arrived")
        yield Finding("arrived-late", Place(location(count.source, RECEIVED)), text, help, grave=False)
