"""Of what kind a value in a condition is."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from comity.facts import kinds
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax

LITERALS = (syntax.Truth, syntax.Integer, syntax.Text, syntax.Day)
ORDERED = (kinds.Number, kinds.Day)


class TermShape(Struct, frozen=True):
    """Whether a term is said of a record, and which of the record's fields it reads."""

    parameter: bool
    fields: frozenset[str] = frozenset()


class Scope(Struct, frozen=True):
    """The names that give a value its kind; each quantified variable with the list or set that it runs over."""

    vocabulary: Vocabulary
    params: Mapping[str, kinds.Kind]
    variables: Mapping[str, str] = {}

    def within(self, variable: str, over: str) -> Scope:
        return Scope(self.vocabulary, self.params, {**self.variables, variable: over})


def kind_of(node: syntax.Operand | syntax.Fact | syntax.Field, scope: Scope) -> kinds.Kind | None:
    """The kind of a value, or None where a name in it is not known."""
    match node:
        case syntax.Truth():
            return kinds.Truth()
        case syntax.Integer() | syntax.Sum():
            return kinds.Number()
        case syntax.Text():
            return kinds.Text()
        case syntax.Day() | syntax.Shift():
            return kinds.Day()
        case syntax.Fact(path):
            return scope.vocabulary.kind(path)
        case syntax.Field(variable, name):
            return scope.vocabulary.kind(f"{scope.variables.get(variable, '')}[].{name}")
        case syntax.Item(variable):
            kind = scope.vocabulary.kind(scope.variables.get(variable, ""))
            return kinds.Choice(kind.members) if isinstance(kind, kinds.Set) else None
        case syntax.Param(name):
            return scope.params.get(name)


def plural_kind(path: str, scope: Scope) -> str:
    """Whether a path names a `list`, a `set`, or neither."""
    kind = scope.vocabulary.kind(path)
    return "list" if isinstance(kind, kinds.Records) else "set" if isinstance(kind, kinds.Set) else ""


def fields_of(node: object) -> frozenset[str]:
    """The fields of records that a condition reads."""
    if isinstance(node, syntax.Field):
        return frozenset({node.name})
    inner = node if isinstance(node, tuple) else [getattr(node, name) for name in getattr(node, "__struct_fields__", ())]
    return frozenset(name for part in inner for name in fields_of(part))
