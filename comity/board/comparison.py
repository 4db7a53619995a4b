"""A choice between two laws, whole: the value from which the page, the brief and the pictures are drawn."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import msgspec
from msgspec import Struct

from comity.board.break_even import (
    BreakEven,
    break_even_chance,
    compare_held,
    find_break_even,
    format_break_even,
    rank_drivers,
)
from comity.board.figures import (
    ConditionComparison,
    Counted,
    Figure,
    Inputs,
    SourcedValue,
    Sums,
    choose_cases,
    compute_payout,
    compute_sums,
)
from comity.intake.sources.source import Reading, Refused
from comity.money.ranges import Span, round_to_whole
from comity.money.settlements import Settlement
from comity.present.result import Presentable

# The shares of holds that lead to a payout for which a table shows the curve.
SHARES = tuple(Fraction(percent, 100) for percent in (0, 1, 10, 50, 100))


class Choice(Presentable, Struct, frozen=True, kw_only=True):
    """Stored requests under two laws, and the figures of the choice between them.

    `rows` counts the rows of the source: the requests counted and the rows refused. Prices, budget and days are those of the
    day `on` at `place`; settlements are those decided by `known_on`, where that is given. `undecided` says whether people on
    whom no rule applies are held, not held, or either. `conditions` are those on federal money that apply there that day,
    and `share_comparison` compares the federal share of the budget with those that courts have decided about. `findings` counts by
    code what was odd or not understood, with the first of each in `examples`, and `reading` says what became of each line.
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
    conditions: tuple[ConditionComparison, ...] = ()
    share_comparison: str = ""
    findings: dict[str, int] = {}
    examples: dict[str, str] = {}
    reading: Reading = Reading(format="")

    @property
    def sums(self) -> tuple[Sums, Sums, Sums]:
        """The totals under the first law, under the second, and how much higher they are under the second."""
        counted = self.counted
        first, second, more = (
            compute_sums(held, self.inputs) for held in (counted.first, counted.second, counted.more)
        )
        return first, second, more

    @property
    def break_even(self) -> BreakEven | None:
        return find_break_even(self.counted, self.inputs)

    def to_dict(self) -> dict[str, Any]:
        """The JSON document: every amount in whole cents, every chance as an exact fraction and in words."""
        first, second, more = self.sums
        inputs, break_even = self.inputs, self.break_even
        cases = choose_cases(inputs.settlements)
        return {
            "source": self.source, "laws": list(self.laws), "law_version": self.law_version, "place": self.place, "on": self.on,
            "rows": self.rows, "requests": self.counted.requests, "refused": [msgspec.to_builtins(row) for row in self.refused],
            "received": self.span, "scale": str(inputs.scale),
            "requests_a_year": _sourced(inputs.requests) if inputs.requests else None,
            "undecided": self.undecided, "known_on": self.known_on,
            "assumed": self.assumed, "facts_of_place": self.of_place, "facts_read": list(self.read), "pairs": self.pairs,
            "findings": self.findings, "examples": {code: str(example) for code, example in self.examples.items()},
            "reading": msgspec.to_builtins(self.reading),
            "first": _sums(first), "second": _sums(second), "more": _sums(more),
            "liability": [_liability(case, sums=(first, second), on=self.on, chosen=case in cases) for case in inputs.settlements],
            "funding": {
                "amount_cents": inputs.exposure.cents, "least_cents": inputs.exposure.least, "condition": inputs.exposure.condition,
                "share": str(inputs.exposure.share) if inputs.exposure.share is not None else None,
                **_sourced(inputs.exposure.value),
                "conditions": [msgspec.to_builtins(condition) for condition in self.conditions],
            },
            "holds_more": compare_held(self.counted.more),
            "break_even": _chances(break_even.chance) if break_even else None,
            "curve": [{"name": case.name, "turns_at": self.curve(case)} for case in (cases if break_even else ())],
            "drivers": [
                {"input": driver.name, "at": _exact(driver.at), "low": _chance(driver.low), "high": _chance(driver.high)}
                for driver in (rank_drivers(self.counted, inputs) if break_even else ())
            ],
            "assumptions": {"days": _figure(inputs.days), "day_cents": _figure(inputs.cost), "paid_cents": _figure(inputs.paid)},
        }  # fmt: skip

    def curve(self, case: Settlement) -> dict[str, Any]:
        """The break-even chance by the share of holds that lead to a payout as large as for a person in a case."""
        return {
            str(share): _chance(break_even_chance(self.counted, self.inputs, payout=case.a_person, share=share))
            for share in SHARES
        }


def _sums(sums: Sums) -> dict[str, Any]:
    money = (("cost", sums.cost), ("charged", sums.charged), ("net", sums.net))
    counts = {"people": _exact(sums.people), "days": _exact(sums.days)}
    return counts | {f"{name}_cents": _whole_cents(span) for name, span in money}


def _ends(span: Span) -> dict[str, Fraction]:
    return {"low": span.low, "middle": span.middle, "high": span.high}


def _whole_cents(span: Span) -> dict[str, int]:
    return {name: round_to_whole(value) for name, value in _ends(span).items()}


def _exact(span: Span) -> dict[str, int | str]:
    """Whole numbers as such, others as fractions: nothing is lost."""
    return {name: int(value) if value.denominator == 1 else str(value) for name, value in _ends(span).items()}


def _chances(span: Span) -> dict[str, Any]:
    return {name: _chance(value) for name, value in _ends(span).items()}


def _chance(chance: Fraction | None) -> dict[str, str] | None:
    return None if chance is None else {"exact": str(chance), "shown": format_break_even(chance)}


def _figure(figure: Figure) -> dict[str, Any]:
    return {**_exact(figure.span), "said": [_sourced(value) for value in figure.values]}


def _sourced(value: SourcedValue) -> dict[str, Any]:
    source = msgspec.to_builtins(value.source) if value.source else {}
    of_county = {"source": value.county.words, "county": msgspec.to_builtins(value.county)} if value.county else {}
    return {"words": value.words, "since": value.since, "until": value.until, **source, **of_county}


def _liability(case: Settlement, *, sums: tuple[Sums, Sums], on: date, chosen: bool) -> dict[str, Any]:
    """What the people held under each law, and their days, would be paid at the rate of one case."""
    by_law = dict(zip(("first", "second"), sums, strict=True))
    by_person = {name: _whole_cents(compute_payout(law.people, case.a_person)) for name, law in by_law.items()}
    by_day = {}
    if case.a_day is not None:
        by_day = {name: _whole_cents(compute_payout(law.days, case.a_day)) for name, law in by_law.items()}
    return {
        "name": case.name, "place": case.place, "kind": case.kind, "chosen": chosen, "decided": str(case.decided),
        "known_then": case.known_on(on), "amount_cents": case.cents, "people": case.people, "days": case.days,
        "a_person_cents": round_to_whole(case.a_person),
        "a_day_cents": round_to_whole(case.a_day) if case.a_day is not None else None,
        "by_person_cents": by_person, "by_day_cents": by_day or None, **msgspec.to_builtins(case.source),
    }  # fmt: skip
