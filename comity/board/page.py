"""A choice between two laws as a page for a board: what is known, between which bounds, on whose word, and where it turns.

Nothing here advises. Derived figures have two digits that count, published ones stand as they were published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from fractions import Fraction

from comity.board.break_even import Driver, Turn, chance_at, drivers_of, turns_at, which_holds_more
from comity.board.comparison import SHARES, Weighed
from comity.board.figures import Figure, Said, Sums, chosen, payable
from comity.money.ranges import Span, about, about_chance, about_money, exact_money, one_in
from comity.money.settlements import Settlement
from comity.period import LAST_DAY
from comity.present.page import Block, Heading, Table, Text

REFUSED_SHOWN, RARE, DAYS_A_YEAR = 5, Fraction(1, 5), 366
UNDECIDED_WORDS = {
    "either": "Where no law decides, or law leaves it to somebody, a person may be held or not; under both laws alike.",
    "held": "Where no law decides, people are taken to be held; where law leaves it to somebody, either.",
    "not-held": "Where no law decides, people are taken not to be held; where law leaves it to somebody, either.",
}
NAMES = {
    "people": "people held more", "days": "days a hold", "cost": "what a day costs", "paid": "what Washington pays for a day",
    "payout": "payouts for each person held", "stake": "federal money at stake",
}  # fmt: skip
LIABILITY = (
    "Only if holds of this kind are found unlawful, and somebody sues. Nobody published a chance of that, so none is put in: each line "
    "says what the people held would come to at what a person, or a day, came to in one case. It is no forecast and no average."
)
NOT_COUNTED = (
    "What law may lay on a place that does not hold, as fines or the loss of state money.",
    "What a court may say of a condition itself: comity funding sets out what speaks for and against each.",
    "What becomes of the people who are held, or let go, and of those who knew them.",
)


def page_of(own: Weighed, names: Sequence[str] = ()) -> list[Block]:
    """The whole of it; `names` are those of the two places in words."""
    return [
        *_head(own, names), Heading("People, days and cost"), *_cost(own), Heading("Payouts"), *_payouts(own),
        Heading("Federal money at stake"), *_stake(own), Heading("Where the choice turns"), *_turn(own),
        Heading("What goes into this"), *_sources(own), Heading("Not counted here"),
        *(Text(words, "", 1, "-") for words in NOT_COUNTED), *_refused(own),
    ]  # fmt: skip


def _head(own: Weighed, names: Sequence[str]) -> Iterable[Block]:
    laws = [law.partition("@") for law in own.laws]
    first, second = (f"{name or place}, {day}" for name, (place, _, day) in zip(names or ("", ""), laws, strict=True))
    yield Heading(f"{own.counted.requests:,} requests: a choice between two laws", 1)
    yield Text(f"First the law of {first}; second that of {second}. Law version {own.law_version}.", "quiet")
    received = f", received from {own.span[0]} to {own.span[1]}" if own.span else ""
    yield Text(
        f"{own.source}: {own.rows:,} rows, {own.counted.requests:,} counted{received}; {len(own.refused):,} refused.",
        "quiet",
    )
    yield Text(
        f"Prices, budget and days are those of {own.place} on {own.on}. {UNDECIDED_WORDS[own.undecided]}", "quiet"
    )
    if own.span and own.inputs.scale == 1 and (own.span[1] - own.span[0]).days > DAYS_A_YEAR:
        yield Text(
            "The requests are of more than a year, the budget is that of one: --requests says how many a year there are.",
            "open",
        )
    if own.inputs.scale != 1:
        yield Text(
            f"The table stands for {own.counted.requests * own.inputs.scale} requests; all below is for so many.",
            "open",
        )
    yield from (
        Text(f"Assumed where a row does not say: {fact} = {value}.", "open") for fact, value in own.assumed.items()
    )
    yield from (Text(f"Known of a place: {fact} = {value}.", "quiet") for fact, value in own.of_place.items())
    yield from (Text(f"Holds, {pairs}: {count:,}", "", 1, "-") for pairs, count in own.pairs.items())


def _cost(own: Weighed) -> Iterable[Block]:
    first, second, more = own.sums
    rows = [("people held", *(_people(sums) for sums in own.sums))]
    rows += [("days held", *(ranged(sums.days, about) for sums in own.sums))]
    for words, name in (("cost", "cost"), ("charged to Washington", "charged"), ("cost to the county", "net")):
        rows.append((words, *(ranged(getattr(sums, name), about_money) for sums in (first, second, more))))
    days = [law.rpartition("@")[2] for law in own.laws]
    heads = [f"law of {day}" for day in days] if days[0] != days[1] else ["first law", "second law"]
    yield Table(("", *heads, "the second more"), tuple(rows), ("", "", "", "strong"))
    halfway = (
        ""
        if all(sums.people.known for sums in own.sums)
        else " Where it is not known how many are held, the middle is halfway."
    )
    yield Text(
        f"In brackets from the lowest to the highest of all combinations of what is not known.{halfway}", "quiet"
    )


def _people(sums: Sums) -> str:
    low, high = (f"{int(end):,}" if end.denominator == 1 else about(end) for end in (sums.people.low, sums.people.high))
    return low if low == high else f"{low} to {high}"


def ranged(span: Span, words: Callable[[Fraction], str]) -> str:
    """A figure with its bounds in brackets, where they do not come to the same words."""
    middle, low, high = words(span.middle), words(span.low), words(span.high)
    return f"{middle}" if low == high else f"{middle} ({low} to {high})"


def _payouts(own: Weighed) -> Iterable[Block]:
    yield Text(LIABILITY)
    if not own.inputs.settlements:
        yield Text(f"No case that had come about by {own.known_on} was published.", "open")
        return
    first, second, _ = own.sums
    rows = []
    for case in sorted(own.inputs.settlements, key=lambda case: case.a_person):
        told = [ranged(payable(sums.people, case.a_person), about_money) for sums in (first, second)]
        rows.append((case.name, f"{about_money(case.a_person)} a person", *told, _mark(case, own)))
        if case.a_day is not None:
            by_day = [ranged(payable(sums.days, case.a_day), about_money) for sums in (first, second)]
            rows.append(("", f"{about_money(case.a_day)} a day", *by_day, ""))
    yield Table(("case", "came to", "under the first", "under the second", "of them"), tuple(rows))
    if not all(case.known_on(own.on) for case in own.inputs.settlements):
        yield Text(
            f"Later: came about after {own.on}, and could not be known then; --known-on leaves such cases out.", "quiet"
        )


def _mark(case: Settlement, own: Weighed) -> str:
    """Whether it is the lowest, the middle or the highest, and whether it could be known on the day of the choice."""
    three = chosen(own.inputs.settlements)
    words = {three[0]: "lowest", three[-1]: "highest"} | ({three[1]: "middle"} if len(three) > 2 else {})
    later = "" if case.known_on(own.on) else "later"
    return ", ".join(part for part in (words.get(case, ""), later) if part)


def _stake(own: Weighed) -> Iterable[Block]:
    exposure = own.inputs.exposure
    share = f", {about_chance(exposure.share)} of the budget" if exposure.share is not None else ""
    least = f"From {exact_money(Fraction(exposure.least))} " if exposure.least else ""
    yield Text(f"{least}{'up' if least else 'Up'} to {exact_money(Fraction(exposure.cents))}{share}.", "strong")
    yield Text(f"{exposure.condition[:1].upper()}{exposure.condition[1:]}.")
    if own.share_beside:
        yield Text(f"That share is {own.share_beside}: those were budgets of States, and no line was drawn.", "quiet")
    for one in own.bearing:
        breach = f"First law: {one.first}; second law: {one.second}."
        yield Text(f"{one.title}: {one.state}. Demands: {one.demands} {breach} {one.facts}", "", 1, "-")


def _turn(own: Weighed) -> Iterable[Block]:
    turn = own.turn
    if turn is None:
        yield Text(_no_turn(own), "strong")
        return
    yield Text(turn_words(turn), "strong")
    yield Text(
        f"Over everything that is not known it lies between {turns_at(turn.chance.low)} and {turns_at(turn.chance.high)}: the "
        "highest is where each person held is paid the highest sum that was published. Whether the money can be lost is a question of law."
    )
    if turn.chance.high > 1:
        yield Text("No chance: what holding comes to is more than could be lost.", "quiet")
    cases = chosen(own.inputs.settlements)
    if cases:
        rows = [
            (
                about_chance(share),
                *(turns_at(chance_at(own.counted, own.inputs, case.a_person, share)) for case in cases),
            )
            for share in SHARES
        ]
        yield Text("")
        yield Text("Where it turns, if so many of the holds lead to a payout of the size of a case:")
        yield Table(("of the holds", *(case.name for case in cases)), tuple(rows))
    yield Heading("What drives it")
    rows_ = [
        (NAMES[one.name], *ends_of(one), turns_at(one.low), _high(one)) for one in drivers_of(own.counted, own.inputs)
    ]
    yield Table(("one input alone", "lowest", "highest", "it turns from", "to"), tuple(rows_))


def turn_words(turn: Turn) -> str:
    """Where it turns, in a sentence."""
    other = "first" if turn.holds_more == "second" else "second"
    if turn.chance.middle > 1:
        return f"Holding by the {turn.holds_more} law costs more than the federal money comes to: the choice turns at no chance of a loss."
    if turn.chance.middle == 0:
        return f"Holding by the {turn.holds_more} law costs the county nothing: any chance of losing the federal money turns the choice."
    rarely = f" ({one_in(turn.chance.middle)})" if turn.chance.middle <= RARE else ""
    return (
        f"Payouts left out, both laws cost the same where the chance of losing the federal money under the {other} law, and not under the "
        f"{turn.holds_more}, is {about_chance(turn.chance.middle)}{rarely}."
    )


def _no_turn(own: Weighed) -> str:
    match which_holds_more(own.counted.more):
        case "neither":
            return "Both laws hold the same people: between them there is nothing to weigh."
        case "open":
            return "Which law holds more people turns on facts that are not known, so there is no one chance at which the choice turns."
        case _:
            return "No federal money is at stake, so there is nothing to set against what the holds cost."


def ends_of(one: Driver) -> tuple[str, str]:
    """The lowest and the highest of an input in words."""
    if one.name == "stake":
        return exact_money(one.at.low) if one.high is not None else "not known", exact_money(one.at.high)
    if one.name in ("people", "days"):
        return about(one.at.low), about(one.at.high)
    return about_money(one.at.low), about_money(one.at.high)


def _high(one: Driver) -> str:
    return turns_at(one.high) if one.high is not None else "no bound: the less is at stake, the higher"


def _sources(own: Weighed) -> Iterable[Block]:
    inputs = own.inputs
    for name, figure in (
        ("Days a hold:", inputs.days),
        ("A day costs:", inputs.cost),
        ("Washington pays:", inputs.paid),
    ):
        yield from _figure(name, figure)
    yield Text(_words(inputs.exposure.said), label="At stake:")
    for case in sorted(inputs.settlements, key=lambda case: case.a_person):
        what = f"{case.name}: {exact_money(Fraction(case.cents))}, {case.kind}, {case.decided}. {case.source.words}."
        yield Text(what, label="Payout:")


def _figure(name: str, figure: Figure) -> Iterable[Block]:
    for said in figure.said:
        yield Text(_words(said), label=name)


def _words(said: Said) -> str:
    if said.source is None:
        return f"{said.words}, given with {said.given}."
    until = "" if said.until is None or said.until == LAST_DAY else f" to {said.until - timedelta(1)}"
    return f"{said.words}, from {said.since}{until}. {said.source.words}."


def _refused(own: Weighed) -> Iterable[Block]:
    if own.refused:
        yield Heading(f"{len(own.refused):,} {'row' if len(own.refused) == 1 else 'rows'} refused")
        yield from (Text(f"{row.message} [{row.code}]", label=f"row {row.row}:") for row in own.refused[:REFUSED_SHOWN])
        if len(own.refused) > REFUSED_SHOWN:
            yield Text(f"and {len(own.refused) - REFUSED_SHOWN:,} more; --json gives all", "quiet")
