"""A stack ready to be decided: its conditions in normal form, and the questions that they ask.

The search, compiled and SQL engines share it. Built once for a stack, and used for each request.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from comity.engine.questions.implications import Quantifier, bits_of, implications
from comity.engine.questions.normal import normal
from comity.engine.questions.splits import QUANTIFIERS, Atom, Split, atoms_of, splits_of
from comity.facts.kinds import Value
from comity.language import syntax
from comity.language.evaluate import Known, truth
from comity.language.logic import Kleene, conjunction, disjunction, negation
from comity.law.in_force import SetAside, Stack
from comity.law.instrument import DUTIES
from comity.law.precedence import OrderedEffect

CALLS_A_QUESTION, CALLS_BESIDE = 4, 1_000
DECIDING = (*DUTIES, "permits", "protects")


class Questions(Struct, frozen=True, dict=True):
    """A stack with its conditions in normal form and the questions that they ask."""

    stack: Stack
    standing: tuple[OrderedEffect, ...]
    conditions: tuple[syntax.Condition, ...]
    splits: tuple[Split, ...]

    @cached_property
    def of_atom(self) -> Mapping[Atom, tuple[Split, int]]:
        """The split that settles each atom, and the atom's place in it."""
        return {atom: (split, index) for split in self.splits for index, atom in enumerate(split.atoms)}

    @cached_property
    def places(self) -> Mapping[Atom, int]:
        """The place among the splits of the one that settles an atom."""
        return {atom: place for place, split in enumerate(self.splits) for atom in split.atoms}

    @cached_property
    def quantified(self) -> tuple[Quantifier, ...]:
        """The atoms that are quantifiers, in the order of the splits."""
        return tuple(atom for split in self.splits for atom in split.atoms[:1] if isinstance(atom, QUANTIFIERS))

    @cached_property
    def numbers(self) -> Mapping[Atom, int]:
        """The place of each quantifier among the quantifiers."""
        return {atom: number for number, atom in enumerate(self.quantified)}

    @cached_property
    def reached(self) -> Sequence[int]:
        """For each quantifier those that it makes so by being so, and those that these make so in turn, as bits."""
        return implications(self.quantified)

    @cached_property
    def implied(self) -> Mapping[Atom, frozenset[Atom]]:
        """The same as atoms; a quantifier that implies none is left out."""
        return {
            atom: frozenset(self.quantified[place] for place in bits_of(bits))
            for atom, bits in zip(self.quantified, self.reached, strict=True)
            if bits
        }

    @cached_property
    def implying(self) -> Mapping[Atom, frozenset[Atom]]:
        """The same the other way round: the atoms that make an atom so."""
        implying: dict[Atom, set[Atom]] = {}
        for one, others in self.implied.items():
            for other in others:
                implying.setdefault(other, set()).add(one)
        return {other: frozenset(ones) for other, ones in implying.items()}

    def fits(self, given: Mapping[Atom, bool], assumed: Mapping[Atom, bool]) -> bool:
        """Whether an answer contradicts neither a known truth of its atoms nor an implication.

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
        return self.splits_of(self.conditions[index] for index in self.of_action(action))

    def splits_of(self, conditions: Iterable[syntax.Condition]) -> list[Split]:
        """The questions that some conditions ask, in their order."""
        read = {atom for condition in conditions for atom in atoms_of(condition)}
        return [self.splits[place] for place in sorted({self.places[atom] for atom in read})]

    def of_action(self, action: str) -> list[int]:
        """The indices of the effects that decide an action."""
        return self._by_action.get(action, [])

    @cached_property
    def _by_action(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for index, effect in enumerate(self.standing):
            if effect.kind in DECIDING:
                found.setdefault(effect.action, []).append(index)
        return found

    @cached_property
    def set_aside(self) -> Mapping[str, list[SetAside]]:
        """The provisions that would decide an action and are set aside, by the action."""
        found: dict[str, list[SetAside]] = {}
        for entry in self.stack.set_aside:
            effects = self.stack.provisions[entry.provision].effects
            for action in dict.fromkeys(effect.action for effect in effects if effect.kind in DECIDING):
                found.setdefault(action, []).append(entry)
        return found

    def deciding_whether_stands(self, index: int) -> list[int]:
        """The effects that decide whether an effect stands, with itself: of an obligation, those on what it demands too."""
        effect = self.standing[index]
        if not effect.demands:
            return self.of_action(effect.action) if effect.action else [index]
        return sorted({index, *(other for action, _ in effect.demands for other in self.of_action(action))})


def questions(stack: Stack) -> Questions:
    """Prepares a stack for deciding."""
    conditions = tuple(normal(effect.when, stack.vocabulary) for effect in stack.standing)
    splits = splits_of(conditions, stack.vocabulary)
    _go_as_deep_as(len(splits))
    return Questions(stack, stack.standing, conditions, splits)


def _go_as_deep_as(questions: int) -> None:
    """Raises Python's recursion limit if needed: every engine recurses a few calls deep for each question."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), CALLS_A_QUESTION * questions + CALLS_BESIDE))


def completed(stack: Stack, values: Mapping[str, Value]) -> dict[str, Value]:
    """The facts of a request, completed by the facts of the place."""
    return {**stack.facts, **values}


def known_truths(
    asked: Questions, values: Mapping[str, Value], atoms: Iterable[Atom] | None = None
) -> dict[Atom, bool]:
    """What the facts say of each atom that they decide; of `atoms` alone where these are given."""
    known = Known(values, asked.stack.vocabulary)
    found = {atom: truth(atom, known) for atom in (asked.of_atom if atoms is None else atoms)}
    return {atom: value for atom, value in found.items() if value is not None}


def standing_of(asked: Questions, indices: Sequence[int], applies: Sequence[Kleene]) -> dict[int, Kleene]:
    """Whether each effect prevails: it applies, and nothing that it yields to prevails."""
    stands: dict[int, Kleene] = {}
    for index, applying in zip(indices, applies, strict=True):
        defeated = disjunction(stands[to.to] for to in asked.standing[index].yields_to)
        stands[index] = conjunction((applying, negation(defeated)))
    return stands
