"""Opens a table through a map of columns: a table whose columns are called as the readers of tables expect."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any

from msgspec import structs

from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding, InputFault, Place, did_you_mean, phrase
from comity.intake.cells import Cells, Opened, open_table
from comity.intake.column_map.bookings import ROWS_MAX, merge_bookings
from comity.intake.column_map.column_map import ColumnMap
from comity.intake.column_map.mapped_cells import MapReader
from comity.intake.damage import quote


def open_through(
    table: Any,
    read: Collection[str],
    column_map: ColumnMap | None,
    *,
    vocabulary: Vocabulary,
    offenses: Mapping[str, str],
) -> tuple[Opened | None, list[Finding]]:
    """Opens a table as `open_table` does, through a map where there is one; `read` names the columns that the reader knows.

    A column that the map names and the table lacks is a finding, as is one that gives a fact which another column gives too.
    """
    if column_map is None:
        return open_table(table, read)
    opened, findings = open_table(table, frozenset(read) | column_map.headings)
    if opened is None:
        return None, findings
    findings = [*_missing(opened, column_map), *_given_twice(opened, column_map, read)]
    if findings:
        return None, findings
    reader = MapReader(column_map, opened.names, read, vocabulary=vocabulary, offenses=offenses)
    note = column_map.describe()
    if note:
        opened.ledger.first = structs.replace(opened.ledger.first, notes=(*opened.ledger.first.notes, note))
        opened.ledger.note(note)
    return structs.replace(opened, names=reader.names, pieces=partial(_pieces, opened, reader)), []


def _pieces(opened: Opened, reader: MapReader) -> Iterator[Cells]:
    mapped = (reader.apply(cells) for cells in opened.pieces())
    booking = reader.map.booking
    if not booking:
        yield from map(reader.refuse, mapped)
        return
    for merged in merge_bookings(_held(mapped, opened.source), booking, reader.lists):
        if merged.joined:
            opened.ledger.add({"rows": -merged.joined, "joined": merged.joined}, merged.cells.sheet)
        yield reader.refuse(merged.cells)


def _held(mapped: Iterator[Cells], source: str) -> list[Cells]:
    """All pieces, since the rows of a booking may be in any of them; raises `InputFault` where there are too many rows."""
    held: list[Cells] = []
    rows = 0
    for cells in mapped:
        held.append(cells)
        rows += cells.table.num_rows
        if rows > ROWS_MAX:
            message = phrase("it has more than {most} rows, too many to join by their booking", most=f"{ROWS_MAX:,}")
            help = phrase("leave `booking` out of the map, or split the table by years")
            raise InputFault([Finding("too-long", Place(source), message, help)])
    return held


def _missing(opened: Opened, column_map: ColumnMap) -> list[Finding]:
    names = sorted(column_map.headings - {*opened.names})
    help = phrase("correct the heading in the map; the table has {}", ", ".join(opened.names))
    return [
        Finding(
            "no-column", Place(opened.source, 1), phrase("there is no column {name}", name=quote(name)),
            phrase("{help}", help=did_you_mean(name, opened.names)) if did_you_mean(name, opened.names) else help,
        )
        for name in names
    ]  # fmt: skip


def _given_twice(opened: Opened, column_map: ColumnMap, read: Collection[str]) -> list[Finding]:
    """Columns that are called by a fact which the map takes from another column."""
    given = {column.target.name: column.heading for column in column_map.columns if column.target.name in read}
    return [
        Finding(
            "doubled-fact", Place(opened.source, 1),
            phrase("{} and a column of that name both give {fact}", quote(given[name]), fact=name),
            phrase("write {name}: ignore for one of them in the map", name=name),
        )
        for name in opened.names
        if name in given and name not in column_map.headings and name not in column_map.ignored
    ]  # fmt: skip
