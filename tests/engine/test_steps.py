"""The steps in which diagrams are laid for SQL: each node once, above all that it stands on, and no nest too deep."""

from __future__ import annotations

import pytest

from comity.engine.questions.making import Diagram, Node
from comity.engine.sql.steps import NESTED_MAX, PATHS_MAX, few_paths, steps_of


def chain(length: int, shared: bool) -> list[Node]:
    """Nodes each of which stands on the one before; where `shared`, on the two before."""
    nodes: list[Node] = [Node(0, (1, 2), 3)]
    for split in range(1, length):
        other: Diagram = nodes[-2] if shared and split > 1 else 4
        nodes.append(Node(split, (nodes[-1], other), 7))
    return nodes


@pytest.mark.parametrize(
    ("length", "shared", "steps"), [(1, False, 1), (NESTED_MAX, False, 1), (3 * NESTED_MAX, False, 3), (5, True, 4)]
)
def test_a_step_stands_on_those_before_it(length: int, shared: bool, steps: int) -> None:
    nodes = chain(length, shared)
    found = steps_of([nodes[-1], 3])
    assert len(found) == steps
    assert {question for step in found for question in step.asks} == set(range(length))
    laid = set[int]()
    for step in found:
        assert step.stands_on <= laid and not laid & {id(node) for node in step.nodes}
        laid |= {id(node) for node in step.nodes}
    assert id(nodes[-1]) in laid
    assert not shared or laid == {id(node) for node in nodes} - {id(nodes[-2])}  # on which only the top stands


def test_a_leaf_needs_no_step() -> None:
    assert steps_of([3, 0]) == []


def test_what_has_many_ways_is_not_written_out() -> None:
    assert few_paths(3) and few_paths(chain(PATHS_MAX - 1, False)[-1])
    assert not few_paths(chain(PATHS_MAX, False)[-1]) and not few_paths(chain(200, True)[-1])
