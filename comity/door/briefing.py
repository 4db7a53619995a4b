"""A choice between two laws put together as a brief for a board: what each does, costs and puts at stake, and on whose word."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from msgspec import Struct

from comity import __version__
from comity.decide.one import DECIDING
from comity.decide.words import EVIDENCE_WORDS
from comity.door.classified import UNKNOWN
from comity.door.funding_page import BREACHED, ELEMENTS, STATES
from comity.door.funding_view import ConditionView, Funding
from comity.door.incoming import name_of
from comity.law.in_force import in_force
from comity.law.library import Library
from comity.money.amount import percent, rounded
from comity.money.ranges import about, about_chance, about_money, exact_money, one_in
from comity.money.settlements import Settlement
from comity.reports.board import Said, Sums, payable
from comity.reports.brief import Brief
from comity.reports.weighed import Weighed
from comity.reports.weighed_page import ranged
from comity.reports.weighed_plot import curve_alone

CASES_MAX = 4
TITLE = "Immigration detainers: a choice between two laws"
QUESTION = (
    "{count} requests by immigration officers, put to two laws: {first}, and {second}. This page says what each law does with them, what"
    " that costs, which federal money stands behind the choice, and what places paid that held people unlawfully. It advises nothing."
)
PAYOUTS = (
    "Only if holds of this kind are found unlawful, and somebody sues. Each line says what the people held would come to at what one"
    " person came to in that case: no forecast, and no average."
)
OPEN_CHANCES = (
    "Whether the money can be lost at all is a question of law, and how likely that is nobody published; nor how often a hold leads to"
    " a payout. So no chance is put in: the picture shows all of them."
)
OPEN_PROGRAMMES = "What the county gets from each federal programme is not recorded here: all federal money in its budget is the most."
OPEN_PEOPLE = "What becomes of the people who are held, or let go, and of those who knew them, is not counted."


class Choice(Struct, frozen=True):
    """One of the two laws: its name for a board, and what is at stake under it."""

    name: str
    funding: Funding


def named_law(place: str, day: date, library: Library) -> str:
    """The instruments of a place that decide about a hold there on a day, by title; where there is none, its law."""
    stack = in_force(library, place, day)
    deciding = {own.instrument: None for own in stack.standing if own.action == "hold" and own.kind in DECIDING}
    titles = [stack.instruments[id].title for id in deciding if stack.instruments[id].jurisdiction == place]
    return " and ".join(titles) or f"the law of {day}"


def brief_of(own: Weighed, first: Choice, second: Choice, library: Library, note: str = "") -> Brief:
    """The page; `note` says what else is to be known of the requests."""
    where = library.gazetteer.places[own.place]
    days = tuple(law.rpartition("@")[2] for law in own.laws)
    svg, told = curve_alone(own)
    return Brief(
        TITLE,
        name_of(where, library),
        f"On the law of {days[0]} and of {days[1]}{f', as known on {own.known_on}' if own.known_on else ''}.",
        QUESTION.format(count=f"{own.counted.requests:,}", first=f"{first.name} ({days[0]})", second=f"{second.name} ({days[1]})"),
        ("", f"{first.name} ({days[0]})", f"{second.name} ({days[1]})"),
        tuple(_choices(own)),
        _note(own, note),
        tuple(_money(first.funding, second.funding)),
        ("Case, known by then" if own.known_on else "Case", "A person", f"{_people(own.sums[1])} people"),
        tuple(_liability(own)),
        PAYOUTS,
        _turn(own),
        svg,
        told,
        tuple(_open(own)),
        "; ".join(dict.fromkeys(_sources(own, first.funding))) + ".",
        f"Law version {own.law_version}. comity {__version__}, from {own.source}.",
    )


def _choices(own: Weighed) -> Iterable[tuple[str, str, str]]:
    one, other, _ = own.sums
    yield (f"People held past release, of {own.counted.requests:,}", *(ranged(sums.people, about) for sums in (one, other)))
    yield ("Days in jail", *(ranged(sums.days, about) for sums in (one, other)))
    for words, name in (("What those days cost", "cost"), ("What Washington pays of it", "charged"), ("What the county bears", "net")):
        yield (words, *(ranged(getattr(sums, name), about_money) for sums in (one, other)))


def _people(own: Sums) -> str:
    return about(own.people.middle)


def _note(own: Weighed, note: str) -> str:
    said = "In brackets, from the lowest to the highest of all that is not known."
    return f"{note} {said}".strip()


def _money(first: Funding, second: Funding) -> Iterable[str]:
    """What is at stake, each condition that bears on it that day under both laws, and what is said for and against it."""
    stake = second.stake
    if stake:
        share = f", {percent(stake.share_basis_points)}" if stake.share_basis_points is not None else ""
        whole = f" of a budget of {rounded(stake.total_cents)}" if stake.total_cents else ""
        yield f"At most {rounded(stake.federal_cents)} of federal money{whole}{share}."
    for id, own in second.conditions.items():
        yield _condition(own, first.conditions.get(id) or first.others[id])


def _condition(own: ConditionView, before: ConditionView) -> str:
    same = before.breached == own.breached
    breach = _breach(own.breached, "either law") if same else f"{_breach(before.breached, 'the first law')}, {_breach(own.breached, 'the second')}"
    return f"{own.title}: {STATES[own.state]}; {breach}. {_elements(own)}"


def _breach(breached: bool | str, by: str) -> str:
    return {True: f"breached by {by}", False: f"not breached by {by}", UNKNOWN: f"whether {by} breaches it is not known"}[breached]


def _elements(own: ConditionView) -> str:
    """Which way the recorded facts point, element by element."""
    against = [ELEMENTS[each.element].lower() for each in own.elements if each.facts == "against"]
    others = [ELEMENTS[each.element].lower() for each in own.elements if each.facts in ("for", "both")]
    parts = [f"all facts recorded speak against it on: {', '.join(against)}"] if against else []
    parts += [f"some speak for it on: {', '.join(others)}"] if others else []
    return f"{'; '.join(parts)[:1].upper()}{'; '.join(parts)[1:]}. Courts decide." if parts else ""


def _liability(own: Weighed) -> Iterable[tuple[str, str, str]]:
    _, second, _ = own.sums
    cases = sorted(own.inputs.settlements, key=lambda case: (case.a_person, case.name))
    for case in cases[:CASES_MAX]:
        held = about_money(payable(second.people, case.a_person).middle)
        yield f"{case.name}, {case.kind}", about_money(case.a_person), held


def _turn(own: Weighed) -> str:
    if own.turn is None:
        return "It turns nowhere: both laws hold the same people, or which holds more is not known."
    chance, stake = own.turn.chance, exact_money(Fraction(own.inputs.exposure.cents))
    more = {"first": ("second", "first"), "second": ("first", "second")}.get(own.turn.holds_more, ("one", "other"))
    rare = f" ({one_in(chance.middle)})" if 0 < chance.middle < 1 else ""
    return (
        f"Payouts left out, both laws cost the same where the chance of losing the {stake} under the {more[0]} law, and not under the"
        f" {more[1]}, is {about_chance(chance.middle)}{rare}. Over everything that is not known it lies between {about_chance(chance.low)} and"
        f" {about_chance(chance.high)}."
    )


def _open(own: Weighed) -> Iterable[str]:
    yield OPEN_CHANCES
    yield OPEN_PROGRAMMES
    yield OPEN_PEOPLE


def _sources(own: Weighed, funding: Funding) -> Iterable[str]:
    for figure in (own.inputs.days, own.inputs.cost, own.inputs.paid):
        yield from (_said(each) for each in figure.said)
    yield _said(own.inputs.exposure.said)
    yield from (_of_case(each) for each in own.inputs.settlements)
    for each in funding.conditions.values():
        yield f"{each.title}: {each.citation or each.by} ({EVIDENCE_WORDS[each.evidence]})"


def _said(own: Said) -> str:
    by = f"{own.source.source} ({EVIDENCE_WORDS[own.source.evidence]})" if own.source else f"given with {own.given}"
    return f"{own.words}: {by}"


def _of_case(own: Settlement) -> str:
    return f"{own.name}: {exact_money(Fraction(own.cents))}, {own.source.source} ({EVIDENCE_WORDS[own.source.evidence]})"
