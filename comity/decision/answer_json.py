"""A decision as JSON. What decisions share, such as their warnings and grounds, is encoded once.

Warnings have their ranks (`risks`), which depend on all answers together. A group of warnings that are shown as one is ordered
once for the answers on its actions; then only the groups are sorted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from operator import itemgetter
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct, structs

from comity.decision.answer import ActionAnswer, Ground, Warned
from comity.decision.risks import Answered, Risk, group_of, order_of, risks_of_group

SHARED_MAX = 20_000  # warnings, grounds and groups of warnings that are kept at a time
Placed: TypeAlias = tuple[
    str, tuple[int, ...]
]  # a risk: what it is sorted by, and which warnings of its group it stands for


class _Encoded:
    """A warning with its group, and as JSON at each rank that it had."""

    __slots__ = ("by_rank", "group", "warned")

    def __init__(self, warned: Warned) -> None:
        self.warned, self.group = warned, group_of(warned)
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
    risks: tuple[Placed, ...]


class _Shared:
    """What decisions share, by the identity of its objects: decisions of one stack have the same warnings and grounds.

    Threads may use it together: what one of them clears, another makes again.
    """

    def __init__(self) -> None:
        self.warnings: dict[int, _Encoded] = {}
        self.grounds: dict[int, tuple[Ground, msgspec.Raw]] = {}
        self.groups: dict[tuple[Any, ...], _Group] = {}

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

    def group(self, members: list[Any], asked: tuple[str, ...]) -> _Group:
        """The risks of a group; `members` are, in turn, the action and its answer, and a warning."""
        key = (asked, *[id(member) if member.__class__ is Warned else member for member in members])
        found = self.groups.get(key)
        if found is None:
            if len(self.groups) >= SHARED_MAX:
                self.groups.clear()
            found = self.groups[key] = _placed(members, asked)
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
    groups: dict[str, list[Any]] = {}
    for action, answer in answers.items():
        answered = (action, answer.outcome, answer.determining)
        for warned in answer.warnings:
            groups.setdefault(SHARED.encoded(warned).group, []).extend((answered, warned))
    wanted = tuple(asked)
    placed = [
        (order, place, members) for members in groups.values() for order, place in SHARED.group(members, wanted).risks
    ]
    placed.sort(key=itemgetter(0))
    return {id(members[2 * place + 1]): rank for rank, (_, places, members) in enumerate(placed, 1) for place in places}


def _placed(members: list[Any], asked: tuple[str, ...]) -> _Group:
    pairs = [(answered[0], warned) for answered, warned in zip(members[::2], members[1::2], strict=True)]
    answers = {action: Answered(outcome, determining) for action, outcome, determining in members[::2]}
    risks = sorted(risks_of_group(group_of(pairs[0][1]), pairs, answers), key=lambda risk: order_of(risk, asked))
    stands_for: list[list[int]] = [[] for _ in risks]
    for place, (_, warned) in enumerate(pairs):
        stands_for[_of_warning(warned, risks)].append(place)
    warnings = tuple(warned for _, warned in pairs)
    return _Group(
        warnings, tuple((order_of(risk, asked), tuple(places)) for risk, places in zip(risks, stands_for, strict=True))
    )


def _of_warning(warned: Warned, risks: list[Risk]) -> int:
    """The risk that a warning is shown in: that of its text, else the last of its provision."""
    of_provision = [place for place, risk in enumerate(risks) if warned.provision in risk.provisions]
    return next((place for place in of_provision if risks[place].warned.text == warned.text), of_provision[-1])
