"""Parts of a condition that can never matter, and day sums that the law may mean otherwise: warnings, not errors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from comity.facts import kinds
from comity.finding import Finding
from comity.language import syntax
from comity.language.connect import denial
from comity.language.kinding import Scope, kind_of
from comity.language.parse import Parsed
from comity.language.show import show


def dead_branches(parsed: Parsed, scope: Scope) -> list[Finding]:
    """A warning for each part that changes nothing, and for each day sum that differs on leap days."""
    return [_finding(parsed, node, code, message, help) for node, code, message, help in _warnings(parsed.condition, scope)]


def _finding(parsed: Parsed, node: syntax.Node, code: str, message: str, help: str) -> Finding:
    place, excerpt = parsed.where(node)
    return Finding(code, place, message, help, False, excerpt)


def _warnings(node: syntax.Condition, scope: Scope) -> Iterator[tuple[syntax.Node, str, str, str]]:
    match node:
        case syntax.Not(body):
            if isinstance(body, syntax.Not):
                yield node, "twice-denied", "this is denied twice", "leave both out"
            yield from _warnings(body, scope)
        case syntax.And(parts) | syntax.Or(parts):
            yield from _group(node, parts)
            for part in parts:
                yield from _warnings(part, scope)
        case syntax.Exists(over, variable, body) | syntax.All(over, variable, body) | syntax.Count(over, variable, body):
            yield from _warnings(body, scope.within(variable, over.path))
        case syntax.Among(_, members):
            if len(set(members)) < len(members):
                yield node, "doubled-member", "a member stands twice in this list", "keep one of them"
        case syntax.Compare():
            yield from _bound(node, scope)
            yield from _leap(node)


def _group(node: syntax.And | syntax.Or, parts: Sequence[syntax.Condition]) -> Iterator[tuple[syntax.Node, str, str, str]]:
    sign = "&&" if isinstance(node, syntax.And) else "||"
    seen: set[syntax.Condition] = set()
    for part in parts:
        if isinstance(part, syntax.Truth):
            yield part, "literal-part", f"{show(part)} beside {sign} settles the group or changes nothing", "leave it out"
        if part in seen:
            yield part, "doubled-part", f"{show(part)} stands twice in this group", "leave one out"
        if denial(part) in seen:
            never = "is never so" if sign == "&&" else "is always so"
            yield part, "contradiction", f"this stands beside its contrary, so the group {never}", "leave one out"
        seen.add(part)
    yield from _two_members(node, parts)


def _two_members(node: syntax.And | syntax.Or, parts: Sequence[syntax.Condition]) -> Iterator[tuple[syntax.Node, str, str, str]]:
    """`x == "a" && x == "b"` is never so."""
    given: dict[syntax.Operand, syntax.Operand] = {}
    for part in parts if isinstance(node, syntax.And) else ():
        if not (isinstance(part, syntax.Compare) and part.operator == "==" and isinstance(part.right, (syntax.Text, syntax.Integer))):
            continue
        if given.setdefault(part.left, part.right) != part.right:
            yield part, "contradiction", f"{show(part.left)} cannot have two values at once", "use || between them"


def _bound(node: syntax.Compare, scope: Scope) -> Iterator[tuple[syntax.Node, str, str, str]]:
    """A number below the least that it can be."""
    kind = kind_of(node.left, scope)
    if isinstance(node.right, syntax.Integer) and isinstance(kind, kinds.Number) and isinstance(node.left, (syntax.Fact, syntax.Field)):
        least, number = kind.minimum, node.right.value
        always = node.operator in (">", ">=", "!=") and (number < least or (number == least and node.operator == ">="))
        never = node.operator in ("<", "<=", "==") and (number < least or (number == least and node.operator == "<"))
        if always or never:
            yield node, "settled", f"{show(node.left)} is at least {least}, so this is {'always' if always else 'never'} so", "leave it out"


def _leap(node: syntax.Compare) -> Iterator[tuple[syntax.Node, str, str, str]]:
    for side, other in ((node.left, node.right), (node.right, node.left)):
        if isinstance(side, syntax.Shift) and side.minus and side.unit != "days" and not isinstance(other, syntax.Day):
            turned = f"{show(other)} + {side.unit}({show(side.amount)})"
            message = f"{show(side)} and {turned} differ at the end of a month"
            yield node, "leap-day", message, f"which does the law count: back from {show(side.day)}, or on from {show(other)}?"
