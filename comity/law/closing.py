"""Closes a condition for one day: replaces terms and params by their meanings, and `asked` by the action asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct, structs

from comity.language import syntax
from comity.language.connect import ALWAYS, NEVER
from comity.law.instrument import Definition, Effect, Instrument, Param

ASKED, ASKS = "asked", "request.asks"


class Scope(Struct, frozen=True):
    """The names that an instrument's conditions may use on a day; each term comes with the scope it was written in.

    `expanded` caches the meaning of each term by name, argument and action, so that a term is expanded once and its
    meaning is one shared object wherever the term is used.
    """

    terms: Mapping[str, tuple[Definition, Scope]]
    params: Mapping[str, Param]
    day: date
    expanded: dict[tuple[str, str, str], syntax.Condition] = {}


def scope_of(instrument: Instrument, instruments: Mapping[str, Instrument], day: date) -> Scope:
    """The terms and params of an instrument on a day, with the terms that others lend it."""
    terms: dict[str, tuple[Definition, Scope]] = {}
    scope = Scope(terms, instrument.params, day)
    for id, names in instrument.uses.items():
        lender = instruments.get(id)
        if lender is None or lender is instrument:
            continue
        lent = scope_of(structs.replace(lender, uses={}), instruments, day)
        terms |= {name: lent.terms[name] for name in names if name in lender.exports and name in lender.terms}
    terms |= {name: (term, scope) for name, term in instrument.terms.items()}
    return scope


def params_on(instrument: Instrument, instruments: Mapping[str, Instrument], day: date) -> tuple[int | date, ...]:
    """The values on a day of all params that the conditions of an instrument may use, its own and those of lenders.

    On two days with the same values its conditions close to the same.
    """
    lenders = (lender for id in instrument.uses if (lender := instruments.get(id)) is not None)
    return tuple([param.on(day) for source in (instrument, *lenders) for param in source.params.values()])


def close_condition(effect: Effect, scope: Scope) -> syntax.Condition:
    """The condition of an effect without terms, params or `asked`."""
    return _Closing(scope, effect.action, {}, ()).condition(effect.when)


def body_of_term(name: str, scope: Scope) -> syntax.Condition:
    """The meaning of a term without terms or params; its parameter keeps the name that the definition gives it."""
    return _Closing(scope, "", {}, ()).term(name, scope.terms[name][0].parameter)


class _Closing(Struct, frozen=True):
    """Rewrites one condition; `variables` renames a term's parameter, `trail` holds the terms being expanded."""

    scope: Scope
    action: str
    variables: Mapping[str, str]
    trail: tuple[str, ...]

    def condition(self, node: syntax.Condition) -> syntax.Condition:
        match node:
            case syntax.Term(name, argument):
                return self.term(name, argument)
            case syntax.Not(body):
                return syntax.Not(self.condition(body))
            case syntax.And(parts):
                return self.joined(parts, syntax.And)
            case syntax.Or(parts):
                return self.joined(parts, syntax.Or)
            case syntax.Exists() | syntax.All():
                return structs.replace(node, body=self.condition(node.body))
            case syntax.Count():
                return structs.replace(node, body=self.condition(node.body), number=self.operand(node.number))
            case syntax.Compare(operator, left, right):
                return syntax.Compare(operator, self.operand(left), self.operand(right))
            case syntax.Among(item, members):
                return syntax.Among(self.operand(item), members)
            case syntax.Member(item, of):
                return syntax.Member(self.operand(item), self.operand(of))
            case _:
                closed: syntax.Condition = self.operand(node)
                return closed

    def joined(self, parts: tuple[syntax.Condition, ...], node: type[syntax.And] | type[syntax.Or]) -> syntax.Condition:
        """The parts joined; a term that is used twice among them becomes one part."""
        closed = {id(part): part for part in map(self.condition, parts)}
        return node(tuple(closed.values())) if len(closed) > 1 else next(iter(closed.values()))

    def term(self, name: str, argument: str) -> syntax.Condition:
        if name == ASKED and name not in self.scope.terms:
            return syntax.Member(syntax.Text(self.action), syntax.Fact(ASKS)) if self.action else ALWAYS
        if name not in self.scope.terms or name in self.trail:
            return NEVER  # reported as findings when the file is read
        definition, scope = self.scope.terms[name]
        argument = self.variables.get(argument, argument) if definition.parameter else ""
        key = name, argument, self.action
        if key not in scope.expanded:
            variables = {definition.parameter: argument} if definition.parameter else {}
            closing = _Closing(scope, self.action, variables, (*self.trail, name))
            scope.expanded[key] = closing.condition(definition.body)
        return scope.expanded[key]

    def operand(self, node: Any) -> Any:
        match node:
            case syntax.Param(name):
                return self.param(name)
            case syntax.Item(variable):
                return syntax.Item(self.variables.get(variable, variable))
            case syntax.Field(variable, name):
                return syntax.Field(self.variables.get(variable, variable), name)
            case syntax.Sum(left, right, minus):
                return syntax.Sum(self.operand(left), self.operand(right), minus)
            case syntax.Shift(day, unit, amount, minus):
                return syntax.Shift(self.operand(day), unit, self.operand(amount), minus)
            case _:
                return node

    def param(self, name: str) -> syntax.Operand:
        known = self.scope.params.get(name)
        value = known.on(self.scope.day) if known else 0
        return syntax.Day(value) if isinstance(value, date) else syntax.Integer(value)
