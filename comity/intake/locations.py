"""Where the person of each request was held: the place whose law applies, and the class of the facility."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from comity.finding import Place, grave
from comity.intake import headings
from comity.intake.cells import Opened
from comity.intake.damage import quote
from comity.intake.named_place import county_findings
from comity.intake.row_days import DECIDED
from comity.intake.table import SEPARATOR, WHERE, FactRows, without_separator
from comity.law.facilities import GROUPS
from comity.law.jails.table import Facility
from comity.law.library import Library
from comity.law.places import Jurisdiction

UNKNOWN = Facility("unknown")
LOCAL_OPEN = "local-law-open"
KEYS = (headings.FACILITY, headings.CITY, headings.STATE, headings.FACILITY_CODE)


class Locations(Struct, frozen=True, kw_only=True):
    """The place of each row, NULL where it is not certain or no local law applies; and the class of its facility.

    `placed` counts the rows in each of `law.facilities.GROUPS` where their places come from their facilities.
    """

    places: pa.DictionaryArray
    classes: pa.DictionaryArray
    findings: dict[str, int] = {}
    examples: dict[str, str] = {}
    placed: dict[str, int] = {}


def has_locations(opened: Opened) -> bool:
    """Whether a table says where the people were held."""
    return any(name in opened.names for name in (WHERE, headings.FACILITY, headings.FACILITY_CODE))


def find_locations(rows: FactRows, library: Library, fixed: str = "") -> Locations:
    """The locations of rows: all at the place `fixed` where it is given, else by their column of places or by facility."""
    facilities = _facilities(rows, library)
    encoded, found = facilities if facilities else (_one(rows.facts.num_rows), [UNKNOWN])
    classes = _taken(encoded, [facility.kind for facility in found])
    if fixed:
        return Locations(places=_taken(_one(rows.facts.num_rows), [fixed]), classes=classes)
    if WHERE in rows.cells.table.schema.names:
        return _by_column(rows, library, classes)
    places = _taken(encoded, [facility.place or None for facility in found])
    if facilities is None:
        return Locations(places=places, classes=classes)
    counts = np.bincount(encoded.indices.to_numpy(), minlength=len(found)).tolist()
    groups = Counter[str]()
    for at, facility in enumerate(found):
        groups[library.facilities.group_of(facility)] += counts[at]
    open_rows = [at for at, facility in enumerate(found) if facility.local_open]
    findings = {LOCAL_OPEN: sum(counts[at] for at in open_rows)} if open_rows else {}
    return Locations(
        places=places,
        classes=classes,
        findings=findings,
        examples={LOCAL_OPEN: _why_open(encoded.dictionary[open_rows[0]].as_py())} if open_rows else {},
        placed={group: groups[group] for group in GROUPS if groups[group]},
    )


def _why_open(key: str) -> str:
    name, city, state, code, *_ = key.split(SEPARATOR)
    described = ", ".join(part for part in (name or code, city, state) if part)
    return f"{quote(described)}: only its State is known, so a law of its county or city is not applied"


def _by_column(rows: FactRows, library: Library, classes: pa.DictionaryArray) -> Locations:
    encoded = rows.cells.named(WHERE).combine_chunks().dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    places = [find_place_of_cell(text, library) for text in texts]
    counts = Counter(encoded.indices.drop_null().to_pylist())
    wrong = {text: counts[at] for at, (text, place) in enumerate(zip(texts, places, strict=True)) if place is None}
    findings = {"unknown-place": sum(wrong.values())} if wrong else {}
    examples = {"unknown-place": describe_no_place(next(iter(wrong)), library)} if wrong else {}
    paths = _taken(encoded, [place.path if place else None for place in places])
    return Locations(places=paths, classes=classes, findings=findings, examples=examples)


def find_place_of_cell(text: str, library: Library) -> Jurisdiction | None:
    """The place that a cell names; none where it is in several counties whose law differs."""
    where = library.gazetteer.named(text)
    return None if where and grave(county_findings(where, library, None, Place(text))) else where


def describe_no_place(text: str, library: Library) -> str:
    """Why a cell names no place whose law can be applied."""
    several = library.gazetteer.named(text)
    return f"{quote(text)} is in counties whose law differs" if several else f"there is no place {quote(text)}"


def _facilities(rows: FactRows, library: Library) -> tuple[pa.DictionaryArray, list[Facility]] | None:
    """The facility of each row, each distinct one looked up once; one that changed hands is looked up for each day."""
    names = rows.cells.table.schema.names
    if headings.FACILITY not in names and headings.FACILITY_CODE not in names:
        return None
    columns = [_filled(rows, name) for name in KEYS]
    texts: pa.ChunkedArray = pc.binary_join_element_wise(*columns, SEPARATOR)
    dated = _with_days(texts, rows, library.facilities.changes_hands)
    encoded = dated.dictionary_encode()
    return encoded, [_find_facility(text, library) for text in encoded.dictionary.to_pylist()]


def _find_facility(key: str, library: Library) -> Facility:
    """The facility of a key; under the law of its State alone where its city is in several counties whose law differs."""
    name, city, state, code, *day = key.split(SEPARATOR)
    on = date.fromisoformat(day[0]) if day else date.min
    facility = library.facilities.found(name, city, state, on, code)
    where = library.gazetteer.places.find(facility.place) if facility.kind == "city_lockup" else None
    if where and grave(county_findings(where, library, None, Place(name))):
        return Facility(facility.kind, "/".join(facility.place.split("/")[:2]), local_open=True)
    return facility


def _with_days(texts: pa.Array, rows: FactRows, changes: Callable[[str, str, str], bool]) -> pa.Array:
    """The texts with the day joined to the facilities that changed hands."""
    encoded = texts.dictionary_encode()
    parts = [text.split(SEPARATOR) for text in encoded.dictionary.to_pylist()]
    moved = pa.array([changes(facility, state, code) for facility, _, state, code in parts], pa.bool_())
    if not any(moved.to_pylist()):
        return texts
    days = pc.cast(rows.facts.column(DECIDED).combine_chunks(), pa.string())
    return pc.if_else(moved.take(encoded.indices), pc.binary_join_element_wise(texts, days, SEPARATOR), texts)


def _filled(rows: FactRows, name: str) -> pa.Array:
    if name not in rows.cells.table.schema.names:
        return pa.array([""]).take(pa.nulls(rows.facts.num_rows, pa.int32()).fill_null(0))
    return without_separator(pc.fill_null(rows.cells.named(name).combine_chunks(), ""))


def _one(rows: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.nulls(rows, pa.int32()).fill_null(0), pa.array([""]))


def _taken(encoded: pa.DictionaryArray, values: Sequence[str | None]) -> pa.DictionaryArray:
    """The encoded column with other values in its dictionary, each once."""
    dictionary = pa.array(values, pa.string())
    return dictionary.take(encoded.indices).dictionary_encode()
