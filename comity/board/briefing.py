"""A choice between two laws put together as a brief for a board: what each does, costs and puts at stake, and on whose word."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path

from comity.board.break_even import turns_at
from comity.board.brief_pdf import Brief
from comity.board.comparison import Weighed
from comity.board.figures import Bearing, Said, chosen, payable
from comity.board.page import ranged
from comity.board.plot import CURVE, curve_alone
from comity.decision.incoming import name_of
from comity.decision.page import EVIDENCE_WORDS
from comity.engine.questions.questions import DECIDING
from comity.law.in_force import in_force
from comity.law.library import Library
from comity.money.amount import percent, rounded
from comity.money.ranges import about, about_chance, about_money, exact_money, one_in
from comity.money.settlements import Settlement
from comity.version import VERSION

BASIS_POINTS = 10_000
TITLE = "Immigration detainers: a choice between two laws"
QUESTION = (
    "{count} requests by immigration officers, put to two laws: {first}, and {second}. This page says what each law does with them, what"
    " that costs, which federal money stands behind the choice, and what places paid that were sued for holds. It advises nothing."
)
NOTE = "In brackets, from the lowest to the highest of all that is not known."
PAYOUTS = (
    "Only if holds of this kind are found unlawful, and somebody sues. A line says what the people held would come to at what one person"
    " came to in that case (of several, the lowest, the middle and the highest): no forecast, and no average."
)
OPEN = (
    "Whether the money can be lost at all is a question of law, and how likely that is nobody published; nor how often a hold leads to"
    " a payout. So no chance is put in, and the picture shows all of them.",
    "What this place gets from each federal programme is not recorded here: all federal money in its budget is the most.",
    "What becomes of the people who are held, or let go, and of those who knew them, is not counted.",
)


def brief_of(own: Weighed, library: Library, note: str = "") -> Brief:
    """The page; `note` says what else is to be known of the requests."""
    first, second = (_named_law(law, library) for law in own.laws)
    svg, told = curve_alone(own)
    known = f", as known on {own.known_on}" if own.known_on else ""
    return Brief(
        TITLE,
        name_of(library.gazetteer.places[own.place], library),
        f"The law of {_day(own.laws[0])} and that of {_day(own.laws[1])}{known}.",
        QUESTION.format(count=f"{own.counted.requests:,}", first=first, second=second),
        ("", first, second),
        tuple(_choices(own)),
        f"{note} {NOTE}".strip(),
        tuple(_money(own)),
        ("Case, known by then" if own.known_on else "Case", "A person", f"{about(own.sums[1].people.middle)} people"),
        tuple(_liability(own)),
        PAYOUTS,
        turn_in_words(own),
        svg,
        told,
        CURVE if svg else "",
        OPEN,
        "; ".join(dict.fromkeys(_sources(own))) + ".",
        f"Law version {own.law_version}. comity {VERSION}, from {Path(own.source).name}.",
    )


def _day(law: str) -> str:
    return law.rpartition("@")[2]


def _named_law(law: str, library: Library) -> str:
    """The instruments of a place that decide about a hold there on a day, by title; where there is none, its law."""
    place, _, day = law.rpartition("@")
    path = library.gazetteer.canonical(place)
    stack = in_force(library, path, date.fromisoformat(day))
    deciding = {own.instrument: None for own in stack.standing if own.action == "hold" and own.kind in DECIDING}
    titles = [stack.instruments[id].title for id in deciding if stack.instruments[id].jurisdiction == path]
    titled = " and ".join(titles) or f"the law of {library.gazetteer.places[path].name}"
    return titled if day in titled else f"{titled} ({day})"


def _choices(own: Weighed) -> Iterable[tuple[str, str, str]]:
    one, other, _ = own.sums
    yield (
        f"People held past release, of {own.counted.requests:,}",
        ranged(one.people, about),
        ranged(other.people, about),
    )
    yield ("Days in jail", ranged(one.days, about), ranged(other.days, about))
    for words, name in (
        ("What those days cost", "cost"),
        ("What Washington pays of it", "charged"),
        ("What the county bears", "net"),
    ):
        yield (words, ranged(getattr(one, name), about_money), ranged(getattr(other, name), about_money))


def _money(own: Weighed) -> Iterable[str]:
    """What is at stake, and each condition that bears on it."""
    exposure = own.inputs.exposure
    share = f", {percent(round(exposure.share * BASIS_POINTS))} of the budget" if exposure.share is not None else ""
    beside = f" That is {own.share_beside}, which were about States." if own.share_beside else ""
    yield f"At most {rounded(exposure.cents)}{share}: all its federal money, whichever programmes a condition names.{beside}"
    yield from (_condition(each) for each in own.bearing)


def _condition(own: Bearing) -> str:
    same = own.first == own.second
    breach = f"either law: {own.first}" if same else f"the first law {own.first}, the second {own.second}"
    return f"{own.title}, {own.state}; {breach}. {own.facts}".strip()


def _liability(own: Weighed) -> Iterable[tuple[str, str, str]]:
    _, second, _ = own.sums
    for case in chosen(own.inputs.settlements):
        held = about_money(payable(second.people, case.a_person).middle)
        yield f"{case.name}, {case.kind}", about_money(case.a_person), held


def turn_in_words(own: Weighed) -> str:
    """Where the choice turns, in two sentences."""
    if own.turn is None:
        return "It turns nowhere: both laws hold the same people, or which holds more is not known."
    chance, stake = own.turn.chance, exact_money(Fraction(own.inputs.exposure.cents))
    less, more = ("first", "second") if own.turn.holds_more == "second" else ("second", "first")
    if chance.middle > 1:
        return f"It turns nowhere: under the {more} law holding costs more than the {stake} that could be lost."
    rare = f" ({one_in(chance.middle)})" if chance.middle else ""
    where = f"the chance of losing the {stake} under the {less} law, and not under the {more}, is {about_chance(chance.middle)}{rare}"
    ends = f"{turns_at(chance.low)} and {turns_at(chance.high)}"
    return f"Payouts left out, both laws cost the same where {where}. Over everything that is not known it lies between {ends}."


def _sources(own: Weighed) -> Iterable[str]:
    for figure in (own.inputs.days, own.inputs.cost, own.inputs.paid):
        yield from (_said(each) for each in figure.said)
    yield _said(own.inputs.exposure.said)
    yield from (_of_case(each) for each in chosen(own.inputs.settlements))
    yield from (f"{each.title}: {each.source}" for each in own.bearing)


def _said(own: Said) -> str:
    by = f"{own.source.source} ({EVIDENCE_WORDS[own.source.evidence]})" if own.source else f"given with {own.given}"
    return f"{own.words}: {by}"


def _of_case(own: Settlement) -> str:
    return (
        f"{own.name}: {exact_money(Fraction(own.cents))}, {own.source.source} ({EVIDENCE_WORDS[own.source.evidence]})"
    )
