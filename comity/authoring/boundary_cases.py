"""Checks the cases of an instrument against the boundaries of its conditions, which needs no proof."""

from __future__ import annotations

from comity.claims.boundaries import Covered, coverage, findings_of
from comity.finding import Finding
from comity.law.instrument import ExplainedFinding, Instrument
from comity.law.library import Library


def check_boundaries(library: Library, instrument: Instrument) -> tuple[list[Finding], list[Covered]]:
    """The boundaries of an instrument, and a finding for each without a case on both sides that its text does not explain."""
    covered = coverage(library, instrument)
    found = findings_of(covered, library.vocabulary)
    return [
        finding for finding in found if not any(explains(note, finding, instrument) for note in instrument.explained)
    ], covered


def explains(note: ExplainedFinding, finding: Finding, instrument: Instrument) -> bool:
    """Whether a note under a heading is about a finding of a provision under the same heading."""
    return note.finding == finding.code and any(
        note.covers(provision.id) and provision.place == finding.place for provision in instrument.provisions
    )
