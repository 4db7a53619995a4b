"""Diagrams of a stack: equal nodes are one, also where threads build them at the same time."""

from __future__ import annotations

from comity.engine.questions.diagram import Diagrams
from comity.engine.questions.making import Node
from comity.engine.questions.questions import questions
from tests.law.small_law import act, stack_of


class Forgetful(dict[tuple[int, ...], Node]):
    """A table that never knows what is in it, as a thread sees it that looked before another one wrote."""

    def __contains__(self, key: object) -> bool:
        return False


def test_a_node_that_two_threads_make_is_one() -> None:
    stack = stack_of(act("us/fl/miami-dade/county-law", "ordinance", "forbids hold when request.signed"))
    making = Diagrams(questions(stack))._making
    making.nodes = Forgetful()
    first, second = making.node(0, [0, 1]), making.node(0, [0, 1])
    assert first is second and len(making.nodes) == 1
