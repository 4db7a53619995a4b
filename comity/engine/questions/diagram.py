"""The outcomes of a stack as decision diagrams, one for each action. Every path asks each question at most once.

A node asks one split and has a branch for each answer; a leaf is a set of outcomes as bits, none where the answers
contradict each other. Equal parts are shared. Built once a stack; then a request with nothing missing takes one way
down, and what is missing takes every branch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from comity.engine.outcome import CERTAIN, Outcome
from comity.engine.questions.bounds import AFTER_MAX, BRANCHES_MAX, JOINT_BRANCHES_MAX
from comity.engine.questions.making import Diagram, Making, reach_of, splits_in
from comity.engine.questions.order import order_of
from comity.engine.questions.pairs import pair_bit, same_bit
from comity.engine.questions.questions import Questions
from comity.engine.questions.splits import Atom, Split
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


class Diagrams:
    """The diagrams of a stack, each built when it is first needed, of `branches_max` branches together.

    Raises `TooLarge` where more would be needed.
    """

    def __init__(self, asked: Questions, branches_max: int = BRANCHES_MAX) -> None:
        self.asked = asked
        self.place: dict[Split, int] = {split: index for index, split in enumerate(asked.splits)}
        self._of_action: dict[str, Diagram] = {}
        self._of_pair: dict[tuple[str, str], Diagram] = {}
        self._of_consistency: dict[str, Diagram] = {}
        self._of_condition: dict[syntax.Condition, Diagram] = {}
        self._some: dict[tuple[int, ...], Diagram] = {}
        levels = {place: level for level, place in enumerate(order_of(asked))}
        self._making = Making(asked, levels, self.place, branches_max)
        self._last: tuple[str, Mapping[Atom, bool], Making, Diagram] | None = None

    @property
    def joins(self) -> int:
        """How many pairs of nodes were joined to build the diagrams."""
        return self._making.joins

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
        return frozenset(splits_in(Making(self.asked, {}, self.place).restricted(same, truths)))

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
        wanted = {self.place[split] for split in splits}
        of_start, start = self._restricted(action, truths)
        making = of_start.copied()
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
        return frozenset(splits_in(self._restricted(action, truths)[1]))

    def _restricted(self, action: str, truths: Mapping[Atom, bool]) -> tuple[Making, Diagram]:
        """What some truths leave of an action's diagram, and where it was built. The last is kept, with the truths themselves.

        An explanation asks for the same several times in a row, for each fact that is missing. Nobody changes truths in place.
        """
        last = self._last
        if last is None or last[0] != action or last[1] is not truths:
            making = Making(self.asked, {}, self.place)
            last = self._last = action, truths, making, making.restricted(self.of_action(action), truths)
        return last[2], last[3]

    def stands(self, index: int) -> Diagram:
        """Whether an effect prevails, by its index in the stack: 1 if it does, 2 if not, 0 for contradictory answers."""
        effect = self.asked.standing[index]
        if effect.action:
            return self._either(self._prevails(index), effect.action)
        return self._obligation_stands(index)

    def _obligation_stands(self, index: int) -> Diagram:
        """Whether an obligation applies and nothing that it yields to stands; leaves as in `stands`."""
        making = self._making
        so = making.mapped(self._prevails(index), so_or_not)
        deciding = self.asked.deciding_whether_stands(index)
        splits = self.asked.splits_of(self.asked.conditions[at] for at in deciding)
        return making.joined("times", making.consistent(splits), so)

    def yields(self, index: int, other: int) -> Diagram:
        """Whether an effect applies and yields to another that prevails; leaves as in `stands`."""
        action = self.asked.standing[index].action
        making = self._making
        both = making.joined("and", making.of(self.asked.conditions[index]), self._prevails(other))
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
        return making.joined("times", self._consistent(action), making.mapped(diagram, so_or_not))

    def _consistent(self, action: str) -> Diagram:
        if action not in self._of_consistency:
            self._of_consistency[action] = self._making.consistent(self.asked.splits_of_action(action))
        return self._of_consistency[action]

    def _prevails(self, index: int) -> Diagram:
        """Whether an effect applies and nothing that it yields to prevails: 1 or 0."""
        return self._some_prevails((index,))

    def _outcomes(self, action: str) -> Diagram:
        making = self._making
        of_kind: dict[int, list[int]] = {}
        for index in self.asked.of_action(action):
            if (kind := self.asked.standing[index].kind) in STANDING_OF_KIND:
                of_kind.setdefault(STANDING_OF_KIND[kind], []).append(index)
        parts = [making.joined("times", self._some_prevails((*some,)), bit) for bit, some in of_kind.items()]
        outcomes = making.mapped(making.together("or", parts, 0), bit_of_standing)
        return making.joined("times", self._consistent(action), outcomes)

    def _some_prevails(self, indices: tuple[int, ...]) -> Diagram:
        """Whether at least one of some effects prevails.

        Effects that yield to the same others are joined before these are taken into account, so that this is done once
        for all of them and not for each.
        """
        if indices not in self._some:
            making = self._making
            yielding: dict[tuple[int, ...], list[int]] = {}
            for index in indices:
                to = tuple(other.to for other in self.asked.standing[index].yields_to)
                yielding.setdefault(to, []).append(index)
            parts = []
            for to, members in yielding.items():
                applies = making.folded("or", [self.asked.conditions[index] for index in members], 0)
                undefeated = making.joined("not", self._some_prevails(to), 0) if to else 1
                parts.append(making.joined("and", applies, undefeated))
            self._some[indices] = making.together("or", parts, 0)
        return self._some[indices]
