"""The page on trust, as measured: each finding with its method and its limits, in the order in which a brief would choose them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from coverage_page import EVIDENCE_PAGE

from comity.context.trust import (
    DESIGN_WORDS,
    DESIGNS,
    DIRECTION_WORDS,
    DIRECTIONS,
    FINDINGS_MAX,
    Study,
    choose_findings,
    order_studies,
    read_studies,
)
from comity.finding import InputFault, grave
from comity.law.cache import shipped
from comity.law.library import Library

OPENING = """# Trust, as measured

What was measured of trust in the police, and of crime, where jails and police work with immigration officers or decline to. Findings
that point each way are here, each with its method and its limits. They are context beside the law: no decision reads them. The table is
`policies/trust.csv`; a row without a source, a day, a method, limits or a [mark of evidence]({evidence}) is refused.

Each finding *points* one of three ways, by one definition for both sides:

{directions}

Of the {count} findings here, {counts}.

## Which ones a brief may show

`comity cost compare --brief FILE --trust` shows at most {most}, chosen by a rule that does not read which way a finding points:

1. Only findings that were published by the day of `--known-on`, where it is given.
2. The method that says most about a cause first: {designs}.
3. Then by mark of evidence: verified, partly verified, recalled.
4. Then the newest first, and then by id.

A test turns the direction of every finding round and compares the choice. Today the rule chooses {chosen}.

`.venv/bin/python docs/write_pages.py trust` writes this page.
"""


def trust_page(library: Library) -> str:
    """The page as Markdown."""
    studies, findings = read_studies([shipped()], library.gazetteer)
    if grave(findings):
        raise InputFault(findings)
    ordered = order_studies(studies)
    counted = Counter(study.direction for study in studies)
    opening = OPENING.format(
        evidence=EVIDENCE_PAGE,
        directions="\n".join(f"* {DIRECTION_WORDS[direction]}" for direction in DIRECTIONS),
        count=len(studies),
        counts=", ".join(f"{counted[direction]} point {_pointing(direction)}" for direction in DIRECTIONS),
        most=FINDINGS_MAX,
        designs="; ".join(DESIGN_WORDS[design] for design in DESIGNS),
        chosen=", ".join(f"[{study.id}](#{study.id})" for study in choose_findings(studies)),
    )
    parts = [opening]
    for design, group in groupby(ordered, key=lambda study: study.design):
        words = DESIGN_WORDS[design]
        parts.append(f"## {words[:1].upper()}{words[1:]}\n")
        parts += [line for study in group for line in _section(study)]
    return "\n".join(parts)


def _pointing(direction: str) -> str:
    return {"against": "against cooperation", "for": "for it", "neither": "neither way"}[direction]


def _section(study: Study) -> Iterable[str]:
    yield f"### {study.id}\n"
    yield f"**{study.claim}.** {study.figure[:1].upper()}{study.figure[1:]}.\n"
    yield f"* Where: {study.where}"
    yield f"* Method: {study.method}"
    yield f"* Limits: {study.limits}"
    yield f"* Points: {_pointing(study.direction)}"
    note = f"; {study.source.note}" if study.source.note else ""
    yield f"* Source: {study.source.source} ({study.source.evidence}{note})\n"
