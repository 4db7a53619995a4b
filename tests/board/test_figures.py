"""A choice in figures: exact, the same law twice without a difference, and nothing cheaper by being more."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from comity.board.break_even import break_even_chance, compare_held, find_break_even, rank_drivers
from comity.board.figures import (
    Bounds,
    Counted,
    Exposure,
    Figure,
    Held,
    Inputs,
    SourcedValue,
    choose_cases,
    compute_sums,
    middle_values,
)
from comity.money.ranges import (
    Span,
    format_about,
    format_about_money,
    format_chance,
    format_odds,
    known_span,
    round_to_digits,
    round_to_whole,
)
from comity.money.settlements import Settlement
from comity.money.sourced import Source
from comity.period import LegalDay

SOURCE = Source("a county", "verified")
VALUE = SourcedValue(words="so", source=SOURCE)
DAY = LegalDay(date(2014, 1, 1), date(2014, 1, 1))


def case(cents: int, people: int, name: str = "One v. Another") -> Settlement:
    return Settlement(
        place="us/pa/lehigh",
        name=name,
        kind="settlement",
        cents=cents,
        people=people,
        days=None,
        since=None,
        until=None,
        decided=DAY,
        source=SOURCE,
    )


def figure(low: int, middle: int, high: int) -> Figure:
    return Figure(Span(Fraction(low), Fraction(middle), Fraction(high)), (VALUE,))


INPUTS = Inputs(
    days=Figure(known_span(Fraction(260, 100)), (VALUE,)), cost=figure(20_000, 20_000, 20_000), paid=figure(0, 0, 0),
    settlements=(case(9_000, 3, "A v. B"), case(100_000, 1, "C v. D"), case(1_000, 1, "E v. F")),
    exposure=Exposure(cents=35_500_000_000, condition="the loss of it", value=VALUE),
)  # fmt: skip
HUNDRED = Counted(requests=100, first=Held(), second=Held(without_days=(100, 100)), more=Held(without_days=(100, 100)))

ends = st.integers(0, 10**6).flatmap(lambda low: st.integers(low, 10**6).map(lambda high: (low, high)))
spans = st.lists(st.integers(0, 10**6), min_size=3, max_size=3).map(lambda values: figure(*sorted(values)))
held = st.builds(
    lambda with_days, more, without: Held(with_days, (with_days[0] + more[0], with_days[1] + more[1]), without),
    ends,
    ends,
    ends,
)
drawn = st.builds(
    Inputs, days=spans, cost=spans, paid=spans,
    settlements=st.lists(st.builds(case, st.integers(0, 10**9), st.integers(1, 10**5)), max_size=4).map(tuple),
    exposure=st.builds(Exposure, cents=st.integers(1, 10**12), condition=st.just("the loss of it"), value=st.just(VALUE)),
)  # fmt: skip


def test_a_hundred_people_at_two_hundred_dollars_are_what_was_published() -> None:
    sums = compute_sums(HUNDRED.second, INPUTS)
    assert (sums.people, sums.days, sums.cost, sums.net) == (
        known_span(100),
        known_span(260),
        known_span(5_200_000),
        known_span(5_200_000),
    )
    break_even = find_break_even(HUNDRED, INPUTS)
    assert break_even and break_even.holds_more == "second"
    assert break_even.chance.middle == Fraction(52_000, 355_000_000) and break_even.chance.high == Fraction(
        52_000 + 100 * 1_000, 355_000_000
    )


@given(st.integers(0, 10**6), drawn)
def test_the_same_law_twice_has_no_difference_and_no_break_even(requests: int, inputs: Inputs) -> None:
    counted = Counted(
        requests=requests, first=Held(without_days=(0, requests)), second=Held(without_days=(0, requests)), more=Held()
    )
    assert compare_held(counted.more) == "neither" and find_break_even(counted, inputs) is None
    assert all(
        span == known_span(0)
        for span in (compute_sums(counted.more, inputs).people, compute_sums(counted.more, inputs).net)
    )


@given(held, drawn, st.integers(1, 1000))
def test_more_days_and_a_dearer_day_are_never_cheaper(people: Held, inputs: Inputs, more: int) -> None:
    before = compute_sums(people, inputs).cost
    for name in ("days", "cost"):
        span = getattr(inputs, name).span
        raised = replace(
            inputs, **{name: Figure(Span(span.low + more, span.middle + more, span.high + more), (VALUE,))}
        )
        after = compute_sums(people, raised).cost
        assert after.low >= before.low and after.middle >= before.middle and after.high >= before.high


@given(held, drawn)
def test_the_middle_lies_between_the_bounds_and_what_is_charged_and_borne_is_the_cost(
    people: Held, inputs: Inputs
) -> None:
    sums = compute_sums(people, inputs)
    assert all(
        span.low <= span.middle <= span.high for span in (sums.people, sums.days, sums.cost, sums.charged, sums.net)
    )
    assert sums.net.middle == sums.cost.middle - sums.charged.middle
    assert sums.days.middle == middle_values(people, inputs).all_days


@given(held, drawn)
def test_with_the_laws_swapped_the_break_even_chance_is_the_same(people: Held, inputs: Inputs) -> None:
    there, back = (
        Counted(requests=1, first=Held(), second=people, more=people),
        Counted(requests=1, first=people, second=Held(), more=people.reversed),
    )
    first, second = find_break_even(there, inputs), find_break_even(back, inputs)
    if first is None or second is None:
        assert first is second is None
        return
    assert first.chance == second.chance and {first.holds_more, second.holds_more} <= {"first", "second"}
    assert rank_drivers(there, inputs) == rank_drivers(back, inputs)


@given(held, drawn)
def test_what_drives_it_never_leads_beyond_the_bounds(people: Held, inputs: Inputs) -> None:
    counted = Counted(requests=1, first=Held(), second=people, more=people)
    break_even = find_break_even(counted, inputs)
    for driver in rank_drivers(counted, inputs) if break_even else ():
        assert (
            break_even
            and break_even.chance.low <= driver.low
            and (driver.high is None or driver.high <= break_even.chance.high)
        )


@given(held, drawn, st.fractions(0, 1), st.fractions(0, 1))
def test_the_likelier_a_payout_the_higher_the_break_even_chance(
    people: Held, inputs: Inputs, one: Fraction, other: Fraction
) -> None:
    counted = Counted(requests=1, first=Held(), second=people, more=people)
    payout = max((case.a_person for case in inputs.settlements), default=Fraction(0))
    low, high = (break_even_chance(counted, inputs, payout=payout, share=share) for share in sorted((one, other)))
    assert low <= high


@pytest.mark.parametrize(
    ("bounds", "which"), [((0, 0), "neither"), ((0, 3), "second"), ((-3, 0), "first"), ((-1, 1), "open")]
)
def test_which_law_holds_more_may_be_open_and_then_there_is_no_break_even(bounds: Bounds, which: str) -> None:
    counted = Counted(
        requests=3, first=Held(without_days=(0, 3)), second=Held(without_days=(0, 3)), more=Held(without_days=bounds)
    )
    assert compare_held(counted.more) == which
    assert (find_break_even(counted, INPUTS) is None) == (which in ("neither", "open"))


def test_the_less_is_at_stake_the_higher_the_chance_and_without_a_least_there_is_no_highest() -> None:
    stake = rank_drivers(HUNDRED, INPUTS)[0]
    assert (stake.name, stake.low, stake.high) == ("stake", Fraction(52_000, 355_000_000), None)
    least = replace(INPUTS, exposure=replace(INPUTS.exposure, least=3_550_000_000))
    bounded = rank_drivers(HUNDRED, least)[0]
    assert bounded.high == 10 * bounded.low
    break_even = find_break_even(HUNDRED, least)
    assert break_even and break_even.chance.high == Fraction(1_520_000, 355_000_000)


def test_with_nothing_at_stake_there_is_no_break_even() -> None:
    assert find_break_even(HUNDRED, replace(INPUTS, exposure=replace(INPUTS.exposure, cents=0))) is None


def test_three_cases_stand_for_the_range_and_each_is_one_that_was_published() -> None:
    assert [chosen.name for chosen in choose_cases(INPUTS.settlements)] == ["E v. F", "A v. B", "C v. D"]
    assert [chosen.name for chosen in choose_cases([*INPUTS.settlements, case(5_000, 1, "G v. H")])] == [
        "E v. F",
        "A v. B",
        "C v. D",
    ]
    assert choose_cases([]) == () and len(choose_cases(INPUTS.settlements[:1])) == 1


@pytest.mark.parametrize(("cents", "words"), [
    (5_200_000, "$52,000"), (46_250_000, "$460,000"), (1_723_076_923, "$17 million"), (35_500_000_000, "$360 million"), (0, "nothing"),
    (99_500, "$1,000"), (99_499, "$990"), (999, "$10"), (123, "$1.20"), (-5_200_000, "-$52,000"), (99_999_999_999, "$1.0 billion"),
])  # fmt: skip
def test_an_amount_is_shown_to_two_digits_that_count(cents: int, words: str) -> None:
    assert format_about_money(Fraction(cents)) == words


@pytest.mark.parametrize(("chance", "words", "rarely"), [
    (Fraction(52_000, 355_000_000), "0.015%", "about 1 in 6,800"), (Fraction(1, 1000), "0.10%", "about 1 in 1,000"),
    (Fraction(999, 10_000), "10%", "about 1 in 10"), (Fraction(1), "100%", "about 1 in 1"), (Fraction(1, 3), "33%", "about 1 in 3"),
])  # fmt: skip
def test_a_chance_is_shown_to_two_digits_that_count(chance: Fraction, words: str, rarely: str) -> None:
    assert (format_chance(chance), format_odds(chance)) == (words, rarely)


@given(st.fractions(Fraction(1, 10**9), 10**12))
def test_two_digits_are_never_further_off_than_half_of_the_second(value: Fraction) -> None:
    rounded, places = round_to_digits(value)
    assert abs(rounded - value) * 20 <= rounded and (rounded * 10**places).denominator == 1
    assert float(format_about(value).replace(",", "")) == pytest.approx(float(rounded))


@given(st.fractions(-(10**6), 10**6))
def test_a_sum_becomes_cents_once_and_a_half_goes_away_from_nothing(value: Fraction) -> None:
    assert abs(round_to_whole(value) - value) <= Fraction(1, 2) and round_to_whole(-value) == -round_to_whole(value)
