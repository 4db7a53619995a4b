"""Decides a case under the law held open: the request that its facts make, the snapshot of the decision, and when a hold must end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from comity.decision.decision import Decision
from comity.decision.request import decided
from comity.desk.case import Case
from comity.desk.events import Decided, StatedFact
from comity.finding import Finding, Place, grave, phrase
from comity.hold_clock.hold_clock import count_request
from comity.law.library import Library

ELIGIBLE = "custody.release_eligible_at"


class Bound(Struct, frozen=True):
    """Whose desk it is: the place, and the agency that decides."""

    place: str
    agency_kind: str = ""
    agency_name: str = ""


class End(Struct, frozen=True):
    """When a hold must end, and by which provision."""

    limit_at: datetime
    provision: str


def document_of(bound: Bound, at: datetime, facts: Mapping[str, StatedFact]) -> dict[str, Any]:
    """The request that some facts make, nested as `comity decide` reads it."""
    document: dict[str, Any] = {"place": bound.place, "at": at.isoformat()}
    agency = {name: text for name, text in (("kind", bound.agency_kind), ("name", bound.agency_name)) if text}
    if agency:
        document["agency"] = agency
    for path, fact in sorted(facts.items()):
        section, _, name = path.rpartition(".")
        inside = document.setdefault(section, {}) if section else document
        inside[name] = fact.value
    return document


def decide_case(
    case: Case, detainer: int, bound: Bound, library: Library, at: datetime
) -> tuple[Decision | None, Decided | None, list[Finding]]:
    """The decision on a detainer of a case at a moment, and the event that records it; or the findings that prevent it.

    While a hold runs for the detainer, its beginning is when release was due, so that limits of the hold are moments.
    """
    document = document_of(bound, at, _with_hold(case, detainer))
    decision, findings = decided(document, library, case.id)
    if decision is None:
        return None, None, list(grave(findings))
    return decision, snapshot_of(decision, document, detainer, len(case.decisions) + 1), []


def _with_hold(case: Case, detainer: int) -> dict[str, StatedFact]:
    known, hold = case.known(detainer), case.hold
    return {**known, ELIGIBLE: _eligible(hold.began_at)} if hold and hold.detainer == detainer else known


def _eligible(began_at: datetime) -> StatedFact:
    return StatedFact(value=began_at.isoformat(), source="typed", confirmed_by="")


def snapshot_of(decision: Decision, document: dict[str, Any], detainer: int, number: int) -> Decided:
    """The event of a decision: the request, the law and the program by their digests, and the whole answer."""
    proof = decision.proof
    return Decided(
        detainer=detainer,
        decision=number,
        request=document,
        law_version=decision.law_version,
        stack=proof.stack if proof else "",
        program=f"{proof.program} {proof.program_digest}" if proof else "",
        answer=msgspec.json.decode(decision.to_json()),
    )


def decide_again(snapshot: Decided, library: Library) -> tuple[dict[str, Any] | None, list[str]]:
    """The answer of a stored decision, made again under a library; and the parts of it that differ, by their names."""
    decision, findings = decided(snapshot.request, library, "stored request")
    if decision is None:
        return None, [finding.message for finding in grave(findings)]
    answer: dict[str, Any] = msgspec.json.decode(decision.to_json())
    names = sorted({*answer, *snapshot.answer})
    return answer, [name for name in names if answer.get(name) != snapshot.answer.get(name)]


def end_of_hold(
    case: Case, detainer: int, bound: Bound, library: Library, began_at: datetime
) -> tuple[End | None, list[Finding]]:
    """When a hold that begins at a moment must end, by the limit that governs; or why that cannot be said."""
    document = document_of(bound, began_at, {**case.known(detainer), ELIGIBLE: _eligible(began_at)})
    clock, findings = count_request(document, library, case.id)
    if clock is None:
        return None, list(grave(findings))
    governing = next((reading for reading in clock.readings if reading.rules), None)
    if governing is None or governing.until is None:
        help = phrase("state the facts that the case still lacks")
        return None, [Finding("no-limit", Place(case.id), phrase("no limit of the hold is known"), help)]
    return End(governing.until, governing.provision), []
