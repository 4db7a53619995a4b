"""Requests and conditions in words: the facts of a witness, and what the requests of a class have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from comity.facts.kinds import KnownList, KnownSet, Scalar, Value
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.connect import ALWAYS, all_of, any_of
from comity.language.sentence import clause
from comity.law.instrument import Instrument
from comity.law.life import is_force, titled_force
from comity.records.joint import SECOND

RECORD = "c"


def request_in_words(
    values: Mapping[str, Value], vocabulary: Vocabulary, instruments: Mapping[str, Instrument]
) -> list[str]:
    """The known facts of a request, one clause each, in the order of the vocabulary."""
    order = vocabulary.order
    paths = sorted(values, key=lambda path: (order.get(path.removesuffix(SECOND), len(order)), path))
    return [words for path in paths for words in _of_fact(path, values[path], vocabulary, instruments)]


def _of_fact(path: str, value: Value, vocabulary: Vocabulary, instruments: Mapping[str, Instrument]) -> Iterator[str]:
    plain_path = path.removesuffix(SECOND)
    if is_force(plain_path):
        yield force_in_words(plain_path, value is True, instruments)
    elif isinstance(value, KnownSet):
        yield from _of_set(plain_path, value, vocabulary)
    elif isinstance(value, KnownList):
        yield from _of_list(plain_path, value, vocabulary)
    else:
        yield clause(_is(syntax.Fact(plain_path), value), vocabulary)


def force_in_words(path: str, so: bool, instruments: Mapping[str, Instrument]) -> str:
    """Whether an instrument is in force, in words, where its days are uncertain."""
    return f"{titled_force(path, instruments)} is {'' if so else 'not '}in force, which is uncertain on that day"


def _of_set(path: str, value: KnownSet, vocabulary: Vocabulary) -> Iterator[str]:
    for member in sorted(value.members):
        yield clause(syntax.Member(syntax.Text(member), syntax.Fact(path)), vocabulary)
    if value.whole:
        entry = vocabulary.entries[path]
        noun = entry.noun or path
        none, others = ("nothing", "nothing else") if noun.startswith("what ") else ("none", "no others")
        yield f"{noun}: {others if value.members else none}"


def _of_list(path: str, value: KnownList, vocabulary: Vocabulary) -> Iterator[str]:
    over = syntax.Fact(path)
    for item in value.items:
        fields = [condition for name, field in item.items() for condition in _of_field(name, field)]
        yield clause(syntax.Exists(over, RECORD, all_of(fields)), vocabulary) + _lacking(path, item, vocabulary)
    if value.whole:
        none = clause(syntax.Not(syntax.Exists(over, RECORD, ALWAYS)), vocabulary)
        yield f"{none} but {'this' if len(value.items) == 1 else 'these'}" if value.items else none


def _of_field(name: str, value: Scalar | KnownSet) -> Iterator[syntax.Condition]:
    field = syntax.Field(RECORD, name)
    if isinstance(value, KnownSet):
        yield from (syntax.Member(syntax.Text(member), field) for member in sorted(value.members))
    else:
        yield _is(field, value)


def _lacking(path: str, item: Mapping[str, Scalar | KnownSet], vocabulary: Vocabulary) -> str:
    """The fields of a record that are known to be empty, in words."""
    empty = [name for name, value in item.items() if isinstance(value, KnownSet) and value.whole and not value.members]
    nouns = [vocabulary.entries[f"{path}[].{name}"].noun or name for name in empty]
    return "".join(f", with nothing among {noun}" for noun in nouns)


def _is(node: syntax.Fact | syntax.Field, value: object) -> syntax.Condition:
    if isinstance(value, bool):
        return node if value else syntax.Not(node)
    if isinstance(value, date):
        return syntax.Compare("==", node, syntax.Day(value))
    return syntax.Compare("==", node, syntax.Integer(value) if isinstance(value, int) else syntax.Text(str(value)))


Literals: TypeAlias = tuple[syntax.Condition, ...]


def joined(conditions: Sequence[syntax.Condition], first: Iterable[syntax.Condition] = ()) -> syntax.Condition:
    """The disjunction of some conjunctions, with common parts factored out.

    A condition in `first` that is in all of them comes before the rest.
    """
    conjunctions = [condition.parts if isinstance(condition, syntax.And) else (condition,) for condition in conditions]
    ahead = [
        condition for condition in first if conjunctions and all(condition in literals for literals in conjunctions)
    ]
    return all_of(
        [
            *ahead,
            _factored(
                [tuple(condition for condition in literals if condition not in ahead) for literals in conjunctions]
            ),
        ]
    )


def _factored(conjunctions: Sequence[Literals]) -> syntax.Condition:
    """What all conjunctions have in common, then the rest grouped by their most frequent condition; equal groups are merged."""
    shared = [condition for condition in conjunctions[0] if all(condition in other for other in conjunctions)]
    rest = [tuple(condition for condition in literals if condition not in shared) for literals in conjunctions]
    if not all(rest):
        return all_of(shared)
    branches: dict[frozenset[frozenset[syntax.Condition]], tuple[list[syntax.Condition], list[Literals]]] = {}
    while rest:
        counts = Counter(condition for literals in rest for condition in literals)
        most = max(counts, key=lambda condition: counts[condition])
        below = [
            tuple(condition for condition in literals if condition != most) for literals in rest if most in literals
        ]
        rest = [literals for literals in rest if most not in literals]
        branches.setdefault(frozenset(frozenset(literals) for literals in below), ([], below))[0].append(most)
    return all_of([*shared, any_of(all_of([any_of(leads), _factored(below)]) for leads, below in branches.values())])
