"""The law in force at a place on a day as a value: its effects by action, and what yields to what."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from comity.lawview.term_names import Meaning
from comity.present.result import Presentable


class Entry(Struct, frozen=True, kw_only=True):
    """One effect in force: its provision, its action, and its condition in words.

    `condition` is empty if the effect always applies. `only` is true if the provision forbids whatever it does not
    permit. `words` are those of a limit, an obligation, a cost or a warning; `yields_to` are the provisions that can
    defeat the effect, each with the reason.
    """

    provision: str
    instrument: str
    effect: str
    action: str
    cite: str
    evidence: str
    plain: str
    condition: str = ""
    decider: str = ""
    only: bool = False
    words: str = ""
    yields_to: tuple[tuple[str, str], ...] = ()


class Aside(Struct, frozen=True, kw_only=True):
    """A provision that is not in force here, and why."""

    provision: str
    cite: str
    to: str
    reason: str


class TrueHere(Struct, frozen=True, kw_only=True):
    """A fact that is true of the place, with its source."""

    fact: str
    value: str
    source: str
    evidence: str


class TrueOfAgency(Struct, frozen=True, kw_only=True):
    """A fact of one agency of the place, used for requests that the agency received."""

    agency: str
    fact: str
    value: str
    source: str
    evidence: str


class LawView(Presentable, Struct, frozen=True, kw_only=True):
    """The law in force at a place on a local day, as known on `known_on`.

    `agencies` are facts of single agencies there, other than the agency of the view; `terms` are those that long conditions
    name. `not_encoded` is a sentence if no law made by the place itself is encoded, else empty.
    """

    place: str
    name: str
    day: date
    known_on: date | None
    law_version: str
    actions: dict[str, tuple[Entry, ...]]
    limits: tuple[Entry, ...]
    obligations: tuple[Entry, ...]
    advice: tuple[Entry, ...]
    money: tuple[Entry, ...]
    set_aside: tuple[Aside, ...]
    warnings: tuple[tuple[str, str], ...]
    params: dict[str, str]
    facts: tuple[TrueHere, ...]
    agencies: tuple[TrueOfAgency, ...] = ()
    terms: tuple[Meaning, ...] = ()
    not_encoded: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The view as plain JSON values."""
        document: dict[str, Any] = msgspec.to_builtins(self)
        return document
