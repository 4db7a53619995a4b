"""How the solver sees the records of a list: a few of them, as many as can matter, or only how many satisfy what is asked.

A few records can show that something is possible, never that it is not. Counts alone can show that it is not, never that
it is: a count says nothing of what the records are like. With as many records as can matter both are shown, which is slow
where much is asked of one list. So a question is put to the first two before it is put to the third.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeAlias

import z3
from msgspec import Struct

from comity.engine.solver.facts import Record, Request
from comity.engine.solver.logic import Truth, all_of, any_of, negated
from comity.facts import kinds
from comity.facts.kinds import KnownList
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.nodes import called

VARIABLE = "it"
FEW = 2
Body: TypeAlias = tuple[str, syntax.Condition]  # what is asked of the records of a list, its variable called VARIABLE
Told: TypeAlias = Callable[[Record], Truth]  # whether a record satisfies a body


def asked_of_lists(conditions: Iterable[syntax.Condition], vocabulary: Vocabulary) -> dict[Body, int]:
    """What some conditions ask of the records of lists, each with the greatest count that it is held against, or 0."""
    found: dict[Body, int] = {}
    for node in dict.fromkeys(own for condition in conditions for own in quantifiers_in(condition)):
        if not isinstance(vocabulary.kind(node.over.path), kinds.Set):
            number = (
                node.number.value if isinstance(node, syntax.Count) and isinstance(node.number, syntax.Integer) else 0
            )
            body = body_of(node)
            found[body] = max(found.get(body, 0), number)
    return found


def quantifiers_in(condition: syntax.Condition) -> Iterator[syntax.Exists | syntax.All | syntax.Count]:
    """The quantifiers of a condition; none stands inside another."""
    match condition:
        case syntax.Exists() | syntax.All() | syntax.Count():
            yield condition
        case syntax.Not(body):
            yield from quantifiers_in(body)
        case syntax.And(parts) | syntax.Or(parts):
            for part in parts:
                yield from quantifiers_in(part)


def body_of(node: syntax.Exists | syntax.All | syntax.Count) -> Body:
    """What a quantifier asks of each record; `all` asks whether there is one of which the contrary is so."""
    body = called(node.body, VARIABLE)
    if not isinstance(node, syntax.All):
        return node.over.path, body
    return node.over.path, body.body if isinstance(body, syntax.Not) else syntax.Not(body)


def slots_needed(asked: Mapping[Body, int]) -> dict[str, int]:
    """How many free records of each list are enough: one for each thing asked of it, and for a count of n one more than n.

    Any longer list has a shorter one that answers everything alike: keep a witness of each that is so, and of each count
    as many as it needs to pass its number.
    """
    needed: dict[str, int] = {}
    for (path, _), number in asked.items():
        needed[path] = needed.get(path, 0) + number + 1
    return needed


class Lists(Protocol):
    """One way to see the records of lists."""

    def some(self, body: Body, told: Told) -> Truth:
        """Whether some record of the list satisfies the body."""

    def count(self, body: Body, told: Told) -> Any:
        """How many do."""


class Records(Struct, frozen=True):
    """So many free records of each list, each of which may be there or not."""

    request: Request
    free: Mapping[str, int]
    made: dict[Body, list[Truth]] = {}

    def some(self, body: Body, told: Told) -> Truth:
        return any_of(self.found(body, told))

    def count(self, body: Body, told: Told) -> Any:
        return summed(self.found(body, told))

    def found(self, body: Body, told: Told) -> list[Truth]:
        """Of each record whether it is there and satisfies the body."""
        if body not in self.made:
            records = self.request.records(body[0], self.free.get(body[0], 0))
            self.made[body] = [all_of((own.there, told(own))) for own in records]
        return self.made[body]


class Witnesses:
    """For each thing asked of a list one record of its own that is there only as its witness, and for each count as many.

    That says the same as as many records that each may witness anything, but leaves the solver no choice between them.
    """

    def __init__(self, request: Request, asked: Mapping[Body, int]) -> None:
        self.request, self.asked = request, asked
        self.records = Records(request, slots_needed(asked))
        self.made: dict[Body, Truth] = {}

    def some(self, body: Body, told: Told) -> Truth:
        if body not in self.made:
            found = self.records.found(body, told)
            place = self.place(body)
            self.made[body] = (
                any_of(found) if self.asked[body] or place >= len(found) else self.witnessed(body, told, place)
            )
        return self.made[body]

    def count(self, body: Body, told: Told) -> Any:
        return self.records.count(body, told)

    def witnessed(self, body: Body, told: Told, place: int) -> Truth:
        """Whether the body's own witness is there; if any other record could be one, it is."""
        records, found = self.request.records(body[0], 0), self.records.found(body, told)
        some = any_of((records[place].there, *found[: self.known(body[0])]))
        others = (own for at, own in enumerate(found) if at >= self.known(body[0]) and at != place)
        self.request.rules.append(any_of((negated(records[place].there), told(records[place]))))
        self.request.rules.extend(any_of((negated(own), some)) for own in others if own is not False)
        return some

    def known(self, path: str) -> int:
        value = self.request.values.get(path)
        return len(value.items) if isinstance(value, KnownList) else 0

    def place(self, body: Body) -> int:
        """Where the record stands that is a body's own witness: after those that are known, in the order of the bodies."""
        before = 0
        for other, number in self.asked.items():
            if other == body:
                break
            before += number + 1 if other[0] == body[0] else 0
        return self.known(body[0]) + before


class Counts(Struct, frozen=True):
    """How many records satisfy each body, and nothing of what the records are like."""

    request: Request
    made: dict[Body, Any] = {}

    def some(self, body: Body, told: Told) -> Truth:
        return self.count(body, told) >= 1

    def count(self, body: Body, told: Told) -> Any:
        if body not in self.made:
            known = summed(told(own) for own in self.request.records(body[0], 0))
            value = self.request.values.get(body[0])
            whole = isinstance(value, KnownList) and value.whole
            self.made[body] = known if whole else known + self.request.whole(0)
        return self.made[body]


def summed(truths: Iterable[Truth]) -> Any:
    """How many of them are so."""
    own = list(truths)
    perhaps = [z3.If(truth, 1, 0) for truth in own if not isinstance(truth, bool)]
    sure = sum(truth is True for truth in own)
    return sure + z3.Sum(perhaps) if perhaps else sure
