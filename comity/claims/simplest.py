"""Of the requests that show the same in the same way, the one that reads plainest.

Which request a solver finds depends on what it was asked before in the same run. Which member of a choice it takes, and
which number, need not; which of several reasons it finds stays open, and each of them is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from comity.claims.witness import Shows, Values
from comity.facts import kinds
from comity.facts.kinds import KnownList, KnownSet, Scalar
from comity.facts.vocabulary import Vocabulary

NUMBERS_TRIED = 130  # every age


def plainest(values: Values, shows: Shows, vocabulary: Vocabulary) -> Values:
    """The same with the first member of each choice, and the least of each number, that still shows it."""
    for path, value in list(values.items()):
        if isinstance(value, KnownList):
            for at, record in enumerate(value.items):
                for name, field in record.items():
                    tried = _before(field, vocabulary.kind(f"{path}[].{name}"))
                    values = _first((_with_field(values, path, at, name, own) for own in tried), values, shows)
        elif not isinstance(value, KnownSet):
            values = _first(({**values, path: own} for own in _before(value, vocabulary.kind(path))), values, shows)
    return values


def _first(tried: Iterable[Values], otherwise: Values, shows: Shows) -> Values:
    return next((own for own in tried if shows(own)), otherwise)


def _before(value: Scalar | KnownSet, kind: kinds.Kind | None) -> Iterator[Scalar]:
    """What could stand in place of a value and comes before it."""
    if isinstance(kind, kinds.Choice) and value in kind.members:
        yield from kind.members[: kind.members.index(str(value))]
    elif isinstance(kind, kinds.Number) and isinstance(value, int):
        yield from range(kind.minimum, min(value, kind.minimum + NUMBERS_TRIED))


def _with_field(values: Values, path: str, at: int, name: str, value: Scalar) -> Values:
    own = values[path]
    assert isinstance(own, KnownList)
    items = (*own.items[:at], {**own.items[at], name: value}, *own.items[at + 1 :])
    return {**values, path: KnownList(items, own.whole)}
