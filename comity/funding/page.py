"""Federal money at stake at a place on a day, as a page for people: the amount, the demands, and whether law breaches them.

Each element of the Spending Clause test is shown with the cited facts on both sides. Whether it is met is for courts to decide.
"""

from __future__ import annotations

from collections.abc import Iterable

from comity.classification.page import MARKS, STYLES, ExampleList, criterion_in_words, reasons_of
from comity.classification.view import UNKNOWN
from comity.decision.words import EVIDENCE_WORDS
from comity.funding.view import Cited, ConditionView, ElementView, Funding, Order, ProgrammeView, Stake
from comity.money.amount import format_percent, format_published
from comity.present.page import Block, Heading, Style, Table, Text

INTRODUCTION = (
    "This page lists the conditions imposed on federal money, whether they are in force here, and whether the law in force here"
    " breaches them. For each condition it gives the facts for and against it, with sources. Courts decide whether a condition is"
    " valid."
)
STATES = {
    "in_force": "in force here",
    "stopped_here": "suspended for this place by a court",
    "uncertain": "whether it was in force here on that day is not certain",
    "not_yet": "not yet imposed",
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
    "for": "Every fact recorded here supports the condition.",
    "against": "Every fact recorded here is against the condition.",
    "both": "There are facts on both sides.",
    "open": "The facts recorded here point neither way.",
    "none": "No fact is recorded here.",
}
LEANING = {"for": "for", "against": "against", "open": "neither"}
MAKERS = {"congress": "by Congress", "executive": "by the executive"}
DEMANDS = {
    "certify_1373": "status information",
    "access": "access",
    "notice": "notice",
    "all_detainers": "all detainers",
    "list_based": "a list",
    "cooperation": "cooperation",
}


def page_of(funding: Funding) -> list[Block]:
    """The page of one place on one day."""
    requests = ExampleList()
    sections = [
        block
        for id, view in funding.conditions.items()
        for block in _condition(id, view, funding=funding, requests=requests)
    ]
    return [
        Heading(f"Federal money at stake: {funding.name}, {funding.on}", 1),
        Text(f"{INTRODUCTION} Law version {funding.law_version}.", "quiet"),
        *_stake(funding.stake, funding.name),
        *_programmes(funding.programmes),
        *_summary(funding),
        *sections,
        *_of_law_here(funding),
        *_others(funding),
        *requests.set_out(),
    ]


def _stake(stake: Stake | None, name: str) -> Iterable[Block]:
    yield Heading("The most that can be at stake")
    if stake is None:
        yield Text(f"The federal money in the budget of {name} on that day is not recorded here.", "open", 1)
        return
    share = "" if stake.share_basis_points is None else f", {format_percent(stake.share_basis_points)} of its budget"
    total = f" of {format_published(stake.total_cents)}" if stake.total_cents else ""
    amount = format_published(stake.federal_cents)
    yield Text(f"{amount} of federal money{share}{total}, from {stake.since} until {stake.until}.", "strong", 1)
    note = f" {_sentence(stake.note)}" if stake.note else ""
    yield Text(f"{stake.source}; {EVIDENCE_WORDS[stake.evidence]}.{note}", "quiet", 1)


def _programmes(programmes: Iterable[ProgrammeView]) -> Iterable[Block]:
    rows = tuple(
        (programme.name, programme.agency, programme.statute, ", ".join(programme.conditions) or "none recorded")
        for programme in programmes
    )
    yield Heading("Programmes and their statutes")
    yield Table(("Programme", "Agency", "Statute", "Conditions that day"), rows, ("strong",))
    text = "Only programmes that are recorded here are listed. What this place gets from each is not recorded."
    yield Text(text, "quiet", 1)


def _summary(funding: Funding) -> Iterable[Block]:
    yield Heading("Conditions")
    if not funding.conditions:
        yield Text("No condition that is recorded here was in force on that day.", "", 1)
        return
    rows = tuple(
        (id, DEMANDS[view.demand], STATES[view.state], MARKS[view.breached]) for id, view in funding.conditions.items()
    )
    yield Table(("Condition", "Demands", "State", "Breached"), rows, ("strong",))
    for lacking in funding.not_encoded:
        yield Text(f"Not encoded here, though it may affect a breach: {lacking}.", "open", 1)
    for fact in funding.facts:
        source = f"{fact.source}; {EVIDENCE_WORDS[fact.evidence]}"
        yield Text(f"Recorded of this place: {fact.value} ({source}).", "quiet", 1)


def _condition(id: str, view: ConditionView, *, funding: Funding, requests: ExampleList) -> Iterable[Block]:
    yield Heading(f"{view.title} ({id})")
    cite = f", {view.citation}" if view.citation else ""
    evidence = EVIDENCE_WORDS[view.evidence]
    yield Text(f"Imposed {MAKERS[view.imposed_by]}: {view.by}{cite}; {evidence}.", "quiet", 1)
    yield Text(_sentence(STATES[view.state]), "alarm" if view.state == "in_force" else "strong", 1)
    yield from (Text(_order(order, funding.name), "", 2, "-") for order in view.orders)
    yield Text(view.demands, "", 1, "Demands:")
    programmes = ", ".join(_programme_names(view, funding)) or "programmes that are not recorded here"
    yield Text(f"{programmes}.", "", 1, "On:")
    yield Text(_sentence(BREACHED[view.breached]), _alarm(view.breached), 1)
    for criterion in view.criteria:
        yield Text(criterion_in_words(criterion), STYLES[criterion.met], 2, f"{MARKS[criterion.met]:<4}")
        yield from (Text(line, "quiet", 5) for line in reasons_of(criterion, requests))
    yield Text(view.summary, "quiet", 1)
    for element in view.elements:
        yield from _element(element)


def _sentence(words: str) -> str:
    """A text with a capital letter and a full stop."""
    return f"{_capitalised(words)}."


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]


def _alarm(breached: bool | str) -> Style:
    return {True: "alarm", False: "", UNKNOWN: "open"}[breached]  # type: ignore[return-value]


def _programme_names(view: ConditionView, funding: Funding) -> Iterable[str]:
    if view.programmes == ("all",):
        yield "every federal grant"
        return
    names = {programme.id: programme.name for programme in funding.programmes}
    yield from (names[id] for id in view.programmes if id in names)


def _order(order: Order, name: str) -> str:
    until = f" until {order.until}" if order.until else ""
    covers = "for everyone" if order.covers == "everyone" else f"for {order.covers or 'the parties'}"
    if order.certain:
        here = f"{name} is {'' if order.here else 'not '}covered"
    else:
        here = f"it is not certain that it applies to {name} on that day"
    return f"Suspended by {order.title} from {order.since}{until} {covers}; {here}."


def _element(element: ElementView) -> Iterable[Block]:
    yield Text(f"{ELEMENTS[element.element]}. {element.asks} {POINTING[element.facts]}", "strong", 2)
    for decision in element.decisions:
        about = f"{_capitalised(decision.words)}: " if decision.words else ""
        yield Text(f"{about}{decision.source}; {EVIDENCE_WORDS[decision.evidence]}.", "quiet", 3)
    yield from (_point(point) for point in element.points)


def _point(point: Cited) -> Block:
    cite = f", {point.cite}" if point.cite else ""
    source = f"{point.source}{cite}; {EVIDENCE_WORDS[point.evidence]}"
    return Text(f"{point.words} ({source})", "", 3, f"{LEANING[point.leaning]}:")


def _of_law_here(funding: Funding) -> Iterable[Block]:
    if funding.of_law_here:
        yield Heading("What the law in force here puts at stake itself")
        for cited in funding.of_law_here:
            yield Text(f"{cited.words} ({cited.source}; {EVIDENCE_WORDS[cited.evidence]})", "", 1, "-")


def _others(funding: Funding) -> Iterable[Block]:
    # A condition that was not yet imposed could not be known on that day.
    past = {id: view for id, view in funding.others.items() if view.state != "not_yet"}
    if not past:
        return
    yield Heading("Not in force on that day")
    for id, view in past.items():
        yield Text(f"{view.title} ({id}): {STATES[view.state]}. {_would_breach(view)}", "", 1, "-")


def _would_breach(view: ConditionView) -> str:
    return {
        True: "The law in force here would breach it.",
        False: "The law in force here would not breach it.",
        UNKNOWN: "Whether the law here would breach it is not known.",
    }[view.breached]
