"""Columns of Python objects for which Arrow has no type are read cell by cell; no other column of the frame suffers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

import numpy as np
import pandas as pd
import pytest

from comity.intake.cells import open_table


class Nowhere(tzinfo):
    """A time zone that does not know its offset, nor its name."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return None


def cells_of(*cells: Any) -> list[str | None]:
    frame = pd.DataFrame({"date": ["2017-03-01"] * len(cells), "subject.age": pd.Series(cells, dtype=object)})
    opened, findings = open_table(frame)
    assert opened and not findings
    [piece] = opened.pieces()
    assert piece.read == len(cells)
    found: list[str | None] = piece.named("subject.age").to_pylist()
    return found


@pytest.mark.parametrize(
    ("cells", "texts"),
    [
        ((date(2017, 3, 1), "2017-03-02"), ["2017-03-01", "2017-03-02"]),
        ((datetime(2017, 3, 1, 9, tzinfo=UTC), "x"), ["2017-03-01T09:00:00+00:00", "x"]),
        ((datetime(2017, 3, 1, 9, tzinfo=Nowhere()), "x"), ["2017-03-01T09:00:00", "x"]),
        ((10**30, 1), ["a number of more than 15 digits", "1"]),
        ((10**5_000, "x"), ["a number of more than 15 digits", "x"]),
        ((True, "x", None, np.nan, pd.NA), ["true", "x", None, None, None]),
        ((["hold"], "x"), ['["hold"]', "x"]),
        (({1: {2}}, "x"), ["{1: {2}}", "x"]),
        ((object(), "x"), ["a value of type object", "x"]),
    ],
)
def test_a_column_of_mixed_objects_is_read_cell_by_cell(cells: tuple[Any, ...], texts: list[str | None]) -> None:
    assert cells_of(*cells) == texts


def test_a_list_that_contains_itself_is_shown_cut() -> None:
    cycle: list[Any] = []
    cycle.append(cycle)
    itself = np.array([None], dtype=object)
    itself[0] = itself
    assert cells_of(cycle, None)[0] == "[[[[[[[...]]]]]]]" and cells_of({"a": itself}, None)[1] is None
    assert cells_of(cycle, "x") == ["[[[[[[[...]]]]]]]", "x"]
