"""Conditions in normal form as JSON arrays: an operator, then its parts. `engine.js` compiles them to functions."""

from __future__ import annotations

from typing import Any, TypeAlias, assert_never

from comity.language import syntax

Json: TypeAlias = list[Any]


def condition_json(node: syntax.Condition) -> Json:
    """A condition on facts, or on the fields of one record, as `["and", ...]`; quantifiers are questions, and not parts."""
    match node:
        case syntax.Truth(value):
            return ["truth", value]
        case syntax.Fact() | syntax.Field():
            return operand_json(node)
        case syntax.Not(body):
            return ["not", condition_json(body)]
        case syntax.And(parts):
            return ["and", *map(condition_json, parts)]
        case syntax.Or(parts):
            return ["or", *map(condition_json, parts)]
        case syntax.Compare(operator, left, right):
            return [operator, operand_json(left), operand_json(right)]
        case syntax.Member(syntax.Text(item), of):
            return ["in", item, operand_json(of)]
        case syntax.Member() | syntax.Among() | syntax.Exists() | syntax.All() | syntax.Count() | syntax.Term():
            raise ValueError(f"not a part of a normal condition: {node}")
        case _:
            assert_never(node)


def operand_json(node: syntax.Operand) -> Json:
    """A side of a comparison: `["fact", path]`, `["field", name]`, a literal, a sum, or a day that is moved."""
    match node:
        case syntax.Truth(value) | syntax.Integer(value) | syntax.Text(value):
            return ["is", value]
        case syntax.Day(value):
            return ["day", value.isoformat()]
        case syntax.Fact(path):
            return ["fact", path]
        case syntax.Field(_, name):
            return ["field", name]
        case syntax.Sum(left, right, minus):
            return ["sum", operand_json(left), operand_json(right), -1 if minus else 1]
        case syntax.Shift(day, unit, amount, minus):
            return ["shift", operand_json(day), unit, operand_json(amount), -1 if minus else 1]
        case syntax.Item() | syntax.Param():
            raise ValueError(f"not a side of a normal comparison: {node}")
        case _:
            assert_never(node)
