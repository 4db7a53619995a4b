"""The ledger: what holds cost and who owes it, as entries whose postings add up to nothing. Entries are made, never changed.

Four things happen to money. A cost is *accrued* for the days of a period, with what of it may be charged to Washington;
that is *billed*; of a bill some is *paid*, and some may be *written off*. From the same events, in whatever order they are
told, comes the same ledger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, TypeAlias, assert_never, get_args

from msgspec import Struct

from comity.finding import Finding, Place
from comity.money.amount import dollars

Deed: TypeAlias = Literal["accrued", "billed", "paid", "written_off"]
DEEDS: tuple[Deed, ...] = get_args(Deed)
Account: TypeAlias = Literal["cost", "jail", "claims", "unbilled", "billed", "paid", "written_off"]
ACCOUNTS: tuple[Account, ...] = get_args(Account)


class Event(Struct, frozen=True):
    """Something that happened to the money of a period: `cents` of cost or of a bill; `charged`, what of a cost is Washington's."""

    on: date
    deed: Deed
    about: str
    cents: int
    charged: int = 0


class Posting(Struct, frozen=True):
    """An amount put to an account; below nothing it is taken from it."""

    account: Account
    cents: int


class Entry(Struct, frozen=True):
    """An event as postings, which add up to nothing."""

    on: date
    deed: Deed
    about: str
    postings: tuple[Posting, ...]


class Ledger(Struct, frozen=True):
    """All entries, in the order of their days."""

    entries: tuple[Entry, ...] = ()

    def balance(self, account: Account, about: str = "") -> int:
        """What stands on an account, of one period or of all."""
        postings = (own for entry in self.entries if about in ("", entry.about) for own in entry.postings)
        return sum(own.cents for own in postings if own.account == account)

    @property
    def owed(self) -> int:
        """What Washington still owes, billed or not yet."""
        return self.balance("unbilled") + self.balance("billed")

    @property
    def borne(self) -> int:
        """What the county bears: the cost that it cannot charge, and what it wrote off."""
        return self.balance("cost") + self.balance("claims") + self.balance("written_off")


def ledger_of(events: Iterable[Event], source: str = "ledger") -> tuple[Ledger, list[Finding]]:
    """The ledger of some events, and what cannot be so: less than nothing, billed beyond the claim, paid beyond the bill."""
    ordered = sorted(events, key=lambda own: (own.on, DEEDS.index(own.deed), own.about, own.cents, own.charged))
    below = [_less_than_nothing(own, source) for own in ordered if own.cents < 0 or own.charged < 0]
    if below:
        return Ledger(), below
    entries = tuple(Entry(own.on, own.deed, own.about, _postings(own)) for own in ordered)
    return Ledger(entries), _overdrawn(entries, source)


def _less_than_nothing(own: Event, source: str) -> Finding:
    message = f"{own.about}: {dollars(min(own.cents, own.charged))} {own.deed} on {own.on} is less than nothing"
    return Finding("negative-amount", Place(source), message, "write what was paid or billed as an amount of its own")


def _postings(own: Event) -> tuple[Posting, ...]:
    match own.deed:
        case "accrued":
            return (*_moved(own.cents, "jail", "cost"), *_moved(own.charged, "claims", "unbilled"))
        case "billed":
            return _moved(own.cents, "unbilled", "billed")
        case "paid":
            return _moved(own.cents, "billed", "paid")
        case "written_off":
            return _moved(own.cents, "billed", "written_off")
        case _:
            assert_never(own.deed)


def _moved(cents: int, taken_from: Account, put_to: Account) -> tuple[Posting, ...]:
    return (Posting(put_to, cents), Posting(taken_from, -cents)) if cents else ()


def _overdrawn(entries: Sequence[Entry], source: str) -> list[Finding]:
    """The first day on which more of a period was billed than may be charged, or more paid and written off than was billed."""
    held: defaultdict[tuple[str, Account], int] = defaultdict(int)
    found: dict[tuple[str, Account], Finding] = {}
    for entry in entries:
        for own in entry.postings:
            key = (entry.about, own.account)
            held[key] += own.cents
            if own.account in ("unbilled", "billed") and held[key] < 0:
                found.setdefault(key, _beyond(entry, own.account, -held[key], source))
    return list(found.values())


def _beyond(entry: Entry, account: Account, over: int, source: str) -> Finding:
    more, than = ("billed", "may be charged") if account == "unbilled" else ("paid or written off", "was billed")
    message = f"{entry.about}: by {entry.on}, {dollars(over)} more was {more} than {than}"
    return Finding("overdrawn", Place(source), message, "look at the day, the period and the amount")
