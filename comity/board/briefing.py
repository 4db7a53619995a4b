"""Writes a choice between two laws as a brief for a board: what each law does, costs and puts at stake, with sources."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path

from comity.board.beside import Beside
from comity.board.break_even import format_break_even
from comity.board.brief_pdf import Brief
from comity.board.comparison import Choice
from comity.board.figures import ConditionComparison, SourcedValue, Sums, choose_cases, compute_payout
from comity.board.inputs import ALL_FEDERAL
from comity.board.plot import CURVE, outline_curve
from comity.board.sentences import (
    bottom_line,
    count_requests,
    describe_bounds,
    describe_scale,
    explain_no_break_even,
    format_range,
    format_rare,
)  # fmt: skip
from comity.decision.incoming import name_of
from comity.decision.words import EVIDENCE_WORDS
from comity.engine.questions.questions import DECIDING
from comity.intake.units import LOOKS_LIKE_COUNTS, REPEATED
from comity.law.in_force import in_force
from comity.law.library import Library
from comity.money.amount import basis_points, format_percent, format_published
from comity.money.ranges import format_about, format_about_money, format_chance, format_exact_money
from comity.money.settlements import Settlement
from comity.version import VERSION

TITLE = "Immigration detainers: a choice between two laws"
QUESTION = (
    "{count} by immigration officers, decided under two laws: {first}, and {second}. This page shows what each law does with"
    " them, what that costs, which federal money is at stake, and what other places paid after they were sued for holds. It gives no"
    " advice."
)
PAYOUTS = (
    "Only if holds of this kind are found unlawful and somebody sues. Each line shows what the people held would be paid at the rate of"
    " one case (the lowest, the middle and the highest, where there are several). It is not a forecast, and nothing is averaged."
)
UNKNOWNS = (
    "Whether the money can be lost at all is a question of law, and nobody has published how likely that is, or how often a hold leads"
    " to a payout. So no chance is assumed{picture}.",
    "What this place gets from each federal programme is not recorded here. All federal money in its budget is the most.",
    "What happens to the people who are held or released, and to those around them, is not counted.",
)


def build_brief(choice: Choice, library: Library, note: str = "", beside: Beside | None = None) -> Brief:
    """The brief; `note` says what else should be known about the requests, `beside` is context that was asked for."""
    beside = beside or Beside()
    first, second = (_name_law(law, library) for law in choice.laws)
    chart, description = outline_curve(choice)
    picture = ", and the picture shows all of them" if chart else ""
    known = f", as known on {choice.known_on}" if choice.known_on else ""
    people = format_about(_most_held(choice).people.middle)
    return Brief(
        title=TITLE,
        county=name_of(library.gazetteer.places[choice.place], library),
        dated=f"The law of {_day(choice.laws[0])} and that of {_day(choice.laws[1])}{known}.",
        bottom_line=bottom_line(choice, [_name_place(law, library) for law in choice.laws]),
        question=QUESTION.format(count=count_requests(choice), first=first, second=second),
        choices_head=("", first, second),
        choices=tuple(_choices(choice)),
        choices_note=" ".join(
            part for part in (note, *_odd_units(choice), describe_scale(choice), describe_bounds(choice)) if part
        ),
        money=tuple(_money(choice)),
        liability_head=(
            "Case, known by then" if choice.known_on else "Case",
            "A person",
            f"{people} {'person' if people == '1' else 'people'}",
        ),
        liability=tuple(_liability(choice)),
        liability_note=PAYOUTS,
        break_even=describe_break_even(choice),
        chart=chart,
        chart_description=description,
        chart_note=CURVE if chart else "",
        unknowns=tuple(words.replace("{picture}", picture) for words in UNKNOWNS),
        beside=beside.lines,
        beside_note=beside.note,
        sources="; ".join(dict.fromkeys((*_sources(choice), *beside.sources))) + ".",
        foot=f"Law version {choice.law_version}. comity {VERSION}, from {Path(choice.source).name}.",
    )


def _odd_units(choice: Choice) -> Iterable[str]:
    """What says that the rows of the table may be no requests, or not one each."""
    for code in (LOOKS_LIKE_COUNTS, REPEATED):
        if code in choice.findings:
            count = choice.findings[code]
            yield f"In {count:,} {'row' if count == 1 else 'rows'} the table looks odd; {choice.examples[code]}."


def _day(law: str) -> str:
    return law.rpartition("@")[2]


def _name_place(law: str, library: Library) -> str:
    return name_of(library.gazetteer.places[library.gazetteer.canonical(law.rpartition("@")[0])], library)


def _name_law(law: str, library: Library) -> str:
    """The titles of the instruments of a place that decide about a hold there on a day; where there is none, its law."""
    place, _, day = law.rpartition("@")
    path = library.gazetteer.canonical(place)
    stack = in_force(library, path, date.fromisoformat(day))
    rules = [rule for rule in stack.standing if rule.action == "hold" and rule.kind in DECIDING]
    instruments = [stack.instruments[id] for id in dict.fromkeys(rule.instrument for rule in rules)]
    titles = [instrument.title for instrument in instruments if instrument.jurisdiction == path]
    name = " and ".join(titles) or f"the law of {library.gazetteer.places[path].name}"
    return name if day in name else f"{name} ({day})"


def _choices(choice: Choice) -> Iterable[tuple[str, str, str]]:
    first, second, _ = choice.sums
    of_table = ""
    if choice.inputs.requests:
        rows = choice.counted.requests
        of_table = f", as in {f'the {rows:,} requests' if rows != 1 else 'the one request'} of the table"
    label = f"People held past release, of {count_requests(choice).replace(' requests', '').replace(' request', '')}{of_table}"
    yield label, format_range(first.people, format_about), format_range(second.people, format_about)
    yield "Days in jail", format_range(first.days, format_about), format_range(second.days, format_about)
    for label, name in (
        ("Cost of those days", "cost"),
        ("Paid by the federal government", "charged"),
        ("Borne by the county", "net"),
    ):
        before, after = (format_range(getattr(sums, name), format_about_money) for sums in (first, second))
        yield label, before, after


def _money(choice: Choice) -> Iterable[str]:
    """What is at stake, and each condition that applies."""
    exposure = choice.inputs.exposure
    points = None if exposure.share is None else basis_points(exposure.share)
    share = "" if points is None else f", {format_percent(points)} of the budget"
    compared = f" That is {choice.share_comparison}, which were about States." if choice.share_comparison else ""
    amount = format_published(exposure.cents)
    what = "all its federal money, whichever programmes a condition names"
    yield f"At most {amount}{share}: {what if exposure.condition == ALL_FEDERAL else exposure.condition}.{compared}"
    yield from (_condition(condition) for condition in choice.conditions)


def _condition(condition: ConditionComparison) -> str:
    first, second = condition.first, condition.second
    breach = f"either law: {first}" if first == second else f"the first law {first}, the second {second}"
    return f"{condition.title}, {condition.state}; {breach}. {condition.facts}".strip()


def _most_held(choice: Choice) -> Sums:
    """The totals under the law that holds more people; under the second where both hold the same."""
    first, second, _ = choice.sums
    return first if first.people.middle > second.people.middle else second


def _liability(choice: Choice) -> Iterable[tuple[str, str, str]]:
    people = _most_held(choice).people
    for case in choose_cases(choice.inputs.settlements):
        payout = format_about_money(compute_payout(people, case.a_person).middle)
        yield f"{case.name}, {case.kind}", format_about_money(case.a_person), payout


def describe_break_even(choice: Choice) -> str:
    """The break-even chance, in two sentences."""
    break_even = choice.break_even
    if break_even is None:
        return explain_no_break_even(choice)
    chance, stake = break_even.chance, format_exact_money(Fraction(choice.inputs.exposure.cents))
    less, more = ("first", "second") if break_even.holds_more == "second" else ("second", "first")
    if chance.middle == 0 and choice.sums[2].net.middle:
        return (
            "There is no break-even: without payouts, the federal government pays more than the holds cost, so the"
            f" {more} law is the cheaper one whatever the chance of losing the {stake} under the {less} law."
        )
    if chance.middle > 1:
        return f"There is no break-even: under the {more} law, holding costs more than the {stake} that could be lost."
    low, high = format_break_even(chance.low), format_break_even(chance.high)
    return (
        f"Without payouts, both laws cost the same if the chance of losing the {stake} under the {less} law, and not under the {more},"
        f" is {format_chance(chance.middle)}{format_rare(chance.middle)}. Across everything that is not known, it lies between {low} and"
        f" {high}."
    )


def _sources(choice: Choice) -> Iterable[str]:
    inputs = choice.inputs
    if inputs.requests:
        yield _sourced(inputs.requests)
    for figure in (inputs.days, inputs.cost, inputs.paid):
        yield from (_sourced(value) for value in figure.values)
    yield _sourced(inputs.exposure.value)
    yield from (_case(case) for case in choose_cases(inputs.settlements))
    yield from (f"{condition.title}: {condition.source}" for condition in choice.conditions)


def _sourced(value: SourcedValue) -> str:
    source = value.source
    if source:
        return f"{value.words}: {source.source} ({EVIDENCE_WORDS[source.evidence]})"
    return f"{value.words}: {value.county.words}" if value.county else value.words


def _case(case: Settlement) -> str:
    source = f"{case.source.source} ({EVIDENCE_WORDS[case.source.evidence]})"
    return f"{case.name}: {format_exact_money(Fraction(case.cents))}, {source}"
