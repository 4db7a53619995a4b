"""Federal money at stake at a place on a day, as a page for people: what is at stake, what is demanded, whether it is breached.

Each element of the Spending Clause test is set out with its cited facts on both sides; whether it is met is for courts to say.
"""

from __future__ import annotations

from collections.abc import Iterable

from comity.classification.page import MARKS, STYLES, Requests, asked, because
from comity.classification.view import UNKNOWN
from comity.decision.page import EVIDENCE_WORDS
from comity.funding.view import Cited, ConditionView, ElementView, Funding, Order, ProgrammeView, Stake
from comity.money.amount import percent, rounded
from comity.present.page import Block, Heading, Style, Table, Text

INTRODUCTION = (
    "What follows says which conditions were put on federal money, whether they have force here, and whether the law in force here"
    " breaches them. It says what speaks for and against each condition, with sources; whether one is valid, courts decide."
)
STATES = {
    "in_force": "in force here",
    "stopped_here": "stopped for this place by a court",
    "uncertain": "whether it was in force here on that day is not certain",
    "not_yet": "not yet put",
    "ended": "ended",
    "never_enacted": "never enacted",
}
BREACHED: dict[bool | str, str] = {
    True: "breached by the law in force here",
    False: "not breached by the law in force here",
    UNKNOWN: "not known whether the law here breaches it",
}
ELEMENTS = {
    "unambiguous": "Plainly stated",
    "notice": "Known beforehand",
    "related": "Related to the programme",
    "coercion": "A real choice",
    "congress": "Imposed by Congress",
    "commandeering": "No command",
}
POINTING = {
    "for": "Every fact recorded here speaks for the condition.",
    "against": "Every fact recorded here speaks against the condition.",
    "both": "There are facts on both sides.",
    "open": "The facts recorded here point neither way.",
    "none": "No fact is recorded here.",
}
LEANING = {"for": "for", "against": "against", "open": "either"}
MAKERS = {"congress": "by Congress", "executive": "by the executive"}
DEMANDS = {
    "certify_1373": "status information",
    "access": "access",
    "notice": "notice",
    "all_detainers": "all detainers",
    "list_based": "a list",
    "cooperation": "cooperation",
}


def page_of(own: Funding) -> list[Block]:
    """One place on one day."""
    requests = Requests()
    told = [block for id, each in own.conditions.items() for block in _condition(id, each, own, requests)]
    return [
        Heading(f"Federal money at stake: {own.name}, {own.on}", 1),
        Text(f"{INTRODUCTION} Law version {own.law_version}.", "quiet"),
        *_stake(own.stake, own.name),
        *_programmes(own.programmes),
        *_summary(own),
        *told,
        *_of_law_here(own),
        *_others(own),
        *requests.set_out(),
    ]


def _stake(own: Stake | None, name: str) -> Iterable[Block]:
    yield Heading("What is at stake at most")
    if own is None:
        yield Text(f"How much federal money is in the budget of {name} on that day is not recorded here.", "open", 1)
        return
    share = "" if own.share_basis_points is None else f", {percent(own.share_basis_points)} of its budget"
    whole = f" of {rounded(own.total_cents)}" if own.total_cents else ""
    yield Text(
        f"{rounded(own.federal_cents)} of federal money{share}{whole}, from {own.since} until {own.until}.", "strong", 1
    )
    note = f" {own.note[:1].upper()}{own.note[1:]}." if own.note else ""
    yield Text(f"{own.source}; {EVIDENCE_WORDS[own.evidence]}.{note}", "quiet", 1)


def _programmes(programmes: Iterable[ProgrammeView]) -> Iterable[Block]:
    rows = tuple(
        (own.name, own.agency, own.statute, ", ".join(own.conditions) or "none recorded") for own in programmes
    )
    yield Heading("Programmes, and the statute behind each")
    yield Table(("Programme", "Agency", "Statute", "Conditions that day"), rows, ("strong",))
    text = "These are the programmes that are recorded here; others, and what this place gets from each, are not."
    yield Text(text, "quiet", 1)


def _summary(own: Funding) -> Iterable[Block]:
    yield Heading("Conditions")
    if not own.conditions:
        yield Text("No condition that is recorded here had force on that day.", "", 1)
        return
    rows = tuple(
        (id, DEMANDS[each.demand], STATES[each.state], MARKS[each.breached]) for id, each in own.conditions.items()
    )
    yield Table(("Condition", "Demands", "State", "Breached"), rows, ("strong",))
    for lacking in own.not_encoded:
        yield Text(f"Missing here, though it may bear on a breach: {lacking}.", "open", 1)
    for fact in own.facts:
        yield Text(
            f"Recorded of this place: {fact.value} ({fact.source}; {EVIDENCE_WORDS[fact.evidence]}).", "quiet", 1
        )


def _condition(id: str, own: ConditionView, whole: Funding, requests: Requests) -> Iterable[Block]:
    yield Heading(f"{own.title} ({id})")
    cite = f", {own.citation}" if own.citation else ""
    yield Text(f"Put {MAKERS[own.imposed_by]}: {own.by}{cite}; {EVIDENCE_WORDS[own.evidence]}.", "quiet", 1)
    yield Text(
        f"{STATES[own.state][:1].upper()}{STATES[own.state][1:]}.", "alarm" if own.state == "in_force" else "strong", 1
    )
    yield from (Text(_order(each, whole.name), "", 2, "-") for each in own.orders)
    yield Text(own.demands, "", 1, "Demands:")
    yield Text(f"{', '.join(_named(own, whole)) or 'programmes that are not recorded here'}.", "", 1, "On:")
    yield Text(f"{BREACHED[own.breached][:1].upper()}{BREACHED[own.breached][1:]}.", _alarm(own.breached), 1)
    for each in own.criteria:
        yield Text(asked(each), STYLES[each.met], 2, f"{MARKS[each.met]:<4}")
        yield from (Text(line, "quiet", 5) for line in because(each, requests))
    yield Text(own.summary, "quiet", 1)
    for element in own.elements:
        yield from _element(element)


def _alarm(breached: bool | str) -> Style:
    return {True: "alarm", False: "", UNKNOWN: "open"}[breached]  # type: ignore[return-value]


def _named(own: ConditionView, whole: Funding) -> Iterable[str]:
    if own.programmes == ("all",):
        yield "every federal grant"
        return
    names = {each.id: each.name for each in whole.programmes}
    yield from (names[id] for id in own.programmes if id in names)


def _order(own: Order, name: str) -> str:
    until = f" until {own.until}" if own.until else ""
    covers = "for everyone" if own.covers == "everyone" else f"for {own.covers or 'those who sued'}"
    here = (
        f"{name} is {'' if own.here else 'not '}covered"
        if own.certain
        else f"whether it runs on that day for {name} is not certain"
    )
    return f"Stopped by {own.title} from {own.since}{until} {covers}; {here}."


def _element(own: ElementView) -> Iterable[Block]:
    yield Text(f"{ELEMENTS[own.element]}. {own.asks} {POINTING[own.facts]}", "strong", 2)
    for each in own.decisions:
        about = f"{each.words[:1].upper()}{each.words[1:]}: " if each.words else ""
        yield Text(f"{about}{each.source}; {EVIDENCE_WORDS[each.evidence]}.", "quiet", 3)
    yield from (_point(each) for each in own.points)


def _point(own: Cited) -> Block:
    cite = f", {own.cite}" if own.cite else ""
    return Text(f"{own.words} ({own.source}{cite}; {EVIDENCE_WORDS[own.evidence]})", "", 3, f"{LEANING[own.leaning]}:")


def _of_law_here(own: Funding) -> Iterable[Block]:
    if own.of_law_here:
        yield Heading("What the law in force here puts at stake by itself")
        yield from (
            Text(f"{each.words} ({each.source}; {EVIDENCE_WORDS[each.evidence]})", "", 1, "-")
            for each in own.of_law_here
        )


def _others(own: Funding) -> Iterable[Block]:
    past = {id: each for id, each in own.others.items() if each.state != "not_yet"}  # of what was to come nobody knew
    if not past:
        return
    yield Heading("Of no force on that day")
    for id, each in past.items():
        yield Text(f"{each.title} ({id}): {STATES[each.state]}. {_would(each)}", "", 1, "-")


def _would(own: ConditionView) -> str:
    return {
        True: "The law in force here would breach it.",
        False: "The law in force here would not breach it.",
        UNKNOWN: "Whether the law here would breach it is not known.",
    }[own.breached]
