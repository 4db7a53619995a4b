"""What the records of a list say to the questions that a stack asks of it, counted by kind of record.

Two records are alike when every comparison in the questions has the same answer for both. A record becomes a key of what
the questions read: a choice as it is, a set as the members asked for, a day or a number as the answers to the comparisons
that it takes part in. The key gives, once, the truth of each question's body; a list is then a sum. So 500 convictions
cost 500 look-ups, whatever their days, and records alike are one key with a count.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from threading import Lock
from typing import Any, TypeAlias

from msgspec import Struct

from comity.engine.compiled.record_source import RecordSource, value_table
from comity.engine.compiled.typed import Table, set_of_key, value_reader
from comity.engine.questions.answers import UNKNOWN, record_condition
from comity.engine.questions.splits import (
    GREATEST,
    QUANTIFIERS,
    Atom,
    Split,
    atoms_of,
    facts_of,
    first_change,
    is_day_against_itself,
)
from comity.facts import kinds
from comity.facts.kinds import KnownSet, Value
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.evaluate import Known, truth
from comity.language.kinding import fields_of
from comity.language.logic import Kleene, conjunction, disjunction, negation

BITS = 24  # of each count in a packed sum: more than twice as many records as a list may have
MASK = (1 << BITS) - 1
TALLIES_MAX = 1_000  # different values of the facts beside a list that are prepared at a time
MORE, NONE = "", frozenset[str]()  # of the codes of sets: further members may join, and no member at all
LOCK = Lock()  # a new code is given by one thread at a time
Key: TypeAlias = tuple[Any, ...]  # what the questions read of a record
Comparison: TypeAlias = syntax.Condition  # what bodies are built from with `!`, `&&` and `||`


class Tally(Struct, frozen=True, eq=False):
    """What depends on the facts beside a list: the spans of its days and numbers, and the comparisons of those facts alone.

    `spans` has for each ordered field the values at which some comparison turns and, for each span between them, the code of
    the answers there. `shape` is one tally for all that have the same codes, where no question compares two fields.
    """

    known: Mapping[str, Value]
    spans: tuple[Any, ...]
    constants: tuple[Kleene, ...]
    shape: Tally | None = None


class ListQuestions:
    """The questions that a stack asks of one list: `atoms` are quantifiers, `places` their splits' places.

    `fields` are the fields that they read, in the vocabulary's order, `context` the facts beside the list that they read.
    `increments` gives the packed counts that a record adds, by its key; `answers` the answers to the questions, by the sum
    of these, doubled, plus one where the list is whole.
    """

    def __init__(self, path: str, splits: Sequence[tuple[int, Split]], vocabulary: Vocabulary) -> None:
        self.path, self.vocabulary = path, vocabulary
        self.places = tuple(place for place, _ in splits)
        self.atoms: tuple[Atom, ...] = tuple(split.atoms[0] for _, split in splits)
        kind = vocabulary.kind(path)
        self.kinds: Mapping[str, kinds.Field] = kind.fields if isinstance(kind, kinds.Records) else {}
        self.numbers = tuple(_number(atom) for atom in self.atoms)
        self.context = tuple(sorted({fact for atom in self.atoms for fact in facts_of(atom)} - {path}))
        comparisons = dict.fromkeys(part for atom in self.atoms for part in atoms_of(_body(atom)))
        read = {part: fields_of(part) for part in comparisons}
        self.fields = tuple(name for name in self.kinds if any(name in fields for fields in read.values()))
        self.of_context = tuple(part for part in read if not read[part])
        self.of_several = tuple(part for part in read if len(read[part]) > 1 or is_day_against_itself(part))
        self.of_field = {
            name: tuple(part for part in read if read[part] == {name} and part not in self.of_several)
            for name in self.fields
        }
        self._ordered = {name: self._facts_beside(name) for name in self.fields if self.ordered(name)}
        self.readers = {name: value_reader(f"{path}[].{name}", vocabulary) for name in self.kinds}
        self.codes: dict[tuple[Kleene, ...], int] = {}
        self.vectors: list[tuple[Kleene, ...]] = []
        self.sets = {
            name: _SetCodes(self.readers[name], self._members_of(name)) for name in self.fields if self._is_set(name)
        }
        self.choices = {name: self._choices(name) for name in self.fields if isinstance(self.kinds[name], kinds.Choice)}
        self.compared_with = {name: [part for part in self.of_several if name in read[part]] for name in self.fields}
        self.fields_of_several = [read[part] for part in self.of_several]
        self.shapes: dict[object, Tally] = {}
        self.spans = Table(self._spans, most=TALLIES_MAX)
        self.tallies = Table(self._tally, most=TALLIES_MAX)
        self.says, self.bodies, self.likeness = Table(self._says), Table(self._bodies), Table(self._alike)
        self.read_by = tuple(fields_of(atom) for atom in self.atoms)
        self.increments = Table(self._increment)
        self.answers = Table(self._answers)
        self.crossed = {
            name: value_table(self.kinds[name], self.readers[name])
            for part in self.of_several
            for name in fields_of(part)
        }
        tables = {name: value_table(kind, self.readers[name]) for name, kind in self.kinds.items()}
        source = RecordSource(
            self.kinds,
            asked=self.fields,
            tables=tables | {name: codes.table for name, codes in self.sets.items()},
            increments=self.increments,
            several=_several(self) if self.of_several else None,
            constants=bool(self.of_context),
            counting=bool(self.atoms),
        )
        self.sums_by_shape, self.key_of = source.sums(), source.key_of()

    def ordered(self, name: str) -> bool:
        """Whether a field is a day or a number."""
        return isinstance(self.kinds[name], (kinds.Day, kinds.Number))

    def value(self, name: str, code: Any) -> Any:
        """The value of a field that has a code, for fields that are not ordered."""
        return _set_of(code) if self._is_set(name) else self.readers[name](code)

    def truths(self, key: Key) -> dict[Comparison, Kleene]:
        """What each comparison says of the records with this key."""
        found: dict[Comparison, Kleene] = dict(
            zip((*self.of_context, *self.of_several), key[len(self.fields) :], strict=True)
        )
        for name, code in zip(self.fields, key, strict=False):
            found |= zip(self.of_field[name], self.says[name, code], strict=True)
        return found

    def _says(self, entry: tuple[str, Any]) -> tuple[Kleene, ...]:
        """What the comparisons of one field say of a value with a code."""
        name, code = entry
        if code is None:
            return (None,) * len(self.of_field[name])
        if self.ordered(name):
            vector: tuple[Kleene, ...] = self.vectors[code]
            return vector
        known = Known({}, self.vocabulary, {name: self.value(name, code)})
        return tuple([truth(part, known) for part in self.of_field[name]])

    def _bodies(self, key: Key) -> list[Kleene]:
        """What the body of each question says of the records with this key."""
        truths = self.truths(key)
        return [_joined(_body(atom), truths) for atom in self.atoms]

    def is_open(self, name: str, code: Any) -> bool:
        """Whether a field with this code is not known, or a set that is known in part."""
        return code is None or (self._is_set(name) and MORE in code)

    def detail(self, record: Mapping[str, Any], key: Key) -> tuple[tuple[str, Any], ...]:
        """The values, of fields compared with an open field of the same record, that the key does not tell."""
        opens = {name for name, code in zip(self.fields, key, strict=False) if self.is_open(name, code)}
        compared = [fields for fields in self.fields_of_several if fields & opens]
        names = sorted(frozenset[str]().union(*compared) - opens)
        return tuple([(name, self.crossed[name][raw]) for name in names if (raw := record.get(name)) is not None])

    def changed(self, key: Key, detail: Iterable[tuple[str, Any]], name: str, tally: Tally) -> Iterable[Key]:
        """The keys of a record after an open field of it has become known, in every way that matters."""
        place = self.fields.index(name)
        crossed = self.compared_with[name]
        if not crossed:
            return [(*key[:place], code, *key[place + 1 :]) for code in self.codes_of(name, tally)]
        known = dict(detail)

        def with_value(value: Any) -> Key:
            says = [
                truth(part, Known(tally.known, self.vocabulary, {**known, name: value})) for part in self.of_several
            ]
            several = [
                so if part in crossed else before
                for part, so, before in zip(self.of_several, says, key[-len(says) :], strict=True)
            ]
            return (*key[:place], self._code_at(name, value, tally), *key[place + 1 : -len(says)], *several)

        return dict.fromkeys(with_value(value) for value in self._turns(name, crossed, {**tally.known}, known, tally))

    def _turns(
        self,
        name: str,
        parts: Iterable[Comparison],
        facts: Mapping[str, Value],
        record: Mapping[str, Any],
        tally: Tally,
    ) -> list[Any]:
        """The values of an ordered field at which a comparison of it turns, for one record."""
        cuts, _ = self._span_of(name, tally)
        kind = self.kinds[name]
        least, most, value = _range(kind)
        found = set(cuts)
        for part in parts:

            def says(number: int, part: Comparison = part) -> Kleene:
                return truth(part, Known(facts, self.vocabulary, {**record, name: value(number)}))

            if says(least) != says(most):
                found.add(value(first_change(says, least, most)))
        return sorted(found)

    def _span_of(self, name: str, tally: Tally) -> tuple[list[Any], list[int]]:
        at = 2 * list(self._ordered).index(name)
        return tally.spans[at], tally.spans[at + 1]

    def _code_at(self, name: str, value: Any, tally: Tally) -> int:
        cuts, codes = self._span_of(name, tally)
        return codes[bisect_right(cuts, value) - 1]

    def _alike(self, key: Key) -> tuple[object, ...]:
        """Equal for records of which every comparison says the same, and the same fields are open."""
        opens = [self.is_open(name, code) for name, code in zip(self.fields, key, strict=False)]
        return (*self.truths(key).values(), *opens)

    def codes_of(self, name: str, tally: Tally) -> Iterator[Any]:
        """Codes of a field that answer the comparisons in every way that a value of it does."""
        match self.kinds[name]:
            case kinds.Truth():
                yield from (True, False)
            case kinds.Choice():
                yield from self.choices[name]
            case kinds.Set():
                yield from self.sets[name].complete()
            case kinds.Number() | kinds.Day():
                yield from dict.fromkeys(self._span_of(name, tally)[1])

    def _is_set(self, name: str) -> bool:
        return isinstance(self.kinds[name], kinds.Set)

    def _choices(self, name: str) -> tuple[str, ...]:
        """The members of a choice that some comparison names, and one of the others."""
        kind = self.kinds[name]
        members = kind.members if isinstance(kind, kinds.Choice) else ()
        of_parts = {_member_in(part) for part in self.of_field[name]}
        named = [member for member in members if member in of_parts]
        return (*named, *[member for member in members if member not in named][:1])

    def _members_of(self, name: str) -> tuple[str, ...]:
        """The members of a set field that some question asks for, in the vocabulary's order."""
        kind = self.kinds[name]
        members = kind.members if isinstance(kind, kinds.Set) else ()
        of_parts = {_member_in(part) for part in self.of_field[name]}
        return tuple(member for member in members if member in of_parts)

    def _tally(self, context: tuple[Value | None, ...]) -> Tally:
        known = {path: value for path, value in zip(self.context, context, strict=True) if value is not None}
        spans = tuple(
            part
            for name, read in self._ordered.items()
            for part in self.spans[name, tuple([(path, known[path]) for path in read if path in known])]
        )
        constants = tuple(truth(part, Known(known, self.vocabulary)) for part in self.of_context)
        plain = Tally(known, spans, constants)
        if self.of_several:
            return plain
        shape = (constants, *(tuple(codes) for codes in spans[1::2]))
        if len(self.shapes) >= TALLIES_MAX:
            self.shapes.clear()
        return Tally(known, spans, constants, self.shapes.setdefault(shape, plain))

    def _facts_beside(self, name: str) -> tuple[str, ...]:
        """The facts beside the list that the comparisons of one field read."""
        return tuple(sorted({fact for part in self.of_field[name] for fact in facts_of(part)} - {self.path}))

    def _spans(self, entry: tuple[str, tuple[tuple[str, Value], ...]]) -> tuple[list[Any], list[int]]:
        """Where the comparisons of an ordered field change, and the code of their answers in each span."""
        name, known = entry[0], dict(entry[1])
        least, most, value = _range(self.kinds[name])

        def says(part: Comparison, number: int) -> Kleene:
            return truth(part, Known(known, self.vocabulary, {name: value(number)}))

        found = {least}
        for part in self.of_field[name]:
            if says(part, least) != says(part, most):
                found.add(first_change(lambda number, part=part: says(part, number), least, most))  # type: ignore[misc]
        cuts = sorted(found)
        return [value(cut) for cut in cuts], [
            self._code(tuple(says(part, cut) for part in self.of_field[name])) for cut in cuts
        ]

    def _code(self, vector: tuple[Kleene, ...]) -> int:
        """The number of a combination of answers to the comparisons of an ordered field."""
        with LOCK:
            code = self.codes.setdefault(vector, len(self.vectors))
            if code == len(self.vectors):
                self.vectors.append(vector)
            return code

    def _increment(self, key: Key) -> int:
        packed = 0
        for place, so in enumerate(self.bodies[key]):
            packed |= (so is True) << 2 * BITS * place | (so is None) << 2 * BITS * place + BITS
        return packed

    def _answers(self, total_and_whole: int) -> tuple[int, ...]:
        whole, packed = total_and_whole & 1, total_and_whole >> 1
        found = []
        for number in self.numbers:
            sure, maybe = packed & MASK, packed >> BITS & MASK
            found.append(0 if sure >= number else 1 if whole and sure + maybe < number else UNKNOWN)
            packed >>= 2 * BITS
        return tuple(found)


class _SetCodes:
    """Codes for what a set says of the members that some question asks for: these members, and `MORE` where others may join."""

    def __init__(self, read: Callable[[Any], Value], members: tuple[str, ...]) -> None:
        self.members = members
        self.asked = frozenset(members)
        self.table = Table(lambda key: self.code(set_of_key(key, read)))

    def code(self, known: KnownSet) -> frozenset[str]:
        return (known.members & self.asked) | (NONE if known.whole else frozenset((MORE,)))

    def complete(self) -> list[frozenset[str]]:
        """No member, each alone, and all of them."""
        return [NONE, *(frozenset((member,)) for member in self.members), self.asked]


def _set_of(code: frozenset[str]) -> KnownSet:
    return KnownSet(code - {MORE}, MORE not in code)


def _several(questions: ListQuestions) -> Callable[[Mapping[str, Any], Tally], tuple[Kleene, ...]]:
    """What the comparisons of several fields say of a record."""
    tables = questions.crossed
    conditions = [record_condition(part) for part in questions.of_several]

    def several(record: Mapping[str, Any], tally: Tally) -> tuple[Kleene, ...]:
        typed = {name: table[raw] for name, table in tables.items() if (raw := record.get(name)) is not None}
        return tuple([says(tally.known, typed) for says in conditions])

    return several


def _range(kind: kinds.Field) -> tuple[int, int, Callable[[int], Any]]:
    """The least and the greatest value of an ordered field, as numbers, and what makes a value of a number."""
    if isinstance(kind, kinds.Number):
        return kind.minimum, GREATEST, int
    return date.min.toordinal(), date.max.toordinal(), date.fromordinal


def _joined(body: syntax.Condition, truths: Mapping[Comparison, Kleene]) -> Kleene:
    """What a body says, from what its comparisons say."""
    match body:
        case syntax.Truth(value):
            return value
        case syntax.Not(inner):
            return negation(_joined(inner, truths))
        case syntax.And(parts):
            return conjunction(_joined(part, truths) for part in parts)
        case syntax.Or(parts):
            return disjunction(_joined(part, truths) for part in parts)
        case _:
            return truths[body]


def _member_in(part: Comparison) -> str | None:
    """The member of a choice or a set that a comparison names; None where it names none."""
    match part:
        case syntax.Compare(_, _, syntax.Text(member)) | syntax.Compare(_, syntax.Text(member), _):
            return member
        case syntax.Member(syntax.Text(member), _):
            return member
    return None


def _body(atom: Atom) -> syntax.Condition:
    assert isinstance(atom, QUANTIFIERS)
    return atom.body


def _number(atom: Atom) -> int:
    """How many records must satisfy the body of a quantifier."""
    if isinstance(atom, syntax.Count):
        assert isinstance(atom.number, syntax.Integer)
        return atom.number.value
    return 1
