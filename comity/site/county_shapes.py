"""The shapes of the counties for the map, and their codes; read from `county_shapes.json`, which `lists/county_shapes.py` writes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

FILE = Path(__file__).with_name("county_shapes.json")


class County(Struct, frozen=True, array_like=True):
    """A county: its five-digit FIPS code, and its shape as the data of an SVG path; empty where none is drawn for it."""

    fips: str
    path: str


class CountyShapes(Struct, frozen=True):
    """The counties by their paths, and the lines between States.

    `view` is the left, the top, the width and the height of the map. `shared` are the counties that are shown by the shape of
    another: the boundaries that were published do not part them.
    """

    source: str
    view: tuple[int, int, int, int]
    states: str
    shared: dict[str, str]
    counties: dict[str, County]


@cache
def read_county_shapes() -> CountyShapes:
    """The shapes as they are shipped."""
    return msgspec.json.decode(FILE.read_bytes(), type=CountyShapes)
