"""One request through the whole house: read, decided under the law of its place and day, and its hold limits timed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct, structs

from comity.clock.days import ClockLocation
from comity.clock.hold import STARTS, count_hold_of_request
from comity.clock.readings import ApplicableLimit, find_ruling_end
from comity.decision.decision import Decision, Limited
from comity.decision.facts_known import FactsKnown, TypedFacts, WrittenFacts
from comity.decision.held_law import AtPlace, HeldLaw, Prepared, held_law
from comity.decision.incoming import Incoming, incoming
from comity.decision.proof import ASKS, proof_of
from comity.engine.compiled.reader import RequestReader
from comity.engine.compiled.typed import Unusual
from comity.engine.outcome import Outcome
from comity.facts.kinds import Value
from comity.finding import Finding, Place, grave
from comity.intake.form import find_form_out_of_use, instrument_of
from comity.law.in_force import Stack, agency_of
from comity.law.library import Library

FORM, RECEIVED_ON = "request.form", "request.received_on"
CLOCK_FACTS = tuple(path for pair in STARTS.values() for path in pair)  # from which a limit on a hold may run


class AsWritten(Struct, frozen=True, kw_only=True):
    """A request that the compiled reader read: where and when it is decided, and the answers to the questions of law."""

    at_place: AtPlace
    moment: datetime
    day: date
    prepared: Prepared
    reader: RequestReader
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
    """The decision on a request in JSON, or nothing and the grave findings that stand in its way.

    The compiled reader reads a request of the usual form, and the general one any other; both give the same answers.
    """
    written = None if known_on else _as_written(document, held_law(library), place=place, at=at)
    if written:
        return _decided_as_written(written, document, library, source), []
    arrived, findings = incoming(document, library, source, place=place, at=at, now=now)
    return (decided_of(arrived, library, source, known_on), []) if arrived else (None, list(grave(findings)))


def outcomes(
    document: Mapping[str, Any], library: Library, *, now: datetime | None = None
) -> tuple[dict[str, tuple[Outcome, ...]] | None, list[Finding]]:
    """The open outcomes of each action, nothing explained; or nothing and the grave findings that stand in the way."""
    written = _as_written(document, held_law(library))
    if written:
        return written.prepared.explainer.outcomes(written.answers), []
    arrived, findings = incoming(document, library, now=now)
    if arrived is None:
        return None, list(grave(findings))
    prepared = prepared_for(arrived, library)
    explainer = prepared.explainer
    values = TypedFacts(prepared.stack, arrived.request.values).values
    return explainer.outcomes(explainer.compiled.answers(values)), []


def _as_written(
    document: Mapping[str, Any], law: HeldLaw, *, place: str | None = None, at: str | datetime | None = None
) -> AsWritten | None:
    """The request as the compiled reader reads it; None where the general reader must, or says what is wrong with it.

    A value that cannot be looked up in a table, such as a list where a text belongs, raises TypeError.
    """
    try:
        at_place = law.places[_place_key(document, document.get("place") if place is None else place)]
        raw = document.get("at") if at is None else at
        moment, day = at_place.moments[raw.isoformat() if raw.__class__ is datetime else raw]
        prepared, reader = at_place.on[day]
        answers = reader.read(document, day)
    except (Unusual, TypeError):
        return None
    return AsWritten(at_place=at_place, moment=moment, day=day, prepared=prepared, reader=reader, answers=answers)


def _decided_as_written(written: AsWritten, document: Mapping[str, Any], library: Library, source: str) -> Decision:
    known, stated = WrittenFacts(written.reader, document, written.day), written.reader.raw
    explainer, path = written.prepared.explainer, written.at_place.where.path
    decision = explainer.decided(written.answers, known, place=path, at=written.moment, day=written.day)
    return _finished(
        decision, known, library, written.at_place, written.prepared, source=source, findings=(),
        clocked=any(stated(fact, document) is not None for fact in CLOCK_FACTS),
        asked_by_form=stated(ASKS, document) is None and known.get(ASKS) is not None,
    )  # fmt: skip


def _place_key(document: Mapping[str, Any], place: Any) -> tuple[Any, str, str]:
    """What tells which law applies beside the day: the place, and the agency where the request names it."""
    agency = document.get("agency")
    if agency is None:
        return place, "", ""
    if agency.__class__ is not dict:
        raise Unusual(agency)
    kind, name = (agency.get(key, "") for key in ("kind", "name"))
    kind, name = "" if kind is None else kind, "" if name is None else name
    if kind.__class__ is not str or name.__class__ is not str:
        raise Unusual(agency)
    return place, kind, name


def decided_of(arrived: Incoming, library: Library, source: str = "request", known_on: date | None = None) -> Decision:
    """The decision on a request that came in whole; its findings tell what is odd about the request."""
    request, law = arrived.request, held_law(library)
    prepared = prepared_for(arrived, library, known_on)
    known = TypedFacts(prepared.stack, request.values)
    answers = prepared.explainer.compiled.answers(known.values)
    at_place = law.places[(arrived.where.path, "", "")]
    day = day_of_decision(request.values)
    decision = prepared.explainer.decided(answers, known, place=request.place, at=request.at, day=day)
    return _finished(
        decision, known, library, at_place, prepared, source=source, clocked=True, findings=arrived.findings,
        asked_by_form=arrived.asked_by_form,
    )  # fmt: skip


def prepared_for(arrived: Incoming, library: Library, known_on: date | None = None) -> Prepared:
    """The law in force for a request, ready to decide."""
    values = arrived.request.values
    return held_law(library).prepared(arrived.request.place, day_of_decision(values), agency_of(values), known_on)


def stack_for(arrived: Incoming, library: Library, known_on: date | None = None) -> Stack:
    """The law in force for a request."""
    values = arrived.request.values
    return held_law(library).stack(arrived.request.place, day_of_decision(values), agency_of(values), known_on)


def day_of_decision(values: Mapping[str, Value]) -> date:
    """The local day of the decision, which the reading of a request derived."""
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
    asked_by_form: bool,
) -> Decision:
    """The decision with the ends of its limits, what is odd about the request, and what law of the place is not encoded."""
    limits = decision.limits
    if clocked and limits:
        limits = with_rule([_timed(limit, prepared.stack, known, at_place.here) for limit in limits], prepared.stack)
    form = known.get(FORM)
    if form is not None:
        received = known.get(RECEIVED_ON) or decision.day
        findings = (*findings, *_form_out_of_time(str(form), library, received, source))
    lacking = at_place.lacking[decision.day]
    proof = proof_of(
        known.stated(), prepared.stack, stack_digest=prepared.digest, place=decision.place, at=decision.at,
        asked_by_form=asked_by_form,
    )  # fmt: skip
    return structs.replace(decision, limits=limits, findings=findings, not_encoded=lacking, proof=proof)


def _timed(limited: Limited, stack: Stack, known: FactsKnown, here: ClockLocation) -> Limited:
    """With the moment at which the limit ends a hold, where it is known when it starts."""
    limit = stack.provisions[limited.provision].limit
    values = {path: value for path in CLOCK_FACTS if (value := known.get(path)) is not None}
    end = count_hold_of_request(limit, values, here) if limit else None
    return structs.replace(limited, until=end.until.isoformat()) if end else limited


def with_rule(limits: Sequence[Limited], stack: Stack) -> tuple[Limited, ...]:
    """The limits with those marked that govern: the one that ends first, but where counsel has chosen among federal readings."""
    pairs = zip(applying(limits, stack), limits, strict=True)
    ends = [(limit, datetime.fromisoformat(limited.until)) for limit, limited in pairs if limited.until]
    rules = find_ruling_end([(limit, until) for limit, until in ends if not limit.condition]) or find_ruling_end(ends)
    moments = {limit.provision: until for limit, until in ends}
    governing = {id for id, until in moments.items() if rules and until.timestamp() == rules.timestamp()}
    return tuple(structs.replace(limited, rules=limited.provision in governing) for limited in limits)


def applying(limits: Iterable[Limited], stack: Stack) -> list[ApplicableLimit]:
    """The limits on a hold that apply or may, as they are counted."""
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


def _form_out_of_time(form: str, library: Library, received: object, source: str) -> Iterable[Finding]:
    """A finding where a request's form was surely not in use on the day it was received, else on the day of decision."""
    assert isinstance(received, date)
    message = find_form_out_of_use(library.instruments.get(instrument_of(form)), received)
    if message:
        yield Finding("form-out-of-time", Place(source), message, "check which form it is", grave=False)
