"""A table of stored requests through the whole house: read, put under the law that is named, and decided."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from comity.facts.kinds import Records, Set, Value
from comity.facts.request import read_values
from comity.finding import Finding, Place, grave
from comity.intake.cells import cells_of
from comity.intake.table import as_list, stored
from comity.law.in_force import Stack, in_force
from comity.law.library import Library
from comity.period import day_of
from comity.replay.replayed import Replayed, replay
from comity.yamltext import Words

LAW_HELP = "write PLACE@DAY, as in us/fl/miami-dade@2017-02-01"


def replayed(table: Any, law: str, assume: Mapping[str, Any], library: Library) -> tuple[Replayed | None, list[Finding]]:
    """The requests under the law, or nothing and the grave findings that stand in the way."""
    stack, findings = _named(law, library)
    assumed, faults = assumptions(assume, library)
    findings += faults
    if stack is None or grave(findings):
        return None, list(grave(findings))
    cells, findings = cells_of(table)
    if cells is None:
        return None, findings
    read, findings = stored(cells, library.vocabulary)
    return (replay(read, stack, library, assumed), []) if read else (None, findings)


def _named(law: str, library: Library) -> tuple[Stack | None, list[Finding]]:
    name, sign, written = law.partition("@")
    if not sign:
        return None, [Finding("not-a-law", Place("--law"), f'"{law}" does not name a place and a day', LAW_HELP)]
    where = library.gazetteer.named(name)
    if where is None:
        help = library.gazetteer.suggestion(name) or LAW_HELP
        return None, [Finding("unknown-place", Place("--law"), f'there is no place "{name}"', help)]
    day = day_of(written)
    if day is None:
        return None, [Finding("not-a-day", Place("--law"), f'"{written}" is no day', LAW_HELP)]
    return in_force(library, where.path, day), []


def assumptions(assume: Mapping[str, Any], library: Library) -> tuple[dict[str, Value], list[Finding]]:
    """Facts that are assumed, typed; a text is read by the fact's kind, lists and sets also as JSON."""
    return read_values({path: _raw(path, given, library) for path, given in assume.items()}, library.vocabulary, "--assume")


def _raw(path: str, given: Any, library: Library) -> Any:
    if not isinstance(given, str):
        return given
    if isinstance(library.vocabulary.kind(path), (Records, Set)):
        return as_list(given)
    quoted = given[:1] == '"' and given[-1:] == '"' and len(given) > 1
    return Words(json.loads(given) if quoted else given)
