"""Two stacks decided together: which pairs of outcomes one request can have under both, whatever is not known of it.

The same missing fact is the same under both laws, so a law beside itself never differs. Only what each place supplies by
itself is kept apart: a fact that holds at one place and not at the other, and uncertain days of different days of law.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from comity.decision import grounds
from comity.decision.reasoner import ByDiagrams, Truths
from comity.engine.outcome import Outcome
from comity.engine.questions.diagram import Diagrams, pairs_of_bits
from comity.engine.questions.questions import Questions, questions
from comity.engine.questions.splits import facts_of
from comity.facts.kinds import Value
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.nodes import replaced
from comity.law.in_force import Stack
from comity.law.life import is_force
from comity.law.precedence import Standing

SECOND = " under the second law"
Pair = tuple[Outcome, Outcome]


class Joint(Struct, frozen=True):
    """Two stacks as one: the second's actions and what only it supplies carry `SECOND` in their names.

    `apart` are the facts that each law fills by itself, `fills` all that either fills.
    """

    asked: Questions
    diagrams: Diagrams
    actions: tuple[str, ...]
    apart: frozenset[str]
    fills: Mapping[str, Value]

    def pairs(self, action: str, truths: Truths) -> tuple[Pair, ...]:
        """The pairs of outcomes of an action, under the first law and the second, that some truths leave open."""
        return pairs_of_bits(self.diagrams.walk(self.diagrams.pairs(action, action + SECOND), truths))

    def turns_on(self, action: str, truths: Truths) -> tuple[str, ...]:
        """The facts on which it turns whether the two laws agree, in the order of the vocabulary."""
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


class Together(Struct, frozen=True):
    """Two stacks as one stack, the actions of both, and the facts that each law fills by itself."""

    stack: Stack
    actions: tuple[str, ...]
    apart: frozenset[str]


def joint(
    first: Stack,
    second: Stack,
    standing: tuple[tuple[Standing, ...], tuple[Standing, ...]],
    assumed: Mapping[str, Value],
) -> Joint:
    """Two stacks of one vocabulary as one, by the effects of each that decide; `assumed` goes before the facts of both places."""
    made = together(first, second, standing, assumed)
    asked = questions(made.stack)
    return Joint(asked, Diagrams(asked), made.actions, made.apart, made.stack.facts)


def together(
    first: Stack,
    second: Stack,
    standing: tuple[tuple[Standing, ...], tuple[Standing, ...]],
    assumed: Mapping[str, Value] = {},
) -> Together:
    """Two stacks as one stack, before any engine is made for it."""
    of_first, of_second = {**first.facts, **assumed}, {**second.facts, **assumed}
    apart = {path for path in {*of_first, *of_second} if of_first.get(path) != of_second.get(path)}
    if (first.place, first.day) != (second.place, second.day):
        apart |= {path for own in standing[1] for path in facts_of(own.when) if is_force(path)}
    moved = tuple(_moved(own, len(standing[0]), frozenset(apart)) for own in standing[1])
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
    actions = tuple(dict.fromkeys(own.action for own in (*standing[0], *standing[1]) if own.action))
    return Together(stack, actions, frozenset(apart))


def _moved(own: Standing, by: int, apart: frozenset[str]) -> Standing:
    """An effect of the second law, after the first law's: what it yields to stands further on."""
    yields_to = tuple(msgspec.structs.replace(to, to=to.to + by) for to in own.yields_to)

    def change(node: Any) -> Any:
        return syntax.Fact(node.path + SECOND) if isinstance(node, syntax.Fact) and node.path in apart else None

    when = replaced(own.when, change)
    return msgspec.structs.replace(own, action=own.action + SECOND, when=when, yields_to=yields_to)


def _with_apart(vocabulary: Vocabulary, apart: Iterable[str]) -> Vocabulary:
    entries = dict(vocabulary.entries)
    for path in apart:
        for name, entry in vocabulary.entries.items():
            if name == path or name.startswith(f"{path}[]"):
                own = name.replace(path, path + SECOND, 1)
                entries[own] = msgspec.structs.replace(entry, path=own)
    return Vocabulary(entries)


def agree(pairs: Iterable[Pair]) -> bool | None:
    """Whether two laws surely agree, surely differ, or neither."""
    same = {one == other for one, other in pairs}
    return same.pop() if len(same) == 1 else None
