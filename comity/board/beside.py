"""What a brief shows beside the law where it is asked: the people of the place, and what was measured of trust."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from comity.board.comparison import Choice
from comity.context.describe import describe_context, read_tables
from comity.context.page import describe_foreign_born
from comity.context.trust import FINDINGS_MAX, Study, choose_findings, read_studies
from comity.decision.words import EVIDENCE_WORDS
from comity.finding import Finding, InputFault, grave
from comity.law.cache import shipped
from comity.law.library import Library

RULE = (
    "At most {most} of {count} findings, chosen by the strength of the method, the mark of evidence and the day, and not by which way they"
    " point; docs/trust.md has all of them, each way. No decision reads what is in this section."
)
NO_COUNT = "No count of foreign-born residents that is recorded here was published by then."
ONLY_CONTEXT = "No decision reads what is in this section."


class Wanted(Struct, frozen=True):
    """Which context a brief shows."""

    people: bool = False
    trust: bool = False


class Beside(Struct, frozen=True):
    """The lines of the section, the note below them, and their sources."""

    lines: tuple[str, ...] = ()
    note: str = ""
    sources: tuple[str, ...] = ()


def describe_beside(choice: Choice, wanted: Wanted, library: Library, folders: Sequence[Path] = ()) -> Beside:
    """The context that a brief was asked for; raises `InputFault` for a table of a folder that cannot be read.

    Counts and findings are those published by the day as of which the choice was made.
    """
    people = list(_people(choice, library, folders)) if wanted.people else []
    studies = _read(folders, library) if wanted.trust else ()
    chosen = choose_findings(studies, choice.known_on)
    lines = (*(line for line, _ in people), *(describe_study(study) for study in chosen))
    sources = (*(source for _, source in people if source), *(f"{study.claim}: {_source(study)}" for study in chosen))
    if not lines:
        return Beside()
    note = RULE.format(most=FINDINGS_MAX, count=len(studies)) if chosen else ONLY_CONTEXT
    return Beside(lines, note, sources)


def describe_study(study: Study) -> str:
    """A finding with its figure, method and limits, in one line."""
    return (
        f"Claim: {study.claim}. Figure: {study.figure} ({study.where}). Method: {study.method}. Limits: {study.limits}."
    )


def _people(choice: Choice, library: Library, folders: Sequence[Path]) -> Iterable[tuple[str, str]]:
    """The foreign-born residents of the place as known by the day of the choice, and the source."""
    tables, findings = read_tables(folders, library)
    _refuse(findings)
    where = library.gazetteer.places[choice.place]
    context = describe_context(where, tables, library, choice.known_on)
    if not context.foreign_born:
        yield NO_COUNT, ""
    for count in context.foreign_born:
        yield f"{count.name}: {describe_foreign_born(count)}", f"{count.name}: {count.source}"


def _read(folders: Sequence[Path], library: Library) -> tuple[Study, ...]:
    studies, findings = read_studies([shipped(), *folders], library.gazetteer)
    _refuse(findings)
    return studies


def _refuse(findings: Iterable[Finding]) -> None:
    if faults := grave(findings):
        raise InputFault(faults)


def _source(study: Study) -> str:
    return f"{study.source.source} ({EVIDENCE_WORDS[study.source.evidence]})"
