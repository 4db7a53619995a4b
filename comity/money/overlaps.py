"""Finds doubled and overlapping holds of one person, so that no day is billed twice.

Only rows with a key of a person are known to be of one person; keys that differ in case, spaces or the form of an accent are one
key, and words such as "unknown" are none. Each day of a person counts once, for the hold that starts first.
Rows without a key, and rows that give a sum of days, may be of different people: all of them count, and a finding names rows
that repeat the days of another.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from comity.finding import Finding, Place
from comity.money.many import Holds, Whole

NO_PERSON = -1
# What is written where nobody is named, in small letters without spaces and signs.
NOBODY = (
    *(
        "",
        "anonymous",
        "blank",
        "confidential",
        "doejane",
        "doejohn",
        "janedoe",
        "johndoe",
        "na",
        "name",
        "nan",
        "nil",
        "noname",
        "none",
    ),
    *(
        "notavailable",
        "notknown",
        "null",
        "redacted",
        "tbd",
        "unidentified",
        "unk",
        "unknown",
        "unnamed",
        "withheld",
        "xxx",
    ),
)
NAMED_MAX = 100  # overlaps that have a finding each; the rest are counted in one more
HELP = "correct the rows if one of them is a mistake"
HELP_NO_PERSON = "add a column person, so that the rows of one person can be recognised"


class HoldRows(Struct, frozen=True, kw_only=True):
    """All holds of a table that can be priced, in the order of its rows; `persons` are numbers from `number_persons`.

    `spellings` numbers the keys of the persons as they are written; it is empty where the table has none.
    `sheets` names the sheet of each row where the workbook has several, and is empty elsewhere.
    """

    holds: Holds
    rows: Whole
    persons: Whole
    spellings: Whole
    source: str
    sheets: tuple[str, ...] = ()

    def row(self, at: int) -> str:
        """The row of a hold in words."""
        return f"row {self.rows[at]} of sheet {self.sheets[at]}" if self.sheets else f"row {self.rows[at]}"


class _Overlap(Struct, frozen=True, kw_only=True):
    """The hold at one index has days that an earlier hold of the same person has, from its first day until another."""

    at: int
    earlier: int
    until: int


def person_keys(persons: pa.Array) -> pa.Array:
    """What each person is compared by, whatever the case and spaces of the key; NULL where the text names nobody."""
    keys = pc.utf8_lower(pc.utf8_normalize(persons, "NFKC"))
    keys = pc.utf8_trim_whitespace(pc.replace_substring_regex(keys, r"[\s\pZ]+", " "))
    bare = pc.replace_substring_regex(keys, r"[^\pL\pM\pN]+", "")
    return pc.if_else(pc.is_in(bare, pa.array(NOBODY, pa.string())), pa.scalar(None, pa.string()), keys)


def number_persons(persons: Sequence[pa.Array]) -> tuple[Whole, Whole]:
    """A number for each person over all pieces of a table, `NO_PERSON` where a row names none; and one for each spelling."""
    encoded = pa.chunked_array(persons, pa.string()).combine_chunks().dictionary_encode()
    of_spelling = _codes(person_keys(encoded.dictionary).dictionary_encode())
    spellings = _codes(encoded)
    return np.append(of_spelling, NO_PERSON)[spellings], spellings  # NO_PERSON, -1, is the last of them


def _codes(encoded: pa.DictionaryArray) -> Whole:
    codes: Whole = pc.fill_null(encoded.indices.cast(pa.int64()), NO_PERSON).to_numpy(zero_copy_only=False)
    return codes


def find_overlaps(table: HoldRows, *, bill_overlaps: bool = False) -> tuple[Whole, list[Finding]]:
    """The day from which each hold is billed, and a finding for each hold with days that are not billed again.

    Where that day is the end of the hold, none of its days is left. With `bill_overlaps` every hold is billed from its first
    day, and the findings say so.
    """
    single = (table.persons != NO_PERSON) & (table.holds.days == 0)
    since, overlaps = _find_overlaps(table, np.flatnonzero(single))
    named = sorted(overlaps, key=lambda overlap: int(table.rows[overlap.at]))
    findings = [_overlap_finding(table, overlap, bill_overlaps) for overlap in named[:NAMED_MAX]]
    if len(named) > NAMED_MAX:
        message = f"{len(named) - NAMED_MAX:,} more rows overlap a hold of the same person"
        findings.append(Finding("overlapping-hold", Place(table.source), message, HELP, grave=False))
    findings += _find_repeats(table, np.flatnonzero(~single))
    return table.holds.since if bill_overlaps else since, findings


def _find_overlaps(table: HoldRows, chosen: Whole) -> tuple[Whole, list[_Overlap]]:
    """Goes through the holds of each person by their first day; of two that start together the longer one goes first."""
    holds, since = table.holds, table.holds.since.copy()
    if len(chosen) < 2:
        return since, []
    persons = table.persons[chosen]
    order = np.lexsort((table.rows[chosen], -holds.until[chosen], holds.since[chosen], persons))
    chosen, persons = chosen[order], persons[order]
    step = int(holds.until[chosen].max()) + 1  # so that all days of one person lie above those of the person before
    ends = persons * step + holds.until[chosen]
    reached = np.maximum.accumulate(ends)
    raises = np.concatenate(([True], ends[1:] > reached[:-1]))
    latest = np.maximum.accumulate(np.where(raises, np.arange(len(ends)), 0))
    later, earlier = chosen[1:], chosen[latest[:-1]]
    covered = np.where(persons[1:] == persons[:-1], reached[:-1] - persons[1:] * step, 0)
    overlapping = covered > holds.since[later]
    until = np.minimum(covered, holds.until[later])
    since[later[overlapping]] = until[overlapping]
    columns = (later[overlapping].tolist(), earlier[overlapping].tolist(), until[overlapping].tolist())
    return since, [_Overlap(at=at, earlier=before, until=end) for at, before, end in zip(*columns, strict=True)]


def _overlap_finding(table: HoldRows, overlap: _Overlap, bill_overlaps: bool) -> Finding:
    holds = table.holds
    first, last = date.fromordinal(int(holds.since[overlap.at])), date.fromordinal(overlap.until) - timedelta(1)
    days = f"{first}" if first == last else f"{first} to {last}"
    spans = [(int(holds.since[at]), int(holds.until[at])) for at in (overlap.at, overlap.earlier)]
    code, verb = ("doubled-hold", "repeats") if spans[0] == spans[1] else ("overlapping-hold", "overlaps")
    counted = "counted twice" if bill_overlaps else "counted once"
    same = table.spellings[overlap.at] == table.spellings[overlap.earlier]
    person = "same person" if same else "same person, whose key is spelled otherwise,"
    message = f"{verb} the hold of the {person} in {table.row(overlap.earlier)}: {days}, {counted}"
    return Finding(code, _place(table, overlap.at), message, HELP, grave=False)


def _find_repeats(table: HoldRows, chosen: Whole) -> list[Finding]:
    """One finding for the rows that repeat an earlier row, where nothing shows that they are of one person."""
    if len(chosen) < 2:
        return []
    holds = table.holds
    keys = np.stack([table.persons[chosen], holds.since[chosen], holds.until[chosen], holds.days[chosen]])
    _, first, inverse = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    originals = first[inverse.reshape(-1)]
    repeats = np.flatnonzero(originals != np.arange(len(chosen)))
    if not len(repeats):
        return []
    at, original = int(chosen[repeats[0]]), int(chosen[originals[repeats[0]]])
    more = len(repeats) - 1
    others = f", and {more:,} more {'row repeats' if more == 1 else 'rows repeat'} another" if more else ""
    message = f"has the same days as {table.row(original)}{others}; all are counted, as they may be of different people"
    return [Finding("repeated-row", _place(table, at), message, HELP_NO_PERSON, grave=False)]


def _place(table: HoldRows, at: int) -> Place:
    return Place(f"{table.source}: {table.row(at)}")
