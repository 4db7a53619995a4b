"""Of the records of lists (warrants, convictions, charges), the fields on which the law of a place turns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from comity.decision.held_law import held_law
from comity.desk.desk import Desk
from comity.language import syntax
from comity.language.nodes import nodes_in
from comity.law.in_force import Agency, Stack


def fields_turned_on(desk: Desk, day: date) -> dict[str, tuple[str, ...]]:
    """By list, the fields of its records that the law in force on a day asks about, in the order of the vocabulary."""
    agency = Agency(desk.bound.agency_kind, desk.bound.agency_name)
    stack = held_law(desk.library).stack(desk.bound.place, day, agency)
    return {path: _in_order(path, names, stack) for path, names in _fields_read(stack).items()}


def _fields_read(stack: Stack) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for effect in stack.standing:
        for node in nodes_in(effect.when):
            if isinstance(node, (syntax.Exists, syntax.All, syntax.Count)):
                inside = (part for part in nodes_in(node.body) if isinstance(part, syntax.Field))
                found.setdefault(node.over.path, set()).update(
                    part.name for part in inside if part.variable == node.variable
                )
    return found


def _in_order(path: str, names: set[str], stack: Stack) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: stack.vocabulary.order.get(f"{path}[].{name}", 0)))
