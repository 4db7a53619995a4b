"""Runs a replay: piece by piece, each row under its law, with the counts of all pieces put together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from msgspec import Struct

from comity.decision.facts_known import shown
from comity.engine.sql.dialects import open_duckdb
from comity.facts.columns import ROW
from comity.facts.kinds import Value
from comity.intake.cells import Opened
from comity.intake.table import Reader
from comity.law.in_force import Stack
from comity.law.instrument import ACTIONS
from comity.law.library import Library
from comity.records.alike import Answer
from comity.records.laws import Law, Laws
from comity.records.pieces import CLASS, DAY, GROUPS, LAW, NONE, PLACE, Numbers, Piece, Pieces, Progress, named
from comity.records.replay_result import SEPARATOR, Replayed

Sink = Callable[[pa.Table], None]


class Asked(Struct, frozen=True):
    """What a replay is asked: one law for all rows (`stack`), or a place for all (`place`), or neither; what is assumed;
    by what the counts are grouped beside law, place and year; and whether rows marked as likely duplicates are left out.
    """

    stack: Stack | None = None
    place: str = ""
    assumed: Mapping[str, Value] = {}
    group_by: tuple[str, ...] = ()
    without_duplicates: bool = False


class Replaying:
    """One replay under way."""

    def __init__(self, opened: Opened, reader: Reader, library: Library, asked: Asked) -> None:
        self.opened, self.library, self.asked = opened, library, asked
        self.pieces = Pieces(opened, reader, library, asked.place, asked.group_by, asked.without_duplicates)
        self.answers: list[dict[str, Answer]] = []
        self.numbers: dict[int, list[int]] = {}

    def run(self, sink: Sink, progress: Progress | None = None) -> Replayed:
        """Decides every piece, gives its rows to `sink`, and tells `progress` how many rows have been read."""
        with open_duckdb() as database:
            laws = Laws(self.library, self.asked.assumed, database)
            for piece in self.pieces.each(progress):
                laws.paths = self.pieces.paths
                if self.asked.stack and not laws.laws:
                    laws.add(self.asked.stack)
                sink(self.decided(piece, laws))
            return self.made(laws.laws)

    def decided(self, piece: Piece, laws: Laws) -> pa.Table:
        """The rows of a piece, decided and counted."""
        of_law = np.zeros(len(piece.days), np.int64) if self.asked.stack else laws.of_rows(piece.where, piece.days)
        of_answer = self.answered(piece.stored.facts, of_law, laws)
        columns = {LAW: named([own.name for own in laws.laws], of_law), **piece.columns}
        self.pieces.add_counts(columns, of_answer)
        return self.rows_of(piece, columns, of_answer, laws.laws)

    def answered(self, facts: pa.Table, of_law: Numbers, laws: Laws) -> Numbers:
        """For each row the number of its answers; rows of laws that say the same go together."""
        made = np.full(facts.num_rows, NONE, np.int64)
        by_engine: dict[int, list[int]] = {}
        for number in np.unique(of_law).tolist():
            if number != NONE:
                by_engine.setdefault(id(laws.laws[number].engine), []).append(number)
        for numbers in by_engine.values():
            rows = np.flatnonzero(np.isin(of_law, numbers))
            own = facts if len(rows) == facts.num_rows else facts.take(pa.array(rows))
            law = laws.laws[numbers[0]]
            found = law.engine.decide(own).to_numpy(zero_copy_only=False)
            made[rows] = np.array(self.numbered(law), np.int64)[found]
        return made

    def numbered(self, law: Law) -> list[int]:
        """The places in `answers` of the answers that an engine has given so far."""
        own = self.numbers.setdefault(id(law.engine), [])
        for answer in law.engine.answers[len(own) :]:
            own.append(len(self.answers))
            self.answers.append(answer)
        return own

    def rows_of(self, piece: Piece, columns: Mapping[str, Any], of_answer: Numbers, laws: Sequence[Law]) -> pa.Table:
        """One row a request, in the order of the source."""
        facts = piece.stored.facts
        made: dict[str, Any] = {
            ROW: facts.column(ROW),
            DAY: piece.days,
            **{name: columns[name] for name in (PLACE, CLASS, LAW)},
        }
        for action in self.actions(laws):
            answers = [own.get(action) for own in self.answers]
            texts: Mapping[str, list[str]] = {
                action: [own.outcome if own else "unaddressed" for own in answers],
                f"{action}_possible": [SEPARATOR.join(own.possible) if own else "unaddressed" for own in answers],
                f"{action}_determining": [SEPARATOR.join(own.determining) if own else "" for own in answers],
                f"{action}_missing": [SEPARATOR.join(own.missing) if own else "" for own in answers],
            }
            made |= {name: named(own, of_answer) for name, own in texts.items()}
        return pa.table(made)

    def actions(self, laws: Sequence[Law]) -> tuple[str, ...]:
        """The five always answered; further ones where a single law is named that speaks of them."""
        return laws[0].engine.actions if self.asked.stack and laws else ACTIONS

    def made(self, laws: Sequence[Law]) -> Replayed:
        own, stack = self.pieces, self.asked.stack
        grounds = {
            name: ground
            for law in {id(law.engine): law for law in laws}.values()
            for name, ground in law.engine.grounds().items()
        }
        return Replayed(
            self.opened.source,
            f"{stack.place}@{stack.day}" if stack else "",
            self.library.version,
            own.rows,
            own.counted(),
            tuple(self.answers),
            self.actions(laws),
            None,
            tuple(own.refused),
            dict(own.findings.most_common()),
            own.examples,
            {fact: shown(value) for fact, value in self.asked.assumed.items()},
            dict(_of_places(laws, self.asked.assumed)),
            own.paths,
            grounds,
            tuple(GROUPS[name] for name in self.asked.group_by),
            own.left_out,
        )


def _of_places(laws: Sequence[Law], assumed: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    """The facts of places that filled what rows did not say, with their sources; with the place where there are several."""
    for own in laws:
        for fact, value in own.stack.facts.items():
            if fact not in assumed:
                yield (
                    (fact if len(laws) == 1 else f"{fact} at {own.name}"),
                    f"{shown(value)} ({own.stack.fact_sources[fact].source})",
                )
