"""A choice between two laws as a page for a board: what is known, within which bounds, by which source, and the break-even.

Nothing here gives advice. Derived figures have two significant digits; published ones are shown as they were published.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from fractions import Fraction

from comity.board.break_even import (
    BreakEven,
    Driver,
    break_even_chance,
    format_break_even,
    rank_drivers,
)
from comity.board.comparison import SHARES, Choice
from comity.board.figures import Figure, SourcedValue, choose_cases, compute_payout
from comity.board.sentences import (
    MORE_THAN_A_YEAR,
    bottom_line,
    covers_more_than_a_year,
    describe_bounds,
    describe_scale,
    explain_no_break_even,
    format_people,
    format_range,
    format_rare,
    label_laws,
)  # fmt: skip
from comity.intake.lines_read import describe_reading
from comity.money.ranges import (
    Span,
    format_about,
    format_about_money,
    format_chance,
    format_exact_money,
)
from comity.money.settlements import Settlement
from comity.period import LAST_DAY
from comity.present.page import Block, Heading, Table, Text

REFUSED_SHOWN = 5
LEFT_OPEN = "where the law leaves the choice to somebody, either."
UNDECIDED_WORDS = {
    "either": "Where no rule applies, or the law leaves the choice to somebody, a person may be held or not, alike under both laws.",
    "held": f"Where no rule applies, people are assumed to be held; {LEFT_OPEN}",
    "not-held": f"Where no rule applies, people are assumed not to be held; {LEFT_OPEN}",
}
NAMES = {
    "people": "additional people held", "days": "days a hold", "cost": "cost of a day",
    "paid": "federal payment for a day", "payout": "payout for each person held", "stake": "federal money at stake",
}  # fmt: skip
LIABILITY = (
    "These payouts arise only if holds of this kind are found unlawful and somebody sues. No chance of that has been published, so none "
    "is assumed. Each line shows what the people held would be paid at the rate of one case, for a person or for a day. It is not a "
    "forecast, and nothing is averaged."
)
NOT_COUNTED = (
    "What law may impose on a place that does not hold, such as fines or the loss of state money.",
    "What a court may say about a condition itself: comity funding lists the facts for and against each.",
    "What happens to the people who are held or released, and to those around them.",
)


def page_of(choice: Choice, names: Sequence[str] = ()) -> list[Block]:
    """The whole page; `names` are the names of the two places in words."""
    return [
        *_head(choice, names), Heading("People, days and cost"), *_cost(choice, names), Heading("Payouts"), *_payouts(choice),
        Heading("Federal money at stake"), *_stake(choice), Heading("Break-even"), *_break_even(choice),
        Heading("Inputs and sources"), *_sources(choice), Heading("Not counted here"),
        *(Text(words, "", 1, "-") for words in NOT_COUNTED), *_refused(choice), *_odd(choice),
    ]  # fmt: skip


def _head(choice: Choice, names: Sequence[str]) -> Iterable[Block]:
    requests = choice.counted.requests
    laws = [law.partition("@") for law in choice.laws]
    first, second = (f"{name or place}, {day}" for name, (place, _, day) in zip(names or ("", ""), laws, strict=True))
    yield Heading(f"{requests:,} {'request' if requests == 1 else 'requests'}: a choice between two laws", 1)
    yield Text(bottom_line(choice, names), "strong")
    yield Text("")
    yield Text(f"First law: {first}. Second law: {second}. Law version {choice.law_version}.", "quiet")
    received = f", received from {choice.span[0]} to {choice.span[1]}" if choice.span else ""
    rows = f"{choice.rows:,} {'row' if choice.rows == 1 else 'rows'}, {requests:,} counted{received}; {len(choice.refused):,} refused."
    yield Text(f"{choice.source}: {rows}", "quiet")
    yield from (Text(sentence, "quiet") for sentence in describe_reading(choice.reading))
    figures = f"Prices, budget and days are those of {choice.place} on {choice.on}."
    yield Text(f"{figures} {UNDECIDED_WORDS[choice.undecided]}", "quiet")
    if covers_more_than_a_year(choice):
        yield Text(MORE_THAN_A_YEAR, "open")
    if choice.inputs.requests:
        yield Text(describe_scale(choice), "open")
    for fact, value in choice.assumed.items():
        yield Text(f"Assumed where a row does not say: {fact} = {value}.", "open")
    for fact, value in choice.of_place.items():
        yield Text(f"Known of a place: {fact} = {value}.", "quiet")
    for pairs, count in choice.pairs.items():
        yield Text(f"Holds, {pairs}: {count:,}", "", 1, "-")


def _cost(choice: Choice, names: Sequence[str]) -> Iterable[Block]:
    first, second, more = choice.sums
    rows = [("people held", *(format_people(sums.people) for sums in choice.sums))]
    rows += [("days held", *(format_range(sums.days, format_about) for sums in choice.sums))]
    for words, name in (
        ("cost", "cost"),
        ("charged to the federal government", "charged"),
        ("cost to the county", "net"),
    ):
        rows.append((words, *(format_range(getattr(sums, name), format_about_money) for sums in (first, second, more))))
    heads = [label.removeprefix("the ") for label in label_laws(choice, names)]
    yield Table(("", *heads, "second minus first"), tuple(rows), ("", "", "", "strong"))
    yield Text(describe_bounds(choice, year=False), "quiet")


def _payouts(choice: Choice) -> Iterable[Block]:
    yield Text(LIABILITY)
    settlements = choice.inputs.settlements
    if not settlements:
        yield Text(f"No case decided by {choice.known_on} was published.", "open")
        return
    first, second, _ = choice.sums
    rows = []
    for case in sorted(settlements, key=lambda case: case.a_person):
        by_person = _payout_cells([first.people, second.people], case.a_person)
        rows.append((case.name, f"{format_about_money(case.a_person)} a person", *by_person, _mark(case, choice)))
        if case.a_day is not None:
            by_day = _payout_cells([first.days, second.days], case.a_day)
            rows.append(("", f"{format_about_money(case.a_day)} a day", *by_day, ""))
    yield Table(("case", "paid", "under the first", "under the second", "of them"), tuple(rows))
    if not all(case.known_on(choice.on) for case in settlements):
        words = f"Later: decided after {choice.on}, so not known then. A comparison as known on a day leaves such cases out."
        yield Text(words, "quiet")


def _payout_cells(spans: Iterable[Span], cents: Fraction) -> list[str]:
    return [format_range(compute_payout(span, cents), format_about_money) for span in spans]


def _mark(case: Settlement, choice: Choice) -> str:
    """Whether a case is the lowest, the middle or the highest, and whether it was decided after the day of the choice."""
    cases = choose_cases(choice.inputs.settlements)
    words = {cases[0]: "lowest", cases[-1]: "highest"} | ({cases[1]: "middle"} if len(cases) > 2 else {})
    later = "" if case.known_on(choice.on) else "later"
    return ", ".join(part for part in (words.get(case, ""), later) if part)


def _stake(choice: Choice) -> Iterable[Block]:
    exposure = choice.inputs.exposure
    share = f", {format_chance(exposure.share)} of the budget" if exposure.share is not None else ""
    least = f"From {format_exact_money(Fraction(exposure.least))} " if exposure.least else ""
    most = format_exact_money(Fraction(exposure.cents))
    yield Text(f"{least}{'up' if least else 'Up'} to {most}{share}.", "strong")
    yield Text(f"{exposure.condition[:1].upper()}{exposure.condition[1:]}.")
    if choice.share_comparison:
        words = f"That share is {choice.share_comparison}. Those were budgets of States, and the courts drew no line."
        yield Text(words, "quiet")
    for condition in choice.conditions:
        breach = f"First law: {condition.first}; second law: {condition.second}."
        words = f"{condition.title}: {condition.state}. Demands: {condition.demands} {breach} {condition.facts}"
        yield Text(words, "", 1, "-")


def _break_even(choice: Choice) -> Iterable[Block]:
    break_even = choice.break_even
    if break_even is None:
        yield Text(explain_no_break_even(choice), "strong")
        return
    low, high = format_break_even(break_even.chance.low), format_break_even(break_even.chance.high)
    yield Text(describe_break_even(break_even), "strong")
    yield Text(
        f"Across everything that is not known, the break-even chance lies between {low} and {high}. The highest assumes that each "
        "person held is paid the highest published sum. Whether the money can be lost is a question of law."
    )
    if break_even.chance.high > 1:
        yield Text('"No chance" means that holding costs more than could be lost.', "quiet")
    yield from _curve(choice)
    yield Heading("What affects the break-even chance")
    rows = [
        (NAMES[driver.name], *format_ends(driver), format_break_even(driver.low), _high(driver))
        for driver in rank_drivers(choice.counted, choice.inputs)
    ]
    yield Table(("one input alone", "lowest", "highest", "break-even from", "to"), tuple(rows))


def _curve(choice: Choice) -> Iterable[Block]:
    cases = choose_cases(choice.inputs.settlements)
    if not cases:
        return
    rows = [(format_chance(share), *(format_case_chance(choice, case, share) for case in cases)) for share in SHARES]
    yield Text("")
    yield Text("The break-even chance, by the share of holds that lead to a payout as large as in a case:")
    yield Table(("of the holds", *(case.name for case in cases)), tuple(rows))


def format_case_chance(choice: Choice, case: Settlement, share: Fraction) -> str:
    """The break-even chance if a share of the holds leads to a payout as large as for a person in a case."""
    return format_break_even(break_even_chance(choice.counted, choice.inputs, payout=case.a_person, share=share))


def describe_break_even(break_even: BreakEven) -> str:
    """The break-even chance in a sentence."""
    more, less = break_even.holds_more, "first" if break_even.holds_more == "second" else "second"
    chance = break_even.chance.middle
    if chance > 1:
        return f"Holding under the {more} law costs more than the federal money at stake, so there is no break-even chance."
    if chance == 0:
        return (
            f"Holding under the {more} law costs the county nothing, so any chance of losing the federal money under the {less} law "
            f"makes the {more} law the cheaper one."
        )
    return (
        f"Without payouts, both laws cost the same if the chance of losing the federal money under the {less} law, and not under the "
        f"{more}, is {format_chance(chance)}{format_rare(chance)}."
    )


def format_ends(driver: Driver) -> tuple[str, str]:
    """The lowest and the highest value of an input in words."""
    low, high = driver.at.low, driver.at.high
    if driver.name == "stake":
        return format_exact_money(low) if driver.high is not None else "not known", format_exact_money(high)
    if driver.name in ("people", "days"):
        return format_about(low), format_about(high)
    return format_about_money(low), format_about_money(high)


def _high(driver: Driver) -> str:
    return format_break_even(driver.high) if driver.high is not None else "no bound: it rises as less is at stake"


def _sources(choice: Choice) -> Iterable[Block]:
    inputs = choice.inputs
    if inputs.requests:
        yield Text(_sourced(inputs.requests), label="Requests:")
    yield from _figure("Days a hold:", inputs.days)
    yield from _figure("Cost of a day:", inputs.cost)
    yield from _figure("Federal payment:", inputs.paid)
    yield Text(_sourced(inputs.exposure.value), label="At stake:")
    for case in sorted(inputs.settlements, key=lambda case: case.a_person):
        amount = format_exact_money(Fraction(case.cents))
        yield Text(f"{case.name}: {amount}, {case.kind}, {case.decided}. {case.source.words}.", label="Payout:")


def _figure(name: str, figure: Figure) -> Iterable[Block]:
    for value in figure.values:
        yield Text(_sourced(value), label=name)


def _sourced(value: SourcedValue) -> str:
    if value.source is None:
        return f"{value.words}, {value.county.words}." if value.county else f"{value.words}."
    until = "" if value.until is None or value.until == LAST_DAY else f" to {value.until - timedelta(1)}"
    return f"{value.words}, from {value.since}{until}. {value.source.words}."


def _refused(choice: Choice) -> Iterable[Block]:
    refused = choice.refused
    if refused:
        yield Heading(f"{len(refused):,} {'row' if len(refused) == 1 else 'rows'} refused")
        yield from (Text(f"{row.message} [{row.code}]", label=f"row {row.row}:") for row in refused[:REFUSED_SHOWN])
        if len(refused) > REFUSED_SHOWN:
            yield Text(f"and {len(refused) - REFUSED_SHOWN:,} more; the JSON document lists all", "quiet")


def _odd(choice: Choice) -> Iterable[Block]:
    """What was odd or not understood, with the first row of each as an example; the rows refused are shown before."""
    odd = {code: count for code, count in choice.findings.items() if code not in {row.code for row in choice.refused}}
    if odd:
        yield Heading("What was odd or not understood")
        rows = tuple((f"{count:,}", code, choice.examples.get(code, "")) for code, count in odd.items())
        yield Table(("Rows", "Finding", "For example"), rows)
