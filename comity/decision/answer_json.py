"""A decision as JSON. What decisions share, such as their warnings and grounds, is encoded once.

Warnings have their ranks (`risks`), which depend on all answers together. A group of warnings that are shown as one is ordered
once for the answers on its actions; then only the groups are sorted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import count
from operator import itemgetter
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct, structs

from comity.decision.answer import ActionAnswer, Ground, Warned
from comity.decision.risks import Answered, Risk, depends_on_deciding_law, group_of, order_of, risks_of_group

SHARED_MAX = 20_000  # warnings, grounds and groups of warnings that are kept at a time
Placed: TypeAlias = tuple[
    str, tuple[int, ...]
]  # a risk: what it is sorted by, and the warnings that it stands for, by identity


class _Encoded:
    """A warning with its group, and as JSON at each rank that it had."""

    __slots__ = ("by_rank", "group", "of_deciding_law", "warned")

    def __init__(self, warned: Warned) -> None:
        self.warned, self.group = warned, group_of(warned)
        self.of_deciding_law = depends_on_deciding_law(warned)
        self.by_rank: dict[int, msgspec.Raw] = {}

    def at(self, rank: int) -> msgspec.Raw:
        """The warning as JSON, with a rank."""
        found = self.by_rank.get(rank)
        if found is None:
            found = self.by_rank[rank] = msgspec.Raw(msgspec.json.encode(structs.replace(self.warned, rank=rank)))
        return found


class _Group(Struct, frozen=True):
    """The risks of one group of warnings, which it holds so that no other object takes their identities."""

    warnings: tuple[Warned, ...]
    risks: list[Placed]


class _Shared:
    """What decisions share, by the identity of its objects: decisions of one stack have the same warnings and grounds.

    Threads may use it together: what one of them clears, another makes again.
    """

    def __init__(self) -> None:
        self.warnings: dict[int, _Encoded] = {}
        self.grounds: dict[int, tuple[Ground, msgspec.Raw]] = {}
        self.groups: dict[tuple[int, ...], _Group] = {}
        self.numbers: dict[tuple[Any, ...], int] = {}
        self.count = count()

    def encoded(self, warned: Warned) -> _Encoded:
        """A warning that may have been encoded before."""
        found = self.warnings.get(id(warned))
        if found is None:
            if len(self.warnings) >= SHARED_MAX:
                self.warnings.clear()
            found = self.warnings[id(warned)] = _Encoded(warned)
        return found

    def ground(self, ground: Ground) -> msgspec.Raw:
        """A ground as JSON."""
        found = self.grounds.get(id(ground))
        if found is None:
            if len(self.grounds) >= SHARED_MAX:
                self.grounds.clear()
            found = self.grounds[id(ground)] = (ground, msgspec.Raw(msgspec.json.encode(ground)))
        return found[1]

    def number(self, *answer: Any) -> int:
        """A number that stands for an answer, as far as the ranks of some warnings depend on it. No two answers have one number."""
        found = self.numbers.get(answer)
        if found is None:
            if len(self.numbers) >= SHARED_MAX:
                self.numbers.clear()
            found = self.numbers[answer] = next(self.count)
        return found

    def group(self, key: tuple[int, ...], answers: Mapping[str, ActionAnswer], asked: Collection[str]) -> _Group:
        """The risks of a group that was not met before; `key` has in turn the number of an answer and the identity of a warning."""
        if len(self.groups) >= SHARED_MAX:
            self.groups.clear()
        found = self.groups[key] = _placed(set(key[1::2]), answers, asked)
        return found


SHARED = _Shared()


def shared_as_json(
    answers: Mapping[str, ActionAnswer], asked: Collection[str], grounds: Mapping[str, Ground]
) -> dict[str, Any]:
    """The fields `actions` and `grounds` of a decision, ready to be encoded: warnings with their ranks, and what is shared as JSON."""
    ranks = ranks_of(answers, asked)
    actions = {
        action: structs.replace(
            answer, warnings=[SHARED.encoded(warned).at(ranks[id(warned)]) for warned in answer.warnings]
        )
        for action, answer in answers.items()
    }
    return {"actions": actions, "grounds": {name: SHARED.ground(ground) for name, ground in grounds.items()}}


def ranks_of(answers: Mapping[str, ActionAnswer], asked: Collection[str]) -> dict[int, int]:
    """The rank of each warning, by the identity of the warning."""
    groups: dict[str, list[int]] = {}
    encoded = SHARED.warnings
    for action, answer in answers.items():
        if not answer.warnings:
            continue
        is_asked = not asked or action in asked
        by_outcome = SHARED.number(is_asked, action, answer.outcome)
        by_law = SHARED.number(is_asked, action, answer.outcome, answer.determining)
        for warned in answer.warnings:
            known = encoded.get(id(warned)) or SHARED.encoded(warned)
            member = by_law if known.of_deciding_law else by_outcome, id(warned)
            if known.group in groups:
                groups[known.group] += member
            else:
                groups[known.group] = [*member]
    risks: list[Placed] = []
    for members in groups.values():
        key = tuple(members)
        risks += (SHARED.groups.get(key) or SHARED.group(key, answers, asked)).risks
    risks.sort(key=itemgetter(0))
    return {warned: rank for rank, (_, warnings) in enumerate(risks, 1) for warned in warnings}


def _placed(identities: Collection[int], answers: Mapping[str, ActionAnswer], asked: Collection[str]) -> _Group:
    """The risks of the warnings with these identities, in their order."""
    given = [
        (action, warned) for action, answer in answers.items() for warned in answer.warnings if id(warned) in identities
    ]
    answered = {action: Answered(answer.outcome, answer.determining) for action, answer in answers.items()}
    risks = sorted(risks_of_group(group_of(given[0][1]), given, answered), key=lambda risk: order_of(risk, asked))
    stands_for: list[list[int]] = [[] for _ in risks]
    for _, warned in given:
        stands_for[_of_warning(warned, risks)].append(id(warned))
    placed = [(order_of(risk, asked), tuple(warnings)) for risk, warnings in zip(risks, stands_for, strict=True)]
    return _Group(tuple(warned for _, warned in given), placed)


def _of_warning(warned: Warned, risks: list[Risk]) -> int:
    """The risk that a warning is shown in: that of its text, else the last of its provision."""
    of_provision = [place for place, risk in enumerate(risks) if warned.provision in risk.provisions]
    return next((place for place in of_provision if risks[place].warned.text == warned.text), of_provision[-1])
