"""The map of a table with headings of its own: which column gives which fact, and how its cells are written.

A person writes the map, or reviews one that `propose` began, and keeps it beside the data. What it does not say is read as
without a map; nothing is guessed while a table is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from comity.facts import kinds
from comity.facts.vocabulary import Vocabulary
from comity.intake import headings, published
from comity.intake.units import PERSON

OPEN, IGNORE, BOOKING = "?", "ignore", "booking"
NCIC = "ncic"
# Short names for the columns that say where a person was held, who it is, and what became of the request.
ROLES = {
    "place": "place",
    "facility": headings.FACILITY,
    "facility_code": headings.FACILITY_CODE,
    "city": headings.CITY,
    "state": headings.STATE,
    "unique_identifier": PERSON,
    "lift_reason": headings.LIFTED,
    "duplicate": "duplicate_likely",
}
PUBLISHED_READ = frozenset((*published.COLUMNS, *ROLES.values(), headings.RECEIVED, headings.FORM))
HOLD_ROLES = ("held_from", "held_until", "days", "period", "person")  # of a table of holds
# Of a list with which a desk is reconciled: who the person is, what became of the detainer, and who received it.
LIST_ROLES = (
    "name", "last_name", "first_name", "middle_name", "a_number", "booking_number", "born_on", "outcome", "station",
)  # fmt: skip
FIELD = re.compile(r"(?P<list>[a-z_.0-9]+)\[(?P<record>\d{0,3})\]\.(?P<field>[a-z_0-9]+)")
DAY_ROLES = ("held_from", "held_until", "start", "end", headings.RECEIVED, "msc_conviction_date", "born_on")


class Target(Struct, frozen=True):
    """What a column gives: the `name` of a fact or of a column that is read; for a field of a list, its record and its name."""

    name: str
    field: str = ""
    record: int = 1

    def __str__(self) -> str:
        return f"{self.name}[{self.record}].{self.field}" if self.field else self.name


class MappedColumn(Struct, frozen=True, kw_only=True):
    """One column of the source. `heading` is its name in the source.

    `days` is the order in which it writes days. `codes` gives for each code the value that it stands for, as the vocabulary
    writes it; `code_list` names a published list of codes instead. The words in `missing` say nothing; those in `none` say that
    there is none, of a set or of a list. `separator` stands between the values of a cell. With `complete` in one of its columns, a set or a
    list is known whole; without, there may be more.
    """

    heading: str
    target: Target
    days: str = ""
    codes: Mapping[str, str] = {}
    code_list: str = ""
    missing: frozenset[str] = frozenset()
    none: frozenset[str] = frozenset()
    separator: str = ""
    complete: bool = False


class ColumnMap(Struct, frozen=True, kw_only=True):
    """How the columns of one table are read.

    `name` and `digest` (the SHA-256 of the file) identify the map in a codebook. `place` is where all people of the table were
    held. `days` is the order for columns without one of their own. Rows with the same value in the column `booking` are one
    request. `missing` are words that say nothing in any column. `ignored` are columns that are not read, also where they are
    called by a fact. `given` says in words what an option or an argument added.
    """

    name: str = ""
    digest: str = ""
    place: str = ""
    days: str = ""
    booking: str = ""
    missing: frozenset[str] = frozenset()
    columns: tuple[MappedColumn, ...] = ()
    ignored: frozenset[str] = frozenset()
    given: tuple[str, ...] = ()

    @property
    def headings(self) -> frozenset[str]:
        """The names of the columns of the source that the map reads."""
        named = [column.heading for column in self.columns]
        return frozenset((*named, self.booking) if self.booking else named)

    def describe(self) -> str:
        """What was read through the map, as the beginning of a sentence."""
        if not self.name:
            return f"columns are read as given: {'; '.join(self.given)}" if self.given else ""
        digest = f" (SHA-256 {self.digest})" if self.digest else ""
        return f"columns are read through the map {self.name}{digest}{''.join(f'; {text}' for text in self.given)}"


def read_target(text: str, vocabulary: Vocabulary) -> Target | None:
    """What a column is said to give; None where there is no such fact, field or column."""
    found = FIELD.fullmatch(text)
    if found:
        kind = vocabulary.kind(found["list"])
        if isinstance(kind, kinds.Records) and found["field"] in kind.fields:
            return Target(found["list"], found["field"], int(found["record"] or 1))
        return None
    if text in ROLES:
        return Target(ROLES[text])
    known = text in vocabulary.facts or text in (*HOLD_ROLES, *LIST_ROLES) or text in PUBLISHED_READ
    return Target(text) if known else None


def kind_of_target(target: Target, vocabulary: Vocabulary) -> kinds.Kind:
    """The kind of the values of a column; columns that are no facts hold text, or days."""
    if target.field:
        records = vocabulary.kind(target.name)
        assert isinstance(records, kinds.Records)
        return records.fields[target.field]
    kind = vocabulary.kind(target.name)
    return kind or (kinds.Day() if target.name in DAY_ROLES else kinds.Text())


def path_of_target(target: Target) -> str:
    """The path of a fact or field in the vocabulary."""
    return f"{target.name}[].{target.field}" if target.field else target.name
