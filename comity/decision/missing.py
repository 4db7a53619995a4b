"""Which facts would narrow an answer, the most decisive first.

A fact is ranked by the outcomes that knowing it removes in the worst case, then on average, then in the order of the
vocabulary. Inside a list that is known, it is the records' own fields that are missing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from comity.decision.decision import Missing
from comity.engine.outcome import Outcome
from comity.engine.questions.questions import Questions
from comity.engine.questions.splits import GREATEST, QUANTIFIERS, Atom, Split, atoms_of, first_change
from comity.engine.search.search import reduced
from comity.facts import kinds
from comity.facts.kinds import KnownList, KnownSet, Value
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.evaluate import Known, truth
from comity.language.kinding import fields_of
from comity.law.life import is_force

Outcomes: TypeAlias = tuple[Outcome, ...]
After: TypeAlias = Callable[
    [str, Mapping[Atom, bool], Sequence[Split]], list[Outcomes]
]  # what answering splits can leave open
Left: TypeAlias = Callable[
    [str, Mapping[Atom, bool]], Outcomes
]  # the outcomes of an action that some truths leave open


def missing_facts(
    asked: Questions,
    action: str,
    values: Mapping[str, Value],
    truths: Mapping[Atom, bool],
    left: Left,
    after: After,
    turns_on: Collection[Split],
) -> tuple[Missing, ...]:
    """The facts on which the outcome of an action turns; none where one outcome is open.

    `turns_on` are the questions that still matter; a fact that alone removes nothing, but matters beside others,
    stands last.
    """
    now = left(action, truths)
    if len(now) == 1:
        return ()
    found = []
    for fact, remaining in _candidates(asked, action, values, truths, list(turns_on), left, after):
        removed = [len(now) - len(still) for still in remaining]
        if removed:
            question = _question(fact, asked.stack.vocabulary)
            found.append(Missing(fact, question, min(removed), round(sum(removed) / len(removed), 2)))
    order = asked.stack.vocabulary.order
    return tuple(
        sorted(found, key=lambda own: (-own.removes_at_least, -own.removes_on_average, _place(own.fact, order)))
    )


def _place(fact: str, order: Mapping[str, int]) -> tuple[int, str]:
    path = fact.partition("[")[0] + ("[]" + fact.partition("]")[2] if "[" in fact else "")
    return order.get(path, len(order)), fact


def _question(fact: str, vocabulary: Vocabulary) -> str:
    if is_force(fact):
        return f"Was {fact.removeprefix('force of ')} in force on that day?"
    list_path, bracket, rest = fact.partition("[")
    path = f"{list_path}[]{rest.partition(']')[2]}" if bracket else list_path
    entry = vocabulary.entries.get(path)
    return entry.question if entry else ""


def _candidates(
    asked: Questions,
    action: str,
    values: Mapping[str, Value],
    truths: Mapping[Atom, bool],
    open_splits: list[Split],
    left: Left,
    after: After,
) -> Iterator[tuple[str, list[Outcomes]]]:
    """Each fact that could be asked for, with the outcomes left after each answer to it."""
    order = asked.stack.vocabulary.order
    for fact in sorted({fact for own in open_splits for fact in own.facts}, key=lambda own: _place(own, order)):
        value = values.get(fact)
        reading = [own for own in open_splits if fact in own.facts]
        if isinstance(value, KnownList):
            yield from _of_records(asked, action, fact, value, values, truths, reading, left)
        if value is None or (isinstance(value, (KnownList, KnownSet)) and not value.whole):
            settled = [own for own in reading if _settled_by(own, fact, values)]
            yield fact, after(action, truths, settled)


def _settled_by(split: Split, fact: str, values: Mapping[str, Value]) -> bool:
    """Whether knowing the fact settles the split: all else that it reads is known."""
    return all(other == fact or other in values for other in split.facts)


def searched(
    asked: Questions, action: str, truths: Mapping[Atom, bool], splits: Sequence[Split], left: Left
) -> list[Outcomes]:
    """The distinct sets of outcomes that answering all the splits, in every consistent way, can leave open.

    It searches as the definition does; `Diagrams.after` finds the same sooner.
    """
    own = {atom for split in splits for atom in split.atoms}
    found: set[Outcomes] = set()
    seen: set[object] = set()

    def descend(rest: tuple[syntax.Condition, ...], assumed: Mapping[Atom, bool]) -> None:
        if rest in seen:
            return
        seen.add(rest)
        atom = next((atom for part in rest for atom in atoms_of(part) if atom in own), None)
        if atom is None:
            found.add(left(action, assumed))
            return
        split, _ = asked.of_atom[atom]
        for answer in split.answers:
            given = dict(zip(split.atoms, answer, strict=True))
            if asked.fits(given, assumed):
                descend(tuple(reduced(part, given) for part in rest), {**assumed, **given})

    descend(tuple(reduced(asked.conditions[index], truths) for index in asked.of_action(action)), truths)
    return sorted(found)


def _of_records(
    asked: Questions,
    action: str,
    path: str,
    known: KnownList,
    values: Mapping[str, Value],
    truths: Mapping[Atom, bool],
    reading: list[Split],
    left: Left,
) -> Iterator[tuple[str, list[Outcomes]]]:
    """The fields that are missing in the records of a list, each tried with every value that matters."""
    atoms = [atom for own in reading for atom in own.atoms]
    vocabulary = asked.stack.vocabulary
    kind = asked.stack.vocabulary.kind(path)
    fields = kind.fields if isinstance(kind, kinds.Records) else {}
    for index, record in enumerate(known.items):
        open_here = [atom for atom in atoms if _is_open_of(atom, record, values, asked.stack.vocabulary)]
        read = {field for atom in open_here for field in fields_of(atom)}
        for name in fields:
            if name in read and _is_open(record.get(name)):
                after = set()
                for value in _field_values(fields[name], name, record, atoms, values, asked.stack.vocabulary):
                    items = (*known.items[:index], {**record, name: value}, *known.items[index + 1 :])
                    changed = Known({**values, path: KnownList(items, known.whole)}, vocabulary)  # type: ignore[arg-type]
                    fresh = {atom: so for atom in atoms if (so := truth(atom, changed)) is not None}
                    after.add(left(action, {**truths, **fresh}))
                yield f"{path}[{index}].{name}", sorted(after)


def _is_open_of(atom: Atom, record: Mapping[str, object], values: Mapping[str, Value], vocabulary: Vocabulary) -> bool:
    """Whether it is not known if a record satisfies what a quantifier asks."""
    body = atom.body if isinstance(atom, QUANTIFIERS) else atom
    return truth(body, Known(values, vocabulary, record)) is None  # type: ignore[arg-type]


def _is_open(value: object) -> bool:
    return value is None or (isinstance(value, KnownSet) and not value.whole)


def _field_values(
    kind: kinds.Field,
    name: str,
    record: Mapping[str, object],
    atoms: list[Atom],
    values: Mapping[str, Value],
    vocabulary: Vocabulary,
) -> Iterable[object]:
    """Values of a record's field that answer the conditions in every way that some value does."""
    match kind:
        case kinds.Truth():
            return (True, False)
        case kinds.Choice(members):
            named = [member for member in members if any(_names(atom, member) for atom in atoms)]
            return [*named, *[member for member in members if member not in named][:1]]
        case kinds.Set(members):
            named = [member for member in members if any(_names(atom, member) for atom in atoms)]
            return [
                KnownSet(frozenset()),
                *(KnownSet(frozenset({member})) for member in named),
                KnownSet(frozenset(named)),
            ]
        case kinds.Number(_, minimum):
            return _cuts(name, record, atoms, values, vocabulary, minimum, GREATEST, int)
        case kinds.Day():
            span = date.min.toordinal(), date.max.toordinal()
            return _cuts(name, record, atoms, values, vocabulary, *span, date.fromordinal)
    return ()


def _names(node: object, member: str) -> bool:
    if isinstance(node, syntax.Text):
        return node.value == member
    if isinstance(node, tuple):
        return any(_names(part, member) for part in node)
    return hasattr(node, "__struct_fields__") and any(
        _names(getattr(node, own), member) for own in node.__struct_fields__
    )


def _cuts(
    name: str,
    record: Mapping[str, object],
    atoms: list[Atom],
    values: Mapping[str, Value],
    vocabulary: Vocabulary,
    least: int,
    most: int,
    value: Callable[[int], object],
) -> list[object]:
    """The least value, and each at which some comparison of the field with what is known changes."""
    found = {least}
    for comparison in (own for atom in atoms for own in _comparisons(atom) if name in fields_of(own)):

        def at(number: int, comparison: syntax.Compare = comparison) -> object:
            return truth(comparison, Known(values, vocabulary, {**record, name: value(number)}))  # type: ignore[dict-item]

        if at(least) != at(most):
            found.add(first_change(at, least, most))
    return [value(number) for number in sorted(found)]


def _comparisons(node: object) -> Iterator[syntax.Compare]:
    if isinstance(node, syntax.Compare):
        yield node
    elif isinstance(node, tuple):
        for part in node:
            yield from _comparisons(part)
    elif hasattr(node, "__struct_fields__"):
        for field in node.__struct_fields__:
            yield from _comparisons(getattr(node, field))
