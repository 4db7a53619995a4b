"""The same decisions by other engines: zen-engine, cel-expr-python and openfisca-core.

Each gets the conditions of the stack in its own language, and the same order of precedence. None of them has Unknown, so
they get complete requests. They get days as numbers, and how far the law looks back is calculated beforehand, since none of
them counts back years as law does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import zen
from cel_expr_python import cel
from msgspec import structs
from openfisca_core import entities, periods
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable
from stacks import ACTIONS, FIELDS

from comity.engine.questions.questions import DECIDING
from comity.facts.kinds import KnownList, KnownSet, Value
from comity.language import syntax
from comity.language.show import show
from comity.law.in_force import Stack
from comity.period import shifted

Document = dict[str, Any]
Outcome = dict[str, str]


def looked_back(path: str, years: int) -> str:
    return f"{path}_less_{years}"


def for_peers(node: Any) -> Any:
    """The same condition without days and without shifted days."""
    match node:
        case syntax.Shift(syntax.Fact(path), "years", syntax.Integer(years), True):
            return syntax.Fact(looked_back(path, years))
        case syntax.Day(value):
            return syntax.Integer(value.toordinal())
        case tuple():
            return tuple(for_peers(part) for part in node)
    if hasattr(node, "__struct_fields__"):
        return structs.replace(node, **{name: for_peers(getattr(node, name)) for name in node.__struct_fields__})
    return node


def effects_of(stack: Stack) -> list[tuple[int, str, str, Any, list[int]]]:
    """The effects that decide: index, kind, action, condition, and the indices of the effects that each yields to."""
    return [
        (place, effect.kind, effect.action, for_peers(effect.when), [to.to for to in effect.yields_to])
        for place, effect in enumerate(stack.standing)
        if effect.kind in DECIDING
    ]


def documents(rows: Iterable[Mapping[str, Value]]) -> list[Document]:
    """Requests as nested JSON."""
    return [_document(row) for row in rows]


def _document(row: Mapping[str, Value]) -> Document:
    document: Document = {}
    for path, value in row.items():
        room, _, name = path.partition(".")
        inside, key = (document.setdefault(room, {}), name) if name else (document, room)
        inside[key] = _plain(value)
        if path == "request.received_on" and isinstance(value, date):
            inside[looked_back(name, 10)] = shifted(value, years=-10).toordinal()
    return document


def _plain(value: Any) -> Any:
    if isinstance(value, KnownSet):
        return sorted(value.members)
    if isinstance(value, KnownList):
        return [{name: _plain(inner) for name, inner in item.items()} for item in value.items]
    return value.toordinal() if isinstance(value, date) else value


def outcomes(applies: Mapping[int, bool], effects: Sequence[tuple[int, str, str, Any, list[int]]]) -> Outcome:
    """The outcome of each action, from the effects that apply, in the order of precedence."""
    stands: dict[int, bool] = {}
    found: dict[str, set[str]] = {action: set() for action in ACTIONS}
    for place, kind, action, _, yields in effects:
        stands[place] = applies[place] and not any(stands[to] for to in yields)
        if stands[place]:
            found[action].add(kind)
    return {action: _outcome(kinds) for action, kinds in found.items()}


def _outcome(kinds: set[str]) -> str:
    if "requires" in kinds:
        return "in_conflict" if "forbids" in kinds else "required"
    return "forbidden" if "forbids" in kinds else "permitted" if "permits" in kinds else "unaddressed"


def by_cel(stack: Stack) -> Callable[[Document], Outcome]:
    """One compiled expression that lists which conditions are true; precedence is applied outside it."""
    effects = effects_of(stack)
    names = ("request", "subject", "custody", "convictions", "charges")
    environment = cel.NewEnv(variables=dict.fromkeys(names, cel.Type.DYN))
    texts = list(dict.fromkeys(show(when) for _, _, _, when, _ in effects))
    compiled = environment.compile("[" + ", ".join(texts) + "]")
    at = [texts.index(show(when)) for _, _, _, when, _ in effects]

    def decide(document: Document) -> Outcome:
        applies = [result.value() for result in compiled.eval(data=document).value()]
        return outcomes({effect[0]: applies[place] for effect, place in zip(effects, at, strict=True)}, effects)

    return decide


def by_zen(stack: Stack) -> Callable[[Document], Outcome]:
    """One graph with an expression for each condition and one for each outcome of an action."""
    effects = effects_of(stack)
    lines = []
    for place, _, _, when, yields in effects:
        beaten = " or ".join(f"$.s{to}" for to in yields)
        lines.append((f"s{place}", f"({_zen(when)})" + (f" and not ({beaten})" if beaten else "")))
    for action in ACTIONS:
        required, forbidden, permitted = (
            _some(effect[0] for effect in effects if effect[1] == kind and effect[2] == action)
            for kind in ("requires", "forbids", "permits")
        )
        duty = f'({required}) ? (({forbidden}) ? "in_conflict" : "required") : ({forbidden}) ? "forbidden"'
        lines.append((action, f'{duty} : ({permitted}) ? "permitted" : "unaddressed"'))
    expressions = [{"id": key, "key": key, "value": value} for key, value in lines]
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "law", "name": "law", "type": "expressionNode", "content": {"expressions": expressions}},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [{"id": "1", "sourceId": "in", "targetId": "law"}, {"id": "2", "sourceId": "law", "targetId": "out"}]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    def decide(document: Document) -> Outcome:
        result = decision.evaluate(document)["result"]
        return {action: result[action] for action in ACTIONS}

    return decide


def _some(places: Iterable[int]) -> str:
    return " or ".join(f"$.s{place}" for place in places) or "false"


def _zen(node: Any) -> str:
    match node:
        case syntax.Truth(value):
            return str(value).lower()
        case syntax.Integer(value):
            return str(value)
        case syntax.Text(value):
            return json.dumps(value)
        case syntax.Fact(path):
            return path
        case syntax.Field(_, name):
            return f"#.{name}"
        case syntax.Not(body):
            return f"not ({_zen(body)})"
        case syntax.And(parts) | syntax.Or(parts):
            return (" and " if isinstance(node, syntax.And) else " or ").join(f"({_zen(part)})" for part in parts)
        case syntax.Compare(operator, left, right):
            return f"{_zen(left)} {operator} {_zen(right)}"
        case syntax.Among(item, members):
            return f"{_zen(item)} in [{', '.join(_zen(member) for member in members)}]"
        case syntax.Member(item, of):
            return f"{_zen(item)} in {_zen(of)}"
        case syntax.Exists(over, _, body):
            return f"some({over.path}, {_zen(body)})"
    raise ValueError(f"the bench's law has no {node}")


class ByOpenfisca:
    """Variables over two entities: the request and its records. openfisca-core is made for whole tables at once."""

    def __init__(self, stack: Stack, fields: Mapping[str, Sequence[str]] = FIELDS) -> None:
        self.effects, self.codes, self.fields = effects_of(stack), dict[Any, int](), fields
        self.record = entities.build_entity("record", "records", "A record of a list", is_person=True)
        roles = [{"key": "member", "plural": "members", "label": "of it"}]
        self.request = entities.build_entity("request", "requests", "A request", roles=roles)
        self.system = TaxBenefitSystem([self.record, self.request])
        self.names: dict[str, Any] = {}
        for place, _, _, when, _ in self.effects:
            self.declare(when)
            self.add(f"applies_{place}", self.request, bool, self.formula(when))
        self.declare_lists()

    def formula(self, when: Any) -> Any:
        return lambda request, period: self.value(when, request, period)

    def add(self, name: str, entity: Any, type_: type, formula: Any = None) -> None:
        if name not in self.names:
            keys = {"value_type": type_, "entity": entity, "definition_period": periods.DateUnit.DAY}
            self.names[name] = type(name, (Variable,), keys | ({"formula": formula} if formula else {}))
            self.system.add_variable(self.names[name])

    def declare(self, node: Any, over: str = "") -> None:
        """A variable for each fact that a condition reads, and for each member of a set in a record."""
        match node:
            case syntax.Member(syntax.Text(member), syntax.Field(_, name)):
                self.add(_name(over, f"{name}____{member}"), self.record, int)
                return
            case syntax.Member(syntax.Text(member), syntax.Fact(path)):
                self.add(_name(path, member), self.request, bool)
                return
            case syntax.Exists(fact, _, body):
                self.declare(body, fact.path)
                return
            case syntax.Fact(path):
                self.add(_name(path), self.request, int)
        for field in getattr(node, "__struct_fields__", ()):
            inner = getattr(node, field)
            for part in inner if isinstance(inner, tuple) else (inner,):
                self.declare(part, over)

    def declare_lists(self) -> None:
        self.add("list", self.record, int)
        for path, fields in self.fields.items():
            for field in fields:
                self.add(_name(path, field), self.record, int)

    def value(self, node: Any, request: Any, period: Any, over: str = "") -> Any:
        """A condition or an operand as an array, over requests or, inside a quantifier, over records."""
        inner = lambda part: self.value(part, request, period, over)  # noqa: E731  short, since every line below uses it
        match node:
            case syntax.Truth(value) | syntax.Integer(value) | syntax.Text(value):
                return self.code(value)
            case syntax.Fact(path):
                column = request(_name(path), period)
                return request.project(column) if over else column
            case syntax.Field(_, name):
                return request.members(_name(over, name), period)
            case syntax.Not(body):
                return np.logical_not(inner(body))
            case syntax.And(parts):
                return np.logical_and.reduce([inner(part) != 0 for part in parts])
            case syntax.Or(parts):
                return np.logical_or.reduce([inner(part) != 0 for part in parts])
            case syntax.Compare(operator, left, right):
                return COMPARED[operator](inner(left), inner(right))
            case syntax.Among(item, members):
                return np.isin(inner(item), [self.code(member.value) for member in members])
            case syntax.Member(syntax.Text(member), syntax.Fact(path)):
                return request(_name(path, member), period)
            case syntax.Member(syntax.Text(member), syntax.Field(_, name)):
                return request.members(_name(over, f"{name}____{member}"), period)
            case syntax.Exists(fact, _, body):
                here = request.members("list", period) == self.code(fact.path)
                return request.any(here & (self.value(body, request, period, fact.path) != 0))
        raise ValueError(f"the bench's law has no {node}")

    def code(self, value: Any) -> int:
        return value if isinstance(value, int) else self.codes.setdefault(value, len(self.codes) + 1)

    def decide(self, documents: Sequence[Document]) -> list[Outcome]:
        """Decides all of them in one simulation."""
        applies = self.applies(*self.columns(documents), len(documents))
        return [
            outcomes({place: bool(column[row]) for place, column in applies.items()}, self.effects)
            for row in range(len(documents))
        ]

    def applies(self, columns: Document, people: Document, owners: Sequence[int], count: int) -> dict[int, Any]:
        """For each effect, the requests to which it applies, by one simulation over columns."""
        builder = SimulationBuilder()
        builder.create_entities(self.system)
        builder.declare_person_entity("record", range(len(owners)))
        population = builder.declare_entity("request", range(count))
        builder.join_with_persons(population, np.array(owners), np.array(["member"] * len(owners)))
        simulation = builder.build(self.system)
        for name, column in {**columns, **people}.items():
            simulation.set_input(name, TODAY, np.array(column))
        return {place: simulation.calculate(f"applies_{place}", TODAY) for place, *_ in self.effects}

    def columns(self, documents: Sequence[Document]) -> tuple[Document, Document, list[int]]:
        columns = {
            name: [self.read(document, name) for document in documents]
            for name in self.names
            if name in self.of_request()
        }
        people: Document = {name: [] for name in self.names if self.names[name].entity is self.record}
        owners: list[int] = []
        for row, document in enumerate(documents):
            records: list[Document] = [{}]  # a record that is in no list, since every request must have one
            for path, fields in self.fields.items():
                for item in _at(document, path):
                    plain = {_name(path, field): self.code(item[field]) for field in fields}
                    members = {
                        _name(path, f"{name}____{one}"): 1
                        for name, values in item.items()
                        if isinstance(values, list)
                        for one in values
                    }
                    records.append({"list": self.code(path), **plain, **members})
            owners += [row] * len(records)
            for name, column in people.items():
                column += [record.get(name, 0) for record in records]
        return columns, people, owners

    def of_request(self) -> set[str]:
        return {
            name
            for name, variable in self.names.items()
            if variable.entity is self.request and not name.startswith("applies_")
        }

    def read(self, document: Document, name: str) -> Any:
        path, _, member = name.replace("__", ".").partition("..")
        value = _at(document, path)
        return member in value if member else self.code(value)


TODAY = periods.period("2016-06-01")
COMPARED: dict[str, Any] = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def _name(path: str, part: str = "") -> str:
    return path.replace(".", "__") + (f"____{part}" if part else "")


def _at(document: Document, path: str) -> Any:
    room, _, name = path.partition(".")
    return document[room][name] if name else document[room]
