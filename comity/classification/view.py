"""The answers of definitions for a place on a day, as values."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec import Struct

from comity.engine.outcome import Outcome
from comity.lawview.view import TrueHere
from comity.present.result import Presentable

UNKNOWN = "unknown"


class CitedProvision(Struct, frozen=True):
    """A provision that an answer rests on, with its citation and evidence mark."""

    provision: str
    cite: str
    evidence: str


class ExampleRequest(Struct, frozen=True, kw_only=True):
    """A request that shows whether a criterion is met, and the outcome of an action.

    `facts` are the recorded facts of the place that complete the request.
    """

    action: str
    outcome: Outcome
    request: dict[str, Any]
    words: tuple[str, ...]
    provisions: tuple[CitedProvision, ...]
    facts: tuple[str, ...] = ()


class CriterionAnswer(Struct, frozen=True, kw_only=True):
    """One criterion: met, not met, or unknown.

    Then `lacking` says what is not known, or it was not `settled` in time.
    """

    name: str
    words: str
    sort: str
    met: bool | str
    witnesses: tuple[ExampleRequest, ...] = ()
    lacking: tuple[str, ...] = ()
    settled: bool = True
    facts: tuple[TrueHere, ...] = ()
    on_list: str = ""
    like: str = ""


class DefinitionAnswer(Struct, frozen=True, kw_only=True):
    """One definition: whether it is met, and whether it was in use on the day.

    `score` is its least and most possible. `within` is the State whose definition it is, if the place is outside that
    State; the definition has no force there.
    """

    title: str
    by: str
    evidence: str
    in_use: bool | str
    meets: bool | str
    criteria: tuple[CriterionAnswer, ...]
    citation: str = ""
    summary: str = ""
    score: tuple[int, int] | None = None
    at_least: int = 0
    within: str = ""


class Classified(Presentable, Struct, frozen=True, kw_only=True):
    """A place on a day under each definition.

    `not_encoded` is law that may affect the answers and is not encoded. `facts` are the recorded facts of the place on
    that day, which every request is taken with.
    """

    place: str
    name: str
    on: date
    law_version: str
    not_encoded: tuple[str, ...]
    facts: tuple[TrueHere, ...]
    definitions: dict[str, DefinitionAnswer]

    def meets(self, definition: str) -> bool | str:
        """Whether a definition is met: true, false or `unknown`."""
        return self.definitions[definition].meets
