"""The claims that every instrument must meet, as findings where it stands: alone, and among the law of its first day.

Alone, no provision may be dead, no two may collide, and its cases must cover its boundaries. Among the other law, a duty
that always yields to higher law is shown: it may be a real defect of the real law, and then its file says so. A file may
also say so of law that came later, and is believed where on some later day it is true.
"""

from __future__ import annotations

from collections.abc import Iterator

from comity.claims import claims
from comity.claims.boundaries import Covered, coverage, findings_of
from comity.claims.claims import Verdict
from comity.claims.describe import request_in_words
from comity.claims.prepared import ANY_AGENCY, PreparedLaw
from comity.claims.prover import Prover
from comity.claims.sentences import noun_of
from comity.finding import Finding, Place
from comity.law.calendar import Calendar
from comity.law.instrument import Explained, Instrument, short
from comity.law.library import Library

DEAD, COLLIDES, YIELDS, UNSETTLED, IDLE = (
    "dead-provision",
    "collides",
    "always-yields",
    "not-settled",
    "explains-nothing",
)


def check_claims(
    library: Library, own: Instrument, prepared: PreparedLaw | None = None
) -> tuple[list[Finding], list[Covered]]:
    """What an instrument does not meet, and its boundaries; what its own text explains is left out.

    `prepared` holds stacks of the same library that are prepared already.
    """
    prepared = prepared or PreparedLaw(library)
    covered = coverage(library, own, prepared.alone(own).stack)
    alone = prepared.alone(own).prover(any_day=True)  # over its whole life
    among = prepared.in_force(own.jurisdiction, own.first_sure_day).prover()
    found = [
        *_dead(alone, own),
        *_collides(alone, own, library),
        *_yields(among, own, library),
        *findings_of(covered, library.vocabulary),
    ]
    left = [finding for finding in found if not any(_explains(note, finding, own) for note in own.explained)]
    unused = [note for note in own.explained if not any(_explains(note, finding, own) for finding in found)]
    idle = [note for note in unused if not _comes_true(note, own, prepared)]
    return [*left, *(_idle(note) for note in idle)], covered


def _explains(note: Explained, finding: Finding, own: Instrument) -> bool:
    """Whether a note under a heading is about a finding of a provision that stands there."""
    return note.finding == finding.code and any(
        note.covers(each.id) and each.place == finding.place for each in own.provisions
    )


def _comes_true(note: Explained, own: Instrument, prepared: PreparedLaw) -> bool:
    """Whether what a note explains is so only later, when other law has changed."""
    if note.finding != YIELDS:
        return False
    calendar = Calendar(prepared.library, own.jurisdiction, ANY_AGENCY)
    later = (prepared.in_force(own.jurisdiction, day).prover() for day in calendar.days if day > own.first_sure_day)
    return any(_explains(note, finding, own) for among in later for finding in _yields(among, own, prepared.library))


def _idle(note: Explained) -> Finding:
    message = f'this explains "{note.finding}", and there is no such finding here any more'
    return Finding(IDLE, note.place, message, "take it out", grave=False)


def _dead(alone: Prover, own: Instrument) -> Iterator[Finding]:
    for verdict in claims.live(alone, examples=False):
        if verdict.holds is None:
            yield _unsettled(verdict, own)
        elif not verdict.holds:
            message = f"{short(verdict.about, {own.id: own})} bears on no request: nothing meets its condition, or it always gives way here"
            yield Finding(DEAD, _place(verdict.about, own), message, "mend the condition, or take the provision out")


def _collides(alone: Prover, own: Instrument, library: Library) -> Iterator[Finding]:
    for verdict in claims.unambiguous(alone):
        if verdict.holds is None:
            yield _unsettled(verdict, own)
        elif verdict.example is not None:
            named = " and ".join(short(provision, {own.id: own}) for provision in verdict.provisions)
            example = "; ".join(request_in_words(verdict.example, library.vocabulary, library.instruments))
            message = f"{named} both require and forbid {noun_of(verdict.about)}, for example where {example}"
            yield Finding(COLLIDES, _place(verdict.provisions[-1], own), message, "say which of them gives way")


def _yields(among: Prover, own: Instrument, library: Library) -> Iterator[Finding]:
    for verdict in claims.conflicts(among, instrument=own.id):
        if verdict.holds is False:
            to = ", ".join(short(provision, library.instruments) for provision in verdict.provisions)
            message = (
                f"{short(verdict.about, library.instruments)} never stands: wherever it applies, it yields to {to}"
            )
            yield Finding(
                YIELDS,
                _place(verdict.about, own),
                message,
                "mend it, or explain it here as a defect of the law",
                grave=False,
            )


def _unsettled(verdict: Verdict, own: Instrument) -> Finding:
    message = f'"{verdict.claim}" was not settled in time for {verdict.about}, which proves nothing'
    return Finding(UNSETTLED, _place(verdict.about, own), message, "simplify the condition")


def _place(provision: str, own: Instrument) -> Place:
    return next((each.place for each in own.provisions if each.id == provision), own.place)
