"""The words for outcomes and actions: every page, picture and codebook takes them from here."""

from __future__ import annotations

from collections.abc import Iterable

from comity.engine.outcome import Outcome

OUTCOME_WORDS: dict[Outcome, str] = {
    "required": "required",
    "permitted": "permitted",
    "forbidden": "forbidden",
    "unaddressed": "no rule applies",
    "undetermined": "not determined",
    "in_conflict": "in conflict",
}
PREDICATES: dict[Outcome, str] = {**OUTCOME_WORDS, "in_conflict": "both required and forbidden"}  # after "is"
ACTION_WORDS = {
    "hold": "Keep in custody past release",
    "notify": "Tell the requesting agency of the release",
    "transfer": "Hand the person over",
    "interview": "Let it question the person in the jail",
    "share_status": "Tell it citizenship or immigration status",
    "share_custody": "Tell it about custody or court dates",
    "access": "Let it into the jail or its records",
    "enter_nonpublic": "Let agents into what is not open to the public",
    "use_property": "Let agents use public property for operations",
    "ask_status": "Ask a person about immigration status",
    "certify_victim": "Sign a certification for a victim's visa",
}
SHORT_ACTION_WORDS = {
    "hold": "hold past release",
    "notify": "tell of the release",
    "transfer": "hand the person over",
    "interview": "allow an interview in jail",
    "share_status": "tell immigration status",
    "share_custody": "tell of custody or court dates",
    "access": "let officers or records be seen",
    "enter_nonpublic": "let agents into nonpublic areas",
    "use_property": "let agents use public property",
    "ask_status": "ask about immigration status",
    "certify_victim": "sign the victim's certification",
}
ACTION_NOUNS = {
    "hold": "a hold",
    "notify": "notice of the release",
    "transfer": "a handover",
    "interview": "an interview in the jail",
    "share_status": "sharing of immigration status",
    "share_custody": "sharing of custody or court dates",
    "access": "access to the jail or its records",
    "enter_nonpublic": "entry to nonpublic areas",
    "use_property": "use of public property by agents",
    "ask_status": "a question about immigration status",
    "certify_victim": "a certification for a victim's visa",
}

EVIDENCE_WORDS = {
    "verified": "verified",
    "partly": "partly verified",
    "recalled-high": "recalled, high confidence",
    "recalled-medium": "recalled, medium confidence",
    "recalled-low": "recalled, low confidence",
}


def describe_action(action: str) -> str:
    """An action as an instruction: `Hand the person over`."""
    return ACTION_WORDS.get(action, action.replace("_", " ").capitalize())


def shorten_action(action: str) -> str:
    """An action in a few words, to follow `must` or `may`: `hand the person over`."""
    return SHORT_ACTION_WORDS.get(action, action.replace("_", " "))


def noun_of(action: str) -> str:
    """An action as a noun phrase: `a handover`."""
    return ACTION_NOUNS.get(action, action.replace("_", " "))


def emphasize(outcome: Outcome) -> str:
    """An outcome in capitals, but `no rule applies` in small letters: there, no rule says anything."""
    return OUTCOME_WORDS[outcome] if outcome == "unaddressed" else OUTCOME_WORDS[outcome].upper()


def list_outcomes(outcomes: Iterable[Outcome]) -> str:
    """Several outcomes as alternatives: `permitted, forbidden or no rule applies`."""
    words = [OUTCOME_WORDS[outcome] for outcome in outcomes]
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]


def state_outcome(action: str, outcome: Outcome) -> str:
    """The outcome of an action as a clause: `a hold is forbidden`, `no rule applies to a hold`."""
    if outcome == "unaddressed":
        return f"{OUTCOME_WORDS[outcome]} to {noun_of(action)}"
    return f"{noun_of(action)} is {PREDICATES[outcome]}"


def replace_outcomes(text: str) -> str:
    """A text that has the keys of outcomes, with their words instead."""
    for outcome, words in OUTCOME_WORDS.items():
        text = text.replace(outcome, words)
    return text
