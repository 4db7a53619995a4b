"""Tables of published figures: each row has a place, days, a source and a mark of its evidence.

What else a table says is read by the module that names its columns. What every row must have is checked here, so that no
figure gets in without a source.
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
from comity.present.clean import cleaned
from comity.whole import whole_number

COUNT_MAX = 100_000_000  # people or days; more is a typing error
Figure = TypeVar("Figure")


class Source(Struct, frozen=True):
    """Who published a figure, the mark of its evidence, and a note on it."""

    source: str
    evidence: Evidence
    note: str = ""

    @property
    def words(self) -> str:
        return f"{self.source} [{self.evidence}]{f'; {self.note}' if self.note else ''}"


class Row(Struct, frozen=True):
    """One row: its cells, its location, and its source."""

    cells: Mapping[str, str]
    at: Place
    source: Source


class Dated(Protocol):
    """A figure that holds at a place from the day `since` to the day before `until`."""

    @property
    def place(self) -> str: ...
    @property
    def since(self) -> date: ...
    @property
    def until(self) -> date: ...


class Sheet(Struct, frozen=True):
    """A kind of table: what one of its figures is called, which is also the code of a finding; its file, and its columns."""

    what: str
    file: str
    columns: tuple[str, ...]

    @property
    def a(self) -> str:
        """What one of its figures is called, with the article."""
        return f"{'an' if self.what[0] in 'aeiou' else 'a'} {self.what}"

    def read(
        self,
        folders: Iterable[Path],
        gazetteer: Gazetteer,
        *,
        of_row: Callable[[Row], tuple[Figure | None, list[Finding]]],
        key: Callable[[Figure], Hashable],
        clash: Callable[[Figure, Figure], str],
    ) -> tuple[tuple[Figure, ...], list[Finding]]:
        """The figures in some folders, and their faults; under one key a later folder replaces an earlier one.

        `clash` says what is wrong with two figures of one table under one key, or returns the empty text where both may hold.
        """
        found: dict[Hashable, list[Figure]] = {}
        findings: list[Finding] = []
        for path in [folder.joinpath(self.file) for folder in folders]:
            by_key: dict[Hashable, list[Figure]] = {}
            for row, faults in self.rows(path, gazetteer) if path.is_file() else ():
                figure, row_faults = of_row(row) if row else (None, [])
                findings += [*faults, *row_faults]
                if row and figure is not None:
                    others = by_key.setdefault(key(figure), [])
                    message = next(filter(None, (clash(figure, other) for other in others)), "")
                    if message:
                        help = "leave one out, or end it where the other begins"
                        findings.append(Finding(self.what, row.at, message, help))
                    others.append(figure)
            found |= by_key
        return tuple(figure for figures in found.values() for figure in figures), findings

    def rows(self, path: Path, gazetteer: Gazetteer) -> Iterator[tuple[Row | None, list[Finding]]]:
        """Each row of a file in order, or None and what is wrong with it."""
        rows, findings = read_rows(path, self.columns)
        yield None, findings
        for row in rows:
            yield self._row({column: cleaned(cell) for column, cell in row.cells.items()}, row.at, gazetteer)

    def _row(self, cells: Mapping[str, str], at: Place, gazetteer: Gazetteer) -> tuple[Row | None, list[Finding]]:
        findings = [Finding(self.what, at, message, help) for message, help in self._faults(cells, gazetteer)]
        evidence = next((mark for mark in EVIDENCE if mark == cells["evidence"]), None)
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
            yield f"{self.a} needs a source", "say who published it, and when"
        if cells["evidence"] not in EVIDENCE:
            yield f'"{cells["evidence"]}" is not a mark of evidence', f"one of {', '.join(EVIDENCE)}"

    def count(self, row: Row, column: str) -> tuple[int | None, list[Finding]]:
        """A whole number from 1, or None where the cell is empty."""
        text = row.cells[column]
        number = whole_number(text)
        if not text or (number is not None and 1 <= number <= COUNT_MAX):
            return number, []
        help = "write a whole number from 1, or leave the cell empty where none is known"
        return None, [Finding(self.what, row.at, f'"{text}" is not a number of {column}', help)]

    def day(self, row: Row, column: str) -> tuple[LegalDay | None, list[Finding]]:
        """A day, a month or a year; None where the cell is empty."""
        text = row.cells[column]
        day = legal_day_of(text) if text else None
        if text and day is None:
            help = "write a day, a month or a year, as in 2017-01"
            return None, [Finding(self.what, row.at, f'"{text}" is not a day [{column}]', help)]
        return day, []

    def days(self, row: Row) -> tuple[tuple[date, date] | None, list[Finding]]:
        """The first day on which a figure holds, and the first on which it no longer does."""
        since, until = day_of(row.cells["from"]), day_of(row.cells["until"])
        if since is None or until is None or until <= since:
            help = "write both as YYYY-MM-DD; until is the first day on which it is not known"
            return None, [Finding(self.what, row.at, f"{self.a} holds from a day until a later one", help)]
        return (since, until), []


DatedFigure = TypeVar("DatedFigure", bound=Dated)


def overlap_fault(figure: DatedFigure, other: DatedFigure) -> str:
    """What is wrong with two figures of one place that share a day; the empty text where they share none."""
    shared = figure.since < other.until and other.since < figure.until
    return f"{figure.place} has two figures for {max(figure.since, other.since)}" if shared else ""


def find_figure(figures: Iterable[DatedFigure], places: Iterable[str], day: date) -> DatedFigure | None:
    """The figure of a day at the nearest of some places that has one."""
    for place in places:
        for figure in figures:
            if figure.place == place and figure.since <= day < figure.until:
                return figure
    return None
