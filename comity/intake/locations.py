"""Where each request of a table was: the place whose law binds it, and the class of the facility."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from comity.intake import headings
from comity.intake.cells import Opened
from comity.intake.table import RECEIVED, WHERE, Stored
from comity.law.facilities import Facility
from comity.law.library import Library

UNKNOWN = Facility("unknown")
APART = "\x1f"


class Whereabouts(Struct, frozen=True):
    """The place of each row, NULL where none is certain or none binds; and the class of its facility."""

    places: pa.DictionaryArray
    classes: pa.DictionaryArray
    findings: dict[str, int] = {}
    examples: dict[str, str] = {}


def tells_where(opened: Opened) -> bool:
    """Whether a table says where its people were."""
    return WHERE in opened.names or headings.FACILITY in opened.names


def whereabouts(stored: Stored, library: Library, fixed: str = "") -> Whereabouts:
    """Where the rows were: all at the place that is `fixed`, else as their column of places says, else by their facility."""
    facilities = _facilities(stored, library)
    encoded, found = facilities if facilities else (_one(stored.facts.num_rows), [UNKNOWN])
    classes = _taken(encoded, [own.kind for own in found])
    if fixed:
        return Whereabouts(_taken(_one(stored.facts.num_rows), [fixed]), classes)
    if WHERE in stored.cells.table.schema.names:
        return _told(stored, library, classes)
    return Whereabouts(_taken(encoded, [own.place or None for own in found]), classes)


def _told(stored: Stored, library: Library, classes: pa.DictionaryArray) -> Whereabouts:
    encoded = stored.cells.named(WHERE).combine_chunks().dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    named = [library.gazetteer.named(text) for text in texts]
    counts = Counter(encoded.indices.drop_null().to_pylist())
    wrong = {text: counts[at] for at, (text, own) in enumerate(zip(texts, named, strict=True)) if own is None}
    findings = {"unknown-place": sum(wrong.values())} if wrong else {}
    examples = {"unknown-place": f'there is no place "{next(iter(wrong))}"'} if wrong else {}
    return Whereabouts(_taken(encoded, [own.path if own else None for own in named]), classes, findings, examples)


def _facilities(stored: Stored, library: Library) -> tuple[pa.DictionaryArray, list[Facility]] | None:
    """What the facility of each row is, each distinct one looked up once, and on every day where it changed hands."""
    names = stored.cells.table.schema.names
    if headings.FACILITY not in names:
        return None
    columns = [_filled(stored, name) for name in (headings.FACILITY, headings.CITY, headings.STATE)]
    texts: pa.ChunkedArray = pc.binary_join_element_wise(*columns, APART)
    dated = _with_days(texts, stored, library.facilities.changes_hands)
    encoded = dated.dictionary_encode()
    found = []
    for text in encoded.dictionary.to_pylist():
        facility, city, state, *day = text.split(APART)
        on = date.fromisoformat(day[0]) if day else date.min
        found.append(library.facilities.found(facility, city, state, on))
    return encoded, found


def _with_days(texts: pa.Array, stored: Stored, changes: Callable[[str, str], bool]) -> pa.Array:
    """The day joined to those facilities that changed hands."""
    encoded = texts.dictionary_encode()
    parts = [text.split(APART) for text in encoded.dictionary.to_pylist()]
    moved = pa.array([changes(facility, state) for facility, _, state in parts], pa.bool_())
    if not any(moved.to_pylist()):
        return texts
    days = pc.cast(stored.facts.column(RECEIVED).combine_chunks(), pa.string())
    return pc.if_else(moved.take(encoded.indices), pc.binary_join_element_wise(texts, days, APART), texts)


def _filled(stored: Stored, name: str) -> pa.Array:
    if name not in stored.cells.table.schema.names:
        return pa.array([""]).take(pa.nulls(stored.facts.num_rows, pa.int32()).fill_null(0))
    return pc.fill_null(stored.cells.named(name).combine_chunks(), "")


def _one(rows: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.nulls(rows, pa.int32()).fill_null(0), pa.array([""]))


def _taken(encoded: pa.DictionaryArray, values: Sequence[str | None]) -> pa.DictionaryArray:
    """The values in place of an encoding's dictionary, each once."""
    given = pa.array(values, pa.string())
    return given.take(encoded.indices).dictionary_encode()
