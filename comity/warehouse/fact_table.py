"""Decides a table of facts in its place: a day, and each fact in the type of its kind, as `facts.columns` has them.

Its lists are in tables beside it, `<table>.convictions` for `convictions`, with the number of the request in `row`. What a typed
column holds is understood, so no cell is unread; a value that its fact cannot have ends the replay, and a row whose day cannot be
meant is refused. Facilities are not looked up.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from msgspec import structs

from comity.finding import Finding, InputFault, Place, phrase
from comity.law.library import Library
from comity.records.laws import Law, Laws
from comity.records.local_law import LOCAL_LAW
from comity.records.pieces import CLASS, LAW, MONTH, PLACE, YEAR
from comity.records.replay import ReplayRun
from comity.records.replay_result import ReplayResult
from comity.records.replay_table import ReplayArguments
from comity.warehouse.database import ENGINE, LAW_NUMBER, LOCATED, RESULT, Database, DatabaseReplay, quoted
from comity.warehouse.fact_columns import FactTable
from comity.warehouse.fact_rows import FactTableRows
from comity.warehouse.numbered import Decider

COUNTED_IN_PLACE = (CLASS, PLACE, LAW, LOCAL_LAW, YEAR, MONTH)


def replay_facts(
    database: Database,
    table: str,
    schema: pa.Schema,
    arguments: ReplayArguments,
    library: Library,
    *,
    source: str,
    target: str,
) -> ReplayResult:
    """Decides a table of facts in its place; `table` names it as SQL does. Raises `InputFault`."""
    facts = FactTable(database, table, schema, library, source)
    decider = Decider(facts.plain_schema, arguments, library, source, database.name)
    run = ReplayRun(decider.prepared.opened, decider.prepared.pieces.reader, library, decider.prepared.asked)
    facts.check_places(run)
    facts.check_values()
    rows = FactTableRows(facts, run)
    rows.count()
    facts.stage(rows.known)
    laws = Laws(library, run.asked.assumed)
    laws.paths = run.pieces.paths = facts.paths
    if run.asked.stack:
        laws.add(run.asked.stack)
    rows.locate(laws)
    columns = [*COUNTED_IN_PLACE, *facts.counted_by(run)]
    return _decide(DatabaseReplay(database, run, facts.paths), laws.laws, columns, decider, target, source)


def _decide(
    replay: DatabaseReplay, laws: Sequence[Law], columns: Sequence[str], decider: Decider, target: str, source: str
) -> ReplayResult:
    replay.decide(laws)
    check_same(replay, source)
    if target:
        replay.write(target, decider.empty()[0].schema)
    used = {
        row[LAW_NUMBER] for row in replay.database.rows(f"SELECT DISTINCT {quoted(LAW_NUMBER)} FROM {quoted(LOCATED)}")
    }
    result = replay.result([law for number, law in enumerate(laws) if number in used], columns)
    return structs.replace(result, source=source)


def check_same(replay: DatabaseReplay, source: str) -> None:
    """Raises `InputFault` where the table has other rows than when they were counted: not every database reads it as of one moment."""
    pieces = replay.replay.pieces
    expected = pieces.rows - len(pieces.refused) - pieces.left_out
    [located] = replay.database.rows(f"SELECT count(*) AS n, count({quoted(ENGINE)}) AS decided FROM {quoted(LOCATED)}")
    [result] = replay.database.rows(f"SELECT count(*) AS n FROM {quoted(RESULT)}")
    if (located["n"], located["decided"]) != (expected, result["n"]):
        message = phrase("rows were added to the table or taken from it while it was read")
        raise InputFault([Finding("table-changed", Place(source), message, phrase("run the replay again"))])
