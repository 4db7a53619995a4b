"""Finds what is possible under known truths, in two ways: by search, and by diagrams, which are fast."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol, TypeAlias

from comity.engine.outcome import Outcome
from comity.engine.questions.diagram import NOT_SO, SO, Diagrams
from comity.engine.questions.making import Diagram
from comity.engine.questions.questions import Questions, standing_of
from comity.engine.questions.splits import Atom, Split, atoms_of
from comity.engine.search.search import open_truths, possible, reduced, stands_at_all
from comity.language import syntax
from comity.language.connect import ALWAYS, NEVER
from comity.language.logic import Kleene, conjunction

Truths: TypeAlias = Mapping[Atom, bool]
Outcomes: TypeAlias = tuple[Outcome, ...]
Either: TypeAlias = tuple[bool, bool]  # whether it is true under some completion, and whether under every one


class Reasoner(Protocol):
    """The questions that an explanation asks, given the known truths of atoms."""

    @property
    def asked(self) -> Questions:
        """The stack and its questions."""

    def left(self, action: str, truths: Truths) -> Outcomes:
        """The possible outcomes of an action."""

    def stands(self, index: int, truths: Truths) -> Either:
        """Whether an effect prevails, by its index in the stack."""

    def yields(self, index: int, other: int, truths: Truths) -> Either:
        """Whether an effect applies and yields to another that prevails."""

    def applies(self, condition: syntax.Condition, truths: Truths) -> Either:
        """Whether a condition is true."""

    def after(self, action: str, truths: Truths, splits: Sequence[Split]) -> list[Outcomes]:
        """The distinct sets of outcomes that are left by the consistent answers to some questions."""

    def turns_on(self, action: str, truths: Truths) -> Collection[int]:
        """The indices of the questions on which the outcome of an action still depends."""


class BySearch:
    """Answers by search, without caches."""

    def __init__(self, asked: Questions, turns_on: Callable[[str, Truths], Collection[int]]) -> None:
        self.asked, self.turns_on = asked, turns_on

    def left(self, action: str, truths: Truths) -> Outcomes:
        return possible(self.asked, action, truths)

    def stands(self, index: int, truths: Truths) -> Either:
        return stands_at_all(self.asked, index, truths)

    def yields(self, index: int, other: int, truths: Truths) -> Either:
        indices = self.asked.of_action(self.asked.standing[index].action)

        def yields(applies: Sequence[Kleene]) -> Kleene:
            stands = standing_of(self.asked, indices, applies)
            return conjunction((applies[indices.index(index)], stands[other]))

        return open_truths(self.asked, [self.asked.conditions[place] for place in indices], yields, truths)

    def applies(self, condition: syntax.Condition, truths: Truths) -> Either:
        if condition == ALWAYS:
            return True, True
        return open_truths(self.asked, [condition], lambda decided: decided[0], truths)

    def after(self, action: str, truths: Truths, splits: Sequence[Split]) -> list[Outcomes]:
        atoms = {atom for split in splits for atom in split.atoms}
        found: set[Outcomes] = set()
        seen: set[object] = set()

        def descend(rest: tuple[syntax.Condition, ...], assumed: Truths) -> None:
            if rest in seen:
                return
            seen.add(rest)
            atom = next((atom for part in rest for atom in atoms_of(part) if atom in atoms), None)
            if atom is None:
                found.add(self.left(action, assumed))
                return
            split, _ = self.asked.of_atom[atom]
            for answer in split.answers:
                given = dict(zip(split.atoms, answer, strict=True))
                if self.asked.fits(given, assumed):
                    descend(tuple(reduced(part, given) for part in rest), {**assumed, **given})

        conditions = [self.asked.conditions[index] for index in self.asked.of_action(action)]
        descend(tuple(reduced(condition, truths) for condition in conditions), truths)
        return sorted(found)


class ByDiagrams:
    """Answers by following diagrams."""

    def __init__(self, diagrams: Diagrams) -> None:
        self.asked, self.diagrams = diagrams.asked, diagrams

    def left(self, action: str, truths: Truths) -> Outcomes:
        return self.diagrams.possible(action, truths)

    def stands(self, index: int, truths: Truths) -> Either:
        applies = reduced(self.asked.conditions[index], truths)
        if applies == NEVER:  # most effects of a large law: no diagram is built
            return False, False
        if applies == ALWAYS and all(
            reduced(self.asked.conditions[other.to], truths) == NEVER for other in self.asked.standing[index].yields_to
        ):
            return True, True
        return self._either(self.diagrams.stands(index), truths)

    def yields(self, index: int, other: int, truths: Truths) -> Either:
        if NEVER in (reduced(self.asked.conditions[place], truths) for place in (index, other)):
            return False, False
        return self._either(self.diagrams.yields(index, other), truths)

    def applies(self, condition: syntax.Condition, truths: Truths) -> Either:
        if (left := reduced(condition, truths)) in (ALWAYS, NEVER):
            return left == ALWAYS, left == ALWAYS
        return self._either(self.diagrams.applies(condition), truths)

    def after(self, action: str, truths: Truths, splits: Sequence[Split]) -> list[Outcomes]:
        return self.diagrams.after(action, truths, splits)

    def turns_on(self, action: str, truths: Truths) -> Collection[int]:
        return self.diagrams.turns_on(action, truths)

    def _either(self, diagram: Diagram, truths: Truths) -> Either:
        found = self.diagrams.walk(diagram, truths)
        return bool(found & SO), not found & NOT_SO
