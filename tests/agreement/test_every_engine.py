"""The law's own cases on every engine: what the reference engine finds open is what one SELECT and the solver find.

The cases of an instrument that run under one stack go into one table.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

import duckdb
import pytest

from comity.api import load
from comity.decision.cases import agency_of, values_of
from comity.engine.columns.answers import find_alike
from comity.engine.compiled.compiled import Compiled
from comity.engine.questions.questions import completed, known_truths, questions
from comity.engine.search.search import possible
from comity.engine.solver.solver import Solver
from comity.engine.sql import select as many
from comity.engine.sql.dialects import open_duckdb
from comity.facts.columns import facts_table
from comity.facts.kinds import Value
from comity.law.in_force import Agency, Stack, in_force, of_instrument
from comity.law.instrument import ACTIONS

LIBRARY = load()
Rows = list[dict[str, Value]]


@cache
def database() -> duckdb.DuckDBPyConnection:
    return open_duckdb()


def stacks_of(id: str) -> Iterator[tuple[Stack, Rows]]:
    """Each stack under which cases of an instrument run, with their facts."""
    instrument = LIBRARY.instruments[id]
    together: dict[tuple[bool, date, Agency], Rows] = {}
    for case in instrument.cases:
        values, _ = values_of(LIBRARY, instrument, case)
        assert values is not None
        key = case.stack, case.at or instrument.first_sure_day, agency_of(values) if case.stack else Agency()
        together.setdefault(key, []).append(values)
    for (whole, day, agency), rows in together.items():
        yield (
            (
                in_force(LIBRARY, instrument.jurisdiction, day, agency)
                if whole
                else of_instrument(LIBRARY, instrument, day)
            ),
            rows,
        )


@pytest.mark.parametrize("id", sorted(instrument.id for instrument in LIBRARY.instruments.values() if instrument.cases))
def test_cases_come_out_alike_on_every_engine(id: str) -> None:
    for stack, rows in stacks_of(id):
        asked = questions(stack)
        expected = [
            {action: possible(asked, action, known_truths(asked, completed(stack, row))) for action in ACTIONS}
            for row in rows
        ]
        columns = sorted({path for row in rows for path in row if path in stack.vocabulary.facts})
        known = [{path: value for path, value in row.items() if path in columns} for row in rows]
        decided = many.decide_table(
            many.build_query(asked, columns), facts_table(known, columns, stack.vocabulary), database()
        ).to_pylist()
        for row, wanted, got in zip(rows, expected, decided, strict=True):
            assert {action: many.outcomes_of(got[action]) for action in ACTIONS} == wanted, (id, row)
        alike, engine = find_alike(asked, facts_table(known, columns, stack.vocabulary), stack.facts), Compiled(asked)
        assert [alike.combinations[number] for number in alike.of_row.tolist()] == [
            engine.answers(completed(stack, row)) for row in known
        ], id


@pytest.mark.parametrize("id", sorted(instrument.id for instrument in LIBRARY.instruments.values() if instrument.cases))
def test_the_solver_finds_what_the_plain_engine_finds(id: str) -> None:
    """Where it cannot settle an outcome in its time, what it found must still be right."""
    for stack, rows in stacks_of(id):
        asked, solver = questions(stack), Solver(stack)
        for row in rows:
            truths, completing = known_truths(asked, completed(stack, row)), solver.completing(row)
            for action in ACTIONS:
                expected, found = possible(asked, action, truths), completing.possible_everywhere(action)
                assert {*found.outcomes} <= {*expected} <= {*found.outcomes, *found.unsettled}, (id, action, row)
