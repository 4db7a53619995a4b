"""Lists the completions of a request: all ways in which its missing facts can turn out, as far as conditions notice.

Facts that are no lists take the values that `representatives` gives for them. For lists, this is enough:

* Record: each combination of the values of its fields. Of the records that satisfy the same bodies of quantifiers, one.
* List: the known records, each completed, and up to n more if there may be more. `exists` needs one record that
  satisfies its body, `all` one that does not, and a count one record more than its number. n is the sum of these. If a
  longer list loses all records but those, no quantifier changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations_with_replacement, product
from math import comb, prod
from typing import Any

from msgspec import structs

from comity.engine.definition.representatives import TooManyCompletions, representatives, within
from comity.facts import kinds
from comity.facts.kinds import KnownList, Value
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.evaluate import Known, truth
from comity.language.nodes import nodes_in, replaced

COMPLETIONS_MAX = 20_000
QUANTIFIERS = (syntax.Exists, syntax.All, syntax.Count)


def completions(
    conditions: Sequence[syntax.Condition],
    known: Mapping[str, Value],
    vocabulary: Vocabulary,
    completions_max: int = COMPLETIONS_MAX,
) -> Iterator[dict[str, Value]]:
    """Yields complete requests: a value for each fact that the closed conditions ask about.

    Raises `TooManyCompletions` where there are more than `completions_max`.
    """
    nodes = [node for condition in conditions for node in nodes_in(replaced(condition, _with_fields_as_facts))]
    values = representatives(nodes, known, vocabulary, completions_max)
    facts = [path for path in values if "[]" not in path]
    asked = {node.path for node in nodes if isinstance(node, syntax.Fact)}
    lists = sorted(path for path in asked if isinstance(vocabulary.kind(path), kinds.Records))
    quantifiers = {path: _quantifiers_over(path, conditions) for path in lists}
    _check(prod(len(values[path]) for path in facts), completions_max)
    number = 0
    for chosen in product(*(values[path] for path in facts)):
        plain = dict(zip(facts, chosen, strict=True))
        inside = Known(plain, vocabulary)
        choices = [_lists(known.get(path), values, quantifiers[path], inside, completions_max) for path in lists]
        number += prod(map(len, choices))
        _check(number, completions_max)
        for records in product(*choices):
            yield {**plain, **dict(zip(lists, records, strict=True))}


def _with_fields_as_facts(node: Any) -> Any:
    """A quantifier with the fields in its body written as facts: `c.grade` as `convictions[].grade`."""
    if not isinstance(node, QUANTIFIERS):
        return None

    def as_fact(inner: Any) -> Any:
        return syntax.Fact(f"{node.over.path}[].{inner.name}") if isinstance(inner, syntax.Field) else None

    return structs.replace(node, body=replaced(node.body, as_fact))


def _quantifiers_over(path: str, conditions: Sequence[syntax.Condition]) -> list[syntax.Quantifier]:
    nodes = (node for condition in conditions for node in nodes_in(condition))
    return [node for node in nodes if isinstance(node, QUANTIFIERS) and node.over.path == path]


def _check(number: int, completions_max: int) -> None:
    if number > completions_max:
        raise TooManyCompletions


def _lists(
    known: Value | None,
    values: Mapping[str, Sequence[Any]],
    quantifiers: Sequence[syntax.Quantifier],
    inside: Known,
    completions_max: int,
) -> list[KnownList]:
    """The completions of a list, given the facts that are no lists."""
    path = quantifiers[0].over.path
    fields = {slot.rpartition("[].")[2]: values[slot] for slot in values if slot.startswith(f"{path}[].")}
    partial = known if isinstance(known, KnownList) else KnownList((), whole=False)
    completed = [_records(item, fields, quantifiers, inside, completions_max) for item in partial.items]
    more = [] if partial.whole else _records({}, fields, quantifiers, inside, completions_max)
    most = sum(_records_needed(quantifier) for quantifier in quantifiers) if more else 0
    _check(prod(map(len, completed)) * comb(len(more) + most, most), completions_max)
    return [
        KnownList((*items, *added))
        for items in product(*completed)
        for size in range(most + 1)
        for added in combinations_with_replacement(more, size)
    ]


def _records_needed(quantifier: syntax.Quantifier) -> int:
    if not isinstance(quantifier, syntax.Count):
        return 1
    assert isinstance(quantifier.number, syntax.Integer)
    return quantifier.number.value + 1


def _records(
    item: Mapping[str, Any],
    fields: Mapping[str, Sequence[Any]],
    quantifiers: Sequence[syntax.Quantifier],
    inside: Known,
    completions_max: int,
) -> list[dict[str, Any]]:
    """The completions of a record of which some fields are known; of those that satisfy the same bodies, one."""
    choices = {name: within(item.get(name), values) for name, values in fields.items()}
    _check(prod(map(len, choices.values())), completions_max)
    found: dict[object, dict[str, Any]] = {}
    for values in product(*choices.values()):
        record = dict(zip(choices, values, strict=True))
        bodies = (truth(quantifier.body, structs.replace(inside, record=record)) for quantifier in quantifiers)
        found.setdefault(tuple(bodies), record)
    return list(found.values())
