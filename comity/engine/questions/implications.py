"""Which quantifiers over one list imply each other, whatever the list holds.

One implies another if it counts at least as far and each part of the other's body follows from some part of its own. Only
what can be seen from two parts counts; a miss makes the open outcomes too wide. Each distinct part is compared once with
the parts that it could imply, and sets of quantifiers are numbers with a bit for each, so that the time grows with the
answer and not with the pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

from comity.engine.questions.bounds import COMPARISONS_MAX, IMPLICATIONS_MAX, TooLarge
from comity.engine.questions.normal import LITERALS
from comity.language import syntax

STACKS_MAX = 256  # of which the implications are cached: many stacks ask the same of a list
Quantifier: TypeAlias = syntax.Exists | syntax.Count


@lru_cache(STACKS_MAX)
def implications(atoms: tuple[Quantifier, ...]) -> tuple[int, ...]:
    """For each quantifier the others that it implies, directly or through others: a bit for each, by their places.

    Raises `TooLarge` if too many parts of their bodies would have to be compared, or too many imply each other.
    """
    implied = [0] * len(atoms)
    lists: dict[str, list[int]] = {}
    for place, atom in enumerate(atoms):
        lists.setdefault(atom.over.path, []).append(place)
    for places in lists.values():
        over_list = _OverList(atoms, places)
        for place in places:
            for other in bits_of(over_list.implying(place)):
                implied[other] |= 1 << place
    if sum(map(int.bit_count, implied)) > IMPLICATIONS_MAX:
        raise TooLarge
    return tuple(_closed(implied))


class _OverList:
    """The quantifiers over one list, by the parts of their bodies."""

    def __init__(self, atoms: Sequence[Quantifier], places: Sequence[int]) -> None:
        self.atoms, self.places = atoms, places
        self.with_part: dict[syntax.Condition, int] = {}
        for place in places:
            for part in parts_of(atoms[place].body):
                self.with_part[part] = self.with_part.get(part, 0) | 1 << place
        self.comparable: dict[object, list[syntax.Condition]] = {}
        for part in self.with_part:
            for key in _keys(part):
                self.comparable.setdefault(key, []).append(part)
        self.counting_to: dict[int, int] = {}
        self.implying_part: dict[syntax.Condition, int] = {}
        self.room = COMPARISONS_MAX

    def implying(self, place: int) -> int:
        """The other quantifiers that imply the one at a place."""
        found = self.counting(number_of(self.atoms[place])) & ~(1 << place)
        for wanted in parts_of(self.atoms[place].body):
            found &= self.with_implying(wanted) if found else 0
        return found

    def counting(self, number: int) -> int:
        """The quantifiers that count at least to a number."""
        if number not in self.counting_to:
            self.counting_to[number] = sum(1 << at for at in self.places if number_of(self.atoms[at]) >= number)
        return self.counting_to[number]

    def with_implying(self, wanted: syntax.Condition) -> int:
        """The quantifiers of whose bodies some part implies a wanted part."""
        if wanted not in self.implying_part:
            found = self.with_part[wanted]
            for key in _keys(wanted):
                parts = self.comparable[key]
                self.room -= len(parts)
                if self.room < 0:
                    raise TooLarge
                for part in parts:
                    if part_implies(part, wanted):
                        found |= self.with_part[part]
            self.implying_part[wanted] = found
        return self.implying_part[wanted]


def _keys(part: syntax.Condition) -> Iterator[object]:
    """Keys of which two parts have one in common if `part_implies` can be true of them."""
    if isinstance(part, syntax.Or):
        yield from part.parts
    else:
        yield part
    compared = part.body if isinstance(part, syntax.Not) else part
    if isinstance(compared, syntax.Compare):
        denied = isinstance(part, syntax.Not) and compared.operator == "<"
        for place, operand in enumerate((compared.left, compared.right)):
            if not isinstance(operand, LITERALS):
                yield denied, compared.operator, place, _unshifted(operand)


def _unshifted(operand: syntax.Operand) -> object:
    """An operand without the number of years, months or days by which a day is shifted."""
    match operand:
        case syntax.Shift(day, unit, syntax.Integer()):
            return day, unit
    return operand


def number_of(atom: syntax.Exists | syntax.Count) -> int:
    """How many records must satisfy the body of a quantifier."""
    number = atom.number if isinstance(atom, syntax.Count) else syntax.Integer(1)
    return number.value if isinstance(number, syntax.Integer) else 0


def parts_of(body: syntax.Condition) -> tuple[syntax.Condition, ...]:
    """The conditions that a record must all meet to satisfy a body."""
    if body == syntax.Truth(True):
        return ()
    return body.parts if isinstance(body, syntax.And) else (body,)


def part_implies(part: syntax.Condition, wanted: syntax.Condition) -> bool:
    """Whether each record that meets one part of a body can be seen to meet another."""
    if part == wanted:
        return True
    if isinstance(wanted, syntax.Or):
        ours = part.parts if isinstance(part, syntax.Or) else (part,)
        return set(ours) <= set(wanted.parts)
    return _excludes(part, wanted) or _bound_implies(part, wanted)


def implies(one: syntax.Condition, other: syntax.Condition) -> bool:
    """Whether one normal condition can be seen to imply another: for every complete request, if it is true, so is the other."""
    if one == other:
        return True
    match one, other:
        case syntax.Or(parts), _:
            return all(implies(part, other) for part in parts)
        case _, syntax.And(parts):
            return all(implies(one, part) for part in parts)
        case syntax.And(parts), _:
            return any(implies(part, other) for part in parts)
        case _, syntax.Or(parts):
            return any(implies(one, part) for part in parts)
        case (syntax.Exists() | syntax.Count()) as quantifier, (syntax.Exists() | syntax.Count()) as wanted:
            ours = parts_of(quantifier.body)
            return (
                quantifier.over == wanted.over
                and number_of(quantifier) >= number_of(wanted)
                and all(any(part_implies(part, sought) for part in ours) for sought in parts_of(wanted.body))
            )
    return part_implies(one, other)


def _excludes(part: syntax.Condition, wanted: syntax.Condition) -> bool:
    """A value that is one member is not another: `x == a` implies `!(x == b)`."""
    if not (
        isinstance(part, syntax.Compare) and isinstance(wanted, syntax.Not) and isinstance(wanted.body, syntax.Compare)
    ):
        return False
    other = wanted.body
    same = part.operator == other.operator == "==" and part.left == other.left
    return same and isinstance(part.right, LITERALS) and isinstance(other.right, LITERALS) and part.right != other.right


def _bound_implies(part: syntax.Condition, wanted: syntax.Condition) -> bool:
    """A tighter bound implies a looser one: `x < 3` implies `x < 5`, and their denials the other way round."""
    if isinstance(part, syntax.Not) and isinstance(wanted, syntax.Not):
        return _bound_implies(wanted.body, part.body)
    if not (
        isinstance(part, syntax.Compare)
        and isinstance(wanted, syntax.Compare)
        and part.operator == wanted.operator == "<"
    ):
        return False
    return _at_most(wanted.left, part.left) and _at_most(part.right, wanted.right)


def _at_most(one: syntax.Operand, other: syntax.Operand) -> bool:
    """Whether a side can be seen never to be greater than another."""
    if one == other:
        return True
    match one, other:
        case (syntax.Integer(a), syntax.Integer(b)):
            return a <= b
        case (syntax.Day(a), syntax.Day(b)):
            return a <= b
        case (
            syntax.Shift(day, unit, syntax.Integer(a), minus),
            syntax.Shift(other_day, other_unit, syntax.Integer(b), other_minus),
        ):
            signed = (-a if minus else a), (-b if other_minus else b)
            return day == other_day and unit == other_unit and signed[0] <= signed[1]
    return False


def bits_of(number: int) -> Iterator[int]:
    """The places of the bits of a number, from the lowest on."""
    digits = bin(number)[:1:-1]  # from the lowest on; a search in a text is faster than taking bits from a large number
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)


def _closed(direct: Sequence[int]) -> list[int]:
    """For each place all places that are reached from it, without itself."""
    reached, before = list(direct), list[int]()
    while reached != before:
        before = list(reached)
        for place, number in enumerate(before):
            for other in bits_of(number):
                reached[place] |= reached[other]
    return [number & ~(1 << place) for place, number in enumerate(reached)]


def direct_pairs(reached: Sequence[int], places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Pairs of places from which every other pair among these places follows, since one leads to the next.

    `reached` holds for each place all places that are reached from it. Places that reach each other are joined in a ring.
    """
    among = sum(1 << place for place in places)
    rings: dict[int, list[int]] = {}
    for place in places:
        alike = [other for other in bits_of(reached[place] & among) if reached[other] >> place & 1]
        rings.setdefault(min([place, *alike]), []).append(place)
    for ring in rings.values():
        if len(ring) > 1:
            yield from zip(ring, [*ring[1:], ring[0]], strict=True)
    heads = sum(1 << head for head in rings)
    for head in rings:
        below, further = reached[head] & heads & ~(1 << head), 0
        for other in bits_of(below):
            further |= reached[other]
        yield from ((head, other) for other in bits_of(below & ~further))
