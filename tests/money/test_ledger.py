"""The ledger balances: under any events, in any order, on every day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.money.ledger import ACCOUNTS, DEEDS, Event, Ledger, build_ledger

FIRST = date(2017, 1, 1)
AMOUNTS = st.integers(0, 10**9)
EVENTS = st.builds(
    Event,
    on=st.integers(0, 400).map(lambda days: FIRST + timedelta(days)),
    deed=st.sampled_from(DEEDS),
    about=st.sampled_from(["2017-01", "2017-02", "2017-03"]),
    cents=AMOUNTS,
    charged=AMOUNTS,
)


@given(st.lists(EVENTS, max_size=30), st.randoms())
def test_it_balances_and_is_the_same_in_any_order_of_events(events: list[Event], random: object) -> None:
    shuffled = list(events)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    ledger, findings = build_ledger(events)
    assert (ledger, findings) == build_ledger(shuffled)
    assert len(ledger.entries) == len(events)
    assert all(sum(posting.cents for posting in entry.postings) == 0 for entry in ledger.entries)
    assert sum(ledger.balance(account) for account in ACCOUNTS) == 0
    assert ledger.balance("paid") == sum(event.cents for event in events if event.deed == "paid")
    assert ledger.balance("cost") == sum(event.cents for event in events if event.deed == "accrued")


@given(st.lists(EVENTS, max_size=30))
def test_every_cent_of_cost_is_paid_owed_or_borne(events: list[Event]) -> None:
    ledger, _ = build_ledger(events)
    assert ledger.balance("cost") == ledger.balance("paid") + ledger.owed + ledger.borne


@given(st.lists(EVENTS, max_size=30), st.integers(0, 29))
def test_an_entry_is_never_changed_by_a_later_one(events: list[Event], count: int) -> None:
    ordered = sorted(events, key=lambda event: event.on)
    earlier_events = [event for event in ordered if count < len(ordered) and event.on < ordered[count].on]
    earlier = build_ledger(earlier_events)[0].entries
    assert build_ledger(events)[0].entries[: len(earlier)] == earlier


def story(paid: int, written_off: int, on: date = date(2017, 3, 1)) -> list[Event]:
    return [
        Event(on=date(2017, 1, 31), deed="accrued", about="2017-01", cents=40_000, charged=22_600),
        Event(on=date(2017, 2, 1), deed="billed", about="2017-01", cents=22_600),
        Event(on=on, deed="paid", about="2017-01", cents=paid),
        Event(on=on, deed="written_off", about="2017-01", cents=written_off),
    ]


def test_a_hold_from_its_cost_to_the_money() -> None:
    ledger, findings = build_ledger(story(20_000, 2_000))
    assert not findings
    assert (ledger.balance("paid"), ledger.owed, ledger.borne) == (20_000, 600, 19_400)
    assert [entry.deed for entry in ledger.entries] == list(DEEDS)


@pytest.mark.parametrize(("events", "words"), [
    (story(22_600, 1), "2017-01: by 2017-03-01, $0.01 more was paid or written off than was billed"),
    (story(1, 0, date(2017, 1, 31)), "2017-01: by 2017-01-31, $0.01 more was paid or written off than was billed"),
    ([Event(on=FIRST, deed="billed", about="2017-01", cents=5)], "2017-01: by 2017-01-01, $0.05 more was billed than may be charged"),
])  # fmt: skip
def test_more_paid_than_billed_and_more_billed_than_may_be_charged_are_found(events: list[Event], words: str) -> None:
    assert [(finding.code, finding.message) for finding in build_ledger(events)[1]] == [("overdrawn", words)]


def test_a_negative_amount_gives_no_ledger() -> None:
    ledger, findings = build_ledger([*story(0, 0), Event(on=FIRST, deed="paid", about="2017-01", cents=-500)])
    assert ledger == Ledger() and [finding.code for finding in findings] == ["negative-amount"]
    assert "-$5.00 paid on 2017-01-01" in findings[0].message
