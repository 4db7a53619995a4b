"""A request built from one condition, for which the condition is probably true.

Most conditions of law are met by a request that can be read off them, so a solver need not search for one. What is built
counts only where the plain interpreter confirms it; where it does not, the solver is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeAlias

from comity.facts import kinds
from comity.facts.kinds import KnownList, KnownSet, Value
from comity.facts.vocabulary import Vocabulary, kind_of
from comity.language import syntax
from comity.language.evaluate import Known, operand
from comity.language.nodes import nodes_in

Values: TypeAlias = dict[str, Value]
YEARS = range(1900, 2201)  # of the days of a request
RECORDS_MAX = 100
DENIED: dict[syntax.Comparison, syntax.Comparison] = {
    "==": "!=",
    "!=": "==",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
}
TURNED: dict[syntax.Comparison, syntax.Comparison] = {
    "==": "==",
    "!=": "!=",
    "<": ">",
    ">": "<",
    "<=": ">=",
    ">=": "<=",
}
BESIDE: dict[syntax.Comparison, int] = {"==": 0, "<=": 0, ">=": 0, "<": -1, ">": 1, "!=": 1}


def build_request(
    condition: syntax.Condition, read: Iterable[str], vocabulary: Vocabulary, day: date, facts: Mapping[str, Value]
) -> Values:
    """A complete request that is likely to meet a condition.

    `facts` are given. The other facts in `read`, and what else the condition reads, are false, empty, least or first, and
    days are `day`, unless the condition needs something else of them.
    """
    building = _Building(vocabulary, day, facts)
    building.meet(condition, True)
    return building.completed(read)


class _Building:
    """The facts chosen so far; lists and sets grow, other facts are chosen once."""

    def __init__(self, vocabulary: Vocabulary, day: date, facts: Mapping[str, Value]) -> None:
        self.vocabulary, self.day = vocabulary, day
        self.values: dict[str, Any] = dict(facts)
        self.over = ""
        self.record: dict[str, Any] | None = None

    def meet(self, node: syntax.Condition, so: bool) -> None:
        """Chooses facts so that a condition becomes true, or false if not `so`, as far as that is plain."""
        match node:
            case syntax.Not(body):
                self.meet(body, not so)
            case syntax.And(parts) | syntax.Or(parts):
                for part in parts if so is isinstance(node, syntax.And) else parts[:1]:
                    self.meet(part, so)
            case syntax.Fact() | syntax.Field():
                self.choose(node, so)
            case syntax.Compare(operator, left, right):
                self.compare(operator if so else DENIED[operator], left, right)
            case syntax.Among(item, members):
                literals = [member.value for member in members]
                self.choose(item, literals[0] if so else self.other_than(item, literals))
            case syntax.Member(syntax.Text(member), of) if so:
                self.add_member(of, member)
            case syntax.Exists(_, _, body) if so:
                self.add_records(node, body, 1)
            case syntax.All(_, _, body) if not so:
                self.add_records(node, syntax.Not(body), 1)
            case syntax.Count(_, _, body, operator, syntax.Integer(number)):
                least = number + BESIDE[operator if so else DENIED[operator]]
                self.add_records(node, body, 0 if (operator if so else DENIED[operator]) in ("<", "<=") else least)
            case _:
                pass

    def add_records(self, node: syntax.Quantifier, body: syntax.Condition, number: int) -> None:
        """Adds records to a list, or members to a set, that satisfy a body."""
        path = node.over.path
        kind = kind_of(path, self.vocabulary)
        if isinstance(kind, kinds.Set):
            for member in _members_named(body) or kind.members[:number]:
                self.add_member(node.over, member)
            return
        known = self.values.get(path, ())
        if isinstance(known, KnownList):
            return  # given, so nothing can be added
        if number <= 0:
            return
        outer = self.over, self.record
        self.over, self.record = path, {}
        self.meet(body, True)
        self.values[path] = (*self.values.get(path, ()), *[self.record] * min(number, RECORDS_MAX))
        self.over, self.record = outer

    def add_member(self, of: syntax.Fact | syntax.Field, member: str) -> None:
        """Adds a member to a set."""
        known = self.value_of(of)
        if known is None or isinstance(known, frozenset):
            self.put(of, (known or frozenset()) | {member})

    def compare(self, operator: syntax.Comparison, left: syntax.Operand, right: syntax.Operand) -> None:
        """Chooses the side that is a fact or a field of its own, next to the value of the other side."""
        if not self.is_open(left):
            left, right, operator = right, left, TURNED[operator]
        self.fill(right)
        value = operand(right, self.known())
        if value is None or not self.is_open(left):
            return
        if isinstance(value, (bool, str)):
            self.choose(left, value if operator == "==" else self.other_than(left, [value]))
            return
        try:
            moved = value + (timedelta(BESIDE[operator]) if isinstance(value, date) else BESIDE[operator])
        except OverflowError:
            return  # a day beyond the calendar
        self.choose(left, moved)

    def choose(self, node: Any, value: Any) -> None:
        """Gives a fact or a field a value, if it has none and can have this one."""
        kind = self.kind(node)
        if self.is_open(node) and kind is not None and _is_possible(kind, value):
            self.put(node, value)

    def fill(self, node: Any) -> None:
        """Gives every open fact of an operand the value that it has where nothing is asked of it."""
        for part in nodes_in(node):
            if self.is_open(part) and (kind := self.kind(part)):
                self.put(part, self.least(kind))

    def other_than(self, node: Any, literals: Sequence[Any]) -> Any:
        """A value that is none of some literals."""
        match self.kind(node):
            case kinds.Truth():
                return not literals[0]
            case kinds.Choice(members):
                return next((member for member in members if member not in literals), None)
            case kinds.Number():
                return max(literals) + 1
        return "another " + " ".join(map(str, literals))

    def least(self, kind: kinds.Kind) -> Any:
        """What a fact is where nothing is asked of it; sets and lists grow from nothing."""
        match kind:
            case kinds.Truth():
                return False
            case kinds.Number(_, minimum):
                return minimum
            case kinds.Day():
                return self.day
            case kinds.Choice(members):
                return members[0]
            case kinds.Text():
                return "a name"
            case kinds.Set():
                return frozenset()
        return ()

    def completed(self, read: Iterable[str]) -> Values:
        """The request, with the facts in `read` that nothing was asked of, all lists and sets whole."""
        for path in read:
            if path not in self.values:
                self.values[path] = self.least(kind_of(path, self.vocabulary))
        return {path: self.whole(path, value) for path, value in self.values.items()}

    def whole(self, path: str, value: Any) -> Value:
        """A fact as a request has it; a record gets the fields that nothing was asked of."""
        if isinstance(value, frozenset):
            return KnownSet(value)
        kind = kind_of(path, self.vocabulary)
        if not isinstance(value, tuple) or not isinstance(kind, kinds.Records):
            known: Value = value
            return known
        fields = {name: self.least(field) for name, field in kind.fields.items() if not isinstance(field, kinds.Moment)}
        return KnownList(tuple({name: _set_or(field) for name, field in (fields | record).items()} for record in value))

    def known(self) -> Known:
        values = {path: self.whole(path, value) for path, value in self.values.items() if not isinstance(value, tuple)}
        return Known(values, self.vocabulary, self.record)

    def is_open(self, node: Any) -> bool:
        """Whether a node is a fact or a field that has no value yet."""
        return isinstance(node, (syntax.Fact, syntax.Field)) and self.value_of(node) is None

    def kind(self, node: Any) -> kinds.Kind | None:
        if isinstance(node, syntax.Fact):
            return kind_of(node.path, self.vocabulary)
        return self.vocabulary.kind(f"{self.over}[].{node.name}") if isinstance(node, syntax.Field) else None

    def value_of(self, node: syntax.Fact | syntax.Field) -> Any:
        if isinstance(node, syntax.Fact):
            return self.values.get(node.path)
        return None if self.record is None else self.record.get(node.name)

    def put(self, node: Any, value: Any) -> None:
        if isinstance(node, syntax.Fact):
            self.values[node.path] = value
        elif self.record is not None:
            self.record[node.name] = value


def _members_named(body: syntax.Condition) -> list[str]:
    """The members of a set that a body names as the one meant."""
    found = []
    for node in nodes_in(body):
        match node:
            case syntax.Compare("==", syntax.Item(), syntax.Text(member)):
                found.append(member)
            case syntax.Among(syntax.Item(), members):
                found += [str(member.value) for member in members[:1]]
    return found


def _is_possible(kind: kinds.Kind, value: Any) -> bool:
    """Whether a fact of a kind can have a value."""
    match kind:
        case kinds.Truth():
            return isinstance(value, bool)
        case kinds.Number(_, minimum):
            return isinstance(value, int) and value >= minimum
        case kinds.Day():
            return isinstance(value, date) and value.year in YEARS
        case kinds.Choice(members):
            return value in members
        case kinds.Text():
            return isinstance(value, str)
    return False


def _set_or(field: Any) -> Any:
    return KnownSet(field) if isinstance(field, frozenset) else field
