"""Each question of a stack as an SQL expression: the place of its answer among the split's, or UNKNOWN; never NULL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import ibis
from msgspec import Struct

from comity.engine.questions.answers import UNKNOWN, answerer
from comity.engine.questions.splits import QUANTIFIERS, Atom, Split, facts_of, values_that_matter
from comity.engine.sql.conditions import Conditions, Expression, Rail, Reading, both, chosen, contrary
from comity.facts import kinds
from comity.language import syntax
from comity.language.evaluate import Known, truth
from comity.law.life import is_force

SO, NOT_SO = 0, 1  # the places of the answers of a question that is true or false
SURELY, PERHAPS, NO = 2, 1, 0  # how a record stands to what a quantifier asks of it


def settled(split: Split, reading: Reading) -> int | None:
    """The one answer that every row gives, where no column bears on the question; else None."""
    if any(path in reading.columns for path in split.facts):
        return None
    return answerer(split, reading.vocabulary)(reading.fills)


def answer(split: Split, reading: Reading, marks: Marks | None = None) -> Expression:
    """The answer to a question; `marks` say of a question on a list how its records stand to it."""
    atom = split.atoms[0]
    if isinstance(atom, QUANTIFIERS):
        return _of_list(atom, reading, marks, reading.sure(split.facts))
    if isinstance(atom, syntax.Member):
        so, not_so = Conditions(reading).rails(atom)
        return (
            chosen([(so, SO)], NOT_SO) if reading.sure(split.facts) else chosen([(so, SO), (not_so, NOT_SO)], UNKNOWN)
        )
    if len(split.facts) == 1 and not any(_reads_twice(own) for own in split.atoms):
        return _of_fact(split, reading)
    return _of_sides(split, reading)


def _reads_twice(atom: Atom) -> bool:
    """Whether both sides read facts, so that the answer need not change at one place only."""
    return isinstance(atom, syntax.Compare) and bool(facts_of(atom.left)) and bool(facts_of(atom.right))


def _of_fact(split: Split, reading: Reading) -> Expression:
    """A plain fact: its values sorted to the answers that they give, for what is ordered by spans."""
    path = split.facts[0]
    kind = kinds.Truth() if is_force(path) else reading.vocabulary.kind(path)
    value, known = reading.fact(path)
    values = [True, False] if is_force(path) else values_that_matter(split.atoms, path, reading.vocabulary)
    places = [_place_at(split, path, own, reading) for own in values]
    pairs: list[tuple[Rail, Any]] = [(contrary(known), UNKNOWN)]
    if isinstance(kind, (kinds.Number, kinds.Day)):
        pairs += [(value < bound, place) for bound, place in zip(values[1:], places, strict=False)]
        return chosen(pairs, places[-1])
    last = places[-1]
    for place in dict.fromkeys(own for own in places if own != last):
        pairs.append((value.isin([own for own, at in zip(values, places, strict=True) if at == place]), place))
    return chosen(pairs, last)


def _place_at(split: Split, path: str, value: Any, reading: Reading) -> int:
    known = Known({path: value}, reading.vocabulary)
    return split.answers.index(tuple(truth(atom, known) is True for atom in split.atoms))


def _of_sides(split: Split, reading: Reading) -> Expression:
    """A comparison of two sides that both read facts: whichever answer fits every atom."""
    conditions = Conditions(reading)
    rails = [conditions.rails(atom) for atom in split.atoms]
    fits = [both(own.so if so else own.not_so for own, so in zip(rails, given, strict=True)) for given in split.answers]
    return chosen([(fit, place) for place, fit in enumerate(fits)], UNKNOWN)


def mark(atom: syntax.Exists | syntax.Count, reading: Reading, record: Expression) -> Expression:
    """Whether a record satisfies what is asked: surely, perhaps, or not."""
    so, not_so = Conditions(reading, record).rails(atom.body)
    return _number(chosen([(so, SURELY), (not_so, NO)], PERHAPS))


def marked(atom: syntax.Exists | syntax.Count, reading: Reading) -> Expression:
    """The marks of all records of a list that lies in its row; None where no list is known."""
    records, known, _ = reading.records(atom.over.path)
    return None if known is False else records.map(lambda record: mark(atom, reading, record))


def found(atom: syntax.Exists | syntax.Count, reading: Reading) -> Expression:
    """The records of a list in its row that satisfy what is asked, where nothing of them is missing."""
    records, _, _ = reading.records(atom.over.path)
    return records.filter(lambda record: Conditions(reading, record).rails(atom.body).so)


def _number(value: Expression) -> Expression:
    return ibis.literal(value, type="int8") if isinstance(value, int) else value.cast("int8")


def _of_list(atom: syntax.Exists | syntax.Count, reading: Reading, marks: Marks | None, sure: bool) -> Expression:
    """So when enough records surely satisfy the body; not so when too few may, and there can be no further one."""
    known, whole = reading.known(atom.over.path)
    if marks is None:
        return ibis.literal(UNKNOWN)
    number = atom.number.value if isinstance(atom, syntax.Count) and isinstance(atom.number, syntax.Integer) else 1
    if sure:
        return chosen([(marks.at_least((SURELY,), number), SO)], NOT_SO)
    enough, possible = marks.at_least((SURELY,), number), marks.at_least((SURELY, PERHAPS), number)
    return chosen(
        [(contrary(known), UNKNOWN), (enough, SO), (contrary(whole), UNKNOWN), (contrary(possible), NOT_SO)], UNKNOWN
    )


class InRow(Struct, frozen=True):
    """The marks of records that lie in their row, as one array."""

    marks: Expression

    def at_least(self, wanted: Sequence[int], number: int) -> Expression:
        """Whether so many records have one of the wanted marks."""
        if number == 1:
            found = [self.marks.contains(_number(own)) for own in wanted]
            return found[0] if len(found) == 1 else found[0] | found[1]
        return self.marks.filter(lambda own: own >= min(wanted)).length() >= number


class Found(Struct, frozen=True):
    """The records in their row that satisfy what is asked, where nothing of them is missing."""

    records: Expression

    def at_least(self, wanted: Sequence[int], number: int) -> Expression:
        """Whether there are so many."""
        return self.records.length() >= number


class Counted(Struct, frozen=True):
    """How many records of a child table have which mark."""

    surely: Expression
    surely_or_perhaps: Expression

    def at_least(self, wanted: Sequence[int], number: int) -> Expression:
        """Whether so many records have one of the wanted marks."""
        return (self.surely_or_perhaps if PERHAPS in wanted else self.surely) >= number


Marks: TypeAlias = InRow | Found | Counted
