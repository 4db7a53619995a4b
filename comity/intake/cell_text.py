"""Columns of any type as text: what a cell says, trimmed, and NULL where it says nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from math import isnan
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from comity.intake.blanks import without_marks
from comity.intake.damage import NOT_TEXT, mark_not_text

MICROSECONDS_A_DAY = 86_400_000_000
UNITS_A_DAY = {"s": 86_400, "ms": 86_400_000, "us": MICROSECONDS_A_DAY, "ns": 86_400_000_000_000}
REPEATED = 4  # rows for each distinct text, from which it pays to look at these alone


def as_text(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """A column as text, without surrounding space, and NULL where it has no value; lists and records as JSON."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if pa.types.is_temporal(column.type):  # never redacted: the search for marks would only take time
        return _temporal_text(column)
    if pa.types.is_dictionary(column.type):
        return as_text(column.dictionary).take(column.indices)
    if pa.types.is_run_end_encoded(column.type):
        return as_text(pc.run_end_decode(column))
    if pa.types.is_union(column.type):
        return as_text(pa.array([_union_text(cell) for cell in column.to_pylist()], pa.string()))
    if pa.types.is_nested(column.type):
        return pa.array([_json_text(cell) for cell in column.to_pylist()], pa.string())
    if getattr(column.type, "extension_name", "") == "arrow.json":
        return as_text(pa.array([_unquoted(cell) for cell in column.to_pylist()], pa.string()))
    try:
        return _trimmed(column.cast(pa.string()))
    except pa.ArrowInvalid:  # some bytes are not UTF-8
        return _trimmed(_each(column.cast(pa.large_binary()), _spelled_out))


def _trimmed(text: pa.Array) -> pa.Array:
    """Texts without surrounding space and marks of nothing; where they are repeated, each distinct text is looked at once."""
    encoded = text.dictionary_encode()
    if len(encoded.dictionary) * REPEATED >= len(text):
        return without_marks(pc.utf8_trim_whitespace(text))
    return _trimmed(encoded.dictionary).take(encoded.indices)


def _spelled_out(cell: bytes) -> str:
    """A text of bytes; those that are not UTF-8 are spelled out, and it is marked as no text."""
    text = cell.decode("utf-8", "backslashreplace")
    return text if text.encode() == cell else NOT_TEXT + text


def _union_text(cell: Any) -> str | None:
    return cell if isinstance(cell, str) else _json_text(cell)


def _unquoted(cell: str | None) -> str | None:
    """The text that a JSON value says: a string without its quotation marks, anything else as it is written."""
    try:
        value = json.loads(cell or "null")
    except ValueError:
        return cell
    return value if isinstance(value, str) else cell


def _temporal_text(column: pa.Array) -> pa.Array:
    """Days and moments as text. Moments in UTC are written without looking up their zone, which takes seven times as long."""
    if pa.types.is_timestamp(column.type) and column.type.tz == "UTC":
        naive = column.cast(pa.timestamp(column.type.unit)).cast(pa.string())
        return pc.binary_join_element_wise(naive, pa.scalar("Z"), "")
    if pa.types.is_duration(column.type):
        units = UNITS_A_DAY[column.type.unit]
        return _each(column.cast(pa.int64()), lambda count: duration_text(count, units))
    if pa.types.is_interval(column.type):
        return _each(column, _interval_text)
    return column.cast(pa.string())


def _each(column: pa.Array, text_of: Callable[[Any], str]) -> pa.Array:
    return pa.array([None if cell is None else text_of(cell) for cell in column.to_pylist()], pa.string())


def duration_text(count: int, a_day: int) -> str:
    """A length of time, in units of which a day has so many: `3 days`, never a bare number, which could be years or dollars."""
    days, rest = divmod(count, a_day)
    if not rest:
        return f"{days} days"
    return f"{days} days {rest * 86_400 // a_day} seconds"


def _interval_text(interval: Any) -> str:
    """An interval of months, days and nanoseconds, of which neither months nor days have a length of their own."""
    parts = {"months": interval.months, "days": interval.days, "nanoseconds": interval.nanoseconds}
    return " ".join(f"{count} {unit}" for unit, count in parts.items() if count) or "0 days"


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
