"""The page of risks: the warnings that a decision shows at ten places, in order, and why each has its rank.

The reason is computed from what the ranking reads, so that page and ranking cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from comity.decision.card import COMMANDS, cited
from comity.decision.decision import Decision
from comity.decision.incoming import name_of
from comity.decision.risks import AGENCY_NOT_GIVEN, Risk, weight_of
from comity.decision.words import shorten_action
from comity.law.instrument import ACTIONS
from comity.law.library import Library
from comity.session import Law

SHOWN = 5
PLACES = (
    "us/fl/miami-dade", "us/tx/harris", "us/ca/los-angeles", "us/il/cook", "us/nc/mecklenburg", "us/md/frederick",
    "us/me/cumberland", "us/tn/hamilton", "us/az/maricopa", "us/wa/king",
)  # fmt: skip
REQUEST: dict[str, Any] = {
    "at": "2026-11-01T09:00:00-05:00",
    "subject": {"citizenship": "none_claimed"},
    "request": {
        "form": "i247a",
        "asks": ["hold", "notify", "transfer"],
        "warrants": [{"kind": "i200", "issuer": "immigration_officer", "signed": True}],
    },
    "charges": [{"offense": "theft", "grade": "misdemeanor", "pending": True}],
    "convictions": [],
}
OPENING = """# The risks of ten places, and why each has its rank

The same request at ten places on 2026-11-01: Form I-247A asks to hold the person, to be told of the release and to have the person
handed over; a signed Form I-200 comes with it; a charge of misdemeanor theft is pending, nobody claims United States citizenship, and
the request does not say which agency received it. Below are the first five warnings that count for the answers there, or all if there
are fewer. A card shows as many of them as fit on its forty lines.

The order is that of `comity/decision/risks.py`: what is about an action that was asked; who may do it and what a court made of it, where
that binds here; form and penalties; what only persuades; what may be wrong with the form; disputes. Within each, certain before
possible and later before earlier. A liability for doing what the answer forbids does not count, and is not here.

`.venv/bin/python docs/write_pages.py risks` decides the requests again and writes this page.
"""
BURDENED = {"doing": "doing it", "declining": "declining it", "": "doing it or declining it"}


def risks_page(library: Library) -> str:
    """The page as Markdown."""
    law = Law(library)
    parts = [OPENING]
    for place in PLACES:
        parts.append("\n".join(_of_place(law.decide({**REQUEST, "place": place}), library)))
    return "\n".join(parts)


def first_risks(decision: Decision) -> list[Risk]:
    """The first warnings that count for a decision's answers."""
    return [risk for risk in decision.risks() if risk.counts][:SHOWN]


def _of_place(decision: Decision, library: Library) -> Iterable[str]:
    yield f"## {name_of(library.gazetteer.places[decision.place], library)}"
    yield ""
    outcomes = (f"{shorten_action(action)}: {COMMANDS[decision.outcome(action)].lower()}" for action in ACTIONS)
    yield f"Answers: {'; '.join(outcomes)}."
    yield ""
    before: Risk | None = None
    for risk in first_risks(decision):
        cites = ", ".join(dict.fromkeys(cited(name, decision) for name in risk.provisions))
        yield f"{risk.rank}. {risk.warned.text} ({cites})"
        yield f"   *{_explain_kind(risk)} {_explain_place(risk, before)}*".rstrip(" *") + "*"
        before = risk
    yield ""


def _explain_kind(risk: Risk) -> str:
    """What kind of warning it is, which gives it its group."""
    warned = risk.warned
    burdened = BURDENED[warned.about]
    if risk.disputes_answer:
        return "A dispute about the law that decides here: it asks whether the answer itself is right."
    if warned.topic == "authority":
        return (
            "It says who may do this at all."
            if warned.force != "persuasive"
            else "Authority, by a court that only persuades here."
        )
    if warned.topic == "liability":
        whose = {"binding": "by a court that binds here", "persuasive": "by a court that only persuades here"}
        return f"Liability for {burdened}, {whose.get(warned.force, 'under law that is in force here')}."
    if warned.topic == "penalty":
        return f"A penalty for {burdened}: penalties come after what binds."
    if warned.topic == "dispute":
        return "A dispute, and not about the law that decides here: last."
    if warned.same_as == AGENCY_NOT_GIVEN:
        return "A gap in the request, gone when the agency is given: after what binds."
    return (
        "A question of form: after what binds or persuades."
        if warned.maybe
        else "A question of form: after what binds."
    )


def _explain_place(risk: Risk, before: Risk | None) -> str:
    """Why it comes after the one above, where both are of one group."""
    perhaps = "Possible only, for a fact that is not known." if risk.warned.maybe else ""
    if before is None or weight_of(before) != weight_of(risk) or before.warned.maybe != risk.warned.maybe:
        return perhaps
    earlier = risk.warned.since < before.warned.since
    order = (
        "Older than the one above." if earlier else "Of the same day as the one above, and in the order of their names."
    )
    return f"{perhaps} {order}".strip()
