"""Reads a request, decides it under the law of its place and day, and computes when the limits on a hold end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from msgspec import Struct, structs

from comity.clock.days import ClockLocation
from comity.clock.durations import RUNS_FROM, deadline_of
from comity.clock.hold import STARTS, count_hold_of_request
from comity.clock.readings import ApplicableLimit, find_ruling_end
from comity.decision.answer import Limited, Owed
from comity.decision.decision import BEYOND, Decision
from comity.decision.explain import asked_in
from comity.decision.facts_known import FactsKnown, TypedFacts, WrittenFacts
from comity.decision.held_law import Applicable, AtPlace, HeldLaw, Prepared, held_law
from comity.decision.incoming import AS_OF_NOW, FROM_FORM, Incoming, incoming
from comity.decision.proof import ASKS, proof_of
from comity.engine.compiled.typed import Unusual
from comity.engine.outcome import Outcome
from comity.facts.kinds import Value
from comity.finding import Finding, grave
from comity.law.in_force import Stack, agency_of
from comity.law.library import Library

FORM, RECEIVED_ON = "request.form", "request.received_on"
CLOCK_FACTS = tuple(path for pair in STARTS.values() for path in pair)  # the facts from which a limit on a hold may run
CLOCK_NAMES = tuple((path.partition(".")[0], path.partition(".")[2]) for path in CLOCK_FACTS)  # each in its section


class AsWritten(Struct, frozen=True):
    """A request that the compiled reader read: the law that applies to it, and the answers to the questions of that law."""

    applicable: Applicable
    answers: tuple[int, ...]


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
    """The decision on a request in JSON, or None and the grave findings that prevent one.

    The compiled reader reads requests of the usual form, the general reader all others. Both give the same answers.
    """
    written = None if known_on else _as_written(document, held_law(library), place=place, at=at)
    if written:
        return _decided_as_written(written, document, library, source), []
    arrived, findings = incoming(document, library, source, place=place, at=at, now=now)
    return (decided_of(arrived, library, source, known_on), []) if arrived else (None, list(grave(findings)))


def outcomes(
    document: Mapping[str, Any], library: Library, source: str = "request"
) -> tuple[dict[str, tuple[Outcome, ...]] | None, list[Finding]]:
    """The possible outcomes of each action, without explanations; or None and the grave findings that prevent an answer."""
    try:
        law = _applicable(document, held_law(library))
        return law.reader.outcomes(document, law.day), []
    except (Unusual, TypeError):
        pass  # the general reader reads it, or says what is wrong
    arrived, findings = incoming(document, library, source, now=datetime.now(UTC))
    if arrived is None:
        return None, list(grave(findings))
    prepared = prepared_for(arrived, library)
    explainer = prepared.explainer
    values = TypedFacts(prepared.stack, arrived.request.values).values
    return explainer.outcomes(explainer.compiled.answers(values), asked_in(values.get(ASKS))), []


def _as_written(
    document: Mapping[str, Any], law: HeldLaw, *, place: str | None = None, at: str | datetime | None = None
) -> AsWritten | None:
    """Reads a request with the compiled reader; None if the general reader must read it, or must say what is wrong.

    A value that cannot be looked up in a table, such as a list where a text belongs, raises TypeError.
    """
    try:
        applicable = _applicable(document, law, place=place, at=at)
        return AsWritten(applicable, applicable.reader.read(document, applicable.day))
    except (Unusual, TypeError):
        return None


def _applicable(
    document: Mapping[str, Any], law: HeldLaw, *, place: str | None = None, at: str | datetime | None = None
) -> Applicable:
    """The law that applies to a request, where its place is one alone; else raises `Unusual` or TypeError for `_as_written`."""
    name = document.get("place") if place is None else place
    at_place: AtPlace = (
        law.places_alone[name] if document.get("agency") is None else law.places[_place_key(document, name)]
    )
    raw = document.get("at") if at is None else at
    found: Applicable = at_place.applicable[raw.isoformat() if raw.__class__ is datetime else raw]
    return found


def _decided_as_written(written: AsWritten, document: Mapping[str, Any], library: Library, source: str) -> Decision:
    law = written.applicable
    at_place, known = law.at_place, WrittenFacts(law.reader, document, law.day)
    decision = law.prepared.explainer.decided(
        written.answers, known, place=at_place.where.path, at=law.moment, day=law.day
    )
    return _finished(
        decision, known, library, at_place, law.prepared, source=source,
        findings=tuple(at_place.notes(source)) if at_place.has_notes else (),
        clocked=any((inside := document.get(section)) and inside.get(name) is not None for section, name in CLOCK_NAMES),
        asks_from=FROM_FORM if law.reader.raw(ASKS, document) is None and known.get(ASKS) is not None else "",
    )  # fmt: skip


def _place_key(document: Mapping[str, Any], place: Any) -> tuple[Any, str, str]:
    """The key of the law that applies to an agency that the request names."""
    agency = document["agency"]
    if agency.__class__ is not dict:
        raise Unusual(agency)
    kind, name = (agency.get(key, "") for key in ("kind", "name"))
    kind, name = "" if kind is None else kind, "" if name is None else name
    if kind.__class__ is not str or name.__class__ is not str or name != name.strip():
        raise Unusual(agency)
    return place, kind, name


def decided_of(arrived: Incoming, library: Library, source: str = "request", known_on: date | None = None) -> Decision:
    """The decision on a request that was read; its findings say what is odd about the request."""
    request, law = arrived.request, held_law(library)
    prepared = prepared_for(arrived, library, known_on)
    known = TypedFacts(prepared.stack, request.values)
    answers = prepared.explainer.compiled.answers(known.values)
    at_place = law.places[(arrived.where.path, "", "")]
    day = day_of_decision(request.values)
    decision = prepared.explainer.decided(answers, known, place=request.place, at=request.at, day=day)
    return _finished(
        decision, known, library, at_place, prepared, source=source, clocked=True, findings=arrived.findings,
        asks_from=arrived.asks_from,
    )  # fmt: skip


def prepared_for(arrived: Incoming, library: Library, known_on: date | None = None) -> Prepared:
    """The prepared stack for a request."""
    values = arrived.request.values
    return held_law(library).prepared(arrived.request.place, day_of_decision(values), agency_of(values), known_on)


def stack_for(arrived: Incoming, library: Library, known_on: date | None = None) -> Stack:
    """The stack for a request."""
    values = arrived.request.values
    return held_law(library).stack(arrived.request.place, day_of_decision(values), agency_of(values), known_on)


def day_of_decision(values: Mapping[str, Value]) -> date:
    """The local day of the decision, derived when the request was read."""
    day = values["decision.on"]
    assert isinstance(day, date)
    return day


def _finished(
    decision: Decision,
    known: FactsKnown,
    library: Library,
    at_place: AtPlace,
    prepared: Prepared,
    *,
    source: str,
    clocked: bool,
    findings: tuple[Finding, ...],
    asks_from: str,
) -> Decision:
    """Adds to a decision the ends of its limits, findings about the form, the law that is not encoded, and the proof."""
    limits = decision.limits
    if clocked and limits:
        limits = with_rule([_timed(limit, prepared.stack, known, at_place.here) for limit in limits], prepared.stack)
    form = known.get(FORM)
    if form is not None:
        received = known.get(RECEIVED_ON) or decision.day
        findings = (*findings, *at_place.law.forms_out_of_time[str(form), received, source])
    proof = proof_of(
        known.stated(), prepared.stack, stack_digest=prepared.digest, library_digest=library.digest,
        place=decision.place, at=decision.at, asks_from=asks_from,
        as_of_now=any(finding.code == AS_OF_NOW for finding in findings),
    )  # fmt: skip
    asked = asked_in(known.get(ASKS))
    beyond_jail = bool(asked) and BEYOND.issuperset(asked)
    return structs.replace(
        decision, limits=limits, findings=findings, not_encoded=at_place.lacking[decision.day, beyond_jail], proof=proof,
        obligations=with_deadlines(decision.obligations, prepared.stack, known, at_place.where.zone),
        researched_to=at_place.researched[decision.day], agreements=at_place.agreements[decision.day],
        asked=tuple(sorted(asked)),
        paper=prepared.stack.vocabulary.entries[FORM].words.get(str(form), "") if form is not None else "",
    )  # fmt: skip


def with_deadlines(owed: tuple[Owed, ...], stack: Stack, known: FactsKnown, zone: str) -> tuple[Owed, ...]:
    """The obligations with the moment until which each is due, where the moment from which its time runs is known."""
    if RUNS_FROM.keys().isdisjoint([item.after for item in owed]):
        return owed
    found = []
    for item in owed:
        obligation = stack.provisions[item.provision].obligation
        start = known.get(RUNS_FROM[item.after]) if item.after in RUNS_FROM else None
        end = deadline_of(obligation.within, start, zone) if obligation and isinstance(start, datetime) else None
        found.append(structs.replace(item, deadline=end.isoformat()) if end else item)
    return tuple(found)


def _timed(limited: Limited, stack: Stack, known: FactsKnown, here: ClockLocation) -> Limited:
    """The limit with the moment at which it ends a hold, if its start is known."""
    limit = stack.provisions[limited.provision].limit
    values = {path: value for path in CLOCK_FACTS if (value := known.get(path)) is not None}
    end = count_hold_of_request(limit, values, here) if limit else None
    return structs.replace(limited, until=end.until.isoformat()) if end else limited


def with_rule(limits: Sequence[Limited], stack: Stack) -> tuple[Limited, ...]:
    """Marks the limits that govern: those that end first, unless counsel has chosen among federal readings."""
    pairs = zip(applying(limits, stack), limits, strict=True)
    ends = [(limit, datetime.fromisoformat(limited.until)) for limit, limited in pairs if limited.until]
    rules = find_ruling_end([(limit, until) for limit, until in ends if not limit.condition]) or find_ruling_end(ends)
    moments = {limit.provision: until for limit, until in ends}
    governing = {id for id, until in moments.items() if rules and until.timestamp() == rules.timestamp()}
    return tuple(structs.replace(limited, rules=limited.provision in governing) for limited in limits)


def applying(limits: Iterable[Limited], stack: Stack) -> list[ApplicableLimit]:
    """The limits on a hold that apply or may apply, ready to be counted."""
    found = []
    for limited in limits:
        provision = stack.provisions[limited.provision]
        instrument = stack.instruments[provision.instrument]
        if provision.limit:
            federal = instrument.jurisdiction == "us" and not provision.limit.chosen
            cite = provision.cite or instrument.title
            found.append(
                ApplicableLimit(limited.provision, cite, provision.limit, limited.words, federal, limited.condition)
            )
    return found
