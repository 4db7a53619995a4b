"""A table of holds through the house: read, laid under the rates of their days, and booked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from msgspec import Struct

from comity.finding import Finding, Place, did_you_mean, grave
from comity.intake.cells import ROW, Opened, open_table
from comity.law.cache import shipped
from comity.law.library import Library
from comity.law.places import Jurisdiction
from comity.money.amount import ROUNDINGS, Rounding
from comity.money.many import CHANGES, PRICED, Pieces, Whole, pieces_of_many, totals
from comity.money.rates import KINDS, SCAAP, Kind, Rate, read_rates
from comity.money.read_holds import COLUMNS, HoldsRead, Named, holds_in, named_in
from comity.money.view import Costs, Payment, Period, Refusal, booked

OWN_RATE = "write the rate into rates.csv in a folder, and name it with --library"
RIGHT = {
    "missing-rate": OWN_RATE,
    "missing-federal-rate": f"{OWN_RATE}, charge nothing with --not-billed",
    "rate-changes": "give each hold its days",
}


class Wanted(Struct, frozen=True):
    """What is wanted of a costing, still as words. `unbilled`: no hold is charged to Washington; `leaving_out`: go on without
    the rows that cannot be costed."""

    place: str
    basis: str = "average"
    rounding: str = "half_up"
    unbilled: bool = False
    leaving_out: bool = False
    folders: tuple[Path, ...] = ()


class Priced(Struct, frozen=True):
    """What every row is laid under: the place, the rates of a day's cost, those at which it is charged, and how cents are rounded."""

    where: Jurisdiction
    basis: Kind
    cost: tuple[Rate, ...]
    federal: tuple[Rate, ...]
    yearly: tuple[Rate, ...]
    rounding: Rounding
    unbilled: bool


def costed(
    table: Any, wanted: Wanted, library: Library, payments: Sequence[Payment] = ()
) -> tuple[Costs | None, list[Finding]]:
    """What the holds of a table cost; nothing, and the findings that stand in the way."""
    priced, findings = _priced(wanted, library)
    if priced is None:
        return None, findings
    opened, findings = open_table(table, COLUMNS)
    if opened is None:
        return None, findings
    named, findings = named_in(opened)
    if named is None:
        return None, findings
    counting = _Counting(opened, named, priced)
    if counting.refused and not wanted.leaving_out:
        return None, _of_refused(counting.refused, opened.source)
    return counting.costs(payments)


def _priced(wanted: Wanted, library: Library) -> tuple[Priced | None, list[Finding]]:
    where = library.gazetteer.named(wanted.place)
    if where is None:
        help = library.gazetteer.suggestion(wanted.place) or "write a path, as in us/fl/miami-dade"
        return None, [Finding("unknown-place", Place("--place"), f'there is no place "{wanted.place}"', help)]
    basis = next((own for own in KINDS if own == wanted.basis), None)
    rounding = next((own for own in ROUNDINGS if own == wanted.rounding), None)
    if basis is None or rounding is None:
        option, word, known = (
            ("--basis", wanted.basis, KINDS) if basis is None else ("--rounding", wanted.rounding, ROUNDINGS)
        )
        help = did_you_mean(word, known) or f"one of {', '.join(known)}"
        return None, [Finding("unknown-word", Place(option), f'"{word}" is none that is known', help)]
    rates, findings = read_rates([shipped(), *wanted.folders], library.gazetteer)
    if grave(findings):
        return None, findings
    places = library.gazetteer.containing(where.path)
    cost, federal, yearly = (rates.of(kind, places) for kind in (basis, "federal", SCAAP))
    return Priced(where, basis, cost, federal, yearly, rounding, wanted.unbilled), []


def _of_refused(refused: Sequence[Refusal], source: str) -> list[Finding]:
    """One finding for each code: the first row and how many there are."""
    first: dict[str, Refusal] = {}
    for own in refused:
        first.setdefault(own.code, own)
    counts = {code: sum(own.code == code for own in refused) for code in first}
    return [
        Finding(own.code, Place(f"{source}: row {own.row}"), own.message, _help(own.code, counts[own.code]))
        for own in first.values()
    ]


def _help(code: str, count: int) -> str:
    others = f"so it is with {count - 1:,} more; " if count > 1 else ""
    own = RIGHT.get(code, "mend the row")
    return f"{others}{own}, or leave such rows out with --leave-out"


class _Counting:
    """Goes through the pieces of a table and adds up what they come to."""

    def __init__(self, opened: Opened, named: Named, priced: Priced) -> None:
        self.opened, self.named, self.priced = opened, named, priced
        self.sums: dict[tuple[int, int], list[int]] = {}
        self.refused: list[Refusal] = []
        self.persons: set[str] = set()
        self.tables: list[pa.Table] = []
        self.charges: list[pa.Table] = []
        self.read = 0
        for cells in opened.pieces():
            self.read += cells.read
            self.add(holds_in(cells, named, priced.where.zone))
        self.refused.sort(key=lambda own: own.row)

    def add(self, read: HoldsRead) -> None:
        self.refused += [Refusal(own.row, own.code, own.message) for own in read.cells.refused]
        own = self.priced
        cost = pieces_of_many(read.holds, own.cost, own.rounding)
        charge = cost if own.basis == "federal" else pieces_of_many(read.holds, own.federal, own.rounding)
        self.refuse(read, cost, own.basis)
        good = cost.state == PRICED
        if not own.unbilled:
            self.refuse(read, charge, "federal", good)
            good = good & (charge.state == PRICED)
        self.sum(cost, good, charged=False)
        if not own.unbilled:
            self.sum(charge, good, charged=True)
        self.keep(read, cost, charge, good)

    def refuse(self, read: HoldsRead, pieces: Pieces, kind: str, among: Whole | None = None) -> None:
        """Refuses the holds that have no rate of a kind on one of their days."""
        wrong = (pieces.state != PRICED) if among is None else (pieces.state != PRICED) & among
        place = self.priced.where.path
        for at in np.flatnonzero(wrong):
            day, row = date.fromordinal(int(pieces.at[at])), int(read.rows[at])
            if pieces.state[at] == CHANGES:
                words = f"the {kind} rate of {place} changes on {day}, among days that are given as a sum"
                self.refused.append(Refusal(row, "rate-changes", words))
            else:
                code = (
                    "missing-federal-rate" if kind == "federal" and self.priced.basis != "federal" else "missing-rate"
                )
                self.refused.append(Refusal(row, code, f"no {kind} rate of {place} is known for {day}"))

    def sum(self, pieces: Pieces, good: Whole, *, charged: bool) -> None:
        """Adds what some pieces come to, by their periods."""
        own = good[pieces.hold]
        spans, index = np.unique(np.stack([pieces.since[own], pieces.until[own]]), axis=1, return_inverse=True)
        index = index.reshape(-1)
        days, cents = totals(spans.shape[1], index, pieces.days[own]), totals(spans.shape[1], index, pieces.cents[own])
        for at, (since, until) in enumerate(spans.T.tolist()):
            held = self.sums.setdefault((since, until), [0, 0, 0])
            held[2 if charged else 1] += int(cents[at])
            held[0] += 0 if charged else int(days[at])

    def keep(self, read: HoldsRead, cost: Pieces, charge: Pieces, good: Whole) -> None:
        """One row a hold, and one a piece of what is charged."""
        count = len(good)
        spent = totals(count, cost.hold, cost.cents)[good]
        asked = (
            np.zeros(len(spent), np.int64) if self.priced.unbilled else totals(count, charge.hold, charge.cents)[good]
        )
        days = totals(count, cost.hold, cost.days)[good]
        columns = {ROW: read.rows[good], "days": days, "cost_cents": spent, "charged_cents": asked}
        persons = read.persons.filter(pa.array(good)) if read.persons is not None else None
        self.tables.append(pa.table({**columns, **({"person": persons} if persons is not None else {})}))
        self.persons.update(persons.drop_null().unique().to_pylist() if persons is not None else ())
        if not self.priced.unbilled:
            self.charges.append(self.charged(read, charge, good))

    def charged(self, read: HoldsRead, charge: Pieces, good: Whole) -> pa.Table:
        own = good[charge.hold]
        hold, rate = charge.hold[own], charge.rate[own]
        begins = np.array([rate.since.toordinal() for rate in self.priced.federal], np.int64)
        ends = np.array([rate.until.toordinal() for rate in self.priced.federal], np.int64)
        since, until = charge.since[own], charge.until[own]
        first = np.maximum(np.maximum(since, read.holds.since[hold]), begins[rate])
        last = np.minimum(np.minimum(until, read.holds.until[hold]), ends[rate])
        columns = {ROW: read.rows[hold], "since": since, "until": until, "first": first, "last": last, "rate": rate}
        columns |= {"days": charge.days[own], "cents": charge.cents[own]}
        persons = read.persons.take(pa.array(hold)) if read.persons is not None else pa.nulls(len(hold), pa.string())
        return pa.table({**columns, "person": persons})

    def costs(self, payments: Sequence[Payment]) -> tuple[Costs | None, list[Finding]]:
        """Everything that was added up, booked."""
        own, source = self.priced, self.opened.source
        periods = tuple(
            Period(date.fromordinal(since), date.fromordinal(until), days, cost, charged)
            for (since, until), (days, cost, charged) in sorted(self.sums.items())
        )
        ledger, findings = booked(periods, payments, source)
        if findings:
            return None, findings
        table, charges = pa.concat_tables(self.tables), pa.concat_tables(self.charges) if self.charges else None
        people = len(self.persons) if self.named.person else None
        return Costs(
            source, own.where.path, own.basis, own.rounding, self.read, table.num_rows, people, periods, ledger,
            tuple(self.refused), own.cost, () if own.unbilled else own.federal, own.yearly, own.unbilled, table, charges,
        ), []  # fmt: skip
