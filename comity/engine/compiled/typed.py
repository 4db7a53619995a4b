"""Tables that turn one value of a request, as it was written, into what a stack needs of it. Each value is read once.

A table is a dictionary that fills itself: a value that was seen before costs one look-up. What the general reader
(`facts.request`) would report as a fault raises `Unusual` here, and the whole request goes to that reader.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from comity.facts import kinds
from comity.facts.kinds import KnownList, KnownSet, Value
from comity.facts.request import FIRST_YEAR, LAST_YEAR, read_values
from comity.facts.vocabulary import Vocabulary
from comity.period import day_of

ENTRIES_MAX = 10_000  # a table that has grown to this many values starts anew, so that memory stays flat
DAYS_MAX = 50_000  # the same of a table of days, which are small and mostly new
USUAL = frozenset((bool, date, dict, float, int, list, str))  # the classes of values in JSON, and of days
KEY_MAX = 200  # characters of a text, and members of a set, that a table keeps


class Unusual(Exception):
    """A request that the compiled reader does not read; the general reader reads it or says what is wrong."""


def unusual(raw: Any) -> Any:
    """Gives up on a value that the general reader must look at."""
    raise Unusual(raw)


class Table(dict[Any, Any]):
    """A dictionary whose missing entries are made by a function of the key, at most so many of them at a time.

    Threads may share it: at worst two of them make the same entry.
    """

    __slots__ = ("fixed", "make", "most")

    def __init__(
        self, make: Callable[[Any], Any], fixed: Mapping[Any, Any] | None = None, *, most: int = ENTRIES_MAX
    ) -> None:
        super().__init__(fixed or {})
        self.make, self.fixed, self.most = make, dict(fixed or {}), most

    def __missing__(self, key: Any) -> Any:
        entry = self.make(key)
        if len(self) >= self.most:
            self.clear()
            self.update(self.fixed)
        self[key] = entry
        return entry


def value_reader(path: str, vocabulary: Vocabulary) -> Callable[[Any], Value]:
    """Reads one raw value of a fact, or of a field of a list's records (`convictions[].grade`), by its kind.

    Days are the values of which most are new: a day as it is usually written is read at once.
    """
    read = _general_reader(path, vocabulary)
    list_path, _, name = path.partition("[].")
    kind = vocabulary.kind(list_path)
    of_day = isinstance(kind.fields.get(name) if name and isinstance(kind, kinds.Records) else kind, kinds.Day)
    return (lambda raw: (day_of(raw) if raw.__class__ is str else None) or read(raw)) if of_day else read


def _general_reader(path: str, vocabulary: Vocabulary) -> Callable[[Any], Value]:
    """A reader of one raw value as the general reader reads it; raises `Unusual` where that reports a fault."""
    if "[]." not in path:

        def read(raw: Any) -> Value:
            check_key(raw)
            values, findings = read_values({path: raw}, vocabulary, "")
            if findings or path not in values:
                raise Unusual(path)
            return values[path]

        return read
    list_path, _, name = path.partition("[].")

    def read_field(raw: Any) -> Value:
        check_key(raw)
        values, findings = read_values({list_path: [{name: raw}]}, vocabulary, "")
        known = values.get(list_path)
        if findings or not isinstance(known, kinds.KnownList) or name not in known.items[0]:
            raise Unusual(path)
        return known.items[0][name]

    return read_field


def check_key(raw: Any) -> None:
    """Raises `Unusual` for a value that may not be the key of a table: one of an unusual class, or a long text.

    Values of different classes can be equal, and so can two moments that differ in their offsets, or in which of two hours
    they mean.
    """
    if raw.__class__ not in USUAL or (raw.__class__ is str and len(raw) > KEY_MAX):
        raise Unusual(type(raw))


def as_key(raw: Any) -> Any:
    """A raw or typed set as something that a table can be asked for; `{"partial": [...]}` is known in part."""
    if raw.__class__ is list:
        return tuple(raw)
    if raw.__class__ is dict and len(raw) == 1 and raw.get("partial").__class__ is list:
        return ("partial", tuple(raw["partial"]))
    if isinstance(raw, KnownSet):
        return raw
    raise Unusual(raw)


def set_of_key(key: Any, read: Callable[[Any], Value]) -> KnownSet:
    """The typed set that `as_key` made a key of."""
    if isinstance(key, KnownSet):
        return key
    if len(key) > KEY_MAX:
        raise Unusual(type(key))
    partial = len(key) == 2 and key[0] == "partial" and key[1].__class__ is tuple
    known = read({"partial": list(key[1])} if partial else list(key))
    assert isinstance(known, KnownSet)
    return known


def check_reach(value: Value) -> Value:
    """The value, unless it is a moment in a year that no request of this law can have."""
    if isinstance(value, datetime) and not FIRST_YEAR <= value.year < LAST_YEAR:
        raise Unusual(value)
    return value


def _day(raw: Any) -> date:
    """A day in the usual form; the general reader looks at every other."""
    check_key(raw)
    day = raw if raw.__class__ is date else day_of(raw) if raw.__class__ is str else None
    if day is None:
        raise Unusual(type(raw))
    return day


DAYS = Table(
    _day, {None: None}, most=DAYS_MAX
)  # for every field that is a day: most days of a request are new to its field


def checker(path: str, kind: kinds.Kind, read: Callable[[Any], Value]) -> Callable[[Any], Any]:
    """Reads a value that no question asks for; what is read again and again is read once."""
    match kind:
        case kinds.Truth():
            return lambda raw: raw if raw is True or raw is False else unusual(raw)
        case kinds.Choice() | kinds.Day() | kinds.Text() | kinds.Moment():
            table = Table(lambda raw: check_reach(read(raw)))
            return table.__getitem__
        case kinds.Records():
            return lambda raw: _check_list(raw, read(raw))
        case _:
            return read


def _check_list(raw: Any, known: Value) -> None:
    assert isinstance(known, KnownList)
    for record in raw if raw.__class__ is list else raw["partial"]:
        if record.__class__ is not dict or any(
            value is not None and value.__class__ not in USUAL for value in record.values()
        ):
            raise Unusual(type(record))
    for value in (value for record in known.items for value in record.values()):
        if not isinstance(value, KnownSet):
            check_reach(value)
