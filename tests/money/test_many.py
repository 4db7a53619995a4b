"""What holds cost: one day by day, many by whole columns, and the two of one mind."""

from __future__ import annotations

import time
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.money.amount import ROUNDINGS, divide
from comity.money.cost import Hold, Piece, Unpriced, price_hold
from comity.money.many import CHANGES, NO_RATE, PRICED, Holds, Pieces, price_holds, totals
from comity.money.rates import DAY_CENTS_MAX, DAYS_MAX, Rate

FIRST = date(2016, 1, 1)


def rate(cents: int, since: date, until: date, days: int = 1) -> Rate:
    return Rate(
        place="us/fl/miami-dade",
        kind="average",
        cents=cents,
        days=days,
        since=since,
        until=until,
        source="the county",
        evidence="verified",
    )


@st.composite
def rates(draw: st.DrawFn) -> tuple[Rate, ...]:
    """Up to four rates, one after the other, here and there with days between that have none."""
    days = sorted(draw(st.sets(st.integers(0, 500), min_size=2, max_size=6)))
    spans = [span for span in zip(days, days[1:]) if draw(st.integers(0, 9))]
    usual = st.tuples(st.integers(0, 10**6), st.integers(1, 300))
    amounts = st.one_of(
        usual, st.just((DAYS_MAX * DAY_CENTS_MAX, DAYS_MAX)), st.just((DAYS_MAX * DAY_CENTS_MAX - 1, DAYS_MAX))
    )
    return tuple(
        rate(cents, FIRST + timedelta(a), FIRST + timedelta(b), per) for a, b in spans for cents, per in [draw(amounts)]
    )


HOLD = st.builds(
    lambda since, length, days: Hold(FIRST + timedelta(since), FIRST + timedelta(since + length), days),
    st.integers(-5, 505),
    st.integers(1, 90),
    st.integers(0, 3).flatmap(
        lambda sort: st.one_of(st.integers(1, 5_000), st.just(DAYS_MAX)) if sort == 0 else st.just(0)
    ),
)


def columns(holds: list[Hold]) -> Holds:
    return Holds(
        np.array([hold.since.toordinal() for hold in holds], np.int64),
        np.array([hold.until.toordinal() for hold in holds], np.int64),
        np.array([hold.days for hold in holds], np.int64),
    )


def piece_of_hold(found: Pieces, hold: int, known: tuple[Rate, ...]) -> tuple[Piece, ...] | Unpriced:
    """What the many say of one hold, in the words of one."""
    if found.state[hold] != PRICED:
        return Unpriced(date.fromordinal(int(found.at[hold])), bool(found.state[hold] == CHANGES))
    rows = zip(found.hold, found.since, found.until, found.days, found.cents, found.rate)
    return tuple(
        Piece(
            since=date.fromordinal(int(since)),
            until=date.fromordinal(int(until)),
            days=int(days),
            cents=int(cents),
            rate=known[number],
        )
        for at, since, until, days, cents, number in rows
        if at == hold
    )


@settings(max_examples=400)
@given(rates(), st.lists(HOLD, max_size=8), st.sampled_from(ROUNDINGS))
def test_many_say_what_one_says(known: tuple[Rate, ...], holds: list[Hold], rounding: str) -> None:
    found = price_holds(columns(holds), known, rounding)
    assert [piece_of_hold(found, number, known) for number in range(len(holds))] == [
        price_hold(hold, known, rounding) for hold in holds
    ]


@given(rates(), HOLD, st.sampled_from(ROUNDINGS))
def test_the_pieces_of_a_hold_lose_no_cent_and_no_day(known: tuple[Rate, ...], hold: Hold, rounding: str) -> None:
    found = price_hold(hold, known, rounding)
    if isinstance(found, Unpriced):
        return
    assert sum(piece.days for piece in found) == (hold.days or (hold.until - hold.since).days)
    for used in {piece.rate for piece in found}:
        parts = [piece for piece in found if piece.rate == used]
        assert sum(part.cents for part in parts) == divide(
            used.cents * sum(part.days for part in parts), used.days, rounding
        )


def test_a_rate_that_changes_in_mid_hold_is_right_to_the_cent() -> None:
    change = date(2017, 1, 27)
    known = (rate(20_000, FIRST, change), rate(5_004_800, change, date(2018, 1, 1), 216))
    found = price_hold(Hold(date(2017, 1, 24), date(2017, 2, 3)), known)
    assert isinstance(found, tuple)
    days_and_cents = [(piece.since.month, piece.days, piece.cents) for piece in found]
    assert days_and_cents == [(1, 3, 60_000), (1, 5, 115_852), (2, 2, 46_341)]  # 7 days of $231.7037 are $1,621.93
    assert price_hold(Hold(date(2017, 1, 24), date(2017, 2, 3), days=4), known) == Unpriced(change, changes=True)


def test_a_published_sum_over_published_days_comes_out_again() -> None:
    known = (rate(508_252, FIRST, date(2017, 1, 1), 227),)
    found = price_hold(Hold(FIRST, date(2017, 1, 1), days=227), known)
    assert isinstance(found, tuple) and found[0].cents == 508_252


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_no_hold_and_no_rate_are_nothing_special(rounding: str) -> None:
    assert len(price_holds(columns([]), (), rounding).hold) == 0
    found = price_holds(columns([Hold(FIRST, FIRST + timedelta(2))]), (), rounding)
    assert found.state.tolist() == [NO_RATE] and found.at.tolist() == [FIRST.toordinal()]


def test_a_million_holds_take_less_than_ten_seconds_and_some_of_them_are_held_to_one() -> None:
    known = (rate(20_000, FIRST, date(2017, 1, 27)), rate(5_004_800, date(2017, 1, 27), date(2018, 1, 10), 216))
    dice = np.random.default_rng(5)
    since = FIRST.toordinal() + dice.integers(0, 700, 1_000_000)
    holds = Holds(since, since + dice.integers(1, 30, 1_000_000), np.zeros(1_000_000, np.int64))
    started = time.perf_counter()
    found = price_holds(holds, known)
    assert time.perf_counter() - started < 10
    cents, priced = totals(1_000_000, found.hold, found.cents), 0
    for at in dice.integers(0, 1_000_000, 1_000).tolist():
        one = price_hold(Hold(date.fromordinal(int(holds.since[at])), date.fromordinal(int(holds.until[at]))), known)
        assert isinstance(one, Unpriced) == (found.state[at] != PRICED)
        priced += not isinstance(one, Unpriced)
        assert isinstance(one, Unpriced) or sum(piece.cents for piece in one) == cents[at]
    assert priced > 900


def test_totals_are_sums_of_whole_numbers() -> None:
    found = totals(3, np.array([0, 2, 2]), np.array([2**53, 2**53, 1]))
    assert found.tolist() == [2**53, 0, 2**53 + 1]
