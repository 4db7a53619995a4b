"""Decides a table of requests by one SELECT: the outcomes that are open for each row and action, as the plain engine has them.

The SELECT is laid in steps, each a projection over the one before: what the records of a list say, the answer to each
question, then the diagrams of the actions from their leaves up. At each node a row takes the branch of its answer, and
every branch where its answer is not known; so what Unknown costs does not grow with the ways down a diagram.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property, reduce

import duckdb
import ibis
import pyarrow as pa
from msgspec import Struct, structs

from comity.decide import dialects
from comity.decide.decision import Outcome
from comity.decide.diagram import OUTCOMES_OF_BITS, Diagram, Diagrams, Node
from comity.decide.dialects import DUCKDB, NO_LIMIT, Dialect
from comity.decide.many_children import with_counts
from comity.decide.many_conditions import Expression, Reading, chosen
from comity.decide.many_questions import Counted, Found, InRow, Marks, answer, found, marked, settled
from comity.decide.one import Questions
from comity.decide.questions_in_python import UNKNOWN
from comity.decide.splits import QUANTIFIERS
from comity.facts.children import parent_schema
from comity.facts.columns import COMPLETE, ROW, schema_of, written
from comity.facts.kinds import Value
from comity.language.kinding import fields_of
from comity.law.instrument import ACTIONS

FACTS = "facts"
SMALL = "int8"


class Query(Struct, frozen=True, dict=True):
    """One SELECT over the table `facts`. Its rows have the number of the request, the open outcomes of each action as
    bits (`outcomes_of`), and the answers to the questions that `answers` names by their places.
    """

    expression: Expression
    actions: tuple[str, ...]
    answers: Mapping[str, int]
    constant: Mapping[int, int]  # the questions that the table has no bearing on, with the answer that each row gives
    dialect: Dialect = DUCKDB

    def sql(self) -> str:
        """The SELECT as its engine takes it; written once, since writing it takes longer than deciding a few rows."""
        return self._written

    @cached_property
    def _written(self) -> str:
        return dialects.sql_of(self.expression, self.dialect)


def query_of(
    asked: Questions,
    columns: Collection[str],
    *,
    actions: Sequence[str] = ACTIONS,
    fills: Mapping[str, Value] | None = None,
    diagrams: Diagrams | None = None,
    dialect: Dialect = DUCKDB,
    complete: bool = False,
) -> Query:
    """The SELECT that decides a table with these facts in its columns under one stack.

    `fills` are facts that hold for every row that has none of its own; without them, those that are true of the place.
    In a dialect that has no records in a row, each list lies in a table of its own (`facts.children`). With `complete` the
    table says in a column of that name which rows miss nothing; these do not pay for what others miss.
    """
    vocabulary = asked.stack.vocabulary
    schema = written((schema_of if dialect.nests else parent_schema)(columns, vocabulary))
    table = ibis.table({**schema, COMPLETE: "boolean"} if complete else schema, name=FACTS)
    reading = Reading(table, vocabulary, frozenset(columns), asked.stack.facts if fills is None else fills)
    constant = {index: own for index, split in enumerate(asked.splits) if (own := settled(split, reading)) is not None}
    drawn = diagrams or Diagrams(asked)
    known = {index: None if own == UNKNOWN else own for index, own in constant.items()}
    tops = {action: drawn.settled(action, known) for action in actions}
    asking = [index for index in range(len(asked.splits)) if index not in constant]
    answers = {_answer(index): index for index in asking}

    def selected(reading: Reading) -> Expression:
        steps = _Steps(asked, reading, dialect, asking)
        steps.answer()
        steps.go_up(tops.values())
        outcomes = [steps.of(top).name(action) for action, top in tops.items()]
        return steps.table.select(ROW, *(steps.table[name] for name in answers), *outcomes)

    if complete:
        whole = structs.replace(reading.over(table.filter(table[COMPLETE])), complete=True)
        in_part = reading.over(table.filter(~table[COMPLETE]))
        return Query(ibis.union(selected(whole), selected(in_part), distinct=False), tuple(actions), answers, constant, dialect)
    return Query(selected(reading), tuple(actions), answers, constant, dialect)


def read_by(asked: Questions, columns: Collection[str]) -> dict[str, frozenset[str]]:
    """The columns that a stack's questions read, and of a list the fields of its records."""
    read: dict[str, set[str]] = {path: set() for split in asked.splits for path in split.facts if path in columns}
    for split in asked.splits:
        for atom in split.atoms:
            if isinstance(atom, QUANTIFIERS) and atom.over.path in read:
                read[atom.over.path] |= fields_of(atom.body)
    return {path: frozenset(fields) for path, fields in read.items()}


class _Steps:
    """The projections laid so far; `table` is the last of them."""

    def __init__(self, asked: Questions, reading: Reading, dialect: Dialect, asking: list[int]) -> None:
        self.asked, self.reading, self.dialect, self.asking = asked, reading, dialect, asking
        self.table = reading.table
        self.columns: dict[int, str] = {}

    def answer(self) -> None:
        """Lays the records' part of each question on a list, then the answers; nothing else is kept after."""
        firsts = {index: self.asked.splits[index].atoms[0] for index in self.asking}
        on_lists = {index: atom for index, atom in firsts.items() if isinstance(atom, QUANTIFIERS)}
        if not self.dialect.nests:
            self.table, named = with_counts(self.table, on_lists, self.reading)
        else:
            sure = {index: self.reading.sure(self.asked.splits[index].facts) for index in on_lists}
            marks = {index: (found if sure[index] else marked)(atom, self.reading) for index, atom in on_lists.items()}
            named = {index: (f"records_{index}",) for index in on_lists}
            self.table = self.table.mutate(*(own.name(named[index][0]) for index, own in marks.items())) if marks else self.table
        self.reading = self.reading.over(self.table)
        answers = [
            _laid(answer(self.asked.splits[index], self.reading, self.marks(index, named.get(index)))).name(_answer(index))
            for index in self.asking
        ]
        self.step(ROW, *answers)

    def step(self, *columns: Expression) -> None:
        """Lays a projection over the last."""
        self.table = self.table.select(*columns)
        if self.dialect.merges:
            self.table = self.table.limit(NO_LIMIT)

    def marks(self, index: int, columns: Sequence[str] | None) -> Marks | None:
        """The marks of a question on a list, by the columns that hold them."""
        own = [self.table[name] for name in columns or ()]
        if not own or not self.dialect.nests:
            return Counted(*own) if own else None
        return Found(*own) if self.reading.sure(self.asked.splits[index].facts) else InRow(*own)

    def go_up(self, tops: Iterable[Diagram]) -> None:
        """Lays the nodes of diagrams, those that stand on leaves first; a node is dropped once nothing above needs it."""
        levels = _levels(tops)
        last_use = {id(below): at for at, level in enumerate(levels) for node in level for below in node.branches}
        kept: dict[int, Node] = {}
        staying = {id(top) for top in tops}
        for at, level in enumerate(levels):
            made = [self.node(node).name(self.column(node)) for node in level]
            standing = [self.column(node) for node in kept.values()]
            answers = [_answer(index) for index in self.asking]
            self.step(ROW, *answers, *standing, *made)
            kept |= {id(node): node for node in level}
            kept = {key: node for key, node in kept.items() if key in staying or last_use.get(key, -1) > at}

    def column(self, node: Node) -> str:
        return self.columns.setdefault(id(node), f"node_{len(self.columns)}")

    def of(self, diagram: Diagram) -> Expression:
        """What a part of a diagram that is laid already says of a row."""
        return ibis.literal(diagram, type=SMALL) if isinstance(diagram, int) else self.table[self.columns[id(diagram)]]

    def node(self, node: Node) -> Expression:
        own = self.table[_answer(node.split)]
        below = [self.of(branch) for branch in node.branches]
        branches = [(own == place, branch) for place, branch in enumerate(below)]
        if self.reading.sure(self.asked.splits[node.split].facts):
            return _laid(chosen(branches[:-1], below[-1]))
        return _laid(chosen(branches, reduce(lambda one, other: one | other, below)))


def _laid(value: Expression | int) -> Expression:
    """A small number, whether it is worked out or known beforehand."""
    return ibis.literal(value, type=SMALL) if isinstance(value, int) else value.cast(SMALL)


def _answer(index: int) -> str:
    return f"answer_{index}"


def _levels(tops: Iterable[Diagram]) -> list[list[Node]]:
    """The nodes of diagrams by their height over the leaves, lowest first."""
    height: dict[int, int] = {}
    levels: list[list[Node]] = []
    pending: list[Diagram] = list(tops)
    while pending:
        own = pending[-1]
        waiting = [] if isinstance(own, int) else [below for below in own.branches if isinstance(below, Node) and id(below) not in height]
        if waiting:
            pending += waiting
            continue
        pending.pop()
        if isinstance(own, Node) and id(own) not in height:
            level = 1 + max((height[id(below)] for below in own.branches if isinstance(below, Node)), default=-1)
            height[id(own)] = level
            levels += [[] for _ in range(level + 1 - len(levels))]
            levels[level].append(own)
    return levels


def outcomes_of(bits: int) -> tuple[Outcome, ...]:
    """The open outcomes that a number in a row of the answer stands for."""
    return OUTCOMES_OF_BITS[bits]


def decide(query: Query, table: pa.Table, database: duckdb.DuckDBPyConnection | None = None) -> pa.Table:
    """The rows of a query over the facts of many requests, in the order of their numbers.

    It runs on the embedded engine: on a database that is open, or on one of its own in memory.
    """
    if database is None:
        with dialects.open_duckdb() as own:
            return decide(query, table, own)
    database.register(FACTS, table)
    decided: pa.Table = database.sql(query.sql()).to_arrow_table().sort_by(ROW)
    database.unregister(FACTS)
    return decided
