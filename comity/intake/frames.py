"""Frames as Arrow tables; a column with cells that Arrow has no common type for is converted cell by cell, to text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from math import isnan
from typing import Any

import pyarrow as pa

from comity.facts.plain_values import plain_moment, shown, unwrapped
from comity.intake.damage import LEVELS_MAX, mark_not_text

# What Arrow and pandas raise for columns of Python objects: mixed kinds, huge numbers, lone surrogates, odd time zones, cycles.
UNFIT = (pa.ArrowException, ValueError, TypeError, OverflowError, AttributeError, NotImplementedError, RecursionError)

NESTED = (list, dict, tuple, set, frozenset)


def arrow_of(frame: Any) -> pa.Table:
    """A frame as an Arrow table; raises one of `UNFIT` for what is none."""
    of_pandas = type(frame).__module__.partition(".")[0] == "pandas" and hasattr(frame, "columns")
    if not (of_pandas and any(_is_too_deep(frame.iloc[:, at]) for at in range(frame.shape[1]))):
        try:
            return pa.table(frame)
        except UNFIT:
            if not of_pandas:
                raise
    columns = [_column_of(frame.iloc[:, at]) for at in range(frame.shape[1])]
    return pa.Table.from_arrays(columns, [_heading_of(name) for name in frame.columns])


def _is_too_deep(series: Any) -> bool:
    """Whether a column has a cell that is nested too deeply, or in itself; Arrow would end the process."""
    return series.dtype == object and any(_is_deep(cell) for cell in series)


def _is_deep(cell: Any) -> bool:
    layer = [cell] if isinstance(cell, NESTED) or type(cell).__module__ == "numpy" else []
    for _ in range(LEVELS_MAX):
        inside = [inner for outer in layer for inner in _inside(outer)]
        layer = [*{id(inner): inner for inner in inside}.values()]
        if not layer:
            return False
    return True


def _inside(cell: Any) -> Iterable[Any]:
    plain = unwrapped(cell)
    if isinstance(plain, dict):
        return plain.values()
    return plain if isinstance(plain, NESTED) else ()


def _column_of(series: Any) -> pa.Array:
    try:
        column = None if _is_too_deep(series) else pa.array(series, from_pandas=True)
    except UNFIT:
        column = None
    if column is None:
        return pa.array([_text_of(cell) for cell in series], pa.string())
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _heading_of(name: Any) -> str:
    text = mark_not_text(shown(name))
    assert isinstance(text, str)
    return text


def _text_of(cell: Any) -> str | None:
    """One cell as text; None where it has no value."""
    cell = unwrapped(cell)
    if cell is None or (isinstance(cell, float) and isnan(cell)):
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, date):
        return _day_or_moment(cell)
    if isinstance(cell, list | dict):
        return _json_of(cell)
    text = mark_not_text(shown(cell))
    assert isinstance(text, str)
    return text


def _day_or_moment(cell: date) -> str:
    plain = plain_moment(cell) if isinstance(cell, datetime) else None
    naive = cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell
    return (plain or naive).isoformat()


def _json_of(cell: Any) -> str:
    try:
        text = mark_not_text(json.dumps(cell, ensure_ascii=False))
    except (TypeError, ValueError, RecursionError):
        return shown(cell)
    assert isinstance(text, str)
    return text
