"""Whether the cases of an instrument cover both sides of every boundary in its conditions.

A boundary in a number, a count or a day lies between two neighbouring values, and each needs a case: if the text says
"exceeds" and the condition says `>=`, the two differ for only one of those values. A choice or a truth needs one case for
which it is true and one for which it is false. A fact that a case leaves out counts for neither side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, TypeAlias

from msgspec import Struct

from comity.claims.case_values import CaseValues
from comity.decision.cases import values_of
from comity.facts import kinds
from comity.facts.kinds import KnownList, KnownSet
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
    """One boundary: the comparison or truth that is asked, and its place.

    `over` is the list whose records it is asked of, or empty.
    """

    asked: syntax.Condition
    over: str
    place: Place

    @property
    def key(self) -> tuple[syntax.Condition, str]:
        return self.asked, self.over


class Covered(Struct, frozen=True):
    """A boundary and the sides of it that have a case.

    The sides are two neighbouring values if `ordered`, else true and false.
    """

    boundary: Boundary
    ordered: bool
    covered_sides: frozenset[bool]

    @property
    def whole(self) -> bool:
        """Whether both sides have a case."""
        return len(self.covered_sides) == 2


def coverage(library: Library, instrument: Instrument, stack: Stack | None = None) -> list[Covered]:
    """Each distinct boundary of an instrument, with the sides that its cases cover.

    `stack` is the stack of the instrument alone, if the caller has it already.
    """
    found = {
        boundary.key: boundary
        for boundary in _boundaries(library, instrument, stack or of_instrument(library, instrument))
    }
    cases = [values for case in instrument.cases if (values := values_of(library, instrument, case)[0]) is not None]
    values_of_cases = CaseValues(cases, library.vocabulary)
    return [_covered(boundary, values_of_cases, library.vocabulary) for boundary in found.values()]


def findings_of(covered: Iterable[Covered], vocabulary: Vocabulary) -> list[Finding]:
    """A finding for each boundary without a case on one side.

    It is an error for a number or a day, otherwise a warning.
    """
    return [_finding(item, vocabulary) for item in covered if not item.whole]


def _boundaries(library: Library, instrument: Instrument, stack: Stack) -> Iterator[Boundary]:
    places = {provision.id: provision.place for provision in reversed(instrument.provisions)}  # the first of an id
    for standing in stack.standing:
        place = places[standing.provision]
        for asked, over in _leaves(standing.when, "", library.vocabulary):
            yield Boundary(asked, over, place)


def _leaves(node: syntax.Condition, over: str, vocabulary: Vocabulary) -> Iterator[tuple[syntax.Condition, str]]:
    """The comparisons and truths in a condition and its quantifiers, each with its list; not what the request asks for."""
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
    body = called(node.body, VARIABLE)
    if isinstance(node, syntax.Count):
        yield syntax.Count(node.over, VARIABLE, body, node.operator, node.number), ""
    if isinstance(vocabulary.kind(node.over.path), kinds.Set):
        yield node, ""
    else:
        yield from _leaves(body, node.over.path, vocabulary)


def _covered(boundary: Boundary, cases: CaseValues, vocabulary: Vocabulary) -> Covered:
    covered_sides: set[bool] = set()
    ordered = _is_ordered(boundary.asked, boundary.over, vocabulary)
    for known in cases.near(boundary.asked, boundary.over) if ordered else cases.of(boundary.over):
        side = _neighbour(boundary.asked, known) if ordered else truth(boundary.asked, known)
        covered_sides |= {side} if side is not None else set()
        if len(covered_sides) == 2:
            break
    return Covered(boundary, ordered, frozenset(covered_sides))


def _is_ordered(asked: syntax.Condition, over: str, vocabulary: Vocabulary) -> bool:
    if isinstance(asked, syntax.Count):
        return True
    if not isinstance(asked, syntax.Compare):
        return False
    return any(_is_number(operand_node, over, vocabulary) for operand_node in (asked.left, asked.right))


def _is_number(operand_node: Any, over: str, vocabulary: Vocabulary) -> bool:
    match operand_node:
        case syntax.Integer() | syntax.Day() | syntax.Sum() | syntax.Shift():
            return True
        case syntax.Fact(path):
            return isinstance(vocabulary.kind(path), ORDERED)
        case syntax.Field(_, name):
            return isinstance(vocabulary.kind(f"{over}[].{name}"), ORDERED)
    return False


def _neighbour(asked: syntax.Condition, known: Known) -> bool | None:
    """The side of a boundary that a case covers; None unless its value is one of the two next to the boundary."""
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
    next_to_boundary = {"<": (-1, 0), ">=": (-1, 0), ">": (0, 1), "<=": (0, 1)}[sign]
    return COMPARED[sign](left, right) if distance in next_to_boundary else None


def _distance(left: Any, right: Any) -> int:
    return (left - right).days if isinstance(left, date) else int(left) - int(right)


def _count(asked: syntax.Count, known: Known) -> int | None:
    """How many records satisfy the body of a count; None where that is not known."""
    value = known.values.get(asked.over.path)
    if isinstance(value, KnownSet):
        return len(value.members) if value.whole else None
    if not isinstance(value, KnownList) or not value.whole:
        return None
    found = [truth(asked.body, Known(known.values, known.vocabulary, record)) for record in value.items]
    return None if None in found else sum(truth_value is True for truth_value in found)


def _finding(item: Covered, vocabulary: Vocabulary) -> Finding:
    variables = {VARIABLE: item.boundary.over} if item.boundary.over else {}
    missing = [side for side in (True, False) if side not in item.covered_sides]
    untested = (item.boundary.asked if side else denial(item.boundary.asked) for side in missing)
    wanted = ", and none where ".join(clause(side, vocabulary, variables) for side in untested)
    if item.ordered:
        help = "write a case at the boundary itself, and one just beyond it"
        return Finding(BOUNDARY, item.boundary.place, f"there is no case just where {wanted}", help)
    return Finding(SIDE, item.boundary.place, f"there is no case where {wanted}", "write one", grave=False)
