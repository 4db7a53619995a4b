"""Rows with the same answers to every question of the law: each such class is explained once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from comity.decision import grounds
from comity.decision.explain import Explainer, given_by
from comity.decision.missing import missing_facts
from comity.decision.reasoner import Truths
from comity.engine.outcome import Outcome, outcome_of
from comity.engine.questions.questions import Questions
from comity.engine.sql.select import Query, outcomes_of
from comity.facts.kinds import KnownList, Value


class Answer(Struct, frozen=True, kw_only=True):
    """The answer for one action: the outcome, those possible, what determines it, and the facts that it depends on."""

    outcome: Outcome
    possible: tuple[Outcome, ...]
    determining: tuple[str, ...]
    missing: tuple[str, ...]


def class_keys(decided: pa.Table, *, query: Query, facts: pa.Table, asked: Questions) -> pa.DictionaryArray:
    """For each row a key that is equal within a class: the answers, and which of the facts compared are known."""
    paths = {
        path
        for index in query.answers.values()
        for path in asked.splits[index].facts
        if len(asked.splits[index].facts) > 1
    }
    known = [
        pc.cast(pc.is_valid(facts.column(path)), pa.string()) for path in sorted(paths) if path in facts.schema.names
    ]
    answers = [pc.cast(decided.column(name), pa.string()) for name in (*query.answers, *query.actions)]
    keys: pa.ChunkedArray = pc.binary_join_element_wise(*answers, *known, ",")
    return keys.combine_chunks().dictionary_encode() if isinstance(keys, pa.ChunkedArray) else keys.dictionary_encode()


def answers_of(
    query: Query, *, row: Mapping[str, int], values: Mapping[str, Value], explainer: Explainer
) -> dict[str, Answer]:
    """The answers of a class of rows, by action; `row` and `values` are those of one row of the class."""
    asked = explainer.asked
    answered = {**query.constant, **{index: row[name] for name, index in query.answers.items()}}
    truths = given_by(asked, answered, answered.values())
    answers = {}
    for action in query.actions:
        possible = outcomes_of(row[action])
        determining = grounds.determining(explainer.reasoner, action, truths, possible)
        missing = _missing(action, possible, values=values, truths=truths, explainer=explainer)
        answers[action] = Answer(
            outcome=outcome_of(possible), possible=possible, determining=determining, missing=missing
        )
    return answers


def _missing(
    action: str,
    possible: Sequence[Outcome],
    *,
    values: Mapping[str, Value],
    truths: Truths,
    explainer: Explainer,
) -> tuple[str, ...]:
    """The facts that an outcome depends on, most decisive first; lists as a whole, since rows of a class differ in records."""
    if len(possible) == 1:
        return ()
    asked = explainer.asked
    turns_on = [asked.splits[index] for index in sorted(explainer.diagrams.turns_on(action, truths))]
    whole = {
        path: KnownList((), value.whole) if isinstance(value, KnownList) else value for path, value in values.items()
    }
    ranked = [missing.fact for missing in missing_facts(explainer.reasoner, action, whole, truths)]
    lists = {path for split in turns_on for path in split.facts if isinstance(values.get(path), KnownList)}
    return (*ranked, *sorted(lists - {*ranked}))
