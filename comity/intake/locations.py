"""Where the person of each request was held: the place whose law applies, and the class of the facility."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct, structs

from comity.facts.row_codes import Numbers, distinct_rows
from comity.finding import Place, grave
from comity.intake import headings
from comity.intake.cells import Opened
from comity.intake.damage import quote
from comity.intake.named_place import county_findings, is_county_or_state
from comity.intake.row_days import DECIDED
from comity.intake.table import SEPARATOR, WHERE, FactRows
from comity.law.facilities import GROUPS
from comity.law.jails.table import Facility
from comity.law.library import Library
from comity.law.places import Jurisdiction

UNKNOWN = Facility("unknown")
LOCAL_OPEN, DIFFERS = "local-law-open", "places-differ"
OF_PLACES = (LOCAL_OPEN, DIFFERS)  # what is said of places; where one law is named for all rows, no place is asked for
Key: TypeAlias = tuple[
    str, str, str, str, date | None
]  # a facility's name, city, State and code, and the day where it matters
KNOWN_MAX = 200_000  # facilities kept between the pieces of a table
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


def find_locations(
    rows: FactRows, library: Library, fixed: str = "", known: dict[Key, Facility] | None = None
) -> Locations:
    """The locations of rows: all at the place `fixed` where it is given, else by their column of places or by facility.

    `known` keeps the facilities that were found, for the next piece of the same table.
    """
    facilities = _facilities(rows, library)
    of_row, keys = facilities or (np.zeros(rows.facts.num_rows, np.int64), [])
    found = _found(keys, library, {} if known is None else known) if facilities else [UNKNOWN]
    encoded = pa.DictionaryArray.from_arrays(pa.array(of_row, pa.int32()), pa.array(np.arange(len(found))))
    classes = _taken(encoded, [facility.kind for facility in found])
    if fixed:
        return Locations(places=_taken(_one(rows.facts.num_rows), [fixed]), classes=classes)
    if WHERE in rows.cells.table.schema.names:
        located = _by_column(rows, library, classes)
        return _with_differing(located, of_row, found, library) if facilities else located
    places = _taken(encoded, [facility.place or None for facility in found])
    if facilities is None:
        return Locations(places=places, classes=classes)
    counts = np.bincount(of_row, minlength=len(found)).tolist()
    groups = Counter[str]()
    for at, facility in enumerate(found):
        groups[library.facilities.group_of(facility)] += counts[at]
    open_rows = [at for at, facility in enumerate(found) if facility.local_open]
    findings = {LOCAL_OPEN: sum(counts[at] for at in open_rows)} if open_rows else {}
    return Locations(
        places=places,
        classes=classes,
        findings=findings,
        examples={LOCAL_OPEN: _why_open(keys[open_rows[0]])} if open_rows else {},
        placed={group: groups[group] for group in GROUPS if groups[group]},
    )


def _found(keys: Sequence[Key], library: Library, known: dict[Key, Facility]) -> list[Facility]:
    """The facilities of some keys; those that are not known yet are added to `known`."""
    if len(known) > KNOWN_MAX:
        known.clear()
    known |= {key: _find_facility(key, library) for key in keys if key not in known}
    return [known[key] for key in keys]


def _why_open(key: Key) -> str:
    name, city, state, code, _ = key
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


def _with_differing(located: Locations, of_row: Numbers, found: Sequence[Facility], library: Library) -> Locations:
    """The locations, with a finding on rows whose column of places names another place than their facility."""
    paths = located.places.dictionary.to_pylist()
    codes = located.places.indices.fill_null(len(paths)).to_numpy(zero_copy_only=False).astype(np.int64)
    pairs, counts = np.unique(codes * len(found) + of_row, return_counts=True)
    rows, example = 0, ""
    for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
        path, facility = [*paths, None][pair // len(found)], found[pair % len(found)]
        if path and not _is_at(facility, path, library):
            rows, example = rows + count, example or f"the place is {path}, and the facility is one of {facility.place}"
    if not rows:
        return located
    return structs.replace(
        located,
        findings={**located.findings, DIFFERS: rows},
        examples={**located.examples, DIFFERS: f"{example}; the law of the place is applied"},
    )


def _is_at(facility: Facility, path: str, library: Library) -> bool:
    """Whether a facility can be at a place: one contains the other, or the place of the facility is not known."""
    around = library.gazetteer.containing
    return not facility.place or facility.place in around(path) or path in around(facility.place)


def find_place_of_cell(text: str, library: Library) -> Jurisdiction | None:
    """The place that a cell names; none where it is in several counties whose law differs, or may be a State or a county."""
    where = None if is_county_or_state(text, library) else library.gazetteer.named(text)
    return None if where and grave(county_findings(where, library, None, Place(text))) else where


def describe_no_place(text: str, library: Library) -> str:
    """Why a cell names no place whose law can be applied."""
    several = library.gazetteer.named(text)
    if several and is_county_or_state(text, library):
        return f"{quote(text)} may be {several.path}, and a county in another State; write the path"
    return f"{quote(text)} is in counties whose law differs" if several else f"there is no place {quote(text)}"


def _facilities(rows: FactRows, library: Library) -> tuple[Numbers, list[Key]] | None:
    """The number of each row's facility, and what is written of each; one that changed hands is another on each day."""
    names = rows.cells.table.schema.names
    if headings.FACILITY not in names and headings.FACILITY_CODE not in names:
        return None
    columns = [_filled(rows, name) for name in KEYS]
    first, of_row = distinct_rows(columns, rows.facts.num_rows)
    written = [_at(column, first) for column in columns]
    changes = [
        library.facilities.changes_hands(name, state, code) for name, _, state, code in zip(*written, strict=True)
    ]
    days = pc.if_else(pa.array(changes, pa.bool_()).take(pa.array(of_row)), rows.facts.column(DECIDED), None)
    first, of_row = distinct_rows([pa.array(of_row), days], len(of_row))
    return of_row, list(zip(*(_at(column, first) for column in (*columns, days)), strict=True))


def _at(column: Any, rows: Numbers) -> list[Any]:
    return [
        text.replace(SEPARATOR, " ") if isinstance(text, str) else text
        for text in column.take(pa.array(rows)).to_pylist()
    ]


def _find_facility(key: Key, library: Library) -> Facility:
    """The facility of a key; under the law of its State alone where its city is in several counties whose law differs."""
    name, city, state, code, day = key
    facility = library.facilities.found(name, city, state, day or date.min, code)
    where = library.gazetteer.places.find(facility.place) if facility.kind == "city_lockup" else None
    if where and grave(county_findings(where, library, None, Place(name))):
        return Facility(facility.kind, "/".join(facility.place.split("/")[:2]), local_open=True)
    return facility


def _filled(rows: FactRows, name: str) -> pa.Array:
    if name not in rows.cells.table.schema.names:
        return pa.array([""]).take(pa.nulls(rows.facts.num_rows, pa.int32()).fill_null(0))
    return pc.fill_null(rows.cells.named(name).combine_chunks(), "")


def _one(rows: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.nulls(rows, pa.int32()).fill_null(0), pa.array([""]))


def _taken(encoded: pa.DictionaryArray, values: Sequence[str | None]) -> pa.DictionaryArray:
    """The encoded column with other values in its dictionary, each once."""
    dictionary = pa.array(values, pa.string())
    return dictionary.take(encoded.indices).dictionary_encode()
