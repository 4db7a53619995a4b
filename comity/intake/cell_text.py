"""Columns of any type as text: what a cell says, trimmed, and NULL where it says nothing."""

from __future__ import annotations

import json
from datetime import date, datetime
from math import isnan
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from comity.intake.blanks import without_marks
from comity.intake.damage import mark_not_text

REPEATED = 4  # rows for each distinct text, from which it pays to look at these alone


def as_text(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """A column as text, without surrounding space, and NULL where it has no value; lists and records as JSON."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if pa.types.is_temporal(column.type):  # never redacted: the search for marks would only take time
        return _temporal_text(column)
    if pa.types.is_dictionary(column.type):
        return as_text(column.dictionary).take(column.indices)
    if pa.types.is_nested(column.type):
        return pa.array([_json_text(cell) for cell in column.to_pylist()], pa.string())
    text = column.cast(pa.string())
    encoded = text.dictionary_encode()
    if len(encoded.dictionary) * REPEATED >= len(text):
        return without_marks(pc.utf8_trim_whitespace(text))
    return as_text(encoded)  # each distinct text is looked at once


def _temporal_text(column: pa.Array) -> pa.Array:
    """Days and moments as text. Moments in UTC are written without looking up their zone, which takes seven times as long."""
    if pa.types.is_timestamp(column.type) and column.type.tz == "UTC":
        naive = column.cast(pa.timestamp(column.type.unit)).cast(pa.string())
        return pc.binary_join_element_wise(naive, pa.scalar("Z"), "")
    return column.cast(pa.string())


def _json_text(cell: Any) -> str | None:
    """A list or a record as JSON. Fields that are NULL are left out: a table gives every record all fields."""
    if cell is None:
        return None
    text = mark_not_text(json.dumps(_plain(cell), ensure_ascii=False, default=str))
    assert isinstance(text, str)
    return text


def _plain(cell: Any) -> Any:
    if isinstance(cell, dict):
        return {key: plain for key, value in cell.items() if (plain := _plain(value)) is not None}
    if isinstance(cell, list):
        is_map = cell and all(isinstance(entry, tuple) for entry in cell)  # as Arrow gives the entries of a map
        return _plain(dict(cell)) if is_map else [_plain(entry) for entry in cell]
    if isinstance(cell, float):  # pandas has whole numbers as floats where one is missing
        return None if isnan(cell) else int(cell) if cell.is_integer() else cell
    return cell.isoformat() if isinstance(cell, date | datetime) else cell
