"""Which of many effects can apply to a request, found by what their conditions need and not by trying each of them.

A condition such as "some conviction is a robbery of the last five years" needs a record with that offense. A need is what a
request must have for a condition to be true; where nothing is known of what it needs, an effect is always tried.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any, TypeAlias

from msgspec import Struct

from comity.claims.case_values import Probe, number_of, spanned
from comity.facts import kinds
from comity.facts.kinds import KnownList, Value
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.evaluate import Known, operand
from comity.law.in_force import Stack

NEEDS_MAX = 20  # of one condition; with more it is always tried
SPAN_DAYS_MAX = 200_000  # of a look-back; a longer one could leave the calendar
YEARS = range(1000, 9000)  # of the days from which a look-back is counted
TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}


class Bound(Struct, frozen=True):
    """A number that a request must reach, or with `most` not exceed; without `probe` the number of records with a key."""

    probe: Probe | None
    most: bool
    number: int


class Need(Struct, frozen=True):
    """What a request must have: in `over`, a list, or in itself if that is empty, values of `operands`, and a number."""

    over: str
    operands: tuple[syntax.Operand, ...] = ()
    values: tuple[Any, ...] = ()
    bound: Bound | None = None


Needs: TypeAlias = list[Need] | None  # one of them must be met; None where that is not known
Shape: TypeAlias = tuple[str, tuple[syntax.Operand, ...]]


class _Bucket:
    """The effects with a need of the same values: those without a bound, and by kind of bound the others in order."""

    def __init__(self) -> None:
        self.plain: list[int] = []
        self.bounded: dict[tuple[Probe | None, bool], list[tuple[int, int]]] = {}

    def add(self, need: Need, index: int) -> None:
        if need.bound is None:
            self.plain.append(index)
        else:
            key = need.bound.probe, need.bound.most
            self.bounded.setdefault(key, []).append((need.bound.number, index))

    def sort(self) -> None:
        for pairs in self.bounded.values():
            pairs.sort()

    def met(self, records: Sequence[Known]) -> Iterator[int]:
        """The effects whose bound is met, or may be, by some of the records with these values; the loosest bound first."""
        yield from self.plain
        for (probe, most), pairs in self.bounded.items():
            found = [len(records)] if probe is None else [_counted_from(probe, known) for known in records]
            numbers = [number for number in found if number is not None]
            if len(numbers) < len(found):
                yield from (index for _, index in pairs)
            elif most:
                start = bisect_left(pairs, (min(numbers), -1))
                yield from (pairs[at][1] for at in range(len(pairs) - 1, start - 1, -1))
            else:
                end = bisect_right(pairs, (max(numbers) + 1, -1))
                yield from (pairs[at][1] for at in range(end))


class EffectIndex:
    """Some effects of a stack by what they need. `tried` counts the effects that requests had to be tried on."""

    def __init__(self, stack: Stack, indices: Iterable[int]) -> None:
        self.indices = list(indices)
        self.vocabulary = stack.vocabulary
        self.always: list[int] = []
        self.shapes: dict[Shape, dict[tuple[Any, ...], _Bucket]] = {}
        self.tried = 0
        for index in self.indices:
            needs = _needs(stack.standing[index].when, stack.vocabulary)
            if needs is None or len(needs) > NEEDS_MAX:
                self.always.append(index)
                continue
            for need in needs:
                buckets = self.shapes.setdefault((need.over, need.operands), {})
                buckets.setdefault(need.values, _Bucket()).add(need, index)
        for buckets in self.shapes.values():
            for bucket in buckets.values():
                bucket.sort()

    def candidates(self, values: Mapping[str, Value]) -> Iterator[int]:
        """The effects that may apply to a request, each perhaps more than once; all others surely do not."""
        for index in self._candidates(values):
            self.tried += 1
            yield index

    def _candidates(self, values: Mapping[str, Value]) -> Iterator[int]:
        yield from self.always
        for (over, operands), buckets in self.shapes.items():
            records = _records(over, values, self.vocabulary)
            keys = None if records is None else [tuple(operand(one, known) for one in operands) for known in records]
            if records is None or keys is None or any(None in key for key in keys):
                yield from self.indices
                return
            with_key: dict[tuple[Any, ...], list[Known]] = {}
            for key, known in zip(keys, records, strict=True):
                with_key.setdefault(key, []).append(known)
            for key, alike in with_key.items():
                if key in buckets:
                    yield from buckets[key].met(alike)


def _records(over: str, values: Mapping[str, Value], vocabulary: Vocabulary) -> list[Known] | None:
    """The request itself, or its records of a list; None if there may be more of them."""
    if not over:
        return [Known(values, vocabulary)]
    value = values.get(over)
    if not isinstance(value, KnownList) or not value.whole:
        return None
    return [Known(values, vocabulary, record) for record in value.items]


def _counted_from(probe: Probe, known: Known) -> int | None:
    """The number of a probe; None where it is not known, or counted from a day so early or late that a shift may fail."""
    since = None if probe[1] is None else operand(probe[1], known)
    return None if probe[1] is not None and (since is None or since.year not in YEARS) else number_of(probe, known)


def _needs(node: syntax.Condition, vocabulary: Vocabulary) -> Needs:
    """What a condition needs to be true."""
    match node:
        case syntax.Truth(False):
            return []
        case syntax.Or(parts):
            found = [_needs(part, vocabulary) for part in parts]
            return None if None in found else [need for needs in found if needs for need in needs]
        case syntax.And(parts):
            known = [needs for part in parts if (needs := _needs(part, vocabulary)) is not None]
            return max(known, key=_sharpness, default=None)
        case syntax.Exists(over, _, body) if isinstance(vocabulary.kind(over.path), kinds.Records):
            return _of_record(over.path, body, None)
        case syntax.Count(over, _, body, ">=" | ">" | "==" as operator, syntax.Integer(number)):
            least = number + (operator == ">")
            is_list = isinstance(vocabulary.kind(over.path), kinds.Records)
            return _of_record(over.path, body, least) if is_list and least > 0 else None
        case syntax.Fact() | syntax.Compare() | syntax.Among():
            return _of_record("", node, None)
    return None


def _sharpness(needs: list[Need]) -> tuple[bool, int, bool]:
    """How few requests have what is needed, roughly: nothing at all, many values, a bound."""
    values = min((len(need.values) for need in needs), default=0)
    return not needs, values, all(need.bound for need in needs)


def _of_record(over: str, body: syntax.Condition, least: int | None) -> Needs:
    """What one record must have to satisfy a body, and `least` how many must; or what the request itself must have."""
    parts = body.parts if isinstance(body, syntax.And) else (body,)
    choices: dict[syntax.Operand, list[Any]] = {}
    bound = None if least is None else Bound(None, False, least)
    for part in parts:
        match part:
            case syntax.Fact() | syntax.Field():
                choices.setdefault(part, [True])
            case syntax.Compare("==", (syntax.Fact() | syntax.Field()) as of, syntax.Text(value)):
                choices.setdefault(of, [value])
            case syntax.Among((syntax.Fact() | syntax.Field()) as of, members):
                choices.setdefault(of, [member.value for member in members])
            case syntax.Compare():
                bound = bound or _bound(part)
    if not over and not choices and bound is None:
        return None
    operands = tuple(sorted(choices, key=repr))
    return [Need(over, operands, values, bound) for values in product(*(choices[of] for of in operands))]


def _bound(part: syntax.Compare) -> Bound | None:
    """The number that one side of a comparison must reach, or must not exceed."""
    for side, other, operator in (
        (part.left, part.right, part.operator),
        (part.right, part.left, TURNED[part.operator]),
    ):
        if not isinstance(side, (syntax.Fact, syntax.Field)) or (between := spanned(other)) is None:
            continue
        base, least, most = between
        if base is not None and (isinstance(base, syntax.Shift) or max(-least, most) > SPAN_DAYS_MAX):
            continue
        if operator in (">", ">=", "=="):
            return Bound((side, base), False, least + (operator == ">" and base is None))
        if operator in ("<", "<="):
            return Bound((side, base), True, most - (operator == "<" and base is None))
    return None
