"""Runs a replay: piece by piece, each row under its law, with the counts of all pieces put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from comity.decide.dialects import open_duckdb
from comity.decide.explain import shown
from comity.facts.columns import ROW
from comity.facts.kinds import Value
from comity.intake import headings
from comity.intake.cells import Opened, Refused
from comity.intake.form import instrument_of, out_of_time
from comity.intake.table import DECIDED, FORM, RECEIVED, Reader, Stored
from comity.intake.whereabouts import Whereabouts, whereabouts
from comity.law.in_force import Stack
from comity.law.instrument import ACTIONS
from comity.law.library import Library
from comity.replay.alike import Answer
from comity.replay.laws import NONE, Law, Laws
from comity.replay.replayed import (
    ANSWER,
    CLASS,
    COUNT,
    FACILITY,
    GROUPS,
    LAW,
    LIFTED,
    MONTH,
    PLACE,
    SEPARATOR,
    STATE,
    YEAR,
    Replayed,
)  # fmt: skip

DUPLICATE = "duplicate_likely"
Sink = Callable[[pa.Table], None]
Progress = Callable[[int], None]


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
    """One replay under way: what has been counted so far."""

    def __init__(self, opened: Opened, reader: Reader, library: Library, asked: Asked) -> None:
        self.opened, self.reader, self.library, self.asked = opened, reader, library, asked
        self.laws: Laws | None = None
        self.rows = self.left_out = 0
        self.refused: list[Refused] = []
        self.findings: Counter[str] = Counter()
        self.examples: dict[str, str] = {}
        self.counts: list[pa.Table] = []
        self.answers: list[dict[str, Answer]] = []
        self.numbers: dict[int, list[int]] = {}
        self.paths: tuple[str, ...] = ()

    def run(self, sink: Sink, progress: Progress | None = None) -> Replayed:
        """Decides every piece, gives its rows to `sink`, and tells `progress` how many rows have been read."""
        with open_duckdb() as database:
            for cells in self.opened.pieces():
                stored = self.reader.stored(cells)
                if self.laws is None:
                    self.paths = stored.paths
                    self.laws = Laws(self.library, stored.paths, self.asked.assumed, database)
                    if self.asked.stack:
                        self.laws.add(self.asked.stack)
                self.rows += stored.cells.read
                self.refused += stored.cells.refused
                self.count_findings(stored.findings, stored.examples)
                sink(self.piece(self.kept(stored), self.laws))
                if progress:
                    progress(self.rows)
            return self.made()

    def kept(self, stored: Stored) -> Stored:
        """Without likely duplicates, where that was asked."""
        if not self.asked.without_duplicates or DUPLICATE not in stored.cells.table.schema.names:
            return stored
        marked = pc.equal(pc.utf8_lower(stored.cells.named(DUPLICATE)), "true").fill_null(False)
        stays = pc.invert(marked)
        self.left_out += pc.sum(marked).as_py() or 0
        cells = type(stored.cells)(stored.cells.source, stored.cells.table.filter(stays), stored.cells.refused)
        return Stored(cells, stored.facts.filter(stays), stored.paths, stored.findings, stored.examples)

    def piece(self, stored: Stored, laws: Laws) -> pa.Table:
        """The rows of a piece, decided and counted."""
        where = whereabouts(stored, self.library, self.asked.place)
        self.count_findings(where.findings, where.examples)
        self.count_forms(stored)
        days = stored.facts.column(DECIDED).combine_chunks()
        of_law = np.zeros(len(days), np.int64) if self.asked.stack else laws.of_rows(where, days)
        of_answer = self.decided(stored.facts, of_law, laws)
        grouped = self.group_columns(stored, where, days, _named([own.name for own in laws.laws], of_law))
        self.counts.append(_counted({**grouped, ANSWER: pa.array(of_answer, mask=of_answer == NONE)}))
        return self.rows_of(stored, grouped, of_answer)

    def decided(self, facts: pa.Table, of_law: np.ndarray[Any, Any], laws: Laws) -> np.ndarray[Any, Any]:
        """For each row the place of its answers; rows of laws that say the same go together."""
        made = np.full(facts.num_rows, NONE, np.int64)
        by_engine: dict[int, list[int]] = {}
        for number in np.unique(of_law).tolist():
            if number != NONE:
                by_engine.setdefault(id(laws.laws[number].engine), []).append(number)
        for numbers in by_engine.values():
            engine = laws.laws[numbers[0]].engine
            rows = np.flatnonzero(np.isin(of_law, numbers))
            own = facts if len(rows) == facts.num_rows else facts.take(pa.array(rows))
            found = engine.decide(own).to_numpy(zero_copy_only=False)
            made[rows] = np.array(self.numbered(laws.laws[numbers[0]]), np.int64)[found] if len(rows) else []
        return made

    def numbered(self, law: Law) -> list[int]:
        """The places in `answers` of the answers that an engine has given so far."""
        own = self.numbers.setdefault(id(law.engine), [])
        for answer in law.engine.answers[len(own) :]:
            own.append(len(self.answers))
            self.answers.append(answer)
        return own

    def group_columns(self, stored: Stored, where: Whereabouts, days: pa.Array, laws: pa.DictionaryArray) -> dict[str, Any]:
        """What the rows are counted by."""
        made: dict[str, Any] = {LAW: laws, CLASS: where.classes, PLACE: where.places, YEAR: pc.year(days)}
        names, asked = stored.cells.table.schema.names, {GROUPS[own] for own in self.asked.group_by}
        if MONTH in asked:
            made[MONTH] = pc.strftime(days, "%Y-%m")
        for name, column in ((FACILITY, headings.FACILITY), (STATE, headings.STATE)):
            if name in asked:
                made[name] = _told(stored, column)
        if headings.LIFTED in names:
            made[LIFTED] = _told(stored, headings.LIFTED)
        return made

    def rows_of(self, stored: Stored, grouped: Mapping[str, Any], of_answer: np.ndarray[Any, Any]) -> pa.Table:
        """One row a request, in the order of the source."""
        columns: dict[str, Any] = {
            ROW: stored.facts.column(ROW),
            PLACE: grouped[PLACE],
            "day": stored.facts.column(DECIDED),
            CLASS: grouped[CLASS],
            LAW: grouped[LAW],
        }
        for action in self.actions():
            answers = [own.get(action) for own in self.answers]
            for name, texts in (
                (action, [own.outcome if own else "unaddressed" for own in answers]),
                (f"{action}_possible", [SEPARATOR.join(own.possible) if own else "unaddressed" for own in answers]),
                (f"{action}_determining", [SEPARATOR.join(own.determining) if own else "" for own in answers]),
                (f"{action}_missing", [SEPARATOR.join(own.missing) if own else "" for own in answers]),
            ):
                columns[name] = _named(texts, of_answer)
        return pa.table(columns)

    def actions(self) -> tuple[str, ...]:
        """The five always answered; further ones are answered where a single law is named."""
        laws = self.laws.laws if self.laws else []
        return laws[0].engine.actions if self.asked.stack else ACTIONS

    def count_findings(self, findings: Mapping[str, int], examples: Mapping[str, str]) -> None:
        self.findings.update(findings)
        for code, example in examples.items():
            self.examples.setdefault(code, example)

    def count_forms(self, stored: Stored) -> None:
        """Counts the forms that were not in use on their day."""
        if FORM not in stored.paths:
            return
        for pair in stored.facts.group_by([FORM, RECEIVED]).aggregate([(ROW, "count")]).to_pylist():
            message = out_of_time(self.library.instruments.get(instrument_of(str(pair[FORM]))), pair[RECEIVED])
            if message:
                self.count_findings({"form-out-of-time": pair[f"{ROW}_count"]}, {"form-out-of-time": message})

    def made(self) -> Replayed:
        for own in self.refused:
            self.count_findings({own.code: 1}, {own.code: f"row {own.row}: {own.message}"})
        used = self.laws.laws if self.laws else []
        grounds = {name: ground for law in {id(own.engine): own for own in used}.values() for name, ground in law.engine.grounds().items()}
        stack = self.asked.stack
        return Replayed(
            self.opened.source,
            f"{stack.place}@{stack.day}" if stack else "",
            self.library.version,
            self.rows,
            _together(self.counts),
            tuple(self.answers),
            self.actions(),
            None,
            tuple(self.refused),
            dict(self.findings.most_common()),
            self.examples,
            {fact: shown(value) for fact, value in self.asked.assumed.items()},
            dict(_of_places(used, self.asked.assumed)),
            self.paths,
            grounds,
            tuple(GROUPS[own] for own in self.asked.group_by),
            self.left_out,
        )


def _of_places(laws: Sequence[Law], assumed: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    """The facts of places that filled what rows did not say, with their sources; with the place where there are several."""
    for own in laws:
        for fact, value in own.stack.facts.items():
            if fact not in assumed:
                yield (fact if len(laws) == 1 else f"{fact} at {own.name}"), f"{shown(value)} ({own.stack.fact_sources[fact].source})"


def _named(names: Sequence[str], numbers: np.ndarray[Any, Any]) -> pa.DictionaryArray:
    """The names that numbers stand for, NULL for NONE; each name once in the dictionary, as frames demand."""
    distinct = {name: place for place, name in enumerate(dict.fromkeys(names))}
    places = np.array([*(distinct[name] for name in names), NONE], np.int64)[numbers]
    return pa.DictionaryArray.from_arrays(pa.array(places, pa.int32(), mask=numbers == NONE), pa.array([*distinct], pa.string()))


def _told(stored: Stored, column: str) -> pa.Array:
    if column not in stored.cells.table.schema.names:
        return pa.nulls(stored.facts.num_rows, pa.string())
    return stored.cells.named(column).combine_chunks()


def _counted(columns: Mapping[str, Any]) -> pa.Table:
    plain = {name: own.dictionary_decode() if isinstance(own, pa.DictionaryArray) else own for name, own in columns.items()}
    table = pa.table(plain)
    weighed = table.append_column(COUNT, pa.array(np.ones(table.num_rows, np.int64)))
    return _renamed(weighed.group_by(table.schema.names).aggregate([(COUNT, "sum")]))


def _together(counts: Sequence[pa.Table]) -> pa.Table:
    table = pa.concat_tables(counts)
    return _renamed(table.group_by([name for name in table.schema.names if name != COUNT]).aggregate([(COUNT, "sum")]))


def _renamed(table: pa.Table) -> pa.Table:
    return table.rename_columns([name.removesuffix("_sum") for name in table.schema.names])
