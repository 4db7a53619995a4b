"""A choice in figures: exact, the same law twice without a difference, and nothing cheaper by being more."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from comity.board.break_even import chance_at, drivers_of, turn_of, which_holds_more
from comity.board.figures import (
    Bounds,
    Counted,
    Exposure,
    Figure,
    Held,
    Inputs,
    Said,
    chosen,
    middle,
    sums_of,
)
from comity.money.ranges import Span, about, about_chance, about_money, one_in, only, significant, whole
from comity.money.settlements import Settlement
from comity.money.sourced import Source
from comity.period import LegalDay

SAID = Said("so", Source("a county", "verified"))
DAY = LegalDay(date(2014, 1, 1), date(2014, 1, 1))


def case(cents: int, people: int, name: str = "One v. Another") -> Settlement:
    return Settlement("us/pa/lehigh", name, "settlement", cents, people, None, None, None, DAY, SAID.source)


def figure(low: int, middle: int, high: int) -> Figure:
    return Figure(Span(Fraction(low), Fraction(middle), Fraction(high)), (SAID,))


INPUTS = Inputs(
    Figure(only(Fraction(260, 100)), (SAID,)), figure(20_000, 20_000, 20_000), figure(0, 0, 0),
    (case(9_000, 3, "A v. B"), case(100_000, 1, "C v. D"), case(1_000, 1, "E v. F")), Exposure(35_500_000_000, "the loss of it", SAID),
)  # fmt: skip
HUNDRED = Counted(100, Held(), Held(untold=(100, 100)), Held(untold=(100, 100)))

ends = st.integers(0, 10**6).flatmap(lambda low: st.integers(low, 10**6).map(lambda high: (low, high)))
spans = st.lists(st.integers(0, 10**6), min_size=3, max_size=3).map(lambda own: figure(*sorted(own)))
held = st.builds(
    lambda told, more, untold: Held(told, (told[0] + more[0], told[1] + more[1]), untold), ends, ends, ends
)
inputs = st.builds(
    Inputs, spans, spans, spans, st.lists(st.builds(case, st.integers(0, 10**9), st.integers(1, 10**5)), max_size=4).map(tuple),
    st.builds(Exposure, st.integers(1, 10**12), st.just("the loss of it"), st.just(SAID)),
)  # fmt: skip


def test_a_hundred_people_at_two_hundred_dollars_are_what_was_published() -> None:
    own = sums_of(HUNDRED.second, INPUTS)
    assert (own.people, own.days, own.cost, own.net) == (only(100), only(260), only(5_200_000), only(5_200_000))
    turn = turn_of(HUNDRED, INPUTS)
    assert turn and turn.holds_more == "second"
    assert turn.chance.middle == Fraction(52_000, 355_000_000) and turn.chance.high == Fraction(
        52_000 + 100 * 1_000, 355_000_000
    )


@given(st.integers(0, 10**6), inputs)
def test_the_same_law_twice_has_no_difference_and_turns_nowhere(requests: int, own: Inputs) -> None:
    counted = Counted(requests, Held(untold=(0, requests)), Held(untold=(0, requests)), Held())
    assert which_holds_more(counted.more) == "neither" and turn_of(counted, own) is None
    assert all(span == only(0) for span in (sums_of(counted.more, own).people, sums_of(counted.more, own).net))


@given(held, inputs, st.integers(1, 1000))
def test_more_days_and_a_dearer_day_are_never_cheaper(people: Held, own: Inputs, more: int) -> None:
    before = sums_of(people, own).cost
    for name in ("days", "cost"):
        span = getattr(own, name).span
        raised = replace(own, **{name: Figure(Span(span.low + more, span.middle + more, span.high + more), (SAID,))})
        after = sums_of(people, raised).cost
        assert after.low >= before.low and after.middle >= before.middle and after.high >= before.high


@given(held, inputs)
def test_the_middle_lies_between_the_bounds_and_what_is_charged_and_borne_is_the_cost(
    people: Held, own: Inputs
) -> None:
    sums = sums_of(people, own)
    assert all(
        span.low <= span.middle <= span.high for span in (sums.people, sums.days, sums.cost, sums.charged, sums.net)
    )
    assert sums.net.middle == sums.cost.middle - sums.charged.middle
    assert sums.days.middle == middle(people, own).all_days


@given(held, inputs)
def test_turned_around_the_choice_turns_at_the_same_chance(people: Held, own: Inputs) -> None:
    there, back = Counted(1, Held(), people, people), Counted(1, people, Held(), people.turned)
    first, second = turn_of(there, own), turn_of(back, own)
    if first is None or second is None:
        assert first is second is None
        return
    assert first.chance == second.chance and {first.holds_more, second.holds_more} <= {"first", "second"}
    assert drivers_of(there, own) == drivers_of(back, own)


@given(held, inputs)
def test_what_drives_it_never_leads_beyond_the_bounds(people: Held, own: Inputs) -> None:
    counted = Counted(1, Held(), people, people)
    turn = turn_of(counted, own)
    for driver in drivers_of(counted, own) if turn else ():
        assert turn and turn.chance.low <= driver.low and (driver.high is None or driver.high <= turn.chance.high)


@given(held, inputs, st.fractions(0, 1), st.fractions(0, 1))
def test_the_likelier_a_payout_the_higher_the_chance_at_which_it_turns(
    people: Held, own: Inputs, one: Fraction, other: Fraction
) -> None:
    counted = Counted(1, Held(), people, people)
    payout = max((own.a_person for own in own.settlements), default=Fraction(0))
    low, high = (chance_at(counted, own, payout, share) for share in sorted((one, other)))
    assert low <= high


@pytest.mark.parametrize(
    ("bounds", "which"), [((0, 0), "neither"), ((0, 3), "second"), ((-3, 0), "first"), ((-1, 1), "open")]
)
def test_which_law_holds_more_may_be_open_and_then_the_choice_turns_nowhere(bounds: Bounds, which: str) -> None:
    counted = Counted(3, Held(untold=(0, 3)), Held(untold=(0, 3)), Held(untold=bounds))
    assert which_holds_more(counted.more) == which
    assert (turn_of(counted, INPUTS) is None) == (which in ("neither", "open"))


def test_the_less_is_at_stake_the_higher_the_chance_and_without_a_least_there_is_no_highest() -> None:
    stake = drivers_of(HUNDRED, INPUTS)[0]
    assert (stake.name, stake.low, stake.high) == ("stake", Fraction(52_000, 355_000_000), None)
    least = replace(INPUTS, exposure=replace(INPUTS.exposure, least=3_550_000_000))
    bounded = drivers_of(HUNDRED, least)[0]
    assert bounded.high == 10 * bounded.low
    turn = turn_of(HUNDRED, least)
    assert turn and turn.chance.high == Fraction(1_520_000, 355_000_000)


def test_nothing_at_stake_has_nothing_to_turn_on() -> None:
    assert turn_of(HUNDRED, replace(INPUTS, exposure=replace(INPUTS.exposure, cents=0))) is None


def test_three_cases_stand_for_the_range_and_each_is_one_that_was_published() -> None:
    assert [own.name for own in chosen(INPUTS.settlements)] == ["E v. F", "A v. B", "C v. D"]
    assert [own.name for own in chosen([*INPUTS.settlements, case(5_000, 1, "G v. H")])] == [
        "E v. F",
        "A v. B",
        "C v. D",
    ]
    assert chosen([]) == () and len(chosen(INPUTS.settlements[:1])) == 1


@pytest.mark.parametrize(("cents", "words"), [
    (5_200_000, "$52,000"), (46_250_000, "$460,000"), (1_723_076_923, "$17 million"), (35_500_000_000, "$360 million"), (0, "nothing"),
    (99_500, "$1,000"), (99_499, "$990"), (999, "$10"), (123, "$1.20"), (-5_200_000, "-$52,000"), (99_999_999_999, "$1.0 billion"),
])  # fmt: skip
def test_an_amount_is_shown_to_two_digits_that_count(cents: int, words: str) -> None:
    assert about_money(Fraction(cents)) == words


@pytest.mark.parametrize(("chance", "words", "rarely"), [
    (Fraction(52_000, 355_000_000), "0.015%", "about 1 in 6,800"), (Fraction(1, 1000), "0.10%", "about 1 in 1,000"),
    (Fraction(999, 10_000), "10%", "about 1 in 10"), (Fraction(1), "100%", "about 1 in 1"), (Fraction(1, 3), "33%", "about 1 in 3"),
])  # fmt: skip
def test_a_chance_is_shown_to_two_digits_that_count(chance: Fraction, words: str, rarely: str) -> None:
    assert (about_chance(chance), one_in(chance)) == (words, rarely)


@given(st.fractions(Fraction(1, 10**9), 10**12))
def test_two_digits_are_never_further_off_than_half_of_the_second(value: Fraction) -> None:
    rounded, places = significant(value)
    assert abs(rounded - value) * 20 <= rounded and (rounded * 10**places).denominator == 1
    assert float(about(value).replace(",", "")) == pytest.approx(float(rounded))


@given(st.fractions(-(10**6), 10**6))
def test_a_sum_becomes_cents_once_and_a_half_goes_away_from_nothing(value: Fraction) -> None:
    assert abs(whole(value) - value) <= Fraction(1, 2) and whole(-value) == -whole(value)
