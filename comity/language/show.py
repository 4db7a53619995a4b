"""Writes syntax as text that `parse` reads as the same condition, with as few parentheses as possible.

A comparison under `!` keeps its parentheses: in other dialects of CEL, `!` binds to the left side alone.
"""

from __future__ import annotations

from typing import TypeAlias, assert_never

from comity.language import syntax

WIDTH = 88
INDENT = "    "
Leaf: TypeAlias = (
    syntax.Truth | syntax.Integer | syntax.Text | syntax.Day | syntax.Fact | syntax.Item | syntax.Field | syntax.Param
)


def show(condition: syntax.Node) -> str:
    """The text of a condition, or of a value in one, on one line."""
    match condition:
        case syntax.Or(parts):
            return " || ".join(_part(part, syntax.Or) for part in parts)
        case syntax.And(parts):
            return " && ".join(_part(part, syntax.And, syntax.Or) for part in parts)
        case syntax.Not(body):
            return f"!{_denied(body)}"
        case syntax.Compare(operator, left, right):
            return f"{show(left)} {operator} {show(right)}"
        case syntax.Among(item, members):
            return f"{show(item)} in [{', '.join(show(member) for member in members)}]"
        case syntax.Member(item, of):
            return f"{show(item)} in {show(of)}"
        case syntax.Exists() | syntax.All() | syntax.Count():
            return f"{_opening(condition)}, {show(condition.body)}{_closing(condition)}"
        case syntax.Term(name, argument):
            return f"{name}({argument})" if argument else name
        case syntax.Sum(left, right, minus):
            return f"{show(left)} {_sign(minus)} {show(right)}"
        case syntax.Shift(day, unit, amount, minus):
            return f"{show(day)} {_sign(minus)} {unit}({show(amount)})"
        case _:
            return _leaf(condition)


def show_lines(condition: syntax.Condition, width: int = WIDTH) -> list[str]:
    """The text on lines of at most `width` characters, broken before && and || and inside quantifiers.

    A single comparison or term that is wider is not broken.
    """
    line = show(condition)
    if len(line) <= width:
        return [line]
    match condition:
        case syntax.And(parts) | syntax.Or(parts):
            sign = "&& " if isinstance(condition, syntax.And) else "|| "
            first, *others = [_part_lines(part, width - len(sign)) for part in parts]
            return first + [added for lines in others for added in (sign + lines[0], *lines[1:])]
        case syntax.Not(syntax.And() | syntax.Or() | syntax.Count() as body):
            return _enclosed("!(", body, ")", width)
        case syntax.Not(body) if _denied(body) == show(body):
            opening, *rest = show_lines(body, width - 1)
            return [f"!{opening}", *rest]
        case syntax.Exists() | syntax.All() | syntax.Count():
            return _enclosed(f"{_opening(condition)},", condition.body, _closing(condition), width)
        case _:
            return [line]


def _leaf(node: Leaf) -> str:
    match node:
        case syntax.Truth(value):
            return "true" if value else "false"
        case syntax.Integer(value):
            return str(value)
        case syntax.Text(value):
            return f'"{value}"'
        case syntax.Day(value):
            return f'day("{value.isoformat()}")'
        case syntax.Fact(path):
            return path
        case syntax.Item(variable):
            return variable
        case syntax.Field(variable, name):
            return f"{variable}.{name}"
        case syntax.Param(name):
            return f"params.{name}"
        case _:
            assert_never(node)


def _part(part: syntax.Condition, *enclosed: type[syntax.And | syntax.Or]) -> str:
    return f"({show(part)})" if isinstance(part, enclosed) else show(part)


def _denied(body: syntax.Condition) -> str:
    joined = (syntax.And, syntax.Or, syntax.Compare, syntax.Among, syntax.Member, syntax.Count)
    return f"({show(body)})" if isinstance(body, joined) else show(body)


def _sign(minus: bool) -> str:
    return "-" if minus else "+"


def _opening(node: syntax.Quantifier) -> str:
    name = {syntax.Exists: "exists", syntax.All: "all", syntax.Count: "count"}[type(node)]
    return f"{show(node.over)}.{name}({node.variable}"


def _closing(node: syntax.Quantifier) -> str:
    return f") {node.operator} {show(node.number)}" if isinstance(node, syntax.Count) else ")"


def _part_lines(part: syntax.Condition, width: int) -> list[str]:
    """One part of a broken group; a group inside it is put in parentheses, which the parser drops."""
    if not isinstance(part, (syntax.And, syntax.Or)):
        return show_lines(part, width)
    if len(show(part)) + 2 <= width:
        return [f"({show(part)})"]
    return _enclosed("(", part, ")", width)


def _enclosed(opening: str, body: syntax.Condition, closing: str, width: int) -> list[str]:
    inner = show_lines(body, width - len(INDENT))
    return [opening, *(INDENT + line for line in inner), closing]
