"""The sentences of a choice between two laws that its page and its brief share: the bottom line, the scale, and own figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from comity.board.break_even import compare_held
from comity.board.comparison import Choice
from comity.board.figures import Sums, compute_sums
from comity.money.amount import format_published
from comity.money.ranges import Span, format_about, format_about_money, format_chance, format_odds

RARE, DAYS_A_YEAR = Fraction(1, 5), 366
BOUNDS = "Brackets give the lowest and the highest result over all combinations of what is not known."
HALFWAY = "Where the number of people held is not known, the middle is halfway between the lowest and the highest."
MORE_THAN_A_YEAR = "The requests cover more than a year and the budget covers one: give the number of requests a year."


def bottom_line(choice: Choice, names: Sequence[str] = ()) -> str:
    """The result in one sentence: whom the laws hold, what the difference costs, and when that is the cheaper choice.

    `names` are the names of the places of the two laws in words.
    """
    laws, requests = label_laws(choice, names), count_requests(choice)
    holds_more = compare_held(choice.counted.more)
    first, second, _ = (format_people(sums.people) for sums in choice.sums)
    if holds_more == "neither":
        held = first if first == second else f"{first} or {second}"
        return f"Of {requests}, both laws hold the same people ({held}), so the choice makes no difference to what holds cost."
    if holds_more == "open":
        return (
            f"Which law holds more people cannot be said, because it depends on facts that are not known: of {requests}, "
            f"{laws[0]} holds {first} and {laws[1]} holds {second}."
        )
    more, less = (laws[1], laws[0]) if holds_more == "second" else laws
    extra = compute_sums(choice.counted.more if holds_more == "second" else choice.counted.more.reversed, choice.inputs)
    people = f"{format_people(extra.people)} more {'person' if extra.people.high == 1 else 'people'}"
    return f"Of {requests}, {more} holds {people} than {less}, {_consequence(choice, extra)}."


def _consequence(choice: Choice, extra: Sums) -> str:
    """What the additional holds cost, and from which chance of losing federal money on that is the cheaper choice."""
    net, break_even = extra.net, choice.break_even
    cost = f"at a cost to the county of {format_range(net, format_about_money)}"
    if net.middle == 0:
        cost = f"at no cost to the county{_bounds_in_brackets(net)}"
    elif net.middle < 0:
        gain = Span(-net.high, -net.middle, -net.low)
        cost = f"and the federal government pays {format_range(gain, format_about_money)} more than that costs"
    stake = format_published(choice.inputs.exposure.cents)
    if break_even is None:
        return f"{cost}; no federal money is at stake"
    chance = break_even.chance.middle
    if chance > 1:
        return f"{cost}, which is more than the {stake} in federal money that could be lost"
    if net.middle < 0:
        return f"{cost}; payouts aside, it is the cheaper law, whatever the chance of losing {stake} in federal money"
    if not chance:
        return f"{cost}; payouts aside, it is the cheaper law if the other adds any chance of losing {stake} in federal money"
    return (
        f"{cost}; payouts aside, it is the cheaper law only if the other adds a chance above {format_chance(chance)}"
        f"{format_rare(chance)} of losing {stake} in federal money"
    )


def _bounds_in_brackets(span: Span) -> str:
    return "" if span.known else f" ({format_about_money(span.low)} to {format_about_money(span.high)})"


def label_laws(choice: Choice, names: Sequence[str] = ()) -> tuple[str, str]:
    """What a sentence calls the two laws: by their days, by their places where these differ, or both."""
    places, days = zip(*(law.rpartition("@")[::2] for law in choice.laws), strict=True)
    words = [name or place for name, place in zip(names or ("", ""), places, strict=True)]
    if places[0] == places[1]:
        return (
            (f"the law of {days[0]}", f"the law of {days[1]}")
            if days[0] != days[1]
            else ("the first law", "the second law")
        )
    ends = [f" on {day}" if days[0] != days[1] else "" for day in days]
    return f"the law of {words[0]}{ends[0]}", f"the law of {words[1]}{ends[1]}"


def count_requests(choice: Choice) -> str:
    """`2 requests`, or `400 requests a year` where the table stands for that many."""
    counted, scale = choice.counted.requests, choice.inputs.scale
    number = counted * scale
    word = "request" if number == 1 else "requests"
    return f"{int(number):,} {word} a year" if choice.inputs.requests else f"{int(number):,} {word}"


def describe_scale(choice: Choice) -> str:
    """How the figures were scaled from the rows of the table; empty where they were not."""
    if not choice.inputs.requests:
        return ""
    rows = f"the {choice.counted.requests:,} requests" if choice.counted.requests != 1 else "the one request"
    return f"The table stands for {count_requests(choice)}: every figure is for that many, in the proportions of {rows} of the table."


def describe_bounds(choice: Choice, *, year: bool = True) -> str:
    """What the brackets and middle values mean; with `year`, also whether the requests should have been scaled to a year."""
    parts = [BOUNDS]
    parts += [] if all(sums.people.known for sums in choice.sums) else [HALFWAY]
    parts += [MORE_THAN_A_YEAR] if year and covers_more_than_a_year(choice) else []
    return " ".join(parts)


def covers_more_than_a_year(choice: Choice) -> bool:
    """Whether the requests cover more than a year, and nobody said how many there are in one."""
    days = (choice.span[1] - choice.span[0]).days if choice.span else 0
    return not choice.inputs.requests and days > DAYS_A_YEAR


def format_people(people: Span) -> str:
    """A number of people, or its bounds."""
    low, high = (f"{int(end):,}" if end.denominator == 1 else format_about(end) for end in (people.low, people.high))
    return low if low == high else f"{low} to {high}"


def format_range(span: Span, format_value: Callable[[Fraction], str]) -> str:
    """A figure with its bounds in brackets, where they differ once they are formatted."""
    middle, low, high = format_value(span.middle), format_value(span.low), format_value(span.high)
    return f"{middle}" if low == high else f"{middle} ({low} to {high})"


def format_rare(chance: Fraction) -> str:
    """A small chance as odds too, ` (about 1 in 3,400)`; empty for a large one."""
    return f" ({format_odds(chance)})" if 0 < chance <= RARE else ""


def explain_no_break_even(choice: Choice) -> str:
    """Why there is no break-even chance."""
    match compare_held(choice.counted.more):
        case "neither":
            return "There is no break-even chance: both laws hold the same people, so their costs do not differ."
        case "open":
            return (
                "There is no single break-even chance: which law holds more people depends on facts that are not known."
            )
        case _:
            return "There is no break-even chance: no federal money is at stake to compare with the cost of the holds."
