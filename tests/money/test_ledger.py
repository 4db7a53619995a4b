"""The ledger balances: under any events, in any order, on every day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.money.ledger import ACCOUNTS, DEEDS, Event, Ledger, ledger_of

FIRST = date(2017, 1, 1)
AMOUNTS = st.integers(0, 10**9)
EVENTS = st.builds(
    Event,
    st.integers(0, 400).map(lambda days: FIRST + timedelta(days)),
    st.sampled_from(DEEDS),
    st.sampled_from(["2017-01", "2017-02", "2017-03"]),
    AMOUNTS,
    AMOUNTS,
)


@given(st.lists(EVENTS, max_size=30), st.randoms())
def test_it_balances_and_is_the_same_in_whatever_order_events_are_told(events: list[Event], random: object) -> None:
    told = list(events)
    random.shuffle(told)  # type: ignore[attr-defined]
    ledger, findings = ledger_of(events)
    assert (ledger, findings) == ledger_of(told)
    assert len(ledger.entries) == len(events)
    assert all(sum(own.cents for own in entry.postings) == 0 for entry in ledger.entries)
    assert sum(ledger.balance(account) for account in ACCOUNTS) == 0
    assert ledger.balance("paid") == sum(own.cents for own in events if own.deed == "paid")
    assert ledger.balance("cost") == sum(own.cents for own in events if own.deed == "accrued")


@given(st.lists(EVENTS, max_size=30))
def test_every_cent_of_cost_is_paid_owed_or_borne(events: list[Event]) -> None:
    ledger, _ = ledger_of(events)
    assert ledger.balance("cost") == ledger.balance("paid") + ledger.owed + ledger.borne


@given(st.lists(EVENTS, max_size=30), st.integers(0, 29))
def test_an_entry_made_is_never_changed_by_a_later_one(events: list[Event], count: int) -> None:
    ordered = sorted(events, key=lambda own: own.on)
    kept = [own for own in ordered if count < len(ordered) and own.on < ordered[count].on]
    earlier = ledger_of(kept)[0].entries
    assert ledger_of(events)[0].entries[: len(earlier)] == earlier


def story(paid: int, written_off: int, on: date = date(2017, 3, 1)) -> list[Event]:
    return [
        Event(date(2017, 1, 31), "accrued", "2017-01", 40_000, 22_600),
        Event(date(2017, 2, 1), "billed", "2017-01", 22_600),
        Event(on, "paid", "2017-01", paid),
        Event(on, "written_off", "2017-01", written_off),
    ]


def test_a_hold_from_its_cost_to_the_money() -> None:
    ledger, findings = ledger_of(story(20_000, 2_000))
    assert not findings
    assert (ledger.balance("paid"), ledger.owed, ledger.borne) == (20_000, 600, 19_400)
    assert [entry.deed for entry in ledger.entries] == list(DEEDS)


@pytest.mark.parametrize(("events", "words"), [
    (story(22_600, 1), "2017-01: by 2017-03-01, $0.01 more was paid or written off than was billed"),
    (story(1, 0, date(2017, 1, 31)), "2017-01: by 2017-01-31, $0.01 more was paid or written off than was billed"),
    ([Event(FIRST, "billed", "2017-01", 5)], "2017-01: by 2017-01-01, $0.05 more was billed than may be charged"),
])  # fmt: skip
def test_more_paid_than_billed_and_more_billed_than_may_be_charged_are_found(events: list[Event], words: str) -> None:
    assert [(own.code, own.message) for own in ledger_of(events)[1]] == [("overdrawn", words)]


def test_less_than_nothing_makes_no_ledger() -> None:
    ledger, findings = ledger_of([*story(0, 0), Event(FIRST, "paid", "2017-01", -500)])
    assert ledger == Ledger() and [own.code for own in findings] == ["negative-amount"]
    assert "-$5.00 paid on 2017-01-01" in findings[0].message
