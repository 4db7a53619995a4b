"""Determines the kind of a value in a condition, and the shape of terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from msgspec import Struct

from comity.facts import kinds
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.circles import find_circles

LITERALS = (syntax.Truth, syntax.Integer, syntax.Text, syntax.Day)
OPERANDS = (*LITERALS, syntax.Fact, syntax.Item, syntax.Field, syntax.Param, syntax.Sum, syntax.Shift)
ORDERED = (kinds.Number, kinds.Day)
PLURAL = (kinds.Records, kinds.Set)


class TermShape(Struct, frozen=True):
    """Whether a term has a parameter, which fields of its record it reads, and whether it contains a quantifier."""

    parameter: bool
    fields: frozenset[str] = frozenset()
    quantified: bool = False


class Scope(Struct, frozen=True):
    """The names in scope; each variable with the list or set that it ranges over, or ""."""

    vocabulary: Vocabulary
    params: Mapping[str, kinds.Kind]
    variables: Mapping[str, str] = {}

    def within(self, variable: str, over: str) -> Scope:
        return Scope(self.vocabulary, self.params, {**self.variables, variable: over})

    def over(self, variable: str) -> kinds.Kind | None:
        """The kind of the list or set that a variable ranges over."""
        return self.vocabulary.kind(self.variables.get(variable, ""))


class Fault(Struct, frozen=True):
    """A fault at a node, before it has a place in a file."""

    node: syntax.Node
    code: str
    message: str
    help: str = ""
    grave: bool = True


def kind_of(node: syntax.Operand, scope: Scope) -> kinds.Kind | None:
    """The kind of a value, or None where a name in it is not known. A sum has the unit of one of its parts."""
    match node:
        case syntax.Truth():
            return kinds.Truth()
        case syntax.Integer():
            return kinds.Number()
        case syntax.Sum():
            named = (part for part, _ in parts(node) if isinstance(part, (syntax.Fact, syntax.Field)))
            counted = (kind_of(part, scope) for part in named)
            units = (kind.unit for kind in counted if isinstance(kind, kinds.Number) and kind.unit)
            return kinds.Number(next(units, ""))
        case syntax.Text():
            return kinds.Text()
        case syntax.Day() | syntax.Shift():
            return kinds.Day()
        case syntax.Fact(path):
            return scope.vocabulary.kind(path)
        case syntax.Field(variable, name):
            kind = scope.over(variable)
            return kind.fields.get(name) if isinstance(kind, kinds.Records) else None
        case syntax.Item(variable):
            kind = scope.over(variable)
            return kinds.Choice(kind.members) if isinstance(kind, kinds.Set) else None
        case syntax.Param(name):
            return scope.params.get(name)


def alike(one: kinds.Kind, other: kinds.Kind) -> bool:
    """Whether two kinds can be compared: they are equal, or numbers with one unit, or numbers of which one has no unit."""
    if isinstance(one, kinds.Number) and isinstance(other, kinds.Number):
        return one.unit == other.unit or not one.unit or not other.unit
    return one == other


def parts(node: object) -> Iterator[tuple[syntax.Node, int]]:
    """Every node of a condition with its depth, from 1, without recursion."""
    waiting: list[tuple[object, int]] = [(node, 0)]
    while waiting:
        part, depth = waiting.pop()
        if isinstance(part, tuple):
            waiting += [(inner, depth) for inner in reversed(part)]
        elif isinstance(part, Struct):
            yield cast(syntax.Node, part), depth + 1  # the structs in a condition are nodes
            waiting += [(getattr(part, name), depth + 1) for name in reversed(part.__struct_fields__)]


def fields_of(node: object) -> frozenset[str]:
    """The fields of records that a condition reads."""
    return frozenset(part.name for part, _ in parts(node) if isinstance(part, syntax.Field))


def shapes_of(definitions: Mapping[str, tuple[str, syntax.Condition]]) -> dict[str, TermShape]:
    """The shape of each term from its parameter ("" for none) and its body, including the terms used in the body."""
    used = {
        name: [node for node, _ in parts(body) if isinstance(node, syntax.Term)]
        for name, (_, body) in definitions.items()
    }
    order = find_circles({name: dict.fromkeys(term.name for term in terms) for name, terms in used.items()})[1]
    shapes: dict[str, TermShape] = {}
    for name in order:
        parameter, body = definitions[name]
        shapes[name] = _joined(TermShape(bool(parameter), fields_of(body), _quantified(body)), used[name], shapes)
    return shapes


def _quantified(body: syntax.Condition) -> bool:
    return any(isinstance(part, (syntax.Exists, syntax.All, syntax.Count)) for part, _ in parts(body))


def _joined(shape: TermShape, used: list[syntax.Term], shapes: Mapping[str, TermShape]) -> TermShape:
    inner = [(term, shapes[term.name]) for term in used if term.name in shapes]
    fields = shape.fields.union(*(used.fields for term, used in inner if shape.parameter and term.argument))
    return TermShape(shape.parameter, fields, shape.quantified or any(used.quantified for _, used in inner))
