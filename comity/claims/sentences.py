"""Claims, outcomes and actions in words: the sentence that says whether a claim is proved or refuted."""

from __future__ import annotations

from comity.claims.claims import Claim, Verdict
from comity.decision.words import PREDICATES, noun_of
from comity.engine.outcome import Outcome
from comity.facts.vocabulary import Vocabulary

NOT_SETTLED = "Not settled within the time limit, which proves nothing either way"
# The sentence of a claim that holds, and of one that does not; {it} is the action or provision, {asks} what is asked.
HOLDS: dict[Claim, tuple[str, str]] = {
    "total": (
        "Whenever a request asks {asks}, some law here decides it.",
        "A request may ask {asks}, and no rule applies to it.",
    ),
    "unambiguous": (
        "The law here never both requires and forbids {it}.",
        "The law here both requires and forbids {it} for some requests.",
    ),
    "dutiful": (
        "{it} demands nothing that the law here forbids, and forgoes nothing that it requires.",
        "{it} demands of the agency, for some requests, the contrary of what {to} commands.",
    ),
    "live": ("{it} affects some requests.", "{it} affects no request."),
    "conflicts": ("{it} prevails for some requests.", "{it} never prevails: wherever it applies it yields to {to}."),
    "never": ("{it} is never {outcome}{where}.", "{it} is {outcome} for some requests{where}."),
    "implies": ("{it} is always {outcome}{where}.", "{it} is not always {outcome}{where}."),
}
# The same of claims that no rule applies, which is nothing that an action can be.
HOLDS_UNADDRESSED: dict[Claim, tuple[str, str]] = {
    "never": ("Some rule always applies to {it}{where}.", "No rule applies to {it} for some requests{where}."),
    "implies": ("No rule ever applies to {it}{where}.", "Some rule applies to {it} for some requests{where}."),
}


def asks_of(action: str, vocabulary: Vocabulary) -> str:
    """What a request for an action asks: `to hold the person past release`."""
    entry = vocabulary.entries.get("request.asks")
    return entry.words.get(action, f"for {noun_of(action)}") if entry else f"for {noun_of(action)}"


def sentence_of(
    verdict: Verdict, name: str, vocabulary: Vocabulary, *, to: str = "", outcome: Outcome = "required", where: str = ""
) -> str:
    """A verdict as a sentence.

    `name` is what it is about in words, `to` what that yields to, `where` its condition.
    """
    if verdict.holds is None:
        return f"{NOT_SETTLED}: {verdict.claim}, {name}."
    sentences = {**HOLDS, **HOLDS_UNADDRESSED} if outcome == "unaddressed" else HOLDS
    template = sentences[verdict.claim][0 if verdict.holds else 1]
    clause = f", where {where}" if where else ""
    text = template.format(
        it=name, asks=asks_of(verdict.about, vocabulary), to=to, outcome=PREDICATES[outcome], where=clause
    )
    return text[:1].upper() + text[1:]
