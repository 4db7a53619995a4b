"""Three views of the records of a list: a few free records, counts alone, or as many records as can matter.

A few records can show that something is possible, never that it is impossible. Counts alone can show that it is impossible,
never that it is possible, since a count says nothing about what the records are like. As many records as can matter show
both, but slowly if much is asked of one list. So a question is tried in the first two views before the third.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeAlias

import z3
from msgspec import Struct

from comity.engine.solver.facts import SymbolicRecord, SymbolicRequest
from comity.engine.solver.logic import Truth, all_of, any_of, negated
from comity.facts import kinds
from comity.facts.kinds import KnownList
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.nodes import called

VARIABLE = "it"
FEW = 2
Body: TypeAlias = tuple[str, syntax.Condition]  # a list, and what is asked of its records, with VARIABLE for the record
Satisfies: TypeAlias = Callable[[SymbolicRecord], Truth]  # whether a record satisfies a body


def asked_of_lists(conditions: Iterable[syntax.Condition], vocabulary: Vocabulary) -> dict[Body, int]:
    """The bodies that conditions ask of lists, each with the greatest number it is counted to, or 0."""
    found: dict[Body, int] = {}
    for node in dict.fromkeys(node for condition in conditions for node in quantifiers_in(condition)):
        if not isinstance(vocabulary.kind(node.over.path), kinds.Set):
            number = (
                node.number.value if isinstance(node, syntax.Count) and isinstance(node.number, syntax.Integer) else 0
            )
            body = body_of(node)
            found[body] = max(found.get(body, 0), number)
    return found


def quantifiers_in(condition: syntax.Condition) -> Iterator[syntax.Exists | syntax.All | syntax.Count]:
    """The quantifiers of a condition; the language does not nest them."""
    match condition:
        case syntax.Exists() | syntax.All() | syntax.Count():
            yield condition
        case syntax.Not(body):
            yield from quantifiers_in(body)
        case syntax.And(parts) | syntax.Or(parts):
            for part in parts:
                yield from quantifiers_in(part)


def body_of(node: syntax.Exists | syntax.All | syntax.Count) -> Body:
    """The list and body of a quantifier.

    For `all` the negated body, since it asks whether some record fails.
    """
    body = called(node.body, VARIABLE)
    if not isinstance(node, syntax.All):
        return node.over.path, body
    return node.over.path, body.body if isinstance(body, syntax.Not) else syntax.Not(body)


def slots_needed(asked: Mapping[Body, int]) -> dict[str, int]:
    """How many free records of each list suffice to answer all questions about it.

    They are one for each body, and n + 1 for a body that is counted up to n. This is enough because in any longer list
    one can keep one record for each body that some record satisfies, and for each count as many as exceed its number.
    The shorter list answers every question as the longer one does.
    """
    needed: dict[str, int] = {}
    for (path, _), number in asked.items():
        needed[path] = needed.get(path, 0) + number + 1
    return needed


class Lists(Protocol):
    """A view of lists: how "some record" and "how many records" become formulas."""

    def some(self, body: Body, satisfies: Satisfies) -> Truth:
        """Whether some record of the list satisfies the body."""

    def count(self, body: Body, satisfies: Satisfies) -> Any:
        """How many records of the list satisfy the body."""


class FreeRecords(Struct, frozen=True):
    """A view with a fixed number of free records, each of which may be there or not.

    A request found in this view exists. That there is none is proved only if `free` is as large as `slots_needed` says.
    """

    request: SymbolicRequest
    free: Mapping[str, int]
    matches: dict[Body, list[Truth]] = {}
    sums: dict[Body, Any] = {}

    def some(self, body: Body, satisfies: Satisfies) -> Truth:
        return any_of(self.found(body, satisfies))

    def count(self, body: Body, satisfies: Satisfies) -> Any:
        if body not in self.sums:
            self.sums[body] = summed(self.found(body, satisfies))
        return self.sums[body]

    def found(self, body: Body, satisfies: Satisfies) -> list[Truth]:
        """For each record, whether it is there and satisfies the body."""
        if body not in self.matches:
            records = self.request.records(body[0], self.free.get(body[0], 0))
            self.matches[body] = [all_of((record.there, satisfies(record))) for record in records]
        return self.matches[body]


class WitnessRecords:
    """A view with as many records as can matter, each the witness of one body.

    It proves both that a request exists and that none does. The same number of unreserved records would say the same, but
    the solver would try each record as the witness of each body; reserving them removes that choice.
    """

    def __init__(self, request: SymbolicRequest, asked: Mapping[Body, int]) -> None:
        self.request, self.asked = request, asked
        self.records = FreeRecords(request, slots_needed(asked))
        self.translated: dict[Body, Truth] = {}

    def some(self, body: Body, satisfies: Satisfies) -> Truth:
        if body not in self.translated:
            found = self.records.found(body, satisfies)
            place = self.place(body)
            self.translated[body] = (
                any_of(found) if self.asked[body] or place >= len(found) else self.witnessed(body, satisfies, place)
            )
        return self.translated[body]

    def count(self, body: Body, satisfies: Satisfies) -> Any:
        return self.records.count(body, satisfies)

    def witnessed(self, body: Body, satisfies: Satisfies, place: int) -> Truth:
        """Whether the witness of the body is there.

        A rule says that it is there if any other record satisfies the body.
        """
        records, found = self.request.records(body[0], 0), self.records.found(body, satisfies)
        some = any_of((records[place].there, *found[: self.known(body[0])]))
        others = (match for at, match in enumerate(found) if at >= self.known(body[0]) and at != place)
        self.request.rules.append(any_of((negated(records[place].there), satisfies(records[place]))))
        self.request.rules.extend(any_of((negated(match), some)) for match in others if match is not False)
        return some

    def known(self, path: str) -> int:
        """How many records of a list are known."""
        value = self.request.values.get(path)
        return len(value.items) if isinstance(value, KnownList) else 0

    def place(self, body: Body) -> int:
        """The index of the record reserved for a body, after the known records."""
        before = 0
        for other, number in self.asked.items():
            if other == body:
                break
            before += number + 1 if other[0] == body[0] else 0
        return self.known(body[0]) + before


class RecordCounts(Struct, frozen=True):
    """A view with a free count for each body, and nothing about the records.

    Counts of different bodies are independent, so a solution need not be a request; but if there is no solution, there is no
    request. `OneRecord` adds rules that tie counts to each other.
    """

    request: SymbolicRequest
    counts: dict[Body, Any] = {}

    def some(self, body: Body, satisfies: Satisfies) -> Truth:
        return self.count(body, satisfies) >= 1

    def count(self, body: Body, satisfies: Satisfies) -> Any:
        if body not in self.counts:
            known = summed(satisfies(record) for record in self.request.records(body[0], 0))
            value = self.request.values.get(body[0])
            whole = isinstance(value, KnownList) and value.whole
            self.counts[body] = known if whole else known + self.request.whole(0)
        return self.counts[body]


def summed(truths: Iterable[Truth]) -> Any:
    """How many of some truths are true."""
    terms = list(truths)
    perhaps = [z3.If(truth, 1, 0) for truth in terms if not isinstance(truth, bool)]
    sure = sum(truth is True for truth in terms)
    return sure + z3.Sum(perhaps) if perhaps else sure
