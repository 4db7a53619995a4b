"""Translates closed conditions into formulas of the solver.

Conditions are translated as the law has them, not in the normal form that the other engines share, so that a fault in that
form shows as a disagreement of two engines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, assert_never

from msgspec import Struct, structs

from comity.engine.solver.days import SomeDay, certain, moved
from comity.engine.solver.facts import SymbolicChoice, SymbolicName, SymbolicRecord, SymbolicRequest, Term
from comity.engine.solver.lists import Lists, body_of, summed
from comity.engine.solver.logic import Truth, all_of, any_of, negated
from comity.facts import kinds
from comity.language import syntax
from comity.language.evaluate import COMPARED

Connected: TypeAlias = syntax.Truth | syntax.Not | syntax.And | syntax.Or
CONNECTED = (syntax.Truth, syntax.Not, syntax.And, syntax.Or)
NOT_CLOSED = "the condition is not closed"


def connected(node: Connected, truth: Callable[[syntax.Condition], Truth]) -> Truth:
    """The formula of a connective; `truth` translates the conditions that it connects."""
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
    """Translates conditions about one request, with what they mean.

    Takes a request whose unknown facts are free variables, and a view of lists that says how quantifiers are translated.
    Gives for each condition a formula that is true for exactly those values of the free variables for which the condition
    is true. Inside a quantifier, `record` or `member` is the value of its variable.
    """

    request: SymbolicRequest
    lists: Lists
    record: SymbolicRecord | None = None
    member: str = ""

    def truth(self, node: syntax.Condition) -> Truth:
        """The formula of a condition; True or False where it depends on no free variable."""
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
        """A quantifier over a list, by the view of lists.

        `all` is translated as: no record fails.
        """
        body = body_of(node)

        def satisfies(record: SymbolicRecord) -> Truth:
            return structs.replace(self, record=record).truth(body[1])

        match node:
            case syntax.Exists():
                return self.lists.some(body, satisfies)
            case syntax.All():
                return negated(self.lists.some(body, satisfies))
        return COMPARED[node.operator](self.lists.count(body, satisfies), self.term(node.number))

    def of_members(self, node: syntax.Exists | syntax.All | syntax.Count) -> Truth:
        """A quantifier over a set, written out for every member that its kind allows."""
        members = list(self.each_member(node))
        match node:
            case syntax.Exists():
                return any_of(all_of(member) for member in members)
            case syntax.All():
                return all_of(any_of((negated(within), so)) for within, so in members)
        return COMPARED[node.operator](summed(all_of(member) for member in members), self.term(node.number))

    def each_member(self, node: syntax.Exists | syntax.All | syntax.Count) -> Iterator[tuple[Truth, Truth]]:
        """For every possible member, whether it is in the set and satisfies the body."""
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
        if isinstance(right, (SymbolicChoice, SymbolicName)):
            left, right = right, left
        match left:
            case SymbolicName(number):
                return number == (right.number if isinstance(right, SymbolicName) else self.request.number_of(right))
            case SymbolicChoice(place, members):
                return _chosen(place, members, right)
        return COMPARED[operator](left, right)

    def ordered(self, operator: syntax.Comparison, left: SomeDay, right: SomeDay) -> Truth:
        """A comparison of two days, reduced to whether one is before the other."""
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
                first, second = self.term(left), self.term(right)
                return first - second if minus else first + second
            case syntax.Shift(day, unit, amount, minus):
                by = self.term(amount)
                return moved(self.term(day), unit, -by if minus else by)
            case syntax.Param():
                raise ValueError(f"{NOT_CLOSED}: params.{node.name}")
            case _:
                assert_never(node)


class Answers(Struct, frozen=True):
    """Translates conditions with each atom as a free truth, whatever the atom means.

    Two atoms that contradict each other are independent here. So what follows from these formulas is true of every request,
    but a solution of them need not be a request. It is used to find which answers suffice for an outcome.
    """

    request: SymbolicRequest
    atoms: dict[syntax.Condition, Truth] = {}

    def truth(self, node: syntax.Condition) -> Truth:
        """The formula of a condition over the free truths of its atoms."""
        if isinstance(node, CONNECTED):
            return connected(node, self.truth)
        if node not in self.atoms:
            self.atoms[node] = self.request.truth()
        return self.atoms[node]


def _chosen(place: Any, members: tuple[str, ...], other: Term) -> Truth:
    if isinstance(other, SymbolicChoice):
        both = [member for member in members if member in other.members]
        return any_of(
            all_of((place == members.index(member), other.place == other.members.index(member))) for member in both
        )
    return place == members.index(other) if other in members else False
