"""Compares stored requests under two laws: which are certainly treated alike, which differently, and what decides the rest.

A fact that is missing from a request is missing under both laws: each of its possible values is tried for both at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
import pyarrow as pa
from msgspec import Struct, structs

from comity.decision.explain import given_by
from comity.decision.facts_known import shown
from comity.decision.reasoner import Truths
from comity.engine.columns.answers import find_alike
from comity.facts.columns import ROW, whole_of
from comity.facts.kinds import Value
from comity.facts.row_codes import Numbers
from comity.intake.cells import Opened
from comity.intake.table import FactRows, Reader
from comity.law.in_force import Stack
from comity.law.instrument import ACTIONS, BEYOND_ACTIONS, citation_of
from comity.law.library import Library
from comity.records.comparison import Comparison
from comity.records.engine import deciding_effects
from comity.records.joint import SECOND, JointLaw, Pair, agree, join_laws
from comity.records.local_law import LOCAL_LAW, local_law_at
from comity.records.pieces import (
    CLASS,
    DAY,
    GROUPS,
    NONE,
    PLACE,
    Piece,
    Pieces,
    Progress,
    as_dictionary,
    rows_by_unread,
    sheet_of,
)
from comity.records.replay import Sink
from comity.records.replay_result import SEPARATOR

OF_LAWS = (f"{LOCAL_LAW}_first", f"{LOCAL_LAW}_second")
Verdict: TypeAlias = Literal["same", "different", "open"]
Watch: TypeAlias = Callable[[Piece, Numbers], None]
Join: TypeAlias = Callable[[frozenset[str]], JointLaw]  # joins the laws without what they fill in for some facts


class ActionComparison(Struct, frozen=True, kw_only=True):
    """One action under two laws: whether they agree, the pairs of outcomes still possible, the provisions of each law that
    determine them, and the facts that decide whether the laws agree.
    """

    verdict: Verdict
    pairs: tuple[Pair, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]
    turns_on: tuple[str, ...]


class PairEngine:
    """Compares rows under two stacks: what either law asks is answered once, and each distinct answer is compared once."""

    def __init__(self, join: Join, paths: Sequence[str]) -> None:
        self.join, self.paths = join, paths
        self.joint = joint = join(frozenset())
        self.variants: dict[frozenset[str], PairEngine] = {}
        self.twice = [path for path in paths if path in joint.apart]
        self.answers: list[dict[str, ActionComparison]] = []
        self.places: dict[tuple[int, ...], int] = {}

    @property
    def fills(self) -> frozenset[str]:
        """The facts that either law fills in where a row does not say them."""
        return frozenset(path.removesuffix(SECOND) for path in self.joint.fills)

    def without_fills(self, unread: frozenset[str]) -> PairEngine:
        """The engine for rows that say something of some facts that was not understood: nothing else may be taken for them."""
        if not unread:
            return self
        if unread not in self.variants:
            self.variants[unread] = PairEngine(lambda more: self.join(unread | more), self.paths)
        return self.variants[unread]

    def compare(self, facts: pa.Table) -> Numbers:
        """For each row the position of its comparisons in `answers`."""
        alike = find_alike(self.joint.asked, self.with_second(facts), self.joint.fills)
        for answers in alike.combinations:
            if answers not in self.places:
                self.places[answers] = len(self.answers)
                self.answers.append(self.explained(answers))
        places: Numbers = np.array([self.places[answers] for answers in alike.combinations], np.int64)
        return places[alike.of_row]

    def with_second(self, facts: pa.Table) -> pa.Table:
        """Copies the facts that each law fills separately to the second law's names: what a row states holds under both."""
        for path in self.twice:
            facts = facts.append_column(path + SECOND, facts.column(path))
            if whole_of(path) in facts.schema.names:
                facts = facts.append_column(whole_of(path + SECOND), facts.column(whole_of(path)))
        return facts

    def explained(self, answers: Sequence[int]) -> dict[str, ActionComparison]:
        truths = given_by(self.joint.asked, range(len(answers)), answers)
        actions = compared_actions(self.joint)
        return {action: self.compared(action, truths) for action in actions}

    def compared(self, action: str, truths: Truths) -> ActionComparison:
        pairs = self.joint.pairs(action, truths)
        same = agree(pairs)
        verdict: Verdict = "open" if same is None else "same" if same else "different"
        first, second = self.joint.determining(action, truths)
        turns_on = self.joint.turns_on(action, truths) if same is None else ()
        return ActionComparison(verdict=verdict, pairs=pairs, first=first, second=second, turns_on=turns_on)


def compared_actions(joint: JointLaw) -> tuple[str, ...]:
    """The five actions, and others of a jail of which either law speaks; a table of detainers asks for no others."""
    return tuple(dict.fromkeys((*ACTIONS, *(action for action in joint.actions if action not in BEYOND_ACTIONS))))


class ComparisonRun:
    """A comparison ready to run."""

    def __init__(
        self,
        opened: Opened,
        reader: Reader,
        library: Library,
        *,
        stacks: tuple[Stack, Stack],
        assumed: Mapping[str, Value],
        groups: Sequence[str],
    ) -> None:
        self.opened, self.library, self.stacks, self.assumed, self.groups = opened, library, stacks, assumed, groups
        self.pieces = Pieces(opened, reader, library, group_by=groups, law=stacks[0])
        self.joint = self.join(frozenset())
        first, second = (local_law_at(library, stack.place, stack.day) for stack in stacks)
        self.local_law = (first, second)
        self.answers: list[dict[str, ActionComparison]] = []
        self.numbers: dict[int, list[int]] = {}

    def join(self, unread: frozenset[str]) -> JointLaw:
        """Both laws as one, without what a place or an assumption says of the facts of `unread`."""
        first, second = (
            structs.replace(stack, facts={path: value for path, value in stack.facts.items() if path not in unread})
            for stack in self.stacks
        )
        assumed = {path: value for path, value in self.assumed.items() if path not in unread}
        return join_laws(first, second, standing=(deciding_effects(first), deciding_effects(second)), assumed=assumed)

    def run(self, sink: Sink, progress: Progress | None = None, watch: Watch | None = None) -> Comparison:
        """Compares every piece, passes its rows to `sink`, and reports to `progress` how many rows have been read.

        `watch` is called with each piece as it was read and the positions of its answers.
        """
        engine: PairEngine | None = None
        for piece in self.pieces.each(progress):
            engine = engine or PairEngine(self.join, self.pieces.paths)
            of_answer = self.compared(piece.rows, engine)
            self.pieces.add_counts(piece.columns, of_answer)
            if watch:
                watch(piece, of_answer)
            sink(self.rows_of(piece, of_answer, self.answers))
        return self.result(self.answers)

    def compared(self, rows: FactRows, engine: PairEngine) -> Numbers:
        """For each row the position of its comparisons in `answers`."""
        of_answer = np.full(rows.facts.num_rows, NONE, np.int64)
        for unread, marked in rows_by_unread(rows, engine.fills):
            variant = engine.without_fills(unread)
            places = np.arange(rows.facts.num_rows) if marked is None else np.flatnonzero(marked)
            if len(places):
                selected = rows.facts if marked is None else rows.facts.take(pa.array(places))
                of_variant = variant.compare(selected)
                of_answer[places] = np.array(self.numbered(variant), np.int64)[of_variant]
        return of_answer

    def numbered(self, engine: PairEngine) -> list[int]:
        """The positions in `answers` of the answers that an engine has given so far."""
        numbers = self.numbers.setdefault(id(engine), [])
        for answer in engine.answers[len(numbers) :]:
            numbers.append(len(self.answers))
            self.answers.append(answer)
        return numbers

    def rows_of(self, piece: Piece, of_answer: Numbers, answers: Sequence[Mapping[str, ActionComparison]]) -> pa.Table:
        """One row for each request, in the order of the source."""
        facts = piece.rows.facts
        columns: dict[str, Any] = {
            ROW: facts.column(ROW),
            **sheet_of(piece),
            DAY: piece.days,
            **{name: piece.columns[name] for name in (PLACE, CLASS)},
        }
        for name, says in zip(OF_LAWS, self.local_law, strict=True):
            columns[name] = as_dictionary([says], np.zeros(len(piece.days), np.int64))
        for action in self.actions():
            compared = [answer[action] for answer in answers]
            texts: Mapping[str, list[str]] = {
                action: [answer.verdict for answer in compared],
                f"{action}_pairs": [SEPARATOR.join(f"{a} to {b}" for a, b in answer.pairs) for answer in compared],
                f"{action}_first": [SEPARATOR.join(answer.first) for answer in compared],
                f"{action}_second": [SEPARATOR.join(answer.second) for answer in compared],
                f"{action}_turns_on": [SEPARATOR.join(answer.turns_on) for answer in compared],
            }
            columns |= {name: as_dictionary(column, of_answer) for name, column in texts.items()}
        return pa.table(columns)

    def actions(self) -> tuple[str, ...]:
        return compared_actions(self.joint)

    def result(self, answers: Sequence[dict[str, ActionComparison]]) -> Comparison:
        """The comparison of all rows gone through, without a table of them."""
        pieces, stack = self.pieces, self.joint.asked.stack
        grouped = tuple(GROUPS[name] for name in self.groups)
        first, second = self.stacks
        return Comparison(
            source=self.opened.source,
            laws=(f"{first.place}@{first.day}", f"{second.place}@{second.day}"),
            law_version=self.library.version,
            rows=pieces.rows,
            counts=pieces.counted()[grouped or (CLASS,)],
            answers=tuple(answers),
            actions=self.actions(),
            table=None,
            refused=tuple(pieces.refused),
            reading=pieces.reading,
            findings=dict(pieces.findings.most_common()),
            examples=pieces.examples,
            assumed={fact: shown(value) for fact, value in self.assumed.items()},
            of_place={
                f"{fact} at {stack.place}": shown(stack.facts[fact])
                for stack in self.stacks
                for fact in stack.facts
                if fact not in self.assumed
            },
            read=pieces.paths,
            local_law=self.local_law,
            cited={name: citation_of(name, stack.instruments) for name in sorted(_provisions(answers))},
            grouped_by=grouped,
        )


def _provisions(answers: Sequence[Mapping[str, ActionComparison]]) -> set[str]:
    """The provisions on which any answer rests under either law."""
    by_action = [compared for answer in answers for compared in answer.values()]
    return {name for compared in by_action for name in (*compared.first, *compared.second)}
