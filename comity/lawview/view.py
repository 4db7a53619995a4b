"""The law in force at a place on a day as a value: its effects by action, and what yields to what."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from comity.decision.answer import Researched
from comity.decision.risks import Risk
from comity.lawview.term_names import Meaning
from comity.present.result import Presentable


class Entry(Struct, frozen=True, kw_only=True):
    """One effect in force: its provision, its action, and its condition in words.

    `condition` is empty if the effect always applies. `where` and `unless` are its parts, with the meaning of long terms beside
    their names; `on_request` is true if it also needs a request that asks for the action. `only` is true if the provision
    forbids whatever it does not permit. `words` are those of a limit, an obligation, a cost or a warning; `yields_to` are
    the provisions that can defeat the effect, each with the reason.

    `binds` has the only agencies that the instrument binds, by kind or by name; it is empty where it binds all.

    Of an obligation, `ours` says whether a receiving agency bears it, and `last_day` is the day by which it was to be done. Of
    a warning, `topic`, `about`, `force`, `courts` and `rank` are as in a decision.
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
    where: str = ""
    unless: str = ""
    on_request: bool = False
    ours: bool = False
    last_day: str = ""
    topic: str = ""
    about: str = ""
    force: str = ""
    courts: str = ""
    rank: int = 0
    binds: tuple[str, ...] = ()

    @property
    def is_default(self) -> bool:
        """Whether the effect applies to every request, or to each that asks for the action, but for exceptions."""
        return self.only or not self.where


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
    name. `not_encoded` is a sentence if no law made by the place itself is encoded, else empty. `asks` is what forms ask, which
    obliges nobody. `risks` are the warnings of `advice` and `warnings` ranked, each once. `researched_to` says how far the law of
    the place and of its State was followed, by place; `titles` has the instruments that warnings and `set_aside` name.
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
    asks: tuple[Entry, ...] = ()
    risks: tuple[Risk, ...] = ()
    researched_to: dict[str, Researched] = {}
    titles: dict[str, str] = {}
