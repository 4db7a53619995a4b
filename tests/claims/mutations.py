"""Single edits of a condition, of the kind that slip into a draft: a comparison turned, a year changed, a choice dropped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from msgspec import Struct, structs

from comity.engine.questions.questions import DECIDING
from comity.language import syntax
from comity.language.nodes import nodes_in, replaced
from comity.law.instrument import Instrument

TURNED = {"<": ("<=", ">"), "<=": ("<", ">="), ">": (">=", "<"), ">=": (">", "<="), "==": ("!=",), "!=": ("==",)}


class Edit(Struct, frozen=True):
    """One node and what it becomes."""

    before: Any
    after: Any


def edits(node: Any) -> Iterator[Edit]:
    """The edits that one node can suffer."""
    match node:
        case syntax.Compare(operator) | syntax.Count(_, _, _, operator):
            yield from (Edit(node, structs.replace(node, operator=sign)) for sign in TURNED[operator])
        case syntax.Integer(value):
            yield from (
                Edit(node, syntax.Integer(other))
                for other in (value - 1, value + 1, 2 * value)
                if other >= 0 and other != value
            )
        case syntax.Day(value):
            yield from (Edit(node, syntax.Day(value + timedelta(days))) for days in (-1, 1, 365))
        case syntax.Among(_, members) if len(members) > 1:
            yield from (
                Edit(node, structs.replace(node, members=members[:at] + members[at + 1 :]))
                for at in range(len(members))
            )
        case syntax.And(parts):
            yield Edit(node, syntax.Or(parts))
            yield from (Edit(node, _fewer(syntax.And, parts, at)) for at in range(len(parts)))
        case syntax.Or(parts):
            yield Edit(node, syntax.And(parts))
            yield from (Edit(node, _fewer(syntax.Or, parts, at)) for at in range(len(parts)))
        case syntax.Not(body):
            yield Edit(node, body)
        case syntax.Exists(over, variable, body):
            yield Edit(node, syntax.All(over, variable, body))


def _fewer(group: Any, parts: tuple[Any, ...], at: int) -> Any:
    rest = parts[:at] + parts[at + 1 :]
    return rest[0] if len(rest) == 1 else group(rest)


def edited(instrument: Instrument, random: Random) -> Instrument | None:
    """The instrument with one random edit of a term, or of a condition that decides; None where there is nothing to edit."""
    places: list[tuple[str, Any, Edit]] = []
    for name, term in instrument.terms.items():
        places += [("term", name, edit) for node in nodes_in(term.body) for edit in edits(node)]
    for at, provision in enumerate(instrument.provisions):
        for of, effect in enumerate(provision.effects):
            if effect.kind in DECIDING:
                places += [("effect", (at, of), edit) for node in nodes_in(effect.when) for edit in edits(node)]
    if not places:
        return None
    kind, where, edit = random.choice(places)
    return _term(instrument, where, edit, random) if kind == "term" else _effect(instrument, *where, edit, random)


def _term(instrument: Instrument, name: str, edit: Edit, random: Random) -> Instrument:
    term = structs.replace(instrument.terms[name], body=_once(instrument.terms[name].body, edit, random))
    return structs.replace(instrument, terms={**instrument.terms, name: term})


def _effect(instrument: Instrument, at: int, of: int, edit: Edit, random: Random) -> Instrument:
    provision = instrument.provisions[at]
    effects = list(provision.effects)
    effects[of] = structs.replace(effects[of], when=_once(effects[of].when, edit, random))
    changed = structs.replace(provision, effects=tuple(effects))
    return structs.replace(
        instrument, provisions=instrument.provisions[:at] + (changed,) + instrument.provisions[at + 1 :]
    )


def _once(body: Any, edit: Edit, random: Random) -> Any:
    """The body with one place changed, of all where the same words stand."""
    count = sum(node == edit.before for node in nodes_in(body))
    target, seen = random.randrange(count), [0]

    def change(node: Any) -> Any:
        if node == edit.before:
            seen[0] += 1
            return edit.after if seen[0] - 1 == target else None
        return None

    return replaced(body, change)
