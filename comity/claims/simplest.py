"""The simplest of the requests that show the same thing for the same reason.

Which request the solver finds depends on what it was asked before. Here the member of each choice and each number is
made independent of that. Which of several reasons the solver finds still depends on it; each is a valid one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from comity.claims.witness import Shows, Values
from comity.facts import kinds
from comity.facts.kinds import KnownList, KnownSet, Scalar
from comity.facts.vocabulary import Vocabulary

NUMBERS_TRIED = 130  # every age


def simplest(values: Values, shows: Shows, vocabulary: Vocabulary) -> Values:
    """The request with the first members and least numbers for which `shows` holds."""
    for path, value in list(values.items()):
        if isinstance(value, KnownList):
            for at, record in enumerate(value.items):
                for name, field in record.items():
                    tried = _before(field, vocabulary.kind(f"{path}[].{name}"))
                    values = _first(
                        (_with_field(values, path, at, name, candidate) for candidate in tried), values, shows
                    )
        elif not isinstance(value, KnownSet):
            values = _first(
                ({**values, path: candidate} for candidate in _before(value, vocabulary.kind(path))), values, shows
            )
    return values


def _first(tried: Iterable[Values], otherwise: Values, shows: Shows) -> Values:
    return next((candidate for candidate in tried if shows(candidate)), otherwise)


def _before(value: Scalar | KnownSet, kind: kinds.Kind | None) -> Iterator[Scalar]:
    """The values of a kind that come before a value, in order."""
    if isinstance(kind, kinds.Choice) and value in kind.members:
        yield from kind.members[: kind.members.index(str(value))]
    elif isinstance(kind, kinds.Number) and isinstance(value, int):
        yield from range(kind.minimum, min(value, kind.minimum + NUMBERS_TRIED))


def _with_field(values: Values, path: str, at: int, name: str, value: Scalar) -> Values:
    records = values[path]
    assert isinstance(records, KnownList)
    items = (*records.items[:at], {**records.items[at], name: value}, *records.items[at + 1 :])
    return {**values, path: KnownList(items, records.whole)}
