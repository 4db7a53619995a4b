"""Decides rows under one stack: all by one SELECT, and those that are alike explained once, however many pieces they come in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import structs

from comity.decision.decision import Ground
from comity.decision.explain import Explainer
from comity.engine.sql import select as many
from comity.facts.columns import COMPLETE, ROW, completeness, values_of
from comity.facts.kinds import Value
from comity.law.calendar import DECIDING
from comity.law.in_force import Stack
from comity.law.precedence import Standing
from comity.records.alike import Answer, answers_of, class_keys

Answers = dict[str, Answer]


def deciding(stack: Stack) -> tuple[Standing, ...]:
    """The effects on which an outcome can rest: a replay shows no advice, and asks for no fact on which only advice turns.

    What an effect yields to is named by its place, and the places are those among the effects that are kept.
    """
    kept = [index for index, own in enumerate(stack.standing) if own.kind in DECIDING]
    place = {index: at for at, index in enumerate(kept)}
    return tuple(_moved(stack.standing[index], place) for index in kept)


def _moved(own: Standing, place: Mapping[int, int]) -> Standing:
    return structs.replace(own, yields_to=tuple(structs.replace(to, to=place[to.to]) for to in own.yields_to))


class Engine:
    """One stack's engine for tables with these facts; `fills` are the facts that hold where a row says nothing.

    `answers` grows by the answers of each class of rows alike when the first of them comes.
    """

    def __init__(
        self, stack: Stack, paths: Sequence[str], fills: Mapping[str, Value], database: duckdb.DuckDBPyConnection
    ) -> None:
        self.fills, self.database, self.paths = fills, database, paths
        self.explainer = Explainer(structs.replace(stack, standing=deciding(stack), facts=dict(fills)))
        self.read = many.read_by(self.explainer.asked, paths)
        self.query = self.written(complete=False)
        self.answers: list[Answers] = []
        self.places: dict[str, int] = {}

    def written(self, complete: bool) -> many.Query:
        """The SELECT; where `complete`, for tables that say which of their rows miss nothing."""
        own = self.explainer
        return many.query_of(
            own.asked, self.paths, actions=own.actions, fills=self.fills, diagrams=own.diagrams, complete=complete
        )

    @cached_property
    def query_of_complete(self) -> many.Query:
        """The SELECT for a table of which some rows miss nothing that is asked."""
        return self.written(complete=True)

    @property
    def actions(self) -> tuple[str, ...]:
        return self.query.actions

    def decide(self, facts: pa.Table) -> pa.Array:
        """For each row the place of its answers in `answers`."""
        if not self.query.answers and facts.num_rows:  # nothing in the table bears on it: one row stands for all
            return self.decide_each(facts.slice(0, 1)).take(pa.nulls(facts.num_rows, pa.int32()).fill_null(0))
        return self.decide_each(facts)

    def decide_each(self, facts: pa.Table) -> pa.Array:
        numbered = facts.set_column(0, ROW, pa.array(range(facts.num_rows), pa.int64()))
        complete = completeness(facts, self.read, self.explainer.asked.stack.vocabulary)
        if pc.any(complete).as_py():
            decided = many.decide(self.query_of_complete, numbered.append_column(COMPLETE, complete), self.database)
        else:
            decided = many.decide(self.query, numbered, self.database)
        keys = class_keys(decided, self.query, facts, self.explainer.asked)
        _, first = np.unique(keys.indices.to_numpy(zero_copy_only=False), return_index=True)
        own = []
        for text, row in zip(keys.dictionary.to_pylist(), first.tolist(), strict=True):
            if text not in self.places:
                self.places[text] = len(self.answers)
                self.answers.append(self.explained(facts, decided, row))
            own.append(self.places[text])
        return pa.array(own, pa.int32()).take(keys.indices)

    def explained(self, facts: pa.Table, decided: pa.Table, row: int) -> Answers:
        """The answers of the class that a row stands for."""
        [bits] = decided.slice(row, 1).to_pylist()
        [cells] = facts.slice(row, 1).to_pylist()
        own = values_of(
            {name: cell for name, cell in cells.items() if name != ROW}, self.explainer.asked.stack.vocabulary
        )
        return answers_of(self.query, bits, {**self.fills, **own}, self.explainer)

    def grounds(self) -> dict[str, Ground]:
        """The provisions on which the answers so far rest."""
        return self.explainer.grounds(
            {name for own in self.answers for answer in own.values() for name in answer.determining}
        )
