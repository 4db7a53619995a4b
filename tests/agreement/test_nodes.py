"""Each node of the syntax has changed an outcome: put something else in its place, and some request comes out otherwise.

The stacks are of the kind that the engines are held to each other on, so a node that no engine heeds would show.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from msgspec import Struct, structs

from comity.claims.differences import find_differences
from comity.engine.questions.questions import known_truths, questions
from comity.engine.search.search import possible
from comity.engine.sql import select as many
from comity.facts.columns import facts_table
from comity.language import syntax
from comity.law.front_matter import read_instrument
from comity.law.in_force import Stack
from tests.agreement.stacks import ACTIONS, Requests, stacks
from tests.law.small_law import decision_of, stack_of

STACKS_MAX, REQUESTS = 600, 12
CONDITIONS = tuple(get_args(syntax.Condition))
BEFORE_CLOSING = {"Term", "Param"}  # in force, these are replaced by what they stand for
NODES = {
    name
    for name, value in vars(syntax).items()
    if isinstance(value, type) and issubclass(value, Struct) and value is not Struct
}
OPERATORS = {f"{node} {sign}" for node in ("Compare", "Count") for sign in get_args(syntax.Comparison)}
SIGNS = {"Sum +", "Sum -", *(f"Shift {sign} {unit}" for sign in "+-" for unit in get_args(syntax.Unit))}
EXPECTED = (NODES - BEFORE_CLOSING) | OPERATORS | SIGNS


def names_of(node: Any) -> set[str]:
    name = type(node).__name__
    match node:
        case syntax.Compare() | syntax.Count():
            return {name, f"{name} {node.operator}"}
        case syntax.Sum():
            return {name, f"Sum {'-' if node.minus else '+'}"}
        case syntax.Shift():
            return {name, f"Shift {'-' if node.minus else '+'} {node.unit}"}
    return {name}


def instead(node: Any) -> list[Any]:
    """What may stand where a node stood."""
    match node:
        case syntax.Integer(value):
            return [syntax.Integer(value + 1)]
        case syntax.Text():
            return [syntax.Text("\0")]
        case syntax.Day():
            return [syntax.Day(node.value.replace(year=1950, day=1))]
        case syntax.Item():
            return [syntax.Text("\0")]
        case syntax.Shift():
            return [node.day]
        case syntax.Sum():
            return [node.left]
    return [syntax.Truth(True), syntax.Truth(False)] if isinstance(node, CONDITIONS) else []


def changed(node: Any) -> Iterator[tuple[set[str], Any]]:
    """A condition with one node at a time replaced, and the names of that node."""
    for other in instead(node):
        yield names_of(node), other
    for field in node.__struct_fields__:
        inner = getattr(node, field)
        if field == "over" or (field == "of" and isinstance(inner, syntax.Fact)):
            continue  # a list or a set has nothing that may stand in its place; it matters where its quantifier does
        if isinstance(inner, Struct) and not (
            isinstance(node, syntax.Compare) and isinstance(inner, (syntax.Fact, syntax.Field))
        ):
            yield from ((names, structs.replace(node, **{field: other})) for names, other in changed(inner))
        elif isinstance(inner, tuple):
            for place, part in enumerate(inner):
                for names, other in changed(part):
                    yield names, structs.replace(node, **{field: (*inner[:place], other, *inner[place + 1 :])})


def outcomes(stack: Stack, rows: list[Any]) -> list[Any]:
    asked = questions(stack)
    return [[possible(asked, action, known_truths(asked, row)) for action in ACTIONS] for row in rows]


def by_table(stack: Stack, requests: Requests, rows: list[Any]) -> list[Any]:
    query = many.build_query(questions(stack), requests.paths, actions=ACTIONS)
    decided = many.decide_table(query, facts_table(rows, requests.paths, stack.vocabulary)).to_pylist()
    return [[row[action] for action in ACTIONS] for row in decided]


def test_each_node_has_changed_an_outcome_on_every_engine() -> None:
    wanting = set(EXPECTED)
    looked = 0

    @seed(7)
    @settings(max_examples=STACKS_MAX, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(stacks(True))
    def look(stack: Stack) -> None:
        nonlocal looked
        if not wanting:
            return
        looked += 1
        requests = Requests(stack, Random(looked))
        rows = [requests.complete() for _ in range(REQUESTS)]
        before = outcomes(stack, rows)
        for place, effect in enumerate(stack.standing):
            for names, when in changed(effect.when):
                if names & wanting:
                    standing = (
                        *stack.standing[:place],
                        structs.replace(effect, when=when),
                        *stack.standing[place + 1 :],
                    )
                    other = structs.replace(stack, standing=standing)
                    if outcomes(other, rows) != before:
                        wanting.difference_update(names)
                        assert find_differences(stack, other, ACTIONS).equivalent is False
                        assert by_table(other, requests, rows) != by_table(stack, requests, rows)

    look()
    assert not wanting


LAW = """---
title: An ordinance
kind: ordinance
effective: 2015-01-01
evidence: verified
---
Of age.

## 1 Of age

The old are not held.

```yaml params
least: {1993-01-01: LEAST}
```

```yaml define
old: |
  subject.age >= params.leastTAIL
```

```yaml provision
forbids: hold
when: old
```
"""


@pytest.mark.parametrize(
    ("least", "tail", "outcome"),
    [("18", "", "forbidden"), ("65", "", "unaddressed"), ("18", " && false", "unaddressed")],
)
def test_terms_and_params_have_changed_an_outcome(least: str, tail: str, outcome: str) -> None:
    text = LAW.replace("LEAST", least).replace("TAIL", tail)
    instrument, _, findings = read_instrument(text, "a.md", "us/fl/miami-dade/a")
    assert instrument and not findings, findings
    assert decision_of(stack_of(instrument), subject__age=40).outcome("hold") == outcome


def test_every_node_is_expected() -> None:
    assert isinstance(syntax, types.ModuleType) and {"And", "Exists", "Shift", "Item"} <= EXPECTED
    assert NODES == {node.__name__ for node in (*CONDITIONS, *get_args(syntax.Operand))}
