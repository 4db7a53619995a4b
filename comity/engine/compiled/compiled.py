"""A stack compiled to Python functions, for deciding requests one by one quickly; held to the reference engine by tests.

Each question becomes a function that gives its answer (the place of the answer, or UNKNOWN); the diagrams of all
actions become one nest of branches, whose leaves hold the open outcomes of every action as bits side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias

from comity.engine.outcome import CERTAIN, Outcome
from comity.engine.questions.answers import UNKNOWN, Answerer, answerer, in_line
from comity.engine.questions.bounds import TooLarge
from comity.engine.questions.diagram import ALL, OUTCOMES_OF_BITS, Diagrams
from comity.engine.questions.making import Diagram, Node
from comity.engine.questions.questions import Questions
from comity.facts.kinds import Value
from comity.law.instrument import ACTIONS

WIDTH = len(CERTAIN)
INLINE_DEPTH = 12
KEPT_MAX = 20_000  # combinations of answers kept with what they leave open
Decide: TypeAlias = Callable[[Mapping[str, Value]], int]


class Compiled:
    """One stack, ready to decide: `decide(values)` gives the open outcomes of all actions as bits side by side.

    `values` hold the facts of a request with those of the place filled in.
    """

    def __init__(self, asked: Questions, actions: tuple[str, ...] = ACTIONS, diagrams: Diagrams | None = None) -> None:
        self.asked, self.actions = asked, actions
        self.drawn = diagrams or Diagrams(asked)
        self.cache: dict[tuple[int, ...], int] = {}

    @cached_property
    def tops(self) -> list[tuple[int, Diagram]]:
        """The diagram of each action, with the place of its bits."""
        return [(WIDTH * place, self.drawn.of_action(action)) for place, action in enumerate(self.actions)]

    @cached_property
    def answerers(self) -> tuple[Answerer, ...]:
        """The function that answers each question."""
        return tuple(answerer(split, self.asked.stack.vocabulary) for split in self.asked.splits)

    @cached_property
    def decide(self) -> Decide:
        """Decides one request by one diagram of all actions; where that would be too large, by one of each action."""
        asking = [in_line(split, self.asked.stack.vocabulary) for split in self.asked.splits]
        try:
            return _written(self.drawn.of_all(self.actions), self.answerers, asking, self.explore)
        except TooLarge:
            return self.explore

    def explore(self, values: Mapping[str, Value]) -> int:
        """The open outcomes where some answer is not known: of each action for itself, since apart their diagrams are small."""
        return self.by_answers(self.answers(values))

    def by_answers(self, answers: tuple[int, ...]) -> int:
        """The open outcomes of all actions as bits side by side, from the answer to every question."""
        bits = self.cache.get(answers)
        if bits is None:
            bits = 0
            for shift, top in self.tops:
                bits |= open_bits(top, answers) << shift
            if len(self.cache) < KEPT_MAX:
                self.cache[answers] = bits
        return bits

    def answers(self, values: Mapping[str, Value]) -> tuple[int, ...]:
        """The answer to every question, in the order of the splits."""
        return tuple([answer_of(values) for answer_of in self.answerers])

    def outcomes(self, bits: int) -> dict[str, tuple[Outcome, ...]]:
        """The open outcomes of each action from the bits side by side."""
        return {action: OUTCOMES_OF_BITS[bits >> WIDTH * place & ALL] for place, action in enumerate(self.actions)}


def open_bits(top: Diagram, answers: Sequence[int] | Mapping[int, int]) -> int:
    """All the bits below a node that some answers leave open; `answers` by the places of their questions."""
    found, seen = 0, set[int]()
    pending = [top]
    while pending:
        node = pending.pop()
        if isinstance(node, int):
            found |= node
        elif node.reach & ~found and id(node) not in seen:
            seen.add(id(node))
            answer = answers[node.split]
            if answer == UNKNOWN:
                pending += node.branches
            else:
                pending.append(node.branches[answer])
    return found


def _written(diagram: Diagram, answerers: Sequence[Answerer], asking: Sequence[str], explore: Any) -> Decide:
    """The diagram as Python source, compiled: a function for each shared part, branches for the rest."""
    writing = _Writing(diagram, asking)
    source = writing.source()
    names: dict[str, Any] = {"explore": explore}
    names |= {f"q{place}": answer_of for place, answer_of in enumerate(answerers)}
    exec(compile(source, "<a stack of law>", "exec"), names)  # noqa: S102  numbers, and names quoted by repr
    decide: Decide = names["decide"]
    return decide


class _Writing:
    """Writes one diagram as source text; parts with several parents, or deep down, get a function of their own."""

    def __init__(self, diagram: Diagram, asking: Sequence[str]) -> None:
        self.top, self.asking = diagram, asking
        self.nodes: list[Node] = []
        self.place: dict[int, int] = {}
        self.parents: dict[int, int] = {}
        self.count(diagram)

    def count(self, diagram: Diagram) -> None:
        pending = [diagram]
        while pending:
            node = pending.pop()
            if isinstance(node, int):
                continue
            self.parents[id(node)] = self.parents.get(id(node), 0) + 1
            if id(node) not in self.place:
                self.place[id(node)] = len(self.nodes)
                self.nodes.append(node)
                pending += node.branches

    def source(self) -> str:
        lines: list[str] = []
        heads = [node for node in self.nodes if self.parents[id(node)] > 1]
        while heads:
            node = heads.pop()
            deeper: list[Node] = []
            lines += [f"def n{self.place[id(node)]}(v):", *self.body(node, 1, deeper)]
            heads += deeper
        deeper = []
        top = self.body(self.top, 1, deeper) if isinstance(self.top, Node) else [f"    return {self.top}"]
        lines += ["def decide(v):", *top]
        while deeper:
            node = deeper.pop()
            lines += [f"def n{self.place[id(node)]}(v):", *self.body(node, 1, deeper)]
        return "\n".join(lines)

    def body(self, node: Node, depth: int, deeper: list[Node]) -> list[str]:
        pad = "    " * depth
        lines = [f"{pad}a = {self.asking[node.split] or f'q{node.split}(v)'}"]
        for place, branch in enumerate(node.branches):
            lines.append(f"{pad}{'el' if place else ''}if a == {place}:")
            lines += self.branch(branch, depth + 1, deeper)
        return [*lines, f"{pad}return explore(v)"]

    def branch(self, branch: Diagram, depth: int, deeper: list[Node]) -> list[str]:
        pad = "    " * depth
        if isinstance(branch, int):
            return [f"{pad}return {branch}"]
        if self.parents[id(branch)] > 1:
            return [f"{pad}return n{self.place[id(branch)]}(v)"]
        if depth > INLINE_DEPTH:
            deeper.append(branch)
            return [f"{pad}return n{self.place[id(branch)]}(v)"]
        return self.body(branch, depth, deeper)
