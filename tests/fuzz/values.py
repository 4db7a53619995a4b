"""Values that a caller might give where a fact belongs: of every kind, odd, huge, cyclic, or of another library."""

from __future__ import annotations

from collections import OrderedDict, UserDict, defaultdict, namedtuple
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

Point = namedtuple("Point", "x y")  # noqa: PYI024  a plain tuple with names, as callers have them


class Text(str):
    """A text of another class."""


class Form(StrEnum):
    """A text of an enumeration."""

    I247A = "i247a"
    HOLD = "hold"


class Level(IntEnum):
    """A number of an enumeration."""

    ONE = 1


class Number(int):
    """A number of another class."""


class Record(dict[str, Any]):
    """A dict of another class."""


class Zone(tzinfo):
    """A time zone that does not know its offset."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return None


class Color(Enum):
    """A member of an enumeration that is no text."""

    RED = 1


def cyclic_dict() -> dict[str, Any]:
    """A dict that contains itself."""
    cycle: dict[str, Any] = {}
    cycle["partial"] = cycle
    return cycle


def cyclic_list() -> list[Any]:
    """A list that contains itself."""
    cycle: list[Any] = []
    cycle.append(cycle)
    return cycle


def nested(depth: int, *, as_dict: bool = False) -> Any:
    """Lists or dicts inside each other."""
    value: Any = "hold"
    for _ in range(depth):
        value = {"partial": value} if as_dict else [value]
    return value


ODD_TEXTS = (
    "", " ", "\0", "a\0b", "\n", "two\nlines", "\x1b[2J\x1b]0;title\x07", "\u202eevil", "\u200b", "\u200d", "\ufeff", "\u2028",
    "\ud800", "half \udc80 pair", "\uffff", "\U0010ffff", "ß", "I\u0307", "ｈｏｌｄ", "hold\u200b", " hold ", "HOLD", "hold", "é" * 50,
    "x" * 100_000, '"', '"' * 300, "{}", "%s %d", "{0}", "\\x1b", "nan", "NaN", "inf", "null", "None", "true", "yes", "1", "²", "٣",
    "request.form", "__proto__", "i247a", "i247d", "robbery", "felony", "us/fl/miami-dade", "us", "us/", "/", "..", "US/FL/MIAMI-DADE",
)  # fmt: skip
MOMENT_TEXTS = (
    "2017-01-20T09:00:00-05:00", "2017-01-20T09:00:00", "2017-01-20 09:00:00-05:00", "2016-12-31T23:59:60Z", "2017-01-20T24:00:00Z",
    "2017-W03-5T09:00:00Z", "20170120T090000Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1899-12-31T23:59:59Z",
    "1900-01-01T00:00:00Z", "1900-01-01T00:00:00+14:00", "2199-12-31T23:59:59Z", "2199-12-31T23:59:59-12:00", "2200-01-01T00:00:00Z",
    "2017-01-20T09:00:00+23:59", "2017-01-20T09:00:00-23:59:59.999999", "2017-01-20T09:00:00+24:00", "2017-01-20T09:00:00.123456789Z",
    "2017-03-12T02:30:00-05:00", "2017-11-05T01:30:00-04:00", "2017-01-20T09:00:00 -05:00", "2017-01-20t09:00:00z", "２０１７-01-20T09:00:00Z",
    "2017-01-20", "2017-1-20", "2017-02-29", "2016-02-29", "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "-2017-01-20", "2017-01-20\n",
)  # fmt: skip
NEW_YORK = ZoneInfo("America/New_York")
MOMENTS = (
    datetime(2017, 1, 20, 9), datetime(2017, 1, 20, 9, tzinfo=UTC), datetime(2017, 11, 5, 1, 30, tzinfo=NEW_YORK),
    datetime(2017, 11, 5, 1, 30, tzinfo=NEW_YORK, fold=1), datetime(2017, 3, 12, 2, 30, tzinfo=NEW_YORK), datetime.min, datetime.max,
    datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
    datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))), datetime(2017, 1, 20, tzinfo=Zone()),
    datetime(1900, 1, 1, tzinfo=timezone(timedelta(hours=14))), datetime(2199, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-12))),
    date.min, date.max, date(2017, 1, 20), time(9), timedelta(1), pd.Timestamp("2017-01-20 09:00", tz="UTC"), pd.Timestamp("2017-01-20"),
    pd.NaT, np.datetime64("2017-01-20"), np.datetime64("NaT"), np.datetime64("2017-01-20T09:00:00", "ns"), pd.Timedelta(1), pd.Period("2017"),
)  # fmt: skip
NUMBERS = (
    0, 1, -1, 10**15, 10**30, -(10**30), 10**5000, 2**63, 1.0, 0.0, -0.0, 1.5, float("nan"), float("inf"), float("-inf"), 1e308, 5e-324,
    Decimal(1), Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Fraction(1, 3), 1j, True, False, Level.ONE, Number(1), np.int64(1),
    np.float64("nan"), np.float64(1), np.bool_(True), np.uint8(3), np.longdouble(1), pd.NA, pa.scalar(1), pa.scalar(True), pa.scalar(None),
)  # fmt: skip
THINGS = (
    None, ..., object(), int, len, Color.RED, Form.I247A, Form.HOLD, Text("hold"), Text("i247a"), b"hold", bytearray(b"x"), memoryview(b"x"),
    (), ("hold",), Point(1, 2), {"hold"}, frozenset({"hold"}), range(3), [], {}, [[]], [{}], [None], {"partial": []}, {"partial": None},
    {"partial": {"partial": []}}, {"partial": ["hold"], "more": 1}, {1: 2}, {None: 1}, {("a",): 1}, {"": 1}, {b"a": 1}, {"a.b": 1},
    {"form": "i247a"}, OrderedDict(partial=["hold"]), UserDict(partial=["hold"]), MappingProxyType({"partial": ["hold"]}),
    defaultdict(list), Record(partial=["hold"]), Record(offense="robbery"), [Record(offense="robbery")], [UserDict(offense="robbery")],
    ["hold", "hold"], ["hold", None], ["hold", 1], [["hold"]], [{"offense": []}], [{"offense": "robbery", "no_field": 1}], [{1: 2}],
    [{"offense": {"partial": ["robbery"]}}], [{"offense": "robbery"}] * 3, {"partial": [{"offense": "robbery"}, {}]},
    np.array(["hold"]), np.array([]), np.array([[1]]), np.array("hold"), np.str_("hold"), np.array([1.0, np.nan]), np.array({"partial": []}),
    np.array(["2017-01-20"], "M8[D]"), np.ma.masked, np.bytes_(b"hold"), np.void(b"x"), np.zeros((0, 3)), np.array([None, "hold"], object),
    pd.Series(["hold"]), pd.DataFrame({"a": [1]}), pd.Index(["hold"]), pd.Categorical(["hold"]), pd.Interval(0, 1), pl.Series(["hold"]),
    pl.DataFrame({"a": [1]}), pa.array(["hold"]), pa.scalar("hold"), pa.scalar(["hold"]), pa.table({"a": [1]}), iter(["hold"]),
    (member for member in ["hold"]), cyclic_dict(), cyclic_list(), nested(50), nested(50, as_dict=True), nested(3_000), nested(3_000, as_dict=True),
    ["hold"] * 20_000, [{}] * 20_000, {"partial": [{"offense": "robbery"}] * 5_000}, {str(number): 1 for number in range(5_000)},
)  # fmt: skip

CONSTANTS = (*ODD_TEXTS, *MOMENT_TEXTS, *MOMENTS, *NUMBERS, *THINGS)


def values() -> SearchStrategy[Any]:
    """Values of every kind, mostly constants known to be difficult."""
    leaves = st.one_of(
        st.sampled_from(range(len(CONSTANTS))).map(CONSTANTS.__getitem__),
        st.text(st.characters(codec=None), max_size=12),
        st.integers(),
        st.floats(),
        st.dates(),
        st.datetimes(timezones=st.one_of(st.none(), st.timezones())),
        st.binary(max_size=4),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4),
            st.dictionaries(st.one_of(keys(), st.text(max_size=3)), inner, max_size=3),
        ),
        max_leaves=5,
    )


def keys() -> SearchStrategy[Any]:
    """Keys of dicts: names of facts and fields, and what is no name."""
    names = (
        "partial",
        "form",
        "offense",
        "grade",
        "kind",
        "place",
        "at",
        "request",
        "on",
        "release_eligible_at",
        "request.form",
    )
    return st.sampled_from(
        (
            *names,
            *ODD_TEXTS,
            None,
            0,
            1.5,
            True,
            (),
            b"form",
            Text("form"),
            Form.HOLD,
            frozenset(),
            pd.NaT,
            float("nan"),
        )
    )
