"""Decides a table where it lies: each law by its generated SELECT, in a database that this process only directs.

The rows stay in the database. What comes here is one row for each distinct combination of answers, which is explained once, and what
goes back is the text of each explanation. Only a table of facts (`fact_table`) is decided so: any other is read and decided by this
process (`staged`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from comity.engine.outcome import Outcome
from comity.engine.questions.answers import UNKNOWN
from comity.engine.sql.dialects import Dialect
from comity.engine.sql.select import FACTS, Query, build_query, outcomes_of
from comity.facts.children import child_name, parent_schema
from comity.facts.columns import ROW, whole_of
from comity.records.engine import Engine
from comity.records.laws import Law
from comity.records.pieces import ANSWER, COUNT, DAY, LAW, MONTH, YEAR
from comity.records.replay import ReplayRun
from comity.records.replay_result import SEPARATOR, ReplayResult
from comity.warehouse.numbered import ROW_COLUMNS

LOCATED, RESULT, LAWS, TEXTS, DECIDED, ALIKE = "located", "result", "laws", "texts", "decided", "alike"
LAW_NUMBER, ENGINE, NUMBER = "law_number", "engine", "number"


class Database(Protocol):
    """A database with temporary tables; their names are quoted by `quoted`."""

    name: str  # of its program
    dialect: Dialect
    each_member: str  # the function that makes a row of each member of a list

    def run(self, statement: str) -> None:
        """Runs a statement."""

    def rows(self, query: str) -> list[dict[str, Any]]:
        """The rows of a query."""

    def nothing(self, type_: pa.DataType) -> str:
        """NULL of a type, or an empty list where lists cannot be NULL."""

    def columns(self, table: str) -> dict[str, pa.DataType]:
        """The columns of a table, which is named as SQL has it, with the types of facts that they have; another type is large text."""

    def beyond_days(self, column: str) -> str:
        """The condition that a day is outside of the years 1 to 9999, in SQL."""

    def odd_set(self, members: str, whole: str) -> str:
        """The condition that a set has members and does not say whether they are all, or is NULL and says it, in SQL."""

    def forget(self, name: str) -> None:
        """Drops a temporary table, if there is one, and never a table of that name that is none."""

    def make(self, name: str, query: str) -> None:
        """Makes a temporary table of what a query gives, in place of an earlier one."""

    def load(self, name: str, table: pa.Table) -> None:
        """Makes a temporary table of an Arrow table, or adds its rows to the one of that name."""

    def view(self, name: str, query: str) -> None:
        """Makes a temporary view, in place of an earlier one."""

    def write(self, target: str, schema: pa.Schema, query: str) -> None:
        """Writes what a query gives into a table, which appears whole or not at all."""


class DatabaseReplay:
    """Decides the rows that `located` places under laws, and that the tables of facts describe.

    `located` has for each row its day, its place, the class of its facility, the number of its law and the position of its engine.
    The facts are in tables named `staged.<name>`, and in a dialect that does not nest, lists are in tables of their own.
    """

    def __init__(self, database: Database, run: ReplayRun, paths: Sequence[str]) -> None:
        self.database, self.replay, self.paths = database, run, tuple(paths)
        self.vocabulary = run.library.vocabulary

    def decide(self, laws: Sequence[Law]) -> None:
        """Decides every row; afterwards `result` has the number of its answers, and `texts` the words for each."""
        engines = list({id(law.engine): law.engine for law in laws}.values())
        self.database.load(RESULT, pa.table({ROW: pa.array([], pa.int64()), NUMBER: pa.array([], pa.int64())}))
        self.database.load(LAWS, pa.table({LAW_NUMBER: pa.array(range(len(laws)), pa.int64()),
                                           LAW: pa.array([law.name for law in laws], pa.string())}))  # fmt: skip
        for position, engine in enumerate(engines):
            self._decide_by(engine, position)
        self.database.load(TEXTS, self._texts(laws))

    def _decide_by(self, engine: Engine, position: int) -> None:
        asked = engine.explainer.asked
        query = build_query(
            asked, self.paths, actions=engine.actions, fills=engine.fills, diagrams=engine.explainer.diagrams,
            dialect=self.database.dialect,
        )  # fmt: skip
        self._show_facts(f"SELECT {quoted(ROW)} FROM {quoted(LOCATED)} WHERE {quoted(ENGINE)} = {position}")
        apart = self._apart(engine)
        named = [f"CAST(({condition}) AS boolean) AS {quoted(name)}" for name, condition in apart.items()]
        outputs = [*query.answers, *query.actions]
        columns = ", ".join([f"q.{quoted(ROW)}", *(f"q.{quoted(name)} AS {quoted(name)}" for name in outputs), *named])
        self.database.make(
            DECIDED,
            f"SELECT {columns} FROM ({query.sql()}) q JOIN {quoted(FACTS)} f ON f.{quoted(ROW)} = q.{quoted(ROW)}",
        )
        keys = [*outputs, *apart]
        listed = ", ".join(map(quoted, keys))
        grouped = f" GROUP BY {listed}" if keys else " HAVING count(*) > 0"
        classes = self.database.rows(
            f"SELECT {', '.join([f'min({quoted(ROW)}) AS first', *map(quoted, keys)])} FROM {quoted(DECIDED)}{grouped}"
        )
        numbers = self._explained(engine, query, classes)
        if classes:
            self._number_rows(keys, classes, numbers)

    def _show_facts(self, wanted: str) -> None:
        """Makes the tables of facts that the query reads: the rows of one engine."""
        for name in (FACTS, *(child_name(path) for path in self.lists)):
            self.database.view(name, f"SELECT * FROM {quoted(f'staged.{name}')} WHERE {quoted(ROW)} IN ({wanted})")

    @property
    def lists(self) -> list[str]:
        """The facts that are in tables of their own."""
        present = {*parent_schema(self.paths, self.vocabulary).names}
        return [path for path in self.paths if path not in present and whole_of(path) in present]

    def _apart(self, engine: Engine) -> dict[str, str]:
        """The columns in which rows with the same answers may differ, as `Engine.apart` has them."""
        known = [
            f"f.{quoted(whole_of(path) if whole_of(path) in self._read else path)} IS NOT NULL"
            for path in engine.compared
        ]
        whole = [f"coalesce(f.{quoted(whole_of(path))}, false)" for path in engine.lists]
        return {f"apart_{at}": condition for at, condition in enumerate([*known, *whole])}

    def _explained(self, engine: Engine, query: Query, classes: Sequence[Mapping[str, Any]]) -> list[int]:
        """The numbers of the answers of each class of rows, explained from one row of it."""
        if not classes:
            return []
        firsts = ", ".join(str(found["first"]) for found in classes)
        cells = {
            row[ROW]: row
            for row in self.database.rows(f"SELECT * FROM {quoted(FACTS)} WHERE {quoted(ROW)} IN ({firsts})")
        }
        splits = len(engine.explainer.asked.splits)
        for found in classes:
            answers = {**query.constant, **{index: found[name] for name, index in query.answers.items()}}
            cell_of = cells[found["first"]]
            stated = {name: cell_of[name] for name in self._read if cell_of.get(whole_of(name), True) is not None}
            stated |= {path: [] for path in self.lists if stated.get(whole_of(path)) is not None}
            explained = engine.explained(tuple(answers.get(index, UNKNOWN) for index in range(splits)), stated)
            for action in query.actions:
                _must_agree(action, explained[action].possible, outcomes_of(found[action]))
            engine.answers.append(explained)
        return self.replay.numbered(engine)

    @property
    def _read(self) -> set[str]:
        return {*parent_schema(self.paths, self.vocabulary).names}

    def _number_rows(self, keys: Sequence[str], classes: Sequence[Mapping[str, Any]], numbers: Sequence[int]) -> None:
        """Adds the rows of one engine to `result`, each with the number of its answers."""
        columns: dict[str, Any] = {
            key: pa.array([found[key] for found in classes], pa.bool_() if key.startswith("apart_") else pa.int64())
            for key in keys
        }
        self.database.forget(ALIKE)
        self.database.load(ALIKE, pa.table({**columns, NUMBER: pa.array(numbers, pa.int64())}))
        same = " AND ".join(f"d.{quoted(key)} = a.{quoted(key)}" for key in keys) or "1 = 1"
        self.database.run(
            f"INSERT INTO {quoted(RESULT)} SELECT d.{quoted(ROW)}, a.{quoted(NUMBER)} "
            f"FROM {quoted(DECIDED)} d JOIN {quoted(ALIKE)} a ON {same}"
        )

    def _texts(self, laws: Sequence[Law]) -> pa.Table:
        """The words for each answer, in the columns that a replay writes."""
        answers = self.replay.answers
        columns: dict[str, Any] = {NUMBER: pa.array(range(len(answers)), pa.int64())}
        for action in self.replay.actions(laws):
            given = [by_action.get(action) for by_action in answers]
            columns |= {
                action: [answer.outcome if answer else "unaddressed" for answer in given],
                f"{action}_possible": [
                    SEPARATOR.join(answer.possible) if answer else "unaddressed" for answer in given
                ],
                f"{action}_determining": [SEPARATOR.join(answer.determining) if answer else "" for answer in given],
                f"{action}_missing": [SEPARATOR.join(answer.missing) if answer else "" for answer in given],
            }
        return pa.table({
            name: column if name == NUMBER else pa.array(column, pa.string()) for name, column in columns.items()
        })  # fmt: skip

    def joined(self, columns: Sequence[str]) -> str:
        """The query of every row with its law and, where one was applied, its answers."""
        return (
            f"SELECT {', '.join(columns)} FROM {quoted(LOCATED)} l "
            f"LEFT JOIN {quoted(RESULT)} r ON r.{quoted(ROW)} = l.{quoted(ROW)} "
            f"LEFT JOIN {quoted(LAWS)} w ON w.{quoted(LAW_NUMBER)} = l.{quoted(LAW_NUMBER)}"
        )

    def write(self, target: str, schema: pa.Schema) -> None:
        """Writes one row for each request into a table."""
        places = {name: "w" if name == LAW else "l" if name in ROW_COLUMNS else "t" for name in schema.names}
        columns = [f"{place}.{quoted(name)} AS {quoted(name)}" for name, place in places.items()]
        texts = f" LEFT JOIN {quoted(TEXTS)} t ON t.{quoted(NUMBER)} = r.{quoted(NUMBER)}"
        self.database.write(target, schema, f"{self.joined(columns)}{texts} ORDER BY l.{quoted(ROW)}")

    def result(self, laws: Sequence[Law], columns: Sequence[str]) -> ReplayResult:
        """The counts of all rows; `columns` are those of `located`, and the year and month, by which rows are counted."""
        for view in self.replay.pieces.views(columns):
            self.replay.pieces.counts[view] = [self._counted(view)]
        return self.replay.result(laws)

    def _counted(self, view: Sequence[str]) -> pa.Table:
        read = dict.fromkeys(DAY if name in (YEAR, MONTH) else name for name in view)
        places = {name: f"{'w' if name == LAW else 'l'}.{quoted(name)}" for name in read}
        keys = [*places.values(), f"r.{quoted(NUMBER)}"]
        columns = [f"{place} AS {quoted(name)}" for name, place in places.items()]
        numbers = [f"r.{quoted(NUMBER)} AS {quoted(ANSWER)}", f"count(*) AS {quoted(COUNT)}"]
        counted = f"{self.joined([*columns, *numbers])} GROUP BY {', '.join(keys)}"
        types = {DAY: pa.date32(), ANSWER: pa.int64(), COUNT: pa.int64()}
        rows = self.database.rows(counted)
        table = pa.table({
            name: pa.array([row[name] for row in rows], types.get(name, pa.string())) for name in (*read, ANSWER, COUNT)
        })  # fmt: skip
        derived = {
            YEAR: lambda: pc.year(table.column(DAY)),
            MONTH: lambda: pc.strftime(table.column(DAY), "%Y-%m"),
        }
        found = {name: derived[name]() if name in derived else table.column(name) for name in view}
        whole = pa.table({**found, ANSWER: table.column(ANSWER), COUNT: table.column(COUNT)})
        summed = whole.group_by([*view, ANSWER]).aggregate([(COUNT, "sum")])
        return summed.rename_columns([name.removesuffix("_sum") for name in summed.schema.names])


def as_text(name: str) -> str:
    """A column as text, in SQL: `char` without the blanks at its end, and an enumeration by its names."""
    return f"CAST({quoted(name)} AS text)"


def quoted(name: str) -> str:
    """A name of a table or a column as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def _must_agree(action: str, explained: Sequence[Outcome], selected: Sequence[Outcome]) -> None:
    """Ends the replay where the database gives other outcomes than the explanation: a fault of this program."""
    if {*explained} != {*selected}:
        raise AssertionError(f"{action}: the database gives {[*selected]}, and the explanation {[*explained]}")


def engines_of(laws: Sequence[Law], of_law: Iterable[int]) -> list[int]:
    """For each row the position of its engine among those of the laws; -1 where no law applies."""
    positions: dict[int, int] = {}
    for law in laws:
        positions.setdefault(id(law.engine), len(positions))
    table = [*(positions[id(law.engine)] for law in laws), -1]
    return [table[number] for number in of_law]
