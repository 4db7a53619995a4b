"""What came of claims and comparisons in sentences: each says what was proved, or refuted and by which request."""

from __future__ import annotations

from comity.claims.claims import Claim, Verdict
from comity.engine.outcome import Outcome
from comity.facts.vocabulary import Vocabulary

NOUNS = {
    "hold": "a hold",
    "notify": "notice of the release",
    "transfer": "handing the person over",
    "interview": "questioning in the jail",
    "share_status": "telling citizenship or immigration status",
    "share_custody": "telling about custody or court dates",
    "access": "access to the jail or its records",
}
OUTCOMES: dict[Outcome, str] = {
    "required": "required",
    "permitted": "permitted",
    "forbidden": "forbidden",
    "unaddressed": "not decided by law",
    "in_conflict": "both required and forbidden",
    "undetermined": "not determined",
}
NOT_SETTLED = "Not settled within the time limit, which proves nothing either way"
# What a claim says when it holds, and when it does not; {it} is the action or the provision, {asks} what a request asks.
HOLDS: dict[Claim, tuple[str, str]] = {
    "total": (
        "Whenever a request asks {asks}, law here answers.",
        "A request may ask {asks} where law here says nothing of it.",
    ),
    "unambiguous": (
        "Law here never both requires and forbids {it}.",
        "Law here both requires and forbids {it} for some requests.",
    ),
    "live": ("{it} bears on some requests.", "{it} bears on no request at all."),
    "conflicts": ("{it} stands for some requests.", "{it} never stands: wherever it applies it yields to {to}."),
    "never": ("{it} is never {outcome}{where}.", "{it} is {outcome} for some requests{where}."),
    "implies": ("{it} is always {outcome}{where}.", "{it} is not always {outcome}{where}."),
}


def noun_of(action: str) -> str:
    """An action as a thing that can be required: `a hold`."""
    return NOUNS.get(action, action.replace("_", " "))


def asks_of(action: str, vocabulary: Vocabulary) -> str:
    """What a request asks that asks for an action: `to hold the person past release`."""
    entry = vocabulary.entries.get("request.asks")
    return entry.words.get(action, f"for {noun_of(action)}") if entry else f"for {noun_of(action)}"


def sentence_of(
    own: Verdict, name: str, vocabulary: Vocabulary, *, to: str = "", outcome: Outcome = "required", where: str = ""
) -> str:
    """What came of a claim, as a sentence; `name` is what it is about in words, `to` what it yields to, `where` its condition."""
    if own.holds is None:
        return f"{NOT_SETTLED}: {own.claim}, {name}."
    said = HOLDS[own.claim][0 if own.holds else 1]
    clause = f", where {where}" if where else ""
    text = said.format(it=name, asks=asks_of(own.about, vocabulary), to=to, outcome=OUTCOMES[outcome], where=clause)
    return text[:1].upper() + text[1:]
