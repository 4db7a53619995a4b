"""One request through the whole house: read, put under the law of its place and day, decided, and its clock started."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import structs

from comity.clock.days import Here, here_of
from comity.clock.hold import ending_of
from comity.clock.readings import Applying, ruling
from comity.decision.decision import Decision, Limited
from comity.decision.explain import Explainer
from comity.decision.incoming import Incoming, incoming
from comity.facts.kinds import Value
from comity.finding import Finding, Place, grave
from comity.intake.form import instrument_of, out_of_time
from comity.law.in_force import Agency, Stack, agency_of, in_force
from comity.law.library import Library
from comity.law.register import own_law_lacking


def decided(
    document: Mapping[str, Any],
    library: Library,
    source: str = "request",
    *,
    place: str | None = None,
    at: str | datetime | None = None,
    now: datetime | None = None,
    known_on: date | None = None,
) -> tuple[Decision | None, list[Finding]]:
    """The decision on a request in JSON, or nothing and the grave findings that stand in its way."""
    arrived, findings = incoming(document, library, source, place=place, at=at, now=now)
    return (decided_of(arrived, library, source, known_on), []) if arrived else (None, list(grave(findings)))


def decided_of(arrived: Incoming, library: Library, source: str = "request", known_on: date | None = None) -> Decision:
    """The decision on a request that came in whole; its findings tell what is odd about the request."""
    values = arrived.request.values
    stack = stack_for(arrived, library, known_on)
    made = Explainer(stack).decide(arrived.request)
    known = {**stack.facts, **values}
    here = here_of(arrived.where.zone, library.gazetteer.containing(arrived.where.path))
    limits = with_rule([_timed(own, stack, known, here) for own in made.limits], stack)
    findings = (*arrived.findings, *form_out_of_time(values, library, stack.day, source))
    lacking = own_law_lacking(library, arrived.request.place, stack.day)
    return structs.replace(made, limits=limits, findings=findings, not_encoded=lacking)


def stack_for(arrived: Incoming, library: Library, known_on: date | None = None) -> Stack:
    """The law in force for a request; what is known of the place may tell the agency's kind from its name."""
    values = arrived.request.values
    day = values["decision.on"]
    assert isinstance(day, date)
    agency = agency_of(values)
    stack = in_force(library, arrived.request.place, day, agency, known_on)
    kind = stack.facts.get("agency.kind")
    if agency.kind or not isinstance(kind, str):
        return stack
    return in_force(library, arrived.request.place, day, Agency(kind, agency.name), known_on)


def _timed(own: Limited, stack: Stack, values: Mapping[str, Value], here: Here) -> Limited:
    """With the moment at which the limit ends a hold, where it is known when it starts."""
    limit = stack.provisions[own.provision].limit
    made = ending_of(limit, values, here) if limit else None
    return structs.replace(own, until=made.until.isoformat()) if made else own


def with_rule(limits: Sequence[Limited], stack: Stack) -> tuple[Limited, ...]:
    """The limits with those marked that govern: the one that ends first, but where counsel has chosen among federal readings."""
    ends = [
        (own, datetime.fromisoformat(limit.until))
        for own, limit in zip(applying(limits, stack), limits, strict=True)
        if limit.until
    ]
    rules = ruling([(own, until) for own, until in ends if not own.condition]) or ruling(ends)
    moments = {own.provision: until for own, until in ends}
    governing = {id for id, until in moments.items() if rules and until.timestamp() == rules.timestamp()}
    return tuple(structs.replace(own, rules=own.provision in governing) for own in limits)


def applying(limits: Iterable[Limited], stack: Stack) -> list[Applying]:
    """The limits on a hold that apply or may, as they are counted."""
    made = []
    for own in limits:
        provision = stack.provisions[own.provision]
        instrument = stack.instruments[provision.instrument]
        if provision.limit:
            federal = instrument.jurisdiction == "us" and not provision.limit.chosen
            cite = provision.cite or instrument.title
            made.append(Applying(own.provision, cite, provision.limit, own.words, federal, own.condition))
    return made


def form_out_of_time(values: Mapping[str, Value], library: Library, day: date, source: str) -> Iterable[Finding]:
    """A finding where a request's form was surely not in use on the day it was received, else on the day of decision."""
    received = values.get("request.received_on", day)
    assert isinstance(received, date)
    message = out_of_time(library.instruments.get(instrument_of(str(values.get("request.form", "")))), received)
    if message:
        yield Finding("form-out-of-time", Place(source), message, "check which form it is", grave=False)
