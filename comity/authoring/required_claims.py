"""Proves the claims that every instrument must meet: alone, and with all law of its place on its first day.

Alone, it must have no dead provision and no two that collide, and its cases must cover its boundaries. With the other law,
a duty that always yields to higher law is reported. That may be a real defect of the law; then its file explains it. A file
may also explain what later law did to it; that explanation is accepted if it is true on some later day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from comity.authoring.boundary_cases import explains
from comity.claims import claims
from comity.claims.boundaries import Covered, coverage, findings_of
from comity.claims.describe import request_in_words
from comity.claims.prepared import ANY_AGENCY, PreparedLaw
from comity.claims.prover import Prover
from comity.decision.words import noun_of
from comity.finding import Finding, Place
from comity.law.calendar import Calendar
from comity.law.instrument import ExplainedFinding, Instrument, citation_of
from comity.law.library import Library

STEPS_MAX = 12_000_000  # of the solver, for an instrument alone and for it among the other law; about two seconds each
SHOWN_MAX = 3  # provisions that are named where something was not proven of many
DEAD, COLLIDES, YIELDS, UNSETTLED, IDLE = (
    "dead-provision",
    "collides",
    "always-yields",
    "not-settled",
    "explains-nothing",
)


def check_claims(
    library: Library, instrument: Instrument, prepared: PreparedLaw | None = None
) -> tuple[list[Finding], list[Covered]]:
    """A finding for each claim that an instrument fails and does not explain.

    Also returns its boundaries. `prepared` holds prepared stacks of the same library, to be used again.
    """
    prepared = prepared or PreparedLaw(library)
    covered = coverage(library, instrument, prepared.alone(instrument).stack)
    alone = prepared.alone(instrument).prover(any_day=True, steps_max=STEPS_MAX)  # over its whole life
    among = prepared.in_force(instrument.jurisdiction, instrument.first_sure_day).prover(steps_max=STEPS_MAX)
    found = [
        *_dead(alone, instrument),
        *_collides(alone, instrument, library),
        *_yields(among, instrument, library),
        *findings_of(covered, library.vocabulary),
    ]
    left = [
        finding for finding in found if not any(explains(note, finding, instrument) for note in instrument.explained)
    ]
    unused = [
        note for note in instrument.explained if not any(explains(note, finding, instrument) for finding in found)
    ]
    idle = [note for note in unused if not _comes_true(note, instrument, prepared)]
    return [*left, *(_idle(note) for note in idle)], covered


def _comes_true(note: ExplainedFinding, instrument: Instrument, prepared: PreparedLaw) -> bool:
    """Whether what a note explains becomes true later, when other law has changed."""
    if note.finding != YIELDS:
        return False
    calendar = Calendar(prepared.library, instrument.jurisdiction, ANY_AGENCY)
    later = (
        prepared.in_force(instrument.jurisdiction, day).prover()
        for day in calendar.days
        if day > instrument.first_sure_day
    )
    return any(
        explains(note, finding, instrument)
        for among in later
        for finding in _yields(among, instrument, prepared.library)
    )


def _idle(note: ExplainedFinding) -> Finding:
    message = f'this explains "{note.finding}", and there is no such finding here'
    return Finding(IDLE, note.place, message, "delete it", grave=False)


def _dead(alone: Prover, instrument: Instrument) -> Iterator[Finding]:
    unsettled: dict[str, str] = {}
    for verdict in claims.live(alone, examples=False):
        named = citation_of(verdict.about, {instrument.id: instrument})
        if verdict.holds is None:
            unsettled[verdict.about] = named
        elif not verdict.holds:
            message = f"{named} affects no request: nothing meets its condition, or it always yields here"
            yield Finding(
                DEAD, _place(verdict.about, instrument), message, "correct the condition, or delete the provision"
            )
    yield from _unsettled(unsettled, "affects any request", instrument)


def _collides(alone: Prover, instrument: Instrument, library: Library) -> Iterator[Finding]:
    unsettled: dict[str, str] = {}
    for verdict in claims.unambiguous(alone):
        if verdict.holds is None:
            unsettled[verdict.about] = noun_of(verdict.about)
        elif verdict.example is not None:
            named = " and ".join(
                citation_of(provision, {instrument.id: instrument}) for provision in verdict.provisions
            )
            example = "; ".join(request_in_words(verdict.example, library.vocabulary, library.instruments))
            message = f"{named} both require and forbid {noun_of(verdict.about)}, for example where {example}"
            yield Finding(COLLIDES, _place(verdict.provisions[-1], instrument), message, "say which of them yields")
    yield from _unsettled(unsettled, "can be both required and forbidden", instrument)


def _yields(among: Prover, instrument: Instrument, library: Library) -> Iterator[Finding]:
    unsettled: dict[str, str] = {}
    for verdict in claims.conflicts(among, instrument=instrument.id, examples=False):
        named = citation_of(verdict.about, library.instruments)
        if verdict.holds is None:
            unsettled[verdict.about] = named
        elif not verdict.holds:
            to = ", ".join(citation_of(provision, library.instruments) for provision in verdict.provisions)
            message = f"{named} never prevails: wherever it applies, it yields to {to}"
            yield Finding(
                YIELDS,
                _place(verdict.about, instrument),
                message,
                "correct it, or explain it here as a defect of the law",
                grave=False,
            )
    yield from _unsettled(unsettled, "ever prevails over higher law", instrument, grave=False)


def _unsettled(
    named: Mapping[str, str], predicate: str, instrument: Instrument, grave: bool = True
) -> Iterator[Finding]:
    """One finding for all provisions or actions of which something was not proven in time; none of none.

    `named` maps them to their names.
    """
    if not named:
        return
    names = [*named.values()][:SHOWN_MAX]
    names += [f"{len(named) - SHOWN_MAX:,} more"] if len(named) > SHOWN_MAX else []
    listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    each = "each of " if len(named) > 1 else ""
    message = f"not proven within the time: whether {each}{listed} {predicate}"
    help = "simplify the conditions, or divide the instrument"
    yield Finding(UNSETTLED, _place(next(iter(named)), instrument), message, help, grave)


def _place(provision: str, instrument: Instrument) -> Place:
    """Where a provision is; an action is where its instrument is."""
    return next((known.place for known in instrument.provisions if known.id == provision), instrument.place)
