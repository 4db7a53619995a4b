"""The functions that read raw records of a list, written as Python source and compiled once for a stack's questions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping
from typing import Any

from comity.engine.compiled.typed import DAYS_MAX, ENTRIES_MAX, Table, Unusual, as_key, check_reach, set_of_key, unusual
from comity.facts import kinds
from comity.facts.kinds import Value
from comity.facts.plain_values import NUMBER_MAX

ORDERED = (kinds.Day, kinds.Number)


def compiled_records(
    fields: Mapping[str, kinds.Field],
    *,
    asked: Collection[str],
    tables: Mapping[str, Table],
    increments: Table,
    several: Callable[..., tuple[Any, ...]] | None,
    constants: bool,
) -> tuple[Callable[..., int], Callable[..., tuple[Any, ...]]]:
    """`total(records, tally)`, which sums raw records, and `key_of(record, tally)`, which gives the key of one.

    `asked` are the fields that questions read; `tables` read the values of each field. `several` compares fields of one record,
    and with `constants` a key ends in what the facts beside the list say. Both raise `Unusual`, or `TypeError`, for what they
    cannot read.
    """
    names: dict[str, Any] = {"M": increments, "unusual": unusual, "as_key": as_key, "bisect": bisect_right}
    names |= {"several": several, "OTHERS": Table(lambda shape: _has_others(shape, fields, asked))}
    parts, checks, ordered = [], [], 0
    for place, (name, kind) in enumerate(fields.items()):
        raw = f"r.get({name!r})"
        names[f"T{place}"] = tables[name]
        if name in asked:
            parts.append(_code_source(kind, raw, f"T{place}", ordered))
            ordered += isinstance(kind, ORDERED)
        else:
            checks.append(_check_source(kind, raw, f"T{place}"))
    spans = "".join(f"U{place}, I{place}, " for place in range(ordered))
    unpacked = f"    {spans}= tally.spans" if spans else ""
    extra = (" + tally.constants" if constants else "") + (" + several(r, tally)" if several else "")
    key = f"({''.join(f'{part}, ' for part in parts)}){extra}"
    lines = ["def total(records, tally):", unpacked, "    packed = 0", "    for r in records:"]
    lines += ["        if r.__class__ is not dict: unusual(r)", "        if OTHERS[tuple(r)]:", "            pass"]
    lines += [f"            {check}" for check in checks]
    lines += [f"        packed += M[{key}]", "    return packed"]
    lines += ["def key_of(r, tally):", unpacked, f"    return {key}"]
    exec(compile("\n".join(lines), "<the records of a list>", "exec"), names)  # noqa: S102  names come in quoted by repr
    return names["total"], names["key_of"]


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
            return f"None if (x := {raw}) is None else I{place}[bisect(U{place}, {table}[x]) - 1]"
        case _:  # a choice or a name is its own code; the first record that has it shows whether it is one
            return raw


def _check_source(kind: kinds.Field, raw: str, table: str) -> str:
    """A statement that gives up on a field that no question reads where its value is not of its kind."""
    match kind:
        case kinds.Truth():
            return f"if (x := {raw}) is not None and x is not True and x is not False: unusual(x)"
        case kinds.Number(_, minimum):
            return f"if (x := {raw}) is not None and (x.__class__ is not int or not {minimum} <= x <= {NUMBER_MAX}): unusual(x)"
        case kinds.Set():
            return f"if (x := {raw}) is not None: {table}[as_key(x)]"
        case _:
            return f"{table}[{raw}]"


def value_table(kind: kinds.Field, read: Callable[[Any], Value]) -> Table:
    """The typed values of a field, by what was written; a moment out of reach raises `Unusual`."""
    if isinstance(kind, kinds.Set):
        return Table(lambda key: set_of_key(key, read))
    most = DAYS_MAX if isinstance(kind, kinds.Day) else ENTRIES_MAX
    return Table(lambda raw: check_reach(read(raw)), {None: None}, most=most)
