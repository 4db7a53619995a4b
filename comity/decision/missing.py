"""Finds the facts that would narrow an answer, most decisive first, by trying each value. This is the definition.

A fact is ranked by the outcomes that knowing it removes in the worst case, then on average, then in the order of the
vocabulary. In a known list, fields of its records may be missing; equal records are asked about once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from comity.decision.answer import Missing
from comity.decision.reasoner import Outcomes, Reasoner, Truths
from comity.engine.questions.questions import Questions
from comity.engine.questions.splits import GREATEST, QUANTIFIERS, Atom, Split, atoms_of, first_change
from comity.facts import kinds
from comity.facts.kinds import KnownList, KnownSet, Value
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.evaluate import Known, truth
from comity.language.kinding import fields_of
from comity.language.nodes import nodes_in
from comity.law.in_force import Stack
from comity.law.life import is_force, question_about_force

Record = Mapping[str, Any]


def missing_facts(reasoner: Reasoner, action: str, values: Mapping[str, Value], truths: Truths) -> tuple[Missing, ...]:
    """The facts on which the outcome of an action depends; empty if it has one outcome.

    `values` are the facts of the request with those of the place. A fact that alone removes
    nothing, but does together with others, comes last.
    """
    now = reasoner.left(action, truths)
    if len(now) == 1:
        return ()
    vocabulary = reasoner.asked.stack.vocabulary
    found = []
    for fact, alike, remaining in _candidates(reasoner, action, values, truths):
        removed = [len(now) - len(still) for still in remaining]
        if removed:
            average = round(sum(removed) / len(removed), 2)
            found.append(Missing(fact, question_about(fact, reasoner.asked.stack), min(removed), average, alike))
    return tuple(sorted(found, key=lambda missing: rank_of(missing, vocabulary)))


def rank_of(missing: Missing, vocabulary: Vocabulary) -> tuple[float, float, tuple[int, str]]:
    """The sort key of missing facts."""
    return -missing.removes_at_least, -missing.removes_on_average, place_of(missing.fact, vocabulary)


def place_of(fact: str, vocabulary: Vocabulary) -> tuple[int, str]:
    """The position of a fact, or of a field of a record, in the vocabulary."""
    order = vocabulary.order
    path = fact.partition("[")[0] + ("[]" + fact.partition("]")[2] if "[" in fact else "")
    return order.get(path, len(order)), fact


def question_about(fact: str, stack: Stack) -> str:
    """The question to ask about a fact, or about a field of one record (`convictions[0].grade`)."""
    if is_force(fact):
        return question_about_force(fact, stack.instruments)
    list_path, bracket, rest = fact.partition("[")
    path = f"{list_path}[]{rest.partition(']')[2]}" if bracket else list_path
    entry = stack.vocabulary.entries.get(path)
    return entry.question if entry else ""


def _candidates(
    reasoner: Reasoner, action: str, values: Mapping[str, Value], truths: Truths
) -> Iterator[tuple[str, int, list[Outcomes]]]:
    """Each fact that could be asked for, the number of equal records, and the outcomes left after each answer."""
    asked = reasoner.asked
    turns_on = [asked.splits[place] for place in sorted(reasoner.turns_on(action, truths))]
    facts = {fact for split in turns_on for fact in split.facts}
    for fact in sorted(facts, key=lambda path: place_of(path, asked.stack.vocabulary)):
        value = values.get(fact)
        reading = [split for split in turns_on if fact in split.facts]
        if isinstance(value, KnownList):
            atoms = [atom for split in reading for atom in split.atoms]
            yield from _Records(asked, fact, value, values, atoms).candidates(
                lambda fresh: reasoner.left(action, {**truths, **fresh})
            )
        if value is None or (isinstance(value, (KnownList, KnownSet)) and not value.whole):
            settled = [split for split in reading if _settled_by(split, fact, values)]
            yield fact, 1, reasoner.after(action, truths, settled)


def _settled_by(split: Split, fact: str, values: Mapping[str, Value]) -> bool:
    """Whether the fact settles the split, because every other fact that it reads is known."""
    return all(other == fact or other in values for other in split.facts)


class _Records:
    """The fields that are missing in the records of a list, each tried with every value that matters to `atoms`."""

    def __init__(
        self, asked: Questions, path: str, known: KnownList, values: Mapping[str, Value], atoms: Sequence[Atom]
    ) -> None:
        self.path, self.known, self.values, self.atoms = path, known, values, atoms
        self.vocabulary = asked.stack.vocabulary
        kind = self.vocabulary.kind(path)
        self.fields = kind.fields if isinstance(kind, kinds.Records) else {}
        quantifiers = [split.atoms[0] for split in asked.splits if isinstance(split.atoms[0], QUANTIFIERS)]
        bodies = [atom.body for atom in quantifiers if isinstance(atom, QUANTIFIERS) and atom.over.path == path]
        self.comparisons = list(dict.fromkeys(part for body in bodies for part in atoms_of(body)))

    def candidates(self, left: Callable[[Truths], Outcomes]) -> Iterator[tuple[str, int, list[Outcomes]]]:
        """Each unknown field that matters, the number of equal records, and the outcomes left after each value."""
        first: dict[object, int] = {}
        counts: dict[object, int] = {}
        for index, record in enumerate(self.known.items):
            alike = self.likeness(record)
            first.setdefault(alike, index)
            counts[alike] = counts.get(alike, 0) + 1
        for alike, index in first.items():
            record = self.known.items[index]
            read = {field for atom in self.atoms if self.is_open_of(atom, record) for field in fields_of(atom)}
            for name in self.fields:
                if name in read and _is_open(record.get(name)):
                    after = {left(self.truths_with(index, name, value)) for value in self.field_values(name, record)}
                    yield f"{self.path}[{index}].{name}", counts[alike], sorted(after)

    def likeness(self, record: Record) -> object:
        """A key that is equal for records that satisfy the same comparisons and lack the same fields."""
        known = Known(self.values, self.vocabulary, record)
        read = frozenset[str]().union(*(fields_of(part) for part in self.comparisons))
        opens = {name for name in self.fields if name in read and _is_open(record.get(name))}
        compared = [fields for part in self.comparisons if len(fields := fields_of(part)) > 1 and fields & opens]
        beside = frozenset[str]().union(*compared) - opens
        says = tuple(truth(part, known) for part in self.comparisons)
        return says, frozenset(opens), tuple((name, record.get(name)) for name in sorted(beside))

    def is_open_of(self, atom: Atom, record: Record) -> bool:
        """Whether it is unknown if a record satisfies the body of a quantifier."""
        body = atom.body if isinstance(atom, QUANTIFIERS) else atom
        return truth(body, Known(self.values, self.vocabulary, record)) is None

    def truths_with(self, index: int, name: str, value: object) -> dict[Atom, bool]:
        """The truths of the atoms once a field of one record is known."""
        items = self.known.items
        changed: Any = (*items[:index], {**items[index], name: value}, *items[index + 1 :])
        known = Known({**self.values, self.path: KnownList(changed, self.known.whole)}, self.vocabulary)
        return {atom: so for atom in self.atoms if (so := truth(atom, known)) is not None}

    def field_values(self, name: str, record: Record) -> Iterable[object]:
        """Values of a field of a record that cover every combination of truths that some value gives."""
        match self.fields[name]:
            case kinds.Truth():
                return (True, False)
            case kinds.Choice(members):
                named = [member for member in members if any(_names(atom, member) for atom in self.atoms)]
                return [*named, *[member for member in members if member not in named][:1]]
            case kinds.Set(members):
                named = [member for member in members if any(_names(atom, member) for atom in self.atoms)]
                alone = (KnownSet(frozenset({member})) for member in named)
                return [KnownSet(frozenset()), *alone, KnownSet(frozenset(named))]
            case kinds.Number(_, minimum):
                return self.turns(name, record, minimum, GREATEST, int)
            case kinds.Day():
                return self.turns(name, record, date.min.toordinal(), date.max.toordinal(), date.fromordinal)
        return ()

    def turns(self, name: str, record: Record, least: int, most: int, value: Callable[[int], object]) -> list[object]:
        """The least value, and each value at which a comparison of the field with a known value changes."""
        found = {least}
        nodes = (node for atom in self.atoms for node in nodes_in(atom))
        for comparison in (node for node in nodes if isinstance(node, syntax.Compare) and name in fields_of(node)):

            def says(number: int, comparison: syntax.Compare = comparison) -> object:
                changed: Any = {**record, name: value(number)}
                return truth(comparison, Known(self.values, self.vocabulary, changed))

            if says(least) != says(most):
                found.add(first_change(says, least, most))
        return [value(number) for number in sorted(found)]


def _is_open(value: object) -> bool:
    return value is None or (isinstance(value, KnownSet) and not value.whole)


def _names(node: object, member: str) -> bool:
    return any(isinstance(part, syntax.Text) and part.value == member for part in nodes_in(node))
