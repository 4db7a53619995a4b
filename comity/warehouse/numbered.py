"""Decides Arrow tables whose rows bear their numbers in a column, as a process of a cluster or a part of a folder gets them."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import structs

from comity.decision.facts_known import shown
from comity.facts.columns import ROW
from comity.facts.row_codes import Numbers
from comity.finding import Finding, InputFault
from comity.intake.cells import Cells, Opened, open_table
from comity.intake.headings import names_of
from comity.intake.locations import Locations
from comity.intake.sources.source import Ledger, Reading
from comity.intake.table import FactRows, columns_read
from comity.law.library import Library
from comity.records.laws import Laws
from comity.records.local_law import LOCAL_LAW
from comity.records.pieces import CLASS, DAY, LAW, NONE, PLACE
from comity.records.replay import ReplayRun
from comity.records.replay_result import ReplayResult
from comity.records.replay_table import ReplayArguments, prepare_replay
from comity.warehouse.part import Part, build_part, used_law
from comity.warehouse.shipping import unpack_law

NUMBER = "comity_row"  # the column of the numbers of rows
ROW_COLUMNS = (ROW, DAY, PLACE, CLASS, LAW, LOCAL_LAW)  # with which decided rows begin, by which a target is known
ROWS_A_PIECE = 250_000


class TrackedLaws(Laws):
    """The laws met by all tables of a process, and the numbers of those that decided rows since `used` was emptied."""

    used: set[int]

    def of_rows(self, rows: FactRows, where: Locations, days: pa.Array) -> Numbers:
        numbers = super().of_rows(rows, where, days)
        self.used |= {*np.unique(numbers).tolist()} - {NONE}
        return numbers


class Decider:
    """Decides tables with the same columns, part after part; the law and what was worked out from it are shared by all parts."""

    def __init__(
        self, schema: pa.Schema, arguments: ReplayArguments, library: Library, source: str, format: str
    ) -> None:
        """`format` says in words what the source is. Raises `InputFault` on arguments or columns that prevent a replay."""
        schema = pa.schema(
            [field for field in schema if field.name != NUMBER]
        )  # a column of that name says nothing of law
        self.library, self.source, self.schema, self.format = library, source, schema, format
        run, findings = prepare_replay(schema.empty_table(), arguments, library)
        if run is None:
            raise InputFault(_of_source(findings, source))
        self.prepared = run
        self.laws = TrackedLaws(library, run.asked.assumed)
        self.laws.used = set()

    @property
    def headings(self) -> list[str]:
        """The columns that are read, as the source calls them."""
        read = columns_read(self.library.vocabulary)
        return [
            heading
            for heading, name in zip(self.schema.names, names_of(self.schema.names), strict=True)
            if name in read
        ]

    def empty(self) -> tuple[pa.Table, ReplayResult]:
        """The rows and the result of a table without rows: the columns of every part, and what no row changes."""
        opened = self.opened([self.schema.empty_table().append_column(NUMBER, pa.array([], pa.int64()))])
        run = ReplayRun(opened, self.prepared.pieces.reader, self.library, self.prepared.asked)
        tables = [*self.decided(run)]
        return _plain(tables[0]), run.result(self.laws.laws)

    def part(self, tables: Iterable[pa.Table]) -> Iterator[pa.Table | Part]:
        """The decided rows of some tables, piece by piece, and at the end what was counted."""
        first: list[int] = []
        opened = self.opened(_noting_first(tables, first))
        run = ReplayRun(opened, self.prepared.pieces.reader, self.library, self.prepared.asked)
        self.laws.used = set()
        for rows in self.decided(run):
            yield _plain(rows)
        used = {0} if run.asked.stack else self.laws.used
        laws = [used_law(law, run.asked.assumed) for number, law in enumerate(self.laws.laws) if number in used]
        yield build_part(run.result(self.laws.laws), laws, first[0] if first else 0)

    def decided(self, run: ReplayRun) -> Iterator[pa.Table]:
        for piece in run.pieces.each(None):
            self.laws.paths = run.pieces.paths
            if run.asked.stack and not self.laws.laws:
                self.laws.add(run.asked.stack)
            columns, of_answer = run.decided(piece, self.laws)
            yield run.rows_of(piece, columns=columns, of_answer=of_answer, laws=self.laws.laws)

    def opened(self, tables: Iterable[pa.Table]) -> Opened:
        """Tables as an opened one, whose rows have the numbers that their column gives."""
        ledger = Ledger(Reading(format=self.format))

        def pieces() -> Iterator[Cells]:
            for table in tables:
                if table.num_rows:
                    ledger.add({"lines": table.num_rows, "rows": table.num_rows})
                yield from self.cells(table)

        return structs.replace(self.prepared.opened, source=self.source, pieces=pieces, rows=None, ledger=ledger)

    def cells(self, table: pa.Table) -> Iterator[Cells]:
        """The cells of a table, numbered by its column; raises `InputFault` where a column cannot be read."""
        numbers = table.column(NUMBER).combine_chunks()
        opened, findings = open_table(_in_utc(table.drop_columns([NUMBER])), columns_read(self.library.vocabulary))
        if opened is None:
            raise InputFault(_of_source(findings, self.source))
        for cells in opened.pieces():
            places = pc.subtract(cells.table.column(ROW), 1)
            rows = cells.table.set_column(0, ROW, numbers.take(places.combine_chunks()))
            refused = (structs.replace(row, row=numbers[row.row - 1].as_py()) for row in cells.refused)
            yield Cells(self.source, rows, tuple(refused))

    @property
    def assumed(self) -> dict[str, str]:
        return {fact: shown(value) for fact, value in self.prepared.asked.assumed.items()}


@lru_cache(maxsize=1)
def held_decider(law: bytes, schema: bytes, arguments: bytes, source: str, format: str) -> Decider:
    """The decider of a process: the last one is held, so that tasks share its law and what was worked out from it."""
    return Decider(pa.ipc.read_schema(pa.py_buffer(schema)), pickle.loads(arguments), unpack_law(law), source, format)


def in_pieces(batches: Iterable[pa.RecordBatch], rows: int = ROWS_A_PIECE) -> Iterator[pa.Table]:
    """Batches joined to tables of about so many rows: the cost of a table hardly depends on its length."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(held.num_rows for held in waiting) >= rows:
            yield pa.Table.from_batches(waiting).combine_chunks()
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting).combine_chunks()


def _noting_first(tables: Iterable[pa.Table], first: list[int]) -> Iterator[pa.Table]:
    for table in tables:
        if not first and table.num_rows:
            first.append(table.column(NUMBER)[0].as_py())
        yield table


def _in_utc(table: pa.Table) -> pa.Table:
    """The table with its moments in UTC, whatever the time zone of the session that gave them."""
    for at, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type) and field.type.tz not in (None, "UTC"):
            column = table.column(at).cast(pa.timestamp(field.type.unit, "UTC"))
            table = table.set_column(at, field.name, column)
    return table


def _plain(rows: pa.Table) -> pa.Table:
    """The rows with text in place of dictionary codes."""
    columns: list[Any] = [
        column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
        for column in rows.columns
    ]
    return pa.table(dict(zip(rows.column_names, columns, strict=True)))


def _of_source(findings: Sequence[Finding], source: str) -> list[Finding]:
    """The findings, which name the source in place of a frame without a name."""
    return [
        structs.replace(finding, place=structs.replace(finding.place, source=source))
        if finding.place.source == "table"
        else finding
        for finding in findings
    ]
