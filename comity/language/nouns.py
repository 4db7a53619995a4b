"""Names the values in a condition in English: facts by the vocabulary, numbers with units, days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from comity.facts import kinds
from comity.facts.vocabulary import Entry, Vocabulary
from comity.language import syntax

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


class Nouns(msgspec.Struct, frozen=True):
    """The vocabulary, and the list or set that each quantified variable ranges over."""

    vocabulary: Vocabulary
    variables: Mapping[str, str] = {}

    def path(self, node: syntax.Node) -> str:
        """The vocabulary path that a node names (`request.form`, `convictions[].grade`), or ""."""
        match node:
            case syntax.Fact(path):
                return path
            case syntax.Term(name):
                return name
            case syntax.Field(variable, name):
                over = self.variables.get(variable)
                return f"{over}[].{name}" if over else f"{variable}.{name}"
            case syntax.Item(variable):
                return self.variables.get(variable, variable)
        return ""

    def entry(self, node: syntax.Node) -> Entry:
        """The entry of a node, or one that has only its path."""
        path = self.path(node)
        return self.vocabulary.entries.get(path) or Entry(path, kinds.Text(), "")

    def kind(self, node: syntax.Node) -> kinds.Kind | None:
        return self.vocabulary.kind(self.path(node))

    def is_day(self, operand: syntax.Operand) -> bool:
        """Whether an operand is a day, by its form or by the vocabulary."""
        return isinstance(operand, (syntax.Day, syntax.Shift)) or isinstance(self.kind(operand), kinds.Day)

    def is_truth(self, operand: syntax.Operand) -> bool:
        return isinstance(self.kind(operand), kinds.Truth)

    def unit(self, operand: syntax.Operand | None) -> str:
        """The unit of a number, or ""."""
        if isinstance(operand, syntax.Sum):
            return self.unit(operand.left) or self.unit(operand.right)
        kind = self.kind(operand) if operand else None
        return kind.unit if isinstance(kind, kinds.Number) else ""

    def truth(self, node: syntax.Node, so: bool) -> str:
        """A truth fact in words, affirmed or denied."""
        entry = self.entry(node)
        if entry.says:
            return entry.says if so else entry.denies or f"it is not so that {entry.says}"
        if isinstance(node, syntax.Field):
            return f'"{spaced(node.name)}" is {"true" if so else "not true"} of {self.item(node.variable)}'
        return f"{self.name(node)} is {'true' if so else 'not true'}"

    def name(self, node: syntax.Node) -> str:
        """The noun of a fact, or the name of a field, or the path of a fact."""
        noun = self.entry(node).noun
        if not noun and isinstance(node, syntax.Field):
            return f"the {spaced(node.name)}"
        return noun or self.path(node)

    def item(self, variable: str) -> str:
        """The record or member that a variable means: `the conviction`, or `it` if the list has no item name."""
        entry = self.entry(syntax.Item(variable))
        if isinstance(entry.kind, kinds.Set):
            return "that member"
        return f"the {entry.item}" if entry.item else "it"

    def operand(self, operand: syntax.Operand, beside: syntax.Operand | None = None) -> str:
        """A value in words; `beside` is the value that it is compared with, which gives it a unit or members."""
        match operand:
            case syntax.Truth(value):
                return "true" if value else "false"
            case syntax.Integer(value):
                return measured(value, self.unit(beside))
            case syntax.Text():
                return self.members(beside, [operand])[0]
            case syntax.Day(value):
                return day_in_words(value)
            case syntax.Fact() | syntax.Field():
                says = self.entry(operand).says if self.is_truth(operand) else ""
                return f"whether {says}" if says else self.name(operand)
            case syntax.Item(variable):
                return self.item(variable)
            case syntax.Param(name):
                return f'"{spaced(name)}"'
            case syntax.Sum(left, right, minus):
                return f"{self.operand(left, right)} {_sign(minus)} {self.operand(right, left)}"
            case syntax.Shift(day, unit, amount, minus):
                return f"{self.operand(day)} {_sign(minus)} {self.span(unit, amount)}"

    def span(self, unit: syntax.Unit, amount: syntax.Number) -> str:
        """The span by which a day is moved: `5 years`, `the days spent inside`, `as many years as "look back"`."""
        if isinstance(amount, syntax.Integer):
            return measured(amount.value, unit)
        if isinstance(amount, syntax.Sum):
            return f"as many {unit} as ({self.operand(amount)})"
        words = self.operand(amount)
        return words if self.unit(amount) == unit else f"as many {unit} as {words}"

    def members(self, of: syntax.Node | None, members: Sequence[syntax.Node]) -> list[str]:
        """The words of members of a choice or set, in quotes where they contain a comma or "and"."""
        entry = self.entry(of) if of else Entry("", kinds.Text(), "")
        words = [self._member(entry, member) for member in members]
        marks = (",", " or ", " and ") if len(words) > 1 else (",",)
        torn = any(mark in word for word in words for mark in marks)
        return [f'"{word}"' if torn and '"' not in word else word for word in words]

    def _member(self, entry: Entry, member: syntax.Node) -> str:
        match member:
            case syntax.Integer(value):
                return measured(value, entry.kind.unit if isinstance(entry.kind, kinds.Number) else "")
            case syntax.Item(variable):
                return self.item(variable)
            case syntax.Text(value):
                known = entry.path in self.vocabulary.entries
                named = known and isinstance(entry.kind, kinds.Text)
                return f'"{value}"' if named else entry.words.get(value, spaced(value))
        return ""


def spaced(name: str) -> str:
    """A name with spaces for its underscores."""
    return name.replace("_", " ")


def measured(value: int, unit: str) -> str:
    """A whole number with its unit, `1 year`, `18 years`; cents as dollars, `$1,250.00`."""
    if unit == "cents":
        return f"{'-' if value < 0 else ''}${abs(value) // 100:,}.{abs(value) % 100:02}"
    return f"{value:,} {unit.removesuffix('s') if value == 1 else unit}".rstrip()


def day_in_words(day: date) -> str:
    """`December 14, 2014`, in English whatever the machine's language."""
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def joined(words: Sequence[str], word: str) -> str:
    """`a`, `a or b`, `a, b, or c`."""
    if len(words) < 3:
        return f" {word} ".join(words)
    return f"{', '.join(words[:-1])}, {word} {words[-1]}"


def a_or_an(noun: str) -> str:
    """The noun with its indefinite article."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def plural(noun: str) -> str:
    """The plural of a regular noun; of `warrant of arrest`, that of its first part."""
    head, of, tail = noun.partition(" of ")
    if head.endswith("y") and head[-2:-1] not in "aeiou":
        head = head[:-1] + "ie"
    elif head.endswith(("s", "x", "ch", "sh")):
        head += "e"
    return f"{head}s{of}{tail}"


def _sign(minus: bool) -> str:
    return "minus" if minus else "plus"
