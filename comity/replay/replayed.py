"""Stored requests under one law: every row decided by one SELECT, and the rows that are alike explained once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec
import pyarrow as pa
from msgspec import Struct

from comity.decide import many
from comity.decide.decision import OUTCOMES, Ground
from comity.decide.explain import Explainer, shown
from comity.facts.columns import ROW
from comity.facts.kinds import Value
from comity.intake.cells import Refused
from comity.intake.form import instrument_of, out_of_time
from comity.intake.table import DECIDED, FORM, RECEIVED, Stored
from comity.law.in_force import Stack
from comity.law.library import Library
from comity.replay.alike import Alike, alike_of, class_keys

SEPARATOR = "; "


class Tally(Struct, frozen=True):
    """How many requests one action came out how, on which provisions, and on which facts the open ones turn."""

    outcomes: dict[str, int]
    possible: dict[str, int]
    determining: dict[str, int]
    turns_on: dict[str, int]


class Replayed(Struct, frozen=True):
    """Stored requests under one law. `rows` is what the source has: those in `table` and those `refused`.

    `findings` counts by code what was refused or taken for Unknown, with the first of each in `examples`. `table` has
    one row a request: its number in the source, the place and the day of the law's question, and for each action the
    outcome, the outcomes still possible, the determining provisions and the missing facts.
    """

    source: str
    law: str
    law_version: str
    rows: int
    table: pa.Table
    refused: tuple[Refused, ...]
    findings: dict[str, int]
    examples: dict[str, str]
    assumed: dict[str, str]
    of_place: dict[str, str]
    read: tuple[str, ...]
    actions: dict[str, Tally]
    grounds: dict[str, Ground]

    def to_dict(self) -> dict[str, Any]:
        """The counts as plain JSON values; the rows themselves are in `table`."""
        outcomes = {action: own.outcomes for action, own in self.actions.items()}
        return {
            "source": self.source,
            "rows": self.rows,
            "decided": self.table.num_rows,
            "refused": [msgspec.to_builtins(own) for own in self.refused],
            "findings": self.findings,
            "examples": self.examples,
            "assumed": self.assumed,
            "facts_of_place": self.of_place,
            "facts_read": self.read,
            "outcomes": outcomes,
            "possible": {action: own.possible for action, own in self.actions.items()},
            "determining": {action: own.determining for action, own in self.actions.items()},
            "turns_on": {action: own.turns_on for action, own in self.actions.items()},
            "by_law": [{"law": self.law, "law_version": self.law_version, "rows": self.table.num_rows, "outcomes": outcomes}],
        }

    def _repr_html_(self) -> str:
        from comity.page import as_html  # noqa: PLC0415  for a notebook only
        from comity.replay.words import page_of  # noqa: PLC0415  the page is made of this

        return as_html(page_of(self))


def replay(stored: Stored, stack: Stack, library: Library, assumed: Mapping[str, Value]) -> Replayed:
    """The requests of a table under one stack; `assumed` fills what a row is silent about, before the facts of the place."""
    fills = {**stack.facts, **assumed}
    explainer = Explainer(msgspec.structs.replace(stack, facts=fills))
    query = many.query_of(explainer.asked, stored.paths, fills=fills, diagrams=explainer.diagrams)
    decided = many.decide(query, stored.facts)
    keys = class_keys(decided, query, stored.facts, explainer.asked)
    classes = alike_of(keys, decided, query, stored, explainer, fills)
    tallies = {action: _tally(action, classes) for action in query.actions}
    named = {name for own in tallies.values() for name in own.determining}
    findings, examples = _findings(stored, library)
    return Replayed(
        stored.cells.source,
        f"{stack.place}@{stack.day}",
        stack.version,
        stored.cells.read,
        _rows(stored, stack, keys, classes, query.actions),
        stored.cells.refused,
        findings,
        examples,
        {fact: shown(value) for fact, value in assumed.items()},
        {fact: f"{shown(value)} ({stack.fact_sources[fact].source})" for fact, value in stack.facts.items() if fact not in assumed},
        stored.paths,
        tallies,
        explainer.grounds(named),
    )


def _tally(action: str, classes: list[Alike]) -> Tally:
    outcomes, possible, determining, turns_on = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for own in classes:
        answer = own.answers[action]
        outcomes[answer.outcome] += own.count
        possible[" or ".join(answer.possible)] += own.count
        for name in answer.determining:
            determining[name] += own.count
        for fact in answer.missing:
            turns_on[fact] += own.count
    ordered: dict[str, int] = {outcome: outcomes[outcome] for outcome in OUTCOMES if outcomes[outcome]}
    return Tally(ordered, dict(possible.most_common()), dict(determining.most_common()), dict(turns_on.most_common()))


def _findings(stored: Stored, library: Library) -> tuple[dict[str, int], dict[str, str]]:
    """What was refused or not understood, and the forms that were not in use on their day, by code."""
    counts, examples = Counter(stored.findings), dict(stored.examples)
    for own in stored.cells.refused:
        counts[own.code] += 1
        examples.setdefault(own.code, f"row {own.row}: {own.message}")
    if FORM in stored.paths:
        pairs = stored.facts.group_by([FORM, RECEIVED]).aggregate([(ROW, "count")]).to_pylist()
        for pair in pairs:
            message = out_of_time(library.instruments.get(instrument_of(str(pair[FORM]))), pair[RECEIVED])
            if message:
                counts["form-out-of-time"] += pair[f"{ROW}_count"]
                examples.setdefault("form-out-of-time", message)
    return dict(counts.most_common()), examples


def _rows(stored: Stored, stack: Stack, keys: pa.DictionaryArray, classes: list[Alike], actions: tuple[str, ...]) -> pa.Table:
    """One row a request, in the order of the source."""
    count = stored.facts.num_rows
    columns: dict[str, pa.Array] = {
        ROW: stored.facts.column(ROW),
        "place": pa.array([stack.place], pa.string()).take(pa.nulls(count, pa.int32()).fill_null(0)),
        "day": stored.facts.column(DECIDED),
    }
    for action in actions:
        answers = [own.answers[action] for own in classes]
        for name, texts in (
            (action, [own.outcome for own in answers]),
            (f"{action}_possible", [SEPARATOR.join(own.possible) for own in answers]),
            (f"{action}_determining", [SEPARATOR.join(own.determining) for own in answers]),
            (f"{action}_missing", [SEPARATOR.join(own.missing) for own in answers]),
        ):
            columns[name] = pa.array(texts, pa.string()).take(keys.indices)
    return pa.table(columns)
