"""Chooses values that represent all values of the missing facts, as far as conditions can tell them apart.

They are enough if every completion of a request has a counterpart among the chosen values, in which each comparison has
the same truth:

* Truth, or the uncertain force of an instrument: both values.
* Choice or name: the values that conditions name, and one that none names. If two choices are compared, all members.
* Set: every selection of the members that conditions name; if they quantify over the set, of all members.
* Number or day: the least of the kind, and the least at which a comparison changes to or from equal, given the values
  of other facts. Take any completion and lower its numbers and days as far as each comparison keeps its sign (less,
  equal or greater). A comparison then requires that a fact is at least some value, or at least another fact plus a
  constant, so there is a lowest result. In it, each value is the least of its kind, or the least that a comparison with
  something known or with another of these values allows. Other comparisons are refused: those that subtract a missing
  fact, have several on one side, or have one on each side and a shift by months or years.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations, product
from typing import Any, TypeAlias

from msgspec import structs

from comity.facts import kinds
from comity.facts.kinds import KnownList, KnownSet, Value
from comity.facts.request import FIRST_YEAR, LAST_YEAR
from comity.facts.vocabulary import Vocabulary, kind_of
from comity.language import syntax
from comity.language.evaluate import Known, truth
from comity.language.nodes import nodes_in
from comity.whole import DIGITS_MAX

LEAVES = (syntax.Compare, syntax.Among, syntax.Member)
QUANTIFIERS = (syntax.Exists, syntax.All, syntax.Count)
ORDERED = (kinds.Number, kinds.Day)
UNNAMED = "\0"  # a name that no condition mentions
Operands: TypeAlias = tuple[syntax.Operand, syntax.Operand]
Values: TypeAlias = dict[str, list[Any]]


class TooManyCompletions(Exception):
    """Raised where there are too many completions to list, or a comparison of missing facts is refused."""


def representatives(
    nodes: Sequence[Any], known: Mapping[str, Value], vocabulary: Vocabulary, values_max: int
) -> Values:
    """The values of each fact that is no list, and of each field of a record (`convictions[].grade`).

    `nodes` are those of the conditions, in which fields are written as facts. Raises `TooManyCompletions`.
    """
    paths = sorted({node.path for node in nodes if isinstance(node, syntax.Fact)})
    paths = [path for path in paths if not isinstance(vocabulary.kind(path), kinds.Records)]
    missing = {path for path in paths if _is_missing(path, known)}
    values: Values = {}
    for path in paths:
        kind, certain = kind_of(path, vocabulary), _known_values(path, known)
        chosen = _values_of(path, kind, nodes, values_max) if path in missing else []
        if isinstance(kind, ORDERED) or path not in missing:
            values[path] = [*certain, *chosen]
        else:
            values[path] = within(known.get(path), chosen)
    _add_turning_values(values, missing, vocabulary, [*_comparisons(nodes)], values_max)
    return values


def within(known: Any, values: Sequence[Any]) -> list[Any]:
    """The values that a fact can have, given what is known of it: it itself, or all that contain the known members."""
    if isinstance(known, KnownSet) and not known.whole:
        return list(dict.fromkeys(KnownSet(value.members | known.members) for value in values))
    return [*values] if known is None else [known]


def _is_missing(path: str, known: Mapping[str, Value]) -> bool:
    """Whether a fact, or a field of some record that is or may be in its list, is not known."""
    over, _, field = path.rpartition("[].")
    if not over:
        return not _is_known(known.get(path))
    records = known.get(over)
    if not isinstance(records, KnownList) or not records.whole:
        return True
    return not all(_is_known(record.get(field)) for record in records.items)


def _is_known(value: Any) -> bool:
    return value.whole if isinstance(value, KnownSet) else value is not None


def _known_values(path: str, known: Mapping[str, Value]) -> list[Any]:
    """What is known of a fact, or of a field in the records of its list."""
    over, _, field = path.rpartition("[].")
    if not over:
        return [known[path]] if path in known else []
    records = known.get(over)
    return [record[field] for record in records.items if field in record] if isinstance(records, KnownList) else []


def _values_of(path: str, kind: kinds.Kind, nodes: Sequence[Any], values_max: int) -> list[Any]:
    """The values of a missing fact to begin with; of a number or a day, the least."""
    leaves = [[*nodes_in(node)] for node in nodes if isinstance(node, LEAVES)]
    beside = [node for leaf in leaves if syntax.Fact(path) in leaf for node in leaf]
    named = {node.value for node in beside if isinstance(node, syntax.Text)}
    compared = any(isinstance(node, syntax.Fact) and node.path != path for node in beside)
    match kind:
        case kinds.Truth():
            return [True, False]
        case kinds.Choice(members):
            others = [member for member in members if member not in named]
            return [*members] if compared else [*sorted(named & {*members}), *others[:1]]
        case kinds.Text():
            if compared:
                raise TooManyCompletions
            return [*sorted(named), UNNAMED]
        case kinds.Set(members):
            counted = any(isinstance(node, QUANTIFIERS) and node.over.path == path for node in nodes)
            return _selections(members if counted else sorted(named & {*members}), values_max)
        case kinds.Number() | kinds.Day():
            span, make = _span(kind)
            return [make(span[0])]
    raise ValueError(f"no condition asks about {path}")


def _selections(members: Sequence[str], values_max: int) -> list[KnownSet]:
    if 2 ** len(members) > values_max:
        raise TooManyCompletions
    sizes = range(len(members) + 1)
    return [KnownSet(frozenset(chosen)) for size in sizes for chosen in combinations(members, size)]


def _comparisons(nodes: Iterable[Any]) -> Iterator[Operands]:
    for node in nodes:
        if isinstance(node, syntax.Compare):
            yield node.left, node.right
        elif isinstance(node, syntax.Among):
            yield from ((node.item, member) for member in node.members)


def _add_turning_values(
    values: Values, missing: set[str], vocabulary: Vocabulary, comparisons: Sequence[Operands], values_max: int
) -> None:
    """Adds the least numbers and days at which a comparison changes.

    The lowest values of a completion form chains, in which each depends on the one before: no fact is twice in a chain,
    and between two facts are at most the fields of one record. One round adds the next value of every chain.
    """
    ordered = {path for path in missing if isinstance(kind_of(path, vocabulary), ORDERED)}
    changing = [(operands, paths) for operands in comparisons if (paths := _facts_in(operands)) & ordered]
    if not all(_has_lowest_values(operands, missing) for operands, _ in changing):
        raise TooManyCompletions
    linked = {path for _, paths in changing if len(paths & missing) > 1 for path in paths & missing}
    fields = sum("[]" in path for path in linked)
    facts = len(linked) - fields
    for _ in range(max(1, facts + (facts + 1) * fields)):
        before = sum(map(len, values.values()))
        found = {path: {*values[path]} for path in ordered}
        for operands, paths in changing:
            for path in paths & ordered:
                others = sorted(paths - {path})
                for chosen in product(*(values[other] for other in others)):
                    given = Known(dict(zip(others, chosen, strict=True)), vocabulary)
                    found[path].update(_turning_values(operands, path, given))
        values |= {path: sorted(chosen) for path, chosen in found.items()}
        number = sum(map(len, values.values()))
        if number > values_max:
            raise TooManyCompletions
        if number == before:
            return


def _facts_in(operands: Iterable[syntax.Operand]) -> set[str]:
    return {node.path for operand in operands for node in nodes_in(operand) if isinstance(node, syntax.Fact)}


def _has_lowest_values(operands: Operands, missing: set[str]) -> bool:
    """Whether one side grows with the one missing fact, or each side is a missing fact of its own plus a constant."""
    left, right = ([path for path in _reads(side) if path in missing] for side in operands)
    nodes = [node for side in operands for node in nodes_in(side) if isinstance(node, (syntax.Shift, syntax.Sum))]
    if any(node.minus and _facts_in([_amount(node)]) & missing for node in nodes):
        return False
    if not left or not right:
        return len({*left, *right}) == 1
    by_days = all(isinstance(node, syntax.Sum) or node.unit == "days" for node in nodes)
    return by_days and len(left) == len(right) == 1 and left != right


def _reads(operand: syntax.Operand) -> list[str]:
    """The facts that an operand reads, each as often as it occurs."""
    match operand:
        case syntax.Fact(path):
            return [path]
        case syntax.Sum(left, right) | syntax.Shift(left, _, right):
            return [*_reads(left), *_reads(right)]
    return []


def _amount(node: syntax.Sum | syntax.Shift) -> syntax.Number:
    return node.right if isinstance(node, syntax.Sum) else node.amount


def _turning_values(operands: Operands, path: str, given: Known) -> Iterator[Any]:
    """The least values of a number or a day at which `<` and `<=` between the operands change."""
    span, make = _span(kind_of(path, given.vocabulary))
    for sign in ("<", "<="):
        comparison = syntax.Compare(sign, *operands)

        def is_true(at: int, comparison: syntax.Condition = comparison) -> bool:
            return truth(comparison, structs.replace(given, values={**given.values, path: make(at)})) is True

        first = is_true(span[0])
        index = bisect_left(span, True, key=lambda at: is_true(at) is not first)
        if index < len(span):
            yield make(span[index])


def _span(kind: kinds.Kind) -> tuple[range, Callable[[int], Any]]:
    """The values of a kind as whole numbers, and what makes a value from such a number."""
    if isinstance(kind, kinds.Number):
        return range(kind.minimum, 10**DIGITS_MAX), int
    return range(date(FIRST_YEAR, 1, 1).toordinal(), date(LAST_YEAR, 1, 1).toordinal()), date.fromordinal
