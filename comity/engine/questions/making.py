"""Builds decision diagrams: nodes that ask a question, equal ones made once, and diagrams joined leaf by leaf."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeAlias

from msgspec import Struct

from comity.engine.questions.bounds import BRANCHES_MAX, TooLarge
from comity.engine.questions.implications import direct_pairs
from comity.engine.questions.questions import Questions
from comity.engine.questions.single import SingleQuestions
from comity.engine.questions.splits import Atom, Split
from comity.language import syntax


class Node(Struct, frozen=True, eq=False):
    """A question (its place among the splits), what follows each answer, and all the bits that lie below."""

    split: int
    branches: tuple[Diagram, ...]
    reach: int


Diagram: TypeAlias = "Node | int"


def reach_of(diagram: Diagram) -> int:
    """All the bits that lie below."""
    return diagram if isinstance(diagram, int) else diagram.reach


OPERATIONS: dict[str, Callable[[int, int], int]] = {
    "and": lambda one, other: one & other,
    "or": lambda one, other: one | other,
    "not": lambda one, _: 1 - one,
    "times": lambda one, other: one * other,
}


class Making:
    """Builds diagrams over one order of questions; equal nodes are shared."""

    def __init__(
        self,
        asked: Questions,
        levels: Mapping[int, int],
        place: Mapping[Split, int],
        branches_max: int = BRANCHES_MAX,
    ) -> None:
        self.asked, self.levels, self.place = asked, levels, place
        self.nodes: dict[tuple[int, ...], Node] = {}
        self.done: dict[tuple[object, ...], Diagram] = {}
        self.single = SingleQuestions(asked)
        self.room = branches_max
        self.joins = 0  # pairs of nodes that were joined: the work that was done

    def copied(self) -> Making:
        """One with the same nodes, in which more can be built without adding to these."""
        copy = Making(self.asked, self.levels, self.place)
        copy.nodes, copy.done, copy.single = {**self.nodes}, {**self.done}, self.single
        copy.room, copy.joins = self.room, self.joins
        return copy

    @contextmanager
    def at_most(self, branches: int) -> Iterator[None]:
        """Bounds the branches that are added meanwhile."""
        beside = max(0, self.room - branches)
        self.room -= beside
        try:
            yield
        finally:
            self.room += beside

    def node(self, split: int, branches: Sequence[Diagram]) -> Diagram:
        if all(branch is branches[0] or (isinstance(branch, int) and branch == branches[0]) for branch in branches):
            return branches[0]
        key = (split, *(branch if isinstance(branch, int) else -id(branch) for branch in branches))
        if key not in self.nodes:
            self.room -= len(branches)
            if self.room < 0:
                raise TooLarge
            reach = 0
            for branch in branches:
                reach |= reach_of(branch)
            # One step, since keys are made of ids: a second node that another thread put here would leave stale ones.
            return self.nodes.setdefault(key, Node(split, tuple(branches), reach))
        return self.nodes[key]

    def of(self, condition: syntax.Condition) -> Diagram:
        match condition:
            case syntax.Truth(value):
                return int(value)
            case syntax.Not(body):
                return self.joined("not", self.of(body), 0)
            case syntax.And(parts):
                return self.folded("and", parts, 1)
            case syntax.Or(parts):
                return self.folded("or", parts, 0)
            case _:
                return self.answered(*self.single.answers_to(condition))

    def answered(self, split: int, answers: int) -> Diagram:
        """1 where the answer to one question is among some, else 0."""
        return self.node(split, [answers >> at & 1 for at in range(len(self.asked.splits[split].answers))])

    def folded(self, operation: str, parts: Sequence[syntax.Condition], start: int) -> Diagram:
        """Parts joined; those that turn on the same question alone are joined as bits first."""
        alone: dict[int, int] = {}
        rest: list[syntax.Condition] = []
        for part in parts:
            if (found := self.single.of_condition(part)) is None:
                rest.append(part)
            else:
                split, answers = found
                before = alone.get(split, answers)
                alone[split] = before & answers if operation == "and" else before | answers
        diagrams = [*(self.answered(split, answers) for split, answers in alone.items()), *map(self.of, rest)]
        return self.together(operation, diagrams, start)

    def joined(self, operation: str, one: Diagram, other: Diagram) -> Diagram:
        """Two diagrams joined leaf by leaf."""
        if isinstance(one, int) and isinstance(other, int):
            return OPERATIONS[operation](one, other)
        if (plain := _joined_plainly(operation, one, other)) is not None:
            return plain
        key = (operation, *(part if isinstance(part, int) else -id(part) for part in (one, other)))
        if key not in self.done:
            self.joins += 1
            split = min((part.split for part in (one, other) if isinstance(part, Node)), key=self.levels.__getitem__)
            answers = range(len(self.asked.splits[split].answers))
            self.done[key] = self.node(
                split, [self.joined(operation, _below(one, split, at), _below(other, split, at)) for at in answers]
            )
        return self.done[key]

    def mapped(self, diagram: Diagram, to: Callable[[int], int]) -> Diagram:
        """A diagram with each leaf replaced."""
        if isinstance(diagram, int):
            return to(diagram)
        key = ("mapped", id(to), id(diagram))
        if key not in self.done:
            self.done[key] = self.node(diagram.split, [self.mapped(branch, to) for branch in diagram.branches])
        return self.done[key]

    def settled(self, diagram: Diagram, answers: Mapping[int, int | None], name: object) -> Diagram:
        """A diagram without some questions. If any answer to a question is possible, the diagrams below it are joined.

        `name` identifies the answers in the cache.
        """
        if isinstance(diagram, int):
            return diagram
        key = ("settled", name, id(diagram))
        if key not in self.done:
            below = [self.settled(branch, answers, name) for branch in diagram.branches]
            if diagram.split not in answers:
                settled = self.node(diagram.split, below)
            elif (place := answers[diagram.split]) is not None:
                settled = below[place]
            else:
                settled = below[0]
                for branch in below[1:]:
                    settled = self.joined("or", settled, branch)
            self.done[key] = settled
        return self.done[key]

    def restricted(self, diagram: Diagram, truths: Mapping[Atom, bool]) -> Diagram:
        """What is left of a diagram once some atoms are known; where no answer is left, nothing is."""
        if isinstance(diagram, int):
            return diagram
        key = ("restricted", id(diagram))
        if key not in self.done:
            open_answers = self.single.open_answers(diagram.split, truths)
            branches: list[Diagram] = [0] * len(diagram.branches)
            for place in range(len(branches)) if open_answers is None else open_answers:
                branches[place] = self.restricted(diagram.branches[place], truths)
            left = [branch for branch in branches if branch != 0]  # 0 is a contradiction, which no request can be
            same = bool(left) and all(branch is left[0] or branch == left[0] for branch in left)
            self.done[key] = left[0] if same else self.node(diagram.split, branches) if left else 0
        return self.done[key]

    def consistent(self, splits: Sequence[Split]) -> Diagram:
        """1 where the answers keep every implication between these questions, else 0."""
        number = self.asked.numbers
        here = [number[split.atoms[0]] for split in splits if split.atoms[0] in number]
        atoms = self.asked.quantified
        rules = [
            self.joined("or", self.joined("not", self.of(atoms[one]), 0), self.of(atoms[other]))
            for one, other in direct_pairs(self.asked.reached, here)
        ]
        return self.together("and", rules, 1)

    def together(self, operation: str, parts: Iterable[Diagram], nothing: int) -> Diagram:
        """Joins many diagrams, those that begin with the last questions first.

        So each is joined with what lies below its own first question, and walks no further than its own last question.
        """
        joined: Diagram = nothing
        for part in sorted(parts, key=self.level_of, reverse=True):
            joined = self.joined(operation, part, joined)
        return joined

    def level_of(self, diagram: Diagram) -> int:
        """The level of the first question that a diagram asks; that of a leaf comes after all."""
        return len(self.levels) if isinstance(diagram, int) else self.levels[diagram.split]


def _joined_plainly(operation: str, one: Diagram, other: Diagram) -> Diagram | None:
    """Two diagrams joined where one look shows the result, so that nothing below is walked; None where it does not."""
    if one is other and operation in ("and", "or"):
        return one
    if isinstance(one, Node):
        one, other = other, one
    if operation == "not" or isinstance(one, Node):
        return None
    outside = reach_of(other) & ~one  # bits of the other that the leaf does not have
    match operation:
        case "or":
            return other if one == 0 else one if not outside else None
        case "and":
            return 0 if one == 0 else other if not outside else None
    return 0 if one == 0 else other if one == 1 else None


def _below(diagram: Diagram, split: int, answer: int) -> Diagram:
    return diagram.branches[answer] if isinstance(diagram, Node) and diagram.split == split else diagram


def splits_in(diagram: Diagram) -> set[int]:
    """The questions that a diagram asks."""
    found, seen = set[int](), set[int]()
    pending = [diagram]
    while pending:
        node = pending.pop()
        if isinstance(node, Node) and id(node) not in seen:
            seen.add(id(node))
            found.add(node.split)
            pending += node.branches
    return found
