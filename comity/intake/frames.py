"""Frames as Arrow tables; a column with cells that Arrow has no common type for is converted cell by cell, to text.

So is a column that Arrow would misread: Python objects of several types (`True` among numbers becomes 1, a moment without a zone
among others one of UTC), and periods of pandas (they become numbers).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from math import isnan
from typing import Any

import pyarrow as pa

from comity.facts.plain_values import plain_moment, shown, unwrapped
from comity.intake.cell_text import MICROSECONDS_A_DAY, duration_text
from comity.intake.damage import LEVELS_MAX, mark_not_text

# What Arrow and pandas raise for columns of Python objects: mixed kinds, huge numbers, lone surrogates, odd time zones, cycles.
UNFIT = (pa.ArrowException, ValueError, TypeError, OverflowError, AttributeError, NotImplementedError, RecursionError)

NESTED = (list, dict, tuple, set, frozenset)


def arrow_of(frame: Any) -> pa.Table:
    """A frame as an Arrow table; raises one of `UNFIT` for what is none."""
    if not (type(frame).__module__.partition(".")[0] == "pandas" and hasattr(frame, "columns")):
        return pa.table(frame)
    columns = [frame.iloc[:, at] for at in range(frame.shape[1])]
    if frame.columns.nlevels == 1 and not any(map(_is_misread, columns)):
        try:
            return pa.table(frame)
        except UNFIT:
            pass
    names = [_heading_of(name) for name in frame.columns]
    levels = [*_levels_of_index(frame, names)]
    arrays = [_column_of(series) for series in (*columns, *(level for _, level in levels))]
    return pa.Table.from_arrays(arrays, [*names, *(name for name, _ in levels)])


def _levels_of_index(frame: Any, names: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """The columns of an index that does not merely count the rows, with the names that Arrow gives them."""
    if type(frame.index).__name__ == "RangeIndex":
        return
    for at, name in enumerate(frame.index.names):
        heading = "" if name is None else _heading_of(name)
        level = frame.index.get_level_values(at).to_series()
        yield (heading if heading and heading not in names else f"__index_level_{at}__"), level


def _is_misread(series: Any) -> bool:
    """Whether Arrow would convert a column to something else than it says, or end the process."""
    if series.dtype == object:
        types = {*map(type, series)}
        return _is_too_deep(series, types) or _is_of_several_types(series, types)
    return str(getattr(series.dtype, "categories", series).dtype).startswith("period[")


def _is_of_several_types(series: Any, types: Collection[type]) -> bool:
    """Whether cells are of several types for which Arrow finds a common one, or moments with and without a zone.

    Not where some are texts, which have no common type with anything else.
    """
    plain = {*types} - {list, dict, tuple, type(None)}
    if str in plain or not plain:
        return False
    if len(plain) > 1:
        plain = {type(cell) for cell in series if not _is_nothing(cell)} - {list, dict, tuple}
    return len(plain) > 1 or len({cell.utcoffset() is None for cell in _moments(series, plain)}) > 1


def _moments(series: Any, types: Iterable[type]) -> Iterable[datetime]:
    """The moments of a column; nothing is looked at where its types have none."""
    if not any(issubclass(type_, datetime) for type_ in types):
        return ()
    return (cell for cell in series if isinstance(cell, datetime) and not _is_nothing(cell))


def _is_nothing(cell: Any) -> bool:
    cell = unwrapped(cell)
    return cell is None or (isinstance(cell, float) and isnan(cell))


def _is_too_deep(series: Any, types: Iterable[type]) -> bool:
    """Whether a column with cells of these types has one that is nested too deeply, or in itself; Arrow would end the process."""
    return any(map(_may_nest, types)) and any(map(_is_deep, series))


def _may_nest(type_: type) -> bool:
    return issubclass(type_, NESTED) or type_.__module__ == "numpy"


def _is_deep(cell: Any) -> bool:
    layer = [cell] if _may_nest(type(cell)) else []
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
        column = None if _is_misread(series) else pa.array(series, from_pandas=True)
    except UNFIT:
        column = None
    if column is None:
        return pa.array([_text_of(cell) for cell in series], pa.string())
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _heading_of(name: Any) -> str:
    """A heading as text; one of several levels as the name of a fact, as `request.form`."""
    levels = [*name] if isinstance(name, tuple) else [name]
    text = mark_not_text(".".join(shown(level) for level in levels if len(levels) == 1 or level not in ("", None)))
    assert isinstance(text, str)
    return text


def _text_of(cell: Any) -> str | None:
    """One cell as text; None where it has no value."""
    if _is_nothing(cell):
        return None
    cell = unwrapped(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, date):
        return _day_or_moment(cell)
    if isinstance(cell, timedelta):
        return duration_text(cell // timedelta(microseconds=1), MICROSECONDS_A_DAY)
    if isinstance(cell, set | frozenset):
        cell = sorted(cell, key=str)
    if isinstance(cell, list | dict | tuple):
        return _json_of(cell)
    if isinstance(cell, float) and cell.is_integer():  # as Arrow writes it
        return shown(int(cell))
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
