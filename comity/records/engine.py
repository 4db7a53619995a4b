"""Decides a table of requests by the answers of its columns, and explains each distinct combination of answers once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
from msgspec import structs

from comity.decision.answer import Ground
from comity.decision.explain import Explainer
from comity.engine.columns.answers import find_alike
from comity.facts.columns import ROW, schema_of, values_of, whole_of
from comity.facts.kinds import Value
from comity.law.calendar import DECIDING
from comity.law.in_force import Stack
from comity.law.instrument import BEYOND_ACTIONS
from comity.law.precedence import OrderedEffect
from comity.records.alike import Answer, answers_of, asked_lists, compared_facts

Answers = dict[str, Answer]


def deciding_effects(stack: Stack) -> tuple[OrderedEffect, ...]:
    """The effects on which an outcome can rest, of the actions that a detainer may ask for. A replay shows no advice, and needs no
    fact that only advice depends on.

    An effect names the effects to which it yields by their positions; here they are positions among the effects returned.
    """
    indices = [
        index
        for index, effect in enumerate(stack.standing)
        if effect.kind in DECIDING and effect.action not in BEYOND_ACTIONS
    ]
    place = {index: at for at, index in enumerate(indices)}
    return tuple(_renumber(stack.standing[index], place) for index in indices)


def _renumber(effect: OrderedEffect, place: Mapping[int, int]) -> OrderedEffect:
    return structs.replace(effect, yields_to=tuple(structs.replace(to, to=place[to.to]) for to in effect.yields_to))


class Engine:
    """Decides tables with the facts `paths` under one stack; `fills` are the facts that hold where a row says nothing.

    `answers` has the answers of each distinct class of rows met so far.
    """

    def __init__(self, stack: Stack, *, paths: Sequence[str], fills: Mapping[str, Value]) -> None:
        self.stack, self.fills, self.paths = stack, fills, paths
        self.variants: dict[frozenset[str], Engine] = {}
        self.explainer = Explainer(structs.replace(stack, standing=deciding_effects(stack), facts=dict(fills)))
        read = {path for split in self.explainer.asked.splits for path in split.facts if path in paths}
        schema = schema_of([path for path in paths if path in read], stack.vocabulary)
        self.reads = schema.names  # the columns that the law asks for, and the number of the row
        self.compared = [path for path in compared_facts(self.explainer.asked) if path in paths]
        self.lists = [path for path in asked_lists(self.explainer.asked) if path in paths]
        self.answers: list[Answers] = []
        self.places: dict[tuple[object, ...], int] = {}

    @property
    def actions(self) -> tuple[str, ...]:
        return self.explainer.actions

    def without_fills(self, unread: frozenset[str]) -> Engine:
        """The engine for rows that say something of some facts that was not understood: nothing else may be taken for them."""
        left_out = frozenset(unread & self.fills.keys())
        if not left_out:
            return self
        if left_out not in self.variants:
            fills = {path: value for path, value in self.fills.items() if path not in left_out}
            self.variants[left_out] = Engine(self.stack, paths=self.paths, fills=fills)
        return self.variants[left_out]

    def decide(self, facts: pa.Table) -> pa.Array:
        """For each row the position of its answers in `answers`."""
        apart = self.apart(facts)
        alike = find_alike(self.explainer.asked, facts, self.fills, apart)
        known = [column.take(pa.array(alike.first)).to_pylist() for column in apart]
        keys = list(zip(alike.combinations, *known, strict=True))
        new = [number for number, key in enumerate(keys) if key not in self.places]
        rows = facts.take(pa.array(alike.first[new])).to_pylist() if new else []
        for number, cells in zip(new, rows, strict=True):
            self.places[keys[number]] = len(self.answers)
            self.answers.append(self.explained(alike.combinations[number], cells))
        places = np.array([self.places[key] for key in keys], np.int32)
        return pa.array(places[alike.of_row], pa.int32())

    def apart(self, facts: pa.Table) -> list[pa.BooleanArray]:
        """What rows with the same answers may still differ in, and what an answer says is missing depends on.

        That is which of the facts that a question compares are known, and which lists are known whole.
        """
        known = [facts.column(path).combine_chunks().is_valid() for path in self.compared]
        whole = [facts.column(whole_of(path)).combine_chunks().fill_null(False) for path in self.lists]
        return [*known, *whole]

    def explained(self, answers: tuple[int, ...], cells: Mapping[str, object]) -> Answers:
        """The answers of a class, of which one row has these cells."""
        stated = {name: cell for name, cell in cells.items() if name != ROW}
        values = values_of(stated, self.explainer.asked.stack.vocabulary)
        return answers_of(answers, {**self.fills, **values}, self.explainer)

    def grounds(self) -> dict[str, Ground]:
        """The provisions on which the answers so far rest."""
        return self.explainer.grounds(
            {name for answers in self.answers for answer in answers.values() for name in answer.determining}
        )
