"""Reads moments without an offset as local time at the place of a request: `2026-11-25 02:00`.

A time that the clocks there showed twice, or never, is a finding and is not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from comity.clock.asking import instants, offset_help
from comity.facts import kinds
from comity.facts.plain_values import plain_text, unwrapped
from comity.facts.request import FINDINGS_MAX, MOMENT_MAX, READ_AS, location
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding, Place, phrase

SHORTEST = len("2026-11-25 02:00")


def with_offsets(
    flat: Mapping[str, Any], vocabulary: Vocabulary, zone: str, source: str
) -> tuple[dict[str, Any], list[Finding]]:
    """The facts by path with an offset added to each local time; a time that cannot be read is left out, with a finding."""
    found: dict[str, Any] = {}
    findings: list[Finding] = []
    for path, raw in flat.items():
        known = vocabulary.aliases.get(path.casefold(), path) if isinstance(path, str) else path
        match vocabulary.kind(known):
            case kinds.Moment():
                found[path] = read_local(raw, zone, known, source, findings)
            case kinds.Records(fields) if any(isinstance(kind, kinds.Moment) for kind in fields.values()):
                found[path] = _list_with_offsets(raw, fields, zone=zone, path=known, source=source, findings=findings)
            case _:
                found[path] = raw
    return found, findings


def read_local(raw: Any, zone: str, path: str, source: str, findings: list[Finding]) -> Any:
    """A text that is a local time, with the offset of the zone; None for a time that came twice or never. All else as it is."""
    local = local_time(raw)
    if local is None:
        return raw
    moments, text = instants(local, zone), plain_text(raw)
    where = Place(location(source, phrase("{fact}", fact=path)))
    if len(moments) != 1:
        message = phrase('{fact} is "{}", a moment without an offset', text, fact=path)
        if len(findings) < 2 * FINDINGS_MAX:  # then half of them are faults, and nothing is decided
            findings.append(Finding("no-offset", where, message, offset_help(local, zone)))
        return None
    if len(findings) < FINDINGS_MAX:
        message = phrase('{fact} "{}" was read as local time, {}', text, moments[0].isoformat(), fact=path)
        findings.append(Finding(READ_AS, where, message, grave=False))
    return moments[0].isoformat()


def local_time(raw: Any) -> datetime | None:
    """The day and time of a text without an offset; None for any other value."""
    if not isinstance(raw, str) or not SHORTEST <= len(raw) <= MOMENT_MAX:
        return None
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError:
        return None
    return moment if moment.tzinfo is None else None


def _list_with_offsets(
    raw: Any, fields: Mapping[str, kinds.Field], *, zone: str, path: str, source: str, findings: list[Finding]
) -> Any:
    """The records of a list, as they were given, with an offset added to each local time."""
    if isinstance(raw, Mapping) and set(raw) == {"partial"}:
        inner = unwrapped(raw["partial"])
        if not isinstance(inner, list):
            return raw
        return {"partial": _list_with_offsets(inner, fields, zone=zone, path=path, source=source, findings=findings)}
    raw = unwrapped(raw)
    if not isinstance(raw, list):
        return raw
    return [
        {
            key: read_local(value, zone, f"{path}[{index}].{key}", source, findings)
            if isinstance(fields.get(key), kinds.Moment)
            else value
            for key, value in record.items()
        }
        if isinstance(record, Mapping)
        else record
        for index, record in enumerate(raw)
    ]
