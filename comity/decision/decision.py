"""The decision on one request: an outcome for each action, with its grounds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec import Struct, structs

from comity.decision.answer import ActionAnswer, Ground, Limited, Owed, Proof, Researched
from comity.decision.answer_json import shared_as_json
from comity.decision.risks import Risk, risks_of
from comity.engine.outcome import Outcome
from comity.finding import Finding, InputFault, Place, did_you_mean, phrase
from comity.law.instrument import BEYOND_ACTIONS, KNOWN_ACTIONS
from comity.present.result import Presentable

BEYOND = frozenset(BEYOND_ACTIONS)
SYNONYMS = {
    **dict.fromkeys(("detain", "detainer", "keep", "custody", "holding"), "hold"),
    **dict.fromkeys(("notification", "notice", "tell", "inform"), "notify"),
    **dict.fromkeys(("hand_over", "handover", "surrender", "deliver"), "transfer"),
    **dict.fromkeys(("question", "questioning"), "interview"),
    **dict.fromkeys(("status", "share", "share_information", "disclose"), "share_status"),
}


class Decision(Presentable, Struct, frozen=True):
    """The decision on one request: the place, the moment, the version of the law, and the answer for each action.

    `at` has its offset, and `day` is the local day there. `grounds` has each provision that the answers name, by its id. `findings`
    are what is odd about the request; none is grave.

    `obligations` are duties; `asked_by_form` is what a form or a letter asks, which obliges nobody. `researched_to` says how
    far the law of the place and of its State was followed, by place. `proof` names what the decision was made from. `asked`
    are the actions that the request is known to ask for, `paper` the form in words, `agreements` what the list of 287(g)
    agreements last said of the place's agencies, where it does not cover the day. `not_encoded` says where no law of the
    place's own is encoded, so that the answers are those of the law above it.
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
    asked_by_form: tuple[Owed, ...] = ()
    researched_to: dict[str, Researched] = {}
    asked: tuple[str, ...] = ()
    paper: str = ""
    agreements: str = ""

    def outcome(self, action: str) -> Outcome:
        """The outcome of an action, `unaddressed` if no rule applies. Raises `InputFault` if there is no such action."""
        answer = self.actions.get(action)
        if answer:
            return answer.outcome
        if action in KNOWN_ACTIONS:
            return "unaddressed"
        raise InputFault([unknown_action(action, self.actions)])

    @property
    def is_beyond_jail(self) -> bool:
        """Whether the request asks only for actions that no detainer asks for, as a visit does."""
        return bool(self.asked) and BEYOND.issuperset(self.asked)

    def risks(self) -> list[Risk]:
        """The warnings of all actions, each once, in the order in which they matter for these answers."""
        return risks_of(self.actions, self.asked)

    def to_dict(self) -> dict[str, Any]:
        """The decision as JSON values: what `comity decide --json` prints, with lists and texts and no dates."""
        document: dict[str, Any] = msgspec.json.decode(self.to_json())
        return document

    def to_json(self) -> bytes:
        """The decision as JSON in UTF-8: the same values, in a fraction of the time."""
        shared = shared_as_json(self.actions, self.asked, self.grounds)
        return msgspec.json.encode(structs.replace(self, **shared))


def unknown_action(action: object, known: Iterable[str] = ()) -> Finding:
    """The finding for an unknown action, with the action that was probably meant."""
    names = list(dict.fromkeys((*known, *KNOWN_ACTIONS)))
    word = str(action).strip().lower().replace(" ", "_").replace("-", "_")
    meant = word if word in names else SYNONYMS.get(word)
    help = f'did you mean "{meant}"?' if meant else did_you_mean(word, names)
    message = phrase('there is no action "{}"', action)
    help = help or phrase("one of {names}", names=", ".join(names))
    return Finding("unknown-action", Place(phrase("action")), message, help)
