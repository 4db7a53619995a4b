"""The functions that read raw records of a list, written as Python source and compiled once for a stack's questions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any

from comity.engine.compiled.typed import DAYS, Table, Unusual, as_key, check_reach, set_of_key, unusual
from comity.facts import kinds
from comity.facts.kinds import Value
from comity.facts.plain_values import NUMBER_MAX

ORDERED = (kinds.Day, kinds.Number)
COMPILED_MAX = 32  # orders of fields for which a function is written
# The text `x` is a day as it is usually written, `d`. Most days are new to any table, and reading one takes less time than
# looking it up. What is read without hyphens in these two places is a day written in another way.
_IS_DAY = "(d := iso(x)) and x[4] == '-' == x[7]"


class RecordSource:
    """Writes and compiles the functions that read the raw records of one list.

    `asked` are the fields that questions read; `tables` read the values of each field. `several` compares fields of one record,
    and with `constants` a key ends in what the facts beside the list say. Without `counting` no question asks about the list, so
    records are checked and the sum is 0. The functions raise `Unusual`, or `TypeError`, for what they cannot read.
    """

    def __init__(
        self,
        fields: Mapping[str, kinds.Field],
        *,
        asked: Collection[str],
        tables: Mapping[str, Table],
        increments: Table,
        several: Callable[..., tuple[Any, ...]] | None,
        constants: bool,
        counting: bool,
    ) -> None:
        self.fields, self.asked, self.several, self.constants = fields, asked, several, constants
        self.counting = counting
        self.names: dict[str, Any] = {"M": increments, "unusual": unusual, "as_key": as_key, "bisect": bisect_right}
        self.names |= {
            "several": several,
            "iso": date.fromisoformat,
            "OTHERS": Table(lambda shape: _has_others(shape, fields, asked)),
        }
        self.names |= {f"T{place}": tables[name] for place, name in enumerate(fields)}
        self.compiled = 0
        self.sum_any = self._compiled(self._source_of_sum(None), "total")

    def sums(self) -> Table:
        """Functions that sum raw records, `total(records, tally)`, by the fields of the first record in their order.

        Records of one source have the same fields in the same order, and are read fastest by a function written for these.
        """
        return Table(self._sum_of)

    def key_of(self) -> Callable[..., tuple[Any, ...]]:
        """`key_of(record, tally)`, which gives the key of one raw record."""
        raw = {name: f"r.get({name!r})" for name in self.fields}
        lines = ["def key_of(r, tally):", *self._spans(), f"    return {self._key(raw)}"]
        return self._compiled(lines, "key_of")

    def _sum_of(self, shape: tuple[Any, ...]) -> Callable[..., int]:
        _has_others(shape, self.fields, self.asked)
        if not shape or self.compiled >= COMPILED_MAX:
            return self.sum_any
        self.compiled += 1
        return self._compiled(self._source_of_sum(shape), "total")

    def _source_of_sum(self, shape: tuple[str, ...] | None) -> list[str]:
        raw = {name: f"r.get({name!r})" for name in self.fields}
        any_shape = [
            "if OTHERS[tuple(r)]:",
            "    pass",
            *[f"    {check}" for check in self._checks(raw)],
            *self._addition(raw),
        ]
        start = ["def total(records, tally):", *self._spans(), "    packed, first = 0, records[0]", "    try:"]
        start += ["        for r in records:", "            if r.__class__ is not dict: unusual(r)"]
        end = ["    except ValueError: unusual(records)", "    return packed"]  # a text that is no day
        if shape is None:
            return [*start, *[f"            {line}" for line in any_shape], *end]
        given = {name: f"v{place}" for place, name in enumerate(self.fields) if name in shape}
        usual = [
            "; ".join(f"{given[name]} = r[{name!r}]" for name in shape),
            *self._checks(given),
            *self._addition(given),
        ]
        alike = " and ".join([f"len(r) == {len(shape)}", *(f"{name!r} in r" for name in shape)])
        return [
            *start,
            f"            if r is first or {alike}:",  # the caller chose this function by the first record
            *[f"                {line}" for line in usual],
            "            else:",
            *[f"                {line}" for line in any_shape],
            *end,
        ]

    def _checks(self, raw: Mapping[str, str]) -> list[str]:
        """Statements that check the fields that no question reads; `raw` has the expression of each field that may be there."""
        return [
            check_source(kind, raw[name], f"T{place}")
            for place, (name, kind) in enumerate(self.fields.items())
            if name not in self.asked and name in raw
        ]

    def _addition(self, raw: Mapping[str, str]) -> list[str]:
        """The statement that adds what a record counts for."""
        return [f"packed += M[{self._key(raw)}]"] if self.counting else []

    def _key(self, raw: Mapping[str, str]) -> str:
        """The key of a record as an expression; None for a field that is not there."""
        parts, ordered = [], 0
        for place, (name, kind) in enumerate(self.fields.items()):
            if name in self.asked:
                parts.append(_code_source(kind, raw[name], f"T{place}", ordered) if name in raw else "None")
                ordered += isinstance(kind, ORDERED)
        extra = (" + tally.constants" if self.constants else "") + (" + several(r, tally)" if self.several else "")
        return f"({''.join(f'{part}, ' for part in parts)}){extra}"

    def _spans(self) -> list[str]:
        count = sum(isinstance(kind, ORDERED) for name, kind in self.fields.items() if name in self.asked)
        spans = "".join(f"U{place}, I{place}, " for place in range(count))
        return [f"    {spans}= tally.spans"] if spans else []

    def _compiled(self, lines: Sequence[str], name: str) -> Callable[..., Any]:
        names = dict(self.names)
        exec(compile("\n".join(lines), "<the records of a list>", "exec"), names)  # noqa: S102  names come in quoted by repr
        function: Callable[..., Any] = names[name]
        return function


def _has_others(shape: Collection[str], fields: Collection[str], asked: Collection[str]) -> bool:
    """Whether a record with these fields has any that no question reads; raises `Unusual` for a field that there is not."""
    if not all(name in fields for name in shape):
        raise Unusual(shape)
    return not all(name in asked for name in shape)


def _code_source(kind: kinds.Field, raw: str, table: str, place: int) -> str:
    """The code of a field that questions read, as an expression of the record `r`."""
    match kind:
        case kinds.Truth():
            return f"x if (x := {raw}) is None or x is True or x is False else unusual(x)"
        case kinds.Set():
            return f"None if (x := {raw}) is None else {table}[tuple(x)] if x.__class__ is list else {table}[as_key(x)]"
        case kinds.Number(_, minimum):
            inside = f"I{place}[bisect(U{place}, x) - 1] if x.__class__ is int and {minimum} <= x <= {NUMBER_MAX} else unusual(x)"
            return f"None if (x := {raw}) is None else {inside}"
        case kinds.Day():
            day = f"d if x.__class__ is str and {_IS_DAY} else {table}[x]"
            return f"None if (x := {raw}) is None else I{place}[bisect(U{place}, {day}) - 1]"
        case _:  # a choice or a name is its own code; the first record that has it shows whether it is one
            return raw


def check_source(kind: kinds.Field, raw: str, table: str) -> str:
    """A statement that gives up on a field that no question reads where its value is not of its kind."""
    match kind:
        case kinds.Truth():
            return f"if (x := {raw}) is not True and x is not False and x is not None: unusual(x)"
        case kinds.Number(_, minimum):
            return f"if (x := {raw}) is not None and (x.__class__ is not int or not {minimum} <= x <= {NUMBER_MAX}): unusual(x)"
        case kinds.Set():
            return f"if (x := {raw}) is not None: {table}[as_key(x)]"
        case kinds.Day():
            return f"if (x := {raw}) is not None and not (x.__class__ is str and {_IS_DAY}): {table}[x]"
        case _:
            return f"{table}[{raw}]"


def value_table(kind: kinds.Field, read: Callable[[Any], Value]) -> Table:
    """The typed values of a field, by what was written; a moment out of reach raises `Unusual`."""
    if isinstance(kind, kinds.Set):
        return Table(lambda key: set_of_key(key, read))
    return DAYS if isinstance(kind, kinds.Day) else Table(lambda raw: check_reach(read(raw)), {None: None})
