"""Whether any law of the place that holds a person is encoded, for each row: without it, "no rule applies" says little."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pyarrow as pa

from comity.law.library import Library
from comity.law.register import first_encoded

LOCAL_LAW = "local_law"
ENCODED, NONE_ENCODED = "encoded", "none encoded"
NEVER = date.max


def local_law_of(places: pa.DictionaryArray, days: pa.Array, first: Mapping[str, date]) -> pa.DictionaryArray:
    """For each row whether law of its place itself is encoded on its day; NULL where the place is not certain."""
    begun = [first.get(path, NEVER) if path else NEVER for path in places.dictionary.to_pylist()]
    of_place = pa.array([*begun, NEVER], pa.date32()).cast(pa.int32()).to_numpy()
    at = places.indices.fill_null(len(begun)).to_numpy(zero_copy_only=False)
    is_encoded = of_place[at] <= days.cast(pa.int32()).to_numpy(zero_copy_only=False)
    valid = [path is not None for path in places.dictionary.to_pylist()]
    unknown = ~np.array([*valid, False], bool)[at]
    codes = pa.array(np.where(is_encoded, 0, 1).astype(np.int32), mask=unknown)
    return pa.DictionaryArray.from_arrays(codes, pa.array([ENCODED, NONE_ENCODED]))


def local_law_at(library: Library, place: str, day: date) -> str:
    """Whether law of a place itself is encoded on a day."""
    return ENCODED if first_encoded(library).get(place, NEVER) <= day else NONE_ENCODED
