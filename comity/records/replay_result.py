"""The result of a replay: the outcome of each request, and the counts from which all views are computed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
from msgspec import Struct, field

from comity.decision.answer import Ground
from comity.engine.outcome import OUTCOMES
from comity.law.jails.words import FEDERAL
from comity.records.alike import Answer
from comity.records.local_law import LOCAL_LAW, NONE_ENCODED
from comity.records.pieces import ANSWER, CLASS, COUNT, LAW, LIFTED
from comity.records.table_result import TableResult

SEPARATOR = "; "


class Tally(Struct, frozen=True, kw_only=True):
    """For one action, how many requests have each outcome, rest on each provision, and depend on each missing fact.

    `turns_on_alone` counts those that depend on one fact and no other.
    """

    outcomes: dict[str, int]
    possible: dict[str, int]
    determining: dict[str, int]
    turns_on: dict[str, int]
    turns_on_alone: dict[str, int]


class ReplayResult(TableResult, frozen=True, dict=True, kw_only=True):
    """Stored requests decided under law. `rows` counts all rows of the source: decided, not under local law, left out, refused.

    `counts` says how many rows share an answer (its position in `answers`) and a law, a class of facility, a place, a year, a
    month or a reason for lifting, each separately, or the columns of `grouped_by` together. `table`, where the caller collected
    it, has one row for each request that was not refused: its number in the source, place, day, law, class of facility and
    `local_law` (whether law of the place itself is encoded), and for each action the outcome, the possible outcomes, the
    determining provisions and the missing facts, all NULL where no local law applies. `placed` counts the rows by the place that
    was found for their facility: county, city, State only, State prison, federal, hospital or unknown; it is empty where no
    facility was looked up. `none_values` gives, for a missing choice, the member that says that there is none, as `none_claimed`.
    """

    law: str
    counts: Mapping[tuple[str, ...], pa.Table]
    answers: tuple[dict[str, Answer], ...]
    actions_asked: tuple[str, ...]
    grounds: dict[str, Ground]
    left_out: int = 0
    placed: dict[str, int] = field(default_factory=dict)
    none_values: dict[str, str] = field(default_factory=dict)

    @property
    def decided(self) -> int:
        """How many rows were decided under a law."""
        return sum(count[COUNT] for count in self.counted() if count[ANSWER] is not None)

    @property
    def beyond(self) -> dict[str, int]:
        """How many rows no local law applies to, by the class of their facility."""
        counts: Counter[str] = Counter()
        for count in self.counted():
            if count[ANSWER] is None:
                counts[count[CLASS]] += count[COUNT]
        return dict(counts.most_common())

    @property
    def not_placed(self) -> dict[str, int]:
        """Of `beyond`, the rows of which it is not known whose law applies, by the class of their facility."""
        return {kind: count for kind, count in self.beyond.items() if kind not in FEDERAL}

    @property
    def none_encoded(self) -> int:
        """How many of the rows decided came to a place of whose own law none is encoded on that day."""
        counted = self.counted(LOCAL_LAW)
        return sum(count[COUNT] for count in counted if count[ANSWER] is not None and count[LOCAL_LAW] == NONE_ENCODED)

    @property
    def actions(self) -> dict[str, Tally]:
        """Each action's tally over all rows decided."""
        return {action: self.tally(action, self.counted()) for action in self.actions_asked}

    def counted(self, *names: str) -> list[dict[str, Any]]:
        """The counts by some columns, each as a mapping; by the class of the facility where no columns are named."""
        cache: dict[tuple[str, ...], list[dict[str, Any]]] = self.__dict__.setdefault("_counted", {})
        view = names or (CLASS,)
        if view not in cache:
            cache[view] = self.counts[view].to_pylist()
        return cache[view]

    def tally(self, action: str, counted: Iterable[Mapping[str, Any]]) -> Tally:
        """The tally of an action over some of the counts."""
        outcomes, possible, determining, turns_on = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
        alone, weights = Counter[str](), Counter[int]()
        for count in counted:
            if count[ANSWER] is not None:
                weights[count[ANSWER]] += count[COUNT]
        for number, requests in sorted(weights.items()):
            answer = self.answers[number].get(action)
            if answer is None:  # only another law has this action
                outcomes["unaddressed"] += requests
                possible["unaddressed"] += requests
                continue
            outcomes[answer.outcome] += requests
            possible[" or ".join(answer.possible)] += requests
            determining.update(dict.fromkeys(answer.determining, requests))
            turns_on.update(dict.fromkeys(answer.missing, requests))
            if len(answer.missing) == 1:
                alone[answer.missing[0]] += requests
        return Tally(
            outcomes={outcome: outcomes[outcome] for outcome in OUTCOMES if outcomes[outcome]},
            possible=dict(possible.most_common()),
            determining=dict(determining.most_common()),
            turns_on=dict(turns_on.most_common()),
            turns_on_alone=dict(alone.most_common()),
        )

    def by(self, *names: str) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
        """The counts by some columns, in order: by any one, or by the columns of `grouped_by`."""
        groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for count in self.counted(*names):
            groups.setdefault(tuple(count[name] for name in names), []).append(count)
        return dict(sorted(groups.items(), key=lambda pair: [(part is None, str(part)) for part in pair[0]]))

    def bounds(self, action: str, outcome: str, counted: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
        """How many of some requests certainly have an outcome, and how many may have it."""
        surely = perhaps = 0
        for count in counted:
            answer = self.answers[count[ANSWER]].get(action) if count[ANSWER] is not None else None
            possible = answer.possible if answer else ("unaddressed",) if count[ANSWER] is not None else ()
            perhaps += count[COUNT] * (outcome in possible)
            surely += count[COUNT] * (possible == (outcome,))
        return surely, perhaps

    def to_dict(self) -> dict[str, Any]:
        """The counts as plain JSON values; the rows themselves are in `table`."""
        actions = self.actions
        return {
            "source": self.source,
            "rows": self.rows,
            "decided": self.decided,
            "beyond_local_law": self.beyond,
            "place_not_known": self.not_placed,
            "facilities_placed": self.placed,
            "no_local_law_encoded": self.none_encoded,
            "left_out_as_duplicates": self.left_out,
            **self.account(),
            "law_version": self.law_version,
            "outcomes": {action: tally.outcomes for action, tally in actions.items()},
            "possible": {action: tally.possible for action, tally in actions.items()},
            "determining": {action: tally.determining for action, tally in actions.items()},
            "turns_on": {action: tally.turns_on for action, tally in actions.items()},
            "by_law": [self.of_law(counted) for key, counted in self.by(LAW).items() if key[0] is not None],
            "groups": [
                self.of_group(self.grouped_by, key, counted) for key, counted in self.by(*self.grouped_by).items()
            ]
            if self.grouped_by
            else [],
            "by_lift_reason": [self.of_group((LIFTED,), key, counted) for key, counted in self.by(LIFTED).items()]
            if self.lifted
            else [],
        }

    @property
    def lifted(self) -> bool:
        """Whether the source says why detainers were lifted."""
        return (LIFTED,) in self.counts

    def of_law(self, counted: list[dict[str, Any]]) -> dict[str, Any]:
        """The outcomes of the rows under one law."""
        outcomes = {action: self.tally(action, counted).outcomes for action in self.actions_asked}
        return {
            "law": counted[0][LAW],
            "law_version": self.law_version,
            "rows": sum(count[COUNT] for count in counted),
            "outcomes": outcomes,
        }

    def of_group(self, names: Sequence[str], key: tuple[Any, ...], counted: list[dict[str, Any]]) -> dict[str, Any]:
        """One group: its name, its rows, and for each action and outcome how many certainly have it and how many may."""
        named = dict(zip(names, key, strict=True))
        outcomes: dict[str, Any] = {}
        for action in self.actions_asked:
            bounds = {outcome: self.bounds(action, outcome, counted) for outcome in OUTCOMES}
            outcomes[action] = {
                outcome: {"surely": least, "at_most": most} for outcome, (least, most) in bounds.items() if most
            }
        beyond = sum(count[COUNT] for count in counted if count[ANSWER] is None)
        return {
            **named,
            "rows": sum(count[COUNT] for count in counted),
            "beyond_local_law": beyond,
            "outcomes": outcomes,
        }
