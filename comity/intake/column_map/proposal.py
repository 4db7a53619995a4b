"""A map that is proposed for a table: for each column what it gives or may give, and what was seen in its cells."""

from __future__ import annotations

from msgspec import Struct

from comity.intake.column_map.column_map import IGNORE, OPEN


def in_cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count:,} cells"


class ProposedCode(Struct, frozen=True, kw_only=True):
    """A code with the value that it seems to stand for, `?` where nobody can tell, and how many cells have it."""

    code: str
    value: str
    cells: int


class ProposedColumn(Struct, frozen=True, kw_only=True):
    """A column: its `fact`, `?` with `candidates` where it is open, or `ignore`; `days` is an order, or `?`.

    `unclear` are texts that may be codes of offenses, and `nones`
    words that may say that there is none. `seen` says in sentences what was found in heading and cells; it quotes no cell but
    codes. `is_list` marks sets and lists.
    """

    heading: str
    fact: str
    candidates: tuple[str, ...] = ()
    days: str = ""
    codes: tuple[ProposedCode, ...] = ()
    code_list: str = ""
    unclear: tuple[ProposedCode, ...] = ()
    nones: tuple[ProposedCode, ...] = ()
    separator: str = ""
    is_list: bool = False
    seen: tuple[str, ...] = ()

    @property
    def open(self) -> int:
        """How many questions the column leaves open."""
        if self.fact == IGNORE:
            return 0
        return (self.fact == OPEN) + (self.days == OPEN) + sum(code.value == OPEN for code in self.codes)


class Proposal(Struct, frozen=True, kw_only=True):
    """The map of a table as proposed: its `source`, how many rows were looked at, its columns, and the column of bookings.

    `notes` say how the table was read, and what a person should check.
    """

    source: str
    rows: int
    booking: str = ""
    columns: tuple[ProposedColumn, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def questions(self) -> str:
        """How many questions are open, as a sentence without its full stop."""
        count = self.open
        return (
            "No question is open"
            if not count
            else "1 question is open"
            if count == 1
            else f"{count} questions are open"
        )

    @property
    def open(self) -> int:
        """How many questions are open, before the map can be used."""
        return sum(column.open for column in self.columns)
