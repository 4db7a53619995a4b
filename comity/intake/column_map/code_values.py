"""What a cell of a mapped column says: nothing, none, or the value that its code stands for; each distinct text once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from comity.facts import kinds
from comity.intake.blanks import NO_CODES, is_word_for_nothing
from comity.intake.column_map.column_map import MappedColumn
from comity.intake.column_map.day_orders import is_day_or_moment, read_day

WHOLE_FLOAT = re.compile(r"(-?\d+)\.0+")  # as spreadsheets and frames write a whole number
# Words with which a booking sheet enters an immigration hold in its column of charges. An offense against immigration law, such
# as illegal reentry or smuggling, has further words and is none of these.
OFFICES = frozenset(("immigration", "immigrations", "immig", "ice", "usice", "ins", "usins", "dhs", "bice", "ero"))
HOLDS = frozenset(("hold", "holds", "hld", "detainer", "detainers"))
# With these words a hold is one of immigration officers too.
OF_OFFICES = ({"border", "patrol"}, {"usbp"}, {"cbp"}, {"imm"}, {"alien"}, {"deportation"}, {"deportee"}, {"removal"})
PAPER, CIVIL = "paper", frozenset(("administrative", "admin", "civil"))
OTHER_WORDS = frozenset(
    (
        *("for", "by", "from", "with", "w", "and", "of", "the", "us", "u", "s", "fed", "federal", "other", "agency", "only", "status"),
        *("customs", "enforcement", "illegal", "warrant", PAPER),
    )
)  # fmt: skip
HOLD_WORDS = OFFICES | HOLDS | CIVIL | OTHER_WORDS | frozenset(word for words in OF_OFFICES for word in words)
# Forms of detainers and administrative warrants, and the rules on detainers and on officers who act for the agency.
PAPERS = re.compile(r"\bi ?-? ?(?:247 ?[a-z]?|200|205)\b|\b(?:8 ?c\.?f\.?r\.? ?)?287(?:\.7|\.? ?\(?g\b\)?)")
INITIALS, NO_WORD = re.compile(r"\b([a-z])\."), re.compile(r"[^a-z0-9]+")
HOLD_LENGTH_MAX = 80


def is_hold(text: str) -> bool:
    """Whether a cell of charges enters an immigration hold and no charge: `HOLD FOR ICE`, `IMMIGRATION`, `I-247A DETAINER`."""
    if len(text) > HOLD_LENGTH_MAX:
        return False
    plain = INITIALS.sub(r"\1", PAPERS.sub(f" {PAPER} ", text.lower()))
    words = {*NO_WORD.sub(" ", plain).split()}
    if not words or not words <= HOLD_WORDS or ("warrant" in words and not words & {PAPER, *CIVIL}):
        return False
    is_held = not words.isdisjoint(HOLDS) and any(named <= words for named in OF_OFFICES)
    return is_held or PAPER in words or not words.isdisjoint(OFFICES)


Meaning: TypeAlias = Literal["nothing", "none", "hold", "value", "unread"]


class CellValue(Struct, frozen=True):
    """What one text says: its `meaning`, and the `text` of the value as the vocabulary or an ISO day writes it."""

    meaning: Meaning
    text: str = ""


NOTHING, NONE, HELD = CellValue("nothing"), CellValue("none"), CellValue("hold")


class CodeReader:
    """Reads the texts of one column."""

    def __init__(self, column: MappedColumn, kind: kinds.Kind, offenses: Mapping[str, str], days: str) -> None:
        """`days` is the order of days of the table, for a column without its own."""
        self.column, self.kind, self.offenses = column, kind, offenses
        self.order = column.days or days
        self.is_day = isinstance(kind, kinds.Day | kinds.Moment)
        self.is_offense = column.target.field == "offense"
        self.exact = dict(column.codes)
        folded: dict[str, set[str]] = {}
        for code, value in column.codes.items():
            folded.setdefault(code.casefold(), set()).add(value)
        # Codes that differ in their capitals alone are compared as they are written.
        self.folded = {code: next(iter(values)) for code, values in folded.items() if len(values) == 1}

    def parts(self, text: str) -> list[str]:
        """The values of a cell, which its separator divides; without one, members of a set stand between semicolons."""
        of_set = isinstance(self.kind, kinds.Set) and not self.column.target.field
        separator = self.column.separator or (";" if of_set else "")
        if not separator:
            return [text]
        return [part.strip() for part in text.split(separator.strip() or separator)]

    def read(self, text: str) -> CellValue:
        """What a text says; text for which the map gives no code stays as it is."""
        word = " ".join(text.split())
        whole = WHOLE_FLOAT.fullmatch(word)
        for written in (word, whole[1]) if whole else (word,):
            value = self._coded(written)
            if value is not None:
                return value
        if self.column.code_list:
            return self._of_offense(whole[1] if whole else word)
        if self.is_day:
            day = read_day(word, self.order)
            return (
                CellValue("value", text if is_day_or_moment(word) else day.isoformat()) if day else self._no_day(text)
            )
        if self.is_offense and is_hold(word):
            return HELD
        return CellValue("value", text)

    def _coded(self, word: str) -> CellValue | None:
        folded = word.casefold()
        if not word or folded in self.column.missing:
            return NOTHING
        if folded in self.column.none:
            return NONE
        value = self.exact.get(word, self.folded.get(folded))
        return None if value is None else CellValue("value", value)

    def _of_offense(self, word: str) -> CellValue:
        code = word.zfill(4) if word.isascii() and word.isdigit() else word
        if code in NO_CODES:
            return NOTHING
        return CellValue("value", self.offenses[code]) if code in self.offenses else CellValue("unread", word)

    def _no_day(self, text: str) -> CellValue:
        is_iso = is_day_or_moment(text) or is_word_for_nothing(text)
        return CellValue("value" if is_iso else "unread", text)
