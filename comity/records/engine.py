"""Decides a table of requests in one query and explains each distinct combination of answers once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import structs

from comity.decision.answer import Ground
from comity.decision.explain import Explainer
from comity.engine.sql import select as many
from comity.facts.columns import COMPLETE, ROW, completeness, values_of
from comity.facts.kinds import Value
from comity.law.calendar import DECIDING
from comity.law.in_force import Stack
from comity.law.precedence import OrderedEffect
from comity.records.alike import Answer, answers_of, class_keys

Answers = dict[str, Answer]


def deciding_effects(stack: Stack) -> tuple[OrderedEffect, ...]:
    """The effects on which an outcome can rest. A replay shows no advice, and needs no fact that only advice depends on.

    An effect names the effects to which it yields by their positions; here they are positions among the effects returned.
    """
    indices = [index for index, effect in enumerate(stack.standing) if effect.kind in DECIDING]
    place = {index: at for at, index in enumerate(indices)}
    return tuple(_renumber(stack.standing[index], place) for index in indices)


def _renumber(effect: OrderedEffect, place: Mapping[int, int]) -> OrderedEffect:
    return structs.replace(effect, yields_to=tuple(structs.replace(to, to=place[to.to]) for to in effect.yields_to))


class Engine:
    """Decides tables with the facts `paths` under one stack; `fills` are the facts that hold where a row says nothing.

    `answers` has the answers of each distinct class of rows met so far.
    """

    def __init__(
        self, stack: Stack, *, paths: Sequence[str], fills: Mapping[str, Value], database: duckdb.DuckDBPyConnection
    ) -> None:
        self.stack, self.fills, self.database, self.paths = stack, fills, database, paths
        self.variants: dict[frozenset[str], Engine] = {}
        self.explainer = Explainer(structs.replace(stack, standing=deciding_effects(stack), facts=dict(fills)))
        self.read = many.read_by(self.explainer.asked, paths)
        self.query = self.build_query(complete=False)
        self.answers: list[Answers] = []
        self.places: dict[str, int] = {}

    def build_query(self, *, complete: bool) -> many.Query:
        """The query; with `complete`, for tables that mark the rows in which no fact is missing."""
        explainer = self.explainer
        return many.build_query(
            explainer.asked,
            self.paths,
            actions=explainer.actions,
            fills=self.fills,
            diagrams=explainer.diagrams,
            complete=complete,
        )

    @cached_property
    def query_of_complete(self) -> many.Query:
        """The query for a table in which some rows have every fact that is asked for."""
        return self.build_query(complete=True)

    @property
    def actions(self) -> tuple[str, ...]:
        return self.query.actions

    def without_fills(self, unread: frozenset[str]) -> Engine:
        """The engine for rows that say something of some facts that was not understood: nothing else may be taken for them."""
        left_out = frozenset(unread & self.fills.keys())
        if not left_out:
            return self
        if left_out not in self.variants:
            fills = {path: value for path, value in self.fills.items() if path not in left_out}
            self.variants[left_out] = Engine(self.stack, paths=self.paths, fills=fills, database=self.database)
        return self.variants[left_out]

    def decide(self, facts: pa.Table) -> pa.Array:
        """For each row the position of its answers in `answers`."""
        if not self.query.answers and facts.num_rows:  # the law asks for no fact of the table: decide one row for all
            return self.decide_each(facts.slice(0, 1)).take(pa.nulls(facts.num_rows, pa.int32()).fill_null(0))
        return self.decide_each(facts)

    def decide_each(self, facts: pa.Table) -> pa.Array:
        numbered = facts.set_column(0, ROW, pa.array(range(facts.num_rows), pa.int64()))
        complete = completeness(facts, self.read, self.explainer.asked.stack.vocabulary)
        if pc.any(complete).as_py():
            decided = many.decide_table(
                self.query_of_complete, numbered.append_column(COMPLETE, complete), self.database
            )
        else:
            decided = many.decide_table(self.query, numbered, self.database)
        keys = class_keys(decided, query=self.query, facts=facts, asked=self.explainer.asked)
        _, first = np.unique(keys.indices.to_numpy(zero_copy_only=False), return_index=True)
        places = []
        for text, row in zip(keys.dictionary.to_pylist(), first.tolist(), strict=True):
            if text not in self.places:
                self.places[text] = len(self.answers)
                self.answers.append(self.explained(facts, decided, row))
            places.append(self.places[text])
        return pa.array(places, pa.int32()).take(keys.indices)

    def explained(self, facts: pa.Table, decided: pa.Table, row: int) -> Answers:
        """The answers of the class of a row."""
        [bits] = decided.slice(row, 1).to_pylist()
        [cells] = facts.slice(row, 1).to_pylist()
        values = values_of(
            {name: cell for name, cell in cells.items() if name != ROW}, self.explainer.asked.stack.vocabulary
        )
        return answers_of(self.query, row=bits, values={**self.fills, **values}, explainer=self.explainer)

    def grounds(self) -> dict[str, Ground]:
        """The provisions on which the answers so far rest."""
        return self.explainer.grounds(
            {name for answers in self.answers for answer in answers.values() for name in answer.determining}
        )
