"""The same stored requests under two laws: who is surely treated alike, who surely not, and on which facts the rest turns.

What is not known of a request is not known under both laws in the same way: each missing fact is taken for both at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

import duckdb
import numpy as np
import pyarrow as pa
from msgspec import Struct

from comity.decision.explain import given_by
from comity.decision.facts_known import shown
from comity.decision.reasoner import Truths
from comity.engine.sql import select as many
from comity.engine.sql.dialects import open_duckdb
from comity.facts.columns import ROW, whole_of
from comity.facts.kinds import Value
from comity.intake.cells import Opened
from comity.intake.table import Reader
from comity.law.in_force import Stack
from comity.law.instrument import ACTIONS, short
from comity.law.library import Library
from comity.records.alike import class_keys
from comity.records.comparison import Comparison
from comity.records.engine import deciding
from comity.records.joint import SECOND, Joint, Pair, agree, joint
from comity.records.pieces import CLASS, DAY, GROUPS, NONE, PLACE, Numbers, Piece, Pieces, Progress, named
from comity.records.replay import Sink
from comity.records.replay_result import SEPARATOR

Verdict: TypeAlias = Literal["same", "different", "open"]
Watch: TypeAlias = Callable[[Piece, Numbers], None]


class Compared(Struct, frozen=True):
    """One action under two laws: whether they agree, the pairs of outcomes still possible, on which provisions of each
    the outcomes rest, and the facts on which it turns whether they agree.
    """

    verdict: Verdict
    pairs: tuple[Pair, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]
    turns_on: tuple[str, ...]


class PairEngine:
    """Compares rows under two stacks: one SELECT answers what either law asks, and rows alike are compared once."""

    def __init__(self, own: Joint, paths: Sequence[str], database: duckdb.DuckDBPyConnection) -> None:
        self.joint, self.database = own, database
        self.twice = [path for path in paths if path in own.apart]
        columns = [*paths, *(path + SECOND for path in self.twice)]
        self.query = many.query_of(own.asked, columns, actions=(), fills=own.fills, diagrams=own.diagrams)
        self.answers: list[dict[str, Compared]] = []
        self.places: dict[str, int] = {}

    def compare(self, facts: pa.Table) -> Numbers:
        """For each row the place of its comparisons in `answers`."""
        if not self.query.answers:  # nothing in the table bears on either law: one answer for all
            if not self.answers:
                self.answers.append(self.explained({}))
            return np.zeros(facts.num_rows, np.int64)
        numbered = self.with_second(facts).set_column(0, ROW, pa.array(range(facts.num_rows), pa.int64()))
        decided = many.decide(self.query, numbered, self.database)
        keys = class_keys(decided, self.query, numbered, self.joint.asked)
        _, first = np.unique(keys.indices.to_numpy(zero_copy_only=False), return_index=True)
        own = []
        for text, row in zip(keys.dictionary.to_pylist(), first.tolist(), strict=True):
            if text not in self.places:
                [answers] = decided.slice(row, 1).to_pylist()
                self.places[text] = len(self.answers)
                self.answers.append(self.explained(answers))
            own.append(self.places[text])
        found: Numbers = np.array(own, np.int64)[keys.indices.to_numpy(zero_copy_only=False)]
        return found

    def with_second(self, facts: pa.Table) -> pa.Table:
        """The facts that each law fills by itself, once more under the second law's names: a row's own facts hold under both."""
        for path in self.twice:
            facts = facts.append_column(path + SECOND, facts.column(path))
            if whole_of(path) in facts.schema.names:
                facts = facts.append_column(whole_of(path + SECOND), facts.column(whole_of(path)))
        return facts

    def explained(self, row: Mapping[str, int]) -> dict[str, Compared]:
        asked = self.joint.asked
        answered = {**self.query.constant, **{index: row[name] for name, index in self.query.answers.items()}}
        truths = given_by(asked, answered, answered.values())
        actions = dict.fromkeys((*ACTIONS, *self.joint.actions))
        return {action: self.compared(action, truths) for action in actions}

    def compared(self, action: str, truths: Truths) -> Compared:
        pairs = self.joint.pairs(action, truths)
        same = agree(pairs)
        verdict: Verdict = "open" if same is None else "same" if same else "different"
        first, second = self.joint.determining(action, truths)
        return Compared(verdict, pairs, first, second, self.joint.turns_on(action, truths) if same is None else ())


class Comparing:
    """One comparison under way."""

    def __init__(
        self,
        opened: Opened,
        reader: Reader,
        library: Library,
        stacks: tuple[Stack, Stack],
        assumed: Mapping[str, Value],
        groups: Sequence[str],
    ) -> None:
        self.opened, self.library, self.stacks, self.assumed, self.groups = opened, library, stacks, assumed, groups
        self.pieces = Pieces(opened, reader, library, "", groups, False)
        first, second = stacks
        self.joint = joint(first, second, (deciding(first), deciding(second)), assumed)

    def run(self, sink: Sink, progress: Progress | None = None, watch: Watch | None = None) -> Comparison:
        """Compares every piece, gives its rows to `sink`, and tells `progress` how many rows have been read.

        `watch` is shown each piece as it was read, with the places of its answers.
        """
        engine: PairEngine | None = None
        with open_duckdb() as database:
            for piece in self.pieces.each(progress):
                engine = engine or PairEngine(self.joint, self.pieces.paths, database)
                of_answer = engine.compare(piece.stored.facts) if len(piece.days) else np.full(0, NONE, np.int64)
                self.pieces.add_counts(piece.columns, of_answer)
                if watch:
                    watch(piece, of_answer)
                sink(self.rows_of(piece, of_answer, engine.answers))
        return self.made(engine.answers if engine else [])

    def rows_of(self, piece: Piece, of_answer: Numbers, answers: Sequence[Mapping[str, Compared]]) -> pa.Table:
        """One row a request, in the order of the source."""
        facts = piece.stored.facts
        made: dict[str, Any] = {
            ROW: facts.column(ROW),
            DAY: piece.days,
            **{name: piece.columns[name] for name in (PLACE, CLASS)},
        }
        for action in self.actions():
            own = [answer[action] for answer in answers]
            texts: Mapping[str, list[str]] = {
                action: [one.verdict for one in own],
                f"{action}_pairs": [SEPARATOR.join(f"{a} to {b}" for a, b in one.pairs) for one in own],
                f"{action}_first": [SEPARATOR.join(one.first) for one in own],
                f"{action}_second": [SEPARATOR.join(one.second) for one in own],
                f"{action}_turns_on": [SEPARATOR.join(one.turns_on) for one in own],
            }
            made |= {name: named(column, of_answer) for name, column in texts.items()}
        return pa.table(made)

    def actions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*ACTIONS, *self.joint.actions)))

    def made(self, answers: Sequence[dict[str, Compared]]) -> Comparison:
        own, stack = self.pieces, self.joint.asked.stack
        grouped = tuple(GROUPS[name] for name in self.groups)
        provisions = {name for answer in answers for one in answer.values() for name in (*one.first, *one.second)}
        first, second = self.stacks
        return Comparison(
            self.opened.source,
            (f"{first.place}@{first.day}", f"{second.place}@{second.day}"),
            self.library.version,
            own.rows,
            own.counted()[grouped or (CLASS,)],
            tuple(answers),
            self.actions(),
            None,
            tuple(own.refused),
            dict(own.findings.most_common()),
            own.examples,
            {fact: shown(value) for fact, value in self.assumed.items()},
            {
                f"{fact} at {of.place}": shown(of.facts[fact])
                for of in self.stacks
                for fact in of.facts
                if fact not in self.assumed
            },
            own.paths,
            {name: short(name, stack.instruments) for name in sorted(provisions)},
            grouped,
        )
