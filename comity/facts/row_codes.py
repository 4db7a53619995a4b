"""Which rows of a table have the same values, by small numbers instead of the values, most of which recur in many rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Numbers: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]
CODES_MAX = 1 << 62


class RowCodes:
    """A code for each row; codes differ wherever one of the columns added differs."""

    def __init__(self, rows: int) -> None:
        self.codes: Numbers = np.zeros(rows, np.int64)
        self.size = 1

    def add(self, numbers: np.ndarray[Any, Any], least: int = 0) -> None:
        """Lets rows differ by a column of small numbers from `least` on."""
        if not len(numbers):
            return
        most = int(numbers.max()) + 1 - least
        if self.size * most >= CODES_MAX:
            first, self.codes = self.distinct()
            self.size = len(first)
        self.codes = self.codes * most + (numbers - least)
        self.size *= most

    def distinct(self) -> tuple[Numbers, Numbers]:
        """The first row of each distinct code, in the order of the rows, and for each row the number of its code."""
        encoded = pa.array(self.codes).dictionary_encode()
        of_row = encoded.indices.to_numpy().astype(np.int64)
        first = np.zeros(len(encoded.dictionary), np.int64)
        first[of_row[::-1]] = np.arange(len(of_row))[::-1]
        return first, of_row


def distinct_rows(columns: Iterable[pa.Array | pa.ChunkedArray], rows: int) -> tuple[Numbers, Numbers]:
    """The first row of each distinct combination of values, and for each row the number of its combination.

    NULL is a value like any other here.
    """
    codes = RowCodes(rows)
    for column in columns:
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        encoded = whole if isinstance(whole, pa.DictionaryArray) else pc.dictionary_encode(whole)
        codes.add(encoded.indices.fill_null(-1).to_numpy(), least=-1)
    return codes.distinct()
