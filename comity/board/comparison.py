"""A choice between two laws, whole: what every view of it is made from."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import msgspec
from msgspec import Struct

from comity.board.break_even import Turn, chance_at, drivers_of, turn_of, turns_at, which_holds_more
from comity.board.figures import Bearing, Counted, Figure, Inputs, Said, Sums, chosen, payable, sums_of
from comity.intake.cells import Refused
from comity.money.ranges import Span, whole
from comity.money.settlements import Settlement
from comity.present.result import Presentable

SHARES = tuple(
    Fraction(percent, 100) for percent in (0, 1, 10, 50, 100)
)  # of holds that lead to a payout, where a table shows the curve


class Weighed(Presentable, Struct, frozen=True):
    """Stored requests under two laws, and what the choice between them comes to.

    `rows` is what the source has: the requests counted and the rows refused. Prices, budget and days are those of the day `on`
    at `place`; settlements those that had come about by `known_on`, where that is given. `undecided` says what becomes of people
    whom no law decides on: held, not held, or either.
    """

    source: str
    laws: tuple[str, str]
    law_version: str
    place: str
    on: date
    rows: int
    refused: tuple[Refused, ...]
    span: tuple[date, date] | None
    counted: Counted
    inputs: Inputs
    undecided: str
    known_on: date | None = None
    assumed: dict[str, str] = {}
    of_place: dict[str, str] = {}
    read: tuple[str, ...] = ()
    pairs: dict[str, int] = {}
    bearing: tuple[Bearing, ...] = ()  # the conditions on federal money there that day
    share_beside: str = ""  # how its share of the budget is to those about which courts decided

    @property
    def sums(self) -> tuple[Sums, Sums, Sums]:
        """What the first law comes to, what the second, and by how much the second comes to more."""
        own = self.counted
        first, second, more = (sums_of(held, self.inputs) for held in (own.first, own.second, own.more))
        return first, second, more

    @property
    def turn(self) -> Turn | None:
        return turn_of(self.counted, self.inputs)

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it: every amount in whole cents, every chance as an exact fraction and in words."""
        first, second, more = self.sums
        own, turn = self.inputs, self.turn
        return {
            "source": self.source, "laws": list(self.laws), "law_version": self.law_version, "place": self.place, "on": self.on,
            "rows": self.rows, "requests": self.counted.requests, "refused": [msgspec.to_builtins(row) for row in self.refused],
            "received": self.span, "scale": str(own.scale), "undecided": self.undecided, "known_on": self.known_on,
            "assumed": self.assumed, "facts_of_place": self.of_place, "facts_read": list(self.read), "pairs": self.pairs,
            "first": _sums(first), "second": _sums(second), "more": _sums(more),
            "liability": [_liability(case, (first, second), self.on, case in chosen(own.settlements)) for case in own.settlements],
            "funding": {
                "amount_cents": own.exposure.cents, "least_cents": own.exposure.least, "condition": own.exposure.condition,
                "share": str(own.exposure.share) if own.exposure.share is not None else None, **_said(own.exposure.said),
                "conditions": [msgspec.to_builtins(one) for one in self.bearing],
            },
            "holds_more": which_holds_more(self.counted.more),
            "break_even": _chances(turn.chance) if turn else None,
            "curve": [{"name": case.name, "turns_at": self.curve(case)} for case in (chosen(own.settlements) if turn else ())],
            "drivers": [
                {"input": one.name, "at": _exact(one.at), "low": _chance(one.low), "high": _chance(one.high)}
                for one in (drivers_of(self.counted, own) if turn else ())
            ],
            "assumptions": {"days": _figure(own.days), "day_cents": _figure(own.cost), "paid_cents": _figure(own.paid)},
        }  # fmt: skip

    def curve(self, case: Settlement) -> dict[str, Any]:
        """Where the choice turns if so many of the holds lead to a payout of what a person came to in a case."""
        return {str(share): _chance(chance_at(self.counted, self.inputs, case.a_person, share)) for share in SHARES}


def _sums(own: Sums) -> dict[str, Any]:
    counts = {"people": _exact(own.people), "days": _exact(own.days)}
    return counts | {
        f"{name}_cents": _whole(span) for name, span in (("cost", own.cost), ("charged", own.charged), ("net", own.net))
    }


def _whole(span: Span) -> dict[str, int]:
    return {"low": whole(span.low), "middle": whole(span.middle), "high": whole(span.high)}


def _exact(span: Span) -> dict[str, int | str]:
    """Whole numbers as such, others as fractions: nothing is lost."""
    return {
        name: int(own) if own.denominator == 1 else str(own)
        for name, own in zip(("low", "middle", "high"), _ends(span), strict=True)
    }


def _ends(span: Span) -> tuple[Fraction, Fraction, Fraction]:
    return span.low, span.middle, span.high


def _chances(span: Span) -> dict[str, Any]:
    return {name: _chance(own) for name, own in zip(("low", "middle", "high"), _ends(span), strict=True)}


def _chance(own: Fraction | None) -> dict[str, str] | None:
    return None if own is None else {"exact": str(own), "shown": turns_at(own)}


def _figure(own: Figure) -> dict[str, Any]:
    return {**_exact(own.span), "said": [_said(said) for said in own.said]}


def _said(own: Said) -> dict[str, Any]:
    source = msgspec.to_builtins(own.source) if own.source else {"source": f"given with {own.given}"}
    return {"words": own.words, "since": own.since, "until": own.until, **source}


def _liability(case: Settlement, laws: tuple[Sums, Sums], on: date, is_chosen: bool) -> dict[str, Any]:
    """What the people held under each law, and their days, would come to at what each did in a case."""
    names = ("first", "second")
    by_person = {name: _whole(payable(own.people, case.a_person)) for name, own in zip(names, laws, strict=True)}
    by_day = {
        name: _whole(payable(own.days, case.a_day))
        for name, own in zip(names, laws, strict=True)
        if case.a_day is not None
    }
    return {
        "name": case.name, "place": case.place, "kind": case.kind, "chosen": is_chosen, "decided": str(case.decided),
        "known_then": case.known_on(on), "amount_cents": case.cents, "people": case.people, "days": case.days,
        "a_person_cents": whole(case.a_person), "a_day_cents": whole(case.a_day) if case.a_day is not None else None,
        "by_person_cents": by_person, "by_day_cents": by_day or None, **msgspec.to_builtins(case.source),
    }  # fmt: skip
