"""Of what kind a value in a condition is, and which names its kind depends on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from msgspec import Struct

from comity.facts import kinds
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax

LITERALS = (syntax.Truth, syntax.Integer, syntax.Text, syntax.Day)
OPERANDS = (*LITERALS, syntax.Fact, syntax.Item, syntax.Field, syntax.Param, syntax.Sum, syntax.Shift)
ORDERED = (kinds.Number, kinds.Day)
PLURAL = (kinds.Records, kinds.Set)


class TermShape(Struct, frozen=True):
    """Whether a term is said of a record, which of the record's fields it reads, and whether it holds a quantifier."""

    parameter: bool
    fields: frozenset[str] = frozenset()
    quantified: bool = False


class Scope(Struct, frozen=True):
    """The names that give a value its kind; each variable with the list or set that it runs over, "" where none."""

    vocabulary: Vocabulary
    params: Mapping[str, kinds.Kind]
    variables: Mapping[str, str] = {}

    def within(self, variable: str, over: str) -> Scope:
        return Scope(self.vocabulary, self.params, {**self.variables, variable: over})

    def over(self, variable: str) -> kinds.Kind | None:
        """The kind of the list or set that a variable runs over."""
        return self.vocabulary.kind(self.variables.get(variable, ""))


class Fault(Struct, frozen=True):
    """What is wrong at a node, before it has a place in a file."""

    node: syntax.Node
    code: str
    message: str
    help: str = ""
    grave: bool = True


def kind_of(node: syntax.Operand, scope: Scope) -> kinds.Kind | None:
    """The kind of a value, or None where a name in it is not known. A sum counts what one of its parts counts."""
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
    """Whether two kinds can be compared: both the same, and numbers that count the same or one of which counts nothing."""
    if isinstance(one, kinds.Number) and isinstance(other, kinds.Number):
        return one.unit == other.unit or not one.unit or not other.unit
    return one == other


def parts(node: object) -> Iterator[tuple[syntax.Node, int]]:
    """Every node of a condition with how deep it lies, from 1; needs no stack, however deep the condition is."""
    waiting: list[tuple[object, int]] = [(node, 0)]
    while waiting:
        part, depth = waiting.pop()
        if isinstance(part, tuple):
            waiting += [(inner, depth) for inner in reversed(part)]
        elif isinstance(part, Struct):
            yield cast(syntax.Node, part), depth + 1  # a condition holds no other structs than nodes
            waiting += [(getattr(part, name), depth + 1) for name in reversed(part.__struct_fields__)]


def fields_of(node: object) -> frozenset[str]:
    """The fields of records that a condition reads."""
    return frozenset(part.name for part, _ in parts(node) if isinstance(part, syntax.Field))


def shapes(definitions: Mapping[str, tuple[str, syntax.Condition]]) -> dict[str, TermShape]:
    """The shape of each term from its parameter ("" for none) and its body, with what the terms in its body bring."""
    found = {
        name: TermShape(bool(parameter), fields_of(body), _quantified(body))
        for name, (parameter, body) in definitions.items()
    }
    named = {
        name: [node for node, _ in parts(body) if isinstance(node, syntax.Term)]
        for name, (_, body) in definitions.items()
    }
    for _ in found:  # a chain of terms is no longer than there are terms; circles end here too
        before = dict(found)
        found = {name: _joined(shape, named[name], before) for name, shape in before.items()}
        if found == before:
            break
    return found


def _quantified(body: syntax.Condition) -> bool:
    return any(isinstance(part, (syntax.Exists, syntax.All, syntax.Count)) for part, _ in parts(body))


def _joined(shape_of_term: TermShape, named: list[syntax.Term], known: Mapping[str, TermShape]) -> TermShape:
    inner = [(term, known[term.name]) for term in named if term.name in known]
    fields = shape_of_term.fields.union(
        *(shape.fields for term, shape in inner if shape_of_term.parameter and term.argument)
    )
    return TermShape(
        shape_of_term.parameter, fields, shape_of_term.quantified or any(shape.quantified for _, shape in inner)
    )


def term_uses(condition: syntax.Condition, variable: str = "", over: str = "") -> frozenset[tuple[str, str]]:
    """Each term applied to a record or member, with the list or set that it comes from.

    `variable` is the parameter of the term that the condition defines, used on `over`. A quantifier holds no other,
    so each of its nodes has one variable.
    """
    found: set[tuple[str, str]] = set(_applied(condition, variable, over))
    for part, _ in parts(condition):
        if isinstance(part, (syntax.Exists, syntax.All, syntax.Count)):
            found |= set(_applied(part.body, part.variable, part.over.path))
    return frozenset(found)


def _applied(condition: syntax.Condition, variable: str, over: str) -> Iterator[tuple[str, str]]:
    for part, _ in parts(condition) if variable and over else ():
        if isinstance(part, syntax.Term) and part.argument == variable:
            yield part.name, over
