"""The law of a place on the day of the site, as the page of the place shows it: each action with its default and exceptions."""

from __future__ import annotations

from msgspec import Struct

from comity.decision.words import EVIDENCE_WORDS, describe_action
from comity.law.instrument import BEYOND_ACTIONS
from comity.lawview.sentences import describe_effect, name_agencies
from comity.lawview.view import Entry, LawView


class ShownEffect(Struct, frozen=True, kw_only=True):
    """One effect of the law in a sentence, with what it rests on."""

    sentence: str
    cite: str
    instrument: str
    evidence: str
    agencies: str
    yields_to: tuple[str, ...]


class ShownAction(Struct, frozen=True, kw_only=True):
    """An action, and the effects that speak of it: none where no rule applies."""

    action: str
    words: str
    effects: tuple[ShownEffect, ...]
    is_of_detainers: bool


def actions_of(view: LawView) -> list[ShownAction]:
    """The actions of a detainer, and the others of which law here speaks."""
    return [
        ShownAction(
            action=action,
            words=describe_action(action),
            effects=tuple(shown(entry, view) for entry in entries),
            is_of_detainers=action not in BEYOND_ACTIONS,
        )
        for action, entries in view.actions.items()
        if entries or action not in BEYOND_ACTIONS
    ]


def shown(entry: Entry, view: LawView) -> ShownEffect:
    """An effect as a sentence."""
    names = name_agencies(entry.binds)
    return ShownEffect(
        sentence=f"{describe_effect(entry)}.",
        cite=entry.cite,
        instrument=entry.instrument,
        evidence=EVIDENCE_WORDS.get(entry.evidence, entry.evidence),
        agencies=f"{names[:1].upper()}{names[1:]}" if names else "",
        yields_to=tuple(to for to, _ in entry.yields_to),
    )
