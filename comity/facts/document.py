"""Writes the facts of a request as the nested JSON that `facts.request` reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from comity.facts.kinds import KnownList, KnownSet, Scalar, Value

OF_PLACE = "place."  # how the names of facts about the place begin


def document_of(values: Mapping[str, Value]) -> dict[str, Any]:
    """The facts nested by their paths; days and moments as text, partly known lists as `{"partial": [...]}`.

    A fact of the place keeps its dotted name, because `place` in a request is the path of the place.
    """
    document: dict[str, Any] = {}
    for path, value in values.items():
        *outer, name = [path] if path.startswith(OF_PLACE) else path.split(".")
        inside = document
        for part in outer:
            inside = inside.setdefault(part, {})
        inside[name] = as_json(value)
    return document


def as_json(value: Value) -> Any:
    """One value as JSON."""
    match value:
        case KnownSet(members, whole):
            return sorted(members) if whole else {"partial": sorted(members)}
        case KnownList(items, whole):
            records = [{name: as_json(part) for name, part in item.items()} for item in items]
            return records if whole else {"partial": records}
        case datetime() | date():
            return value.isoformat()
    scalar: Scalar = value
    return scalar
