"""The answer to one request: an outcome for each action, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec import Struct

from comity.engine.outcome import Outcome
from comity.finding import Finding, InputFault, Place, did_you_mean
from comity.law.instrument import ACTIONS, FURTHER_ACTIONS
from comity.present.result import Presentable

SYNONYMS = {
    **dict.fromkeys(("detain", "detainer", "keep", "custody", "holding"), "hold"),
    **dict.fromkeys(("notification", "notice", "tell", "inform"), "notify"),
    **dict.fromkeys(("hand_over", "handover", "surrender", "deliver"), "transfer"),
    **dict.fromkeys(("question", "questioning"), "interview"),
    **dict.fromkeys(("status", "share", "share_information", "disclose"), "share_status"),
}


class Ground(Struct, frozen=True):
    """A provision that an answer names, for people: its citation, its evidence mark and its plain words."""

    provision: str
    cite: str
    evidence: str
    plain: str = ""


class Yielded(Struct, frozen=True):
    """A provision that does not decide, to what it gives way (a provision, an instrument or a day), and why.

    `maybe` where that turns on facts that are not known.
    """

    provision: str
    to: str
    reason: str
    maybe: bool = False


class Missing(Struct, frozen=True):
    """A fact that would narrow the answer: the question to ask, and how many open outcomes an answer removes.

    `removes_at_least` is the worst answer, `removes_on_average` the mean over the answers that differ. Of a field of a record
    (`convictions[0].grade`), `alike` counts the records that the law treats as this one, for which the same holds.
    """

    fact: str
    question: str
    removes_at_least: int
    removes_on_average: float
    alike: int = 1


class Warned(Struct, frozen=True):
    """A warning with the provision or instrument that it comes from; `maybe` where its condition is not known."""

    provision: str
    text: str
    maybe: bool = False


class Known(Struct, frozen=True):
    """A decisive fact: what it is, and where it came from (`request`, `assumed`, or a source about the place)."""

    fact: str
    value: str
    source: str


class ActionAnswer(Struct, frozen=True):
    """What law says of one action; `possible` holds each outcome still open, one where it is decided."""

    outcome: Outcome
    possible: tuple[Outcome, ...]
    determining: tuple[str, ...] = ()
    yielding: tuple[Yielded, ...] = ()
    missing: tuple[Missing, ...] = ()
    warnings: tuple[Warned, ...] = ()
    decisive: tuple[Known, ...] = ()
    decider: str = ""


class Owed(Struct, frozen=True):
    """An obligation that the decision leaves behind; `condition` is in words where it is not known whether it applies."""

    provision: str
    bearer: str
    deed: str
    to: str = ""
    by: str = ""
    condition: str = ""


class Limited(Struct, frozen=True):
    """A limit on a hold; `until` is the moment it ends, where its start is known, else empty. `rules` where that moment governs."""

    provision: str
    until: str = ""
    words: str = ""
    condition: str = ""
    rules: bool = False


class Proof(Struct, frozen=True, kw_only=True):
    """What a decision was made from, so that it can be made again to the letter, and shown to be the same.

    Digests are SHA-256 in hexadecimal: `request` is that of the facts as they were read, with the place and the moment; `stack`
    that of the law in force, with the facts of the place. `library` is the version of all the law. `filled` names each fact
    that the request did not say, and where it came from: its form, or what is true of the place.
    """

    request: str
    stack: str
    library: str
    program: str
    format: int
    filled: dict[str, str] = {}


class Decision(Presentable, Struct, frozen=True):
    """One request decided: the place, the moment, the version of the law, and the answer for each action.

    `proof` names what the decision was made from. `not_encoded` says where no law of the place's own is encoded, so that the
    answers are those of the law above it.
    """

    place: str
    at: datetime
    day: date
    law_version: str
    actions: dict[str, ActionAnswer]
    obligations: tuple[Owed, ...] = ()
    limits: tuple[Limited, ...] = ()
    grounds: dict[str, Ground] = {}
    findings: tuple[Finding, ...] = ()
    not_encoded: str = ""
    proof: Proof | None = None

    def outcome(self, action: str) -> Outcome:
        """The outcome of an action, `unaddressed` where no law here speaks of it; raises `InputFault` for a name of no action."""
        answer = self.actions.get(action)
        if answer:
            return answer.outcome
        if action in (*ACTIONS, *FURTHER_ACTIONS):
            return "unaddressed"
        raise InputFault([unknown_action(action, self.actions)])

    def to_dict(self) -> dict[str, Any]:
        """The decision as plain JSON values."""
        document: dict[str, Any] = msgspec.to_builtins(self)
        return document


def unknown_action(action: object, known: Iterable[str] = ()) -> Finding:
    """The finding for a name that is of no action, with the one that may be meant."""
    names = list(dict.fromkeys((*ACTIONS, *known, *FURTHER_ACTIONS)))
    word = str(action).strip().lower().replace(" ", "_").replace("-", "_")
    meant = word if word in names else SYNONYMS.get(word)
    help = f'did you mean "{meant}"?' if meant else did_you_mean(word, names)
    return Finding(
        "unknown-action", Place("action"), f'there is no action "{action}"', help or f"one of {', '.join(names)}"
    )
