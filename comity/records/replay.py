"""Runs a replay in pieces: decides each row under its law and merges the counts of all pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from msgspec import Struct

from comity.decision.facts_known import shown
from comity.facts.columns import ROW
from comity.facts.kinds import Choice, Value
from comity.facts.row_codes import Numbers
from comity.facts.vocabulary import Vocabulary
from comity.intake.cells import Opened
from comity.intake.table import FactRows, Reader
from comity.law.cache import collection_paused
from comity.law.facilities import GROUPS as GROUPS_OF_PLACES
from comity.law.in_force import Stack
from comity.law.instrument import ACTIONS
from comity.law.library import Library
from comity.records.alike import Answer
from comity.records.engine import Engine
from comity.records.laws import Law, Laws
from comity.records.local_law import LOCAL_LAW
from comity.records.pieces import (
    CLASS,
    DAY,
    GROUPS,
    LAW,
    NONE,
    PLACE,
    Piece,
    Pieces,
    Progress,
    as_dictionary,
    rows_by_number,
    rows_by_unread,
    sheet_of,
)
from comity.records.replay_result import SEPARATOR, ReplayResult

Sink = Callable[[pa.Table], None]


class ReplayOptions(Struct, frozen=True):
    """What a replay is to do: apply one law (`stack`) or one place (`place`) to all rows, or neither; the facts assumed; the
    columns by which to group; and whether to leave out rows that are marked as likely duplicates.
    """

    stack: Stack | None = None
    place: str = ""
    assumed: Mapping[str, Value] = {}
    group_by: tuple[str, ...] = ()
    without_duplicates: bool = False


class ReplayRun:
    """A replay ready to run."""

    def __init__(self, opened: Opened, reader: Reader, library: Library, asked: ReplayOptions) -> None:
        self.opened, self.library, self.asked = opened, library, asked
        self.pieces = Pieces(
            opened,
            reader,
            library,
            group_by=asked.group_by,
            place=asked.place,
            law=asked.stack,
            without_duplicates=asked.without_duplicates,
        )
        self.answers: list[dict[str, Answer]] = []
        self.numbers: dict[int, list[int]] = {}
        self.engines: dict[int, Engine] = {}

    def run(self, sink: Sink | None, progress: Progress | None = None) -> ReplayResult:
        """Decides every piece, passes its rows to `sink` if there is one, and reports to `progress` how many rows have been read."""
        laws = Laws(self.library, self.asked.assumed)
        for piece in self.pieces.each(progress):
            laws.paths = self.pieces.paths
            if self.asked.stack and not laws.laws:
                laws.add(self.asked.stack)
            with (
                collection_paused()
            ):  # stacks and explanations stay: looking for garbage among them took a seventh of the time
                columns, of_answer = self.decided(piece, laws)
            if sink:
                sink(self.rows_of(piece, columns=columns, of_answer=of_answer, laws=laws.laws))
        return self.result(laws.laws)

    def decided(self, piece: Piece, laws: Laws) -> tuple[dict[str, Any], Numbers]:
        """Decides and counts the rows of a piece: their columns, and for each row the number of its answers."""
        of_law = np.zeros(len(piece.days), np.int64)
        if not self.asked.stack:
            of_law = laws.of_rows(piece.rows, piece.locations, piece.days)
        of_answer = self.answered(piece.rows, of_law, laws)
        columns = {LAW: as_dictionary([law.name for law in laws.laws], of_law), **piece.columns}
        self.pieces.add_counts(columns, of_answer)
        return columns, of_answer

    def answered(self, rows: FactRows, of_law: Numbers, laws: Laws) -> Numbers:
        """For each row the number of its answers; rows of laws with the same content are decided together."""
        of_answer = np.full(rows.facts.num_rows, NONE, np.int64)
        engines = list({id(law.engine): law.engine for law in laws.laws}.values())
        numbers = {id(engine): number for number, engine in enumerate(engines)}
        engine_of_law = np.array([*(numbers[id(law.engine)] for law in laws.laws), NONE], np.int64)
        for number, of_engine in rows_by_number(engine_of_law[of_law]):
            for unread, marked in rows_by_unread(rows, engines[number].fills):
                variant = engines[number].without_fills(unread)
                places = of_engine if marked is None else of_engine[marked[of_engine]]
                if len(places):
                    decided = variant.decide(_taken(rows.facts.select(variant.reads), places)).to_numpy()
                    of_answer[places] = np.array(self.numbered(variant), np.int64)[decided]
        return of_answer

    def numbered(self, engine: Engine) -> list[int]:
        """The positions in `answers` of the answers that an engine has given so far."""
        self.engines[id(engine)] = engine
        numbers = self.numbers.setdefault(id(engine), [])
        for answer in engine.answers[len(numbers) :]:
            numbers.append(len(self.answers))
            self.answers.append(answer)
        return numbers

    def rows_of(self, piece: Piece, *, columns: Mapping[str, Any], of_answer: Numbers, laws: Sequence[Law]) -> pa.Table:
        """One row for each request, in the order of the source."""
        facts = piece.rows.facts
        table: dict[str, Any] = {
            ROW: facts.column(ROW),
            **sheet_of(piece),
            DAY: piece.days,
            **{name: columns[name] for name in (PLACE, CLASS, LAW, LOCAL_LAW)},
        }
        for action in self.actions(laws):
            answers = [by_action.get(action) for by_action in self.answers]
            texts: Mapping[str, list[str]] = {
                action: [answer.outcome if answer else "unaddressed" for answer in answers],
                f"{action}_possible": [
                    SEPARATOR.join(answer.possible) if answer else "unaddressed" for answer in answers
                ],
                f"{action}_determining": [SEPARATOR.join(answer.determining) if answer else "" for answer in answers],
                f"{action}_missing": [SEPARATOR.join(answer.missing) if answer else "" for answer in answers],
            }
            table |= {name: as_dictionary(names, of_answer) for name, names in texts.items()}
        return pa.table(table)

    def actions(self, laws: Sequence[Law]) -> tuple[str, ...]:
        """The five that are always answered, and further ones where a single law is named that has them."""
        return laws[0].engine.actions if self.asked.stack and laws else ACTIONS

    def result(self, laws: Sequence[Law]) -> ReplayResult:
        """The replay of all rows gone through, without a table of them."""
        pieces, stack = self.pieces, self.asked.stack
        grounds = {name: ground for engine in self.engines.values() for name, ground in engine.grounds().items()}
        return ReplayResult(
            source=self.opened.source,
            law=f"{stack.place}@{stack.day}" if stack else "",
            law_version=self.library.version,
            rows=pieces.rows,
            counts=pieces.counted(),
            answers=tuple(self.answers),
            actions_asked=self.actions(laws),
            table=None,
            refused=tuple(pieces.refused),
            findings=dict(pieces.findings.most_common()),
            examples=pieces.examples,
            assumed={fact: shown(value) for fact, value in self.asked.assumed.items()},
            of_place=dict(_of_places(laws, self.asked.assumed)),
            read=pieces.paths,
            grounds=grounds,
            grouped_by=tuple(GROUPS[name] for name in self.asked.group_by),
            left_out=pieces.left_out,
            placed={group: pieces.placed[group] for group in GROUPS_OF_PLACES if pieces.placed[group]},
            reading=pieces.reading,
            none_values=_none_values(self.answers, self.library.vocabulary),
        )


def _taken(facts: pa.Table, places: Numbers) -> pa.Table:
    return facts if len(places) == facts.num_rows else facts.take(pa.array(places))


def _none_values(answers: Sequence[Mapping[str, Answer]], vocabulary: Vocabulary) -> dict[str, str]:
    """For each choice that an answer lacks, the member that says that there is none, where it has one."""
    missing = {fact for by_action in answers for answer in by_action.values() for fact in answer.missing}
    choices = {fact: kind.members for fact in sorted(missing) if isinstance(kind := vocabulary.kind(fact), Choice)}
    found = {fact: next((name for name in members if name.startswith("none")), "") for fact, members in choices.items()}
    return {fact: name for fact, name in found.items() if name}


def _of_places(laws: Sequence[Law], assumed: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    """The facts of places that hold where rows do not give them, with their sources; with the law where there are several."""
    for law in laws:
        for fact, value in law.stack.facts.items():
            if fact not in assumed:
                yield (
                    (fact if len(laws) == 1 else f"{fact} at {law.name}"),
                    f"{shown(value)} ({law.stack.fact_sources[fact].source})",
                )
