"""The answer of every row of a table to each question of a stack, and the rows that have the same answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from comity.engine.columns.arrays import FactArrays
from comity.engine.columns.conditions import Conditions
from comity.engine.questions.answers import UNKNOWN, answerer
from comity.engine.questions.questions import Questions
from comity.engine.questions.splits import QUANTIFIERS, Split, is_day_against_itself
from comity.facts.kinds import Value
from comity.facts.row_codes import Numbers, RowCodes
from comity.language import syntax

Answers: TypeAlias = np.ndarray[Any, np.dtype[np.int32]]
SO, NOT_SO = 0, 1  # the answers of a question that is true or false


class Alike(Struct, frozen=True):
    """Rows with the same answers: for each distinct combination its answers to all questions, and its first row; for each row
    the number of its combination.
    """

    combinations: list[tuple[int, ...]]
    first: Numbers
    of_row: Numbers


def find_alike(
    asked: Questions, facts: pa.Table, fills: Mapping[str, Value], apart: Iterable[pa.BooleanArray] = ()
) -> Alike:
    """The distinct combinations of answers in a table; rows also differ where one of the columns `apart` does."""
    arrays = FactArrays(facts, asked.stack.vocabulary, fills)
    columns: list[Answers | int] = [_answer(split, arrays) for split in asked.splits]
    codes = RowCodes(arrays.rows)
    for column in columns:
        if not isinstance(column, int):
            codes.add(column, least=UNKNOWN)
    for so in apart:
        codes.add(so.to_numpy(zero_copy_only=False).astype(np.int32))
    first, of_row = codes.distinct()
    found = np.array(
        [np.full(len(first), column) if isinstance(column, int) else column[first] for column in columns], np.int32
    ).reshape(len(columns), len(first))
    return Alike([tuple(answers) for answers in found.T.tolist()], first, of_row)


def _answer(split: Split, facts: FactArrays) -> Answers | int:
    """The answer of each row, or the one that all rows have because the question reads no column."""
    if not any(path in facts.names for path in split.facts):
        return answerer(split, facts.vocabulary)(facts.fills)
    atom = split.atoms[0]
    if isinstance(atom, QUANTIFIERS):
        return _of_list(atom, facts)
    if isinstance(atom, syntax.Member):
        return _of_truth(Conditions(facts).truth(atom))
    if len(split.facts) == 1 and not is_day_against_itself(atom):
        return _of_fact(split, facts)
    return _of_sides(split, facts)


def _of_truth(truth: pa.BooleanArray) -> Answers:
    answers: Answers = pc.if_else(truth, SO, NOT_SO).fill_null(UNKNOWN).to_numpy(zero_copy_only=False).astype(np.int32)
    return answers


def _of_fact(split: Split, facts: FactArrays) -> Answers:
    """A question about one fact: each distinct value is asked once."""
    path, answer = split.facts[0], answerer(split, facts.vocabulary)
    encoded = facts.fact(path).dictionary_encode()
    answers = [*(answer({path: value}) for value in encoded.dictionary.to_pylist()), UNKNOWN]
    of_row: Answers = np.array(answers, np.int32)[encoded.indices.fill_null(len(answers) - 1).to_numpy()]
    return of_row


def _of_sides(split: Split, facts: FactArrays) -> Answers:
    """A comparison of two sides of several facts: the answer with which every atom agrees."""
    conditions = Conditions(facts)
    truths = [conditions.truth(atom) for atom in split.atoms]
    found = np.full(facts.rows, UNKNOWN, np.int32)
    for place, given in enumerate(split.answers):
        agrees = np.ones(facts.rows, bool)
        for truth, so in zip(truths, given, strict=True):
            agrees &= pc.equal(truth, so).fill_null(False).to_numpy(zero_copy_only=False)
        found[agrees] = place
    return found


def _of_list(atom: syntax.Exists | syntax.Count, facts: FactArrays) -> Answers:
    """True if enough records surely satisfy the body; false if too few may and the list is known whole."""
    records = facts.records(atom.over.path)
    truth = Conditions(facts, records).truth(atom.body)
    if isinstance(truth, pa.Scalar):
        truth = pa.repeat(truth, len(records.row_of))
    number = atom.number.value if isinstance(atom, syntax.Count) and isinstance(atom.number, syntax.Integer) else 1
    surely = _counted(truth.fill_null(False), records.row_of, facts.rows)
    perhaps = _counted(truth.is_null(), records.row_of, facts.rows)
    answers = np.where(records.whole & (surely + perhaps < number), NOT_SO, UNKNOWN)
    return np.where(surely >= number, SO, answers).astype(np.int32)


def _counted(chosen: pa.BooleanArray, row_of: Numbers, rows: int) -> Numbers:
    """How many records of each row are chosen."""
    return np.bincount(row_of[chosen.to_numpy(zero_copy_only=False)], minlength=rows)
