"""A table of stored requests through the whole house: read, put under law, and decided."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from msgspec import Struct

from comity.facts.kinds import Records, Set, Value
from comity.facts.request import read_values
from comity.finding import Finding, Place, did_you_mean, grave
from comity.intake.cells import open_table
from comity.intake.locations import tells_where
from comity.intake.table import as_list, read_here, reader_of
from comity.law.library import Library
from comity.lawview.named_law import LAW_HELP, law_named
from comity.records.compare import Comparing
from comity.records.pieces import DUPLICATE, GROUPS, LAW
from comity.records.replay import Asked, Replaying
from comity.yamltext import Words


class Wanted(Struct, frozen=True):
    """What is wanted of a replay, still as words: a law (`PLACE@DAY`), a place, what is assumed, how to group."""

    law: str = ""
    place: str = ""
    assume: Mapping[str, Any] = {}
    group_by: tuple[str, ...] = ()
    without_duplicates: bool = False


def prepared(table: Any, wanted: Wanted, library: Library) -> tuple[Replaying | None, list[Finding]]:
    """A replay ready to run, or nothing and the grave findings that stand in the way."""
    asked, findings = _asked(wanted, library)
    if asked is None:
        return None, findings
    opened, findings = open_table(table, read_here(library.vocabulary))
    if opened is None:
        return None, findings
    reader, findings = reader_of(opened, library.vocabulary, library.offenses)
    if reader is None:
        return None, findings
    if not (asked.stack or asked.place or tells_where(opened)):
        message = "no column says where the people were held, and so under which law"
        help = "name a column place or detention_facility, or give --place PLACE, or --law PLACE@DAY"
        return None, [Finding("no-place", Place(opened.source, 1), message, help)]
    if asked.without_duplicates and DUPLICATE not in opened.names:
        message = f"no column {DUPLICATE} marks rows as likely duplicates"
        return None, [
            Finding(
                "no-duplicates-marked", Place(opened.source, 1), message, "leave --without-duplicates out, or mark them"
            )
        ]
    return Replaying(opened, reader, library, asked), []


def compared(
    table: Any,
    laws: Sequence[str],
    assume: Mapping[str, Any],
    group_by: Sequence[str],
    library: Library,
    also_read: Collection[str] = (),
) -> tuple[Comparing | None, list[Finding]]:
    """A comparison ready to run, or nothing and the grave findings that stand in the way; `also_read` names columns kept beside."""
    if len(laws) != 2:
        return None, [
            Finding("not-two-laws", Place("--law"), f"{len(laws)} laws are named, not two", f"{LAW_HELP}, twice")
        ]
    (first, findings), (second, faults) = (law_named(law, library) for law in laws)
    assumed, of_assumptions = assumptions(assume, library)
    findings += [*faults, *of_assumptions, *_of_groups(group_by, LAW)]
    if first is None or second is None or grave(findings):
        return None, list(grave(findings))
    opened, findings = open_table(table, read_here(library.vocabulary) | {*also_read})
    if opened is None:
        return None, findings
    reader, findings = reader_of(opened, library.vocabulary, library.offenses)
    if reader is None:
        return None, findings
    return Comparing(opened, reader, library, (first, second), assumed, tuple(dict.fromkeys(group_by))), []


def _asked(wanted: Wanted, library: Library) -> tuple[Asked | None, list[Finding]]:
    stack, findings = law_named(wanted.law, library) if wanted.law else (None, [])
    place, faults = _placed(wanted.place, library) if wanted.place else ("", [])
    assumed, of_assumptions = assumptions(wanted.assume, library)
    findings += [*faults, *of_assumptions, *_of_groups(wanted.group_by)]
    if grave(findings):
        return None, list(grave(findings))
    return Asked(stack, place, assumed, tuple(dict.fromkeys(wanted.group_by)), wanted.without_duplicates), []


def _placed(name: str, library: Library) -> tuple[str, list[Finding]]:
    where = library.gazetteer.named(name)
    if where is None:
        help = library.gazetteer.suggestion(name) or "write a path, as in us/pa/lehigh"
        return "", [Finding("unknown-place", Place("--place"), f'there is no place "{name}"', help)]
    return where.path, []


def _of_groups(names: Sequence[str], without: str = "") -> list[Finding]:
    wrong = [name for name in names if name not in GROUPS or name == without]
    help = did_you_mean(wrong[0], GROUPS) or f"one of {', '.join(GROUPS)}" if wrong else ""
    return (
        [Finding("unknown-group", Place("--group-by"), f'requests cannot be grouped by "{wrong[0]}"', help)]
        if wrong
        else []
    )


def assumptions(assume: Mapping[str, Any], library: Library) -> tuple[dict[str, Value], list[Finding]]:
    """Facts that are assumed, typed; a text is read by the fact's kind, lists and sets also as JSON."""
    return read_values(
        {path: _raw(path, given, library) for path, given in assume.items()}, library.vocabulary, "--assume"
    )


def _raw(path: str, given: Any, library: Library) -> Any:
    if not isinstance(given, str):
        return given
    if isinstance(library.vocabulary.kind(path), (Records, Set)):
        return as_list(given)
    quoted = given[:1] == '"' and given[-1:] == '"' and len(given) > 1
    return Words(json.loads(given) if quoted else given)
