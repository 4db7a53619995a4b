"""Decides two stacks together: which pairs of outcomes one request can have under both, given what is not known of it.

A missing fact has the same value under both laws, so a law compared with itself never differs. Only facts that a place
supplies are separate: a fact that holds at one place and not at the other, and uncertain days on different days of law.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from comity.decision import grounds
from comity.decision.reasoner import ByDiagrams, Truths
from comity.engine.outcome import Outcome
from comity.engine.questions.diagram import Diagrams
from comity.engine.questions.pairs import pairs_of_bits
from comity.engine.questions.questions import Questions, questions
from comity.engine.questions.splits import facts_of
from comity.facts.kinds import Value
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.nodes import replaced
from comity.law.in_force import Stack
from comity.law.life import is_force
from comity.law.precedence import OrderedEffect

SECOND = " under the second law"
Pair = tuple[Outcome, Outcome]


class JointLaw(Struct, frozen=True, kw_only=True):
    """Two stacks as one: the actions of the second, and the facts that only it supplies, have `SECOND` in their names.

    `apart` are the facts that each law fills separately, `fills` all facts that either fills.
    """

    asked: Questions
    diagrams: Diagrams
    actions: tuple[str, ...]
    apart: frozenset[str]
    fills: Mapping[str, Value]

    def pairs(self, action: str, truths: Truths) -> tuple[Pair, ...]:
        """The pairs of outcomes of an action, under the first law and the second, that are possible given some truths."""
        return pairs_of_bits(self.diagrams.walk(self.diagrams.pairs(action, action + SECOND), truths))

    def turns_on(self, action: str, truths: Truths) -> tuple[str, ...]:
        """The facts that decide whether the two laws agree, in the order of the vocabulary."""
        splits = self.diagrams.differ_on(action, action + SECOND, truths)
        facts = {path for split in splits for path in self.asked.splits[split].facts}
        order = self.asked.stack.vocabulary.order
        return tuple(sorted(facts, key=lambda path: (order.get(path.removesuffix(SECOND), len(order)), path)))

    def determining(self, action: str, truths: Truths) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The provisions on which the outcome rests, or may rest, under the first law and under the second."""
        first, second = (
            grounds.determining(ByDiagrams(self.diagrams), name, truths, self.diagrams.possible(name, truths))
            for name in (action, action + SECOND)
        )
        return first, second


class CombinedStack(Struct, frozen=True):
    """Two stacks as one stack, the actions of both, and the facts that each law fills separately."""

    stack: Stack
    actions: tuple[str, ...]
    apart: frozenset[str]


def join_laws(
    first: Stack,
    second: Stack,
    *,
    standing: tuple[tuple[OrderedEffect, ...], tuple[OrderedEffect, ...]],
    assumed: Mapping[str, Value],
) -> JointLaw:
    """Joins two stacks of one vocabulary. `standing` are the deciding effects of each; `assumed` overrides place facts."""
    combined = combine_stacks(first, second, standing, assumed)
    asked = questions(combined.stack)
    return JointLaw(
        asked=asked,
        diagrams=Diagrams(asked),
        actions=combined.actions,
        apart=combined.apart,
        fills=combined.stack.facts,
    )


def combine_stacks(
    first: Stack,
    second: Stack,
    standing: tuple[tuple[OrderedEffect, ...], tuple[OrderedEffect, ...]],
    assumed: Mapping[str, Value] = {},
) -> CombinedStack:
    """Two stacks as one stack, before any engine is built for it."""
    of_first, of_second = {**first.facts, **assumed}, {**second.facts, **assumed}
    apart = {path for path in {*of_first, *of_second} if of_first.get(path) != of_second.get(path)}
    if (first.place, first.day) != (second.place, second.day):
        apart |= {path for effect in standing[1] for path in facts_of(effect.when) if is_force(path)}
    moved = tuple(_moved(effect, len(standing[0]), frozenset(apart)) for effect in standing[1])
    fills = {**of_first, **{path: value for path, value in of_second.items() if path not in apart}}
    fills |= {path + SECOND: value for path, value in of_second.items() if path in apart}
    stack = msgspec.structs.replace(
        first,
        standing=(*standing[0], *moved),
        vocabulary=_with_apart(first.vocabulary, apart),
        provisions={**second.provisions, **first.provisions},
        instruments={**second.instruments, **first.instruments},
        facts=fills,
    )
    actions = tuple(dict.fromkeys(effect.action for effect in (*standing[0], *standing[1]) if effect.action))
    return CombinedStack(stack, actions, frozenset(apart))


def _moved(effect: OrderedEffect, by: int, apart: frozenset[str]) -> OrderedEffect:
    """An effect of the second law, moved behind those of the first: positions to which it yields grow by as many."""
    yields_to = tuple(msgspec.structs.replace(to, to=to.to + by) for to in effect.yields_to)

    def change(node: Any) -> Any:
        return syntax.Fact(node.path + SECOND) if isinstance(node, syntax.Fact) and node.path in apart else None

    when = replaced(effect.when, change)
    return msgspec.structs.replace(effect, action=effect.action + SECOND, when=when, yields_to=yields_to)


def _with_apart(vocabulary: Vocabulary, apart: Iterable[str]) -> Vocabulary:
    entries = dict(vocabulary.entries)
    for path in apart:
        for name, entry in vocabulary.entries.items():
            if name == path or name.startswith(f"{path}[]"):
                copy = name.replace(path, path + SECOND, 1)
                entries[copy] = msgspec.structs.replace(entry, path=copy)
    return Vocabulary(entries)


def agree(pairs: Iterable[Pair]) -> bool | None:
    """Whether two laws certainly agree (True), certainly differ (False), or may do either (None)."""
    same = {one == other for one, other in pairs}
    return same.pop() if len(same) == 1 else None
