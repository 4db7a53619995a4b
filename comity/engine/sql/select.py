"""Decides a table of requests by one SELECT: the possible outcomes of each row and action, as the reference engine finds them.

The SELECT is a chain of projections, each over the one before: the marks of the records of lists, the answer to each
question, then the nodes of the actions' decision diagrams, from the leaves up. At a node, a row takes the outcomes of the
branch of its answer, or the union over all branches if its answer is unknown. Every node is computed once for a row, so the
cost of unknown answers does not grow with the number of paths through a diagram.
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
from comity.engine.questions.diagram import ALL, BIT, OUTCOMES_OF_BITS, Diagrams
from comity.engine.questions.making import Diagram, Node, splits_in
from comity.engine.questions.questions import Questions
from comity.engine.questions.splits import QUANTIFIERS
from comity.engine.sql import dialects
from comity.engine.sql.children import with_counts
from comity.engine.sql.dialects import DUCKDB, NO_LIMIT, Dialect
from comity.engine.sql.fact_columns import FactColumns
from comity.engine.sql.questions import MarkCounts, Marks, MarksInRow, MatchingRecords, answer, found, marked, settled
from comity.engine.sql.rails import SMALL, Expression, case_when, integer
from comity.engine.sql.steps import few_paths, steps_of
from comity.facts.children import parent_schema
from comity.facts.columns import COMPLETE, ROW, column_types, schema_of
from comity.facts.kinds import Value
from comity.language import syntax
from comity.language.kinding import fields_of
from comity.law.instrument import ACTIONS

FACTS = "facts"
WIDE = "int64"  # for the outcomes of several actions side by side; those of one fit into SMALL
JOINT = "together"
GIVEN = "given"
CALLS_DEEP = 20_000  # the expression library recurses through the steps
ACTIONS_MAX = 63 // len(BIT)  # whose outcomes fit into one 64-bit number


class Query(Struct, frozen=True, dict=True):
    """One SELECT over the table `facts`.

    Its rows have the number of the request, the possible outcomes of each action as bits (`outcomes_of`), and the answers to
    questions; `answers` maps the names of these columns to the indices of the questions.
    """

    expression: Expression
    actions: tuple[str, ...]
    answers: Mapping[str, int]
    constant: Mapping[int, int]  # the questions that no column can change, with the answer of every row
    dialect: Dialect = DUCKDB

    def sql(self) -> str:
        """The text of the SELECT for its engine.

        Written once, since writing it takes longer than deciding a few rows.
        """
        return self._written

    @cached_property
    def _written(self) -> str:
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, CALLS_DEEP))
        try:
            return dialects.sql_of(self.expression, self.dialect)
        finally:
            sys.setrecursionlimit(limit)


def build_query(
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
    """The SELECT that decides a table with these columns of facts under one stack.

    `fills` are facts used where a row is silent; by default those that are true of the place. In a dialect without records in
    a row, each list is in a child table (`facts.children`). With `complete`, the table has a boolean column of that name that
    marks the rows without missing facts; these are decided by a part of the query that tests for none. With `outcomes_only`
    the answers to questions are left out, and a complete row is asked only the questions that its outcomes depend on.
    """
    vocabulary = asked.stack.vocabulary
    schema = column_types((schema_of if dialect.nests else parent_schema)(columns, vocabulary))
    table = ibis.table({**schema, COMPLETE: "boolean"} if complete else schema, name=FACTS)
    reading = FactColumns(table, vocabulary, frozenset(columns), asked.stack.facts if fills is None else fills)
    constant = {
        index: fixed for index, split in enumerate(asked.splits) if (fixed := settled(split, reading)) is not None
    }
    drawn = diagrams or Diagrams(asked)
    known = {index: None if fixed == UNKNOWN else fixed for index, fixed in constant.items()}
    tops = {action: drawn.settled(action, known) for action in actions}
    asking = [index for index in range(len(asked.splits)) if index not in constant]
    answers = {} if outcomes_only else {_answer(index): index for index in asking}

    def selected(reading: FactColumns) -> Expression:
        side_by_side = outcomes_only and dialect.nests and len(actions) <= ACTIONS_MAX
        if side_by_side and all(map(few_paths, tops.values())):
            joint = drawn.settled_together(actions, known)
            if few_paths(joint):
                if all(reading.sure(asked.splits[split].facts) for split in splits_in(joint)):
                    return _apart(_at_once(asked, reading, joint), actions)
                steps = _Steps(asked, reading, dialect, asking, WIDE)
                steps.answer()
                steps.add_diagrams([joint], [])
                return _apart(steps.table.select(ROW, steps.of(joint).name(JOINT)), actions)
        steps = _Steps(asked, reading, dialect, asking)
        steps.answer()
        steps.add_diagrams(tops.values(), [*answers.values()])
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
    """The columns that a stack's questions read, each with the fields of its records."""
    read: dict[str, set[str]] = {path: set() for split in asked.splits for path in split.facts if path in columns}
    for split in asked.splits:
        for atom in split.atoms:
            if isinstance(atom, QUANTIFIERS) and atom.over.path in read:
                read[atom.over.path] |= fields_of(atom.body)
    return {path: frozenset(fields) for path, fields in read.items()}


def _at_once(asked: Questions, reading: FactColumns, joint: Diagram) -> Expression:
    """The outcomes of complete rows, side by side, by one nested CASE: each question is asked only of the rows that reach it."""

    def asked_of(part: Diagram) -> Expression:
        if isinstance(part, int):
            return ibis.literal(part, type=WIDE)
        split = asked.splits[part.split]
        atom = split.atoms[0]
        value = answer(split, reading, MatchingRecords(found(atom, reading)) if isinstance(atom, QUANTIFIERS) else None)
        branches = [(value == place, asked_of(below)) for place, below in enumerate(part.branches)]
        return case_when(branches[:-1], branches[-1][1])

    return reading.table.select(ROW, asked_of(joint).name(JOINT))


def _apart(joint: Expression, actions: Sequence[str]) -> Expression:
    """The outcomes of each action from those of all side by side in one number."""
    bits = [((joint[JOINT] >> place * len(BIT)) & ALL).cast(SMALL).name(action) for place, action in enumerate(actions)]
    return joint.select(ROW, *bits)


class _Steps:
    """Adds projections to a query, one over another; `table` is the last one, and `size` the type of the outcomes."""

    def __init__(
        self, asked: Questions, reading: FactColumns, dialect: Dialect, asking: list[int], size: str = SMALL
    ) -> None:
        self.asked, self.reading, self.dialect, self.asking, self.size = asked, reading, dialect, asking, size
        self.table = reading.table
        self.columns: dict[int, str] = {}
        self.together = False  # whether the answers are in one column of records

    def answer(self) -> None:
        """Adds the marks of the records for each question about a list, then the answers.

        Only the answers remain.
        """
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
                self.table.mutate(*(mark.name(named[index][0]) for index, mark in marks.items()))
                if marks
                else self.table
            )
        self.reading = self.reading.over(self.table)
        answers = [
            integer(answer(self.asked.splits[index], self.reading, self.marks(index, named.get(index)))).name(
                _answer(index)
            )
            for index in self.asking
        ]
        self.step(ROW, *answers)

    def in_question(self, atom: syntax.Exists | syntax.Count) -> bool:
        """Whether some row may have the list of a quantifier.

        Its body may read other facts even if none has.
        """
        known, _ = self.reading.known(atom.over.path)
        return known is not False

    def step(self, *columns: Expression) -> None:
        """Adds a projection over the last one."""
        self.table = self.table.select(*columns)
        if self.dialect.merges:
            self.table = self.table.limit(NO_LIMIT)

    def marks(self, index: int, columns: Sequence[str] | None) -> Marks | None:
        """The marks for a question about a list, from their columns."""
        mark_columns = [self.table[name] for name in columns or ()]
        if not mark_columns or not self.dialect.nests:
            return MarkCounts(*mark_columns) if mark_columns else None
        return (
            MatchingRecords(*mark_columns)
            if self.reading.sure(self.asked.splits[index].facts)
            else MarksInRow(*mark_columns)
        )

    def add_diagrams(self, tops: Iterable[Diagram], needed: Sequence[int]) -> None:
        """Adds the nodes of diagrams from the leaves up.

        A column that no later step needs is dropped. A step costs the columns that it carries. Where the engine has
        records, the answers are carried as one column.
        """
        steps = steps_of(tops)
        last_use = {id(top): len(steps) for top in tops}
        for at, step in enumerate(steps):
            last_use |= {identity: max(at, last_use.get(identity, 0)) for identity in step.stands_on}
        if len(steps) > 1 and self.dialect.nests:
            self.step(
                ROW, ibis.struct({_answer(index): self.table[_answer(index)] for index in self.asking}).name(GIVEN)
            )
            self.together = True
        for at, step in enumerate(steps):
            still = {*needed, *(index for later in steps[at + 1 :] for index in later.asks)}
            answers = [GIVEN] if self.together else [_answer(index) for index in sorted(still)]
            still_used = [name for identity, name in self.columns.items() if last_use.get(identity, -1) > at]
            laid = {id(node): self.node(node).name(f"node_{at}_{place}") for place, node in enumerate(step.nodes)}
            self.step(ROW, *answers, *still_used, *laid.values())
            self.columns = {identity: name for identity, name in self.columns.items() if name in still_used}
            self.columns |= {identity: column.get_name() for identity, column in laid.items()}

    def answered(self, index: int) -> Expression:
        """The answer to a question, in the last step."""
        name = _answer(index)
        return self.table[GIVEN][name].name(name) if self.together else self.table[name]

    def of(self, diagram: Diagram) -> Expression:
        """The possible outcomes below a part of a diagram: its column, or an expression."""
        if isinstance(diagram, int):
            return ibis.literal(diagram, type=self.size)
        return self.table[self.columns[id(diagram)]] if id(diagram) in self.columns else self.node(diagram)

    def node(self, node: Node) -> Expression:
        """The possible outcomes at a node: of the row's branch, or of all if unknown.

        A branch that has no column is written into the expression once.
        """
        value = self.answered(node.split)
        places: dict[Diagram, list[int]] = {}
        for place, branch in enumerate(node.branches):
            places.setdefault(branch, []).append(place)
        below = [(at, self.of(branch)) for branch, at in places.items()]
        if self.reading.sure(self.asked.splits[node.split].facts):
            return self.sized(case_when([(value.isin(at), branch) for at, branch in below[:-1]], below[-1][1]))
        if all(isinstance(branch, int) or id(branch) in self.columns for branch in places):
            branches = [(value.isin(at), branch) for at, branch in below]
            return self.sized(
                case_when(branches, reduce(lambda first, second: first | second, [branch for _, branch in below]))
            )
        nothing = ibis.literal(0, type=self.size)
        others = [[place for place in range(len(node.branches)) if place not in at] for at, _ in below]
        parts = [
            ibis.cases((_none_of(value, wrong), branch), else_=nothing)
            for wrong, (_, branch) in zip(others, below, strict=True)
        ]
        return self.sized(reduce(lambda first, second: first | second, parts))

    def sized(self, value: Expression | int) -> Expression:
        """Outcomes in the type of their column."""
        return integer(value, self.size)


def _none_of(value: Expression, places: Sequence[int]) -> Expression:
    return value != places[0] if len(places) == 1 else value.notin(places)


def _answer(index: int) -> str:
    return f"answer_{index}"


def outcomes_of(bits: int) -> tuple[Outcome, ...]:
    """The possible outcomes that the bits in a row of the answer stand for."""
    return OUTCOMES_OF_BITS[bits]


def decide_table(query: Query, table: pa.Table, database: duckdb.DuckDBPyConnection | None = None) -> pa.Table:
    """Runs a query over the facts of many requests; its rows are ordered by number.

    It runs in the embedded engine, in the database given or else in a new one in memory.
    """
    if database is None:
        with dialects.open_duckdb() as opened:
            return decide_table(query, table, opened)
    database.register(FACTS, table)
    decided: pa.Table = database.sql(query.sql()).to_arrow_table().sort_by(ROW)
    database.unregister(FACTS)
    return decided
