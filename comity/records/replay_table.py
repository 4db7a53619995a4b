"""Prepares replays and comparisons of a table: reads what is asked, opens the table, and reports what prevents them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from msgspec import Struct, structs

from comity.facts.kinds import Records, Set, Value
from comity.facts.request import read_values
from comity.finding import Finding, Place, did_you_mean, grave, phrase
from comity.intake.cells import Opened
from comity.intake.column_map.column_map import ColumnMap
from comity.intake.column_map.open_mapped import open_through
from comity.intake.column_map.read_map import read_column_map
from comity.intake.damage import find_damage, has_lone_surrogate, quote
from comity.intake.locations import has_locations
from comity.intake.named_place import find_place
from comity.intake.table import Reader, as_list, columns_read, find_reader
from comity.law.library import Library
from comity.lawview.named_law import LAW_HELP, stack_named
from comity.records.compare import ComparisonRun
from comity.records.pieces import DUPLICATE, GROUPS, LAW
from comity.records.replay import ReplayOptions, ReplayRun
from comity.yamltext import Words

ASSUME = phrase("assume")
ASSUME_HELP = phrase("give a value that the fact can have")


class ReplayArguments(Struct, frozen=True, kw_only=True):
    """The arguments of a replay as given: a law (`PLACE@DAY`), a place, the facts assumed, how to group, and a map of columns."""

    law: str = ""
    place: str = ""
    assume: Mapping[str, Any] = {}
    group_by: tuple[str, ...] = ()
    without_duplicates: bool = False
    columns: Any = None


def prepare_replay(table: Any, wanted: ReplayArguments, library: Library) -> tuple[ReplayRun | None, list[Finding]]:
    """A replay ready to run, or None and the grave findings that prevent it.

    A finding on an argument names the parameter as its place, and in backquotes where its help mentions one.
    """
    column_map, findings = column_map_of(wanted.columns, library)
    if findings:
        return None, findings
    if column_map and column_map.place and not wanted.place:
        _, findings = find_place(
            column_map.place, library, Place(phrase("{name}: place", name=column_map.name or "columns"))
        )
        if findings:
            return None, findings
        wanted = structs.replace(wanted, place=column_map.place)
    asked, findings = _asked(wanted, library)
    if asked is None:
        return None, findings
    opened, reader, findings = _open(table, columns_read(library.vocabulary), column_map, library)
    if opened is None or reader is None:
        return None, findings
    if not (asked.stack or asked.place or has_locations(opened)):
        message = phrase("no column says where the people were held, and so under which law")
        help = phrase("name a column place or detention_facility, or give `place`, or `law` as PLACE@DAY")
        return None, [Finding("no-place", Place(opened.source, 1), message, help)]
    if asked.without_duplicates and DUPLICATE not in opened.names:
        message = phrase("no column {name} marks rows as likely duplicates", name=DUPLICATE)
        help = phrase("leave `without_duplicates` out, or mark them")
        return None, [Finding("no-duplicates-marked", Place(opened.source, 1), message, help)]
    return ReplayRun(opened, reader, library, asked), []


def prepare_comparison(
    table: Any,
    laws: Sequence[str],
    assume: Mapping[str, Any],
    group_by: Sequence[str],
    library: Library,
    also_read: Collection[str] = (),
    columns: Any = None,
) -> tuple[ComparisonRun | None, list[Finding]]:
    """A comparison ready to run, or None and the grave findings that prevent it.

    `also_read` names further columns to read, and `columns` is a map of columns, as a file or a value.
    """
    if len(laws) != 2:
        message = phrase("{count} laws are named, not two", count=len(laws))
        help = phrase("{law}, twice", law=LAW_HELP)
        return None, [Finding("not-two-laws", Place(phrase("law")), message, help)]
    (first, findings), (second, faults) = (stack_named(law, library, "law") for law in laws)
    assumed, of_assumptions = assumptions(assume, library)
    findings += [*faults, *of_assumptions, *_of_groups(group_by, LAW)]
    if first is None or second is None or grave(findings):
        return None, list(grave(findings))
    column_map, findings = column_map_of(columns, library)
    if findings:
        return None, findings
    opened, reader, findings = _open(table, columns_read(library.vocabulary) | {*also_read}, column_map, library)
    if opened is None or reader is None:
        return None, findings
    groups = tuple(dict.fromkeys(group_by))
    return ComparisonRun(opened, reader, library, stacks=(first, second), assumed=assumed, groups=groups), []


def column_map_of(columns: Any, library: Library) -> tuple[ColumnMap | None, list[Finding]]:
    """The map of columns that is given as a file, a mapping or a value; None where none is, or where it has grave findings."""
    if columns is None:
        return None, []
    column_map, findings = read_column_map(columns, library.vocabulary)
    return column_map, list(grave(findings))


def _open(
    table: Any, read: Collection[str], column_map: ColumnMap | None, library: Library
) -> tuple[Opened | None, Reader | None, list[Finding]]:
    opened, findings = open_through(table, read, column_map, vocabulary=library.vocabulary, offenses=library.offenses)
    if opened is None:
        return None, None, findings
    reader, findings = find_reader(opened, library.vocabulary, library.offenses)
    return opened, reader, findings


def _asked(wanted: ReplayArguments, library: Library) -> tuple[ReplayOptions | None, list[Finding]]:
    stack, findings = stack_named(wanted.law, library, "law") if wanted.law else (None, [])
    place, faults = _find_place(wanted.place, library) if wanted.place else ("", [])
    assumed, of_assumptions = assumptions(wanted.assume, library)
    findings += [*faults, *of_assumptions, *_of_groups(wanted.group_by)]
    if grave(findings):
        return None, list(grave(findings))
    return ReplayOptions(
        stack=stack,
        place=place,
        assumed=assumed,
        group_by=tuple(dict.fromkeys(wanted.group_by)),
        without_duplicates=wanted.without_duplicates,
    ), []


def _find_place(name: str, library: Library) -> tuple[str, list[Finding]]:
    where, findings = find_place(name, library, Place(phrase("place")))
    return where.path if where else "", findings


def _of_groups(names: Sequence[str], without: str = "") -> list[Finding]:
    wrong = [name for name in names if name not in GROUPS or name == without]
    if not wrong:
        return []
    help = did_you_mean(wrong[0], GROUPS) or f"one of {', '.join(GROUPS)}"
    message = phrase('requests cannot be grouped by "{}"', wrong[0])
    return [Finding("unknown-group", Place(phrase("group_by")), message, phrase("{help}", help=help))]


def assumptions(assume: Mapping[str, Any], library: Library) -> tuple[dict[str, Value], list[Finding]]:
    """The facts assumed, typed. A text is read by the kind of the fact; lists and sets may be JSON, too."""
    damages = {path: _damage(path, given, library) for path, given in assume.items()}
    findings = [
        Finding("unreadable-value", Place(ASSUME), phrase("{} {damage}", path, damage=damage), ASSUME_HELP)
        for path, damage in damages.items()
        if damage
    ]
    readable = {path: _raw(path, given, library) for path, given in assume.items() if not damages[path]}
    values, faults = read_values(readable, library.vocabulary, ASSUME)
    return values, [*findings, *faults]


def _damage(path: str, given: Any, library: Library) -> str:
    """Why a value cannot be read at all, as the end of a sentence; empty where it can be tried."""
    text = given if isinstance(given, str) else ""
    damage = find_damage(text, library.vocabulary.kind(path))
    if damage:
        return phrase("is {}, which {damage}", quote(text), damage=damage)
    value = _raw(path, given, library)
    holds_half = isinstance(value, str | list | dict) and has_lone_surrogate(value)
    return "holds half of a character pair, which is not text" if holds_half else ""


def _raw(path: str, given: Any, library: Library) -> Any:
    if not isinstance(given, str):
        return given
    if isinstance(library.vocabulary.kind(path), (Records, Set)):
        return as_list(given)
    return Words(_unquoted(given))


def _unquoted(text: str) -> str:
    """The text of a JSON string; any other text stays as it is."""
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        return text
    try:
        return str(json.loads(text))
    except ValueError:
        return text
