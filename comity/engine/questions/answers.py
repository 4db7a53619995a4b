"""Each question of a stack as a Python function of the facts, written as source text and compiled once.

`language.evaluate` is the definition; these functions compute the same answers faster.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from types import CodeType
from typing import Any, TypeAlias

from comity.engine.questions.cached import cached_for
from comity.engine.questions.splits import QUANTIFIERS, Split, is_day_against_itself, spans_of, truths_by_value
from comity.facts import kinds
from comity.facts.kinds import KnownList, Value
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.evaluate import Known, truth
from comity.language.logic import Kleene
from comity.law.life import is_force
from comity.period import shifted

UNKNOWN = -1
CODES_MAX = 1_000  # compiled questions that are kept: some kilobytes each
Answerer: TypeAlias = Callable[[Mapping[str, Value]], int]


def answerer(split: Split, vocabulary: Vocabulary) -> Answerer:
    """The function that answers a question: the place of the answer among the split's, or UNKNOWN."""
    return cached_for(vocabulary, _answerer, CODES_MAX)(split)


def _answerer(vocabulary: Vocabulary, split: Split) -> Answerer:
    atom = split.atoms[0]
    if isinstance(atom, syntax.Member) and isinstance(atom.of, syntax.Fact) and isinstance(atom.item, syntax.Text):
        return _of_member(atom.of.path, atom.item.value)
    if isinstance(atom, QUANTIFIERS):
        return _of_quantifier(atom)
    if len(split.facts) == 1 and not is_day_against_itself(atom):
        return _of_fact(split, vocabulary)
    return _of_sides(split)


def in_line(split: Split, vocabulary: Vocabulary) -> str:
    """The answer as an expression of the facts `v`, for the two commonest questions; empty for any other.

    It saves a call, which takes longer than the answer.
    """
    atom = split.atoms[0]
    if isinstance(atom, syntax.Member) and isinstance(atom.of, syntax.Fact) and isinstance(atom.item, syntax.Text):
        read = f"{UNKNOWN} if (k := v.get({atom.of.path!r})) is None"
        return f"{read} else 0 if {atom.item.value!r} in k.members else 1 if k.whole else {UNKNOWN}"
    path = split.facts[0]
    if len(split.facts) == 1 and isinstance(vocabulary.kind(path) or kinds.Truth(), kinds.Truth):
        so, not_so = (_answer_at(split, path, value, vocabulary) for value in (True, False))
        return f"{UNKNOWN} if (k := v.get({path!r})) is None else {so} if k else {not_so}"
    return ""


def _of_member(path: str, member: str) -> Answerer:
    def answer(values: Mapping[str, Any]) -> int:
        known = values.get(path)
        if known is None:
            return UNKNOWN
        return 0 if member in known.members else 1 if known.whole else UNKNOWN

    return answer


def _of_fact(split: Split, vocabulary: Vocabulary) -> Answerer:
    """A table from values to answers; for ordered values, from the spans between the values that matter."""
    path = split.facts[0]
    kind = kinds.Truth() if is_force(path) else vocabulary.kind(path)
    if isinstance(kind, (kinds.Number, kinds.Day)):
        spans = spans_of(split.atoms, path, kind, vocabulary)
        return _of_spans(path, spans.values, range(len(spans.values)))
    if is_force(path):
        values: list[Any] = [True, False]
        places = [_answer_at(split, path, value, vocabulary) for value in values]
    else:
        place_of = {truths: place for place, truths in enumerate(split.answers)}
        pairs = truths_by_value(split.atoms, path, vocabulary)
        values, places = [value for value, _ in pairs], [place_of[truths] for _, truths in pairs]
    table = dict(zip(values, places, strict=True))
    other = places[-1] if isinstance(kind, kinds.Text) else UNKNOWN

    def answer(known: Mapping[str, Value]) -> int:
        value = known.get(path)
        return UNKNOWN if value is None else table.get(value, other)

    return answer


def _answer_at(split: Split, path: str, value: Any, vocabulary: Vocabulary) -> int:
    known = Known({path: value}, vocabulary)
    return split.answers.index(tuple(truth(atom, known) is True for atom in split.atoms))


def _of_spans(path: str, values: Sequence[Any], places: Sequence[int]) -> Answerer:
    def answer(known: Mapping[str, Value]) -> int:
        value = known.get(path)
        return UNKNOWN if value is None else places[bisect_right(values, value) - 1]

    return answer


def _of_sides(split: Split) -> Answerer:
    """A comparison of two sides of several facts."""
    writing = _Writing()
    return writing.function([f"    return {writing.comparison(split)}"])


def sides_in_line(split: Split, fact: Callable[[str], str], name: str) -> list[str]:
    """Statements that put the answer to a comparison of several facts in a variable; `fact` has the expression of a fact's value.

    They read `date` and `shifted`. A call would take longer than the comparison.
    """
    writing = _Writing(fact=fact)
    answer = writing.comparison(split)
    return [*writing.lines, f"{writing.pad}{name} = {answer}"]


def _place_of(split: Split, first: syntax.Compare, sign: int) -> int:
    truths = tuple(
        (sign < 0) if isinstance(atom, syntax.Compare) and atom.left == first.left else (sign > 0)
        for atom in split.atoms
    )
    return split.answers.index(truths)


def _of_quantifier(atom: syntax.Exists | syntax.Count) -> Answerer:
    """Goes through the records of a list until the answer is settled."""
    number = atom.number.value if isinstance(atom, syntax.Count) and isinstance(atom.number, syntax.Integer) else 1
    writing = _Writing(indent=2)
    body = writing.condition(atom.body)
    lines = [
        "def answer(v):",
        f"    known = v.get({atom.over.path!r})",
        "    if known is None:",
        f"        return {UNKNOWN}",
        "    sure = maybe = 0",
        "    for r in known.items:",
        *writing.lines,
        f"        if {body} is True:",
        "            sure += 1",
        f"            if sure == {number}:",
        "                return 0",
        f"        elif {body} is None:",
        "            maybe += 1",
        f"    return 1 if known.whole and sure + maybe < {number} else {UNKNOWN}",
    ]
    return _compiled("\n".join(lines))


def record_condition(condition: syntax.Condition) -> Callable[[Mapping[str, Any], Mapping[str, Any]], Kleene]:
    """A condition on typed facts and one record of a list, compiled to a function of the two."""
    writing = _Writing()
    name = writing.condition(condition)
    names: dict[str, Any] = {"date": date, "shifted": shifted}
    source = "\n".join(["def says(v, r):", *writing.lines, f"    return {name}"])
    exec(_code(source, "<a condition on a record>"), names)  # noqa: S102  names and members come in quoted by repr
    says: Callable[[Mapping[str, Any], Mapping[str, Any]], Kleene] = names["says"]
    return says


class _Writing:
    """Writes conditions on a record `r` and facts `v` as source; `lines` hold what must be computed first.

    A condition becomes a name or an expression that is True, False or None where it is Unknown.
    """

    def __init__(self, indent: int = 1, fact: Callable[[str], str] = "v.get({!r})".format) -> None:
        self.lines: list[str] = []
        self.pad = "    " * indent
        self.names = 0
        self.fact = fact

    def function(self, ending: list[str]) -> Answerer:
        return _compiled("\n".join(["def answer(v):", *self.lines, *ending]))

    def name(self) -> str:
        self.names += 1
        return f"x{self.names}"

    def line(self, text: str, deeper: int = 0) -> None:
        self.lines.append(self.pad + "    " * deeper + text)

    def condition(self, node: syntax.Condition) -> str:
        """Writes code that puts the value of the condition in a variable and stops as soon as the value is settled."""
        name = self.name()
        self.into(node, name)
        return name

    def into(self, node: syntax.Condition, name: str) -> None:
        match node:
            case syntax.Truth(value):
                self.line(f"{name} = {value}")
            case syntax.Not(body):
                self.into(body, name)
                self.line(f"if {name} is not None: {name} = not {name}")
            case syntax.And(parts):
                self.joined(parts, name, "False")
            case syntax.Or(parts):
                if not self.among(parts, name):
                    self.joined(parts, name, "True")
            case syntax.Compare(operator, left, right):
                self.compare(operator, left, right, name)
            case syntax.Member(syntax.Text(member), of):
                known = self.read(of)
                within = f"True if {member!r} in {known}.members else False if {known}.whole else None"
                self.line(f"{name} = None if {known} is None else {within}")
            case syntax.Fact() | syntax.Field():
                self.line(f"{name} = {self.read(node)}")
            case _:
                raise ValueError(f"not a part of a normal condition: {node}")

    def among(self, parts: Sequence[syntax.Condition], name: str) -> bool:
        """Writes parts that each compare the same value with one member as one membership test; False if they do not."""
        found = [of_member for part in parts if (of_member := _of_one_member(part))]
        if len(found) < len(parts) or len({left for left, _ in found}) > 1:
            return False
        value, _ = self.side(found[0][0])
        self.line(f"{name} = None if {value} is None else {value} in {tuple(member for _, member in found)!r}")
        return True

    def joined(self, parts: Sequence[syntax.Condition], name: str, deciding: str) -> None:
        """Evaluates one part after another until one decides; remembers whether any was Unknown."""
        other = "True" if deciding == "False" else "False"
        self.line(f"{name}u = {other}")
        start = self.pad
        for part in parts:
            inner = self.name()
            self.into(part, inner)
            self.line(f"if {inner} is {deciding}: {name} = {deciding}")
            self.line("else:")
            self.pad += "    "
            self.line(f"if {inner} is None: {name}u = None")
        self.line(f"{name} = {name}u")
        self.pad = start

    def compare(self, operator: str, left: syntax.Operand, right: syntax.Operand, name: str) -> None:
        operands = [self.side(left), self.side(right)]
        self.unless_unknown(operands, f"{operands[0][0]} {operator} {operands[1][0]}", name)

    def unless_unknown(self, operands: Sequence[tuple[str, bool]], expression: str, name: str) -> None:
        """Writes an expression of some operands that is None if one of them is Unknown. A literal never is."""
        unknown = " or ".join(f"{text} is None" for text, literal in operands if not literal)
        self.line(f"{name} = None if {unknown} else {expression}" if unknown else f"{name} = {expression}")

    def side(self, node: syntax.Operand) -> tuple[str, bool]:
        """The value as an expression, and whether it is a literal, which is never Unknown."""
        if isinstance(node, syntax.Day):
            return f"date({node.value.year}, {node.value.month}, {node.value.day})", True
        if isinstance(node, (syntax.Integer, syntax.Text, syntax.Truth)):
            return repr(node.value), True
        name = self.name()
        self.value(node, name)
        return name, False

    def value(self, node: syntax.Operand, name: str) -> None:
        match node:
            case syntax.Sum(left, right, minus):
                operands = [self.side(left), self.side(right)]
                self.unless_unknown(operands, f"{operands[0][0]} {'-' if minus else '+'} {operands[1][0]}", name)
            case syntax.Shift(day, unit, amount, minus):
                operands = [self.side(day), self.side(amount)]
                sign = "-" if minus else ""
                self.unless_unknown(operands, f"shifted({operands[0][0]}, {unit}={sign}{operands[1][0]})", name)
            case syntax.Fact() | syntax.Field():
                self.line(f"{name} = {self.read(node)}")
            case _:
                raise ValueError(f"not a value of a normal condition: {node}")

    def read(self, node: syntax.Fact | syntax.Field) -> str:
        """A fact or a field, read once into a name."""
        name = self.name()
        source = self.fact(node.path) if isinstance(node, syntax.Fact) else f"r.get({node.name!r})"
        self.line(f"{name} = {source}")
        return name

    def comparison(self, split: Split) -> str:
        """The answer to a comparison of two sides as an expression, with what it needs written before it."""
        atom = split.atoms[0]
        assert isinstance(atom, syntax.Compare)
        (left, left_literal), (right, right_literal) = self.side(atom.left), self.side(atom.right)
        if atom.operator == "==":
            answer = f"0 if {left} == {right} else 1"
        else:
            less, more, same = (_place_of(split, atom, sign) for sign in (-1, 1, 0))
            answer = f"{less} if {left} < {right} else {more} if {right} < {left} else {same}"
        unknown = [f"{side} is None" for side, literal in ((left, left_literal), (right, right_literal)) if not literal]
        return f"{UNKNOWN} if {' or '.join(unknown)} else {answer}" if unknown else answer


def _of_one_member(node: syntax.Condition) -> tuple[syntax.Fact | syntax.Field, str] | None:
    """The choice and the member that a condition compares; None if it does anything else."""
    match node:
        case syntax.Compare("==", (syntax.Fact() | syntax.Field()) as value, syntax.Text(member)):
            return value, member
    return None


def _compiled(source: str) -> Answerer:
    names: dict[str, Any] = {"date": date, "shifted": shifted, "KnownList": KnownList}
    exec(_code(source, "<a question of law>"), names)  # noqa: S102  names and members come in quoted by repr
    answer: Answerer = names["answer"]
    return answer


@lru_cache(CODES_MAX)
def _code(source: str, name: str) -> CodeType:
    """The compiled source of a question: many stacks ask the same, and compiling takes longer than all else about it."""
    return compile(source, name, "exec")
