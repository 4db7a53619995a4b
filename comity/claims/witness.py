"""A witness: a request found by the solver, confirmed by the reference engine, and reduced to the facts that matter.

What the solver says of a request counts only once the reference engine says the same. A fact that is then left out makes no
difference: the same follows whatever its value is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeAlias

from comity.facts.kinds import KnownList, KnownSet, Scalar, Value
from comity.facts.vocabulary import Vocabulary
from comity.period import shifted

Values: TypeAlias = dict[str, Value]
# Whether something follows from the known facts, whatever the others are.
Shows: TypeAlias = Callable[[Mapping[str, Value]], bool]
YEARS_AGO = (0, 1, 10)


class Disagreement(Exception):
    """Two engines differ about one request: a fault in comity, not in the law."""


def witness(found: Mapping[str, Value], shows: Shows, vocabulary: Vocabulary, day: date) -> Values:
    """The request that the solver found, reduced.

    Raises `Disagreement` if the reference engine does not confirm it. `day` is the day of the law. A day in the request
    that could as well be another is moved near it, for the reader.
    """
    confirm(found, shows)
    return _with_near_days(reduced(found, shows, vocabulary), shows, day)


def confirm(found: Mapping[str, Value], shows: Shows) -> None:
    """Raises `Disagreement` if the reference engine does not find the same of a request."""
    if not shows(found):
        raise Disagreement("the solver found a request that the reference engine does not confirm")


def reduced(values: Mapping[str, Value], shows: Shows, vocabulary: Vocabulary) -> Values:
    """The request without any fact, record, field or member that can be left out."""
    left = dict(values)
    for path in sorted(values, key=lambda path: -vocabulary.order.get(path, len(vocabulary.order))):
        without = {other: value for other, value in left.items() if other != path}
        left = _first([without], left, shows)
        value = left.get(path)
        if isinstance(value, KnownSet):
            left = _less_of_set(left, path, value, shows)
        elif isinstance(value, KnownList):
            left = _less_of_list(left, path, value, shows)
    return left


def _first(tried: Iterable[Mapping[str, Value]], otherwise: Values, shows: Shows) -> Values:
    """The first candidate for which `shows` holds, else `otherwise`."""
    return next((dict(candidate) for candidate in tried if shows(candidate)), otherwise)


def _less_of_set(left: Values, path: str, value: KnownSet, shows: Shows) -> Values:
    if value.members:
        left = _first([{**left, path: KnownSet(value.members, whole=False)}], left, shows)
    for member in sorted(value.members):
        now = left[path]
        assert isinstance(now, KnownSet)
        left = _first([{**left, path: KnownSet(now.members - {member}, now.whole)}], left, shows)
    return left


def _less_of_list(left: Values, path: str, value: KnownList, shows: Shows) -> Values:
    """Leaves out records from the last on, so that the earlier ones keep their places, and then fields."""
    if value.items:
        left = _first([{**left, path: KnownList(value.items, whole=False)}], left, shows)
    for at in reversed(range(len(value.items))):
        left = _first([{**left, path: _changed(left[path], at, None)}], left, shows)
    now = left[path]
    assert isinstance(now, KnownList)
    for at, record in enumerate(now.items):
        for name in record:
            left = _first([{**left, path: _changed(left[path], at, name)}], left, shows)
    return left


def _changed(value: Value, at: int, without: str | None) -> KnownList:
    """A list without one record, or with one field of that record unknown."""
    assert isinstance(value, KnownList)
    record = [] if without is None else [{name: field for name, field in value.items[at].items() if name != without}]
    return KnownList((*value.items[:at], *record, *value.items[at + 1 :]), value.whole)


def _with_near_days(values: Values, shows: Shows, day: date) -> Values:
    """The request with each day moved near the law's day if `shows` still holds."""
    for years in reversed(YEARS_AGO):
        near = shifted(day, years=-years)
        for path, value in list(values.items()):
            if isinstance(value, date):
                values = _first([{**values, path: near}], values, shows)
            elif isinstance(value, KnownList):
                nearer = KnownList(tuple(_near(record, near) for record in value.items), value.whole)
                values = _first([{**values, path: nearer}], values, shows)
    return values


def _near(record: Mapping[str, Scalar | KnownSet], near: date) -> dict[str, Scalar | KnownSet]:
    return {name: near if isinstance(value, date) else value for name, value in record.items()}
