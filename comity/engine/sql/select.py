"""Decides a table of requests by one SELECT: the outcomes that are open for each row and action, as the plain engine has them.

The SELECT is laid in steps, each a projection over the one before: what the records of a list say, the answer to each
question, then the diagrams of the actions from their leaves up. At each node a row takes the branch of its answer, and
every branch where its answer is not known; so what Unknown costs does not grow with the ways down a diagram.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property, reduce

import duckdb
import ibis
import pyarrow as pa
from msgspec import Struct, structs

from comity.engine.outcome import Outcome
from comity.engine.questions.answers import UNKNOWN
from comity.engine.questions.diagram import ALL, BIT, OUTCOMES_OF_BITS, Diagram, Diagrams, Node, splits_in
from comity.engine.questions.questions import Questions
from comity.engine.questions.splits import QUANTIFIERS
from comity.engine.sql import dialects
from comity.engine.sql.children import with_counts
from comity.engine.sql.conditions import Expression, Reading, chosen
from comity.engine.sql.dialects import DUCKDB, NO_LIMIT, Dialect
from comity.engine.sql.questions import Counted, Found, InRow, Marks, answer, found, marked, settled
from comity.engine.sql.steps import few_ways, steps_of
from comity.facts.children import parent_schema
from comity.facts.columns import COMPLETE, ROW, schema_of, written
from comity.facts.kinds import Value
from comity.language import syntax
from comity.language.kinding import fields_of
from comity.law.instrument import ACTIONS

FACTS = "facts"
SMALL = "int8"
GIVEN = "given"
CALLS_DEEP = 20_000  # the expression library goes down the steps by recursion
ACTIONS_MAX = 63 // len(BIT)  # whose outcomes go side by side into one number


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
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, CALLS_DEEP))
        try:
            return dialects.sql_of(self.expression, self.dialect)
        finally:
            sys.setrecursionlimit(limit)


def query_of(
    asked: Questions,
    columns: Collection[str],
    *,
    actions: Sequence[str] = ACTIONS,
    fills: Mapping[str, Value] | None = None,
    diagrams: Diagrams | None = None,
    dialect: Dialect = DUCKDB,
    complete: bool = False,
    outcomes_only: bool = False,
) -> Query:
    """The SELECT that decides a table with these facts in its columns under one stack.

    `fills` are facts that hold for every row that has none of its own; without them, those that are true of the place.
    In a dialect that has no records in a row, each list lies in a table of its own (`facts.children`). With `complete` the
    table says in a column of that name which rows miss nothing; these do not pay for what others miss. With `outcomes_only`
    the answers to the questions are left out, and of a complete row no question is asked that its outcomes do not need.
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
    answers = {} if outcomes_only else {_answer(index): index for index in asking}

    def selected(reading: Reading) -> Expression:
        at_once = outcomes_only and reading.complete and dialect.nests and len(actions) <= ACTIONS_MAX
        if at_once and all(map(few_ways, tops.values())):
            joint = drawn.settled_together(actions, known)
            if few_ways(joint) and all(reading.sure(asked.splits[own].facts) for own in splits_in(joint)):
                return _at_once(asked, reading, joint, actions)
        steps = _Steps(asked, reading, dialect, asking)
        steps.answer()
        steps.go_up(tops.values(), [*answers.values()])
        outcomes = [steps.of(top).name(action) for action, top in tops.items()]
        return steps.table.select(ROW, *(steps.answered(index) for index in answers.values()), *outcomes)

    if complete:
        whole = structs.replace(reading.over(table.filter(table[COMPLETE])), complete=True)
        in_part = reading.over(table.filter(~table[COMPLETE]))
        return Query(
            ibis.union(selected(whole), selected(in_part), distinct=False), tuple(actions), answers, constant, dialect
        )
    return Query(selected(reading), tuple(actions), answers, constant, dialect)


def read_by(asked: Questions, columns: Collection[str]) -> dict[str, frozenset[str]]:
    """The columns that a stack's questions read, and of a list the fields of its records."""
    read: dict[str, set[str]] = {path: set() for split in asked.splits for path in split.facts if path in columns}
    for split in asked.splits:
        for atom in split.atoms:
            if isinstance(atom, QUANTIFIERS) and atom.over.path in read:
                read[atom.over.path] |= fields_of(atom.body)
    return {path: frozenset(fields) for path, fields in read.items()}


def _at_once(asked: Questions, reading: Reading, joint: Diagram, actions: Sequence[str]) -> Expression:
    """The outcomes of rows that miss nothing by one nest of questions, each asked only of the rows that come to it."""

    def asked_of(own: Diagram) -> Expression:
        if isinstance(own, int):
            return ibis.literal(own, type="int64")
        split = asked.splits[own.split]
        atom = split.atoms[0]
        value = answer(split, reading, Found(found(atom, reading)) if isinstance(atom, QUANTIFIERS) else None)
        branches = [(value == place, asked_of(below)) for place, below in enumerate(own.branches)]
        return chosen(branches[:-1], branches[-1][1])

    together = reading.table.select(ROW, asked_of(joint).name("together"))
    bits = [
        ((together["together"] >> place * len(BIT)) & ALL).cast(SMALL).name(action)
        for place, action in enumerate(actions)
    ]
    return together.select(ROW, *bits)


class _Steps:
    """The projections laid so far; `table` is the last of them."""

    def __init__(self, asked: Questions, reading: Reading, dialect: Dialect, asking: list[int]) -> None:
        self.asked, self.reading, self.dialect, self.asking = asked, reading, dialect, asking
        self.table = reading.table
        self.columns: dict[int, str] = {}
        self.together = False  # whether the answers are in one column

    def answer(self) -> None:
        """Lays the records' part of each question on a list, then the answers; nothing else is kept after."""
        firsts = {index: self.asked.splits[index].atoms[0] for index in self.asking}
        on_lists = {
            index: atom for index, atom in firsts.items() if isinstance(atom, QUANTIFIERS) and self.in_question(atom)
        }
        if not self.dialect.nests:
            self.table, named = with_counts(self.table, on_lists, self.reading)
        else:
            sure = {index: self.reading.sure(self.asked.splits[index].facts) for index in on_lists}
            marks = {index: (found if sure[index] else marked)(atom, self.reading) for index, atom in on_lists.items()}
            named = {index: (f"records_{index}",) for index in on_lists}
            self.table = (
                self.table.mutate(*(own.name(named[index][0]) for index, own in marks.items())) if marks else self.table
            )
        self.reading = self.reading.over(self.table)
        answers = [
            _laid(answer(self.asked.splits[index], self.reading, self.marks(index, named.get(index)))).name(
                _answer(index)
            )
            for index in self.asking
        ]
        self.step(ROW, *answers)

    def in_question(self, atom: syntax.Exists | syntax.Count) -> bool:
        """Whether the list of a quantifier may be known of some row. Where it is of none, another fact may still bear on its body."""
        known, _ = self.reading.known(atom.over.path)
        return known is not False

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

    def go_up(self, tops: Iterable[Diagram], kept: Sequence[int]) -> None:
        """Lays the nodes of diagrams, those that stand on leaves first; what nothing above needs is dropped.

        A step costs the columns that it carries: where the engine has records, the answers go up in one.
        """
        steps = steps_of(tops)
        last_use = {id(top): len(steps) for top in tops}
        for at, step in enumerate(steps):
            last_use |= {own: max(at, last_use.get(own, 0)) for own in step.stands_on}
        if len(steps) > 1 and self.dialect.nests:
            self.step(
                ROW, ibis.struct({_answer(index): self.table[_answer(index)] for index in self.asking}).name(GIVEN)
            )
            self.together = True
        for at, step in enumerate(steps):
            still = {*kept, *(index for later in steps[at + 1 :] for index in later.asks)}
            answers = [GIVEN] if self.together else [_answer(index) for index in sorted(still)]
            standing = [name for own, name in self.columns.items() if last_use.get(own, -1) > at]
            made = {id(node): self.node(node).name(f"node_{at}_{place}") for place, node in enumerate(step.nodes)}
            self.step(ROW, *answers, *standing, *made.values())
            self.columns = {own: name for own, name in self.columns.items() if name in standing}
            self.columns |= {own: column.get_name() for own, column in made.items()}

    def answered(self, index: int) -> Expression:
        """The answer to a question, on the step that is the last."""
        name = _answer(index)
        return self.table[GIVEN][name].name(name) if self.together else self.table[name]

    def of(self, diagram: Diagram) -> Expression:
        """What a part of a diagram says of a row: by its column where it has one."""
        if isinstance(diagram, int):
            return ibis.literal(diagram, type=SMALL)
        return self.table[self.columns[id(diagram)]] if id(diagram) in self.columns else self.node(diagram)

    def node(self, node: Node) -> Expression:
        """What is left open at a node: what follows the row's answer, or whatever may; a branch without a column is written once."""
        own = self.answered(node.split)
        places: dict[Diagram, list[int]] = {}
        for place, branch in enumerate(node.branches):
            places.setdefault(branch, []).append(place)
        below = [(at, self.of(branch)) for branch, at in places.items()]
        if self.reading.sure(self.asked.splits[node.split].facts):
            return _laid(chosen([(own.isin(at), branch) for at, branch in below[:-1]], below[-1][1]))
        if all(isinstance(branch, int) or id(branch) in self.columns for branch in places):
            branches = [(own.isin(at), branch) for at, branch in below]
            return _laid(chosen(branches, reduce(lambda one, other: one | other, [branch for _, branch in below])))
        nothing = ibis.literal(0, type=SMALL)
        others = [[place for place in range(len(node.branches)) if place not in at] for at, _ in below]
        parts = [
            ibis.cases((_none_of(own, wrong), branch), else_=nothing)
            for wrong, (_, branch) in zip(others, below, strict=True)
        ]
        return _laid(reduce(lambda one, other: one | other, parts))


def _laid(value: Expression | int) -> Expression:
    """A small number, whether it is worked out or known beforehand."""
    return ibis.literal(value, type=SMALL) if isinstance(value, int) else value.cast(SMALL)


def _none_of(value: Expression, places: Sequence[int]) -> Expression:
    return value != places[0] if len(places) == 1 else value.notin(places)


def _answer(index: int) -> str:
    return f"answer_{index}"


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
