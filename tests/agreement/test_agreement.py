"""The engines agree: plain, by diagram, compiled, on DuckDB and by the solver, on generated stacks and requests.

The reference engine is the search engine, which tests/engine/test_definition.py holds to the definition. What the solver finds
possible, the reference engine must: too narrow is a fault. Where the reference engine finds more, it is too wide; that is counted,
and shown at the end of the run.
`COMITY_AGREEMENT=10 python3 start.py test tests/agreement` looks at ten times as many stacks.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from functools import cache
from random import Random

import duckdb
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from comity.engine.columns.answers import find_alike
from comity.engine.compiled.compiled import Compiled
from comity.engine.outcome import Outcome
from comity.engine.questions.diagram import Diagrams
from comity.engine.questions.questions import Questions, known_truths, questions
from comity.engine.search.search import possible
from comity.engine.solver.solver import Solver
from comity.engine.sql import select as many
from comity.engine.sql.dialects import open_duckdb
from comity.facts.columns import COMPLETE, ROW, completeness, facts_table
from comity.facts.kinds import Value
from comity.law.in_force import Stack
from tests.agreement.stacks import ACTIONS, Requests, asks_about_lists, stacks

TIMES = int(os.environ.get("COMITY_AGREEMENT", "1"))
CHUNKS, STACKS, REQUESTS = 6 * TIMES, 125, 20
COMPLETIONS, BY_SOLVER, MILLISECONDS_MAX = 3, 1, 1_000
Answers = list[dict[str, tuple[Outcome, ...]]]


@cache
def database() -> duckdb.DuckDBPyConnection:
    return open_duckdb()


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_engine_gives_the_same_answers(chunk: int, record_property: Callable[[str, object], None]) -> None:
    lists, seen, counts = chunk % 2 == 1, set[str](), Counter[str]()

    @seed(chunk)
    @settings(
        max_examples=2 * STACKS,  # some are drawn twice, and some ask about no list
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(stacks(lists))
    def agree(stack: Stack) -> None:
        key = repr(stack.standing)
        if len(seen) < STACKS and key not in seen and asks_about_lists(stack) is lists:
            counts.update(compared(stack, Random(key)))
            seen.add(key)

    agree()
    assert len(seen) == STACKS
    assert counts["comparisons"] >= 3 * STACKS * REQUESTS * len(ACTIONS)
    assert counts["partly unknown"] * 2 == STACKS * REQUESTS
    for name, count in (counts + Counter(stacks=STACKS)).items():
        record_property(f"agreement: {name}", count)


def compared(stack: Stack, random: Random) -> Counter[str]:
    """Holds every engine to the reference engine on requests of one stack, half of them complete; what was compared."""
    requests = Requests(stack, random)
    rows = [requests.partial() if at % 2 else requests.complete() for at in range(REQUESTS)]
    asked = questions(stack)
    diagrams = Diagrams(asked)
    plain = by_definition(asked, rows)
    counts = Counter({"partly unknown": sum(at % 2 for at in range(REQUESTS))})
    for answers in (
        by_diagram(asked, diagrams, rows),
        compiled(asked, rows),
        on_duckdb(asked, diagrams, requests, rows),
        on_columns(asked, diagrams, requests, rows),
    ):
        assert answers == plain, [case for case in zip(rows, answers, plain, strict=True) if case[1] != case[2]]
        counts["comparisons"] += len(rows) * len(ACTIONS)
    for row, answer in zip(rows, plain, strict=True):
        completions = [requests.completion(row) for _ in range(COMPLETIONS)]
        for whole, decided in zip(completions, by_definition(asked, completions), strict=True):
            assert all(set(decided[action]) <= set(answer[action]) for action in ACTIONS), (row, whole, decided, answer)
    for row, answer in list(zip(rows, plain, strict=True))[
        : 2 * BY_SOLVER
    ]:  # as many complete ones as partly unknown ones
        counts += by_solver(stack, asked, row, answer)
    return counts


def by_definition(asked: Questions, rows: list[dict[str, Value]]) -> Answers:
    truths = [known_truths(asked, row) for row in rows]
    return [{action: possible(asked, action, known) for action in ACTIONS} for known in truths]


def by_diagram(asked: Questions, diagrams: Diagrams, rows: list[dict[str, Value]]) -> Answers:
    truths = [known_truths(asked, row) for row in rows]
    return [{action: diagrams.possible(action, known) for action in ACTIONS} for known in truths]


def compiled(asked: Questions, rows: list[dict[str, Value]]) -> Answers:
    engine = Compiled(asked, ACTIONS)
    return [engine.outcomes(engine.decide(row)) for row in rows]


def on_duckdb(asked: Questions, diagrams: Diagrams, requests: Requests, rows: list[dict[str, Value]]) -> Answers:
    query = many.build_query(asked, requests.paths, actions=ACTIONS, diagrams=diagrams)
    facts = facts_table(rows, requests.paths, asked.stack.vocabulary)
    decided = many.decide_table(query, facts, database()).to_pylist()
    if Random(repr(rows)).random() < 0.7:  # writing the query twice is slow, so only for some stacks
        return [{action: many.outcomes_of(row[action]) for action in ACTIONS} for row in decided]
    apart = many.build_query(asked, requests.paths, actions=ACTIONS, diagrams=diagrams, complete=True)
    complete = completeness(facts, many.read_by(asked, requests.paths), asked.stack.vocabulary)
    assert pc.all(complete.take(list(range(0, REQUESTS, 2)))).as_py()  # every other row is whole
    facts = facts.append_column(COMPLETE, complete)
    assert many.decide_table(apart, facts, database()).to_pylist() == decided
    only = many.build_query(
        asked, requests.paths, actions=ACTIONS, diagrams=diagrams, complete=True, outcomes_only=True
    )
    assert many.decide_table(only, facts, database()).to_pylist() == [
        {name: row[name] for name in (ROW, *ACTIONS)} for row in decided
    ]
    return [{action: many.outcomes_of(row[action]) for action in ACTIONS} for row in decided]


def on_columns(asked: Questions, diagrams: Diagrams, requests: Requests, rows: list[dict[str, Value]]) -> Answers:
    """By the answers of whole columns; each must be the one that the question gives for the row alone."""
    engine, facts = Compiled(asked, ACTIONS, diagrams), facts_table(rows, requests.paths, asked.stack.vocabulary)
    alike = find_alike(asked, facts, asked.stack.facts)
    answers = [alike.combinations[number] for number in alike.of_row.tolist()]
    assert answers == [engine.answers({**asked.stack.facts, **row}) for row in rows], rows
    assert len({*answers}) == len(alike.combinations) and [answers.index(one) for one in alike.combinations] == [
        *alike.first
    ]
    return [engine.outcomes(engine.by_answers(given)) for given in answers]


def by_solver(
    stack: Stack, asked: Questions, row: dict[str, Value], answer: dict[str, tuple[Outcome, ...]]
) -> Counter[str]:
    """The solver's outcomes are among the reference engine's, and each of its witnesses really comes out so."""
    counts = Counter[str]()
    for action in ACTIONS:
        found = Solver(stack, MILLISECONDS_MAX).possible(action, row)
        assert set(found.outcomes) <= set(answer[action]), (row, action, found.outcomes, answer)
        for outcome, witness in found.witnesses.items():
            assert possible(asked, action, known_truths(asked, witness)) == (outcome,), (row, witness)
        counts["comparisons"] += 1
        counts["by the solver"] += 1
        counts["not settled by it"] += bool(found.unsettled)
        counts["too wide"] += not found.unsettled and set(found.outcomes) != set(answer[action])
    return counts
