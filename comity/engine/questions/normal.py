"""The normal form of a closed condition, in which the same question is always written the same way.

Only `!`, `&&`, `||` and atoms are left. A comparison of ordered values is `<` between two sides, or the denial of
one; `all` is the denial of an `exists`; every count is `>=`; what asks about a set asks about its members.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from typing import Any, TypeAlias, assert_never

from msgspec import Struct, structs

from comity.engine.questions.cached import cached_for
from comity.facts import kinds
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.connect import ALWAYS, NEVER, all_of, any_of, denial

VARIABLE = "it"
ORDERED = (kinds.Number, kinds.Day)
Literal: TypeAlias = syntax.Truth | syntax.Integer | syntax.Text | syntax.Day
LITERALS = (syntax.Truth, syntax.Integer, syntax.Text, syntax.Day)


def normal(condition: syntax.Condition, vocabulary: Vocabulary) -> syntax.Condition:
    """The normal form of a closed condition, which is true exactly when the condition is."""
    return cached_for(vocabulary, _normal)(condition)


def _normal(vocabulary: Vocabulary, condition: syntax.Condition) -> syntax.Condition:
    return _Form(vocabulary).of(condition)


class _Form(Struct, frozen=True):
    """Rewrites one condition; inside a quantifier `over` is the list, and inside a set's `member` the member meant."""

    vocabulary: Vocabulary
    over: str = ""
    member: str = ""

    def of(self, node: syntax.Condition) -> syntax.Condition:
        match node:
            case syntax.Truth() | syntax.Fact() | syntax.Field():
                return structs.replace(node, variable=VARIABLE) if isinstance(node, syntax.Field) else node
            case syntax.Not(body):
                return denial(self.of(body))
            case syntax.And(parts):
                return all_of(self.of(part) for part in parts)
            case syntax.Or(parts):
                return any_of(self.of(part) for part in parts)
            case syntax.Compare(operator, left, right):
                return self.compare(operator, self.side(left), self.side(right))
            case syntax.Among(item, members):
                side = self.side(item)
                return any_of(self.compare("==", side, member) for member in members)
            case syntax.Member(item, of):
                return self.membership(item, of)
            case syntax.Exists(over, _, body):
                return self.at_least(over.path, body, 1)
            case syntax.All(over, _, body):
                return denial(self.at_least(over.path, syntax.Not(body), 1))
            case syntax.Count():
                return self.count(node)
            case syntax.Term():
                raise ValueError(f"the condition is not closed: {node.name}")
            case _:
                assert_never(node)

    def side(self, operand: syntax.Operand) -> syntax.Operand:
        match operand:
            case syntax.Item():
                return syntax.Text(self.member)
            case syntax.Field(_, name):
                return syntax.Field(VARIABLE, name)
            case syntax.Sum(left, right, minus):
                return syntax.Sum(self.side(left), self.side(right), minus)  # type: ignore[arg-type]
            case syntax.Shift(day, unit, amount, minus):
                return syntax.Shift(self.side(day), unit, self.side(amount), minus)  # type: ignore[arg-type]
            case _:
                return operand

    def kind(self, operand: syntax.Operand) -> kinds.Kind | None:
        match operand:
            case syntax.Fact(path):
                return self.vocabulary.kind(path) or kinds.Truth()
            case syntax.Field(_, name):
                return self.vocabulary.kind(f"{self.over}[].{name}")
            case syntax.Integer() | syntax.Sum():
                return kinds.Number()
            case syntax.Day() | syntax.Shift():
                return kinds.Day()
        return None

    def compare(self, sign: syntax.Comparison, left: syntax.Operand, right: syntax.Operand) -> syntax.Condition:
        if isinstance(left, LITERALS) and isinstance(right, LITERALS):
            return (
                syntax.Truth(left == right if sign == "==" else left != right)
                if sign in ("==", "!=")
                else _literal(sign, left, right)
            )
        match sign:
            case "!=":
                return denial(self.compare("==", left, right))
            case "==":
                return self.equal(left, right)
            case "<":
                return syntax.Compare("<", left, right)
            case ">":
                return syntax.Compare("<", right, left)
            case "<=":
                return denial(syntax.Compare("<", right, left))
            case ">=":
                return denial(syntax.Compare("<", left, right))

    def equal(self, left: syntax.Operand, right: syntax.Operand) -> syntax.Condition:
        kind = self.kind(left) or self.kind(right)
        if isinstance(kind, ORDERED):
            return all_of([denial(syntax.Compare("<", left, right)), denial(syntax.Compare("<", right, left))])
        if isinstance(left, LITERALS):
            left, right = right, left
        if isinstance(right, syntax.Truth) and isinstance(left, (syntax.Fact, syntax.Field)):
            return left if right.value else denial(left)
        if isinstance(right, LITERALS):
            return syntax.Compare("==", left, right)
        return self.same(left, right, kind)

    def same(self, left: syntax.Operand, right: syntax.Operand, kind: kinds.Kind | None) -> syntax.Condition:
        """Two facts with one value: spelled out over the values that both can have."""
        if (
            isinstance(kind, kinds.Truth)
            and isinstance(left, syntax.Fact | syntax.Field)
            and isinstance(right, syntax.Fact | syntax.Field)
        ):
            return any_of([all_of([left, right]), all_of([denial(left), denial(right)])])
        if isinstance(kind, kinds.Choice):
            named = [syntax.Text(member) for member in kind.members]
            return any_of(
                all_of([syntax.Compare("==", left, text), syntax.Compare("==", right, text)]) for text in named
            )
        first, second = sorted((left, right), key=repr)
        return syntax.Compare("==", first, second)

    def membership(self, item: syntax.Text | syntax.Item, of: syntax.Fact | syntax.Field) -> syntax.Condition:
        text = syntax.Text(self.member) if isinstance(item, syntax.Item) else item
        return syntax.Member(text, syntax.Field(VARIABLE, of.name) if isinstance(of, syntax.Field) else of)

    def at_least(self, path: str, body: syntax.Condition, number: int) -> syntax.Condition:
        """That `number` or more records, or members, satisfy a body."""
        if number <= 0:
            return ALWAYS
        kind = self.vocabulary.kind(path)
        if isinstance(kind, kinds.Set):
            return self.members_at_least(path, kind.members, body, number)
        inner = _Form(self.vocabulary, path).of(body)
        if inner == NEVER:
            return NEVER
        over = syntax.Fact(path)
        if number > 1:
            return syntax.Count(over, VARIABLE, inner, ">=", syntax.Integer(number))
        if isinstance(inner, syntax.Or):
            return any_of(syntax.Exists(over, VARIABLE, part) for part in inner.parts)
        return syntax.Exists(over, VARIABLE, inner)

    def members_at_least(
        self, path: str, members: tuple[str, ...], body: syntax.Condition, number: int
    ) -> syntax.Condition:
        within = [
            all_of(
                [syntax.Member(syntax.Text(member), syntax.Fact(path)), _Form(self.vocabulary, path, member).of(body)]
            )
            for member in members
        ]
        possible = [part for part in within if part != NEVER]
        return any_of(all_of(chosen) for chosen in combinations(possible, number))

    def count(self, node: syntax.Count) -> syntax.Condition:
        assert isinstance(node.number, syntax.Integer)
        path, body, number = node.over.path, node.body, node.number.value
        match node.operator:
            case ">=":
                return self.at_least(path, body, number)
            case ">":
                return self.at_least(path, body, number + 1)
            case "<":
                return denial(self.at_least(path, body, number))
            case "<=":
                return denial(self.at_least(path, body, number + 1))
            case "==":
                return all_of([self.at_least(path, body, number), denial(self.at_least(path, body, number + 1))])
            case "!=":
                return denial(self.count(structs.replace(node, operator="==")))


def _literal(sign: str, left: Literal, right: Literal) -> syntax.Condition:
    compare: Mapping[str, Callable[[int, int], bool]] = {
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
    }
    return syntax.Truth(compare[sign](left.value, right.value))  # type: ignore[arg-type]


def by_constants(
    parts: Iterable[syntax.Condition],
) -> tuple[dict[syntax.Fact | syntax.Field, list[Any]], list[syntax.Condition]]:
    """The parts of an Or in normal form that test one fact for equality with a constant, by fact, and the other parts.

    An engine looks such a fact up once, among all the constants.
    """
    equal: dict[syntax.Fact | syntax.Field, list[Any]] = {}
    others: list[syntax.Condition] = []
    for part in parts:
        if (
            isinstance(part, syntax.Compare)
            and part.operator == "=="
            and isinstance(part.left, (syntax.Fact, syntax.Field))
            and isinstance(part.right, (syntax.Integer, syntax.Text, syntax.Day))
        ):
            equal.setdefault(part.left, []).append(part.right.value)
        else:
            others.append(part)
    return equal, others
