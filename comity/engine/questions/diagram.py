"""The outcomes of a stack as decision diagrams, one for each action. Every path asks each question at most once.

A node asks one split and has a branch for each answer; a leaf is a set of outcomes as bits, none where the answers
contradict each other. Equal parts are shared. Built once a stack; then a request with nothing missing takes one way
down, and what is missing takes every branch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeAlias

from msgspec import Struct

from comity.engine.outcome import CERTAIN, Outcome
from comity.engine.questions.bounds import AFTER_MAX, BRANCHES_MAX, JOINT_BRANCHES_MAX, TooLarge
from comity.engine.questions.implications import direct_pairs
from comity.engine.questions.order import order_of
from comity.engine.questions.pairs import pair_bit, same_bit
from comity.engine.questions.questions import Questions
from comity.engine.questions.single import SingleQuestions
from comity.engine.questions.splits import Atom, Split, atoms_of
from comity.language import syntax

BIT = {outcome: 1 << place for place, outcome in enumerate(CERTAIN)}
ALL = (1 << len(CERTAIN)) - 1
OUTCOMES_OF_BITS: tuple[tuple[Outcome, ...], ...] = tuple(
    tuple(outcome for outcome in CERTAIN if bits & BIT[outcome]) for bits in range(ALL + 1)
)
REQUIRED, FORBIDDEN, PERMITTED = 1, 2, 4
OUTCOME_OF_STANDING: tuple[Outcome, ...] = (
    *("unaddressed", "required", "forbidden", "in_conflict"),
    *("permitted", "required", "forbidden", "in_conflict"),
)
STANDING_OF_KIND = {"requires": REQUIRED, "forbids": FORBIDDEN, "permits": PERMITTED}
SO, NOT_SO = 1, 2


def bit_of_standing(bits: int) -> int:
    return BIT[OUTCOME_OF_STANDING[bits]]


def so_or_not(so: int) -> int:
    return SO if so else NOT_SO


class Node(Struct, frozen=True, eq=False):
    """A question (its place among the splits), what follows each answer, and all the bits that lie below."""

    split: int
    branches: tuple[Diagram, ...]
    reach: int


Diagram: TypeAlias = "Node | int"


def reach_of(diagram: Diagram) -> int:
    """All the bits that lie below."""
    return diagram if isinstance(diagram, int) else diagram.reach


class Diagrams:
    """The diagrams of a stack, each built when it is first needed."""

    def __init__(self, asked: Questions) -> None:
        self.asked = asked
        self.place: dict[Split, int] = {split: index for index, split in enumerate(asked.splits)}
        self._of_action: dict[str, Diagram] = {}
        self._of_pair: dict[tuple[str, str], Diagram] = {}
        self._of_condition: dict[syntax.Condition, Diagram] = {}
        self._stands: dict[str, Mapping[int, Diagram]] = {}
        levels = {place: level for level, place in enumerate(order_of(asked))}
        self._making = _Making(asked, levels, self.place)

    def of_all(self, actions: Sequence[str]) -> Diagram:
        """The outcomes of all actions side by side: the first action's bits lowest.

        Raises `TooLarge` long before the diagrams of the actions do, each of which answers for itself.
        """
        apart = [self.of_action(action) for action in actions]
        total: Diagram = 0
        with self._making.at_most(JOINT_BRANCHES_MAX):
            for place, diagram in enumerate(apart):
                shifted = self._making.joined("times", diagram, 1 << len(CERTAIN) * place)
                total = self._making.joined("or", total, shifted)
        return total

    def of_action(self, action: str) -> Diagram:
        if action not in self._of_action:
            self._of_action[action] = self._outcomes(action)
        return self._of_action[action]

    def pairs(self, one: str, other: str) -> Diagram:
        """The outcomes of two actions together: a leaf is a set of pairs, a bit each (`pairs_of_bits`)."""
        making, key = self._making, (one, other)
        if key not in self._of_pair:
            shifted = making.joined("times", self.of_action(other), 1 << len(CERTAIN))
            paired = making.mapped(making.joined("or", self.of_action(one), shifted), pair_bit)
            splits = [*dict.fromkeys((*self.asked.splits_of_action(one), *self.asked.splits_of_action(other)))]
            self._of_pair[key] = making.joined("times", making.consistent(splits), paired)
        return self._of_pair[key]

    def differ_on(self, one: str, other: str, truths: Mapping[Atom, bool]) -> frozenset[int]:
        """The splits that decide whether two actions have the same outcome."""
        same = self._making.mapped(self.pairs(one, other), same_bit)
        return frozenset(splits_in(_Making(self.asked, {}, self.place).restricted(same, truths)))

    def settled(self, action: str, answers: Mapping[int, int | None]) -> Diagram:
        """The diagram of an action without the questions whose answer is given: the answer's place, or None for every one."""
        return self._making.settled(self.of_action(action), answers, tuple(answers.items()))

    def settled_together(self, actions: Sequence[str], answers: Mapping[int, int | None]) -> Diagram:
        """The same of all actions side by side (`of_all`)."""
        return self._making.settled(self.of_all(actions), answers, tuple(answers.items()))

    def after(self, action: str, truths: Mapping[Atom, bool], splits: Sequence[Split]) -> list[tuple[Outcome, ...]]:
        """The distinct sets of outcomes that answering all of some questions, in every consistent way, can leave open.

        After AFTER_MAX combinations it stops and adds what is possible now, since the answers may narrow nothing.
        """
        making, wanted = _Making(self.asked, {}, self.place), {self.place[split] for split in splits}
        start = making.restricted(self.of_action(action), truths)
        pending, found, seen = [start], set[tuple[Outcome, ...]](), set[int]()
        while pending:
            diagram = pending.pop()
            bits = reach_of(diagram)
            place = next(iter(sorted(splits_in(diagram) & wanted)), None)
            if place is None and bits:
                found.add(OUTCOMES_OF_BITS[bits])
            elif place is not None and id(diagram) not in seen:
                seen.add(id(diagram))
                if len(seen) > AFTER_MAX:
                    return sorted(found | {OUTCOMES_OF_BITS[reach_of(start)]})
                answers = range(len(self.asked.splits[place].answers))
                pending += [making.settled(diagram, {place: answer}, (place, answer)) for answer in answers]
        return sorted(found)

    def possible(self, action: str, truths: Mapping[Atom, bool]) -> tuple[Outcome, ...]:
        """The outcomes of an action that some truths leave open."""
        return OUTCOMES_OF_BITS[self.walk(self.of_action(action), truths)]

    def walk(self, diagram: Diagram, truths: Mapping[Atom, bool]) -> int:
        """All the bits that can be reached by answers that agree with some truths."""
        found, seen = 0, set[int]()
        open_answers: dict[int, Sequence[int] | None] = {}
        pending: list[Diagram] = [diagram]
        while pending:
            node = pending.pop()
            if isinstance(node, int):
                found |= node
            elif node.reach & ~found and id(node) not in seen:
                seen.add(id(node))
                if node.split not in open_answers:
                    open_answers[node.split] = self._making.single.open_answers(node.split, truths)
                places = open_answers[node.split]
                pending += node.branches if places is None else [node.branches[place] for place in places]
        return found

    def turns_on(self, action: str, truths: Mapping[Atom, bool]) -> frozenset[int]:
        """The splits on which the outcome still depends: their answer matters for some answers to the others."""
        return frozenset(splits_in(_Making(self.asked, {}, self.place).restricted(self.of_action(action), truths)))

    def stands(self, index: int) -> Diagram:
        """Whether an effect prevails, by its index in the stack: 1 if it does, 2 if not, 0 for contradictory answers."""
        effect = self.asked.standing[index]
        if effect.action:
            return self._either(self._standing(effect.action)[index], effect.action)
        return self._obligation_stands(index)

    def _obligation_stands(self, index: int) -> Diagram:
        """Whether an obligation applies and nothing that it yields to stands; leaves as in `stands`."""
        making, effect = self._making, self.asked.standing[index]
        stands = {at: part for action, _ in effect.demands for at, part in self._standing(action).items()}
        defeated = making.together("or", [stands[other.to] for other in effect.yields_to], 0)
        applies = making.of(self.asked.conditions[index])
        so = making.mapped(making.joined("and", applies, making.joined("not", defeated, 0)), so_or_not)
        read = {
            atom for at in self.asked.deciding_whether_stands(index) for atom in atoms_of(self.asked.conditions[at])
        }
        splits = [split for split in self.asked.splits if any(atom in read for atom in split.atoms)]
        return making.joined("times", making.consistent(splits), so)

    def yields(self, index: int, other: int) -> Diagram:
        """Whether an effect applies and yields to another that prevails; leaves as in `stands`."""
        action = self.asked.standing[index].action
        making = self._making
        both = making.joined("and", making.of(self.asked.conditions[index]), self._standing(action)[other])
        return self._either(both, action)

    def applies(self, condition: syntax.Condition) -> Diagram:
        """Whether a condition of the stack is true; leaves as in `stands`."""
        making = self._making
        if condition not in self._of_condition:
            so = making.mapped(making.of(condition), so_or_not)
            consistent = making.consistent(self.asked.splits_of([condition]))
            self._of_condition[condition] = making.joined("times", consistent, so)
        return self._of_condition[condition]

    def _either(self, diagram: Diagram, action: str) -> Diagram:
        making = self._making
        consistent = making.consistent(self.asked.splits_of_action(action))
        return making.joined("times", consistent, making.mapped(diagram, so_or_not))

    def _standing(self, action: str) -> Mapping[int, Diagram]:
        """Whether each effect on an action prevails: 1 if it applies and nothing that it yields to prevails."""
        if action not in self._stands:
            making = self._making
            stands: dict[int, Diagram] = {}
            known: dict[tuple[int, ...], Diagram] = {(): 0}
            for index in self.asked.of_action(action):
                yields_to = tuple(to.to for to in self.asked.standing[index].yields_to)
                defeated = self._any(yields_to, stands, known)
                applies = making.of(self.asked.conditions[index])
                stands[index] = making.joined("and", applies, making.joined("not", defeated, 0))
            self._stands[action] = stands
        return self._stands[action]

    def _outcomes(self, action: str) -> Diagram:
        making = self._making
        parts = [
            making.joined("times", stands, STANDING_OF_KIND[kind])
            for index, stands in self._standing(action).items()
            if (kind := self.asked.standing[index].kind) in STANDING_OF_KIND
        ]
        outcomes = making.mapped(making.together("or", parts, 0), bit_of_standing)
        return making.joined("times", making.consistent(self.asked.splits_of_action(action)), outcomes)

    def _any(
        self, indices: tuple[int, ...], stands: Mapping[int, Diagram], known: dict[tuple[int, ...], Diagram]
    ) -> Diagram:
        """Whether one of some effects stands; what yields mostly yields to what the one before it does, and one more."""
        start = next(end for end in range(len(indices), -1, -1) if indices[:end] in known)
        for end in range(start, len(indices)):
            known[indices[: end + 1]] = self._making.joined("or", known[indices[:end]], stands[indices[end]])
        return known[indices]


OPERATIONS: dict[str, Callable[[int, int], int]] = {
    "and": lambda one, other: one & other,
    "or": lambda one, other: one | other,
    "not": lambda one, _: 1 - one,
    "times": lambda one, other: one * other,
}


class _Making:
    """Builds diagrams over one order of questions; equal nodes are shared."""

    def __init__(self, asked: Questions, levels: Mapping[int, int], place: Mapping[Split, int]) -> None:
        self.asked, self.levels, self.place = asked, levels, place
        self.nodes: dict[tuple[int, ...], Node] = {}
        self.done: dict[tuple[object, ...], Diagram] = {}
        self.single = SingleQuestions(asked)
        self.room = BRANCHES_MAX

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
        joined: Diagram = start
        for diagram in reversed(diagrams):
            joined = self.joined(operation, diagram, joined)
        return joined

    def joined(self, operation: str, one: Diagram, other: Diagram) -> Diagram:
        """Two diagrams joined leaf by leaf."""
        if isinstance(one, int) and isinstance(other, int):
            return OPERATIONS[operation](one, other)
        key = (operation, *(part if isinstance(part, int) else -id(part) for part in (one, other)))
        if key not in self.done:
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

    def together(self, operation: str, parts: Sequence[Diagram], nothing: int) -> Diagram:
        """Joins many diagrams pairwise, so that few of the joins have large operands."""
        diagrams = list(parts) or [nothing]
        while len(diagrams) > 1:
            joined = [self.joined(operation, *diagrams[at : at + 2]) for at in range(0, len(diagrams) - 1, 2)]
            diagrams = [*joined, *diagrams[2 * len(joined) :]]
        return diagrams[0]


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
