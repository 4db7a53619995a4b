"""What the codes of a column seem to stand for. A code whose meaning nobody can tell from the table is left open.

Codes are the one thing that a proposal quotes of cells. A text is taken for a code only if it is short, and not of the kind that
names a person.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TypeAlias

from msgspec import structs

from comity.facts import kinds
from comity.facts.synonyms import find_meanings
from comity.facts.vocabulary import Vocabulary
from comity.intake.blanks import is_word_for_nothing
from comity.intake.column_map.code_values import is_hold
from comity.intake.column_map.column_map import OPEN
from comity.intake.column_map.profile import Profile
from comity.intake.column_map.proposal import ProposedCode, ProposedColumn, in_cells
from comity.intake.named_place import COUNTY_OR_COLORADO, is_county_or_state
from comity.law.library import Library

FITS_MIN = 0.8  # the share of cells that must be values of a fact, before a column is taken for it
CODES_MAX, CODE_MAX, WORDS_MAX = 40, 24, 4  # codes of a column, characters of a code, and its words
UNDERSTOOD_MIN = 0.3  # the share of cells that name offenses, before others in the column are shown as charges
TRUTHS = {"y": "true", "yes": "true", "t": "true", "n": "false", "no": "false", "f": "false"}
WRITTEN_TRUTHS = ("true", "false")
GRADES = {"f": "felony", "fel": "felony", "felony": "felony", "m": "misdemeanor", "misd": "misdemeanor", "mis": "misdemeanor",
          "misdemeanor": "misdemeanor", "inf": "infraction"}  # fmt: skip
DEGREE = re.compile(r"([fm])-?\d")
Codes: TypeAlias = tuple[ProposedCode, ...]


def propose_codes(
    profile: Profile, path: str, kind: kinds.Kind, vocabulary: Vocabulary
) -> tuple[Codes, Codes, tuple[str, ...]]:
    """The codes of a column, those of an offense whose meaning is not clear, and what was seen, in sentences."""
    if not isinstance(kind, kinds.Truth | kinds.Choice | kinds.Set):
        return (), (), ()
    if not profile.counts:
        return (), (), ("it has too many distinct values for codes",)
    known, codes, unknown, hidden = 0, [], [], 0
    for text, count in sorted(profile.counts.items(), key=lambda entry: (-entry[1], entry[0])):
        value = _value(text, path, kind, vocabulary)
        if value is None:
            known += count
        elif value != OPEN:
            codes.append(ProposedCode(code=text, value=value, cells=count))
        elif _is_code(text, count, profile):
            unknown.append(ProposedCode(code=text, value=OPEN, cells=count))
        else:
            hidden += count
    seen = [f"{in_cells(known)} with words that are read without a code"] if known else []
    if len(codes) + len(unknown) > CODES_MAX:
        hidden += sum(code.cells for code in (*codes, *unknown)[CODES_MAX:])
        codes, unknown = codes[:CODES_MAX], unknown[: max(CODES_MAX - len(codes), 0)]
    if hidden:
        seen.append(f"{in_cells(hidden)} not understood and not shown: what they say will be unknown, and counted")
    if path.endswith(".offense"):
        understood = known + sum(code.cells for code in codes)
        shown = unknown if understood >= UNDERSTOOD_MIN * profile.filled else ()
        return tuple(codes), tuple(shown), tuple(seen)
    return (*codes, *unknown), (), tuple(seen)


def is_understood(profile: Profile, path: str, kind: kinds.Kind, vocabulary: Vocabulary) -> bool:
    """Whether some cell says a value of a fact; also where the cells are too many to look at, or the fact has no list of values."""
    if not isinstance(kind, kinds.Truth | kinds.Choice | kinds.Set) or not profile.counts:
        return True
    return any(
        not is_word_for_nothing(text) and _value(text, path, kind, vocabulary) != OPEN for text in profile.counts
    )


def _value(text: str, path: str, kind: kinds.Kind, vocabulary: Vocabulary) -> str | None:
    """What a text stands for: None where it is read as it is, `?` where that is not known."""
    folded = text.casefold()
    if is_word_for_nothing(text) and folded not in getattr(kind, "members", ()):
        return None
    if isinstance(kind, kinds.Truth):
        return None if folded in WRITTEN_TRUTHS else TRUTHS.get(folded, OPEN)
    if is_hold(text) and path.endswith(".offense"):
        return None
    assert isinstance(kind, kinds.Choice | kinds.Set)
    if text in kind.members:
        return None
    meanings = find_meanings(text, vocabulary.names.get(path, {}))
    if len(meanings) == 1:
        return meanings[0]
    if path.endswith(".grade") and not meanings:
        degree = DEGREE.fullmatch(folded)
        return GRADES.get(degree[1] if degree else folded, OPEN)
    return OPEN


def _is_code(text: str, count: int, profile: Profile) -> bool:
    """Whether a text may be shown: it is short, it repeats or has a few letters, and it is not written as a name is."""
    if len(text) > CODE_MAX or "," in text or len(text.split()) > WORDS_MAX:
        return False
    return len(text) <= 4 or (count > 1 and profile.distinct * 2 <= profile.filled)


def propose_place_codes(
    column: ProposedColumn, profile: Profile, states: Collection[str], library: Library
) -> ProposedColumn:
    """The column of places with a code for each county that is named without its State, where the table names one State."""
    codes, open_codes = [], 0
    named = library.gazetteer.named
    for text, count in sorted(profile.counts.items(), key=lambda entry: (-entry[1], entry[0])):
        if named(text) and not is_county_or_state(text, library):
            continue
        place = None
        if len(states) == 1:
            [state] = states
            bare = COUNTY_OR_COLORADO.sub(r"\1", text.strip())
            county = bare if bare.casefold().endswith(("county", "parish")) else f"{bare} County"
            place = named(f"{county}, {state}")
        if place is None and not _is_code(text, count, profile):
            open_codes += count
            continue
        codes.append(ProposedCode(code=text, value=place.path if place else OPEN, cells=count))
    without_state = open_codes + sum(code.cells for code in codes if code.value == OPEN)
    if without_state * 2 > profile.filled:
        seen = (*column.seen, "most cells name a place without its State: each needs a code, as in LEON: us/fl/leon")
        return structs.replace(column, fact=OPEN, candidates=("place",), seen=seen)
    seen = column.seen
    if open_codes or len(codes) > CODES_MAX:
        seen = (*seen, "some cells name no place that is known with its State; they are not shown, and will be counted")
    return structs.replace(column, codes=tuple(codes[:CODES_MAX]), seen=seen)
