"""The families of offenses: which one each NCIC uniform offense code belongs to."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from comity.facts import kinds
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding, Place, did_you_mean

FILE = "offenses.csv"
FAMILY, CODES = "family", "codes"
DIGITS = 4  # a code has four characters, and its leading zeros count


def read_offenses(path: Path, vocabulary: Vocabulary) -> tuple[dict[str, str], list[Finding]]:
    """The family of every code in the table, and its faults; nothing where there is no such file.

    A row names a family of `convictions[].offense` and its codes, apart by spaces; `0901-0908` stands for all between.
    """
    if not path.is_file():
        return {}, []
    families: dict[str, str] = {}
    findings: list[Finding] = []
    known = _families(vocabulary)
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), 2):
            family, place = row.get(FAMILY) or "", Place(str(path), number)
            if family not in known:
                findings.append(
                    Finding(
                        "unknown-choice", place, f'there is no offense family "{family}"', did_you_mean(family, known)
                    )
                )
            for code in _codes(row.get(CODES) or ""):
                if len(code) != DIGITS or code in families:
                    findings.append(
                        Finding("offense-code", place, f'the code "{code}" stands twice or has not four characters')
                    )
                families[code] = family
    return families, findings


def _families(vocabulary: Vocabulary) -> tuple[str, ...]:
    records = vocabulary.kind("convictions")
    offense = records.fields.get("offense") if isinstance(records, kinds.Records) else None
    return tuple(offense.members) if isinstance(offense, kinds.Choice) else ()


def _codes(text: str) -> Iterable[str]:
    for part in text.split():
        first, sign, last = part.partition("-")
        if sign and first.isdigit() and last.isdigit():
            yield from (f"{number:0{DIGITS}d}" for number in range(int(first), int(last) + 1))
        else:
            yield part
