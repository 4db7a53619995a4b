"""The result of a comparison: the counts from which all views of it are computed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from comity.records.pieces import ANSWER, COUNT
from comity.records.table_result import TableResult

VERDICTS = ("same", "different", "open")


class Comparison(TableResult, frozen=True, kw_only=True):
    """Stored requests under two laws.

    `counts` says how many rows share an answer (its position in `answers`) and the columns of `grouped_by`, or the class of
    facility where the counts are not grouped. `local_law` says of each law's place whether any law of its own is encoded.
    """

    laws: tuple[str, str]
    counts: pa.Table
    answers: tuple[Mapping[str, Any], ...]
    actions: tuple[str, ...]
    cited: dict[str, str]
    local_law: tuple[str, str] = ("", "")

    def verdicts(self, action: str, counted: Iterable[Mapping[str, Any]] | None = None) -> dict[str, int]:
        """How many requests have certainly the same outcome, certainly different ones, or either."""
        counts = Counter[str]()
        for count in self.counts.to_pylist() if counted is None else counted:
            counts[self.answers[count[ANSWER]][action].verdict] += count[COUNT]
        return {verdict: counts[verdict] for verdict in VERDICTS if counts[verdict]}

    def changes(self, action: str) -> dict[str, int]:
        """How many requests have each pair of possible outcomes, under the first law and the second."""
        counts = Counter[str]()
        for count in self.counts.to_pylist():
            counts[" or ".join(f"{a} to {b}" for a, b in self.answers[count[ANSWER]][action].pairs)] += count[COUNT]
        return dict(counts.most_common())

    def turns_on(self, action: str) -> dict[str, int]:
        """The facts that decide whether the two laws agree, and for how many requests each does."""
        counts = Counter[str]()
        for count in self.counts.to_pylist():
            counts.update(dict.fromkeys(self.answers[count[ANSWER]][action].turns_on, count[COUNT]))
        return dict(counts.most_common())

    def why(self, action: str) -> dict[tuple[tuple[str, ...], tuple[str, ...]], int]:
        """The provisions on which outcomes rest where the laws differ or may, under the first law and the second."""
        counts = Counter[tuple[tuple[str, ...], tuple[str, ...]]]()
        for count in self.counts.to_pylist():
            answer = self.answers[count[ANSWER]][action]
            if answer.verdict != "same":
                counts[answer.first, answer.second] += count[COUNT]
        return dict(counts.most_common())

    def to_dict(self) -> dict[str, Any]:
        """The counts as plain JSON values; the rows themselves are in `table`."""
        return {
            "source": self.source,
            "laws": list(self.laws),
            "law_version": self.law_version,
            "rows": self.rows,
            "compared": sum(count[COUNT] for count in self.counts.to_pylist()),
            **self.account(),
            "local_law": list(self.local_law),
            "verdicts": {action: self.verdicts(action) for action in self.actions},
            "changes": {action: self.changes(action) for action in self.actions},
            "turns_on": {action: self.turns_on(action) for action in self.actions},
            "groups": [self.of_group(key, counted) for key, counted in self.groups()],
        }

    def of_group(self, key: tuple[Any, ...], counted: list[dict[str, Any]]) -> dict[str, Any]:
        """One group: its name, and its verdicts by action."""
        verdicts = {action: self.verdicts(action, counted) for action in self.actions}
        return {**dict(zip(self.grouped_by, key, strict=True)), "verdicts": verdicts}

    def groups(self) -> list[tuple[tuple[Any, ...], list[dict[str, Any]]]]:
        """The counts by the columns of `grouped_by`, in order; none where there are no such columns."""
        groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for count in self.counts.to_pylist() if self.grouped_by else []:
            groups.setdefault(tuple(count[name] for name in self.grouped_by), []).append(count)
        return sorted(groups.items(), key=lambda pair: [(part is None, str(part)) for part in pair[0]])
