"""Closed conditions for the solver. They are taken as the law has them, not in the normal form of the other engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, assert_never

from msgspec import Struct, structs

from comity.engine.solver.days import SomeDay, certain, moved
from comity.engine.solver.facts import Chosen, Named, Record, Request, Term
from comity.engine.solver.lists import Lists, body_of, summed
from comity.engine.solver.logic import Truth, all_of, any_of, negated
from comity.facts import kinds
from comity.language import syntax
from comity.language.evaluate import COMPARED

Connected: TypeAlias = syntax.Truth | syntax.Not | syntax.And | syntax.Or
CONNECTED = (syntax.Truth, syntax.Not, syntax.And, syntax.Or)
NOT_CLOSED = "the condition is not closed"


def connected(node: Connected, truth: Callable[[syntax.Condition], Truth]) -> Truth:
    """What is built of other conditions, by how each of them is written."""
    match node:
        case syntax.Truth(value):
            return value
        case syntax.Not(body):
            return negated(truth(body))
        case syntax.And(parts):
            return all_of(truth(part) for part in parts)
        case syntax.Or(parts):
            return any_of(truth(part) for part in parts)


class Conditions(Struct, frozen=True):
    """Writes conditions about one request; inside a quantifier, `record` or `member` is what its variable stands for."""

    request: Request
    lists: Lists
    record: Record | None = None
    member: str = ""

    def truth(self, node: syntax.Condition) -> Truth:
        match node:
            case syntax.Truth() | syntax.Not() | syntax.And() | syntax.Or():
                return connected(node, self.truth)
            case syntax.Fact() | syntax.Field():
                return self.term(node)
            case syntax.Compare(operator, left, right):
                return self.compared(operator, self.term(left), self.term(right))
            case syntax.Among(item, members):
                side = self.term(item)
                return any_of(self.compared("==", side, member.value) for member in members)
            case syntax.Member(item, of):
                name = self.term(item)
                return self.members(of).get(name, False)
            case syntax.Exists() | syntax.All() | syntax.Count():
                return self.of_members(node) if self.is_set(node.over.path) else self.of_records(node)
            case syntax.Term():
                raise ValueError(f"{NOT_CLOSED}: {node.name}")
            case _:
                assert_never(node)

    def is_set(self, path: str) -> bool:
        return isinstance(self.request.vocabulary.kind(path), kinds.Set)

    def of_records(self, node: syntax.Exists | syntax.All | syntax.Count) -> Truth:
        """What is asked of a list, by the way in which lists are seen."""
        own = body_of(node)

        def told(record: Record) -> Truth:
            return structs.replace(self, record=record).truth(own[1])

        match node:
            case syntax.Exists():
                return self.lists.some(own, told)
            case syntax.All():
                return negated(self.lists.some(own, told))
        return COMPARED[node.operator](self.lists.count(own, told), self.term(node.number))

    def of_members(self, node: syntax.Exists | syntax.All | syntax.Count) -> Truth:
        """What is asked of a set; its members are few and known by name."""
        each = list(self.each_member(node))
        match node:
            case syntax.Exists():
                return any_of(all_of(own) for own in each)
            case syntax.All():
                return all_of(any_of((negated(within), so)) for within, so in each)
        return COMPARED[node.operator](summed(all_of(own) for own in each), self.term(node.number))

    def each_member(self, node: syntax.Exists | syntax.All | syntax.Count) -> Iterator[tuple[Truth, Truth]]:
        """Of every member, whether it is in the set and whether the body is so of it."""
        for member, within in self.request.members(node.over.path).items():
            yield within, structs.replace(self, member=member).truth(node.body)

    def members(self, of: syntax.Fact | syntax.Field) -> dict[str, Truth]:
        if isinstance(of, syntax.Fact):
            return self.request.members(of.path)
        assert self.record
        return self.record.members(of.name)

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
                return self.record.field(name)
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


class Answers(Struct, frozen=True):
    """Writes conditions in which what is asked is only answered so or not so, and nothing of what the answers mean."""

    request: Request
    made: dict[syntax.Condition, Truth] = {}

    def truth(self, node: syntax.Condition) -> Truth:
        if isinstance(node, CONNECTED):
            return connected(node, self.truth)
        if node not in self.made:
            self.made[node] = self.request.truth()
        return self.made[node]


def _chosen(place: Any, members: tuple[str, ...], other: Term) -> Truth:
    if isinstance(other, Chosen):
        both = [own for own in members if own in other.members]
        return any_of(all_of((place == members.index(own), other.place == other.members.index(own))) for own in both)
    return place == members.index(other) if other in members else False
