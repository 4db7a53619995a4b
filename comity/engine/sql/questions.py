"""Translates each question of a stack into an SQL expression: the index of its answer, or UNKNOWN; never NULL."""

from __future__ import annotations

from typing import Any, TypeAlias

import ibis
from msgspec import Struct

from comity.engine.questions.answers import UNKNOWN, answerer
from comity.engine.questions.splits import QUANTIFIERS, Atom, Split, facts_of, values_that_matter
from comity.engine.sql.conditions import Conditions
from comity.engine.sql.fact_columns import FactColumns
from comity.engine.sql.rails import Expression, Rail, all_of, case_when, integer, negated
from comity.facts import kinds
from comity.language import syntax
from comity.language.evaluate import Known, truth
from comity.law.life import is_force

SO, NOT_SO = 0, 1  # the indices of the answers of a question that is true or false
SURELY, PERHAPS, NO = 2, 1, 0  # the mark of a record: whether it satisfies the body of a quantifier


def settled(split: Split, reading: FactColumns) -> int | None:
    """The answer that every row has, if the question reads no column; else None."""
    if any(path in reading.columns for path in split.facts):
        return None
    return answerer(split, reading.vocabulary)(reading.fills)


def answer(split: Split, reading: FactColumns, marks: Marks | None = None) -> Expression:
    """The answer to a question.

    A question about a list needs `marks`, which say which records satisfy its body.
    """
    atom = split.atoms[0]
    if isinstance(atom, QUANTIFIERS):
        return _of_list(atom, reading, marks, reading.sure(split.facts))
    if isinstance(atom, syntax.Member):
        so, not_so = Conditions(reading).rails(atom)
        return (
            case_when([(so, SO)], NOT_SO)
            if reading.sure(split.facts)
            else case_when([(so, SO), (not_so, NOT_SO)], UNKNOWN)
        )
    if len(split.facts) == 1 and not any(_reads_twice(atom) for atom in split.atoms):
        return _of_fact(split, reading)
    return _of_sides(split, reading)


def _reads_twice(atom: Atom) -> bool:
    """Whether both operands read facts, so that the answer does not depend on one fact alone."""
    return isinstance(atom, syntax.Compare) and bool(facts_of(atom.left)) and bool(facts_of(atom.right))


def _of_fact(split: Split, reading: FactColumns) -> Expression:
    """A question about one fact: its values grouped by the answer that they give, ordered kinds as ranges."""
    path = split.facts[0]
    kind = kinds.Truth() if is_force(path) else reading.vocabulary.kind(path)
    value, known = reading.fact(path)
    values = [True, False] if is_force(path) else values_that_matter(split.atoms, path, reading.vocabulary)
    places = [_place_at(split, path, known_value, reading) for known_value in values]
    pairs: list[tuple[Rail, Any]] = [(negated(known), UNKNOWN)]
    if isinstance(kind, (kinds.Number, kinds.Day)):
        pairs += [(value < bound, place) for bound, place in zip(values[1:], places, strict=False)]
        return case_when(pairs, places[-1])
    last = places[-1]
    for place in dict.fromkeys(answer_place for answer_place in places if answer_place != last):
        pairs.append(
            (value.isin([known_value for known_value, at in zip(values, places, strict=True) if at == place]), place)
        )
    return case_when(pairs, last)


def _place_at(split: Split, path: str, value: Any, reading: FactColumns) -> int:
    known = Known({path: value}, reading.vocabulary)
    return split.answers.index(tuple(truth(atom, known) is True for atom in split.atoms))


def _of_sides(split: Split, reading: FactColumns) -> Expression:
    """A question whose operands both read facts: the answer that agrees with every atom."""
    conditions = Conditions(reading)
    rails = [conditions.rails(atom) for atom in split.atoms]
    fits = [
        all_of(rail.so if so else rail.not_so for rail, so in zip(rails, given, strict=True)) for given in split.answers
    ]
    return case_when([(fit, place) for place, fit in enumerate(fits)], UNKNOWN)


def mark(atom: syntax.Exists | syntax.Count, reading: FactColumns, record: Expression) -> Expression:
    """Whether a record satisfies the body of a quantifier: surely, perhaps, or not."""
    so, not_so = Conditions(reading, record).rails(atom.body)
    return integer(case_when([(so, SURELY), (not_so, NO)], PERHAPS))


def marked(atom: syntax.Exists | syntax.Count, reading: FactColumns) -> Expression:
    """The marks of all records of a list in its row; None if no row has a list."""
    records, known, _ = reading.records(atom.over.path)
    return None if known is False else records.map(lambda record: _mark_in_row(atom, reading, record))


def _mark_in_row(atom: syntax.Exists | syntax.Count, reading: FactColumns, record: Expression) -> Expression:
    """The mark of a record by one truth value, doubled: its NULL is the mark between."""
    so = Conditions(reading, record).truth(atom.body)
    return ibis.coalesce(integer(so) * integer(SURELY), integer(PERHAPS))


def found(atom: syntax.Exists | syntax.Count, reading: FactColumns) -> Expression:
    """The records of a list in its row that satisfy a body, if all fields are known."""
    records, _, _ = reading.records(atom.over.path)
    return records.filter(lambda record: Conditions(reading, record).rails(atom.body).so)


def _of_list(atom: syntax.Exists | syntax.Count, reading: FactColumns, marks: Marks | None, sure: bool) -> Expression:
    """True if enough records surely satisfy the body; false if too few possibly do and the list is known whole."""
    known, whole = reading.known(atom.over.path)
    if marks is None:
        return ibis.literal(UNKNOWN)
    number = atom.number.value if isinstance(atom, syntax.Count) and isinstance(atom.number, syntax.Integer) else 1
    if sure:
        return case_when([(marks.surely(number), SO)], NOT_SO)
    return case_when(
        [
            (negated(known), UNKNOWN),
            (marks.surely(number), SO),
            (negated(whole), UNKNOWN),
            (negated(marks.perhaps(number)), NOT_SO),
        ],
        UNKNOWN,
    )


class MarksInRow(Struct, frozen=True):
    """The marks of the records in a row, as one array."""

    marks: Expression

    def surely(self, number: int) -> Expression:
        """Whether at least `number` records surely satisfy the body."""
        if number == 1:
            return self.marks.contains(integer(SURELY))
        return self.marks.filter(lambda record_mark: record_mark == SURELY).length() >= number

    def perhaps(self, number: int) -> Expression:
        """Whether at least `number` may, in a row where fewer surely do."""
        if number == 1:
            return self.marks.contains(integer(PERHAPS))
        return self.marks.filter(lambda record_mark: record_mark >= PERHAPS).length() >= number


class MatchingRecords(Struct, frozen=True):
    """The records in a row that satisfy the body, where all fields are known."""

    records: Expression

    def surely(self, number: int) -> Expression:
        """Whether there are at least `number`."""
        return self.records.length() >= number

    perhaps = surely


class MarkCounts(Struct, frozen=True):
    """How many records of a child table surely satisfy the body, and how many may."""

    count: Expression
    at_most: Expression

    def surely(self, number: int) -> Expression:
        """Whether at least `number` records surely satisfy the body."""
        return self.count >= number

    def perhaps(self, number: int) -> Expression:
        """Whether at least `number` may."""
        return self.at_most >= number


Marks: TypeAlias = MarksInRow | MatchingRecords | MarkCounts
