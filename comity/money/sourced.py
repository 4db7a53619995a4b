"""Tables of published figures: each row has a place, days, a source and a mark of its evidence. What a table says besides is read by
whoever names its columns; what every row must have is held to here, so that no figure comes in on nobody's word.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Protocol, TypeVar

from msgspec import Struct

from comity.csvtext import read_rows
from comity.finding import Finding, Place
from comity.law.instrument import EVIDENCE, Evidence
from comity.law.places import Gazetteer
from comity.period import LegalDay, day_of, legal_day_of
from comity.whole import whole_number

COUNT_MAX = 100_000_000  # people or days: more is a slip of the pen
Figure = TypeVar("Figure")


class Source(Struct, frozen=True):
    """Who published a figure, how surely that is known, and what else is to be said of it."""

    source: str
    evidence: Evidence
    note: str = ""

    @property
    def words(self) -> str:
        return f"{self.source} [{self.evidence}]{f'; {self.note}' if self.note else ''}"


class Row(Struct, frozen=True):
    """One row: its cells, where it stands, and its source."""

    cells: Mapping[str, str]
    at: Place
    source: Source


class Dated(Protocol):
    """A figure that holds at a place from a day until another."""

    @property
    def place(self) -> str: ...
    @property
    def since(self) -> date: ...
    @property
    def until(self) -> date: ...


class Sheet(Struct, frozen=True):
    """What one of its figures is called, which is also the code of a finding; the name of its file, and its columns."""

    what: str
    file: str
    columns: tuple[str, ...]

    @property
    def a(self) -> str:
        """Its name with its article."""
        return f"{'an' if self.what[0] in 'aeiou' else 'a'} {self.what}"

    def read(
        self,
        folders: Iterable[Path],
        gazetteer: Gazetteer,
        of_row: Callable[[Row], tuple[Figure | None, list[Finding]]],
        key: Callable[[Figure], Hashable],
        clash: Callable[[Figure, Figure], str],
    ) -> tuple[tuple[Figure, ...], list[Finding]]:
        """The figures of some folders and the faults in them; what a later folder says under a key replaces the earlier.

        `clash` says what is wrong where a table has two figures of one key, or nothing where they may stand beside each other.
        """
        found: dict[Hashable, list[Figure]] = {}
        findings: list[Finding] = []
        for path in [folder.joinpath(self.file) for folder in folders]:
            own: dict[Hashable, list[Figure]] = {}
            for row, faults in self.rows(path, gazetteer) if path.is_file() else ():
                made, more = of_row(row) if row else (None, [])
                findings += [*faults, *more]
                if row and made is not None:
                    beside = own.setdefault(key(made), [])
                    wrong = next(filter(None, (clash(made, other) for other in beside)), "")
                    findings += (
                        [Finding(self.what, row.at, wrong, "leave one out, or end it where the other begins")]
                        if wrong
                        else []
                    )
                    beside.append(made)
            found |= own
        return tuple(figure for figures in found.values() for figure in figures), findings

    def rows(self, path: Path, gazetteer: Gazetteer) -> Iterator[tuple[Row | None, list[Finding]]]:
        """Every row of one file in its order, or what is wrong with it."""
        rows, findings = read_rows(path, self.columns)
        yield None, findings
        for row in rows:
            yield self._row(row.cells, row.at, gazetteer)

    def _row(self, cells: Mapping[str, str], at: Place, gazetteer: Gazetteer) -> tuple[Row | None, list[Finding]]:
        findings = [Finding(self.what, at, message, help) for message, help in self._faults(cells, gazetteer)]
        evidence = next((own for own in EVIDENCE if own == cells["evidence"]), None)
        if findings or evidence is None:
            return None, findings
        return Row(cells, at, Source(cells["source"], evidence, cells["note"])), []

    def _faults(self, cells: Mapping[str, str], gazetteer: Gazetteer) -> Iterable[tuple[str, str]]:
        if cells["place"] not in gazetteer.places:
            yield (
                f'there is no place "{cells["place"]}"',
                gazetteer.suggestion(cells["place"]) or "write a path, as in us/fl/miami-dade",
            )
        if not cells["source"]:
            yield f"{self.a} without a source is nobody's word", "say who published it, and when"
        if cells["evidence"] not in EVIDENCE:
            yield f'"{cells["evidence"]}" is no mark of evidence', f"one of {', '.join(EVIDENCE)}"

    def count(self, row: Row, column: str) -> tuple[int | None, list[Finding]]:
        """A whole number from 1, or nothing where the cell is empty."""
        text = row.cells[column]
        number = whole_number(text)
        if not text or (number is not None and 1 <= number <= COUNT_MAX):
            return number, []
        help = "a whole number from 1; nothing where none is known"
        return None, [Finding(self.what, row.at, f'"{text}" is no number of {column}', help)]

    def day(self, row: Row, column: str) -> tuple[LegalDay | None, list[Finding]]:
        """A day, a month or a year; nothing where the cell is empty."""
        text = row.cells[column]
        own = legal_day_of(text) if text else None
        if text and own is None:
            return None, [
                Finding(
                    self.what, row.at, f'"{text}" is no day [{column}]', "write a day, a month or a year, as in 2017-01"
                )
            ]
        return own, []

    def days(self, row: Row) -> tuple[tuple[date, date] | None, list[Finding]]:
        """The days from which and until which a figure holds."""
        since, until = day_of(row.cells["from"]), day_of(row.cells["until"])
        if since is None or until is None or until <= since:
            help = "write both as YYYY-MM-DD; until is the first day of which it is not known"
            return None, [Finding(self.what, row.at, f"{self.a} holds from a day until a later one", help)]
        return (since, until), []


Lasting = TypeVar("Lasting", bound=Dated)


def both_hold(own: Lasting, other: Lasting) -> str:
    """What is wrong with two figures of a place that share a day."""
    shared = own.since < other.until and other.since < own.until
    return f"{own.place} has two figures for {max(own.since, other.since)}" if shared else ""


def holding(figures: Iterable[Lasting], places: Iterable[str], day: date) -> Lasting | None:
    """The figure of a day at the nearest of some places that has any for it."""
    for place in places:
        for own in figures:
            if own.place == place and own.since <= day < own.until:
                return own
    return None
