"""The known facts of a request and of its place while the request is decided, typed or as written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from comity.engine.compiled.reader import RequestReader
from comity.engine.compiled.stated import stated
from comity.engine.questions.questions import completed
from comity.facts.document import document_of
from comity.facts.kinds import KnownList, KnownSet, Value
from comity.law.in_force import Stack


class FactsKnown(Protocol):
    """The facts of a request, completed by those of the place."""

    def get(self, path: str) -> Value | None:
        """The value of a fact, or None where it is Unknown."""

    def has(self, path: str) -> bool:
        """Whether anything is known of a fact."""

    def given(self, path: str) -> bool:
        """Whether the request itself states a fact."""

    def stated(self) -> dict[str, Any]:
        """The facts that the request states, as nested JSON. Includes derived days and what its form asks for."""

    def records(self, path: str) -> tuple[Sequence[Mapping[str, Any]], bool] | None:
        """The records of a list, typed or as written, and whether the list is complete; None if nothing is known of it."""


class TypedFacts:
    """Facts that were read by the general reader."""

    def __init__(self, stack: Stack, values: Mapping[str, Value]) -> None:
        self.values, self.stated_values = completed(stack, values), values

    def get(self, path: str) -> Value | None:
        return self.values.get(path)

    def has(self, path: str) -> bool:
        return path in self.values

    def given(self, path: str) -> bool:
        return path in self.stated_values

    def stated(self) -> dict[str, Any]:
        return document_of(self.stated_values)

    def records(self, path: str) -> tuple[Sequence[Mapping[str, Any]], bool] | None:
        known = self.values.get(path)
        return (known.items, known.whole) if isinstance(known, KnownList) else None


class WrittenFacts:
    """Facts of a request that the compiled reader read. Each is typed when it is first needed."""

    def __init__(self, reader: RequestReader, document: Mapping[str, Any], day: date) -> None:
        self.reader, self.document, self.day = reader, document, day
        self.typed: dict[str, Value | None] = {}

    def get(self, path: str) -> Value | None:
        if path not in self.typed:
            value = self.reader.value(path, self.document, self.day)
            self.typed[path] = self.reader.facts.get(path) if value is None else value
        return self.typed[path]

    def has(self, path: str) -> bool:
        return path in self.reader.facts or self.given(path)

    def given(self, path: str) -> bool:
        if path in self.reader.list_paths:
            return self.reader.raw(path, self.document) is not None
        return self.reader.value(path, self.document, self.day) is not None

    def stated(self) -> dict[str, Any]:
        return stated(self.reader, self.document, self.day)

    def records(self, path: str) -> tuple[Sequence[Mapping[str, Any]], bool] | None:
        raw = self.reader.raw(path, self.document) if path in self.reader.list_paths else None
        if raw is None:
            return None
        return (raw["partial"], False) if isinstance(raw, dict) else (raw, True)


def described(path: str, known: FactsKnown) -> str:
    """The value of a fact as text; empty if it is Unknown."""
    listed = known.records(path)
    if listed is not None:
        return _counted(len(listed[0]), listed[1])
    value = known.get(path)
    return "" if value is None else shown(value)


def shown(value: Value) -> str:
    """A value as text for people."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, KnownSet):
        return (", ".join(sorted(value.members)) or "none") + ("" if value.whole else ", perhaps more")
    if isinstance(value, KnownList):
        return _counted(len(value.items), value.whole)
    return str(value)


def _counted(records: int, whole: bool) -> str:
    return ("none" if not records else f"{records} on record") + ("" if whole else ", perhaps more")
