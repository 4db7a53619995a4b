"""A stack ready to be decided: its conditions in normal form, and the questions that they ask.

What every engine but the definition shares. Made once for a stack, and used for each request.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from comity.engine.questions.normal import normal
from comity.engine.questions.splits import QUANTIFIERS, Atom, Split, atoms_of, implies, splits_of
from comity.facts.kinds import Value
from comity.language import syntax
from comity.language.evaluate import Known, truth
from comity.language.logic import Kleene, conjunction, disjunction, negation
from comity.law.in_force import Stack
from comity.law.instrument import DUTIES
from comity.law.precedence import OrderedEffect

CALLS_A_QUESTION, CALLS_BESIDE = 4, 1_000
DECIDING = (*DUTIES, "permits", "protects")


class Questions(Struct, frozen=True, dict=True):
    """A stack with its conditions in normal form and the questions that they ask: made once, used for each request."""

    stack: Stack
    standing: tuple[OrderedEffect, ...]
    conditions: tuple[syntax.Condition, ...]
    splits: tuple[Split, ...]

    @cached_property
    def of_atom(self) -> Mapping[Atom, tuple[Split, int]]:
        """The split that settles each atom, and the atom's place in it."""
        return {atom: (split, index) for split in self.splits for index, atom in enumerate(split.atoms)}

    @cached_property
    def implied(self) -> Mapping[Atom, frozenset[Atom]]:
        """The atoms that a quantifier makes so by being so, and those that these make so in turn."""
        quantified: list[Atom] = [split.atoms[0] for split in self.splits if isinstance(split.atoms[0], QUANTIFIERS)]
        direct = {one: {other for other in quantified if other != one and implies(one, other)} for one in quantified}
        return {one: frozenset(_reached(one, direct)) for one in quantified if direct[one]}

    @cached_property
    def implying(self) -> Mapping[Atom, frozenset[Atom]]:
        """The same the other way round: the atoms that make an atom so."""
        targets = {other for others in self.implied.values() for other in others}
        return {other: frozenset(one for one, others in self.implied.items() if other in others) for other in targets}

    def fits(self, given: Mapping[Atom, bool], assumed: Mapping[Atom, bool]) -> bool:
        """Whether an answer contradicts nothing: neither a known truth of its own atoms nor an implication.

        The implications hold in chains, so answers that agree two by two can be completed somehow.
        """
        if any(assumed.get(atom, so) != so for atom, so in given.items()):
            return False
        implied, implying = self.implied, self.implying
        for atom, so in given.items():
            others, against = (implied, False) if so else (implying, True)
            if any(assumed.get(other) is against for other in others.get(atom, ())):
                return False
        return True

    def splits_of_action(self, action: str) -> list[Split]:
        """The questions on which the outcome of an action may turn."""
        read = {atom for index in self.of_action(action) for atom in atoms_of(self.conditions[index])}
        return [split for split in self.splits if any(atom in read for atom in split.atoms)]

    def of_action(self, action: str) -> list[int]:
        """The effects that decide an action, by their places in the stack."""
        return [
            index for index, effect in enumerate(self.standing) if effect.action == action and effect.kind in DECIDING
        ]


def _reached(start: Atom, direct: Mapping[Atom, set[Atom]]) -> set[Atom]:
    found: set[Atom] = set()
    pending = [start]
    while pending:
        fresh = direct[pending.pop()] - found
        found |= fresh
        pending += fresh
    return found - {start}


def questions(stack: Stack) -> Questions:
    """Prepares a stack for deciding."""
    conditions = tuple(normal(effect.when, stack.vocabulary) for effect in stack.standing)
    splits = splits_of(conditions, stack.vocabulary)
    _go_as_deep_as(len(splits))
    return Questions(stack, stack.standing, conditions, splits)


def _go_as_deep_as(questions: int) -> None:
    """Every engine goes down by a few calls a question; Python's own bound on calls is raised where it would stop that."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), CALLS_A_QUESTION * questions + CALLS_BESIDE))


def completed(stack: Stack, values: Mapping[str, Value]) -> dict[str, Value]:
    """The facts of a request, and where it is silent, those that are true of the place."""
    return {**stack.facts, **values}


def known_truths(asked: Questions, values: Mapping[str, Value]) -> dict[Atom, bool]:
    """What the facts say of each atom that they decide."""
    known = Known(values, asked.stack.vocabulary)
    found = {atom: truth(atom, known) for atom in asked.of_atom}
    return {atom: value for atom, value in found.items() if value is not None}


def standing_of(asked: Questions, indices: Sequence[int], applies: Sequence[Kleene]) -> dict[int, Kleene]:
    """Whether each effect stands: it applies, and nothing that it yields to stands."""
    stands: dict[int, Kleene] = {}
    for index, applying in zip(indices, applies, strict=True):
        defeated = disjunction(stands[to.to] for to in asked.standing[index].yields_to)
        stands[index] = conjunction((applying, negation(defeated)))
    return stands
