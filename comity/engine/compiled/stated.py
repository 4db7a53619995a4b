"""What a request says that the compiled reader read: its facts as JSON values, equal ones in one form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from comity.engine.compiled.reader import RequestReader
from comity.engine.compiled.request_source import ASKS, DECIDED, ENVELOPE
from comity.engine.compiled.typed import value_reader
from comity.facts.document import as_json
from comity.facts.plain_values import plain_text
from comity.facts.request import DERIVED_DAYS

DECISION, ON = DECIDED.split(".")
ADDED = tuple((path, *path.split(".")) for path in (*DERIVED_DAYS, ASKS))  # what a request says beside its own words
PLAIN = frozenset((bool, float, int, str))  # the classes of values that have one form, where they are no moments


def stated(reader: RequestReader, document: Mapping[str, Any], day: date) -> dict[str, Any]:
    """What a request that was read says, as nested JSON: days derived and what its form asks for included."""
    found: dict[str, Any] = {}
    for section, inside in document.items():
        if section in ENVELOPE or inside is None:
            continue
        if inside.__class__ is not dict or section in reader.vocabulary.entries:
            found[section] = _as_json(reader, section, inside, document, day)
        else:
            moments = reader.moments_in[section]
            said = {
                name: raw
                if raw.__class__ in PLAIN and name not in moments
                else _as_json(reader, f"{section}.{name}", raw, document, day)
                for name, raw in inside.items()
                if raw is not None
            }
            if said:
                found[section] = said
    found[DECISION] = {ON: day.isoformat()}
    for path, section, name in ADDED:
        inside = found.get(section)
        if (inside is None or name not in inside) and (value := reader.value(path, document, day)) is not None:
            found.setdefault(section, {})[name] = as_json(value)
    return found


def _as_json(reader: RequestReader, path: str, raw: Any, document: Mapping[str, Any], day: date) -> Any:
    """One stated value in the one form that equal values have."""
    if path in reader.list_paths:
        if raw.__class__ is dict:
            return {"partial": [_record_as_json(reader, path, record) for record in raw["partial"]]}
        return [_record_as_json(reader, path, record) for record in raw]
    if raw.__class__ is list or raw.__class__ is dict:
        return _set_as_json(raw)
    if raw.__class__ not in PLAIN or path in reader.moments:
        value = reader.value(path, document, day)
        return raw if value is None else as_json(value)
    return raw


def _record_as_json(reader: RequestReader, path: str, record: Mapping[str, Any]) -> Mapping[str, Any]:
    if PLAIN.issuperset(map(type, record.values())) and reader.dated[path].isdisjoint(record):
        return record  # nothing in it has another form
    found: dict[str, Any] = {}
    for name, raw in record.items():
        if raw.__class__ is list or raw.__class__ is dict:
            found[name] = _set_as_json(raw)
        elif raw is not None:
            found[name] = _field_as_json(reader, path, name, raw)
    return found


def _field_as_json(reader: RequestReader, path: str, name: str, raw: Any) -> Any:
    if name in reader.dated[path]:
        return as_json(value_reader(f"{path}[].{name}", reader.vocabulary)(raw))
    return plain_text(raw) if isinstance(raw, str) else raw


def _set_as_json(raw: Any) -> Any:
    members = sorted({plain_text(member) for member in (raw["partial"] if raw.__class__ is dict else raw)})
    return {"partial": members} if raw.__class__ is dict else members
