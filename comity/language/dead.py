"""Finds parts of a condition without effect, and day sums that the law may mean differently: warnings, not errors.

For conditions in which `language.check` finds nothing wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from comity.facts import kinds
from comity.language import syntax
from comity.language.connect import denial
from comity.language.kinding import Fault, Scope, kind_of
from comity.language.show import show
from comity.language.values import Relation, base, relation

SHOWN_MAX = 60  # characters of a part quoted in a message; the excerpt shows the rest


def dead_branches(condition: syntax.Condition, scope: Scope) -> Iterator[Fault]:
    """A warning for each part without effect, and for each day sum that differs on leap days."""
    match condition:
        case syntax.Not(body):
            if isinstance(body, syntax.Not):
                yield _warning(condition, "twice-denied", "this is denied twice", "leave both out")
            elif isinstance(body, syntax.Truth):
                yield _warning(condition, "literal-part", "a literal is denied", f"write {show(denial(body))}")
            yield from dead_branches(body, scope)
        case syntax.And(parts) | syntax.Or(parts):
            yield from _group(condition, parts, scope)
            for part in parts:
                yield from dead_branches(part, scope)
        case syntax.Exists() | syntax.All() | syntax.Count():
            yield from _counted(condition)
            yield from dead_branches(condition.body, scope.within(condition.variable, condition.over.path))
        case syntax.Among():
            yield from _doubled_members(condition)
            yield from _settled(condition, scope)
        case syntax.Compare():
            yield from _settled(condition, scope)
            yield from _leap(condition, condition.left, condition.right)


def _warning(node: syntax.Node, code: str, message: str, help: str) -> Fault:
    return Fault(node, code, message, help, grave=False)


def _brief(node: syntax.Node) -> str:
    text = show(node)
    return text if len(text) <= SHOWN_MAX else "this part"


def _group(node: syntax.And | syntax.Or, parts: Sequence[syntax.Condition], scope: Scope) -> Iterator[Fault]:
    every = isinstance(node, syntax.And)
    sign, so = ("&&", "never true") if every else ("||", "always true")
    seen: set[syntax.Condition] = set()
    contrary = False
    for part in parts:
        if isinstance(part, syntax.Truth):
            effect = "changes nothing" if part.value is every else f"makes the whole group {so}"
            yield _warning(part, "literal-part", f"{show(part)} beside {sign} {effect}", "leave it out")
        elif part in seen:
            yield _warning(part, "doubled-part", f"{_brief(part)} is given twice in this group", "leave one out")
        elif denial(part) in seen:
            contrary = True
            message = f"{_brief(part)} is beside its negation, so the group is {so}"
            yield _warning(part, "contradiction", message, "leave one out, or join them otherwise")
        seen.add(part)
    if not contrary:
        yield from _together(every, parts, scope)


def _together(every: bool, parts: Sequence[syntax.Condition], scope: Scope) -> Iterator[Fault]:
    """Comparisons of one value that cannot all be true (&&), or that cannot all be false (||)."""
    about: dict[syntax.Operand, list[tuple[syntax.Condition, Relation]]] = {}
    for part in parts:
        found = relation(part)
        if found and not any(_settled_atom(part, scope)):
            about.setdefault(found.item, []).append((part, found if every else found.denied()))
    for item, relations in about.items():
        left = base(item, scope)
        if len(relations) < 2 or left is None:
            continue
        for _, found in relations:
            left.narrow(found)
        if left.empty():
            yield _against(every, item, relations[-1][0])


def _against(every: bool, item: syntax.Operand, part: syntax.Condition) -> Fault:
    if every:
        message = f"no value of {show(item)} satisfies these parts together, so the group is never true"
        return _warning(part, "contradiction", message, "if one of them is enough, join them by ||")
    message = f"every value of {show(item)} satisfies one of these parts, so the group is always true"
    return _warning(part, "contradiction", message, "if all of them are needed, join them by &&")


def _settled_atom(node: syntax.Condition, scope: Scope) -> Iterator[Fault]:
    inner = node.body if isinstance(node, syntax.Not) else node
    if isinstance(inner, (syntax.Compare, syntax.Among)):
        yield from _settled(inner, scope)


def _settled(node: syntax.Compare | syntax.Among, scope: Scope) -> Iterator[Fault]:
    """A warning for a comparison that no value, or every value, satisfies."""
    if isinstance(node, syntax.Compare) and node.left == node.right:
        so = "always" if node.operator in ("==", "<=", ">=") else "never"
        yield _warning(
            node, "settled", f"{_brief(node.left)} is compared with itself, so this is {so} true", "leave it out"
        )
        return
    found = relation(node)
    for so, tried in (("never", found), ("always", found and found.denied())):
        left = base(tried.item, scope) if tried else None
        if tried and left:
            left.narrow(tried)
            if left.empty():
                message = f"{_reason(tried.item, scope)}, so this is {so} true"
                yield _warning(node, "settled", message, "leave it out")


def _reason(item: syntax.Operand, scope: Scope) -> str:
    kind = kind_of(item, scope)
    if isinstance(kind, kinds.Number):
        return f"{show(item)} is at least {kind.minimum}"
    return f"{show(item)} has no other members"


def _counted(node: syntax.Quantifier) -> Iterator[Fault]:
    if isinstance(node, syntax.Count) and node.number == syntax.Integer(0) and node.operator in ("<", ">="):
        so = "always" if node.operator == ">=" else "never"
        yield _warning(node, "settled", f"a count is at least 0, so this is {so} true", "leave it out")


def _doubled_members(node: syntax.Among) -> Iterator[Fault]:
    seen: set[syntax.Text | syntax.Integer] = set()
    for member in node.members:
        if member in seen:
            yield _warning(member, "doubled-member", f"{show(member)} is given twice in this list", "leave one out")
        seen.add(member)


def _leap(node: syntax.Compare, left: syntax.Operand, right: syntax.Operand) -> Iterator[Fault]:
    """A warning for a day sum: `d >= r - years(15)` and `d + years(15) >= r` differ at the end of February."""
    if isinstance(right, syntax.Shift) and right.minus and right.unit != "days":
        turned = f"{show(left)} + {right.unit}({show(right.amount)}) {node.operator} {show(right.day)}"
    elif isinstance(left, syntax.Shift) and left.minus and left.unit != "days":
        turned = f"{show(left.day)} {node.operator} {show(right)} + {left.unit}({show(left.amount)})"
    else:
        return
    message = f"{show(node)} counts back, and differs on leap days from {turned}"
    yield _warning(node, "leap-day", message, "which of the two does the law say?")
