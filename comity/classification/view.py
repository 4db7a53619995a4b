"""What definitions of a contested word come to at a place on a day, as people and programs look at it."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from comity.lawview.view import TrueHere
from comity.present.result import Presentable

UNKNOWN = "unknown"


class Rests(Struct, frozen=True):
    """A provision that an answer rests on, with its citation and its mark of evidence."""

    provision: str
    cite: str
    evidence: str


class Shown(Struct, frozen=True):
    """A request that shows a criterion to be met or not, as JSON and in words, and what follows from it for an action.

    `facts` are those recorded of the place which complete it.
    """

    action: str
    outcome: str
    request: dict[str, Any]
    words: tuple[str, ...]
    provisions: tuple[Rests, ...]
    facts: tuple[str, ...] = ()


class CriterionAnswer(Struct, frozen=True):
    """One criterion: met, not met, or not known; then `lacking` says what is not, or it was not `settled` in time."""

    name: str
    words: str
    sort: str
    met: bool | str
    witnesses: tuple[Shown, ...] = ()
    lacking: tuple[str, ...] = ()
    settled: bool = True
    facts: tuple[TrueHere, ...] = ()
    on_list: str = ""
    like: str = ""


class DefinitionAnswer(Struct, frozen=True):
    """One definition: whether it is met, and whether it was in use on the day; `score` is the least and the most it can be.

    `within` is the State beyond which it has no force, where this place lies beyond it.
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


class Classified(Presentable, Struct, frozen=True):
    """A place on a day under each definition. `not_encoded` is law that may bear on it and is not encoded here.

    `facts` are what is recorded of the place on that day, with which every request is taken.
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

    def to_dict(self) -> dict[str, Any]:
        """The answers as plain JSON values."""
        made: dict[str, Any] = msgspec.to_builtins(self)
        return made
