"""A stack's outcomes as decision diagrams, one an action: every question asked at most once on each way down.

A node asks one split and has a branch for each answer; a leaf is a set of outcomes as bits, none where the answers
contradict each other. Equal parts are shared. Built once a stack; then a request with nothing missing takes one way
down, and what is missing takes every branch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from comity.engine.outcome import CERTAIN, Outcome
from comity.engine.questions.bounds import AFTER_MAX, BRANCHES_MAX, TooLarge
from comity.engine.questions.order import order_of
from comity.engine.questions.questions import Questions
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
    """The diagrams of a stack, each made when it is first asked for."""

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
        """The outcomes of all actions side by side: the first action's bits lowest."""
        total: Diagram = 0
        for place, action in enumerate(actions):
            shifted = self._making.joined("times", self.of_action(action), 1 << len(CERTAIN) * place)
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
            paired = making.mapped(making.joined("or", self.of_action(one), shifted), _pair_bit)
            splits = [*dict.fromkeys((*self.asked.splits_of_action(one), *self.asked.splits_of_action(other)))]
            self._of_pair[key] = making.joined("times", making.consistent(splits), paired)
        return self._of_pair[key]

    def differ_on(self, one: str, other: str, truths: Mapping[Atom, bool]) -> frozenset[int]:
        """The splits on which it turns whether two actions have the same outcome."""
        same = self._making.mapped(self.pairs(one, other), _same_bit)
        return frozenset(splits_in(_Making(self.asked, {}, self.place).restricted(same, truths)))

    def settled(self, action: str, answers: Mapping[int, int | None]) -> Diagram:
        """The diagram of an action without the questions whose answer is given: the answer's place, or None for every one."""
        return self._making.settled(self.of_action(action), answers, tuple(answers.items()))

    def settled_together(self, actions: Sequence[str], answers: Mapping[int, int | None]) -> Diagram:
        """The same of all actions side by side (`of_all`)."""
        return self._making.settled(self.of_all(actions), answers, tuple(answers.items()))

    def after(self, action: str, truths: Mapping[Atom, bool], splits: Sequence[Split]) -> list[tuple[Outcome, ...]]:
        """The distinct sets of outcomes that answering all of some questions, in every consistent way, can leave open.

        Past AFTER_MAX combinations it stops, and adds what is open now: that the answers may narrow nothing.
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
        pending: list[Diagram] = [diagram]
        while pending:
            node = pending.pop()
            if isinstance(node, int):
                found |= node
            elif node.reach & ~found and id(node) not in seen:
                seen.add(id(node))
                split = self.asked.splits[node.split]
                known = [truths.get(atom) for atom in split.atoms]
                pending += [
                    branch
                    for branch, answer in zip(node.branches, split.answers, strict=True)
                    if all(so is None or so is value for so, value in zip(known, answer, strict=True))
                ]
        return found

    def turns_on(self, action: str, truths: Mapping[Atom, bool]) -> frozenset[int]:
        """The splits on which the outcome still turns: for some answers to all else, the answer to these matters."""
        return frozenset(splits_in(_Making(self.asked, {}, self.place).restricted(self.of_action(action), truths)))

    def stands(self, index: int) -> Diagram:
        """Whether an effect stands, by its place in the stack: 1 where it does, 2 where not, 0 where answers contradict each other."""
        return self._either(self._standing(self.asked.standing[index].action)[index], self.asked.standing[index].action)

    def yields(self, index: int, other: int) -> Diagram:
        """Whether an effect applies and yields to another that stands; leaves as in `stands`."""
        action = self.asked.standing[index].action
        making = self._making
        both = making.joined("and", making.of(self.asked.conditions[index]), self._standing(action)[other])
        return self._either(both, action)

    def applies(self, condition: syntax.Condition) -> Diagram:
        """Whether a condition of the stack is so; leaves as in `stands`."""
        making = self._making
        if condition not in self._of_condition:
            atoms = {*atoms_of(condition)}
            splits = [split for split in self.asked.splits if any(atom in atoms for atom in split.atoms)]
            so = making.mapped(making.of(condition), so_or_not)
            self._of_condition[condition] = making.joined("times", making.consistent(splits), so)
        return self._of_condition[condition]

    def _either(self, diagram: Diagram, action: str) -> Diagram:
        making = self._making
        consistent = making.consistent(self.asked.splits_of_action(action))
        return making.joined("times", consistent, making.mapped(diagram, so_or_not))

    def _standing(self, action: str) -> Mapping[int, Diagram]:
        """Whether each effect on an action stands: 1 where it applies and nothing that it yields to stands."""
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


def _pair_bit(bits: int) -> int:
    """The bit of one pair, from the bit of the first's outcome and, above it, that of the second's; none where either has none."""
    first, second = bits & ALL, bits >> len(CERTAIN)
    return 1 << (first.bit_length() - 1) * len(CERTAIN) + second.bit_length() - 1 if first and second else 0


def _same_bit(pair: int) -> int:
    """1 for a pair of equal outcomes, 2 for another, 0 for none."""
    place = pair.bit_length() - 1
    return 0 if not pair else 1 if place // len(CERTAIN) == place % len(CERTAIN) else 2


def pairs_of_bits(bits: int) -> tuple[tuple[Outcome, Outcome], ...]:
    """The pairs that a number stands for."""
    places = [
        (one, other)
        for one in range(len(CERTAIN))
        for other in range(len(CERTAIN))
        if bits >> one * len(CERTAIN) + other & 1
    ]
    return tuple((CERTAIN[one], CERTAIN[other]) for one, other in places)


OPERATIONS: dict[str, Callable[[int, int], int]] = {
    "and": lambda one, other: one & other,
    "or": lambda one, other: one | other,
    "not": lambda one, _: 1 - one,
    "times": lambda one, other: one * other,
}


class _Making:
    """Builds diagrams over one order of questions, with equal nodes made once."""

    def __init__(self, asked: Questions, levels: Mapping[int, int], place: Mapping[Split, int]) -> None:
        self.asked, self.levels, self.place = asked, levels, place
        self.nodes: dict[tuple[int, ...], Node] = {}
        self.done: dict[tuple[object, ...], Diagram] = {}
        self.room = BRANCHES_MAX

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
                split, index = self.asked.of_atom[condition]
                return self.node(self.place[split], [int(answer[index]) for answer in split.answers])

    def folded(self, operation: str, parts: Sequence[syntax.Condition], start: int) -> Diagram:
        diagram: Diagram = start
        for part in reversed(parts):
            diagram = self.joined(operation, self.of(part), diagram)
        return diagram

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
        """A diagram without some questions; where every answer of one is open, all that lies below it is joined.

        `name` tells these answers from any others.
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
            split = self.asked.splits[diagram.split]
            known = [truths.get(atom) for atom in split.atoms]
            open_answers = [
                all(so is None or so is value for so, value in zip(known, answer, strict=True))
                for answer in split.answers
            ]
            branches = [
                self.restricted(branch, truths) if free else 0
                for branch, free in zip(diagram.branches, open_answers, strict=True)
            ]
            left = [branch for branch in branches if branch != 0]  # 0 is a contradiction, which no request can be
            same = bool(left) and all(branch is left[0] or branch == left[0] for branch in left)
            self.done[key] = left[0] if same else self.node(diagram.split, branches) if left else 0
        return self.done[key]

    def consistent(self, splits: Sequence[Split]) -> Diagram:
        """1 where the answers keep every implication between these questions, else 0."""
        here = {atom for split in splits for atom in split.atoms}
        rules = [
            self.joined("or", self.joined("not", self.of(atom), 0), self.of(other))
            for atom, others in self.asked.implied.items()
            for other in (others if atom in here else ())
            if other in here
        ]
        return self.together("and", rules, 1)

    def together(self, operation: str, parts: Sequence[Diagram], nothing: int) -> Diagram:
        """Many diagrams joined, by halves: what is joined last is large, and joining costs what it is large."""
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
