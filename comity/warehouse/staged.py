"""Decides a table of a database that is no table of facts: read and decided by this process, and written back as rows.

The cells of such a table are text that has to be read: days, words for nothing, facilities. One program reads and decides it
wherever it lies, so that a cell means the same in every engine. No more than a piece of the table is here at a time.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from comity.facts.columns import ROW
from comity.law.library import Library
from comity.records.replay_result import ReplayResult
from comity.records.replay_table import ReplayArguments
from comity.warehouse.database import Database, quoted
from comity.warehouse.numbered import Decider
from comity.warehouse.part import Part, merge_parts

STAGED = "staged rows"


def replay_staged(
    database: Database,
    batches: Iterable[pa.Table],
    schema: pa.Schema,
    arguments: ReplayArguments,
    library: Library,
    *,
    source: str,
    target: str,
) -> ReplayResult:
    """Decides a table here, piece by piece, and writes the rows into the database; raises `InputFault`."""
    decider = Decider(schema, arguments, library, source, database.name)
    empty, like = decider.empty()
    parts = []
    if target:
        database.load(STAGED, empty)
    for output in decider.part(batches):
        if isinstance(output, Part):
            parts.append(output)
        elif target:
            database.load(STAGED, output)
    if target:
        columns = ", ".join(map(quoted, empty.schema.names))
        database.write(target, empty.schema, f"SELECT {columns} FROM {quoted(STAGED)} ORDER BY {quoted(ROW)}")
    return merge_parts(parts, like)
