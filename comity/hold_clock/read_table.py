"""Reads a table of holds: a place, a form and moments for each row, and the rows that cannot be read.

A cell that cannot be read is a fault of its row. A column in which no cell can be read is a fault of the table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct, structs

from comity.clock.many import MOMENT
from comity.clock.readings import ELIGIBLE, ORDERS_END, RECEIVED
from comity.facts.kinds import Choice
from comity.facts.request import FIRST_YEAR, LAST_YEAR, read_moment
from comity.finding import Finding, InputFault, Place, did_you_mean, grave, phrase
from comity.hold_clock.hold_clock import FORM
from comity.intake.cells import ROW, Opened
from comity.intake.column_map.open_mapped import open_through
from comity.intake.column_map.read_map import read_column_map
from comity.intake.damage import quote
from comity.law.library import Library

PLACE = "place"
MOMENTS = (ELIGIBLE, RECEIVED, *ORDERS_END)
COLUMNS = (PLACE, FORM, *MOMENTS)
NO_MOMENT, NO_OFFSET, OUT_OF_REACH, WRONG_FORM = "not-a-moment", "no-offset", "moment-out-of-reach", "unknown-form"
MOMENT_HELP = phrase("write each as 2017-09-01T15:00:00-04:00, or give the column its time zone")
# How Arrow writes a moment that no calendar date here can hold, and how such a moment looks in a file.
FAR_YEAR = re.compile(r"<value out of range|-?\d{5,}-")
FINER_THAN_MICROSECONDS = r"(\.\d{6})\d+"


class Holds(Struct, frozen=True):
    """Holds read from a table: `columns` has a row for each row of the source, in order.

    `faults` are the codes of the rows that cannot be read, by their place in the table.
    """

    columns: pa.Table
    faults: dict[int, str]


def read_holds(table: Any, place: str, library: Library, columns: Any = None) -> Holds:
    """The holds of a table, all at `place` where one is given; raises `InputFault` where it cannot be read.

    `columns` is a map of columns, as a file or a value.
    """
    column_map, findings = read_column_map(columns, library.vocabulary) if columns else (None, [])
    if grave(findings):
        raise InputFault(grave(findings))
    if column_map:
        place = place or column_map.place
        column_map = structs.replace(column_map, booking="")  # a row of the result stands for each row of the table
    opened, findings = open_through(
        table, frozenset(COLUMNS), column_map, vocabulary=library.vocabulary, offenses=library.offenses
    )
    if opened is None:
        raise InputFault(findings)
    _require_columns(opened, place)
    cells, faults = _cells(opened)
    facts: dict[str, Any] = {}
    if place:
        facts[PLACE] = pa.DictionaryArray.from_arrays(np.zeros(cells.num_rows, np.int32), [place])
    for name in COLUMNS:
        if name not in facts:
            facts[name] = _read_column(cells, name, library=library, faults=faults)
    return Holds(pa.table(facts), faults)


def _require_columns(opened: Opened, place: str) -> None:
    for name in (ELIGIBLE,) if place else (PLACE, ELIGIBLE):
        if name not in opened.names:
            columns = phrase("name its columns {names}", names=", ".join(COLUMNS))
            help = did_you_mean(name, opened.names) or columns
            raise _fault(name, phrase('the table has no column "{name}"', name=name), help)


def _cells(opened: Opened) -> tuple[pa.Table, dict[int, str]]:
    """All cells as text, a row for each row of the source, and the codes of the rows that the reader refused."""
    tables: list[pa.Table] = []
    faults: dict[int, str] = {}
    for piece in opened.pieces():
        before = sum(table.num_rows for table in tables)
        refused = np.array([refusal.row for refusal in piece.refused], np.int64)
        rows = np.concatenate([piece.table.column(ROW).to_numpy(), refused])
        order = np.argsort(rows, kind="stable")
        places = before + np.flatnonzero(order >= piece.table.num_rows)
        by_row = sorted(piece.refused, key=lambda refusal: refusal.row)
        faults |= dict(zip(places.tolist(), (refusal.code for refusal in by_row), strict=True))
        tables.append(piece.table.take(pa.array(order, mask=order >= piece.table.num_rows)))
    return pa.concat_tables(tables), faults


def _read_column(cells: pa.Table, name: str, *, library: Library, faults: dict[int, str]) -> pa.Array:
    if name not in cells.column_names:
        return pa.nulls(cells.num_rows, MOMENT if name in MOMENTS else pa.string())
    texts = cells.column(name).combine_chunks()
    if name in MOMENTS:
        return _read_moments(texts, name, faults)
    if name == FORM:
        kind = library.vocabulary.kind(FORM)
        assert isinstance(kind, Choice)
        _check_forms(texts, kind.members, faults)
    return texts


def _read_moments(texts: pa.Array, name: str, faults: dict[int, str]) -> pa.Array:
    """A column of moments in UTC. Whole columns are parsed at once; only a column with a bad cell is read cell by cell."""
    try:
        return texts.cast(MOMENT)
    except pa.ArrowInvalid:
        texts = pc.replace_substring_regex(texts, FINER_THAN_MICROSECONDS, r"\1")
    try:
        return texts.cast(MOMENT)
    except pa.ArrowInvalid:
        return _read_each_moment(texts, name, faults)


def _read_each_moment(texts: pa.Array, name: str, faults: dict[int, str]) -> pa.Array:
    encoded = texts.dictionary_encode()
    read = [_read_moment(text) for text in encoded.dictionary.to_pylist()]
    codes = [code for _, code in read]
    _note_faults(encoded, codes, faults=faults, fault=lambda code: _moment_fault(name, code))
    moments: pa.Array = pa.array([moment for moment, _ in read], MOMENT).take(encoded.indices)
    return moments


def _read_moment(text: str) -> tuple[datetime | None, str]:
    """A moment, or the code that says why the text is none."""
    if FAR_YEAR.match(text):
        return None, OUT_OF_REACH
    moment, finding = read_moment(text, Place(ELIGIBLE), ELIGIBLE)
    if finding:
        return None, NO_OFFSET if finding.code == "no-offset" else NO_MOMENT
    return moment, ""


def _moment_fault(name: str, code: str) -> InputFault:
    if code == OUT_OF_REACH:
        help = phrase("write moments from {first} to {last}", first=FIRST_YEAR, last=LAST_YEAR - 1)
        return _fault(name, phrase("the column {name} holds a moment out of reach", name=name), help)
    what = "moments without an offset" if code == NO_OFFSET else "no moments"
    return _fault(name, phrase("the column {name} holds {what}", name=name, what=what), MOMENT_HELP)


def _check_forms(texts: pa.Array, members: Sequence[str], faults: dict[int, str]) -> None:
    encoded = texts.dictionary_encode()
    names = encoded.dictionary.to_pylist()
    codes = ["" if name in members else WRONG_FORM for name in names]

    def fault(_: str) -> InputFault:
        help = did_you_mean(names[0], members) or phrase("one of {members}", members=", ".join(members))
        return _fault(FORM, phrase("{fact} cannot be {}", quote(names[0]), fact=FORM), help)

    _note_faults(encoded, codes, faults=faults, fault=fault)


def _note_faults(
    encoded: pa.DictionaryArray, codes: Sequence[str], *, faults: dict[int, str], fault: Callable[[str], InputFault]
) -> None:
    """Notes the code of each row whose cell is bad; raises where the column has cells and all of them are bad."""
    if codes and all(codes):
        raise fault(codes[0])
    of_rows = pa.array([code or None for code in codes], pa.string()).take(encoded.indices)
    bad = np.flatnonzero(of_rows.is_valid().to_numpy(zero_copy_only=False))
    for row, code in zip(bad.tolist(), of_rows.take(pa.array(bad)).to_pylist(), strict=True):
        faults.setdefault(row, code)


def _fault(where: str, message: str, help: str) -> InputFault:
    return InputFault([Finding("holds", Place(phrase(where)), message, help)])
