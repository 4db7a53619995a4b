"""Closed conditions for the solver. They are taken as the law has them, not in the normal form of the other engines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, assert_never

import z3
from msgspec import Struct, structs

from comity.decide.every_days import SomeDay, certain, moved
from comity.decide.every_facts import Chosen, Named, Record, Request, Term, Truth
from comity.decide.truth import COMPARED
from comity.facts import kinds
from comity.language import syntax

NOT_CLOSED = "the condition is not closed"


def slots_needed(conditions: Iterable[syntax.Condition]) -> dict[str, int]:
    """How many free records of each list are enough: one for each thing asked of it, and for a count of n one more than n.

    Any longer list has a shorter one that answers everything alike: keep a witness of each that is so, and of each count
    as many as it needs to pass its number.
    """
    needed: dict[str, int] = {}
    for node in dict.fromkeys(own for condition in conditions for own in quantifiers_in(condition)):
        number = node.number.value + 1 if isinstance(node, syntax.Count) and isinstance(node.number, syntax.Integer) else 1
        needed[node.over.path] = needed.get(node.over.path, 0) + number
    return needed


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


class Conditions(Struct, frozen=True):
    """Writes conditions about one request; inside a quantifier, `record` or `member` is what its variable stands for."""

    request: Request
    record: Record | None = None
    member: str = ""

    def truth(self, node: syntax.Condition) -> Truth:
        match node:
            case syntax.Truth(value):
                return value
            case syntax.Not(body):
                return negated(self.truth(body))
            case syntax.And(parts):
                return all_of(self.truth(part) for part in parts)
            case syntax.Or(parts):
                return any_of(self.truth(part) for part in parts)
            case syntax.Fact() | syntax.Field():
                return self.term(node)
            case syntax.Compare(operator, left, right):
                return self.compared(operator, self.term(left), self.term(right))
            case syntax.Among(item, members):
                side = self.term(item)
                return any_of(self.compared("==", side, member.value) for member in members)
            case syntax.Member(item, of):
                name = self.term(item)
                return self.members(of)[name]
            case syntax.Exists(over, _, body):
                return any_of(all_of(own) for own in self.each(over.path, body))
            case syntax.All(over, _, body):
                return all_of(any_of((negated(there), so)) for there, so in self.each(over.path, body))
            case syntax.Count(over, _, body, operator, number):
                return self.counted(self.each(over.path, body), operator, self.term(number))
            case syntax.Term():
                raise ValueError(f"{NOT_CLOSED}: {node.name}")
            case _:
                assert_never(node)

    def each(self, path: str, body: syntax.Condition) -> Iterator[tuple[Truth, Truth]]:
        """Of every record, or member of a set, whether it is there and whether the body is so of it."""
        if isinstance(self.request.vocabulary.kind(path), kinds.Set):
            for member, within in self.request.members(path).items():
                yield within, structs.replace(self, member=member).truth(body)
        else:
            for record in self.request.records(path):
                yield record.there, structs.replace(self, record=record).truth(body)

    def counted(self, each: Iterable[tuple[Truth, Truth]], operator: syntax.Comparison, number: int) -> Truth:
        found = [all_of(own) for own in each]
        sure = sum(own is True for own in found)
        perhaps = [z3.If(own, 1, 0) for own in found if not isinstance(own, bool)]
        return COMPARED[operator](sure + z3.Sum(perhaps) if perhaps else sure, number)

    def members(self, of: syntax.Fact | syntax.Field) -> dict[str, Truth]:
        if isinstance(of, syntax.Fact):
            return self.request.members(of.path)
        assert self.record
        return self.record.sets[of.name]

    def compared(self, operator: syntax.Comparison, left: Term, right: Term) -> Truth:
        if isinstance(left, SomeDay) and isinstance(right, SomeDay):
            return self.ordered(operator, left, right)
        if operator == "!=":
            return negated(self.compared("==", left, right))
        if isinstance(right, (Chosen, Named)):
            left, right = right, left
        match left:
            case Named(number):
                return number == (right.number if isinstance(right, Named) else self.request.number_of(right))
            case Chosen(place, members):
                return _chosen(place, members, right)
        return COMPARED[operator](left, right)

    def ordered(self, operator: syntax.Comparison, left: SomeDay, right: SomeDay) -> Truth:
        """Days compared, each way by whether one lies before the other."""
        before = self.request.calendar.before
        match operator:
            case "<":
                return before(left, right)
            case ">":
                return before(right, left)
            case "<=":
                return negated(before(right, left))
            case ">=":
                return negated(before(left, right))
        same = all_of((negated(before(left, right)), negated(before(right, left))))
        return same if operator == "==" else negated(same)

    def term(self, node: syntax.Operand | syntax.Fact | syntax.Field) -> Term:
        match node:
            case syntax.Truth(value) | syntax.Integer(value) | syntax.Text(value):
                return value
            case syntax.Day(value):
                return certain(value)
            case syntax.Fact(path):
                return self.request.fact(path)
            case syntax.Field(_, name):
                assert self.record
                return self.record.fields[name]
            case syntax.Item():
                return self.member
            case syntax.Sum(left, right, minus):
                one, other = self.term(left), self.term(right)
                return one - other if minus else one + other
            case syntax.Shift(day, unit, amount, minus):
                by = self.term(amount)
                return moved(self.term(day), unit, -by if minus else by)
            case syntax.Param():
                raise ValueError(f"{NOT_CLOSED}: params.{node.name}")
            case _:
                assert_never(node)


def _chosen(place: Any, members: tuple[str, ...], other: Term) -> Truth:
    if isinstance(other, Chosen):
        both = [own for own in members if own in other.members]
        return any_of(all_of((place == members.index(own), other.place == other.members.index(own))) for own in both)
    return place == members.index(other) if other in members else False


def negated(truth: Truth) -> Truth:
    """The contrary."""
    return not truth if isinstance(truth, bool) else z3.Not(truth)


def all_of(truths: Iterable[Truth]) -> Truth:
    """All of them; True of none."""
    return _joined(truths, True, z3.And)


def any_of(truths: Iterable[Truth]) -> Truth:
    """One of them at least; False of none."""
    return _joined(truths, False, z3.Or)


def _joined(truths: Iterable[Truth], neutral: bool, join: Callable[..., Any]) -> Truth:
    rest = []
    for own in truths:
        if not isinstance(own, bool):
            rest.append(own)
        elif own is not neutral:
            return own
    return join(rest) if len(rest) > 1 else rest[0] if rest else neutral
