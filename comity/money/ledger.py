"""The ledger: what holds cost and who owes it, as entries whose postings sum to zero. Entries are added, never changed.

There are four kinds of event. A cost is *accrued* for the days of a period, with the part that may be charged to the federal
government; that part is *billed*; a bill is *paid*, in full or in part; what is not paid may be *written off*. The same
events give the same ledger in whatever order they are passed in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, TypeAlias, assert_never, get_args

from msgspec import Struct

from comity.finding import Finding, Place
from comity.money.amount import format_dollars

Deed: TypeAlias = Literal["accrued", "billed", "paid", "written_off"]
DEEDS: tuple[Deed, ...] = get_args(Deed)
Account: TypeAlias = Literal["cost", "jail", "claims", "unbilled", "billed", "paid", "written_off"]
ACCOUNTS: tuple[Account, ...] = get_args(Account)


class Event(Struct, frozen=True, kw_only=True):
    """Something that happened to the money of the period `about`.

    `cents` is a cost, a bill, a payment or a write-off; `charged` is the part of a cost that the federal government owes.
    """

    on: date
    deed: Deed
    about: str
    cents: int
    charged: int = 0


class Posting(Struct, frozen=True):
    """An amount added to an account; a negative amount is taken from it."""

    account: Account
    cents: int


class Entry(Struct, frozen=True, kw_only=True):
    """An event as postings, which sum to zero."""

    on: date
    deed: Deed
    about: str
    postings: tuple[Posting, ...]


class Ledger(Struct, frozen=True):
    """All entries, in the order of their days."""

    entries: tuple[Entry, ...] = ()

    def balance(self, account: Account, about: str = "") -> int:
        """The balance of an account in cents, for one period or for all."""
        entries = (entry for entry in self.entries if about in ("", entry.about))
        return sum(posting.cents for entry in entries for posting in entry.postings if posting.account == account)

    @property
    def owed(self) -> int:
        """What the federal government still owes, billed or not yet billed."""
        return self.balance("unbilled") + self.balance("billed")

    @property
    def borne(self) -> int:
        """What the county bears: the cost that it cannot charge, and what it wrote off."""
        return self.balance("cost") + self.balance("claims") + self.balance("written_off")


def build_ledger(events: Iterable[Event], source: str = "ledger") -> tuple[Ledger, list[Finding]]:
    """Builds the ledger from events.

    Reports entries that break an invariant: negative amounts, bills above the claim, payments above the bill.
    """
    ordered = sorted(events, key=_order)
    negative = [_negative(event, source) for event in ordered if event.cents < 0 or event.charged < 0]
    if negative:
        return Ledger(), negative
    entries = tuple(
        Entry(on=event.on, deed=event.deed, about=event.about, postings=_postings(event)) for event in ordered
    )
    return Ledger(entries), _overdrawn(entries, source)


def _order(event: Event) -> tuple[date, int, str, int, int]:
    return event.on, DEEDS.index(event.deed), event.about, event.cents, event.charged


def _negative(event: Event, source: str) -> Finding:
    amount = format_dollars(min(event.cents, event.charged))
    message = f"{event.about}: {amount} {event.deed} on {event.on} is a negative amount"
    return Finding("negative-amount", Place(source), message, "write every payment and bill as a positive amount")


def _postings(event: Event) -> tuple[Posting, ...]:
    match event.deed:
        case "accrued":
            return (*_move(event.cents, "jail", "cost"), *_move(event.charged, "claims", "unbilled"))
        case "billed":
            return _move(event.cents, "unbilled", "billed")
        case "paid":
            return _move(event.cents, "billed", "paid")
        case "written_off":
            return _move(event.cents, "billed", "written_off")
        case _:
            assert_never(event.deed)


def _move(cents: int, source: Account, target: Account) -> tuple[Posting, ...]:
    return (Posting(target, cents), Posting(source, -cents)) if cents else ()


def _overdrawn(entries: Sequence[Entry], source: str) -> list[Finding]:
    """The first day on which a period's bills exceed its claim, or its payments and write-offs exceed its bills."""
    balances: defaultdict[tuple[str, Account], int] = defaultdict(int)
    found: dict[tuple[str, Account], Finding] = {}
    for entry in entries:
        for posting in entry.postings:
            key = (entry.about, posting.account)
            balances[key] += posting.cents
            if posting.account in ("unbilled", "billed") and balances[key] < 0:
                found.setdefault(key, _excess(entry, posting.account, cents=-balances[key], source=source))
    return list(found.values())


def _excess(entry: Entry, account: Account, *, cents: int, source: str) -> Finding:
    more, than = ("billed", "may be charged") if account == "unbilled" else ("paid or written off", "was billed")
    message = f"{entry.about}: by {entry.on}, {format_dollars(cents)} more was {more} than {than}"
    return Finding("overdrawn", Place(source), message, "check the day, the period and the amount")
