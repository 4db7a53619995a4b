"""The questions that a stack's conditions ask, each with every answer that it can have.

An atom is what a normal condition is built from. Atoms that one value settles together (all that ask about one
choice, one day, one pair of days) are one split: its answers are the truths that some value gives them, so that no
answer is considered that no value gives. For quantifiers over one list see `implications`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, TypeAlias

from msgspec import Struct

from comity.engine.questions.answer_table import table_of
from comity.engine.questions.bounds import TRUTHS_TRIED_MAX, TooLarge
from comity.engine.questions.cached import ENTRIES_MAX, cached_for
from comity.facts import kinds
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.evaluate import Known, truth
from comity.law.life import is_force

Atom: TypeAlias = syntax.Condition
QUANTIFIERS = (syntax.Exists, syntax.Count)
GREATEST = 10**12
ANOTHER_NAME = "\0"  # stands for every name that no condition mentions


class Split(Struct, frozen=True, cache_hash=True):
    """One question: the atoms that it settles, the truths it can give them, and the facts that answer it."""

    atoms: tuple[Atom, ...]
    answers: Sequence[tuple[bool, ...]]
    facts: tuple[str, ...]


@lru_cache(ENTRIES_MAX)
def atoms_of(condition: syntax.Condition) -> tuple[Atom, ...]:
    """The atoms of a normal condition, each once, in the order in which they stand."""
    found: dict[Atom, None] = {}
    pending = [condition]
    while pending:
        part = pending.pop()
        match part:
            case syntax.Truth():
                pass
            case syntax.Not(body):
                pending.append(body)
            case syntax.And(parts) | syntax.Or(parts):
                pending += reversed(parts)
            case _:
                found[part] = None
    return tuple(found)


@lru_cache(ENTRIES_MAX)
def facts_of(node: object) -> tuple[str, ...]:
    """The facts that an atom or an operand reads, lists as a whole; each once."""
    found: dict[str, None] = {}
    pending = [node]
    while pending:
        part = pending.pop()
        if isinstance(part, syntax.Fact):
            found[part.path] = None
        elif isinstance(part, tuple):
            pending += part
        elif isinstance(part, Struct):
            pending += [getattr(part, name) for name in part.__struct_fields__]
    return tuple(sorted(found))


def splits_of(conditions: Iterable[syntax.Condition], vocabulary: Vocabulary) -> tuple[Split, ...]:
    """Every question of the conditions, in the order of the vocabulary."""
    atoms = list(dict.fromkeys(atom for condition in dict.fromkeys(conditions) for atom in atoms_of(condition)))
    groups: dict[object, list[Atom]] = {}
    for atom in atoms:
        groups.setdefault(_group(atom), []).append(atom)
    split_of = cached_for(vocabulary, _split)
    splits = [split_of(tuple(group)) for group in groups.values()]
    last = len(vocabulary.order)
    return tuple(sorted(splits, key=lambda part: min(vocabulary.order.get(path, last) for path in part.facts)))


def _split(vocabulary: Vocabulary, group: tuple[Atom, ...]) -> Split:
    return Split(group, _answers(group, vocabulary), facts_of(group))


@lru_cache(ENTRIES_MAX)
def _group(atom: Atom) -> object:
    """Atoms of one group are settled together: those on one plain fact, and those that compare the same two sides."""
    if isinstance(atom, (*QUANTIFIERS, syntax.Member)):
        return atom
    facts = facts_of(atom)
    if len(facts) == 1 and not is_day_against_itself(atom):
        return facts
    if isinstance(atom, syntax.Compare):
        return frozenset((repr(atom.left), repr(atom.right)))
    return atom


def is_day_against_itself(atom: Atom) -> bool:
    """Whether a comparison shifts a day and compares it with itself, as in `d + months(1) - months(1) < d`.

    Since month ends clamp, such a comparison can change back and forth as the day moves on; no other does.
    """
    if not isinstance(atom, syntax.Compare) or not isinstance(atom.left, syntax.Shift | syntax.Fact | syntax.Field):
        return False
    return isinstance(atom.right, syntax.Shift | syntax.Fact | syntax.Field) and _day_of(atom.left) == _day_of(
        atom.right
    )


def _day_of(operand: syntax.Moved) -> syntax.Moved:
    while isinstance(operand, syntax.Shift):
        operand = operand.day
    return operand


def _answers(group: Sequence[Atom], vocabulary: Vocabulary) -> Sequence[tuple[bool, ...]]:
    facts = facts_of(tuple(group))
    if isinstance(group[0], (*QUANTIFIERS, syntax.Member)):
        return ((True,), (False,))
    if len(facts) > 1 or is_day_against_itself(group[0]):
        return _of_pair(group)
    if is_force(facts[0]):
        return tuple((value,) * len(group) for value in (True, False))
    kind = vocabulary.kind(facts[0])
    if isinstance(kind, (kinds.Number, kinds.Day)):
        spans = spans_of(group, facts[0], kind, vocabulary)
        return table_of(spans.columns, len(spans.values))
    return tuple(dict.fromkeys(truths for _, truths in truths_by_value(group, facts[0], vocabulary)))


def truths_by_value(group: Sequence[Atom], path: str, vocabulary: Vocabulary) -> list[tuple[Any, tuple[bool, ...]]]:
    """The values of one plain fact that matter, each with the truths that it gives to the atoms.

    Raises `TooLarge` if an unordered fact has too many values for all to be tried with all atoms.
    """
    kind = vocabulary.kind(path)
    if isinstance(kind, (kinds.Number, kinds.Day)):
        spans = spans_of(group, path, kind, vocabulary)
        return list(zip(spans.values, table_of(spans.columns, len(spans.values)), strict=True))
    values = values_that_matter(group, path, vocabulary)
    if len(values) * len(group) > TRUTHS_TRIED_MAX:
        raise TooLarge
    return [(value, _truths(group, path, value, vocabulary)) for value in values]


class Spans(Struct, frozen=True):
    """The least value of each span of an ordered fact within which no atom changes.

    `columns` has for each atom the spans in which it is true, as bits.
    """

    values: list[Any]
    columns: list[int]


def spans_of(group: Sequence[Atom], path: str, kind: kinds.Number | kinds.Day, vocabulary: Vocabulary) -> Spans:
    """The spans of an ordered fact. Each atom, a `<`, changes at most once, so its truths follow from where it changes."""
    least, _, make = _range(kind)
    turns = [_turn(atom, path, kind, vocabulary) for atom in group]
    cuts = sorted({least, *(turn for _, turn in turns if turn is not None)})
    place, every = {cut: at for at, cut in enumerate(cuts)}, (1 << len(cuts)) - 1
    columns = []
    for before, turn in turns:
        until_turn = every if turn is None else (1 << place[turn]) - 1
        columns.append(until_turn if before else every & ~until_turn)
    return Spans([make(cut) for cut in cuts], columns)


def _turn(atom: Atom, path: str, kind: kinds.Number | kinds.Day, vocabulary: Vocabulary) -> tuple[bool, int | None]:
    """Whether an atom is true of the least value, and the first value at which it is otherwise, if there is one."""
    least, most, make = _range(kind)
    match atom:
        case syntax.Compare("<", syntax.Fact(), syntax.Integer() | syntax.Day() as literal):
            bound = _ordinal(literal)
            return least < bound, bound if least < bound <= most else None
        case syntax.Compare("<", syntax.Integer() | syntax.Day() as literal, syntax.Fact()):
            bound = _ordinal(literal)
            return bound < least, bound + 1 if least <= bound < most else None
    before = _at(atom, path, make(least), vocabulary)
    if before == _at(atom, path, make(most), vocabulary):
        return before, None
    return before, first_change(lambda at: _at(atom, path, make(at), vocabulary), least, most)


def _ordinal(literal: syntax.Integer | syntax.Day) -> int:
    return literal.value.toordinal() if isinstance(literal, syntax.Day) else literal.value


def _range(kind: kinds.Number | kinds.Day) -> tuple[int, int, Callable[[int], Any]]:
    if isinstance(kind, kinds.Number):
        return kind.minimum, GREATEST, int
    return date.min.toordinal(), date.max.toordinal(), date.fromordinal


def _truths(group: Sequence[Atom], path: str, value: object, vocabulary: Vocabulary) -> tuple[bool, ...]:
    known = Known({path: value}, vocabulary)  # type: ignore[dict-item]
    return tuple(truth(atom, known) is True for atom in group)


def _of_pair(group: Sequence[Atom]) -> tuple[tuple[bool, ...], ...]:
    """Two ordered sides are less, equal or more; two names are the same or not."""
    first = group[0]
    if not isinstance(first, syntax.Compare) or first.operator == "==":
        return ((True,), (False,))
    less = tuple(isinstance(atom, syntax.Compare) and atom.left == first.left for atom in group)
    return tuple(dict.fromkeys((less, tuple(not part for part in less), (False,) * len(group))))


def values_that_matter(group: Sequence[Atom], path: str, vocabulary: Vocabulary) -> list[object]:
    """Values of one plain fact such that every other value answers all the atoms as one of these does."""
    kind = vocabulary.kind(path)
    match kind:
        case kinds.Choice(members):
            return list(members)
        case kinds.Text():
            named = [
                atom.right.value
                for atom in group
                if isinstance(atom, syntax.Compare) and isinstance(atom.right, syntax.Text)
            ]
            return [*dict.fromkeys(named), ANOTHER_NAME]
        case kinds.Number() | kinds.Day():
            return spans_of(group, path, kind, vocabulary).values
    return [True, False]


def _at(atom: Atom, path: str, value: object, vocabulary: Vocabulary) -> bool:
    return truth(atom, Known({path: value}, vocabulary)) is True  # type: ignore[dict-item]


def first_change(holds: Callable[[int], object], least: int, most: int) -> int:
    """The first number at which a thing that changes once is no longer what it was at the least."""
    before = holds(least)
    low, high = least, most
    while high - low > 1:
        middle = (low + high) // 2
        if holds(middle) == before:
            low = middle
        else:
            high = middle
    return high
