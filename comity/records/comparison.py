"""What came of a comparison: the counts that all views of it are made from, and the page that people read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import pyarrow as pa
from msgspec import Struct

from comity.intake.cells import Refused
from comity.present.result import Presentable
from comity.records.pieces import ANSWER, COUNT

VERDICTS = ("same", "different", "open")


class Comparison(Presentable, Struct, frozen=True):
    """Stored requests under two laws. `counts` holds how many rows share an answer (its place in `answers`, by action) and what
    was asked for, a class of facility where nothing was; `table` has one row a request where it was kept.
    """

    source: str
    laws: tuple[str, str]
    law_version: str
    rows: int
    counts: pa.Table
    answers: tuple[Mapping[str, Any], ...]
    actions: tuple[str, ...]
    table: pa.Table | None
    refused: tuple[Refused, ...]
    findings: dict[str, int]
    examples: dict[str, str]
    assumed: dict[str, str]
    of_place: dict[str, str]
    read: tuple[str, ...]
    cited: dict[str, str]
    grouped_by: tuple[str, ...] = ()

    def verdicts(self, action: str, counted: Iterable[Mapping[str, Any]] | None = None) -> dict[str, int]:
        """How many requests surely come out the same, surely differently, or as facts turn out that are not known."""
        counts = Counter[str]()
        for own in self.counts.to_pylist() if counted is None else counted:
            counts[self.answers[own[ANSWER]][action].verdict] += own[COUNT]
        return {verdict: counts[verdict] for verdict in VERDICTS if counts[verdict]}

    def changes(self, action: str) -> dict[str, int]:
        """How many requests have which pairs of outcomes open, under the first law and the second."""
        counts = Counter[str]()
        for own in self.counts.to_pylist():
            counts[" or ".join(f"{a} to {b}" for a, b in self.answers[own[ANSWER]][action].pairs)] += own[COUNT]
        return dict(counts.most_common())

    def turns_on(self, action: str) -> dict[str, int]:
        """On which facts it turns for how many requests whether the two laws agree."""
        counts = Counter[str]()
        for own in self.counts.to_pylist():
            counts.update(dict.fromkeys(self.answers[own[ANSWER]][action].turns_on, own[COUNT]))
        return dict(counts.most_common())

    def why(self, action: str) -> dict[tuple[tuple[str, ...], tuple[str, ...]], int]:
        """On which provisions the outcomes rest where the laws differ or may, under the first law and the second."""
        counts = Counter[tuple[tuple[str, ...], tuple[str, ...]]]()
        for own in self.counts.to_pylist():
            answer = self.answers[own[ANSWER]][action]
            if answer.verdict != "same":
                counts[answer.first, answer.second] += own[COUNT]
        return dict(counts.most_common())

    def to_dict(self) -> dict[str, Any]:
        """The counts as plain JSON values; the rows themselves are in `table`."""
        return {
            "source": self.source,
            "laws": list(self.laws),
            "law_version": self.law_version,
            "rows": self.rows,
            "compared": sum(own[COUNT] for own in self.counts.to_pylist()),
            "refused": [msgspec.to_builtins(own) for own in self.refused],
            "findings": self.findings,
            "examples": self.examples,
            "assumed": self.assumed,
            "facts_of_place": self.of_place,
            "facts_read": self.read,
            "verdicts": {action: self.verdicts(action) for action in self.actions},
            "changes": {action: self.changes(action) for action in self.actions},
            "turns_on": {action: self.turns_on(action) for action in self.actions},
            "groups": [self.of_group(key, own) for key, own in self.groups()],
        }

    def of_group(self, key: tuple[Any, ...], counted: list[dict[str, Any]]) -> dict[str, Any]:
        """One group: its name, and the verdicts in it by action."""
        verdicts = {action: self.verdicts(action, counted) for action in self.actions}
        return {**dict(zip(self.grouped_by, key, strict=True)), "verdicts": verdicts}

    def groups(self) -> list[tuple[tuple[Any, ...], list[dict[str, Any]]]]:
        """The counts by what was asked for, in order; none where nothing was."""
        made: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for own in self.counts.to_pylist() if self.grouped_by else []:
            made.setdefault(tuple(own[name] for name in self.grouped_by), []).append(own)
        return sorted(made.items(), key=lambda pair: [(part is None, str(part)) for part in pair[0]])
