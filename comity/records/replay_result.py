"""Stored requests under law: what each comes out as, and the counts that all views of a replay are made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa
from msgspec import Struct

from comity.decision.decision import Ground
from comity.engine.outcome import OUTCOMES
from comity.intake.cells import Refused
from comity.present.result import Presentable
from comity.records.alike import Answer
from comity.records.pieces import ANSWER, CLASS, COUNT, LAW, LIFTED

SEPARATOR = "; "


class Tally(Struct, frozen=True):
    """How many requests one action came out how, on which provisions, and on which facts the open ones turn."""

    outcomes: dict[str, int]
    possible: dict[str, int]
    determining: dict[str, int]
    turns_on: dict[str, int]


class Replayed(Presentable, Struct, frozen=True, dict=True):
    """Stored requests under law. `rows` is what the source has: those decided, those beyond this law, and those refused.

    `counts` holds how many rows share an answer (its place in `answers`) and a law, a class of facility, a place, a year, a
    month or a reason for lifting, each by itself, or what was asked for together. `findings` counts by code what was refused
    or taken for Unknown, with the first of each in `examples`. `table` has one row a request, refused ones left out, where it
    was kept: its number in the source, the place, the day, the law and its class of facility, and for each action the outcome,
    the outcomes still possible, the determining provisions and the missing facts; none where the request is beyond the law of
    any one place.
    """

    source: str
    law: str
    law_version: str
    rows: int
    counts: Mapping[tuple[str, ...], pa.Table]
    answers: tuple[dict[str, Answer], ...]
    actions_asked: tuple[str, ...]
    table: pa.Table | None
    refused: tuple[Refused, ...]
    findings: dict[str, int]
    examples: dict[str, str]
    assumed: dict[str, str]
    of_place: dict[str, str]
    read: tuple[str, ...]
    grounds: dict[str, Ground]
    grouped_by: tuple[str, ...] = ()
    left_out: int = 0

    @property
    def decided(self) -> int:
        """How many rows were put under a law."""
        return sum(own[COUNT] for own in self.counted() if own[ANSWER] is not None)

    @property
    def beyond(self) -> dict[str, int]:
        """The rows that no local law was put to, by the class of their facility."""
        counts: Counter[str] = Counter()
        for own in self.counted():
            if own[ANSWER] is None:
                counts[own[CLASS]] += own[COUNT]
        return dict(counts.most_common())

    @property
    def actions(self) -> dict[str, Tally]:
        """Each action's tally over all rows decided."""
        return {action: self.tally(action, self.counted()) for action in self.actions_asked}

    def counted(self, *names: str) -> list[dict[str, Any]]:
        """The counts by some columns by which there are any, a mapping each; by the class of the facility where none are named."""
        kept: dict[tuple[str, ...], list[dict[str, Any]]] = self.__dict__.setdefault("_counted", {})
        view = names or (CLASS,)
        if view not in kept:
            kept[view] = self.counts[view].to_pylist()
        return kept[view]

    def tally(self, action: str, counted: Iterable[Mapping[str, Any]]) -> Tally:
        """The tally of an action over some of the counts."""
        outcomes, possible, determining, turns_on = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
        weights: Counter[int] = Counter()
        for own in counted:
            if own[ANSWER] is not None:
                weights[own[ANSWER]] += own[COUNT]
        for place, count in sorted(weights.items()):
            answer = self.answers[place].get(action)
            if answer is None:  # an action of which only another law speaks
                outcomes["unaddressed"] += count
                possible["unaddressed"] += count
                continue
            outcomes[answer.outcome] += count
            possible[" or ".join(answer.possible)] += count
            determining.update(dict.fromkeys(answer.determining, count))
            turns_on.update(dict.fromkeys(answer.missing, count))
        ordered: dict[str, int] = {outcome: outcomes[outcome] for outcome in OUTCOMES if outcomes[outcome]}
        return Tally(
            ordered, dict(possible.most_common()), dict(determining.most_common()), dict(turns_on.most_common())
        )

    def by(self, *names: str) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
        """The counts by some columns, in order: by any one, or by those that were asked for together."""
        made: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for own in self.counted(*names):
            made.setdefault(tuple(own[name] for name in names), []).append(own)
        return dict(sorted(made.items(), key=lambda pair: [(part is None, str(part)) for part in pair[0]]))

    def bounds(self, action: str, outcome: str, counted: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
        """How many of some requests surely come out so, and how many may."""
        surely = perhaps = 0
        for own in counted:
            answer = self.answers[own[ANSWER]].get(action) if own[ANSWER] is not None else None
            possible = answer.possible if answer else ("unaddressed",) if own[ANSWER] is not None else ()
            perhaps += own[COUNT] * (outcome in possible)
            surely += own[COUNT] * (possible == (outcome,))
        return surely, perhaps

    def to_dict(self) -> dict[str, Any]:
        """The counts as plain JSON values; the rows themselves are in `table`."""
        actions = self.actions
        return {
            "source": self.source,
            "rows": self.rows,
            "decided": self.decided,
            "beyond_local_law": self.beyond,
            "left_out_as_duplicates": self.left_out,
            "refused": [msgspec.to_builtins(own) for own in self.refused],
            "findings": self.findings,
            "examples": self.examples,
            "assumed": self.assumed,
            "facts_of_place": self.of_place,
            "facts_read": self.read,
            "law_version": self.law_version,
            "outcomes": {action: own.outcomes for action, own in actions.items()},
            "possible": {action: own.possible for action, own in actions.items()},
            "determining": {action: own.determining for action, own in actions.items()},
            "turns_on": {action: own.turns_on for action, own in actions.items()},
            "by_law": [self.of_law(own) for key, own in self.by(LAW).items() if key[0] is not None],
            "groups": [self.of_group(self.grouped_by, key, own) for key, own in self.by(*self.grouped_by).items()]
            if self.grouped_by
            else [],
            "by_lift_reason": [self.of_group((LIFTED,), key, own) for key, own in self.by(LIFTED).items()]
            if self.lifted
            else [],
        }

    @property
    def lifted(self) -> bool:
        """Whether the source says why detainers were lifted."""
        return (LIFTED,) in self.counts

    def of_law(self, counted: list[dict[str, Any]]) -> dict[str, Any]:
        """What came of the rows under one law."""
        outcomes = {action: self.tally(action, counted).outcomes for action in self.actions_asked}
        return {
            "law": counted[0][LAW],
            "law_version": self.law_version,
            "rows": sum(own[COUNT] for own in counted),
            "outcomes": outcomes,
        }

    def of_group(self, names: Sequence[str], key: tuple[Any, ...], counted: list[dict[str, Any]]) -> dict[str, Any]:
        """One group: its name, its rows, and for each action how many surely and how many perhaps come out how."""
        named = dict(zip(names, key, strict=True))
        made: dict[str, Any] = {}
        for action in self.actions_asked:
            bounds = {outcome: self.bounds(action, outcome, counted) for outcome in OUTCOMES}
            made[action] = {outcome: {"surely": own[0], "at_most": own[1]} for outcome, own in bounds.items() if own[1]}
        beyond = sum(own[COUNT] for own in counted if own[ANSWER] is None)
        return {**named, "rows": sum(own[COUNT] for own in counted), "beyond_local_law": beyond, "outcomes": made}
