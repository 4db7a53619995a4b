"""Whether the cases of an instrument stand on each side of every boundary that its conditions draw.

A boundary of a number, a count or a day lies between two neighbours, and each needs a case: a text that says "exceeds"
beside a condition that says `>=` differs from it in one of the two. A choice or a truth needs a case of which it is so and
one of which it is not. What a case does not say counts for neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, TypeAlias

from msgspec import Struct

from comity.decision.cases import values_of
from comity.facts import kinds
from comity.facts.kinds import KnownList, KnownSet, Value
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding, Place
from comity.language import syntax
from comity.language.connect import denial
from comity.language.evaluate import COMPARED, Known, operand, truth
from comity.language.nodes import called
from comity.language.sentence import clause
from comity.law.closing import ASKS
from comity.law.in_force import Stack, of_instrument
from comity.law.instrument import Instrument
from comity.law.library import Library

VARIABLE = "it"
BOUNDARY, SIDE = "boundary-without-case", "side-without-case"
ORDERED = (kinds.Number, kinds.Day)
Quantifier: TypeAlias = syntax.Exists | syntax.All | syntax.Count


class Boundary(Struct, frozen=True):
    """One boundary: what is asked, of the records of which list (empty outside of one), and where it stands."""

    asked: syntax.Condition
    over: str
    place: Place

    @property
    def key(self) -> tuple[syntax.Condition, str]:
        return self.asked, self.over


class Covered(Struct, frozen=True):
    """A boundary and the sides of it that have a case: for numbers and days the neighbours, else so and not so."""

    boundary: Boundary
    ordered: bool
    sides: frozenset[bool]

    @property
    def whole(self) -> bool:
        return len(self.sides) == 2


def coverage(library: Library, own: Instrument, stack: Stack | None = None) -> list[Covered]:
    """Each distinct boundary of an instrument, with the sides that its cases stand on.

    `stack` is the instrument alone, where the caller has it already.
    """
    found = {each.key: each for each in _boundaries(library, own, stack or of_instrument(library, own))}
    cases = [values for case in own.cases if (values := values_of(library, own, case)[0]) is not None]
    return [_covered(each, cases, library.vocabulary) for each in found.values()]


def findings_of(covered: Iterable[Covered], vocabulary: Vocabulary) -> list[Finding]:
    """What lacks a case: an error for a number or a day, a warning for a choice or a truth."""
    return [_finding(each, vocabulary) for each in covered if not each.whole]


def _boundaries(library: Library, own: Instrument, stack: Stack) -> Iterator[Boundary]:
    for standing in stack.standing:
        place = next(provision.place for provision in own.provisions if provision.id == standing.provision)
        for asked, over in _leaves(standing.when, "", library.vocabulary):
            yield Boundary(asked, over, place)


def _leaves(node: syntax.Condition, over: str, vocabulary: Vocabulary) -> Iterator[tuple[syntax.Condition, str]]:
    """The comparisons and truths that a condition is made of, inside its quantifiers too; not what is asked for."""
    match node:
        case syntax.Not(body):
            yield from _leaves(body, over, vocabulary)
        case syntax.And(parts) | syntax.Or(parts):
            for part in parts:
                yield from _leaves(part, over, vocabulary)
        case syntax.Exists() | syntax.All() | syntax.Count():
            yield from _of_quantifier(node, vocabulary)
        case syntax.Truth():
            return
        case _:
            if not (isinstance(node, syntax.Member) and node.of == syntax.Fact(ASKS)):
                yield node, over


def _of_quantifier(node: Quantifier, vocabulary: Vocabulary) -> Iterator[tuple[syntax.Condition, str]]:
    own = called(node.body, VARIABLE)
    if isinstance(node, syntax.Count):
        yield syntax.Count(node.over, VARIABLE, own, node.operator, node.number), ""
    if isinstance(vocabulary.kind(node.over.path), kinds.Set):
        yield node, ""
    else:
        yield from _leaves(own, node.over.path, vocabulary)


def _covered(own: Boundary, cases: Iterable[Mapping[str, Value]], vocabulary: Vocabulary) -> Covered:
    sides: set[bool] = set()
    ordered = _is_ordered(own.asked, own.over, vocabulary)
    for values in cases:
        for known in _records(own.over, values, vocabulary):
            side = _neighbour(own.asked, known) if ordered else truth(own.asked, known)
            sides |= {side} if side is not None else set()
    return Covered(own, ordered, frozenset(sides))


def _records(over: str, values: Mapping[str, Value], vocabulary: Vocabulary) -> Iterator[Known]:
    """What is known at each place where a question is asked in a case: once, or once for each record."""
    if not over:
        yield Known(values, vocabulary)
        return
    value = values.get(over)
    for record in value.items if isinstance(value, KnownList) else ():
        yield Known(values, vocabulary, record)


def _is_ordered(asked: syntax.Condition, over: str, vocabulary: Vocabulary) -> bool:
    if isinstance(asked, syntax.Count):
        return True
    if not isinstance(asked, syntax.Compare):
        return False
    return any(_is_number(side, over, vocabulary) for side in (asked.left, asked.right))


def _is_number(side: Any, over: str, vocabulary: Vocabulary) -> bool:
    match side:
        case syntax.Integer() | syntax.Day() | syntax.Sum() | syntax.Shift():
            return True
        case syntax.Fact(path):
            return isinstance(vocabulary.kind(path), ORDERED)
        case syntax.Field(_, name):
            return isinstance(vocabulary.kind(f"{over}[].{name}"), ORDERED)
    return False


def _neighbour(asked: syntax.Condition, known: Known) -> bool | None:
    """The side of a boundary that a case stands on, where it is one of the two values between which the boundary lies."""
    if isinstance(asked, syntax.Count):
        counted = _count(asked, known)
        left, right, sign = counted, operand(asked.number, known), asked.operator
    elif isinstance(asked, syntax.Compare):
        left, right, sign = operand(asked.left, known), operand(asked.right, known), asked.operator
    else:
        return None
    if left is None or right is None:
        return None
    distance = _distance(left, right)
    if sign in ("==", "!="):
        return COMPARED[sign](left, right) if abs(distance) <= 1 else None
    beside = {"<": (-1, 0), ">=": (-1, 0), ">": (0, 1), "<=": (0, 1)}[sign]
    return COMPARED[sign](left, right) if distance in beside else None


def _distance(left: Any, right: Any) -> int:
    return (left - right).days if isinstance(left, date) else int(left) - int(right)


def _count(asked: syntax.Count, known: Known) -> int | None:
    """How many records satisfy a body, where that is known."""
    value = known.values.get(asked.over.path)
    if isinstance(value, KnownSet):
        return len(value.members) if value.whole else None
    if not isinstance(value, KnownList) or not value.whole:
        return None
    found = [truth(asked.body, Known(known.values, known.vocabulary, record)) for record in value.items]
    return None if None in found else sum(own is True for own in found)


def _finding(own: Covered, vocabulary: Vocabulary) -> Finding:
    variables = {VARIABLE: own.boundary.over} if own.boundary.over else {}
    missing = [side for side in (True, False) if side not in own.sides]
    sides = (own.boundary.asked if side else denial(own.boundary.asked) for side in missing)
    wanted = ", and none where ".join(clause(side, vocabulary, variables) for side in sides)
    if own.ordered:
        help = "write a case at the boundary itself, and one just beyond it"
        return Finding(BOUNDARY, own.boundary.place, f"no case stands just where {wanted}", help)
    return Finding(SIDE, own.boundary.place, f"no case stands where {wanted}", "write one", grave=False)
