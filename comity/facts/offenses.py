"""Reads the families of offenses: the family of each NCIC uniform offense code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from comity.csvtext import read_rows
from comity.facts import kinds
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding, did_you_mean
from comity.whole import whole_number

FILE = "offenses.csv"
FAMILY, CODES = "family", "codes"
DIGITS = 4  # a code has four characters, and its leading zeros count


def read_offenses(
    path: Path, vocabulary: Vocabulary, over: Sequence[Path] = ()
) -> tuple[dict[str, str], list[Finding]]:
    """The family of every code in the table, and its faults; none where the file does not exist.

    A row names a family of `convictions[].offense` and its codes, separated by spaces; `0901-0908` is a range of codes.
    A code in a table `over` it has the family that this names.
    """
    families: dict[str, str] = {}
    findings: list[Finding] = []
    for table in (path, *over):
        of_table, faults = _of_table(table, vocabulary)
        families |= of_table
        findings += faults
    return families, findings


def _of_table(path: Path, vocabulary: Vocabulary) -> tuple[dict[str, str], list[Finding]]:
    if not path.is_file():
        return {}, []
    families: dict[str, str] = {}
    known = _families(vocabulary)
    rows, findings = read_rows(path, (FAMILY, CODES))
    for row in rows:
        family = row[FAMILY]
        if family not in known:
            message = f'there is no offense family "{family}"'
            findings.append(Finding("unknown-choice", row.at, message, did_you_mean(family, known)))
        for code in _codes(row[CODES]):
            if len(code) != DIGITS or code in families:
                message = f'the code "{code}" is given twice, or does not have {DIGITS} characters'
                findings.append(Finding("offense-code", row.at, message))
            families[code] = family
    return families, findings


def _families(vocabulary: Vocabulary) -> tuple[str, ...]:
    records = vocabulary.kind("convictions")
    offense = records.fields.get("offense") if isinstance(records, kinds.Records) else None
    return tuple(offense.members) if isinstance(offense, kinds.Choice) else ()


def _codes(text: str) -> Iterable[str]:
    for part in text.split():
        first, last = (whole_number(end, DIGITS) for end in part.partition("-")[::2])
        if first is None or last is None or last < first:
            yield part
        else:
            yield from (f"{number:0{DIGITS}d}" for number in range(first, last + 1))
