"""How people write nothing in a cell: one table, for every column and for single ones.

Some marks say nothing in any column: what programs write for a missing value, dashes and stars, and the marks of an agency over
what it blacked out. Some words say nothing unless a column has them among its own: "unknown", "none". A few say, in the column of
the most serious conviction, that there is none.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

# Of pandas, R, SQL, Excel and word processors; then the exemptions of 5 USC 552(b), as agencies write them over a cell.
MARKS = (
    r"^(?:|n\.?/?a\.?|n\.a\.?|#n/?a!?|<na>|[\[(<]?null[\])>]?|\\n|#null!|-?nan|nat|[-\x{2013}\x{2014}_.*?#]+|\(blank\)|\[blank\]"
    r"|not (?:available|applicable|provided|recorded|reported|stated|specified|given)"
    r"|[\[(<]*redacted[\])>]*|[\[(<]*withheld[\])>]*|█+"
    r"|[\[(]?\(?b\)? ?\( ?\d ?\).*)$"
)
WORDS = frozenset(
    ("none", "nil", "unknown", "unk", "not known", "no data", "missing", "blank", "undetermined", "none on file", "tbd")
)
NO_CODES = frozenset(
    ("0000", "000", "00", "0", "9999")
)  # in the column of codes of offenses; no offense has such a code
NO_CONVICTION = re.compile(
    r"(?:no|not|never) (?:\w+ )?convict(?:ion|ions|ed)(?: (?:on file|on record|recorded|found))?"
)


def without_marks(text: pa.Array) -> pa.Array:
    """A column of texts with NULL where a cell has a mark that says nothing in any column."""
    blank = pc.match_substring_regex(text, MARKS, ignore_case=True)
    return pc.if_else(blank, pa.scalar(None, text.type), text)


def is_mark(text: str) -> bool:
    """Whether a text says nothing in any column."""
    return bool(without_marks(pa.array([text.strip()], pa.string())).null_count)


def is_word_for_nothing(text: str) -> bool:
    """Whether a text says nothing in a column that does not have it among its own words."""
    return text.casefold() in WORDS


def says_no_conviction(text: str) -> bool:
    """Whether a text in the column of the most serious conviction says that there is none, as "No Conviction" does."""
    return NO_CONVICTION.fullmatch(text.casefold()) is not None
