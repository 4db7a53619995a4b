"""Stacks as counties have them, with everything Unknown: plain, by diagram, compiled, on DuckDB and by the solver."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from comity.engine.compiled.compiled import Compiled
from comity.engine.outcome import Outcome
from comity.engine.questions.diagram import Diagrams
from comity.engine.questions.questions import completed, known_truths, questions
from comity.engine.search.search import possible
from comity.engine.solver.solver import Solver
from comity.engine.sql import select as many
from comity.facts import kinds
from comity.facts.columns import facts_table
from comity.facts.request import read_values
from comity.law.in_force import Stack, in_force
from tests.engine.test_plain import LIBRARY
from tests.law.small_law import act, stack_of, vocabulary

ORDINANCE, STATUTE = "us/fl/miami-dade/ordinance", "us/fl/statute"
CATEGORIES, FELONY_YEARS, MISDEMEANOR_YEARS = 31, 15, 5
GRAVE = 'request.reimbursement_agreed && (convictions.exists(c, c.offense == "robbery") || charges.exists(c, c.pending && !c.bondable))'


def miami_like() -> Stack:
    """Hold only where it is paid for and the person is grave; no notice but for those who may be held."""
    return stack_of(act(ORDINANCE, "resolution", f"only hold when {GRAVE}", f"forbids notify when !({GRAVE})"))


def california_like() -> Stack:
    """31 categories of convictions, each a felony of the last 15 years or a misdemeanor of the last 5."""
    kind = vocabulary().kind("convictions[].offense")
    assert isinstance(kind, kinds.Choice)
    grades = ((FELONY_YEARS, "felony"), (MISDEMEANOR_YEARS, "misdemeanor"))
    looked_back = " || ".join(
        f'(c.grade == "{grade}" && c.convicted_on >= request.received_on - years({years}))' for years, grade in grades
    )
    categories = [
        f'convictions.exists(c, c.offense == "{offense}" && ({looked_back}))' for offense in kind.members[:CATEGORIES]
    ]
    assert len(categories) == CATEGORIES
    listed = " || ".join([*categories, "subject.registered_offender", "charges.exists(c, c.magistrate_found_cause)"])
    return stack_of(act(STATUTE, "statute", f"only notify, transfer when {listed}", "forbids hold"))


STACKS = {"Miami-like": miami_like(), "California-like": california_like()}
UNKNOWN: dict[str, Any] = {}
OLD = {"offense": "robbery", "grade": "felony", "convicted_on": "1990-01-01"}
YOUNG = {"offense": "robbery", "grade": "felony", "convicted_on": "2016-01-01"}


@pytest.mark.parametrize(
    ("name", "facts", "action", "expected"),
    [
        ("Miami-like", UNKNOWN, "hold", ("permitted", "forbidden")),
        ("Miami-like", UNKNOWN, "notify", ("forbidden", "unaddressed")),
        ("Miami-like", {"request.reimbursement_agreed": False}, "hold", ("forbidden",)),
        ("Miami-like", {"request.reimbursement_agreed": True, "convictions": []}, "hold", ("permitted", "forbidden")),
        (
            "Miami-like",
            {"request.reimbursement_agreed": True, "convictions": {"partial": [OLD]}},
            "hold",
            ("permitted",),
        ),
        ("California-like", UNKNOWN, "hold", ("forbidden",)),
        ("California-like", UNKNOWN, "notify", ("permitted", "forbidden")),
        ("California-like", UNKNOWN, "transfer", ("permitted", "forbidden")),
        ("California-like", {"request.received_on": "2016-06-01"}, "notify", ("permitted", "forbidden")),
        ("California-like", {"convictions": {"partial": []}}, "notify", ("permitted", "forbidden")),
        (
            "California-like",
            {"convictions": {"partial": [OLD]}, "request.received_on": "2016-06-01"},
            "notify",
            ("permitted", "forbidden"),
        ),
        (
            "California-like",
            {"convictions": {"partial": [YOUNG]}, "request.received_on": "2016-06-01"},
            "notify",
            ("permitted",),
        ),
        (
            "California-like",
            {"convictions": [OLD], "charges": [], "request.received_on": "2016-06-01"},
            "notify",
            ("permitted", "forbidden"),
        ),
        (
            "California-like",
            {
                "convictions": [OLD],
                "charges": [],
                "request.received_on": "2016-06-01",
                "subject.registered_offender": False,
            },
            "notify",
            ("forbidden",),
        ),
    ],
)
def test_every_engine_says_the_same(
    name: str, facts: dict[str, Any], action: str, expected: tuple[Outcome, ...]
) -> None:
    stack = STACKS[name]
    values, findings = read_values(facts, stack.vocabulary, "test")
    assert not findings
    asked = questions(stack)
    truths = known_truths(asked, values)
    assert possible(asked, action, truths) == expected
    diagrams = Diagrams(asked)
    assert diagrams.possible(action, truths) == expected
    compiled = Compiled(asked)
    assert compiled.outcomes(compiled.decide(values))[action] == expected
    for columns in (stack.vocabulary.facts, list(values)):  # a table need not have a column of what no row knows
        query = many.build_query(asked, columns, diagrams=diagrams)
        [row] = many.decide_table(query, facts_table([values], columns, stack.vocabulary)).to_pylist()
        assert many.outcomes_of(row[action]) == expected
    found = Solver(stack).possible(action, values)
    assert found.outcomes == expected and not found.unsettled


@pytest.mark.parametrize("day", ["2013-06-03", "2015-06-01", "2017-01-26", "2017-03-01", "2020-06-01"])
def test_on_the_law_that_ships(day: str) -> None:
    """Miami-Dade with nothing known but the place: what the solver finds possible is what the reference engine finds."""
    stack = in_force(LIBRARY, "us/fl/miami-dade", date.fromisoformat(day))
    asked = questions(stack)
    truths = known_truths(asked, completed(stack, {}))
    for action in ("hold", "notify", "transfer"):
        found = Solver(stack).possible(action, {})
        assert not found.unsettled
        assert found.outcomes == possible(asked, action, truths)
